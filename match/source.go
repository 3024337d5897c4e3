package match

import "context"

// Source gives the pairs of an ask in order of cost, some more with each call, and what
// the cheapest pair costs that it has not given yet; MaxCost+1 when there is none.
type Source func(ask int) (more []Offered, rest int)

// SolveFrom is Solve for a problem whose pairs are found while solving, as from a map of
// volunteers around each order. The plan is optimal over all pairs that the source would
// ever give, though it is asked for few: a pair that was not given costs no less than the
// rest, prices of places are not below 0, so as soon as the rest of an ask is not below
// its own price, none of its other pairs can save anything (delayed column generation).
// Cutting the lists to the nearest few instead costs more than any solver can win.
//
// The problem has asks and places, and no pairs. Pairs are numbered as they come.
func SolveFrom(ctx context.Context, p *Problem, more Source, s Settings) (*Plan, error) {
	g := growing{more: more, lists: make([][]Offered, p.Asks()), rest: make([]int, p.Asks())}
	for ask := range g.lists {
		g.pull(ask)
	}
	q, err := p.with(g.lists)
	if err != nil {
		return nil, err
	}
	if g.plan, err = Solve(ctx, q, s); err != nil {
		return nil, err
	}
	for grew := true; grew; {
		if grew, err = g.round(ctx); err != nil {
			return nil, err
		}
	}
	return g.plan, nil
}

// growing is a plan whose asks get more pairs.
type growing struct {
	plan  *Plan
	more  Source
	lists [][]Offered
	rest  []int
}

func (g *growing) pull(ask int) {
	pairs, rest := g.more(ask)
	g.lists[ask] = append(g.lists[ask], pairs...)
	g.rest[ask] = rest
}

// round gives more pairs to the asks that may need them.
func (g *growing) round(ctx context.Context) (grew bool, err error) {
	for ask := range g.lists {
		known := len(g.lists[ask])
		for g.rest[ask] < g.plan.AskPrice(ask) {
			g.pull(ask)
		}
		if len(g.lists[ask]) == known {
			continue
		}
		grew = true
		if err := g.plan.relist(ask, g.lists[ask]); err != nil {
			return false, err
		}
		if err := ctx.Err(); err != nil {
			return false, err
		}
	}
	return grew, nil
}

// relist gives an ask other pairs. What it was before stays, as an ask of no units with
// the next number.
func (p *Plan) relist(ask int, pairs []Offered) error {
	units, price := p.f.Problem.Ask(ask)
	p.Cancel(ask)
	last, err := p.Insert(units, price, pairs...)
	if err != nil {
		return err
	}
	n := &p.f.asks
	was, is := n.inner[ask], n.inner[last]
	n.inner[ask], n.inner[last] = is, was
	n.outer[is], n.outer[was] = int32(ask), int32(last)
	return nil
}

// with returns a problem of the same asks and places with the pairs listed.
func (p *Problem) with(lists [][]Offered) (*Problem, error) {
	var b Builder
	for ask := range lists {
		b.Ask(p.Ask(ask))
	}
	for _, j := range p.places.inner {
		if p.slot != nil && p.slot[j].of >= 0 {
			s := p.slot[j]
			b.Slot(int(p.places.outer[s.of]), int(s.units), int(s.cost))
			continue
		}
		var steps []Step
		for _, s := range p.steps[p.stepAt[j]:p.stepAt[j+1]] {
			steps = append(steps, Step{int(s.units), int(s.cost)})
		}
		b.Offer(steps...)
	}
	for ask, pairs := range lists {
		for _, o := range pairs {
			b.PairUpTo(ask, o.Place, o.Cost, o.Limit)
		}
	}
	return b.Problem()
}
