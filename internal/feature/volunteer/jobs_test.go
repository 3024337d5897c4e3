package volunteer

import (
	"testing"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/person"
	"linli/internal/kit/db"
)

// TestVolunteersFollowTheirHome: whoever moves is asked from there, at the new
// community, once the events have been read.
func TestVolunteersFollowTheirHome(t *testing.T) {
	each(t, func(t *town) {
		p := t.han()
		wife := t.person(person.Person{Name: "何玉兰", Place: house(2), Door: "402", Birth: p.Birth})
		for _, who := range []person.Person{p, wife} {
			if _, err := t.s.Register(t.ctx, self(who), agreed()); err != nil {
				t.Fatal(err)
			}
		}
		persons := person.NewService(t.db)
		if _, err := persons.Edit(t.ctx, self(p), p.ID, person.Change{Draft: person.Draft{Name: "韩力新", Place: north}}); err != nil {
			t.Fatal(err)
		}
		if _, err := persons.MoveHousehold(t.ctx, t.worker(access.StationWorker, street), wife.ID, house(1), "9"); err != nil {
			t.Fatal(err)
		}
		if err := t.s.Follow(t.ctx, district); err != nil {
			t.Fatal(err)
		}
		if v := t.get(p.ID); v.Name != "韩力新" || v.Community != north || t.counted(north) != 1 || t.counted(south) != 1 {
			t.Errorf("%+v, %d in the north", v, t.counted(north))
		}
		if v := t.get(wife.ID); v.Place != house(1) || v.At.Lat != 38.04 {
			t.Errorf("the wife starts from %+v", v)
		}
		t.read(func(tx *db.Tx) error {
			held, err := auth.GrantsOf(tx, district, p.ID)
			if len(held) != 1 || held[0].Grant.Place != north {
				t.Errorf("roles %+v", held)
			}
			return err
		})
		before := len(t.acts(p.ID))
		if err := t.s.Follow(t.ctx, district); err != nil || len(t.acts(p.ID)) != before {
			t.Errorf("read again: %v, %d events", err, len(t.acts(p.ID)))
		}
	})
}
