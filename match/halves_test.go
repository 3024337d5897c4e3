package match

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
)

// street is a long street: asks want the nearest of the offers that can do the work,
// dearer the further they are.
func street(t *testing.T, asks int) *Problem {
	t.Helper()
	rng := rand.New(rand.NewPCG(3, 4))
	var b Builder
	for range asks * 3 / 2 {
		b.Offer(Step{1, 0}, Step{1 + rng.IntN(2), 500})
	}
	for i := range asks {
		b.Ask(1, 5_000)
		for range 6 {
			at := i*3/2 + rng.IntN(200) - 100
			if at >= 0 && at < asks*3/2 {
				b.Pair(i, at, 10*max(at-i*3/2, i*3/2-at)+rng.IntN(500))
			}
		}
	}
	return problem(t, &b)
}

func TestHalvesHardlyCompete(t *testing.T) {
	p := street(t, halvesFrom)
	if both := p.Asks() - int(p.cut[1]); p.cut[1] == 0 || both > p.Asks()/20 {
		t.Fatalf("%d of %d asks are on both sides", both, p.Asks())
	}
	seen := make([]int, p.Places())
	for i := range p.cut[1] {
		side := 1
		if i >= p.cut[0] {
			side = 2
		}
		for _, j := range p.place[p.first[i]:p.first[i+1]] {
			if seen[j] |= side; seen[j] == 3 {
				t.Fatalf("place %d is wanted from both sides", j)
			}
		}
	}
}

func TestHalvesGiveTheSameCost(t *testing.T) {
	p := street(t, halvesFrom)
	whole := *p
	whole.cut = [2]int32{}
	want := mustSolve(t, &whole, Settings{})
	for _, procs := range []int{1, 2, 5} {
		was := runtime.GOMAXPROCS(procs)
		got := mustSolve(t, p, Settings{})
		runtime.GOMAXPROCS(was)
		if got.Cost() != want.Cost() {
			t.Errorf("on %d processors the cost is %d, want %d", procs, got.Cost(), want.Cost())
		}
		if err := Verify(p, got.Answer()); err != nil {
			t.Error(err)
		}
	}
}

func TestHalvesGiveTheSameAnswerOnAnyNumberOfProcessors(t *testing.T) {
	p := street(t, halvesFrom)
	var first []byte
	for _, procs := range []int{1, 2, 5} {
		was := runtime.GOMAXPROCS(procs)
		got := fmt.Append(nil, mustSolve(t, p, Settings{}).Answer())
		runtime.GOMAXPROCS(was)
		if first == nil {
			first = got
		}
		if !bytes.Equal(got, first) {
			t.Errorf("on %d processors the answer is another", procs)
		}
	}
}

func TestNoHalvesWhereEverybodyCompetes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	var b Builder
	for range halvesFrom {
		b.Offer(Step{1, 0})
	}
	for i := range halvesFrom {
		b.Ask(1, 100)
		for range 6 {
			b.Pair(i, rng.IntN(halvesFrom), rng.IntN(100))
		}
	}
	if p := problem(t, &b); p.cut[1] != 0 {
		t.Errorf("halves end at %v", p.cut)
	}
}
