package demo

import (
	"hash/fnv"
	"math/rand/v2"
)

// draw is a stream of chance. Each purpose has its own, so that more of one thing
// does not change another.
type draw struct{ *rand.Rand }

func newDraw(seed uint64, purpose string) draw {
	h := fnv.New64a()
	h.Write([]byte(purpose))
	return draw{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// chance is true in p of all cases.
func (d draw) chance(p float64) bool { return d.Float64() < p }

// between is a number from low to high, both included.
func (d draw) between(low, high int) int { return low + d.IntN(high-low+1) }

func pick[T any](d draw, list []T) T { return list[d.IntN(len(list))] }

// weighted is an index, each as likely as its weight.
func (d draw) weighted(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := d.IntN(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return len(weights) - 1
}
