package dispatch_test

import (
	"testing"

	"linli/e2e/town"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/webtest"
)

// TestPagesAndAPI plays the scripts; each answer of the API is held against its own
// description.
func TestPagesAndAPI(t *testing.T) {
	w := town.Settle(t, dbtest.New(t, db.SQLite, dbtest.Clock(clock.NewManual(monday)), dbtest.With(town.Sound)))
	vars := map[string]string{"community": town.Community, "street": town.Street}
	for _, name := range []string{"韩立新", "孙淑琴", "郭建民", "林小雨", "方国栋"} {
		vars[name] = w.Person(name).ID
	}
	webtest.Runner{Handler: w.App.Site, Sign: w.Sign, Vars: vars}.Files(t, "testdata/*.txt")
}

// TestClient is a plan by the client of the API.
func TestClient(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.haircuts(4)
		worker, ctx := st.Client(st.Serve(), "周敏"), t.Context()
		p := must(worker.Plan(ctx, town.Community))(t)
		one, two := p.Proposals[0], p.Proposals[1]
		p = must(worker.Pin(ctx, p.ID, one.Order.ID, one.Volunteer.ID))(t)
		p = must(worker.Ban(ctx, p.ID, two.Order.ID, two.Volunteer.ID))(t)
		for _, now := range p.Proposals {
			switch {
			case now.Order.ID == one.Order.ID && (now.Volunteer != one.Volunteer || !now.Kept):
				t.Errorf("%+v was kept, not %+v", one, now)
			case now.Order.ID == two.Order.ID && now.Volunteer == two.Volunteer:
				t.Errorf("%+v was banned", now)
			}
		}
		p = must(worker.Release(ctx, p.ID, one.Order.ID, one.Volunteer.ID))(t)
		if seen := must(worker.PlanOf(ctx, p.ID))(t); seen.Version != p.Version || seen.Plan.Served != 4 {
			t.Errorf("%+v", seen)
		}
		if done := must(worker.SendPlan(ctx, p))(t); len(done.Sent) != 4 || done.State != "confirmed" {
			t.Errorf("%+v", done)
		}
	})
}
