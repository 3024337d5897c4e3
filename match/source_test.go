package match

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSolveFromIsExact solves from a source that gives three pairs at a time, and
// compares with the problem of all pairs.
func TestSolveFromIsExact(t *testing.T) {
	for name, s := range shapes {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(4, 2))
			given, all := 0, 0
			for round := range rounds() / 4 {
				s.degree = 12
				full := problem(t, s.random(rng))
				all += full.Pairs()
				bare, err := full.with(make([][]Offered, full.Asks()))
				if err != nil {
					t.Fatal(err)
				}
				plan, err := SolveFrom(context.Background(), bare, source(full, &given), Settings{})
				if err != nil {
					t.Fatal(err)
				}
				if err := Verify(plan.Problem(), plan.Answer()); err != nil {
					t.Fatal(err)
				}
				if got, want := plan.Cost(), referenceCost(full); got != want {
					t.Fatalf("round %d: cost %d, want %d", round, got, want)
				}
			}
			t.Logf("%d of %d pairs given", given, all)
		})
	}
}

// source gives the pairs of a problem, three at a time.
func source(p *Problem, given *int) Source {
	lists := make([][]Offered, p.Asks())
	for ask := range lists {
		lists[ask] = p.Offered(ask)
		slices.SortFunc(lists[ask], func(a, b Offered) int { return cmp.Compare(a.Cost, b.Cost) })
	}
	return func(ask int) (more []Offered, rest int) {
		n := min(3, len(lists[ask]))
		more, lists[ask] = lists[ask][:n], lists[ask][n:]
		*given += n
		if len(lists[ask]) == 0 {
			return more, MaxCost + 1
		}
		return more, lists[ask][0].Cost
	}
}
