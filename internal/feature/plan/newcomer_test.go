package plan

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"linli/match"
)

// TestOneMoreIsExact solves anew with one more volunteer for a group, who may go to no other
// orders: as many more people come as was said.
func TestOneMoreIsExact(t *testing.T) {
	looked, several := 0, 0
	for seed := range uint64(150) {
		in := crowded(t, rand.New(rand.NewPCG(seed, 9)))
		p, err := Make(t.Context(), in)
		if err != nil {
			t.Fatal(seed, err)
		}
		for _, s := range p.Shortages {
			more := withOneMore(t, in, s)
			if got := p.Best.Unserved - more.Best.Unserved; got != s.More {
				t.Errorf("%d: %s, %s, %s: one more serves %d, not %d", seed, s.Service.Name, s.Where, s.When, got, s.More)
			}
			looked++
			if s.More > 1 {
				several++
			}
		}
	}
	if looked < 300 || several < 100 {
		t.Errorf("%d shortages, in %d one more serves several: not what is tested here", looked, several)
	}
}

// crowded is a world in which everybody of a community is ten minutes from each other, and
// more is asked than can be done.
func crowded(t *testing.T, r *rand.Rand) Input {
	in := world(t, r, 10+r.IntN(40), 1+r.IntN(8))
	for i := range in.Orders {
		in.Orders[i].Spot = Spot{Area: fmt.Sprintf("第%d社区", r.IntN(2))}
		in.Orders[i].Service = service(t, []string{"haircut", "fix_water"}[r.IntN(2)])
		in.Orders[i].People = 1
	}
	for i := range in.Helpers {
		in.Helpers[i].Spot = Spot{Area: fmt.Sprintf("第%d社区", r.IntN(2))}
	}
	return in
}

func withOneMore(t *testing.T, in Input, s Shortage) *Plan {
	t.Helper()
	h := Helper{Spot: Spot{Area: s.Where}}
	h.Key, h.Members, h.LimitWeek = match.Key{Kind: match.Volunteer, ID: "one more"}, 1, usualLimit
	h.Skills = []match.Skill{{Code: s.Service.Code}}
	more := in
	more.Helpers = append(in.Helpers[:len(in.Helpers):len(in.Helpers)], h)
	more.Orders = append([]Order(nil), in.Orders...)
	for i := range more.Orders {
		o := &more.Orders[i]
		if o.group() != (group{s.Service.Code, s.Where, s.When}) {
			o.Exclude = maps.Clone(o.Exclude)
			if o.Exclude == nil {
				o.Exclude = map[match.Key]int64{}
			}
			o.Exclude[h.Key] = 0
		}
	}
	p, err := Make(t.Context(), more)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
