package person

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// Two communities of one street, an estate with two houses in the first.
const (
	street = "130104016000"
	south  = "130104016001"
	north  = "130104016002"
)

func house(n uint64) string { return place.IDBelow(south, n) }

// noon is when the tests happen.
func noon() time.Time { return time.Date(2026, 9, 26, 12, 0, 0, 0, calendar.Zone()) }

// each runs test in the town on both engines and checks the invariants after it.
func each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		build(t, d)
		test(t, d)
	}, dbtest.Clock(clock.NewManual(noon())), dbtest.With(invariants))
}

func build(t *testing.T, d *db.DB) {
	t.Helper()
	files, err := place.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := (place.Importer{DB: d}).Import(context.Background(), files, nil); err != nil {
		t.Fatal(err)
	}
	write(t, d, func(tx *db.Tx) error {
		for _, p := range []place.Place{
			{ID: south, Parent: street, Level: place.Community, Name: "东风路南社区"},
			{ID: north, Parent: street, Level: place.Community, Name: "东风路北社区"},
			{ID: house(1), Parent: south, Level: place.Estate, Name: "邮电园小区"},
			{ID: house(2), Parent: house(1), Level: place.Building, Name: "3号楼"},
			{ID: house(3), Parent: house(1), Level: place.Building, Name: "A座"},
			{ID: "120101004001", Parent: "120101004000", Level: place.Community, Name: "朝阳里社区"},
		} {
			if _, err := place.Insert(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// invariants are those of the package comment, and of events.
func invariants(ctx context.Context, d *db.DB) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		strays := func(tx *db.Tx) ([]string, error) {
			return db.All(tx, func(s db.Scanner) (id string, err error) { return id, s.Scan(&id) },
				`SELECT p.id FROM person p JOIN household h ON h.district = p.district AND h.id = p.household
				WHERE p.place <> h.place OR p.community <> h.community`)
		}
		for _, check := range []func(*db.Tx) ([]string, error){event.CheckGapless, place.CheckCounts(Recount), strays} {
			bad, err := check(tx)
			if err != nil || len(bad) > 0 {
				return errors.Join(err, errors.New(strings.Join(bad, "\n")))
			}
		}
		return nil
	})
}

func write(t *testing.T, d *db.DB, fn func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func read[T any](t *testing.T, d *db.DB, fn func(tx *db.Tx) (T, error)) T {
	t.Helper()
	var v T
	err := d.Read(context.Background(), func(tx *db.Tx) (err error) {
		v, err = fn(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// meng lives in house 2.
func meng() Person {
	return Person{Name: "孟桂兰", Sex: identity.Female, Birth: calendar.Day{Year: 1949, Month: 12, Day: 31},
		IDType: identity.IDCard, IDNumber: "11010519491231002X", Phone: "13800138000",
		Place: house(2), Door: "2单元402", Note: "膝盖不好", LivesAlone: true}
}

func insertOne(t *testing.T, d *db.DB, p Person) Person {
	t.Helper()
	write(t, d, func(tx *db.Tx) (err error) {
		p, err = Insert(tx, p)
		return err
	})
	return get(t, d, p.District, p.ID)
}

func get(t *testing.T, d *db.DB, district int, id string) Person {
	t.Helper()
	return read(t, d, func(tx *db.Tx) (Person, error) { return Get(tx, district, id) })
}

// holder has a role at a place.
func holder(t *testing.T, d *db.DB, r access.Role, id string) access.Who {
	t.Helper()
	p := read(t, d, func(tx *db.Tx) (place.Place, error) { return place.Get(tx, id) })
	return access.Who{Person: "worker-1", Name: "陈静", District: p.District,
		Grants: []access.Grant{{Role: r, District: p.District, Place: p.ID, Path: p.Path}}}
}

func self(p Person) access.Who {
	return access.Who{Person: p.ID, Name: p.Name, District: p.District}
}

func wantFault(t *testing.T, err error, kind fault.Kind, field string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || fault.As(err).Field != field {
		t.Fatalf("error %v, want %s of %q", err, kind, field)
	}
}

func events(t *testing.T, d *db.DB, subject string) []event.Event {
	t.Helper()
	return read(t, d, func(tx *db.Tx) ([]event.Event, error) { return event.Of(tx, 130104, subject) })
}
