package match

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

// Limits of a problem. Beyond them [Builder.Problem] refuses; within them nothing
// overflows: searches add at most one cost of each kind, which stays below 2³¹, and
// totals are kept in 64 bits.
const (
	// MaxCost is the largest cost of a pair, of a step of load, of a slot, and the
	// largest price of a unit left unserved. The smallest is 0.
	MaxCost = 1<<28 - 1
	// MaxUnits is the largest sum of the units of all asks, and of an offer.
	MaxUnits = math.MaxInt32
	// MaxSize is the largest number of asks, of places, and of pairs.
	MaxSize = math.MaxInt32 - 64
)

// Step is a part of an offer's capacity: Units of it cost Cost each. The steps of an
// offer are used from the cheapest on, which makes the cost of load convex: the second
// order of a week may cost more than the first.
type Step struct{ Units, Cost int }

// Problem is a set of asks and offers to be matched at the least cost, made by a
// [Builder]. It is not changed by solving and may be shared.
//
// Asks are numbered from 0 in the order of [Builder.Ask]. Places are what a pair leads
// to, offers and their slots, numbered from 0 together, and pairs are numbered from 0,
// each in the order in which they were added.
type Problem struct {
	first []int32 // pairs of ask i: first[i] to first[i+1]
	place []int32 // of each pair
	cost  []int32
	limit []int32 // units that a pair carries at most; nil when no pair is limited
	pair  []int32 // the number of each pair that the caller knows

	units []int32 // of each ask
	price []int32 // of each ask, for a unit left unserved

	stepAt []int32 // steps of place j: stepAt[j] to stepAt[j+1]
	steps  []step
	slot   []slot // of each place; nil when there are no slots

	total int64 // units of all asks

	asks, places numbers
	cut          [2]int32 // ends of the asks of either half; the others reach into both
}

type step struct{ units, cost int32 }

// slot is a place that leads into an offer, of −1 for an offer itself.
type slot struct{ of, units, cost int32 }

// Asks returns the number of asks.
func (p *Problem) Asks() int { return len(p.units) }

// Places returns the number of offers and slots.
func (p *Problem) Places() int { return len(p.stepAt) - 1 }

// Pairs returns the number of pairs.
func (p *Problem) Pairs() int { return len(p.place) }

// Ask returns the units of an ask, and the price of leaving one.
func (p *Problem) Ask(ask int) (units, unserved int) {
	i := p.asks.inner[ask]
	return int(p.units[i]), int(p.price[i])
}

// Offered returns the pairs of an ask.
func (p *Problem) Offered(ask int) []Offered {
	i := p.asks.inner[ask]
	out := make([]Offered, 0, p.first[i+1]-p.first[i])
	for a := p.first[i]; a < p.first[i+1]; a++ {
		o := Offered{Place: int(p.places.outer[p.place[a]]), Cost: int(p.cost[a])}
		if p.limit != nil {
			o.Limit = int(p.limit[a])
		}
		out = append(out, o)
	}
	return out
}

// Builder collects a problem. The first thing that is wrong is kept and returned by
// Problem. The zero Builder is ready to use.
type Builder struct {
	p      Problem
	asks   []int32 // of each pair
	offers [][]Step
	err    error
}

// Ask adds an ask for some units, each of which costs unserved when it is left.
func (b *Builder) Ask(units, unserved int) (ask int) {
	b.within("ask", len(b.p.units), "units", units, 1, MaxUnits)
	b.within("ask", len(b.p.units), "price", unserved, 0, MaxCost)
	b.p.units = append(b.p.units, int32(units))
	b.p.price = append(b.p.price, int32(unserved))
	b.p.total += int64(units)
	return len(b.p.units) - 1
}

// Offer adds an offer, which can be used as far as its steps go.
func (b *Builder) Offer(steps ...Step) (place int) {
	sum := 0
	for _, s := range steps {
		sum += max(s.Units, 0)
		b.within("place", len(b.offers), "units", min(s.Units, sum), 0, MaxUnits)
		b.within("place", len(b.offers), "cost", s.Cost, 0, MaxCost)
	}
	b.within("place", len(b.offers), "sum of units", sum, 0, MaxUnits)
	b.offers = append(b.offers, slices.Clone(steps))
	b.p.slot = append(b.p.slot, slot{of: -1})
	return len(b.offers) - 1
}

// Slot adds a place that leads into an offer, for units at most at the same cost each:
// a time of which a volunteer has only one. The offer's own steps count as well.
func (b *Builder) Slot(offer, units, cost int) (place int) {
	n := len(b.offers)
	b.within("slot", n, "units", units, 0, MaxUnits)
	b.within("slot", n, "cost", cost, 0, MaxCost)
	b.within("slot", n, "offer", offer, 0, n-1)
	if b.err == nil && b.p.slot[offer].of >= 0 {
		b.fail("slot %d: place %d is a slot itself", n, offer)
	}
	b.offers = append(b.offers, nil)
	b.p.slot = append(b.p.slot, slot{int32(offer), int32(units), int32(cost)})
	return n
}

// Pair adds that a place can serve an ask at a cost for each unit.
func (b *Builder) Pair(ask, place, cost int) (pair int) { return b.PairUpTo(ask, place, cost, 0) }

// PairUpTo is Pair for a limited number of units; 0 is without limit.
func (b *Builder) PairUpTo(ask, place, cost, limit int) (pair int) {
	n := len(b.asks)
	b.within("pair", n, "ask", ask, 0, len(b.p.units)-1)
	b.within("pair", n, "place", place, 0, len(b.offers)-1)
	b.within("pair", n, "cost", cost, 0, MaxCost)
	b.within("pair", n, "limit", limit, 0, MaxUnits)
	if limit > 0 && b.p.limit == nil {
		b.p.limit = make([]int32, n, n+1)
	}
	if b.p.limit != nil {
		b.p.limit = append(b.p.limit, int32(limit))
	}
	b.asks = append(b.asks, int32(ask))
	b.p.place = append(b.p.place, int32(place))
	b.p.cost = append(b.p.cost, int32(cost))
	return n
}

// Reserve makes room for pairs to come, to save copying.
func (b *Builder) Reserve(pairs int) {
	b.asks = slices.Grow(b.asks, pairs)
	b.p.place = slices.Grow(b.p.place, pairs)
	b.p.cost = slices.Grow(b.p.cost, pairs)
}

func (b *Builder) within(kind string, n int, field string, v, lo, hi int) {
	if v < lo || v > hi {
		b.fail("%s %d: %s %d is not within %d and %d", kind, n, field, v, lo, hi)
	}
}

func (b *Builder) fail(format string, a ...any) {
	if b.err == nil {
		b.err = fmt.Errorf("match: "+format, a...)
	}
}

// Problem returns what was collected. The builder is empty afterwards.
func (b *Builder) Problem() (*Problem, error) {
	switch {
	case b.err != nil:
	case len(b.asks) > MaxSize || len(b.offers) > MaxSize || len(b.p.units) > MaxSize:
		b.err = errors.New("match: too many asks, places or pairs")
	case b.p.total > MaxUnits:
		b.fail("%d units asked, at most %d", b.p.total, MaxUnits)
	}
	if b.err != nil {
		return nil, b.err
	}
	p := b.p
	p.setSteps(b.offers)
	p.group(b.asks)
	p.dropIdle()
	c := p.suitors()
	asks, cut := p.halves(p.neighbours(c), c)
	p.arrange(asks)
	p.cut = cut
	*b = Builder{}
	return &p, nil
}

// setSteps lays the steps in one row, cheapest first, and forgets the empty ones.
func (p *Problem) setSteps(offers [][]Step) {
	p.stepAt = make([]int32, len(offers)+1)
	for j, all := range offers {
		for _, s := range all {
			if s.Units > 0 {
				p.steps = append(p.steps, step{int32(s.Units), int32(s.Cost)})
			}
		}
		p.stepAt[j+1] = int32(len(p.steps))
		own := p.steps[p.stepAt[j]:]
		slices.SortStableFunc(own, func(a, b step) int { return cmp.Compare(a.cost, b.cost) })
	}
}

// group brings the pairs into the order of their asks.
func (p *Problem) group(asks []int32) {
	p.first = make([]int32, len(p.units)+1)
	for _, i := range asks {
		p.first[i+1]++
	}
	for i := range p.units {
		p.first[i+1] += p.first[i]
	}
	if slices.IsSorted(asks) {
		return
	}
	to := slices.Clone(p.first)
	p.pair = make([]int32, len(asks))
	for k, i := range asks {
		p.pair[to[i]] = int32(k)
		to[i]++
	}
	p.place, p.cost = pick(p.place, p.pair), pick(p.cost, p.pair)
	if p.limit != nil {
		p.limit = pick(p.limit, p.pair)
	}
}

// dropIdle forgets limits that can never bind, and slots when there are none.
func (p *Problem) dropIdle() {
	if !slices.ContainsFunc(p.slot, func(s slot) bool { return s.of >= 0 }) {
		p.slot = nil
	}
	binds := false
	for i := range p.units {
		for a := p.first[i]; a < p.first[i+1] && p.limit != nil; a++ {
			if p.limit[a] == 0 || p.limit[a] > p.units[i] {
				p.limit[a] = p.units[i]
			}
			binds = binds || p.limit[a] < p.units[i]
		}
	}
	if !binds {
		p.limit = nil
	}
}
