package audit

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/rule"
	"linli/internal/feature/record"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// only is the open finding of a kind; there is exactly one.
func (w *town) only(kind Kind) FindingView {
	w.t.Helper()
	var of []FindingView
	for _, f := range w.found() {
		if f.Kind == string(kind) {
			of = append(of, f)
		}
	}
	if len(of) != 1 {
		w.t.Fatalf("%d open findings of kind %s: %+v", len(of), kind, of)
	}
	return of[0]
}

func (w *town) decide(f FindingView, outcome string) {
	w.t.Helper()
	_, err := w.s.Decide(w.t.Context(), w.officer, f.ID, Decision{Outcome: outcome, Answer: "看过"})
	must(w.t, "decide", err, "")
}

// TestEveryRowOfALongDayIsLookedAt: rows that come in before anybody has looked are held
// together and freed together, only those beyond the limit; one that comes in
// afterwards is looked at by itself.
func TestEveryRowOfALongDayIsLookedAt(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.served(w.sun, nearby, 0, 240)
		w.served(w.sun, nearby, 240, 240)
		first := w.served(w.sun, nearby, 480, 60)
		second := w.served(w.sun, nearby, 540, 30)
		f := w.only(LongDay)
		if !slices.Equal(f.Evidence.Held, []string{first.ID, second.ID}) {
			t.Errorf("held %v, want %s and %s", f.Evidence.Held, first.ID, second.ID)
		}
		third := w.served(w.sun, nearby, 570, 30)
		if f = w.only(LongDay); !slices.Equal(f.Evidence.Held, []string{first.ID, second.ID, third.ID}) {
			t.Errorf("held %v after the third", f.Evidence.Held)
		}
		w.clock.Set(started.AddDate(0, 0, 8))
		if n := w.counted(w.sun); n != 480 {
			t.Errorf("%d minutes count while it is open", n)
		}
		w.decide(f, StepClearing)
		if n := w.counted(w.sun); n != 600 {
			t.Errorf("%d minutes count after it was cleared", n)
		}
		last := w.served(w.sun, nearby, 600, 10)
		again := w.only(LongDay)
		if again.ID == f.ID || !slices.Equal(again.Evidence.Held, []string{last.ID}) || again.Evidence.Minutes != 610 {
			t.Fatalf("one row more: %+v", again)
		}
		w.clock.Set(started.AddDate(0, 0, 14))
		if n := w.counted(w.sun); n != 600 {
			t.Errorf("%d minutes count, one row is not looked at", n)
		}
		w.decide(again, StepUpheld)
		if n := w.counted(w.sun); n != 600 {
			t.Errorf("%d minutes count, the last row is withdrawn", n)
		}
		if f := w.found(); len(f) != 0 {
			t.Errorf("nothing is left to look at: %+v", f)
		}
	})
}

// TestWhatWasLookedAtIsNotHeldAgain: a row that was cleared stays cleared when the same
// day is looked at once more.
func TestWhatWasLookedAtIsNotHeldAgain(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.served(w.sun, nearby, 0, 480)
		r := w.served(w.sun, nearby, 480, 30)
		w.decide(w.only(LongDay), StepClearing)
		w.write(func(tx *db.Tx) error {
			event.Append(tx, event.Event{District: district, Community: community, Act: "record.add", Kind: "record", Subject: r.ID})
			return nil
		})
		if f := w.found(); len(f) != 0 {
			t.Errorf("found again: %+v", f)
		}
		w.clock.Set(started.AddDate(0, 0, 8))
		if n := w.counted(w.sun); n != 510 {
			t.Errorf("%d minutes count", n)
		}
	})
}

// TestMoreAfterADecision: a phone or a hand that goes on after somebody has looked is
// found again, for what is new.
func TestMoreAfterADecision(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		n := 0
		checkIn := func(who string) {
			n++
			w.write(func(tx *db.Tx) error {
				order := fmt.Sprint("o", n)
				v := visit.Visit{ID: fmt.Sprint("v", n), OrderID: order, Volunteer: who, State: visit.Open, InAt: tx.Now(), Distance: -1, Grade: visit.GradeC, Device: "phone"}
				event.Append(tx, event.Event{District: district, Community: community, Actor: who, Act: "order.check-in", Kind: "order", Subject: order})
				return visit.Put(tx, district, v)
			})
		}
		for _, who := range []string{"a", "b", "c"} {
			checkIn(who)
		}
		w.decide(w.only(OneDevice), StepClearing)
		checkIn("c")
		if f := w.found(); len(f) != 0 {
			t.Errorf("nobody new: %+v", f)
		}
		checkIn("d")
		if f := w.only(OneDevice); f.Evidence.People != 4 {
			t.Errorf("one more person: %+v", f)
		}
		w.decide(w.only(OneDevice), StepClearing)

		enter := func(many int) {
			for range many {
				n++
				begin := started.Add(-time.Duration(20+n) * time.Hour)
				_, err := record.NewService(w.db).Propose(t.Context(), w.worker, record.Manual{Volunteer: w.sun.Person, Name: "大扫除", Category: "haircut", Content: "打扫",
					StartedAt: begin, EndedAt: begin.Add(30 * time.Minute), Reason: "没电", Proof: "签到表"})
				must(t, "enter", err, "")
			}
		}
		w.set(rule.BulkEntries, 3)
		enter(3)
		w.decide(w.only(BulkEntry), StepClearing)
		enter(2)
		if f := w.found(); len(f) != 0 {
			t.Errorf("two more: %+v", f)
		}
		enter(1)
		if f := w.only(BulkEntry); len(f.Evidence.Entries) != 3 {
			t.Errorf("three more: %+v", f)
		}
	})
}

// TestAJumpIsFoundAtNight: a team's week that looks otherwise because rows of the weeks
// before were taken back, or because the place has another rule, is found without a
// row coming in.
func TestAJumpIsFoundAtNight(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		var before []record.Record
		serve := func(at time.Time, minutes int) {
			w.n++
			before = append(before, w.enter(record.Record{District: district, Source: fmt.Sprint("visit:", w.n), Volunteer: w.sun.Person, Community: community,
				Name: "理发", Category: "haircut", Place: nearby, Content: "理发", StartedAt: at, EndedAt: at.Add(time.Duration(minutes) * time.Minute), Minutes: minutes,
				Grade: "A", Kind: record.FromOrder, Organiser: team, PlacePath: "/"}))
		}
		for week := range weeks {
			serve(started.AddDate(0, 0, -7*(week+1)), 480)
		}
		for day := range 4 {
			serve(started.AddDate(0, 0, day), 300)
		}
		night := func() {
			w.clock.Set(w.clock.Now().AddDate(0, 0, 1))
			must(t, "night", w.s.Daily(t.Context(), district), "")
		}
		w.clock.Set(started.AddDate(0, 0, 4))
		night()
		if f := w.found(); len(f) != 0 {
			t.Fatalf("1200 minutes are less than three times 480: %+v", f)
		}
		for _, r := range before[:2] {
			_, err := record.NewService(w.db).Withdraw(t.Context(), w.officer, r.ID, "没有来")
			must(t, "withdraw", err, "")
		}
		night()
		f := w.only(TeamJump)
		if f.Evidence.Minutes != 1200 || f.Evidence.Usual != 360 || f.Evidence.Day != "2026-11-23" {
			t.Errorf("after two rows were taken back: %+v", f.Evidence)
		}
		w.decide(f, StepClearing)
		night()
		if f := w.found(); len(f) != 0 {
			t.Errorf("found again: %+v", f)
		}
		w.set(rule.JumpHours, 5)
		w.set(rule.JumpPercent, 110)
		night()
		if f := w.only(TeamJump); f.Evidence.Day != "2026-11-02" {
			t.Errorf("by another rule, beside the one that was cleared: %+v", f)
		}
	})
}

// TestNobodyDecidesAboutTheirOwnPhone: who was checked in by the phone does not say
// that it is fine.
func TestNobodyDecidesAboutTheirOwnPhone(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		for i, who := range []access.Who{w.sun, w.li, w.worker} {
			w.write(func(tx *db.Tx) error {
				order := fmt.Sprint("o", i)
				event.Append(tx, event.Event{District: district, Community: community, Act: "order.check-in", Kind: "order", Subject: order})
				return visit.Put(tx, district, visit.Visit{ID: fmt.Sprint("v", i), OrderID: order, Volunteer: who.Person, State: visit.Open, InAt: tx.Now(),
					Distance: -1, Grade: visit.GradeC, Device: "phone"})
			})
		}
		_, err := w.s.Decide(t.Context(), w.worker, w.only(OneDevice).ID, Decision{Outcome: StepClearing, Answer: "x"})
		must(t, "one of them", err, fault.KindForbidden)
	})
}
