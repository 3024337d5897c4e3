package record

import (
	"slices"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// colleague works at the same station.
func (w *town) colleague(name string) (who access.Who) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error { who = w.person(tx, name, access.StationWorker, community); return nil })
	return who
}

// as is somebody with the office of another.
func as(who, office access.Who) access.Who {
	who.Grants = office.Grants
	return who
}

// TestNobodyDecidesAboutWhatIsTheirs: with all the offices in the world, not the
// volunteer, not who objected, not who entered the row.
func TestNobodyDecidesAboutWhatIsTheirs(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		officer := w.officer("冯街")
		e, err := w.s.Propose(t.Context(), w.worker, byHand(w.sun))
		must(t, "enter", err, "")
		_, err = w.s.Approve(t.Context(), officer, e.ID, Judgement{})
		must(t, "approve", err, "")
		r := w.row("manual:" + e.ID)
		o, err := w.s.Object(t.Context(), w.he, Complaint{Record: r.ID, Words: "没来"})
		must(t, "object", err, "")
		for name, who := range map[string]access.Who{"the volunteer": as(w.sun, w.worker), "who objected": as(w.he, w.worker), "who entered it": w.worker} {
			_, err := w.s.Answer(t.Context(), who, o.ID, Decision{Outcome: StepRejection, Answer: "x"})
			must(t, name+" answers", err, fault.KindForbidden)
			if v, err := w.s.ShowObjection(t.Context(), who, o.ID); err != nil || slices.ContainsFunc(v.Actions, func(a Action) bool { return a.Name == StepRejection }) {
				t.Errorf("%s is offered it: %+v %v", name, v.Actions, err)
			}
		}
		_, err = w.s.Retract(t.Context(), w.colleague("许站"), o.ID)
		must(t, "somebody else takes it back", err, fault.KindForbidden)
		_, err = w.s.Correct(t.Context(), as(w.sun, w.worker), r.ID, Correction{Minutes: 30, Reason: "x"})
		must(t, "corrects their own", err, fault.KindForbidden)
		_, err = w.s.Withdraw(t.Context(), as(w.sun, w.worker), r.ID, "x")
		must(t, "withdraws their own", err, fault.KindForbidden)
		_, err = w.s.Answer(t.Context(), w.colleague("郑站"), o.ID, Decision{Outcome: StepRejection, Answer: "问过，来过"})
		must(t, "a colleague answers", err, "")
	})
}

// TestWhoEnteredNeverApproves: not even from another office that they have now.
func TestWhoEnteredNeverApproves(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		officer := w.officer("冯街")
		e, err := w.s.Propose(t.Context(), w.worker, byHand(w.sun))
		must(t, "enter", err, "")
		_, err = w.s.Approve(t.Context(), as(w.worker, officer), e.ID, Judgement{})
		must(t, "moved to the street", err, fault.KindForbidden)
		_, err = w.s.Refuse(t.Context(), as(w.worker, officer), e.ID, Judgement{Answer: "x"})
		must(t, "refuse", err, fault.KindForbidden)
	})
}

// TestAnApprovalThatOverlapsIsRefused: an entry is not called approved when its time is
// taken by then.
func TestAnApprovalThatOverlapsIsRefused(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		e, err := w.s.Propose(t.Context(), w.worker, byHand(w.sun))
		must(t, "enter", err, "")
		w.add(served("1", w.sun, -24*60+30, 60, "A"))
		_, err = w.s.Approve(t.Context(), w.officer("冯街"), e.ID, Judgement{})
		must(t, "approve", err, fault.KindConflict)
		if v, err := w.s.ShowEntry(t.Context(), w.worker, e.ID); err != nil || v.State != string(Open) {
			t.Errorf("%+v %v", v, err)
		}
	})
}

// TestTheFutureIsNotEntered: what goes on has not happened.
func TestTheFutureIsNotEntered(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		m := byHand(w.sun)
		m.StartedAt, m.EndedAt = started.Add(-time.Hour), started
		_, err := w.s.Propose(t.Context(), w.worker, m)
		must(t, "over this moment", err, "")
		m.Volunteer, m.EndedAt = w.li.Person, started.Add(time.Millisecond)
		_, err = w.s.Propose(t.Context(), w.worker, m)
		must(t, "not over", err, fault.KindInvalid)
	})
}

// TestMoreTimeIsOfTheSameService: an entry that stands in the place of a row is no way
// around the last day for another service.
func TestMoreTimeIsOfTheSameService(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, -24*60, 30, "A"))
		w.clock.Set(started.AddDate(0, 2, 0))
		m := byHand(w.sun)
		m.Replaces = w.row("1").ID
		_, err := w.s.Propose(t.Context(), w.worker, m)
		must(t, "the same service, later than ten working days", err, "")
		m.StartedAt, m.EndedAt = m.EndedAt, m.EndedAt.Add(time.Hour)
		_, err = w.s.Propose(t.Context(), w.worker, m)
		must(t, "another service", err, fault.KindInvalid)
		m.Volunteer = w.li.Person
		_, err = w.s.Propose(t.Context(), w.worker, m)
		must(t, "somebody else's row", err, fault.KindInvalid)
	})
}

// TestACorrectionOfLessThanTheSpan: minutes spent may be fewer than from begin to end;
// they still never grow.
func TestACorrectionOfLessThanTheSpan(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		r := served("1", w.sun, 0, 90, "A")
		r.Minutes = 60
		w.add(r)
		_, err := w.s.Correct(t.Context(), w.worker, w.row("1").ID, Correction{Minutes: 61, Reason: "x"})
		must(t, "more", err, fault.KindInvalid)
		v, err := w.s.Correct(t.Context(), w.worker, w.row("1").ID, Correction{StartedAt: r.StartedAt.Add(10 * time.Minute), Reason: "x"})
		if err != nil || v.Minutes != 60 {
			t.Errorf("%+v %v", v, err)
		}
	})
}

// TestACorrectionIsPublicAgain: whatever the old row had behind it.
func TestACorrectionIsPublicAgain(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, 0, 120, "A"))
		w.clock.Set(started.AddDate(0, 1, 0))
		v, err := w.s.Correct(t.Context(), w.worker, w.row("1").ID, Correction{Minutes: 60, Reason: "签退晚了"})
		if want := calendar.AddWorkdays(w.clock.Now(), 3); err != nil || v.CountsAt == nil || !v.CountsAt.Equal(want) || w.sum(w.sun).Counted != 0 {
			t.Errorf("%+v %v, want notice until %v, %d count", v, err, want, w.sum(w.sun).Counted)
		}
	})
}

// TestTrainingsAndAwards: entered with a proof, never one's own, withdrawn with a
// reason, never deleted.
func TestTrainingsAndAwards(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		good := Achievement{Kind: Training, Name: "急救培训", Minutes: 90, Giver: "区红十字会", Day: calendar.DayOf(started), Proof: "看过证书原件"}
		for name, change := range map[string]func(*Achievement){
			"no proof": func(a *Achievement) { a.Proof = " " }, "no name": func(a *Achievement) { a.Name = "" }, "nobody gave it": func(a *Achievement) { a.Giver = "" },
			"tomorrow": func(a *Achievement) { a.Day = a.Day.Add(1) }, "an award of minutes": func(a *Achievement) { a.Kind = Award },
		} {
			a := good
			change(&a)
			_, err := w.s.Attain(t.Context(), w.worker, w.sun.Person, a)
			must(t, name, err, fault.KindInvalid)
		}
		_, err := w.s.Attain(t.Context(), as(w.sun, w.worker), w.sun.Person, good)
		must(t, "their own", err, fault.KindForbidden)
		_, err = w.s.Attain(t.Context(), w.foreign, w.sun.Person, good)
		must(t, "another station", err, fault.KindNotFound)
		v, err := w.s.Attain(t.Context(), w.worker, w.sun.Person, good)
		must(t, "the station", err, "")
		_, err = w.s.Revoke(t.Context(), w.worker, w.sun.Person, v.ID, " ")
		must(t, "without a reason", err, fault.KindInvalid)
		_, err = w.s.Revoke(t.Context(), as(w.sun, w.worker), w.sun.Person, v.ID, "x")
		must(t, "withdraw their own", err, fault.KindForbidden)
		_, err = w.s.Revoke(t.Context(), w.worker, w.sun.Person, v.ID, "名字记错了")
		must(t, "withdraw", err, "")
		_, err = w.s.Revoke(t.Context(), w.worker, w.sun.Person, v.ID, "名字记错了")
		must(t, "twice", err, fault.KindConflict)
		s, err := w.s.Mine(t.Context(), w.sun, Period{}, Cursor{}, 1)
		if err != nil || len(s.Trainings) != 1 || s.Trainings[0].Reason != "名字记错了" || s.Trainings[0].WithdrawnAt.IsZero() {
			t.Errorf("%+v %v", s.Trainings, err)
		}
	})
}
