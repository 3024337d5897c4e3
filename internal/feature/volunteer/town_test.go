package volunteer

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/auth/sms"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// Two communities of one street, an estate with a house in the first.
const (
	district = 130104
	street   = "130104016000"
	south    = "130104016001"
	north    = "130104016002"
)

func house(n uint64) string { return place.IDBelow(south, n) }

// noon is when the tests happen.
func noon() time.Time { return time.Date(2026, 9, 26, 12, 0, 0, 0, calendar.Zone()) }

// town is a database with places, and the service on it.
type town struct {
	*testing.T
	db  *db.DB
	ctx context.Context
	s   *Service
}

// each runs test in the town on both engines and checks the invariants after it.
func each(t *testing.T, test func(t *town)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		roles, err := auth.New(auth.Options{DB: d, SMS: sms.NewConsole(io.Discard), Secret: make([]byte, 32), Cost: auth.Cost{MemoryKiB: 64, Passes: 1}})
		if err != nil {
			t.Fatal(err)
		}
		town := &town{T: t, db: d, ctx: context.Background(), s: NewService(d, roles)}
		town.build()
		test(town)
	}, dbtest.Clock(clock.NewManual(noon())), dbtest.With(invariants))
}

func (t *town) build() {
	t.Helper()
	files, err := place.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (place.Importer{DB: t.db}).Import(t.ctx, files, nil); err != nil {
		t.Fatal(err)
	}
	t.write(func(tx *db.Tx) error {
		for _, p := range []place.Place{
			{ID: south, Parent: street, Level: place.Community, Name: "东风路南社区", Position: &place.Position{Lat: 38.04, Lng: 114.47}},
			{ID: north, Parent: street, Level: place.Community, Name: "东风路北社区"},
			{ID: house(1), Parent: south, Level: place.Estate, Name: "邮电园小区"},
			{ID: house(2), Parent: house(1), Level: place.Building, Name: "3号楼", Position: &place.Position{Lat: 38.05, Lng: 114.48}},
		} {
			if _, err := place.Insert(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// invariants are those of the package comment that rows can show.
func invariants(ctx context.Context, d *db.DB) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		for _, check := range []func(*db.Tx) ([]string, error){event.CheckGapless, place.CheckCounts(person.Recount, Recount)} {
			bad, err := check(tx)
			if err != nil || len(bad) > 0 {
				return errors.Join(err, errors.New(strings.Join(bad, "\n")))
			}
		}
		return nil
	})
}

func (t *town) write(fn func(tx *db.Tx) error) {
	t.Helper()
	if err := t.db.Write(t.ctx, fn); err != nil {
		t.Fatal(err)
	}
}

func (t *town) read(fn func(tx *db.Tx) error) {
	t.Helper()
	if err := t.db.Read(t.ctx, fn); err != nil {
		t.Fatal(err)
	}
}

// person moves somebody in.
func (t *town) person(p person.Person) person.Person {
	t.Helper()
	t.write(func(tx *db.Tx) (err error) {
		p, err = person.Insert(tx, p)
		return err
	})
	return p
}

// han is grown up and lives in house 2.
func (t *town) han() person.Person {
	return t.person(person.Person{Name: "韩立新", Phone: "13800138000", Place: house(2), Birth: calendar.Day{Year: 1958, Month: 3, Day: 2}})
}

// get is a volunteer as it stands.
func (t *town) get(id string) (v Volunteer) {
	t.Helper()
	t.read(func(tx *db.Tx) (err error) {
		v, _, err = Get(tx, district, id)
		return err
	})
	return v
}

// counted is the number on the place's page.
func (t *town) counted(id string) (n int64) {
	t.Helper()
	t.read(func(tx *db.Tx) error {
		p, err := place.Get(tx, id)
		if err != nil {
			return err
		}
		facts, err := Facts(tx, p)
		if err == nil {
			n = facts[0].Value
		}
		return err
	})
	return n
}

// holds says whether somebody has the role volunteer now.
func (t *town) holds(id string) (held bool) {
	t.Helper()
	t.read(func(tx *db.Tx) error {
		all, err := auth.GrantsOf(tx, district, id)
		for _, h := range all {
			held = held || h.Grant.Role == access.Volunteer && h.Grant.Place == south
		}
		return err
	})
	return held
}

// acts are the acts of the events about a volunteer.
func (t *town) acts(id string) (out []string) {
	t.Helper()
	t.read(func(tx *db.Tx) error {
		all, err := event.Of(tx, district, id)
		for _, e := range all {
			if e.Kind == "volunteer" {
				out = append(out, strings.TrimPrefix(e.Act, "volunteer."))
			}
		}
		return err
	})
	return out
}

// worker has a role at a place.
func (t *town) worker(r access.Role, id string) (who access.Who) {
	t.Helper()
	t.read(func(tx *db.Tx) error {
		p, err := place.Get(tx, id)
		who = access.Who{Person: "worker-1", Name: "陈静", District: district,
			Grants: []access.Grant{{Role: r, District: district, Place: p.ID, Path: p.Path}}}
		return err
	})
	return who
}

func self(p person.Person) access.Who {
	return access.Who{Person: p.ID, Name: p.Name, District: district}
}

// wants tells whether err is a fault of that kind that names the field.
func (t *town) wants(err error, kind fault.Kind, field string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind {
		t.Fatalf("error %v, want %s of %q", err, kind, field)
	}
	for _, e := range fault.As(err).All() {
		if e.Field == field {
			return
		}
	}
	t.Fatalf("error %v names no %q", err, field)
}

func ptr[T any](v T) *T { return &v }
