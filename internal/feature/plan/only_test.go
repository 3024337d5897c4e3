package plan

import (
	"errors"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linli/internal/core/category"
	"linli/match"
)

// TestWhatIsDecidedHolds pins and bans at random: nobody else goes to an order that is
// for one helper, who is excluded does not go, and the plan made anew is as good as the
// old one after the same changes (match.Plan.Pin and Forbid).
func TestWhatIsDecidedHolds(t *testing.T) {
	same := 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 3))
		in := world(t, r, 1+r.IntN(30), 1+r.IntN(20))
		for i := range in.Orders {
			in.Orders[i].People = 1
		}
		before := modelOf(t, in)
		solved := before.solved(t)
		for range r.IntN(8) {
			if len(before.pairs) == 0 {
				break
			}
			decide(t, r, before, solved, &in)
		}
		after := modelOf(t, in)
		anew := after.solved(t)
		if anew.Cost() > solved.Cost() {
			t.Errorf("%d: %d anew, %d with the changes", seed, anew.Cost(), solved.Cost())
		}
		if !before.joins() && anew.Cost() == solved.Cost() {
			same++
		}
		if !before.joins() && anew.Cost() != solved.Cost() {
			t.Errorf("%d: %d anew is less than %d", seed, anew.Cost(), solved.Cost())
		}
		p, err := Make(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		holds(t, seed, in, p)
		for _, v := range p.Visits {
			o, key := in.Orders[v.Order], in.Helpers[v.Helper].Key
			if _, banned := o.Exclude[key]; banned || o.Only != (match.Key{}) && o.Only != key {
				t.Errorf("%d: %v goes to order %d although it was decided otherwise", seed, key, v.Order)
			}
		}
	}
	if same < 20 {
		t.Errorf("only %d plans could be compared", same)
	}
}

// decide pins or bans an option that needs one time, in the input and in the plan.
func decide(t *testing.T, r *rand.Rand, m *model, solved *match.Plan, in *Input) {
	t.Helper()
	k := r.IntN(len(m.pairs))
	x := m.options[m.pairs[k].option]
	o, key := &in.Orders[x.order], in.Helpers[x.helper].Key
	var all []int
	for n, p := range m.pairs {
		if p.option == m.pairs[k].option {
			all = append(all, n)
		}
	}
	if _, banned := o.Exclude[key]; banned || o.Only != (match.Key{}) {
		return
	}
	if r.IntN(2) == 0 {
		o.Exclude = maps.Clone(o.Exclude)
		if o.Exclude == nil {
			o.Exclude = map[match.Key]int64{}
		}
		o.Exclude[key] = 1
		for _, n := range all {
			solved.Forbid(n)
		}
		return
	}
	if len(all) > 1 {
		return
	}
	switch err := solved.Pin(all[0]); {
	case err == nil:
		o.Only = key
	case !errors.Is(err, match.ErrPinned):
		t.Fatal(err)
	}
}

func modelOf(t *testing.T, in Input) *model {
	t.Helper()
	m := &model{Input: in}
	m.Orders = slices.Clone(in.Orders)
	m.Progress = func(float64) {}
	if err := m.find(t.Context()); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *model) solved(t *testing.T) *match.Plan {
	t.Helper()
	problem, err := m.problem()
	if err != nil {
		t.Fatal(err)
	}
	p, err := match.Solve(t.Context(), problem, match.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (m *model) joins() bool {
	return slices.ContainsFunc(m.joined[:len(m.Helpers)], func(s []seatPlace) bool { return len(s) > 0 })
}

// TestTheForgottenComeFirst: of two who are alike the one goes whom nobody has asked for
// a month, but not when the other has done it before.
func TestTheForgottenComeFirst(t *testing.T) {
	haircut := service(t, "haircut")
	for name, c := range map[string]struct {
		lately time.Duration // since the first was asked
		times  int           // that the first has served
		want   int
	}{
		"asked yesterday":        {24 * time.Hour, 0, 1},
		"asked long ago":         {40 * 24 * time.Hour, 0, 0},
		"asked, but experienced": {24 * time.Hour, 4, 0},
	} {
		in := Input{Now: monday(), Orders: []Order{{Spot: Spot{Area: "甲"}, Service: haircut, People: 1, Urgency: category.Normal}}}
		for k := range 2 {
			h := Helper{Spot: Spot{Area: "甲"}}
			h.Key, h.Skills = match.Key{Kind: match.Volunteer, ID: string(rune('a' + k))}, []match.Skill{{Code: haircut.Code}}
			in.Helpers = append(in.Helpers, h)
		}
		in.Helpers[0].LastAsked, in.Helpers[0].Skills[0].Times = in.Now.Add(-c.lately), c.times
		p, err := Make(t.Context(), in)
		if err != nil || len(p.Visits) != 1 || p.Visits[0].Helper != c.want {
			t.Errorf("%s: %+v, %v", name, p, err)
		}
	}
}

// TestOneVisitOneTime: the parts of a visit have one time, that of who was decided on,
// however the orders are shared among processors.
func TestOneVisitOneTime(t *testing.T) {
	haircut, r := service(t, "haircut"), rand.New(rand.NewPCG(5, 5))
	in := Input{Now: monday()}
	for k := range 40 {
		h := Helper{Spot: Spot{Area: "甲"}}
		h.Key, h.Skills = match.Key{Kind: match.Volunteer, ID: string(rune('a' + k))}, []match.Skill{{Code: haircut.Code}}
		hour := time.Duration(8+2*r.IntN(5)) * time.Hour
		h.Free, h.LimitWeek = h.Free.With(time.Tuesday, hour, hour+2*time.Hour), 50
		in.Helpers = append(in.Helpers, h)
	}
	from := monday().Truncate(24 * time.Hour).Add(24 * time.Hour)
	alone := Order{Spot: Spot{Area: "甲"}, Service: haircut, People: 1, From: from, To: from.Add(12 * time.Hour)}
	in.Orders = append(in.Orders, alone)
	for len(in.Orders) < 4*ordersAtOnce {
		o := alone
		o.Only = in.Helpers[r.IntN(len(in.Helpers))].Key
		rest := o
		rest.With, rest.Only, rest.People = true, match.Key{}, 2
		rest.Exclude = map[match.Key]int64{o.Only: 0}
		in.Orders = append(in.Orders, o, rest)
	}
	m := modelOf(t, in)
	for i := 2; i < len(in.Orders); i += 2 {
		kept := m.options[m.first[i-1]:m.first[i]]
		if len(kept) != 1 {
			t.Fatalf("%d options of who is kept for order %d", len(kept), i-1)
		}
		for _, x := range m.options[m.first[i]:m.first[i+1]] {
			if x.order != int32(i) || x.when != kept[0].when {
				t.Fatalf("order %d: at %b, with one at %b", i, x.when, kept[0].when)
			}
		}
	}
}
