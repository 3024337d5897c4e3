package order

import (
	"context"
	"io"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/auth/sms"
	"linli/internal/core/event"
	"linli/internal/core/person"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/job"
)

const (
	theStreet     = "130104007000"
	anotherStreet = "130104008000"
)

// untilTuesdayEnds is the time from started to the end of the first limit.
const untilTuesdayEnds = 39 * time.Hour

// officer makes somebody who works at a street and has the role in the books.
func (w *town) officer(name, phone, street string) (who access.Who) {
	w.t.Helper()
	roles, err := auth.New(auth.Options{DB: w.db, SMS: sms.NewConsole(io.Discard), Secret: make([]byte, 32), Cost: auth.Cost{MemoryKiB: 64, Passes: 1}})
	if err != nil {
		w.t.Fatal(err)
	}
	w.write(func(tx *db.Tx) error {
		p, err := person.InsertOfficial(tx, person.Person{Name: name, Phone: phone, Place: street})
		if err != nil {
			return err
		}
		held, err := roles.Grant(tx, access.System(), auth.Appointment{District: district, Person: p.ID, Role: access.StreetOfficer, Place: street})
		who = access.Who{Person: p.ID, Name: name, District: district, Grants: []access.Grant{held.Grant}}
		return err
	})
	return who
}

// deadlines lets pass what is due.
func (w *town) deadlines() {
	w.t.Helper()
	r := job.NewRunner(w.db, event.Districts, job.Options{})
	for kind, h := range w.s.Jobs() {
		r.Handle(kind, h)
	}
	if _, err := r.Once(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// reported is how many orders an officer sees as reported to the street.
func (w *town) reported(who access.Who) int {
	w.t.Helper()
	items, _, err := w.s.List(context.Background(), who, Filter{Street: true, Limit: 20})
	if err != nil {
		w.t.Fatal(err)
	}
	n, err := w.s.EscalatedFor(context.Background(), who)
	if err != nil || n != len(items) {
		w.t.Errorf("%d in the list, counted %d, %v", len(items), n, err)
	}
	for _, v := range items {
		if !v.Escalated || !v.Late {
			w.t.Errorf("%s in the list is late: %v, reported: %v", v.Number, v.Late, v.Escalated)
		}
	}
	return n
}

// times counts the lines of an order's timeline that say a step.
func (w *town) times(id, act string) (n int) {
	for _, m := range must(w.s.Show(context.Background(), w.worker, id))(w.t).Timeline {
		if m.Act == act {
			n++
		}
	}
	return n
}

// TestOverdueReachesTheStreet: first the station's board, then the street, by
// themselves and once; what takes the order further takes it from the street.
func TestOverdueReachesTheStreet(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		officer, other := w.officer("冯志远", "13000000021", theStreet), w.officer("鲁大海", "13000000022", anotherStreet)
		l := w.listen(map[string]access.Who{"officer": officer, "other": other})
		v := w.asked(1)
		w.clock.Add(untilTuesdayEnds)
		w.deadlines()
		l.expect("elder 等久了，服务站在加急办")
		if w.times(v.ID, StepOverdue) != 1 || w.times(v.ID, StepEscalation) != 0 || w.reported(officer) != 0 {
			t.Error("after the limit it is the station's")
		}

		w.clock.Add(24*time.Hour - time.Minute)
		w.deadlines()
		if w.reported(officer) != 0 {
			t.Error("the street is told before its time")
		}
		w.clock.Add(time.Minute)
		w.deadlines()
		w.deadlines()
		l.expect("officer 超过期限还没办，请街道过问")
		if w.times(v.ID, StepEscalation) != 1 || w.reported(officer) != 1 || w.reported(other) != 0 {
			t.Errorf("told %d times, %d reported here, %d elsewhere", w.times(v.ID, StepEscalation), w.reported(officer), w.reported(other))
		}
		w.write(func(tx *db.Tx) error {
			o, _, err := lock(tx, district, v.ID)
			if err != nil {
				return err
			}
			return w.s.EscalateTx(tx, o)
		})
		if w.times(v.ID, StepEscalation) != 1 {
			t.Error("reported twice for one limit")
		}

		must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, w.helpers[0].Person}}}))(t)
		if w.reported(officer) != 0 {
			t.Error("the station has acted, and the street still has it")
		}
		must(w.s.Accept(ctx, w.helpers[0], v.ID, Acceptance{}))(t)
		w.clock.Add(9 * 24 * time.Hour)
		w.deadlines()
		w.clock.Add(4 * 24 * time.Hour)
		w.deadlines()
		if w.times(v.ID, StepEscalation) != 2 || w.reported(officer) != 1 {
			t.Errorf("the second limit: told %d times", w.times(v.ID, StepEscalation))
		}
		must(w.s.Cancel(ctx, w.elder, v.ID, Cancellation{Reason: "不用了"}))(t)
		if w.reported(officer) != 0 {
			t.Error("a cancelled order stays with the street")
		}
	})
}

// TestThePlaceSaysWhen: the further limit is a rule with versions, like all others.
func TestThePlaceSaysWhen(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		officer := w.officer("冯志远", "13000000021", theStreet)
		w.write(func(tx *db.Tx) error {
			return rule.Set(tx, district, theStreet, rule.StreetWorkdays, 2, tx.Now(), officer.Person)
		})
		v := w.asked(1)
		w.clock.Add(untilTuesdayEnds)
		w.deadlines()
		for _, want := range []int{0, 1, 1} {
			w.clock.Add(24 * time.Hour)
			w.deadlines()
			if got := w.times(v.ID, StepEscalation); got != want {
				t.Errorf("on %s told %d times, want %d", w.clock.Now(), got, want)
			}
		}
	})
}
