package match

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestChangesStayOptimal changes plans at random, and compares each with the reference
// on the problem as it stands then.
func TestChangesStayOptimal(t *testing.T) {
	for name, s := range shapes {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(11, 4))
			for round := range rounds() / 2 {
				plan := mustSolve(t, problem(t, s.random(rng)), Settings{})
				for step := range 12 {
					what := change(t, s, plan, rng)
					p := plan.Problem()
					if err := Verify(p, plan.Answer()); err != nil {
						t.Fatalf("round %d, %s: %v", round, what, err)
					}
					if got, want := plan.Cost(), referenceCost(p); got != want {
						t.Fatalf("round %d step %d, %s: cost %d, want %d", round, step, what, got, want)
					}
				}
			}
		})
	}
}

// change does one random thing to a plan and says what.
func change(t *testing.T, s shape, plan *Plan, rng *rand.Rand) string {
	p := plan.Problem()
	switch kind := rng.IntN(6); {
	case kind == 0 || p.Asks() == 0:
		var pairs []Offered
		for range rng.IntN(s.degree + 1) {
			o := Offered{Place: rng.IntN(p.Places()), Cost: rng.IntN(s.cost + 1)}
			if s.limit > 0 {
				o.Limit = rng.IntN(s.limit + 1)
			}
			pairs = append(pairs, o)
		}
		units, price := 1+rng.IntN(s.units), rng.IntN(s.due+1)
		ask, err := plan.Insert(units, price, pairs...)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("insert %d: %d at %d with %v", ask, units, price, pairs)
	case kind == 1:
		ask := rng.IntN(p.Asks())
		plan.Cancel(ask)
		return fmt.Sprint("cancel ", ask)
	case kind == 2 && rng.IntN(3) == 0:
		place := rng.IntN(p.Places())
		plan.Close(place)
		return fmt.Sprint("close ", place)
	case kind == 3 && p.Pairs() > 0:
		pair := rng.IntN(p.Pairs())
		plan.Forbid(pair)
		return fmt.Sprint("forbid ", pair)
	case kind == 4 && p.Pairs() > 0:
		pair := rng.IntN(p.Pairs())
		before := plan.Cost()
		err := plan.Pin(pair)
		if err != nil && (!errors.Is(err, ErrPinned) || len(plan.was) == 0 && plan.Cost() != before) {
			t.Fatal(err)
		}
		return fmt.Sprint("pin ", pair, err)
	default:
		ask := rng.IntN(p.Asks())
		plan.Unpin(ask)
		return fmt.Sprint("unpin ", ask)
	}
}

// TestPin tries what a worker does: force a pair, and let go.
func TestPin(t *testing.T) {
	b := &Builder{}
	x, y := b.Ask(1, 100), b.Ask(1, 100)
	j, k := b.Offer(Step{1, 0}), b.Offer(Step{1, 0})
	b.Pair(x, j, 10)
	dear := b.Pair(x, k, 30)
	full := b.Pair(y, k, 10)
	plan := mustSolve(t, problem(t, b), Settings{})
	if plan.Cost() != 20 {
		t.Fatal(plan.Cost())
	}
	if err := plan.Pin(dear); err != nil || plan.Cost() != 130 || plan.Unserved(y) != 1 {
		t.Fatal(err, plan.Cost())
	}
	if err := plan.Pin(full); !errors.Is(err, ErrPinned) || plan.Cost() != 130 {
		t.Fatal(err, plan.Cost())
	}
	if plan.Unpin(x); plan.Cost() != 20 {
		t.Fatal(plan.Cost())
	}
}

// TestGainIsExact compares gains with solving the problem with the unit added.
func TestGainIsExact(t *testing.T) {
	for name, s := range shapes {
		t.Run(name, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(2, 8))
			for round := range rounds() / 10 {
				b := s.random(rng)
				var asked []Asked
				for i := range b.p.units {
					if rng.IntN(3) > 0 {
						asked = append(asked, Asked{i, rng.IntN(s.cost + 1)})
					}
				}
				place, cost := rng.IntN(len(b.offers)), rng.IntN(s.cost/4+1)
				twin, third := clone(b), clone(b)
				plan := mustSolve(t, problem(t, b), Settings{})
				j := twin.Offer(Step{1, cost})
				for _, a := range asked {
					twin.Pair(a.Ask, j, a.Cost)
				}
				before := plan.Cost()
				if got, want := plan.Gain(cost, asked), before-referenceCost(problem(t, twin)); int64(got) != want {
					t.Fatalf("round %d: gain %d, want %d", round, got, want)
				}
				if third.p.slot[place].of < 0 {
					third.offers[place] = append(third.offers[place], Step{1, cost})
					if got, want := plan.RoomGain(place, cost), before-referenceCost(problem(t, third)); int64(got) != want {
						t.Fatalf("round %d: gain of room %d, want %d", round, got, want)
					}
				}
				if err := Verify(plan.Problem(), plan.Answer()); err != nil || plan.Cost() != before {
					t.Fatalf("round %d: the plan changed: %v", round, err)
				}
			}
		})
	}
}

// clone copies a builder that is still empty of errors.
func clone(b *Builder) *Builder {
	c := *b
	c.p.units, c.p.price = slices.Clone(b.p.units), slices.Clone(b.p.price)
	c.p.place, c.p.cost, c.p.limit = slices.Clone(b.p.place), slices.Clone(b.p.cost), slices.Clone(b.p.limit)
	c.p.slot, c.asks = slices.Clone(b.p.slot), slices.Clone(b.asks)
	c.offers = nil
	for _, o := range b.offers {
		c.offers = append(c.offers, slices.Clone(o))
	}
	return &c
}
