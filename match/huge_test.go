package match

import "testing"

// TestLargestNumbers solves with numbers at their limits, where sums would not fit 32
// bits: crowds of units that all want to go to one place, at the highest costs.
func TestLargestNumbers(t *testing.T) {
	b := &Builder{}
	x, y := b.Ask(MaxUnits-1, MaxCost), b.Ask(1, MaxCost)
	j := b.Offer(Step{MaxUnits, MaxCost})
	k := b.Offer(Step{MaxUnits / 2, 0}, Step{MaxUnits / 2, MaxCost})
	slot := b.Slot(k, MaxUnits, MaxCost)
	b.Pair(x, j, MaxCost)
	b.Pair(x, k, 0)
	b.Pair(y, slot, 0)
	p := problem(t, b)
	plan := mustSolve(t, p, Settings{})
	if got, want := plan.Cost(), referenceCost(p); got != want {
		t.Fatalf("cost %d, want %d", got, want)
	}
}

// TestCrowdsAtOnePlace solves quantities so large that an auction can only be held on
// parcels of them.
func TestCrowdsAtOnePlace(t *testing.T) {
	b := &Builder{}
	for i := range 40 {
		b.Ask(MaxUnits/50, 1000+10*i)
	}
	for j := range 5 {
		b.Offer(Step{MaxUnits / 20, j}, Step{MaxUnits / 20, 100 * j})
	}
	for i := range 40 {
		for j := range 5 {
			b.PairUpTo(i, j, (i*7+j*13)%100, MaxUnits/100)
		}
	}
	p := problem(t, b)
	plan := mustSolve(t, p, Settings{})
	if got, want := plan.Cost(), referenceCost(p); got != want {
		t.Fatalf("cost %d, want %d", got, want)
	}
}
