package record

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/ledger"
	"linli/internal/feature/points"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// must fails the test when an answer is not of the wanted kind; an empty kind is
// success.
func must(t *testing.T, what string, err error, kind fault.Kind) {
	t.Helper()
	if kind == "" && err != nil || kind != "" && (err == nil || fault.KindOf(err) != kind) {
		t.Errorf("%s: %v, want %q", what, err, kind)
	}
}

// street is an officer of the street: another unit than the community.
func (w *town) officer(name string) (who access.Who) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		who = w.person(tx, name, access.StreetOfficer, community)
		who.Grants[0].Place = "130104016000"
		who.Grants[0].Path = who.Grants[0].Path[:len(who.Grants[0].Path)-len(community)-1]
		return nil
	})
	return who
}

// purse is somebody's points and minutes in the books.
func (w *town) purse(who access.Who) (p points.Purse, minutes int64) {
	w.t.Helper()
	w.write(func(tx *db.Tx) (err error) {
		if p, err = points.PurseOf(tx, district, who.Person); err != nil {
			return err
		}
		minutes, err = ledger.Balance(tx, district, points.Earned(who.Person, points.Minutes))
		return err
	})
	return p, minutes
}

// TestACorrectionIsANewRow: the old row stays, the sums and books follow the new one.
func TestACorrectionIsANewRow(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, 0, 120, "A"))
		old := w.row("1")
		v, err := w.s.Correct(t.Context(), w.worker, old.ID, Correction{Minutes: 60, Reason: "签退晚了"})
		must(t, "the station", err, "")
		if v.Replaces != old.ID || v.Minutes != 60 || v.Reason != "签退晚了" || v.EnteredBy.ID != w.worker.Person || v.Standing != string(InNotice) {
			t.Errorf("the new row: %+v", v)
		}
		if again := w.row("1"); again != old {
			t.Errorf("the old row has changed: %+v", again)
		}
		s := w.sum(w.sun)
		if p, minutes := w.purse(w.sun); s.Total != 60 || s.Year != 60 || s.Count != 1 || minutes != 60 || p.Balance != 2 {
			t.Errorf("sums %+v, books %d minutes, %+v", s, minutes, p)
		}
		row, err := w.s.Row(t.Context(), w.worker, old.ID)
		if err != nil || row.Standing != string(Corrected) || row.Successor != v.ID {
			t.Errorf("the old row says %+v, %v", row, err)
		}
		_, err = w.s.Correct(t.Context(), w.worker, old.ID, Correction{Minutes: 30, Reason: "x"})
		must(t, "once more", err, fault.KindConflict)
		_, err = w.s.Correct(t.Context(), w.worker, v.ID, Correction{Minutes: 30, Reason: "x"})
		must(t, "the new one in turn", err, "")
		if s := w.sum(w.sun); s.Total != 30 {
			t.Errorf("after the second correction: %+v", s)
		}
	})
}

// TestACorrectionNeverAddsTime: what adds goes the way of a manual entry.
func TestACorrectionNeverAddsTime(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, 0, 60, "A"))
		r := w.row("1")
		for name, c := range map[string]Correction{
			"more minutes":   {Minutes: 61, Reason: "x"},
			"earlier":        {StartedAt: r.StartedAt.Add(-time.Minute), Reason: "x"},
			"later":          {EndedAt: r.EndedAt.Add(time.Minute), Reason: "x"},
			"no reason":      {Minutes: 30},
			"more than span": {StartedAt: r.StartedAt.Add(50 * time.Minute), Minutes: 20, Reason: "x"},
		} {
			_, err := w.s.Correct(t.Context(), w.worker, r.ID, c)
			must(t, name, err, fault.KindInvalid)
		}
		for name, c := range map[string]struct {
			who  access.Who
			kind fault.Kind
		}{"herself": {w.sun, fault.KindForbidden}, "a neighbour": {w.he, fault.KindNotFound}, "another station": {w.foreign, fault.KindNotFound}} {
			_, err := w.s.Correct(t.Context(), c.who, r.ID, Correction{Minutes: 30, Reason: "x"})
			must(t, name, err, c.kind)
		}
		if s := w.sum(w.sun); s.Total != 60 {
			t.Errorf("sums %+v", s)
		}
	})
}

// TestAWithdrawalIsANewRow: nothing is deleted, and the time is free again.
func TestAWithdrawalIsANewRow(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, 0, 120, "A"))
		old := w.row("1")
		_, err := w.s.Withdraw(t.Context(), w.worker, old.ID, "")
		must(t, "without a reason", err, fault.KindInvalid)
		v, err := w.s.Withdraw(t.Context(), w.worker, old.ID, "人没有来")
		if err != nil || v.Standing != string(Withdrawn) {
			t.Fatalf("%+v, %v", v, err)
		}
		if p, minutes := w.purse(w.sun); w.sum(w.sun).Total != 0 || minutes != 0 || p.Balance != 0 {
			t.Errorf("%+v, %d minutes, %+v", w.sum(w.sun), minutes, p)
		}
		if again := w.row("1"); again != old {
			t.Errorf("the old row has changed: %+v", again)
		}
		_, err = w.s.Withdraw(t.Context(), w.worker, old.ID, "x")
		must(t, "twice", err, fault.KindConflict)
		_, err = w.s.Withdraw(t.Context(), w.worker, w.row("instead:"+old.ID).ID, "x")
		must(t, "the withdrawal itself", err, fault.KindConflict)
		if !w.add(served("2", w.sun, 30, 60, "A")) {
			t.Error("the time of a withdrawn row is not free")
		}
	})
}

// TestTwoChangesOfOneRowRace: one wins, whatever the engine.
func TestTwoChangesOfOneRowRace(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		for round := range 5 {
			source := fmt.Sprint(round)
			w.add(served(source, w.sun, round*200, 120, "A"))
			r := w.row(source)
			var won sync.Map
			var all sync.WaitGroup
			for side := range 6 {
				all.Go(func() {
					var err error
					if side%2 == 0 {
						_, err = w.s.Withdraw(t.Context(), w.worker, r.ID, "x")
					} else {
						_, err = w.s.Correct(t.Context(), w.worker, r.ID, Correction{Minutes: 10 * side, Reason: "x"})
					}
					if err == nil {
						won.Store(side, true)
					} else {
						must(t, "the loser", err, fault.KindConflict)
					}
				})
			}
			all.Wait()
			n := 0
			won.Range(func(any, any) bool { n++; return true })
			if n != 1 {
				t.Errorf("%d changes of one row", n)
			}
		}
	})
}

// TestAnObjectionHoldsTheRow: while it is open the row does not count and its points
// cannot be spent; rejected, both come back when the notice ends.
func TestAnObjectionHoldsTheRow(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, -120, 120, "A"))
		r := w.row("1")
		o, err := w.s.Object(t.Context(), w.he, Complaint{Record: r.ID, Words: "那天下午他在外地"})
		must(t, "a neighbour objects", err, "")
		if want := calendar.AddWorkdays(started, 10); o.Kind != AgainstNotice || !o.DueAt.Equal(want) || o.Record.Standing != string(Held) {
			t.Errorf("objection %+v, want answer by %v", o, want)
		}
		_, err = w.s.Object(t.Context(), w.he, Complaint{Record: r.ID, Words: "又"})
		must(t, "twice", err, fault.KindConflict)
		w.clock.Set(started.AddDate(0, 1, 0))
		if p, _ := w.purse(w.sun); w.sum(w.sun).Counted != 0 || p.Held != p.Balance || p.Balance != 4 {
			t.Errorf("counted %d, purse %+v", w.sum(w.sun).Counted, p)
		}
		if v, err := w.s.ShowObjection(t.Context(), w.he, o.ID); err != nil || !v.Late {
			t.Errorf("after its day: %+v %v", v, err)
		}
		for name, who := range map[string]access.Who{"who objected": w.he, "the volunteer": w.sun} {
			_, err := w.s.Answer(t.Context(), who, o.ID, Decision{Outcome: StepRejection, Answer: "x"})
			must(t, name, err, fault.KindForbidden)
		}
		_, err = w.s.Answer(t.Context(), w.worker, o.ID, Decision{Outcome: StepRejection})
		must(t, "without a word", err, fault.KindInvalid)
		_, err = w.s.Answer(t.Context(), w.worker, o.ID, Decision{Outcome: StepRejection, Answer: "问过两边，没错"})
		must(t, "the station", err, "")
		if p, _ := w.purse(w.sun); w.sum(w.sun).Counted != 120 || p.Held != 0 {
			t.Errorf("afterwards counted %d, purse %+v", w.sum(w.sun).Counted, p)
		}
		_, err = w.s.Answer(t.Context(), w.worker, o.ID, Decision{Outcome: StepWithdrawal, Answer: "x"})
		must(t, "an answer twice", err, fault.KindConflict)
		_, err = w.s.Object(t.Context(), w.he, Complaint{Record: r.ID, Words: "晚了"})
		must(t, "after the notice", err, fault.KindNotFound)
	})
}

// TestAnObjectionThatIsRight corrects or withdraws the row.
func TestAnObjectionThatIsRight(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, 0, 120, "A"))
		w.add(served("2", w.sun, 200, 60, "A"))
		one, err := w.s.Object(t.Context(), w.he, Complaint{Record: w.row("1").ID, Words: "只来了一个小时"})
		must(t, "object", err, "")
		_, err = w.s.Answer(t.Context(), w.worker, one.ID, Decision{Outcome: StepCorrection, Answer: "属实", Correction: Correction{Minutes: 60}})
		must(t, "correct", err, "")
		two, err := w.s.Object(t.Context(), w.li, Complaint{Record: w.row("2").ID, Words: "没来"})
		must(t, "object", err, "")
		_, err = w.s.Answer(t.Context(), w.worker, two.ID, Decision{Outcome: StepWithdrawal, Answer: "属实"})
		must(t, "withdraw", err, "")
		if s := w.sum(w.sun); s.Total != 60 || s.Count != 1 {
			t.Errorf("sums %+v", s)
		}
		w.clock.Set(started.AddDate(0, 1, 0))
		if s := w.sum(w.sun); s.Counted != 60 {
			t.Errorf("counted %+v", s)
		}
	})
}

// TestOnesOwnWishForACorrection: at any time, and it holds nothing.
func TestOnesOwnWishForACorrection(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, -120, 120, "A"))
		w.clock.Set(started.AddDate(0, 1, 0))
		o, err := w.s.Object(t.Context(), w.sun, Complaint{Record: w.row("1").ID, Words: "其实 90 分钟"})
		if err != nil || o.Kind != OwnWish || w.sum(w.sun).Counted != 120 {
			t.Fatalf("%+v %v", o, err)
		}
		v, err := w.s.Retract(t.Context(), w.sun, o.ID)
		if err != nil || v.State != string(TakenUp) {
			t.Errorf("%+v %v", v, err)
		}
		_, err = w.s.Object(t.Context(), w.li, Complaint{Record: w.row("1").ID, Words: "x"})
		must(t, "somebody else's row after its notice", err, fault.KindNotFound)
	})
}

// TestTwoRowsInOneTimeRace: entries of one person in one time, from many sides at
// once: one stands, on both engines.
func TestTwoRowsInOneTimeRace(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		for round := range 5 {
			var all sync.WaitGroup
			for side := range 8 {
				all.Go(func() {
					r := served(fmt.Sprint(round, "-", side), w.sun, round*200+side, 60, "A")
					if err := w.db.Write(t.Context(), func(tx *db.Tx) error { return book(tx, r) }); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
			if s := w.sum(w.sun); s.Count != int64(round+1) {
				t.Fatalf("round %d: %d rows", round, s.Count)
			}
		}
	})
}
