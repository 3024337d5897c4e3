package order

import (
	"context"
	"fmt"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/ledger"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/org"
	"linli/internal/feature/points"
	"linli/internal/feature/record"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/match"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// The community of the tests: one street, two communities, three buildings.
const (
	district  = 130104
	community = "130104007003"
	nextDoor  = "130104007004"
	farAway   = "130104008001"
	building  = community + "-1"
)

// started is a Monday morning in Beijing; the next days are working days.
var started = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// town is a small community with everybody that an order needs.
type town struct {
	t     *testing.T
	db    *db.DB
	clock *clock.Manual
	s     *Service

	elder, daughter, worker, foreign access.Who
	helpers                          []access.Who
	leader                           access.Who
	team                             string
}

// eachTown runs a test in a fresh town on both engines, and checks every invariant
// at its end.
func eachTown(t *testing.T, fn func(*testing.T, *town)) {
	t.Helper()
	c := clock.NewManual(started)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(started)
		w := &town{t: t, db: d, clock: c, s: NewService(d)}
		w.settle()
		fn(t, w)
	}, dbtest.Clock(c), dbtest.With(invariants))
}

func invariants(ctx context.Context, d *db.DB) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		for _, check := range []func(*db.Tx) ([]string, error){
			event.CheckGapless, ledger.CheckBooks, record.CheckTotals, CheckOrders, place.CheckCounts(person.Recount, volunteer.Recount, org.Recount, record.Recount, points.Recount, Recount),
		} {
			bad, err := check(tx)
			if err != nil {
				return err
			}
			if len(bad) > 0 {
				return fmt.Errorf("%v", bad)
			}
		}
		return nil
	})
}

func (w *town) settle() {
	w.write(func(tx *db.Tx) error {
		for _, p := range []place.Place{
			{ID: "130000000000", Level: place.Province, Name: "河北省"},
			{ID: "130100000000", Parent: "130000000000", Level: place.City, Name: "石家庄市"},
			{ID: "130104000000", Parent: "130100000000", Level: place.District, Name: "桥西区"},
			{ID: "130104007000", Parent: "130104000000", Level: place.Street, Name: "东风街道"},
			{ID: "130104008000", Parent: "130104000000", Level: place.Street, Name: "汇通街道"},
			{ID: community, Parent: "130104007000", Level: place.Community, Name: "东风路南社区", Phone: "0311-5550-0126"},
			{ID: nextDoor, Parent: "130104007000", Level: place.Community, Name: "东风路北社区"},
			{ID: farAway, Parent: "130104008000", Level: place.Community, Name: "塔谈社区"},
			{ID: building, Parent: community, Level: place.Building, Name: "3号楼", Position: &place.Position{Lat: 38.03, Lng: 114.47}},
		} {
			if _, err := place.Insert(tx, p); err != nil {
				return err
			}
		}
		w.elder = w.person(tx, "陈秀英", "13000000001", community, access.Resident)
		w.daughter = w.person(tx, "陈小梅", "13000000002", community, access.Resident)
		w.worker = w.person(tx, "周敏", "13000000003", community, access.StationWorker)
		w.foreign = w.person(tx, "吴远", "13000000004", farAway, access.StationWorker)
		for i := range 4 {
			h := w.person(tx, fmt.Sprintf("孙淑%d", i), fmt.Sprintf("1300000001%d", i), community, access.Volunteer)
			w.helpers = append(w.helpers, h)
			if err := volunteer.Put(tx, volunteer.Volunteer{
				District: district, ID: h.Person, Number: fmt.Sprintf("V%d", i), Status: volunteer.Active, Community: community, Place: building,
				PlacePath: h.Grants[0].Path, Name: h.Name, At: &match.Point{Lat: 38.03 + float64(i)*0.001, Lng: 114.47}, WalkMinutes: 30,
				Skills: []string{"haircut", "clinic_escort"}, RegisteredAt: tx.Now(), Version: 1,
			}); err != nil {
				return err
			}
		}
		return w.addTeam(tx)
	})
}

func (w *town) addTeam(tx *db.Tx) error {
	w.leader, w.team = w.helpers[3], "01930000-0000-7000-8000-00000000feed"
	if err := org.Put(tx, org.Org{
		District: district, ID: w.team, Kind: org.Team, Name: "银发爱心义剪队", Status: "active", Community: community, Place: community,
		PlacePath: w.leader.Grants[0].Path, Leader: w.leader.Person, Services: []string{"haircut"}, CreatedAt: tx.Now().UnixMilli(), Version: 1,
	}); err != nil {
		return err
	}
	for _, h := range w.helpers[2:] {
		if err := org.AddMember(tx, district, w.team, h.Person); err != nil {
			return err
		}
	}
	return nil
}

// person makes somebody who lives in the building and holds one role.
func (w *town) person(tx *db.Tx, name, phone, at string, role access.Role) access.Who {
	where := building
	if at != community {
		where = at
	}
	p, err := person.Insert(tx, person.Person{Name: name, Phone: phone, Place: where, Birth: calendar.Day{Year: 1948, Month: 5, Day: 1}})
	if err != nil {
		w.t.Fatal(err)
	}
	home, err := place.Get(tx, at)
	if err != nil {
		w.t.Fatal(err)
	}
	return access.Who{Person: p.ID, Name: name, District: district, Grants: []access.Grant{
		{Role: role, District: district, Place: home.ID, Path: home.Path},
	}}
}

func (w *town) write(fn func(*db.Tx) error) {
	w.t.Helper()
	if err := w.db.Write(context.Background(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// asked is a new haircut for the elder, verified and ready to dispatch.
func (w *town) asked(people int) View {
	w.t.Helper()
	v := must(w.s.Request(context.Background(), w.elder, Request{Text: "想请人来家里理个发", PeopleNeeded: people}))(w.t)
	return must(w.s.Verify(context.Background(), w.worker, v.ID, Verification{}))(w.t)
}

// must unwraps an answer or fails the test.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
