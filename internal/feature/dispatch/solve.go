package dispatch

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"linli/internal/core/place"
	"linli/internal/feature/order"
	"linli/internal/feature/plan"
	"linli/internal/kit/db"
	"linli/match"
)

// ordersMost is how many orders are planned at once: the most urgent. What is beyond
// waits for the next draft, and the draft says so.
const ordersMost = 3000

// forgottenMost is how many are named of those whom nobody has asked.
const forgottenMost = 50

func (c Choice) compare(d Choice) int {
	return cmp.Or(strings.Compare(c.Order, d.Order), strings.Compare(c.Volunteer, d.Volunteer))
}

// facts are what a draft is solved from, as of one transaction.
type facts struct {
	now time.Time
	order.Queue
	helpers     []order.Helper
	communities map[string]bool // of the place
}

func (s *Service) gather(tx *db.Tx, p place.Place) (f facts, err error) {
	f = facts{now: tx.Now(), communities: map[string]bool{p.Community(): true}}
	if f.Queue, err = order.QueueAt(tx, p, s.most); err != nil {
		return f, err
	}
	if f.helpers, err = s.orders.Helpers(tx, p.District); err != nil || p.Level != place.Street {
		return f, err
	}
	all, err := place.CommunitiesUnder(tx, p.District, p.Path)
	for _, c := range all {
		f.communities[c.ID] = true
	}
	return f, err
}

// solve makes the plan that the choices leave possible, and holds it against what
// first-come would have done without any.
func (f *facts) solve(ctx context.Context, choices []Choice) (Body, error) {
	in, of := f.input(choices)
	best, err := plan.Make(ctx, in)
	if err != nil {
		return Body{}, err
	}
	b := Body{
		Prints: map[string]string{}, Visits: []Visit{}, Left: []Left{}, Missing: []Missing{}, Plan: best.Best, FirstCome: best.FirstCome, Unchecked: f.Unchecked, Beyond: f.Beyond,
	}
	forgotten := f.forgotten()
	unasked := map[string]bool{}
	for _, id := range forgotten {
		unasked[id] = true
	}
	b.Forgotten, b.Unasked = forgotten[:min(len(forgotten), forgottenMost)], len(forgotten)
	if len(choices) > 0 {
		free, _ := f.input(nil)
		if b.FirstCome, err = plan.FirstCome(ctx, free); err != nil {
			return Body{}, err
		}
	}
	for _, n := range f.Needs {
		b.Prints[n.ID] = n.Print()
	}
	for _, v := range best.Visits {
		one := f.visit(&in, of, v)
		one.Forgotten = unasked[one.Volunteer]
		b.Visits = append(b.Visits, one)
	}
	for _, l := range best.Left {
		b.Left = append(b.Left, Left{Order: f.Needs[of[l.Order]].ID, People: l.People, Kept: in.Orders[l.Order].Only.ID, Why: l.Why})
	}
	for _, m := range best.Shortages {
		b.Missing = append(b.Missing, Missing{m.Service.ID, m.Where, m.When, m.People, m.More, m.Saves})
	}
	return b, nil
}

func (f *facts) visit(in *plan.Input, of []int, v plan.Visit) Visit {
	h := &in.Helpers[v.Helper]
	return Visit{
		Order: f.Needs[of[v.Order]].ID, Kind: h.Kind, Volunteer: h.ID, People: v.People, From: v.From.UTC(), To: v.To.UTC(), Minutes: v.Minutes, Times: v.Times, Met: v.Met,
		Load: v.Load, Limit: h.LimitWeek, Unsaid: h.Kind == match.Volunteer && h.Free == (match.Week{}), Kept: in.Orders[v.Order].Only != (match.Key{}),
	}
}

// input is the facts in the terms of a plan: an order of which somebody is kept is one
// order for each of these and one for the rest. of is the need of each of them.
func (f *facts) input(choices []Choice) (in plan.Input, of []int) {
	in.Now = f.now
	for i := range f.Needs {
		for _, o := range f.split(&f.Needs[i], choices) {
			in.Orders = append(in.Orders, o)
			of = append(of, i)
		}
	}
	for _, h := range f.helpers {
		h.Taken = h.Busy()
		in.Helpers = append(in.Helpers, plan.Helper{
			Spot: plan.Spot{At: h.At, Area: h.Community}, Candidate: h.Candidate, LastAsked: h.LastAsked,
		})
	}
	return in, of
}

// split is a need as the choices divide it. A team that is kept brings all its people.
func (f *facts) split(n *order.Need, choices []Choice) (out []plan.Order) {
	rest := n.Plan(f.now)
	rest.Known, rest.Exclude = n.Known, maps.Clone(n.Exclude)
	var kept []Choice
	for _, c := range choices {
		if c.Order == n.ID && (!c.Keep || len(kept) < rest.People) {
			rest.Exclude[f.key(c.Volunteer)] = 0
		}
		if c.Order == n.ID && c.Keep && len(kept) < rest.People {
			kept = append(kept, c)
		}
	}
	for _, c := range kept { // who comes together comes at the time that was kept
		if !c.From.IsZero() && c.From.After(f.now) && rest.Length == 0 {
			rest.From, rest.To, rest.Length = c.From, c.To, c.To.Sub(c.From)
		}
	}
	for _, c := range kept {
		one := rest
		one.People, one.Only, one.Exclude = 1, f.key(c.Volunteer), n.Exclude
		if one.Only.Kind == match.Team {
			one.People = rest.People
		}
		out = append(out, one)
		rest.People -= one.People
	}
	if rest.People > 0 {
		out = append(out, rest)
	}
	for i := range out {
		out[i].With = i > 0
	}
	return out
}

// key names a helper; who is not known any more is taken for a volunteer.
func (f *facts) key(id string) match.Key {
	if i := slices.IndexFunc(f.helpers, func(h order.Helper) bool { return h.ID == id }); i >= 0 {
		return f.helpers[i].Key
	}
	return match.Key{Kind: match.Volunteer, ID: id}
}

// forgotten lists the volunteers of the place whom nobody has asked for a month, who
// have waited longest first.
func (f *facts) forgotten() []string {
	var all []order.Helper
	for _, h := range f.helpers {
		if h.Kind == match.Volunteer && f.communities[h.Community] && h.LastAsked.IsZero() && f.now.Sub(h.Since) > order.AskedLately {
			all = append(all, h)
		}
	}
	slices.SortStableFunc(all, func(a, b order.Helper) int { return a.LastServed.Compare(b.LastServed) })
	ids := []string{}
	for _, h := range all {
		ids = append(ids, h.ID)
	}
	return ids
}
