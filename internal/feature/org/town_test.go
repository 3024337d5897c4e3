package org

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
	"linli/internal/feature/volunteer"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	district = 130104
	county   = "130104000000"
	street   = "130104016000"
	south    = "130104016001"
	north    = "130104016002"
)

func noon() time.Time { return time.Date(2026, 9, 26, 12, 0, 0, 0, calendar.Zone()) }

// town is a database with places, the services, and four people of the south: Fang
// and Han serve, Qin does not, Lin is of the north and serves.
type town struct {
	*testing.T
	db             *db.DB
	ctx            context.Context
	s              *Service
	volunteers     *volunteer.Service
	fang, han, lin person.Person
	qin            person.Person
}

func each(t *testing.T, test func(t *town)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(newTown(t, d)) }, options()...)
}

func options() []dbtest.Option {
	return []dbtest.Option{dbtest.Clock(clock.NewManual(noon())), dbtest.With(invariants)}
}

func newTown(t *testing.T, d *db.DB) *town {
	t.Helper()
	roles, err := auth.New(auth.Options{DB: d, SMS: sms.NewConsole(io.Discard), Secret: make([]byte, 32), Cost: auth.Cost{MemoryKiB: 64, Passes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	town := &town{T: t, db: d, ctx: context.Background(), s: NewService(d, roles), volunteers: volunteer.NewService(d, roles, Relations)}
	town.build()
	town.fang = town.person(1, person.Person{Name: "方国栋", Phone: "13800138001", Place: south}, true)
	town.han = town.person(2, person.Person{Name: "韩立新", Phone: "13800138002", Place: south}, true)
	town.lin = town.person(3, person.Person{Name: "林小满", Phone: "13800138003", Place: north}, true)
	town.qin = town.person(4, person.Person{Name: "秦爱华", Phone: "13800138004", Place: south}, false)
	return town
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
			{ID: place.IDBelow(south, 1), Parent: south, Level: place.Estate, Name: "邮电园小区"},
		} {
			if _, err := place.Insert(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
}

// person moves somebody in, with a fixed id, and lets them serve.
func (t *town) person(serial uint64, p person.Person, serves bool) person.Person {
	t.Helper()
	p.ID, p.Birth = id.At(time.UnixMilli(0), serial), calendar.Day{Year: 1960, Month: 1, Day: 1}
	t.write(func(tx *db.Tx) (err error) {
		p, err = person.Insert(tx, p)
		return err
	})
	if serves {
		_, err := t.volunteers.Register(t.ctx, self(p), volunteer.Registration{
			Profile: volunteer.Profile{Skills: []string{"haircut"}}, Agreement: volunteer.Agreement{Consent: volunteer.Purposes()}})
		if err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func invariants(ctx context.Context, d *db.DB) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		for _, check := range []func(*db.Tx) ([]string, error){event.CheckGapless, place.CheckCounts(person.Recount, volunteer.Recount, Recount)} {
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

// team is one of the south that Fang leads and that cuts hair.
func (t *town) team() View {
	t.Helper()
	v, err := t.s.Create(t.ctx, t.worker(access.StationWorker, south), Addition{Kind: Team, Place: south, Draft: Draft{
		Name: ptr("银发爱心义剪队"), Class: ptr("生活服务类"), Founded: ptr("2018-08"), Leader: ptr("13800138001"),
		Running: Running{Services: []string{"haircut"}, CapacityWeek: ptr(8)}}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (t *town) get(id string) (o Org) {
	t.Helper()
	t.read(func(tx *db.Tx) (err error) {
		o, _, err = Get(tx, district, id)
		return err
	})
	return o
}

// leads says whether somebody has the role of the team's leader now.
func (t *town) leads(person, org string) (held bool) {
	t.Helper()
	t.read(func(tx *db.Tx) error {
		all, err := auth.GrantsOf(tx, district, person)
		for _, h := range all {
			held = held || h.Grant.Role == access.TeamLeader && h.Grant.Org == org
		}
		return err
	})
	return held
}

// facts are the numbers of teams and of all other organisations on a place's page.
func (t *town) facts(id string) (out [2]int64) {
	t.Helper()
	t.read(func(tx *db.Tx) error {
		p, err := place.Get(tx, id)
		if err != nil {
			return err
		}
		facts, err := Facts(tx, p)
		if err == nil {
			out[0] = facts[0].Value
			for _, f := range facts[1:] {
				out[1] += f.Value
			}
		}
		return err
	})
	return out
}

// acts are the acts of the events about an organisation.
func (t *town) acts(id string) (out []string) {
	t.Helper()
	t.read(func(tx *db.Tx) error {
		all, err := event.Of(tx, district, id)
		for _, e := range all {
			out = append(out, strings.TrimPrefix(e.Act, "org."))
		}
		return err
	})
	return out
}

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

func (t *town) wants(err error, kind fault.Kind, field string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || fault.As(err).Field != field {
		t.Fatalf("error %v, want %s of %q", err, kind, field)
	}
}

func ptr[T any](v T) *T { return &v }
