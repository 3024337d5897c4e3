package match

// Plan is an optimal answer to a problem, and can be changed: see [Plan.Insert] and what
// follows it. It is not safe for concurrent use.
type Plan struct {
	f     *flow
	owned bool             // the problem is the plan's own, to be changed
	at    []int32          // the position of each pair by the number that the caller knows
	was   map[int32]freely // of asks that are pinned
}

// Share is what a pair carries: Units of an ask served at a place.
type Share struct{ Pair, Ask, Place, Units int }

// Shares returns how an ask is served. Units not among them are left unserved.
func (p *Plan) Shares(ask int) []Share {
	var out []Share
	f := p.f
	u := &f.use[f.asks.inner[ask]]
	for _, a := range f.used[u.at : u.at+u.n] {
		j := f.place[a]
		out = append(out, Share{int(f.pair[a]), ask, int(f.places.outer[j]), int(f.holder(j, a).units)})
	}
	return out
}

// Unserved returns the units of an ask that are left.
func (p *Plan) Unserved(ask int) int { return int(p.f.use[p.f.asks.inner[ask]].unserved) }

// Load returns the units that go to a place; to an offer through its slots as well.
func (p *Plan) Load(place int) int {
	n := &p.f.node[p.f.places.inner[place]]
	units := 0
	for _, h := range p.f.hold[n.at : n.at+n.n] {
		units += int(h.units)
	}
	return units
}

// AskPrice returns the dual of an ask: what one unit less of it would save, at least.
func (p *Plan) AskPrice(ask int) int {
	i := p.f.asks.inner[ask]
	if p.f.units[i] == 0 {
		return 0
	}
	return int(p.f.pays(i))
}

// PlacePrice returns the dual of a place: what one unit more of its room would save, at
// most, before its own cost. See [Plan.Gain] for what it would save exactly.
func (p *Plan) PlacePrice(place int) int { return int(p.f.p[p.f.places.inner[place]]) }

// Cost returns the cost of the plan, of what is served and of what is left.
func (p *Plan) Cost() int64 {
	f := p.f
	sum := int64(0)
	for i := range f.use {
		u := &f.use[i]
		sum += int64(u.unserved) * int64(f.ask[i].price)
		for _, a := range f.used[u.at : u.at+u.n] {
			sum += int64(f.holder(f.place[a], a).units) * int64(f.cost[a])
		}
	}
	for j := range f.node {
		sum += f.ownCost(int32(j))
	}
	return sum
}

// ownCost is what the load of a place costs.
func (f *flow) ownCost(j int32) (sum int64) {
	if f.slot != nil && f.slot[j].of >= 0 {
		return int64(f.gate[j]) * int64(f.slot[j].cost)
	}
	for s := f.stepAt[j]; s <= f.stock[j].step && s < f.stepAt[j+1]; s++ {
		units := f.steps[s].units
		if s == f.stock[j].step {
			units -= f.stock[j].left
		}
		sum += int64(units) * int64(f.steps[s].cost)
	}
	return sum
}

// Left returns the units that are left unserved in all.
func (p *Plan) Left() (units int64) {
	for i := range p.f.use {
		units += int64(p.f.use[i].unserved)
	}
	return units
}

// Stats tell how much work a plan was.
type Stats struct {
	Scanned  int64 // pairs read
	Searches int64 // shortest paths, whichever way
}

// Stats returns the work done so far.
func (p *Plan) Stats() Stats { return Stats{p.f.scanned, int64(p.f.epoch)} }

// Answer is a plan as plain data, for [Verify] and for storing.
type Answer struct {
	Shares      []Share // by ask
	AskPrices   []int   // duals
	PlacePrices []int
	Cost        int64
}

// Answer returns the plan as plain data.
func (p *Plan) Answer() Answer {
	f := p.f
	a := Answer{Cost: p.Cost(), AskPrices: make([]int, len(f.use)), PlacePrices: make([]int, len(f.p))}
	for i := range f.use {
		a.Shares = append(a.Shares, p.Shares(i)...)
		a.AskPrices[i] = p.AskPrice(i)
	}
	for j, price := range f.p {
		a.PlacePrices[f.places.outer[j]] = int(price)
	}
	return a
}

// Problem returns the problem as it stands after all changes.
func (p *Plan) Problem() *Problem { return p.f.Problem }
