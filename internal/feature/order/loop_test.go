package order

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/process"
	"linli/internal/feature/points"
	"linli/internal/feature/record"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

func yes() *bool { b := true; return &b }
func no() *bool  { b := false; return &b }

// TestLoop walks one order from the sentence to the books.
func TestLoop(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, helper := context.Background(), w.helpers[0]
		v := must(w.s.Request(ctx, w.elder, Request{Text: "想请人来家里理个发"}))(t)
		if v.State != Requested || v.Category.ID != "haircut" || !v.NeedsCheck || v.Number == "" {
			t.Fatalf("requested: %+v", v)
		}
		if _, err := w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, helper.Person}}}); fault.KindOf(err) != fault.KindConflict {
			t.Fatalf("offer before verification: %v", err)
		}
		v = must(w.s.Verify(ctx, w.worker, v.ID, Verification{Note: "电话里问过了"}))(t)
		ranked := must(w.s.Candidates(ctx, w.worker, v.ID, 10))(t)
		if len(ranked.Items) < 4 || len(ranked.Items[0].Reasons) < 4 {
			t.Fatalf("candidates: %+v", ranked)
		}
		for _, c := range ranked.Items {
			if c.Kind == KindVolunteer && c.Phone != "" && !strings.Contains(c.Phone, "*") {
				t.Errorf("the number of %s stands open among the candidates", c.Name)
			}
		}
		v = must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, helper.Person}}}))(t)
		if v.State != Dispatched || len(v.Offers) != 1 {
			t.Fatalf("dispatched: %+v", v)
		}
		if before := must(w.s.Show(ctx, helper, v.ID))(t); before.Phone != "" || before.Address != "" || before.For.Name != "陈**" {
			t.Fatalf("shown before acceptance: %q %q %q", before.Phone, before.Address, before.For.Name)
		}
		v = must(w.s.Accept(ctx, helper, v.ID, Acceptance{}))(t)
		if v.State != Accepted || v.Phone == "" || v.For.Name != "陈秀英" {
			t.Fatalf("accepted: %+v", v)
		}
		code := must(w.s.HostCode(ctx, w.elder, v.ID))(t)
		x := must(w.s.CheckIn(ctx, helper, v.ID, Presence{Code: code.Code, Position: v.Position}))(t)
		if x.Grade != visit.GradeA {
			t.Fatalf("check-in: %+v", x)
		}
		w.clock.Add(48 * time.Minute)
		x = must(w.s.CheckOut(ctx, helper, v.ID, Presence{}))(t)
		if x.Minutes != 48 || x.Grade != visit.GradeA {
			t.Fatalf("check-out: %+v", x)
		}
		must(w.s.Complete(ctx, helper, v.ID, Completion{Note: "卫生间的灯不亮了"}))(t)
		must(w.s.Evaluate(ctx, helper, v.ID, Opinion{Satisfaction: Satisfied}))(t)
		must(w.s.Evaluate(ctx, w.elder, v.ID, Opinion{Satisfaction: Satisfied, Solved: yes(), Words: "剪得利索"}))(t)
		v = must(w.s.Evaluate(ctx, w.worker, v.ID, Opinion{Satisfaction: Satisfied}))(t)
		if v.State != Evaluated || len(v.Actions) != 0 {
			t.Fatalf("evaluated: %s %v", v.State, v.Actions)
		}
		w.books(helper, 48, 2)
		if after := must(w.s.Show(ctx, helper, v.ID))(t); after.Phone != "" {
			t.Fatal("the telephone stays open after the order is closed")
		}
	})
}

// books checks what stands in a volunteer's record and account.
func (w *town) books(who access.Who, minutes, earned int64) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		r, err := record.Of(tx, district, who.Person, record.Period{}, record.Cursor{}, 10)
		if err != nil {
			return err
		}
		b, err := points.Of(tx, district, who.Person, points.Cursor{}, 10)
		if r.Summary.Total != minutes || b.Balance != earned {
			w.t.Errorf("books of %s: %d minutes, %d points; want %d, %d", who.Name, r.Summary.Total, b.Balance, minutes, earned)
		}
		return err
	})
}

// TestExactlyAsManyAsNeededWin lets everybody accept at once.
func TestExactlyAsManyAsNeededWin(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		v := w.asked(2)
		var to []Candidate
		for _, h := range w.helpers {
			to = append(to, Candidate{KindVolunteer, h.Person})
		}
		must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: to}))(t)
		var wg sync.WaitGroup
		errs := make([]error, len(w.helpers))
		for i, h := range w.helpers {
			wg.Go(func() { _, errs[i] = w.s.Accept(ctx, h, v.ID, Acceptance{}) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case fault.KindOf(err) != fault.KindConflict:
				t.Error(err)
			}
		}
		after := must(w.s.Show(ctx, w.worker, v.ID))(t)
		if won != 2 || after.Taken != 2 || after.State != Accepted {
			t.Fatalf("%d won, taken %d, %s", won, after.Taken, after.State)
		}
		for _, f := range after.Offers {
			if f.State == OfferOpen {
				t.Error("an offer stays open although the order is full")
			}
		}
	})
}

// TestNotSolvedGoesBack keeps an unsolved order open.
func TestNotSolvedGoesBack(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, helper := context.Background(), w.helpers[1]
		v := w.served(helper)
		v = must(w.s.Evaluate(ctx, w.elder, v.ID, Opinion{Satisfaction: Unsatisfied, Solved: no()}))(t)
		if v.State != Returned || v.Taken != 0 {
			t.Fatalf("unsolved: %s, taken %d", v.State, v.Taken)
		}
		b := must(w.s.Board(ctx, w.worker, BoardFilter{Place: community}))(t)
		if len(b.Calls) != 1 || b.Calls[0].Why != callUnsolved {
			t.Fatalf("calls owed: %+v", b.Calls)
		}
		v = must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, w.helpers[2].Person}}}))(t)
		if v.State != Dispatched {
			t.Fatalf("second round: %s", v.State)
		}
	})
}

// served is an order that a helper has just finished, with grade B by position.
func (w *town) served(helper access.Who) View {
	w.t.Helper()
	ctx, v := context.Background(), w.asked(1)
	must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, helper.Person}}}))(w.t)
	v = must(w.s.Accept(ctx, helper, v.ID, Acceptance{}))(w.t)
	must(w.s.CheckIn(ctx, helper, v.ID, Presence{Position: v.Position}))(w.t)
	w.clock.Add(time.Hour)
	must(w.s.CheckOut(ctx, helper, v.ID, Presence{}))(w.t)
	return must(w.s.Complete(ctx, helper, v.ID, Completion{}))(w.t)
}

// TestUnprovenVisitWaitsForTheHost books grade C only with the host's word.
func TestUnprovenVisitWaitsForTheHost(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, helper := context.Background(), w.helpers[0]
		v := w.asked(1)
		must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, helper.Person}}}))(t)
		must(w.s.Accept(ctx, helper, v.ID, Acceptance{}))(t)
		x := must(w.s.CheckIn(ctx, helper, v.ID, Presence{}))(t)
		if x.Grade != visit.GradeC {
			t.Fatalf("grade %s", x.Grade)
		}
		w.clock.Add(30 * time.Minute)
		must(w.s.CheckOut(ctx, helper, v.ID, Presence{}))(t)
		must(w.s.Complete(ctx, helper, v.ID, Completion{}))(t)
		w.clock.Add(30 * 24 * time.Hour)
		w.write(func(tx *db.Tx) error {
			o, _, err := lock(tx, district, v.ID)
			if err != nil {
				return err
			}
			return w.s.limitPassed(tx, o, task{})
		})
		w.books(helper, 0, 0)
		must(w.s.Confirm(ctx, w.elder, v.ID))(t)
		w.books(helper, 30, 1)
	})
}

// TestForgottenCheckOutIsNeverZero proposes capped minutes that the leader or the
// station confirms, never the volunteer.
func TestForgottenCheckOutIsNeverZero(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, helper := context.Background(), w.helpers[0]
		v := w.asked(1)
		must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, helper.Person}}}))(t)
		v = must(w.s.Accept(ctx, helper, v.ID, Acceptance{}))(t)
		x := must(w.s.CheckIn(ctx, helper, v.ID, Presence{Position: v.Position}))(t)
		w.clock.Add(5 * time.Hour)
		w.write(func(tx *db.Tx) error {
			o, _, err := lock(tx, district, v.ID)
			if err != nil {
				return err
			}
			return w.s.visitForgotten(tx, o, task{Visit: x.ID})
		})
		if _, err := w.s.Settle(ctx, helper, v.ID, Settlement{Visit: x.ID}); fault.KindOf(err) != fault.KindForbidden {
			t.Fatalf("settled by the volunteer: %v", err)
		}
		done := must(w.s.Settle(ctx, w.worker, v.ID, Settlement{Visit: x.ID}))(t)
		if done.Minutes <= 0 || done.Minutes > 240 || done.State != visit.Done {
			t.Fatalf("proposal: %+v", done)
		}
	})
}

// TestWrongCodesAreCounted stops guessing after five tries.
func TestWrongCodesAreCounted(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, helper := context.Background(), w.helpers[0]
		v := w.asked(1)
		must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, helper.Person}}}))(t)
		must(w.s.Accept(ctx, helper, v.ID, Acceptance{}))(t)
		right := must(w.s.HostCode(ctx, w.elder, v.ID))(t).Code
		wrong := "0000"
		for codeNear(w, v.ID, wrong) {
			wrong = string(wrong[0]+1) + wrong[1:]
		}
		for range visit.FailuresMost + 1 { // a neighbour learns nothing, and locks nobody out
			if _, err := w.s.CheckIn(ctx, w.helpers[1], v.ID, Presence{Code: wrong}); fault.KindOf(err) != fault.KindForbidden {
				t.Fatalf("somebody else tries a code: %v", err)
			}
		}
		for range visit.FailuresMost {
			if _, err := w.s.CheckIn(ctx, helper, v.ID, Presence{Code: wrong}); fault.KindOf(err) != fault.KindInvalid {
				t.Fatalf("wrong code: %v", err)
			}
		}
		if _, err := w.s.CheckIn(ctx, helper, v.ID, Presence{Code: right}); fault.KindOf(err) != fault.KindConflict {
			t.Fatalf("after too many tries: %v", err)
		}
		must(w.s.CheckIn(ctx, helper, v.ID, Presence{}))(t)
	})
}

func codeNear(w *town, id, code string) bool {
	holds := false
	w.write(func(tx *db.Tx) error {
		o, _, err := read(tx, district, id)
		holds = visit.CodeHolds(o.CodeSecret, code, tx.Now())
		return err
	})
	return holds
}

// TestOthersSeeNothing answers other people's ids as if they did not exist.
func TestOthersSeeNothing(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, v := context.Background(), w.asked(1)
		for name, who := range map[string]access.Who{"a resident": w.daughter, "another community's station": w.foreign} {
			if _, err := w.s.Show(ctx, who, v.ID); fault.KindOf(err) != fault.KindNotFound {
				t.Errorf("%s sees it: %v", name, err)
			}
			if _, err := w.s.Cancel(ctx, who, v.ID, Cancellation{}); fault.KindOf(err) != fault.KindNotFound {
				t.Errorf("%s cancels it: %v", name, err)
			}
		}
	})
}

// TestRefusedGoesToTheNextWave asks on by itself and at last comes back to the
// worker.
func TestRefusedGoesToTheNextWave(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, v := context.Background(), w.asked(1)
		must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, w.helpers[0].Person}}}))(t)
		if _, err := w.s.Refuse(ctx, w.helpers[0], v.ID, Refusal{}); fault.KindOf(err) != fault.KindInvalid {
			t.Fatalf("refusal without a reason: %v", err)
		}
		must(w.s.Refuse(ctx, w.helpers[0], v.ID, Refusal{Reason: "那天没空"}))(t)
		next := w.wave(v.ID)
		if len(next.Offers) < 2 || next.State != Dispatched {
			t.Fatalf("after the refusal: %s, %d offers", next.State, len(next.Offers))
		}
		for range 4 {
			w.clock.Add(25 * time.Hour)
			w.lapseAll(v.ID)
			next = w.wave(v.ID)
		}
		if next.State != Returned {
			t.Fatalf("after all waves: %s", next.State)
		}
	})
}

// wave runs the job of the next wave, as the runner would.
func (w *town) wave(id string) View {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		o, _, err := lock(tx, district, id)
		if err != nil {
			return err
		}
		return w.s.nextWave(tx, o, task{})
	})
	return must(w.s.Show(context.Background(), w.worker, id))(w.t)
}

func (w *town) lapseAll(id string) {
	w.t.Helper()
	v := must(w.s.Show(context.Background(), w.worker, id))(w.t)
	for _, f := range v.Offers {
		if f.State != OfferOpen {
			continue
		}
		w.write(func(tx *db.Tx) error {
			o, _, err := lock(tx, district, id)
			if err != nil {
				return err
			}
			return w.s.offerLapsed(tx, o, task{Offer: f.ID})
		})
	}
}

// TestTable finds mistakes in the step table itself.
func TestTable(t *testing.T) {
	for _, bad := range Process.Check() {
		t.Error(bad)
	}
	ends := []process.State{Evaluated, Cancelled}
	for _, s := range Process.States {
		if s.End != slices.Contains(ends, s.Name) {
			t.Errorf("%s: end is %v", s.Name, s.End)
		}
	}
}

// TestForgottenAtTheLastDoor: who goes on to the next door without a check-out is
// let in, and the first visit ends as a proposal before the second begins.
func TestForgottenAtTheLastDoor(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, helper := context.Background(), w.helpers[0]
		first, second := w.asked(1), w.asked(1)
		for _, v := range []View{first, second} {
			must(w.s.Accept(ctx, helper, v.ID, Acceptance{}))(t)
		}
		left := must(w.s.CheckIn(ctx, helper, first.ID, Presence{}))(t)
		if _, err := w.s.CheckIn(ctx, helper, first.ID, Presence{}); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("twice at one door: %v", err)
		}
		w.clock.Add(20 * time.Minute)
		here := must(w.s.CheckIn(ctx, helper, second.ID, Presence{}))(t)
		got := must(w.s.Show(ctx, w.worker, first.ID))(t).Visits
		if len(got) != 1 || got[0].State != visit.Proposed || got[0].Minutes < 1 || got[0].OutAt.After(here.InAt) {
			t.Fatalf("the first visit: %+v", got)
		}
		done := must(w.s.Settle(ctx, w.worker, first.ID, Settlement{Visit: left.ID}))(t)
		if done.State != visit.Done || done.Minutes != got[0].Minutes {
			t.Errorf("settled: %+v", done)
		}
	})
}
