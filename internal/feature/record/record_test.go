package record

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/ledger"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/points"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	district  = 130104
	community = "130104016001"
	nextDoor  = "130104016002"
	building  = community + "-a3"
)

// started is a Monday morning in Beijing.
var started = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// town is a community with three volunteers and its staff.
type town struct {
	t     testing.TB
	db    *db.DB
	clock *clock.Manual
	s     *Service

	sun, li, he, worker, foreign access.Who
}

// eachTown runs a test in a fresh town on both engines, and checks every invariant
// at its end.
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
		for _, check := range []func(*db.Tx) ([]string, error){
			CheckTotals, CheckAttested, ledger.CheckBooks, event.CheckGapless, place.CheckCounts(person.Recount, points.Recount, Recount),
		} {
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
	w := &town{t: t, db: d, clock: c, s: NewService(d)}
	w.write(func(tx *db.Tx) error {
		for _, p := range []place.Place{
			{ID: "130000000000", Level: place.Province, Name: "河北省"},
			{ID: "130100000000", Parent: "130000000000", Level: place.City, Name: "石家庄市"},
			{ID: "130104000000", Parent: "130100000000", Level: place.District, Name: "桥西区"},
			{ID: "130104016000", Parent: "130104000000", Level: place.Street, Name: "东风街道"},
			{ID: community, Parent: "130104016000", Level: place.Community, Name: "东风路南社区", Phone: "0311-5550-0126"},
			{ID: nextDoor, Parent: "130104016000", Level: place.Community, Name: "东风路北社区"},
			{ID: community + "-a1", Parent: community, Level: place.Estate, Name: "邮电园小区"},
			{ID: building, Parent: community + "-a1", Level: place.Building, Name: "3号楼"},
		} {
			if _, err := place.Insert(tx, p); err != nil {
				return err
			}
		}
		w.sun = w.person(tx, "孙淑琴", access.Volunteer, community)
		w.li = w.person(tx, "李建国", access.Volunteer, community)
		w.he = w.person(tx, "何玉兰", access.Resident, community)
		w.worker = w.person(tx, "周敏", access.StationWorker, community)
		w.foreign = w.person(tx, "吴远", access.StationWorker, nextDoor)
		return nil
	})
	return w
}

func (w *town) person(tx *db.Tx, name string, role access.Role, at string) access.Who {
	p, err := person.Insert(tx, person.Person{Name: name, Place: at})
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

// served is a haircut that began so many minutes after the start of the tests.
func served(source string, who access.Who, from, minutes int, grade string) Record {
	begin := started.Add(time.Duration(from) * time.Minute)
	kind := FromOrder
	if grade == "M" {
		kind = FromHand
	}
	return Record{
		District: district, Source: source, Kind: kind, PlacePath: "/", Volunteer: who.Person, Community: community, Number: "261123-" + source, Name: "理发", Category: "haircut",
		Place: building, Content: "理发", StartedAt: begin, EndedAt: begin.Add(time.Duration(minutes) * time.Minute), Minutes: minutes, Grade: grade, Organiser: community,
	}
}

func (w *town) add(r Record) (added bool) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		rows, err := Enter(tx, r)
		added = len(rows) == 1
		return err
	})
	return added
}

func (w *town) sum(who access.Who) (s Summary) {
	w.t.Helper()
	w.write(func(tx *db.Tx) (err error) {
		s, err = Sum(tx, district, who.Person)
		return err
	})
	return s
}

func TestOneSourceIsRecordedOnce(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		if !w.add(served("1", w.sun, 0, 48, "A")) {
			t.Fatal("not added")
		}
		if w.add(served("1", w.sun, 0, 48, "A")) || w.add(served("1", w.sun, 500, 30, "B")) {
			t.Error("the same source again")
		}
		if s := w.sum(w.sun); s.Total != 48 || s.Count != 1 || s.Year != 48 || s.Grade["A"] != 48 || s.Grade["B"] != 0 {
			t.Errorf("sum %+v", s)
		}
		if n := len(w.events("record.add")); n != 1 {
			t.Errorf("%d events", n)
		}
	})
}

func (w *town) events(act string) (out []event.Event) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		all, err := event.Since(tx, district, 0, 10_000)
		out = slices.DeleteFunc(all, func(e event.Event) bool { return e.Act != act })
		return err
	})
	return out
}

// TestNobodyIsInTwoPlaces adds each time beside a service from minute 60 to 120.
func TestNobodyIsInTwoPlaces(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("long ago", w.sun, -3000, 30, "A"))
		w.add(served("first", w.sun, 60, 60, "A"))
		w.add(served("later", w.sun, 3000, 30, "A"))
		for i, c := range []struct {
			from, minutes int
			want          bool
		}{
			{60, 60, false}, {70, 10, false}, {30, 31, false}, {119, 30, false}, {0, 500, false}, {61, 1, false}, {2990, 20, false}, {-3010, 6100, false},
			{30, 30, true}, {120, 30, true}, {2970, 30, true},
		} {
			if got := w.add(served(fmt.Sprint(i), w.sun, c.from, c.minutes, "B")); got != c.want {
				t.Errorf("from %d, %d minutes: added %v", c.from, c.minutes, got)
			}
		}
		if !w.add(served("other", w.li, 60, 60, "A")) {
			t.Error("somebody else served at the same time")
		}
		told := w.events("record.overlap")
		if len(told) != 8 || told[0].Data["other"] != "261123-first" || told[0].Data["volunteer"] != w.sun.Person {
			t.Errorf("told: %+v", told)
		}
	})
}

func TestWhatIsNoRecordIsRefused(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		for name, change := range map[string]func(*Record){
			"no minutes":      func(r *Record) { r.Minutes = 0 },
			"negative":        func(r *Record) { r.Minutes = -5 },
			"more than spent": func(r *Record) { r.Minutes = 49 },
			"ends before":     func(r *Record) { r.EndedAt = r.StartedAt.Add(-time.Minute) },
			"no source":       func(r *Record) { r.Source = "" },
			"nobody":          func(r *Record) { r.Volunteer = "" },
			"unknown grade":   func(r *Record) { r.Grade = "D" },
			"unknown source":  func(r *Record) { r.Kind = "guess" },
			"by hand as A":    func(r *Record) { r.Kind = FromHand },
			"M from an order": func(r *Record) { r.Grade = "M" },
		} {
			r := served("1", w.sun, 0, 48, "A")
			change(&r)
			err := w.db.Write(t.Context(), func(tx *db.Tx) error { _, err := Enter(tx, r); return err })
			if err == nil {
				t.Errorf("%s was recorded", name)
			}
		}
		r := served("1", w.sun, 0, 48, "A")
		r.EndedAt, r.Minutes = r.EndedAt.Add(time.Second), 49 // a begun minute counts
		if !w.add(r) {
			t.Error("48 minutes and a second are 49")
		}
	})
}

func TestSumsOfTheYear(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		year := 365 * 24 * 60
		w.add(served("last year", w.sun, -year, 60, "A"))
		w.add(served("this year", w.sun, 0, 30, "C"))
		// 23:50 of the last day in Beijing, 15:50 UTC, belongs to the old year.
		evening := int(time.Date(2026, 12, 31, 15, 50, 0, 0, time.UTC).Sub(started).Minutes())
		w.add(served("new year's eve", w.sun, evening, 20, "M"))
		if s := w.sum(w.sun); s.Total != 110 || s.Year != 50 || s.Count != 3 {
			t.Errorf("in November: %+v", s)
		}
		w.clock.Set(time.Date(2026, 12, 31, 16, 0, 0, 0, time.UTC))
		if s := w.sum(w.sun); s.Total != 110 || s.Year != 0 {
			t.Errorf("at midnight of the new year: %+v", s)
		}
	})
}

func TestPagesOfARecord(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		const all = 25
		for i := range all {
			w.add(served(fmt.Sprint(i), w.sun, i*60, 30, "A"))
		}
		var seen []string
		before := Cursor{}
		for {
			p, err := w.s.Mine(t.Context(), w.sun, Period{}, before, 10)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range p.Items {
				seen = append(seen, r.Source)
			}
			if p.Places[building] != "邮电园小区 3号楼" || p.Summary.Count != all {
				t.Errorf("page: %v %+v", p.Places, p.Summary)
			}
			if !p.More {
				break
			}
			before = p.Next()
		}
		if len(seen) != all || seen[0] != "24" || seen[all-1] != "0" {
			t.Errorf("seen %v", seen)
		}
	})
}

func TestWhoMayReadARecord(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, 0, 48, "A"))
		for name, c := range map[string]struct {
			who access.Who
			ok  bool
		}{"herself": {w.sun, true}, "her station": {w.worker, true}, "another station": {w.foreign, false}, "a neighbour": {w.he, false}} {
			s, err := w.s.Show(t.Context(), c.who, w.sun.Person, Period{}, Cursor{}, 10)
			if c.ok != (err == nil) || !c.ok && (fault.KindOf(err) != fault.KindNotFound || len(s.Items) > 0) {
				t.Errorf("%s: %d records, %v", name, len(s.Items), err)
			}
		}
	})
}

func TestHoursOfAPlace(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, 0, 90, "A"))
		w.add(served("2", w.li, 0, 29, "B"))
		w.add(served("3", w.li, -60*24*60, 61, "B")) // in September
		w.add(served("4", w.li, -365*24*60, 600, "B"))
		w.write(func(tx *db.Tx) error {
			for id, want := range map[string][2]int64{community: {2, 3}, "130104016000": {2, 3}, nextDoor: {0, 0}} {
				p, err := place.Get(tx, id)
				if err != nil {
					return err
				}
				facts, err := Facts(tx, p)
				if err != nil || facts[0].Value != want[0] || facts[1].Value != want[1] {
					t.Errorf("%s: %+v %v", id, facts, err)
				}
			}
			return nil
		})
	})
}

// TestRecordsAgreeWithAModel adds any sequence of services and holds what was
// recorded against a list of intervals.
func TestRecordsAgreeWithAModel(t *testing.T) {
	c := clock.NewManual(started)
	d := dbtest.New(t, db.SQLite, dbtest.Clock(c), dbtest.With(invariants))
	w := settle(t, d, c)
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		who := access.Who{Person: fmt.Sprintf("volunteer-%d", run)} // a fresh one for every run
		type span struct{ from, to int }
		var spans []span
		sources := map[string]bool{}
		var total int64
		for range rapid.IntRange(1, 25).Draw(rt, "services") {
			from, minutes := rapid.IntRange(-300, 300).Draw(rt, "from"), rapid.IntRange(1, 120).Draw(rt, "minutes")
			source := fmt.Sprintf("%d/%d", run, rapid.IntRange(0, 20).Draw(rt, "source"))
			grade := rapid.SampledFrom(Grades()).Draw(rt, "grade")
			free := !slices.ContainsFunc(spans, func(s span) bool { return s.from < from+minutes && from < s.to })
			want := free && !sources[source]
			if got := w.add(served(source, who, from, minutes, grade)); got != want {
				rt.Fatalf("%s from %d to %d beside %v: added %v", source, from, from+minutes, spans, got)
			}
			if want {
				spans, sources[source], total = append(spans, span{from, from + minutes}), true, total+int64(minutes)
			}
		}
		if s := w.sum(who); s.Total != total || s.Count != int64(len(spans)) {
			rt.Fatalf("sum %+v, want %d in %d", s, total, len(spans))
		}
	})
}

// TestManyRecordAtOnce lets many sides close services of the same volunteers, with
// the points beside, as the closing of an order does. Afterwards nothing overlaps,
// no source counts twice, and record, minutes and points agree.
func TestManyRecordAtOnce(t *testing.T) {
	const sides, rounds = 8, 20
	eachTown(t, func(t *testing.T, w *town) {
		people := []access.Who{w.sun, w.li, w.he}
		var all sync.WaitGroup
		for side := range sides {
			random := rand.New(rand.NewPCG(11, uint64(side)))
			all.Go(func() {
				for range rounds {
					who := people[random.IntN(len(people))]
					r := served(fmt.Sprint("visit:", random.IntN(60)), who, random.IntN(2000), 1+random.IntN(90), Grades()[random.IntN(4)])
					if err := w.db.Write(t.Context(), func(tx *db.Tx) error { return book(tx, r) }); err != nil {
						t.Errorf("%s: %v", r.Source, err)
					}
				}
			})
		}
		all.Wait()
		w.write(func(tx *db.Tx) error {
			for _, who := range people {
				s, err := Sum(tx, district, who.Person)
				if err != nil {
					return err
				}
				minutes, err := ledger.Balance(tx, district, points.Earned(who.Person, points.Minutes))
				if err != nil || minutes != s.Total || s.Total == 0 {
					t.Errorf("%s: %d minutes recorded, %d booked, %v", who.Name, s.Total, minutes, err)
				}
				if err := worthOfRows(tx, who); err != nil {
					t.Error(err)
				}
			}
			return nil
		})
	})
}

// book is what closing an order does with each visit.
func book(tx *db.Tx, r Record) error {
	_, err := Enter(tx, r)
	return err
}

// worthOfRows holds a balance of points against what the records are worth.
func worthOfRows(tx *db.Tx, who access.Who) error {
	rows, err := list(tx, district, who.Person, Period{}, Cursor{At: 1 << 62}, 10_000)
	if err != nil {
		return err
	}
	var want int64
	for _, r := range rows {
		want += points.Worth(r.Minutes, 2)
	}
	got, err := points.Balance(tx, district, who.Person)
	if err == nil && got != want {
		err = fmt.Errorf("%s has %d points for %d records, want %d", who.Name, got, len(rows), want)
	}
	return err
}

func TestTheCheckFindsWhatIsWrong(t *testing.T) {
	for name, spoil := range map[string]string{
		"a removed record":      `DELETE FROM service_record WHERE source = '2'`,
		"longer than it was":    `UPDATE service_record SET minutes = minutes + 1 WHERE source = '2'`,
		"a better grade":        `UPDATE service_record SET grade = 'A' WHERE source = '2'`,
		"another volunteer":     `UPDATE service_record SET volunteer = 'x' WHERE source = '2'`,
		"another year":          `UPDATE service_record SET day = '2025-11-23' WHERE source = '2'`,
		"a changed sum":         `UPDATE record_total SET grade_a = grade_a + 1 WHERE year = 0`,
		"a changed year's sum":  `UPDATE record_total SET grade_b = grade_b - 1 WHERE year = 2026`,
		"a removed sum":         `DELETE FROM record_total WHERE year = 2026`,
		"a sum of nothing":      `INSERT INTO record_total (district, volunteer, year, grade_a, grade_b, grade_c, grade_m, records) VALUES (130104, 'x', 0, 5, 0, 0, 0, 1)`,
		"in two places at once": `UPDATE service_record SET started_at = started_at - 3600000 WHERE source = '2'`,
	} {
		t.Run(name, func(t *testing.T) {
			c := clock.NewManual(started)
			w := settle(t, dbtest.New(t, db.SQLite, dbtest.Clock(c)), c)
			w.add(served("1", w.sun, 0, 48, "A"))
			w.add(served("2", w.sun, 60, 30, "B"))
			var before, after []string
			w.write(func(tx *db.Tx) (err error) {
				if before, err = CheckTotals(tx); err != nil {
					return err
				}
				if _, err = tx.Exec(spoil); err != nil {
					return err
				}
				after, err = CheckTotals(tx)
				return err
			})
			if len(before) > 0 || len(after) == 0 {
				t.Errorf("before %v, after %v", before, after)
			}
		})
	}
}

func TestNotices(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, 0, 48, "A"))
		second := served("2", w.sun, 30, 48, "A")
		second.Order = "o2"
		w.add(second)
		w.write(func(tx *db.Tx) error {
			for act, want := range map[string]string{"record.add": "/me/record", "record.overlap": "/orders/o2"} {
				e := w.first(tx, act)
				for _, rule := range Notices() {
					if rule.Act != act {
						continue
					}
					told, err := rule.To(tx, e)
					if err != nil || len(told.Persons) != 1 || told.Persons[0] != w.sun.Person || told.Link != want || strings.Count(rule.Msg, "%") != len(told.Args) {
						t.Errorf("%s: %+v %v", act, told, err)
					}
				}
			}
			return nil
		})
	})
}

func (w *town) first(tx *db.Tx, act string) event.Event {
	all, err := event.Since(tx, district, 0, 100)
	i := slices.IndexFunc(all, func(e event.Event) bool { return e.Act == act })
	if err != nil || i < 0 {
		w.t.Fatalf("no event %s: %v", act, err)
	}
	return all[i]
}
