package certificate

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/credential"
	"linli/internal/core/event"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/record"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	district  = 130104
	community = "130104016001"
	nextDoor  = "130104016002"
	origin    = "https://linli.example"
)

// started is a Monday morning in Beijing.
var started = time.Date(2026, 11, 2, 1, 0, 0, 0, time.UTC)

// town is a community with volunteers and its staff, three weeks after they served.
type town struct {
	t     testing.TB
	db    *db.DB
	clock *clock.Manual
	s     *Service
	keys  string

	sun, li, he, worker, second, foreign, street access.Who
}

func eachTown(t *testing.T, fn func(*testing.T, *town)) {
	t.Helper()
	c := clock.NewManual(started)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(started)
		fn(t, settle(t, d, c))
	}, dbtest.Clock(c), dbtest.With(invariants))
}

func invariants(ctx context.Context, d *db.DB) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		for _, check := range []func(*db.Tx) ([]string, error){record.CheckTotals, record.CheckAttested, event.CheckGapless, CheckRegister} {
			bad, err := check(tx)
			if err == nil && len(bad) > 0 {
				err = fmt.Errorf("%v", bad)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func settle(t testing.TB, d *db.DB, c *clock.Manual) *town {
	t.Helper()
	w := &town{t: t, db: d, clock: c, keys: filepath.Join(t.TempDir(), "linli.keys")}
	w.s = NewService(d, NewIssuer(d, origin, w.keys))
	w.write(func(tx *db.Tx) error {
		for _, p := range []place.Place{
			{ID: "130000000000", Level: place.Province, Name: "河北省"},
			{ID: "130100000000", Parent: "130000000000", Level: place.City, Name: "石家庄市"},
			{ID: "130104000000", Parent: "130100000000", Level: place.District, Name: "桥西区"},
			{ID: "130104016000", Parent: "130104000000", Level: place.Street, Name: "东风街道"},
			{ID: community, Parent: "130104016000", Level: place.Community, Name: "东风路南社区", Phone: "0311-5550-0126"},
			{ID: nextDoor, Parent: "130104016000", Level: place.Community, Name: "东风路北社区"},
		} {
			if _, err := place.Insert(tx, p); err != nil {
				return err
			}
		}
		w.sun, w.li = w.volunteer(tx, "孙淑琴", "130104195609261226"), w.volunteer(tx, "𠮷田健", "")
		w.he = w.person(tx, "何玉兰", access.Resident, community, "")
		w.worker = w.person(tx, "周敏", access.StationWorker, community, "")
		w.second = w.person(tx, "郑强", access.StationWorker, community, "")
		w.foreign = w.person(tx, "吴远", access.StationWorker, nextDoor, "")
		w.street = w.person(tx, "冯涛", access.StreetOfficer, "130104016000", "")
		return nil
	})
	for i := range 3 {
		w.serve(w.sun, fmt.Sprint("s", i), "haircut", i*24*60, 60+i*30, "satisfied")
	}
	w.serve(w.sun, "b", "clinic_escort", 4*24*60, 120, "")
	w.serve(w.li, "l", "haircut", 0, 45, "fair")
	c.Set(started.AddDate(0, 0, 21))
	return w
}

func (w *town) volunteer(tx *db.Tx, name, document string) access.Who {
	who := w.person(tx, name, access.Volunteer, community, document)
	p, err := person.Get(tx, district, who.Person)
	if err != nil {
		w.t.Fatal(err)
	}
	v, err := volunteer.New(tx, p, volunteer.FromSelf)
	if err != nil {
		w.t.Fatal(err)
	}
	v.Status = volunteer.Active
	if err := volunteer.Put(tx, v); err != nil {
		w.t.Fatal(err)
	}
	return who
}

func (w *town) person(tx *db.Tx, name string, role access.Role, at, document string) access.Who {
	p := person.Person{Name: name, Place: at, IDNumber: document}
	if document != "" {
		p.IDType = "身份证"
	}
	insert := person.Insert
	if role == access.StreetOfficer {
		insert = person.InsertOfficial
	}
	p, err := insert(tx, p)
	if err != nil {
		w.t.Fatal(err)
	}
	home, err := place.Get(tx, at)
	if err != nil {
		w.t.Fatal(err)
	}
	return access.Who{Person: p.ID, Name: name, District: district, Grants: []access.Grant{{Role: role, District: district, Place: at, Path: home.Path}}}
}

func (w *town) write(fn func(*db.Tx) error) {
	w.t.Helper()
	if err := w.db.Write(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// serve enters a service that began so many minutes after the start.
func (w *town) serve(who access.Who, source, category string, from, minutes int, said string) {
	w.t.Helper()
	begin := started.Add(time.Duration(from) * time.Minute)
	w.write(func(tx *db.Tx) error {
		_, err := record.Enter(tx, record.Record{
			District: district, Source: source, Kind: record.FromOrder, PlacePath: "/", Volunteer: who.Person, Community: community,
			Number: "261102-" + source, Name: "理发", Category: category, Place: community, Content: "理发", StartedAt: begin,
			EndedAt: begin.Add(time.Duration(minutes) * time.Minute), Minutes: minutes, Grade: "A", Organiser: community, Satisfaction: said,
		})
		return err
	})
}

func (w *town) rule(name rule.Name, value int64) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error { return rule.Set(tx, district, community, name, value, tx.Now(), "") })
}

// thisYear is what is usually asked for.
func (w *town) thisYear() Request {
	return Request{From: calendar.Day{Year: 2026, Month: 1, Day: 1}, To: calendar.DayOf(w.clock.Now())}
}

func (w *town) ask(who access.Who) Certificate {
	w.t.Helper()
	c, err := w.s.Ask(context.Background(), who, w.thisYear())
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

// verify checks a certificate as a stranger does, with what is published.
func (w *town) verify(c Certificate) (credential.Result, error) {
	w.t.Helper()
	ctx := context.Background()
	issuer, err := w.s.Issuer().Document(ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	list, err := w.s.StatusList(ctx, c.District, c.List)
	if err != nil {
		w.t.Fatal(err)
	}
	return credential.Verify([]byte(c.Credential), credential.Trust{Issuer: reread(w.t, issuer), Status: reread(w.t, list), Now: w.clock.Now()})
}

func reread(t testing.TB, d credential.Document) credential.Document {
	t.Helper()
	text, err := d.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	out, err := credential.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
