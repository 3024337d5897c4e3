package record

import (
	"sync"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// byHand is an entry of one hour on the day before the tests start.
func byHand(who access.Who) Manual {
	begin := started.AddDate(0, 0, -1)
	return Manual{
		Volunteer: who.Person, Name: "大扫除", Category: "haircut", Content: "打扫楼道", StartedAt: begin, EndedAt: begin.Add(time.Hour),
		Reason: "手机没电", Proof: "签到表上有签名",
	}
}

// TestAManualEntryNeedsASecondUnit: not who entered it, not the volunteer, not a
// colleague.
func TestAManualEntryNeedsASecondUnit(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		officer := w.officer("冯街")
		colleague := w.worker
		w.write(func(tx *db.Tx) error { colleague = w.person(tx, "许站", access.StationWorker, community); return nil })
		both := colleague // of the street and of the community
		both.Grants = append(both.Grants, officer.Grants[0])
		e, err := w.s.Propose(t.Context(), w.worker, byHand(w.sun))
		must(t, "the station enters", err, "")
		for name, c := range map[string]struct {
			who  access.Who
			kind fault.Kind
		}{
			"who entered it": {w.worker, fault.KindForbidden}, "a colleague": {colleague, fault.KindForbidden}, "a colleague with two offices": {both, fault.KindForbidden},
			"the volunteer": {w.sun, fault.KindForbidden}, "a neighbour": {w.he, fault.KindNotFound}, "another station": {w.foreign, fault.KindNotFound},
		} {
			_, err := w.s.Approve(t.Context(), c.who, e.ID, Judgement{})
			must(t, name, err, c.kind)
		}
		if s := w.sum(w.sun); s.Count != 0 {
			t.Fatalf("recorded before it was approved: %+v", s)
		}
		v, err := w.s.Approve(t.Context(), officer, e.ID, Judgement{Answer: "签到表对得上"})
		if err != nil || v.State != string(Approved) || v.DecidedFor.ID != "130104016000" || v.EnteredFor[0].ID != community {
			t.Fatalf("%+v %v", v, err)
		}
		r := w.row("manual:" + e.ID)
		if r.Grade != "M" || r.Kind != FromHand || r.Minutes != 60 || r.EnteredBy != w.worker.Person || !r.CountsAt.Equal(calendar.AddWorkdays(started, 3)) {
			t.Errorf("row %+v", r)
		}
		if s := w.sum(w.sun); s.Counted != 0 || s.Total != 60 || s.Grade["M"] != 60 {
			t.Errorf("before the notice is over: %+v", s)
		}
		_, err = w.s.Approve(t.Context(), officer, e.ID, Judgement{})
		must(t, "twice", err, fault.KindConflict)
	})
}

// TestNobodyApprovesTheirOwn: an officer who serves as a volunteer does not approve
// their own hours.
func TestNobodyApprovesTheirOwn(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		officer := w.officer("冯街")
		e, err := w.s.Propose(t.Context(), w.worker, byHand(officer))
		must(t, "enter", err, "")
		_, err = w.s.Approve(t.Context(), officer, e.ID, Judgement{})
		must(t, "their own", err, fault.KindForbidden)
		_, err = w.s.Withdraw(t.Context(), officer, "no-such", "x")
		must(t, "nothing", err, fault.KindNotFound)
	})
}

func TestWhatAManualEntryNeeds(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		late := started.AddDate(0, 0, -15) // a Sunday: more than ten working days
		for name, change := range map[string]func(*Manual){
			"no proof":           func(m *Manual) { m.Proof = "" },
			"no reason":          func(m *Manual) { m.Reason = "" },
			"no content":         func(m *Manual) { m.Content = " " },
			"unknown service":    func(m *Manual) { m.Category = "magic" },
			"ends before":        func(m *Manual) { m.EndedAt = m.StartedAt.Add(-time.Hour) },
			"in the future":      func(m *Manual) { m.EndedAt = started.Add(time.Hour) },
			"longer than a day":  func(m *Manual) { m.StartedAt = m.EndedAt.Add(-25 * time.Hour) },
			"more than spent":    func(m *Manual) { m.Minutes = 61 },
			"nobody":             func(m *Manual) { m.Volunteer = "x" },
			"unknown place":      func(m *Manual) { m.Place = "130104999999" },
			"after ten workdays": func(m *Manual) { m.StartedAt, m.EndedAt = late, late.Add(time.Hour) },
		} {
			m := byHand(w.sun)
			change(&m)
			_, err := w.s.Propose(t.Context(), w.worker, m)
			must(t, name, err, fault.KindInvalid)
		}
		m := byHand(w.sun)
		m.Proof = ""
		_, err := w.s.Propose(t.Context(), w.worker, m, Photo{ID: "p1", Mime: "image/png", Data: []byte("x")})
		must(t, "a picture is a proof", err, "")
		_, err = w.s.Propose(t.Context(), w.sun, byHand(w.sun))
		must(t, "a volunteer", err, fault.KindForbidden)
		_, err = w.s.Propose(t.Context(), w.foreign, byHand(w.sun))
		if err == nil {
			t.Error("another station enters")
		}
	})
}

// TestTheLastDayOfAManualEntry: ten working days, to the last millisecond.
func TestTheLastDayOfAManualEntry(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		m := byHand(w.sun)
		end := calendar.AddWorkdays(m.EndedAt, 10)
		w.clock.Set(end)
		_, err := w.s.Propose(t.Context(), w.worker, m)
		must(t, "afterwards", err, fault.KindInvalid)
		w.clock.Set(end.Add(-time.Millisecond))
		_, err = w.s.Propose(t.Context(), w.worker, m)
		must(t, "on the last day", err, "")
	})
}

// TestAManualEntryNeverOverlaps: neither when it is entered nor when it is approved,
// also at the same time.
func TestAManualEntryNeverOverlaps(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		officer := w.officer("冯街")
		day := -24 * 60
		w.add(served("1", w.sun, day+30, 60, "A"))
		_, err := w.s.Propose(t.Context(), w.worker, byHand(w.sun))
		must(t, "in the time of another", err, fault.KindConflict)
		var ids []string
		for range 4 {
			e, err := w.s.Propose(t.Context(), w.worker, byHand(w.li))
			must(t, "free so far", err, "")
			ids = append(ids, e.ID)
		}
		var all sync.WaitGroup
		for _, id := range ids {
			all.Go(func() {
				if _, err := w.s.Approve(t.Context(), officer, id, Judgement{}); err != nil {
					must(t, "the losers", err, fault.KindConflict)
				}
			})
		}
		all.Wait()
		if s := w.sum(w.li); s.Count != 1 || s.Total != 60 {
			t.Errorf("sums %+v", s)
		}
	})
}

// TestMoreTimeByHand: an entry can stand in the place of a row, with more time.
func TestMoreTimeByHand(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		officer := w.officer("冯街")
		w.add(served("1", w.sun, -24*60, 30, "A"))
		m := byHand(w.sun)
		m.Replaces = w.row("1").ID
		e, err := w.s.Propose(t.Context(), w.worker, m)
		must(t, "enter", err, "")
		_, err = w.s.Approve(t.Context(), officer, e.ID, Judgement{})
		must(t, "approve", err, "")
		if p, minutes := w.purse(w.sun); w.sum(w.sun).Total != 60 || minutes != 60 || p.Balance != 2 {
			t.Errorf("%+v %d %+v", w.sum(w.sun), minutes, p)
		}
		if r := w.row("instead:" + m.Replaces); r.Grade != "M" || r.Kind != FromHand {
			t.Errorf("row %+v", r)
		}
	})
}

func TestRefusedAndTakenBack(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		officer := w.officer("冯街")
		e, err := w.s.Propose(t.Context(), w.worker, byHand(w.sun))
		must(t, "enter", err, "")
		_, err = w.s.Refuse(t.Context(), officer, e.ID, Judgement{})
		must(t, "without a reason", err, fault.KindInvalid)
		_, err = w.s.TakeUp(t.Context(), officer, e.ID)
		must(t, "somebody else's", err, fault.KindConflict)
		v, err := w.s.Refuse(t.Context(), officer, e.ID, Judgement{Answer: "照片不是那天的"})
		if err != nil || v.State != string(Refused) {
			t.Errorf("%+v %v", v, err)
		}
		e, err = w.s.Propose(t.Context(), w.worker, byHand(w.sun))
		must(t, "again", err, "")
		v, err = w.s.TakeUp(t.Context(), w.worker, e.ID)
		if err != nil || v.State != string(TakenUp) || w.sum(w.sun).Count != 0 {
			t.Errorf("%+v %v", v, err)
		}
	})
}
