package match

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestScansAgree compares the scans of this machine with the portable ones.
func TestScansAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		n, span := rng.IntN(70), int32(1+rng.IntN(40))
		p := make([]int32, 1+rng.IntN(30))
		for j := range p {
			p[j] = rng.Int32N(span)
		}
		at, cost := make([]int32, n), make([]int32, n)
		for k := range at {
			at[k], cost[k] = rng.Int32N(int32(len(p))), rng.Int32N(span)
		}
		limit := rng.Int32N(2*span) - 2
		v, x := make([]int32, n+scanSlack), make([]int32, n+scanSlack)
		w, y := make([]int32, n+scanSlack), make([]int32, n+scanSlack)
		got, want := below(at, cost, p, limit, v, x), scanBelow(at, cost, p, limit, w, y)
		if got != want || !slices.Equal(v[:got], w[:want]) || !slices.Equal(x[:got], y[:want]) {
			t.Fatalf("below: %v %v, want %v %v", v[:got], x[:got], w[:want], y[:want])
		}
		a, b, k := best2(at, cost, p, limit)
		c, d, m := scanBest(at, cost, p, limit)
		if a != c || b != d || k != m {
			t.Fatalf("best2 of %v %v %v below %d: %d %d %d, want %d %d %d", at, cost, p, limit, a, b, k, c, d, m)
		}
	}
}
