package audit

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/ledger"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/org"
	"linli/internal/feature/points"
	"linli/internal/feature/record"
	"linli/internal/feature/visit"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	district  = 130104
	street    = "130104016000"
	community = "130104016001"
	nearby    = community + "-a3"
	faraway   = community + "-a4"
	team      = "019a0000-0000-7000-8000-000000000001"
)

// started is a Monday morning in Beijing.
var started = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// town is a community with two volunteers, its station and its street.
type town struct {
	t      *testing.T
	db     *db.DB
	clock  *clock.Manual
	s      *Service
	reader *Reader
	n      int

	sun, li, worker, officer access.Who
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
		for _, check := range []func(*db.Tx) ([]string, error){
			record.CheckTotals, record.CheckAttested, ledger.CheckBooks, event.CheckGapless, place.CheckCounts(person.Recount, points.Recount, record.Recount, org.Recount),
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

func settle(t *testing.T, d *db.DB, c *clock.Manual) *town {
	t.Helper()
	s := NewService(d)
	w := &town{t: t, db: d, clock: c, s: s, reader: NewReader(s, slog.New(slog.DiscardHandler))}
	w.write(func(tx *db.Tx) error {
		for _, p := range []place.Place{
			{ID: "130000000000", Level: place.Province, Name: "河北省"},
			{ID: "130100000000", Parent: "130000000000", Level: place.City, Name: "石家庄市"},
			{ID: "130104000000", Parent: "130100000000", Level: place.District, Name: "桥西区"},
			{ID: street, Parent: "130104000000", Level: place.Street, Name: "东风街道"},
			{ID: community, Parent: street, Level: place.Community, Name: "东风路南社区"},
			{ID: nearby, Parent: community, Level: place.Building, Name: "3号楼", Position: &place.Position{Lat: 38.03, Lng: 114.47}},
			{ID: faraway, Parent: community, Level: place.Building, Name: "4号楼", Position: &place.Position{Lat: 38.30, Lng: 114.47}},
		} {
			if _, err := place.Insert(tx, p); err != nil {
				return err
			}
		}
		w.sun, w.li = w.person(tx, "孙淑琴", access.Volunteer, community), w.person(tx, "李建国", access.Volunteer, community)
		w.worker, w.officer = w.person(tx, "周敏", access.StationWorker, community), w.person(tx, "冯街", access.StreetOfficer, street)
		return nil
	})
	return w
}

func (w *town) person(tx *db.Tx, name string, role access.Role, at string) access.Who {
	p, err := person.Insert(tx, person.Person{Name: name, Place: community})
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

// served enters a service that begins so many minutes after the start of the tests.
func (w *town) served(who access.Who, at string, from, minutes int) record.Record {
	w.t.Helper()
	w.n++
	begin := started.Add(time.Duration(from) * time.Minute)
	return w.enter(record.Record{
		District: district, Source: fmt.Sprint("visit:", w.n), Volunteer: who.Person, Community: community, Name: "理发", Category: "haircut", Place: at,
		Content: "理发", StartedAt: begin, EndedAt: begin.Add(time.Duration(minutes) * time.Minute), Minutes: minutes, Grade: "A", Kind: record.FromOrder,
		Organiser: community, PlacePath: "/",
	})
}

func (w *town) enter(r record.Record) (out record.Record) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		rows, err := record.Enter(tx, r)
		if err == nil && len(rows) != 1 {
			err = fmt.Errorf("%s was not added", r.Source)
		}
		if err == nil {
			out = rows[0]
		}
		return err
	})
	return out
}

// found lets the reader look and gives the open findings.
func (w *town) found() (out []FindingView) {
	w.t.Helper()
	if err := w.reader.Once(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
	w.write(func(tx *db.Tx) error {
		p, err := place.Get(tx, community)
		if err != nil {
			return err
		}
		out, err = FindingsAt(tx, w.officer, p, Open)
		return err
	})
	return out
}

func (w *town) counted(who access.Who) (minutes int64) {
	w.t.Helper()
	w.write(func(tx *db.Tx) (err error) {
		_, minutes, err = record.Counted(tx, district, who.Person, calendar.Day{}, calendar.Day{})
		return err
	})
	return minutes
}

func (w *town) set(name rule.Name, value int64) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error { return rule.Set(tx, district, community, name, value, tx.Now(), "x") })
}

func must(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if kind == "" && err != nil || kind != "" && (err == nil || fault.KindOf(err) != kind) {
		t.Errorf("%s: %v, want %q", what, err, kind)
	}
}

// TestALongDayGetsASecondLook: eight hours pass, one minute more is looked at by the
// unit and does not count until then.
func TestALongDayGetsASecondLook(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.served(w.sun, nearby, 0, 240)
		w.served(w.sun, nearby, 240, 240)
		if f := w.found(); len(f) != 0 {
			t.Fatalf("eight hours: %+v", f)
		}
		last := w.served(w.sun, nearby, 480, 1)
		all := w.found()
		if len(all) != 1 || all[0].Kind != string(LongDay) || all[0].Level != ByUnit || all[0].Evidence.Minutes != 481 || !slices.Equal(all[0].Evidence.Held, []string{last.ID}) {
			t.Fatalf("found %+v", all)
		}
		w.clock.Set(started.AddDate(0, 1, 0))
		if n := w.counted(w.sun); n != 480 {
			t.Errorf("%d minutes count while it is open", n)
		}
		_, err := w.s.Decide(t.Context(), w.sun, all[0].ID, Decision{Outcome: StepClearing, Answer: "x"})
		must(t, "herself", err, fault.KindNotFound)
		_, err = w.s.Decide(t.Context(), w.worker, all[0].ID, Decision{Outcome: StepClearing})
		must(t, "without a word", err, fault.KindInvalid)
		v, err := w.s.Decide(t.Context(), w.worker, all[0].ID, Decision{Outcome: StepClearing, Answer: "全天活动"})
		if err != nil || v.State != string(Cleared) || w.counted(w.sun) != 481 {
			t.Errorf("%+v, %v, %d minutes", v, err, w.counted(w.sun))
		}
		_, err = w.s.Decide(t.Context(), w.worker, all[0].ID, Decision{Outcome: StepUpheld, Answer: "x"})
		must(t, "twice", err, fault.KindConflict)
	})
}

// TestAVeryLongDayGoesToTheStreet: twelve hours are not for the unit to decide, and an
// upheld finding withdraws the row.
func TestAVeryLongDayGoesToTheStreet(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.served(w.sun, nearby, -60, 480)
		w.found()
		w.served(w.sun, nearby, 420, 241)
		var street []FindingView
		for _, f := range w.found() {
			if f.Kind == string(VeryLongDay) {
				street = append(street, f)
			}
		}
		if len(street) != 1 || street[0].Level != ByStreet || street[0].Evidence.Minutes != 721 {
			t.Fatalf("found %+v", street)
		}
		_, err := w.s.Decide(t.Context(), w.worker, street[0].ID, Decision{Outcome: StepClearing, Answer: "x"})
		must(t, "the unit", err, fault.KindForbidden)
		_, err = w.s.Decide(t.Context(), w.officer, street[0].ID, Decision{Outcome: StepUpheld, Answer: "没有这么久"})
		must(t, "the street", err, "")
		w.clock.Set(started.AddDate(0, 1, 0))
		if n := w.counted(w.sun); n != 480 {
			t.Errorf("%d minutes count", n)
		}
	})
}

// TestThePlaceSetsTheNumbers: the same day is fine or not by the rule of the place.
func TestThePlaceSetsTheNumbers(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.set(rule.DayMinutes, 100)
		w.served(w.sun, nearby, 0, 100)
		if f := w.found(); len(f) != 0 {
			t.Errorf("at the limit: %+v", f)
		}
		w.served(w.li, nearby, 0, 101)
		if f := w.found(); len(f) != 1 || f[0].Person.ID != w.li.Person || f[0].Evidence.Limit != 100 {
			t.Errorf("above it: %+v", f)
		}
	})
}

// TestTooFarForTheTime: 30 km in ten minutes are found, in an hour not.
func TestTooFarForTheTime(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.served(w.li, nearby, 0, 30)
		w.served(w.li, faraway, 90, 30)
		w.served(w.sun, faraway, 40, 30) // entered first, later in the day
		if f := w.found(); len(f) != 0 {
			t.Fatalf("an hour is enough: %+v", f)
		}
		w.served(w.sun, nearby, 0, 30)
		f := w.found()
		if len(f) != 1 || f[0].Kind != string(TooFar) || f[0].Evidence.GapMinutes != 10 || f[0].Evidence.Metres < 29_000 || f[0].Evidence.Metres > 31_000 || len(f[0].Evidence.Records) != 2 {
			t.Errorf("found %+v", f)
		}
	})
}

// TestOneDeviceForMany: three people of one day on one phone.
func TestOneDeviceForMany(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		checkIn := func(i int, who, device string) {
			w.write(func(tx *db.Tx) error {
				order := fmt.Sprint("o", i)
				v := visit.Visit{ID: fmt.Sprint("v", i), OrderID: order, Volunteer: who, State: visit.Open, InAt: tx.Now(), Distance: -1, Grade: visit.GradeC, Device: device}
				event.Append(tx, event.Event{District: district, Community: community, Actor: who, Act: "order.check-in", Kind: "order", Subject: order})
				return visit.Put(tx, district, v)
			})
		}
		checkIn(1, "a", "phone")
		checkIn(2, "a", "phone")
		checkIn(3, "b", "phone")
		checkIn(4, "c", "another")
		checkIn(5, "d", "")
		if f := w.found(); len(f) != 0 {
			t.Fatalf("two people: %+v", f)
		}
		checkIn(6, "c", "phone")
		if f := w.found(); len(f) != 1 || f[0].Kind != string(OneDevice) || f[0].Evidence.People != 3 || len(f[0].Evidence.Visits) != 4 {
			t.Fatalf("found %+v", f)
		}
		checkIn(7, "d", "phone")
		if f := w.found(); len(f) != 1 || f[0].Evidence.People != 4 {
			t.Errorf("one more is the same finding: %+v", f)
		}
		w.clock.Set(started.AddDate(0, 0, 1))
		checkIn(8, "e", "phone")
		if f := w.found(); len(f) != 1 {
			t.Errorf("the next day begins anew: %+v", f)
		}
	})
}

// TestBulkEntries: ten by hand within an hour, by one person.
func TestBulkEntries(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		records := record.NewService(w.db)
		for i := range 10 {
			if f := w.found(); len(f) != 0 {
				t.Fatalf("%d entries: %+v", i, f)
			}
			begin := started.Add(-time.Duration(20+i) * time.Hour)
			if _, err := records.Propose(t.Context(), w.worker, record.Manual{Volunteer: w.sun.Person, Name: "大扫除", Category: "haircut", Content: "打扫",
				StartedAt: begin, EndedAt: begin.Add(30 * time.Minute), Reason: "没电", Proof: "签到表"}); err != nil {
				t.Fatal(err)
			}
		}
		f := w.found()
		if len(f) != 1 || f[0].Kind != string(BulkEntry) || len(f[0].Evidence.Entries) != 10 || f[0].Person.ID != w.worker.Person {
			t.Fatalf("found %+v", f)
		}
		_, err := w.s.Decide(t.Context(), w.worker, f[0].ID, Decision{Outcome: StepClearing, Answer: "x"})
		must(t, "who entered them", err, fault.KindForbidden)
	})
}

// TestATeamThatJumps: a week of many times the usual one.
func TestATeamThatJumps(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		people := []access.Who{w.sun, w.li}
		serve := func(who access.Who, at time.Time, minutes int) {
			w.n++
			w.enter(record.Record{District: district, Source: fmt.Sprint("visit:", w.n), Volunteer: who.Person, Community: community, Name: "理发", Category: "haircut",
				Place: nearby, Content: "理发", StartedAt: at, EndedAt: at.Add(time.Duration(minutes) * time.Minute), Minutes: minutes, Grade: "A", Kind: record.FromOrder,
				Organiser: team, PlacePath: "/"})
		}
		for week := range 8 {
			serve(w.sun, started.AddDate(0, 0, -7*(week+1)), 420)
		}
		jumps := func() (n int) {
			for _, f := range w.found() {
				if f.Kind == string(TeamJump) {
					n++
					if f.Evidence.Usual != 420 {
						t.Errorf("usual week %d", f.Evidence.Usual)
					}
				}
			}
			return n
		}
		for day := range 3 { // 6 × 200 = 1200 minutes: 20 h, below three times 7 h
			for _, who := range people {
				serve(who, started.AddDate(0, 0, day), 200)
			}
		}
		if n := jumps(); n != 0 {
			t.Fatalf("%d jumps below the limit", n)
		}
		serve(w.sun, started.AddDate(0, 0, 4), 61)
		if n := jumps(); n != 1 {
			t.Errorf("%d jumps", n)
		}
	})
}

// TestTheDrawFollowsFromSeedAndRows: the same whatever the order of the rows, five per
// cent rounded up, every manual row, and another seed draws otherwise.
func TestTheDrawFollowsFromSeedAndRows(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n, percent := rapid.IntRange(0, 200).Draw(rt, "rows"), rapid.IntRange(5, 100).Draw(rt, "percent")
		var rows []Row
		manual := 0
		for i := range n {
			r := Row{fmt.Sprint("row-", i), rapid.Bool().Draw(rt, "manual")}
			if rows = append(rows, r); r.Manual {
				manual++
			}
		}
		drawn, byHand := Draw("seed", rows, percent)
		shuffled := rapid.Permutation(rows).Draw(rt, "order")
		again, byHandAgain := Draw("seed", shuffled, percent)
		slices.Sort(byHand)
		slices.Sort(byHandAgain)
		if !slices.Equal(drawn, again) || !slices.Equal(byHand, byHandAgain) {
			rt.Fatalf("drawn %v, then %v", drawn, again)
		}
		if len(drawn) != (n*percent+99)/100 {
			rt.Fatalf("%d of %d drawn", len(drawn), n)
		}
		for _, r := range rows {
			if r.Manual && !slices.Contains(drawn, r.ID) && !slices.Contains(byHand, r.ID) {
				rt.Fatalf("%s was entered by hand and is not checked", r.ID)
			}
			if !r.Manual && slices.Contains(byHand, r.ID) {
				rt.Fatalf("%s was not entered by hand", r.ID)
			}
		}
	})
	// printf abc:row-1 | sha256sum
	if got := Rank("abc", "row-1"); got != "e53da346ee733a29befe209c19a894bdce3facb76fe2de04b71daff504853127" {
		t.Errorf("rank %q", got)
	}
}

// TestTheSpotCheckOfAMonth: the seed stands before, the draw comes after the month,
// once, and anybody can do it again from the public list.
func TestTheSpotCheckOfAMonth(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		daily := func() {
			if err := w.s.Daily(t.Context(), district); err != nil {
				t.Fatal(err)
			}
		}
		daily()
		public := func() PublicView {
			v, err := w.s.Public(t.Context(), community, record.Cursor{}, 10)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		seeds := public().Seeds
		if len(seeds) != 2 || seeds[1].Month != "2026-11" || seeds[0].Month != "2026-12" {
			t.Fatalf("seeds %+v", seeds)
		}
		for i := range 30 {
			w.served(w.sun, nearby, i*60, 30)
		}
		w.clock.Set(time.Date(2026, 11, 30, 15, 59, 59, 0, time.UTC)) // the last second in Beijing
		daily()
		if d := public().Draws; len(d) != 0 {
			t.Fatalf("drawn before the month is over: %+v", d)
		}
		w.clock.Set(time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC))
		daily()
		daily()
		v := public()
		if len(v.Draws) != 1 || v.Draws[0].Rows != 30 || v.Draws[0].Drawn != 2 || v.Draws[0].Open != 2 || v.Seeds[len(v.Seeds)-1] != seeds[1] {
			t.Fatalf("draws %+v", v.Draws)
		}
		list, err := w.s.DrawnIn(t.Context(), community, "2026-11")
		must(t, "the list", err, "")
		var rows []Row
		var want []string
		for _, x := range list.Items {
			rows = append(rows, Row{x.ID, x.Manual})
			if x.Drawn {
				want = append(want, x.ID)
			}
		}
		again, _ := Draw(list.Seed, rows, list.Percent)
		slices.Sort(again)
		if !slices.Equal(again, want) || len(rows) != 30 || list.Seed != seeds[1].Seed {
			t.Errorf("drawn again %v, the house drew %v", again, want)
		}
		_, err = w.s.DrawnIn(t.Context(), community, "2026-10")
		must(t, "a month without a draw", err, fault.KindNotFound)
	})
}

// TestTheReviewerIsNotTheRecorder: not who served, entered, approved or answers for
// the row; results stand on the public page.
func TestTheReviewerIsNotTheRecorder(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		must(t, "seeds", w.s.PublishSeeds(t.Context(), district), "")
		records := record.NewService(w.db)
		begin := started.Add(-20 * time.Hour)
		e, err := records.Propose(t.Context(), w.worker, record.Manual{Volunteer: w.sun.Person, Name: "大扫除", Category: "haircut", Content: "打扫",
			StartedAt: begin, EndedAt: begin.Add(time.Hour), Reason: "没电", Proof: "签到表"})
		must(t, "enter", err, "")
		_, err = records.Approve(t.Context(), w.officer, e.ID, record.Judgement{})
		must(t, "approve", err, "")
		w.clock.Set(started.AddDate(0, 0, 10))
		must(t, "daily", w.s.Daily(t.Context(), district), "")
		var checks []CheckView
		other := w.worker
		w.write(func(tx *db.Tx) error {
			other = w.person(tx, "许站", access.StationWorker, community)
			p, err := place.Get(tx, community)
			if err != nil {
				return err
			}
			checks, err = ChecksAt(tx, w.worker, p, "2026-11")
			return err
		})
		if len(checks) != 1 {
			t.Fatalf("checks %+v", checks)
		}
		for name, who := range map[string]access.Who{"who entered it": w.worker, "who approved it": w.officer} {
			_, err := w.s.Review(t.Context(), who, checks[0].ID, Result{Outcome: StepPassing, Answer: "x"})
			must(t, name, err, fault.KindForbidden)
		}
		_, err = w.s.Review(t.Context(), other, checks[0].ID, Result{Outcome: StepPassing})
		must(t, "without a word", err, fault.KindInvalid)
		v, err := w.s.Review(t.Context(), other, checks[0].ID, Result{Outcome: StepPassing, Answer: "打过电话"})
		if err != nil || v.State != string(Passed) {
			t.Errorf("%+v %v", v, err)
		}
		page, err := w.s.Public(t.Context(), community, record.Cursor{}, 10)
		if err != nil || page.Draws[0].Passed != 1 || page.Draws[0].Open != 0 {
			t.Errorf("public: %+v %v", page.Draws, err)
		}
	})
}

// TestThePublicPage: masked names, no words about who was helped, the head of the
// chain of each day.
func TestThePublicPage(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		for i := range 3 {
			w.served(w.sun, nearby, i*60, 30)
		}
		w.found()
		v, err := w.s.Public(t.Context(), community, record.Cursor{}, 2)
		must(t, "public", err, "")
		if len(v.Items) != 2 || v.Next == "" || v.Head.Seq == 0 || len(v.Heads) != 1 || v.Heads[0].Day != "2026-11-23" || v.Heads[0].Hash != v.Head.Hash {
			t.Fatalf("%+v", v)
		}
		if text := fmt.Sprintf("%+v", v); strings.Contains(text, "孙淑琴") || strings.Contains(text, "3号楼") || !strings.Contains(text, "孙*") {
			t.Errorf("shows too much or too little: %s", text)
		}
		w.served(w.li, nearby, 300, 30)
		must(t, "daily, again", w.s.Daily(t.Context(), district), "")
		again, err := w.s.Public(t.Context(), community, record.Cursor{}, 2)
		if err != nil || len(again.Heads) != 1 || again.Heads[0] != v.Heads[0] || again.Head == v.Head {
			t.Errorf("what was shown in the morning stays: %+v %v", again.Heads, err)
		}
		w.clock.Set(started.AddDate(0, 0, 1))
		w.served(w.li, nearby, 0, 30)
		w.found()
		next, err := w.s.Public(t.Context(), community, record.Cursor{}, 2)
		if err != nil || len(next.Heads) != 2 || next.Heads[1] != v.Heads[0] {
			t.Errorf("the day after: %+v %v", next.Heads, err)
		}
		w.clock.Set(started.AddDate(0, 1, 0))
		later, err := w.s.Public(t.Context(), community, record.Cursor{}, 2)
		if err != nil || len(later.Items) != 0 {
			t.Errorf("after the notice: %+v %v", later.Items, err)
		}
	})
}

// TestTheRedList: from the seventh working day after the service, late after the tenth.
func TestTheRedList(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		records := record.NewService(w.db)
		begin := started.Add(-48 * time.Hour) // a Saturday
		_, err := records.Propose(t.Context(), w.worker, record.Manual{Volunteer: w.sun.Person, Name: "大扫除", Category: "haircut", Content: "打扫",
			StartedAt: begin, EndedAt: begin.Add(time.Hour), Reason: "没电", Proof: "签到表"})
		must(t, "enter", err, "")
		for days, want := range map[int]struct {
			n    int
			late bool
		}{0: {}, 7: {}, 8: {1, false}, 11: {1, false}, 12: {1, true}} { // Monday, Monday, Tuesday of the week after, Friday, Saturday
			w.clock.Set(started.AddDate(0, 0, days))
			w.write(func(tx *db.Tx) error {
				p, err := place.Get(tx, community)
				if err != nil {
					return err
				}
				rows, err := RedList(tx, p)
				if err != nil {
					return err
				}
				if len(rows) != want.n || len(rows) == 1 && rows[0].Late != want.late {
					t.Errorf("after %d days: %+v", days, rows)
				}
				return nil
			})
		}
	})
}
