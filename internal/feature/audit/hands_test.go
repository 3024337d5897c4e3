package audit

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/org"
	"linli/internal/feature/record"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// as is somebody with the office of another.
func as(who, office access.Who) access.Who {
	who.Grants = office.Grants
	return who
}

// byHand enters an hour of somebody by hand and approves it.
func (w *town) byHand(who access.Who, from int, by, approver access.Who) record.EntryView {
	w.t.Helper()
	begin := started.Add(time.Duration(from) * time.Minute)
	e, err := record.NewService(w.db).Propose(w.t.Context(), by, record.Manual{Volunteer: who.Person, Name: "大扫除", Category: "haircut", Content: "打扫",
		StartedAt: begin, EndedAt: begin.Add(time.Hour), InCharge: w.li.Person, Reason: "没电", Proof: "签到表"})
	must(w.t, "enter", err, "")
	e, err = record.NewService(w.db).Approve(w.t.Context(), approver, e.ID, record.Judgement{})
	must(w.t, "approve", err, "")
	return e
}

// checks are the rows that the spot check of November looks at.
func (w *town) checks(who access.Who) (out []CheckView) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		p, err := place.Get(tx, community)
		if err != nil {
			return err
		}
		out, err = ChecksAt(tx, who, p, "2026-11")
		return err
	})
	return out
}

// TestNobodyDecidesAboutTheirOwnFinding: with all the offices in the world, not whom it
// is about, not who entered one of its rows, and the leader of a team not about its
// sudden jump.
func TestNobodyDecidesAboutTheirOwnFinding(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.byHand(w.sun, -60, w.worker, w.officer)
		w.served(w.sun, nearby, 0, 470)
		f := w.only(LongDay)
		for name, who := range map[string]access.Who{"whom it is about": as(w.sun, w.officer), "who entered a row": as(w.worker, w.officer)} {
			_, err := w.s.Decide(t.Context(), who, f.ID, Decision{Outcome: StepClearing, Answer: "x"})
			must(t, name, err, fault.KindForbidden)
			if v, err := w.s.Show(t.Context(), who, f.ID); err != nil || len(v.Actions) != 0 {
				t.Errorf("%s is offered %+v, %v", name, v.Actions, err)
			}
		}
		w.decide(f, StepClearing)

		w.write(func(tx *db.Tx) error {
			_, err := org.Found(tx, access.System(), org.Org{ID: team, Kind: org.Team, Name: "便民队", Place: community, Leader: w.li.Person})
			return err
		})
		serve := func(from, minutes int) {
			w.n++
			begin := started.AddDate(0, 0, 1).Add(time.Duration(from) * time.Minute)
			w.enter(record.Record{District: district, Source: fmt.Sprint("visit:", w.n), Volunteer: w.sun.Person, Community: community, Name: "理发", Category: "haircut",
				Place: nearby, Content: "理发", StartedAt: begin, EndedAt: begin.Add(time.Duration(minutes) * time.Minute), Minutes: minutes, Grade: "A",
				Kind: record.FromOrder, Organiser: team, PlacePath: "/"})
		}
		w.set(rule.JumpHours, 5)
		serve(0, 481)
		_, err := w.s.Decide(t.Context(), w.li, w.only(TeamJump).ID, Decision{Outcome: StepClearing, Answer: "x"})
		must(t, "the leader about the team's jump", err, fault.KindNotFound)
		_, err = w.s.Decide(t.Context(), w.li, w.only(LongDay).ID, Decision{Outcome: StepClearing, Answer: "全天活动"})
		must(t, "the leader about a day of a member", err, "")
	})
}

// TestBulkIsWithinAnHour: as many entries over a longer time are fine.
func TestBulkIsWithinAnHour(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.set(rule.BulkEntries, 3)
		for i := range 4 {
			begin := started.Add(-time.Duration(20+i) * time.Hour)
			_, err := record.NewService(w.db).Propose(t.Context(), w.worker, record.Manual{Volunteer: w.sun.Person, Name: "大扫除", Category: "haircut", Content: "打扫",
				StartedAt: begin, EndedAt: begin.Add(30 * time.Minute), Reason: "没电", Proof: "签到表"})
			must(t, "enter", err, "")
			w.clock.Add(31 * time.Minute)
		}
		if f := w.found(); len(f) != 0 {
			t.Errorf("%+v", f)
		}
	})
}

// TestNoDrawBeforeItsTime: not while the month goes on, and not from a seed that was
// published when it was over.
func TestNoDrawBeforeItsTime(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		must(t, "seeds", w.s.PublishSeeds(t.Context(), district), "")
		w.served(w.sun, nearby, 0, 30)
		var p place.Place
		w.write(func(tx *db.Tx) (err error) {
			p, err = place.Get(tx, community)
			return err
		})
		draw := func(m Month) int {
			must(t, "draw", w.s.DrawMonth(t.Context(), p, m), "")
			return len(w.checks(w.worker))
		}
		if n := draw("2026-11"); n != 0 {
			t.Errorf("%d rows drawn while the month goes on", n)
		}
		w.clock.Set(time.Date(2026, 11, 30, 16, 0, 0, 0, time.UTC)) // 1 December in Beijing
		w.write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE spot_seed SET published_at = $3 WHERE district = $1 AND month = $2`, district, "2026-11", tx.Now().UnixMilli())
			return err
		})
		if n := draw("2026-11"); n != 0 {
			t.Errorf("%d rows drawn from a seed of afterwards", n)
		}
		w.write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE spot_seed SET published_at = $3 WHERE district = $1 AND month = $2`, district, "2026-11", tx.Now().UnixMilli()-1)
			return err
		})
		if n := draw("2026-11"); n != 1 {
			t.Errorf("%d rows drawn", n)
		}
		list, err := w.s.DrawnIn(t.Context(), community, "")
		if err != nil || list.Month != "2026-11" || len(list.Items) != 1 {
			t.Errorf("the last draw: %+v %v", list, err)
		}
	})
}

// TestNoHandInTheRowReviewsIt: with all the offices in the world, not who served, not
// who entered, approved or answers for it, nor for the row that it corrects; and a row
// that is found false does not count any more.
func TestNoHandInTheRowReviewsIt(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		must(t, "seeds", w.s.PublishSeeds(t.Context(), district), "")
		corrector, reviewer := w.worker, w.worker
		w.write(func(tx *db.Tx) error {
			corrector, reviewer = w.person(tx, "许站", access.StationWorker, community), w.person(tx, "郑站", access.StationWorker, community)
			return nil
		})
		e := w.byHand(w.sun, -20*60, w.worker, w.officer)
		list, err := record.NewService(w.db).Show(t.Context(), w.worker, w.sun.Person, record.Period{}, record.Cursor{}, 1)
		must(t, "the row of "+e.ID, err, "")
		_, err = record.NewService(w.db).Correct(t.Context(), corrector, list.Items[0].ID, record.Correction{Minutes: 40, Reason: "记多了"})
		must(t, "correct", err, "")
		w.clock.Set(started.AddDate(0, 0, 10))
		must(t, "daily", w.s.Daily(t.Context(), district), "")
		all := w.checks(reviewer)
		i := slices.IndexFunc(all, func(c CheckView) bool { return c.Minutes == 40 })
		if len(all) != 2 || i < 0 {
			t.Fatalf("checks %+v", all)
		}
		for name, who := range map[string]access.Who{
			"who served": as(w.sun, w.worker), "who entered it first": w.worker, "who approved it": w.officer, "who answers for it": as(w.li, w.worker), "who corrected it": corrector,
		} {
			_, err := w.s.Review(t.Context(), who, all[i].ID, Result{Outcome: StepPassing, Answer: "x"})
			must(t, name, err, fault.KindForbidden)
		}
		if n := w.counted(w.sun); n != 40 {
			t.Errorf("%d minutes count before", n)
		}
		_, err = w.s.Review(t.Context(), reviewer, all[i].ID, Result{Outcome: StepFailing, Answer: "问过，没有来"})
		must(t, "a colleague", err, "")
		_, err = w.s.Review(t.Context(), reviewer, all[1-i].ID, Result{Outcome: StepFailing, Answer: "问过，没有来"})
		must(t, "the row that was corrected in the meantime", err, "")
		if n := w.counted(w.sun); n != 0 {
			t.Errorf("%d minutes of a false row count", n)
		}
		v, err := w.s.Public(t.Context(), community, record.Cursor{}, 10)
		if err != nil || v.Draws[0].Failed != 2 {
			t.Errorf("public: %+v %v", v.Draws, err)
		}
	})
}
