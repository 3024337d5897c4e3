package demo

import (
	"slices"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/core/process"
	"linli/internal/feature/order"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// TestTheLoadingSurvivesWhoActsMeanwhile cancels orders of 塔谈 whose past is still
// being loaded: they stay cancelled, and everything else is loaded.
func TestTheLoadingSurvivesWhoActsMeanwhile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		demo, a := move(t, d, 1, little)
		p := smallTatan(t, demo, a)
		told := newPast(p, demo.now, demo.mark.Seed)
		told.year()
		if err := told.signUp(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		early, late := told.cut(demo.now.AddDate(0, 0, -20))
		if left, err := early.take(t.Context(), d, a.Orders); err != nil || left > 0 {
			t.Fatalf("%d left, %v", left, err)
		}
		meddled := cancelOpen(t, a, p)
		left, err := late.take(t.Context(), d, a.Orders)
		if err != nil {
			t.Fatal(err)
		}
		if left == 0 || left > len(meddled) {
			t.Errorf("%d orders were cancelled meanwhile, %d were left", len(meddled), left)
		}
		for _, id := range meddled {
			if n := count(t, d, `SELECT count(*) FROM service_order WHERE id = $1 AND state = 'cancelled'`, id); n != 1 {
				t.Errorf("what somebody cancelled is cancelled %d times", n)
			}
		}
		if n := count(t, d, `SELECT count(*) FROM service_order WHERE community = $1 AND state = 'evaluated'`, p.id); n < 10 {
			t.Errorf("only %d orders of the past were loaded to their end", n)
		}
		holds(t, d)
	}, dbtest.Clock(clock.NewManual(monday)))
}

// smallTatan loads the people of a small 塔谈, without their past.
func smallTatan(t *testing.T, demo *Demo, a *app.App) *people {
	t.Helper()
	s := tatan
	s.households, s.residents, s.volunteers, s.orders, s.monthly = 120, 280, 40, 15, 4
	p, err := demo.planOther(t.Context(), a.DB, s)
	if err == nil {
		err = p.load(t.Context(), a)
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// cut parts a past at a moment.
func (p *past) cut(at time.Time) (early, late *past) {
	before, after := *p, *p
	before.steps = slices.DeleteFunc(slices.Clone(p.steps), func(s step) bool { return s.at.After(at) })
	after.steps = slices.DeleteFunc(slices.Clone(p.steps), func(s step) bool { return !s.at.After(at) })
	return &before, &after
}

// cancelOpen cancels what the past has left open so far, as the API would.
func cancelOpen(t *testing.T, a *app.App, p *people) (ids []string) {
	t.Helper()
	open := order.Filter{Place: p.id, Limit: 100, States: []process.State{order.Requested, order.Verified, order.Dispatched, order.Accepted, order.Returned}}
	list, _, err := a.Orders.List(t.Context(), p.worker, open)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range list {
		if _, err := a.Orders.Cancel(t.Context(), p.worker, v.ID, order.Cancellation{Reason: "不用了，刚才办好了。"}); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, v.ID)
	}
	return ids
}

// eachPartIsAlive asks for something of every kind, as a visitor would.
func eachPartIsAlive(t testing.TB, d *db.DB) {
	t.Helper()
	for what, query := range map[string]string{
		"a star that was given":     `SELECT count(*) FROM star_case WHERE state = 'given'`,
		"a star that waits":         `SELECT count(*) FROM star_case WHERE state = 'proposed'`,
		"an honour":                 `SELECT count(*) FROM honour_nominee`,
		"a long day to be found":    `SELECT count(*) FROM service_record WHERE minutes > 480`,
		"a spot check with results": `SELECT count(DISTINCT month) FROM spot_check WHERE state = 'passed'`,
		"one that waits":            `SELECT count(*) FROM spot_check WHERE state = 'open'`,
		"an objection":              `SELECT count(*) FROM objection WHERE state = 'open'`,
		"a coupon":                  `SELECT count(*) FROM coupon WHERE state = 'open'`,
		"a coupon that was used":    `SELECT count(*) FROM coupon WHERE state = 'redeemed'`,
		"a donation":                `SELECT count(*) FROM donation`,
		"an entry by hand":          `SELECT count(*) FROM manual_entry WHERE state = 'open'`,
	} {
		if n := count(t, d, query); n != 1 {
			t.Errorf("%s: %d", what, n)
		}
	}
}
