package match

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

// shape is a kind of random problem.
type shape struct {
	asks, places, degree   int
	units, limit, steps    int // at most; limit 0 for none
	room, slots, cost, due int
}

var shapes = map[string]shape{
	"single":     {asks: 9, places: 9, degree: 4, units: 1, steps: 3, room: 1, cost: 30, due: 60},
	"scarce":     {asks: 14, places: 4, degree: 3, units: 1, steps: 2, room: 2, cost: 30, due: 90},
	"ties":       {asks: 12, places: 8, degree: 5, units: 1, steps: 2, room: 2, cost: 2, due: 4},
	"equal":      {asks: 12, places: 8, degree: 5, units: 1, steps: 2, room: 2, cost: 0, due: 1},
	"teams":      {asks: 30, places: 4, degree: 3, units: 1, steps: 3, room: 5, cost: 50, due: 90},
	"quantities": {asks: 8, places: 6, degree: 4, units: 12, steps: 3, room: 9, cost: 30, due: 60},
	"limits":     {asks: 8, places: 5, degree: 5, units: 9, limit: 4, steps: 2, room: 9, cost: 30, due: 60},
	"slots":      {asks: 10, places: 4, degree: 4, units: 1, steps: 2, room: 2, slots: 3, cost: 30, due: 60},
	"wide slots": {asks: 8, places: 4, degree: 5, units: 4, limit: 3, steps: 2, room: 4, slots: 3, cost: 20, due: 60},
	"extreme":    {asks: 9, places: 7, degree: 4, units: 3, steps: 3, room: 2, cost: MaxCost, due: MaxCost},
	"free":       {asks: 9, places: 7, degree: 4, units: 2, steps: 3, room: 2, cost: 9, due: 0},
}

// random makes a problem of a shape; limits, prices and empty offers vary.
func (s shape) random(rng *rand.Rand) *Builder {
	b := &Builder{}
	for range rng.IntN(s.asks + 1) {
		b.Ask(1+rng.IntN(s.units), rng.IntN(s.due+1))
	}
	for range 1 + rng.IntN(s.places) {
		var steps []Step
		for range rng.IntN(s.steps + 1) {
			steps = append(steps, Step{rng.IntN(s.room + 1), rng.IntN(s.cost/4 + 1)})
		}
		b.Offer(steps...)
	}
	offers := len(b.offers)
	for range rng.IntN(s.slots*offers + 1) {
		b.Slot(rng.IntN(offers), rng.IntN(s.units+1), rng.IntN(s.cost/8+1))
	}
	for i := range b.p.units {
		for range rng.IntN(s.degree + 1) {
			limit := 0
			if s.limit > 0 {
				limit = rng.IntN(s.limit + 1)
			}
			b.PairUpTo(i, rng.IntN(len(b.offers)), rng.IntN(s.cost+1), limit)
		}
	}
	return b
}

func mustSolve(t testing.TB, p *Problem, s Settings) *Plan {
	t.Helper()
	plan, err := Solve(context.Background(), p, s)
	if err != nil {
		t.Fatal(err)
	}
	if err := Verify(p, plan.Answer()); err != nil {
		t.Fatal(err)
	}
	return plan
}

func problem(t testing.TB, b *Builder) *Problem {
	t.Helper()
	p, err := b.Problem()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// rounds is how many random problems of each shape are tried.
func rounds() int {
	if testing.Short() {
		return 200
	}
	return 800
}

// TestSolveIsOptimal compares every way of starting with the reference.
func TestSolveIsOptimal(t *testing.T) {
	for name, s := range shapes {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(7, 7))
			for round := range rounds() {
				p := problem(t, s.random(rng))
				want := referenceCost(p)
				for way, plan := range waysToSolve(t, p, rng) {
					if got := plan.Cost(); got != want {
						t.Fatalf("round %d %s: cost %d, want %d", round, way, got, want)
					}
				}
			}
		})
	}
}

// waysToSolve solves as chosen, from random prices, by searches alone and by an auction.
func waysToSolve(t testing.TB, p *Problem, rng *rand.Rand) map[string]*Plan {
	t.Helper()
	prices := make([]int, p.Places())
	for j := range prices {
		prices[j] = rng.IntN(60)
	}
	ways := map[string]*Plan{"chosen": mustSolve(t, p, Settings{}), "prices": mustSolve(t, p, Settings{Prices: prices})}
	j := job{flow: newFlow(p), ctx: context.Background()}
	if _, err := j.place(nil, 0, int32(len(j.ask)), none64); err != nil {
		t.Fatal(err)
	}
	ways["searches"] = &Plan{f: j.flow}
	if p.slot == nil {
		j := job{flow: newFlow(p), ctx: context.Background()}
		err := j.byAuction(facts{asks: 1, asked: int64(1 + rng.IntN(6)), places: 1, stake: int64(rng.IntN(2000)), gap: int64(rng.IntN(30)), spread: int64(rng.IntN(20))})
		if _, err2 := j.place(nil, 0, int32(len(j.ask)), none64); err != nil || err2 != nil {
			t.Fatal(err, err2)
		}
		j.reverse()
		ways["auction"] = &Plan{f: j.flow}
	}
	for way, plan := range ways {
		if err := Verify(p, plan.Answer()); err != nil {
			t.Fatal(way, err)
		}
	}
	return ways
}

// TestSolveMeta checks what must not matter: the order of asks, places and pairs, pairs
// that are too dear, and what scales the cost.
func TestSolveMeta(t *testing.T) {
	for name, s := range shapes {
		if s.cost == MaxCost {
			continue
		}
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(3, 9))
			for range rounds() / 10 {
				b := s.random(rng)
				twin := metamorphosis(b, rng, 3)
				want := 3 * mustSolve(t, problem(t, b), Settings{}).Cost()
				if got := mustSolve(t, problem(t, twin), Settings{}).Cost(); got != want {
					t.Fatalf("cost %d, want %d", got, want)
				}
			}
		})
	}
}

// metamorphosis copies a problem with everything renumbered, costs times a factor, and
// useless pairs added.
func metamorphosis(b *Builder, rng *rand.Rand, factor int) *Builder {
	c := &Builder{}
	asks := rng.Perm(len(b.p.units))
	back := make([]int, len(asks))
	for k, i := range asks {
		back[i] = k
		c.Ask(int(b.p.units[i]), factor*int(b.p.price[i]))
	}
	places := make([]int, len(b.offers))
	for _, slots := range []bool{false, true} {
		for _, j := range rng.Perm(len(b.offers)) {
			s := b.p.slot[j]
			switch {
			case slots != (s.of >= 0):
			case slots:
				places[j] = c.Slot(places[s.of], int(s.units), factor*int(s.cost))
			default:
				var steps []Step
				for _, s := range b.offers[j] {
					steps = append(steps, Step{s.Units, factor * s.Cost})
				}
				places[j] = c.Offer(steps...)
			}
		}
	}
	for _, a := range rng.Perm(len(b.asks)) {
		limit := 0
		if b.p.limit != nil {
			limit = int(b.p.limit[a])
		}
		i := int(b.asks[a])
		c.PairUpTo(back[i], places[b.p.place[a]], factor*int(b.p.cost[a]), limit)
		c.Pair(back[i], rng.IntN(len(places)), factor*int(b.p.price[i])+rng.IntN(9))
	}
	return c
}

// TestSolveIsTheSame solves twice, with different numbers of processors.
func TestSolveIsTheSame(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	p := problem(t, shape{asks: 3000, places: 3000, degree: 12, units: 1, steps: 3, room: 1, cost: 3000, due: 9000}.random(rng))
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	want := mustSolve(t, p, Settings{}).Answer()
	for _, procs := range []int{2, 4} {
		runtime.GOMAXPROCS(procs)
		if got := mustSolve(t, p, Settings{}).Answer(); !reflect.DeepEqual(got, want) {
			t.Fatalf("another answer with %d processors", procs)
		}
	}
}

// TestVerifyFindsFaults breaks answers in every way.
func TestVerifyFindsFaults(t *testing.T) {
	b := &Builder{}
	b.Ask(2, 50)
	b.Ask(1, 50)
	j := b.Offer(Step{1, 0}, Step{1, 20})
	b.Pair(0, j, 10)
	b.Pair(1, j, 15)
	p := problem(t, b)
	for want, change := range map[string]func(a *Answer){
		"prices":        func(a *Answer) { a.AskPrices = nil },
		"no pair":       func(a *Answer) { a.Shares[0].Pair = 9 },
		"told twice":    func(a *Answer) { a.Shares = append(a.Shares, a.Shares[0]) },
		"too many":      func(a *Answer) { a.Shares = append(a.Shares, Share{1, 1, 0, 1}) },
		"at a loss":     func(a *Answer) { a.PlacePrices[0] += 100 },
		"another would": func(a *Answer) { a.AskPrices[0] += 100 },
		"the answer":    func(a *Answer) { a.Cost++ },
	} {
		a := mustSolve(t, p, Settings{}).Answer()
		change(&a)
		if err := Verify(p, a); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func TestSolveCanBeCancelled(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	p := problem(t, shape{asks: 20000, places: 2000, degree: 12, units: 1, steps: 3, room: 3, cost: 3000, due: 9000}.random(rng))
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	_, err := Solve(ctx, p, Settings{Progress: func(done, total int64) {
		calls++
		cancel()
	}})
	if !errors.Is(err, context.Canceled) || calls != 1 {
		t.Fatalf("%v after %d calls", err, calls)
	}
}

func TestProblemRefuses(t *testing.T) {
	for want, build := range map[string]func(b *Builder){
		"ask 0: units 0":       func(b *Builder) { b.Ask(0, 1) },
		"ask 0: price -1":      func(b *Builder) { b.Ask(1, -1) },
		"price 268435456":      func(b *Builder) { b.Ask(1, MaxCost+1) },
		"place 0: units -1":    func(b *Builder) { b.Offer(Step{-1, 0}) },
		"sum of units":         func(b *Builder) { b.Offer(Step{MaxUnits, 0}, Step{MaxUnits, 0}) },
		"place 0: cost":        func(b *Builder) { b.Offer(Step{1, MaxCost + 1}) },
		"units asked":          func(b *Builder) { b.Ask(MaxUnits, 1); b.Ask(1, 1) },
		"slot 0: offer 0":      func(b *Builder) { b.Slot(0, 1, 0) },
		"is a slot itself":     func(b *Builder) { b.Slot(b.Slot(b.Offer(), 1, 0), 1, 0) },
		"pair 0: ask 0":        func(b *Builder) { b.Pair(0, 0, 0) },
		"pair 0: place 1":      func(b *Builder) { b.Pair(b.Ask(1, 1), b.Offer()+1, 0) },
		"pair 0: cost -5":      func(b *Builder) { b.Pair(b.Ask(1, 1), b.Offer(), -5) },
		"pair 0: limit -1 is ": func(b *Builder) { b.PairUpTo(b.Ask(1, 1), b.Offer(), 5, -1) },
	} {
		b := &Builder{}
		build(b)
		if _, err := b.Problem(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}

func ExampleSolve() {
	var b Builder
	tea := b.Ask(1, 500)    // a price of 500 for leaving it
	doctor := b.Ask(1, 900) // more urgent
	wang := b.Offer(Step{1, 0}, Step{1, 60})
	b.Pair(tea, wang, 120)
	b.Pair(doctor, wang, 200)
	p, _ := b.Problem()
	plan, _ := Solve(context.Background(), p, Settings{})
	fmt.Println(plan.Cost(), plan.Load(wang), Verify(p, plan.Answer()))
	// Output: 380 2 <nil>
}
