package dispatch_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/feature/dispatch"
	"linli/internal/feature/order"
	"linli/match"
)

// TestTeamsAreAsked: an order for two is proposed to the team that brings both, is offered
// to it, and its leader says who goes; a choice of volunteers takes it from the team, and a
// choice of the team from them.
func TestTeamsAreAsked(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		id := st.window("想请人来家里理个发", 2, monday.Add(24*time.Hour), 2*time.Hour)
		v, worker := st.make(), st.who("周敏")
		teams := func(v dispatch.View, people int) bool {
			return len(v.Proposals) == 1 && v.Proposals[0].Kind == match.Team && v.Proposals[0].Volunteer.ID == st.Team && v.Proposals[0].People == people
		}
		if !teams(v, 2) || v.Plan.Served != 2 || !slices.Contains(v.Proposals[0].Reasons, "队伍，来 2 个人") {
			t.Fatalf("%+v", v.Proposals)
		}
		choose := func(act dispatch.Act, who string) dispatch.View {
			t.Helper()
			return must(st.s.Choose(t.Context(), worker, v.ID, act, id, who))(t)
		}
		if v = choose(dispatch.Pin, st.Person("韩立新").ID); len(v.Proposals) != 2 || v.Proposals[0].Kind != match.Volunteer || v.Proposals[1].Kind != match.Volunteer {
			t.Errorf("a volunteer is kept: %+v", v.Proposals)
		}
		if v = choose(dispatch.Pin, st.Team); !teams(v, 2) || !v.Proposals[0].Kept {
			t.Errorf("the team is kept: %+v", v.Proposals)
		}
		if v = choose(dispatch.Ban, st.Team); len(v.Proposals) != 2 || v.Plan.Served != 2 || len(v.Bans) != 1 || v.Bans[0].Volunteer.Name != "银发爱心义剪队" {
			t.Errorf("the team is banned: %+v, %+v", v.Proposals, v.Bans)
		}
		v = choose(dispatch.Release, st.Team)
		if page := st.page("/plans/" + v.ID); !strings.Contains(page, "问这 1 支队伍") {
			t.Error("the button does not say that a team is asked")
		}
		if done := st.confirm(v); len(done.Sent) != 1 {
			t.Fatalf("%+v", done.Skipped)
		}
		if o := st.order(id); len(o.Offers) != 1 || o.Offers[0].To != (order.Candidate{Kind: "team", ID: st.Team}) || o.Offers[0].Planned == nil {
			t.Errorf("%+v", o.Offers)
		}
		both := []string{st.Person("方国栋").ID, st.Person("郭建民").ID}
		if o := must(st.App.Orders.Accept(t.Context(), st.who("方国栋"), id, order.Acceptance{People: both}))(t); o.State != order.Accepted || o.Taken != 2 {
			t.Errorf("%s, %d come", o.State, o.Taken)
		}
	})
}

// TestAskedForTheSameHours: who has not answered yet is asked for nothing else at these
// hours, nor for more than their week takes, neither by a plan nor by hand.
func TestAskedForTheSameHours(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.only("韩立新", 2)
		han, at := st.Person("韩立新").ID, monday.Add(24*time.Hour)
		first := st.window("想请人来家里理个发", 1, at, 2*time.Hour)
		must(st.App.Orders.Offer(t.Context(), st.who("周敏"), first, order.Asking{To: []order.Candidate{{Kind: "volunteer", ID: han}}}))(t)
		// why is what speaks against him by hand, empty when nothing does; the plan has to agree.
		why := func(id string) (said string) {
			t.Helper()
			c := must(st.App.Orders.Candidates(t.Context(), st.who("周敏"), id, 10))(t)
			ranked := slices.ContainsFunc(c.Items, func(v order.CandidateView) bool { return v.ID == han })
			for _, l := range c.LeftOut {
				if l.ID == han {
					said = l.Reasons[0].Text
				}
			}
			v := st.make()
			planned := slices.ContainsFunc(v.Proposals, func(p dispatch.ProposalView) bool { return p.Order.ID == id })
			if ranked != planned || ranked != (said == "") {
				t.Errorf("by hand %t, by the plan %t, %q", ranked, planned, said)
			}
			return said
		}
		same := st.window("想请人来家里理个发", 1, at.Add(time.Hour), 2*time.Hour)
		if said := why(same); said != "那个时间问了他另一单，在等答复" {
			t.Errorf("at the same hours: %q", said)
		}
		must(st.App.Orders.Cancel(t.Context(), st.who("孟桂兰"), same, order.Cancellation{Reason: "女儿回来了"}))(t)
		later := st.window("想请人来家里理个发", 1, at.Add(5*time.Hour), 2*time.Hour)
		if said := why(later); said != "" {
			t.Errorf("at other hours: %q", said)
		}
		must(st.App.Orders.Offer(t.Context(), st.who("周敏"), later, order.Asking{To: []order.Candidate{{Kind: "volunteer", ID: han}}}))(t)
		third := st.window("想请人来家里理个发", 1, at.Add(30*time.Hour), 2*time.Hour)
		if said := why(third); said != "这周问过他的单算上，已经满了" {
			t.Errorf("a third order of two a week: %q", said)
		}
		must(st.App.Orders.Refuse(t.Context(), st.who("韩立新"), first, order.Refusal{Reason: "那天没空"}))(t)
		if said := why(third); said != "" {
			t.Errorf("after he has refused one: %q", said)
		}
	})
}
