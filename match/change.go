package match

import (
	"errors"
	"slices"
)

// Offered is a pair of a new ask: who could serve it, at what cost, and up to how many
// units, 0 for all.
type Offered struct{ Place, Cost, Limit int }

// Insert adds an ask to a solved plan and makes the plan optimal again. Its pairs are
// numbered on from those of the problem.
func (p *Plan) Insert(units, unserved int, pairs ...Offered) (ask int, err error) {
	var check Builder
	n := p.f.Problem.Pairs()
	check.within("ask", p.f.Asks(), "units", units, 1, int(MaxUnits-p.f.total))
	check.within("ask", p.f.Asks(), "price", unserved, 0, MaxCost)
	for k, o := range pairs {
		check.within("pair", n+k, "place", o.Place, 0, p.f.Places()-1)
		check.within("pair", n+k, "cost", o.Cost, 0, MaxCost)
		check.within("pair", n+k, "limit", o.Limit, 0, MaxUnits)
	}
	if check.err != nil {
		return 0, check.err
	}
	p.own()
	i := p.f.append(int32(units), int32(unserved), pairs)
	p.f.serve(i)
	return int(p.f.asks.outer[i]), nil
}

// Cancel takes an ask out of the plan and makes the plan optimal again. Its number stays
// taken, for 0 units.
func (p *Plan) Cancel(ask int) {
	p.own()
	f, i := p.f, p.f.asks.inner[ask]
	f.release(i)
	f.total -= int64(f.units[i])
	f.units[i], f.ask[i].price, f.use[i].left = 0, 0, 0
	if f.limit != nil {
		clear(f.limit[f.first[i]:f.first[i+1]])
	}
	delete(p.was, i)
	f.settle(i)
}

// Close takes all room from a place, the slots of an offer included: a volunteer is
// gone. Those who were served there are served anew.
func (p *Plan) Close(place int) {
	p.own()
	f, j := p.f, p.f.places.inner[place]
	f.closeRoom(j)
	asks := f.evict(j)
	if f.slot != nil {
		for _, k := range f.kids[f.kidAt[j]:f.kidAt[j+1]] {
			f.slot[k].units = 0
			asks = append(asks, f.evict(k)...)
		}
	}
	f.refillAll([]int32{j})
	for _, i := range asks {
		f.serve(i)
	}
}

// Forbid bans a pair and makes the plan optimal again without it.
func (p *Plan) Forbid(pair int) {
	p.own()
	f, a := p.f, p.position(pair)
	i := f.asker(a)
	f.release(i)
	f.setLimit(i, a, 0)
	if w, ok := p.was[i]; ok {
		w.limit[a-f.first[i]] = 0
	}
	f.serve(i)
}

// ErrPinned says that a pair cannot be forced, as there is no room for it.
var ErrPinned = errors.New("match: there is no room for what is forced")

// freely is what pinning an ask to a pair changed.
type freely struct {
	pair  int
	price int32
	limit []int32
}

// Pin forces all units of an ask over one pair and makes the rest of the plan optimal.
// It fails, and changes nothing, when the room is taken by others who are pinned.
func (p *Plan) Pin(pair int) error {
	p.own()
	i := p.f.asker(p.position(pair))
	before, again := p.was[i]
	p.free(i)
	owed := p.owed()
	if p.force(pair); p.owed() == owed {
		return nil
	}
	if p.free(i); again {
		p.force(before.pair)
	}
	return ErrPinned
}

// owed counts the units left of asks that are pinned.
func (p *Plan) owed() (units int) {
	for i := range p.was {
		units += int(p.f.use[i].unserved)
	}
	return units
}

// force pins an ask that is free, served or not.
func (p *Plan) force(pair int) {
	f, a := p.f, p.position(pair)
	i := f.asker(a)
	f.needLimits()
	f.release(i)
	if p.was == nil {
		p.was = map[int32]freely{}
	}
	p.was[i] = freely{pair, f.ask[i].price, slices.Clone(f.limit[f.first[i]:f.first[i+1]])}
	for b := f.first[i]; b < f.first[i+1]; b++ {
		if b != a {
			f.setLimit(i, b, 0)
		}
	}
	f.setPrice(i, MaxCost)
	f.serve(i)
}

// Unpin lets an ask go free again and makes the plan optimal again. It does nothing when
// the ask is not pinned.
func (p *Plan) Unpin(ask int) { p.free(p.f.asks.inner[ask]) }

func (p *Plan) free(i int32) {
	f := p.f
	w, ok := p.was[i]
	if !ok {
		return
	}
	delete(p.was, i)
	f.release(i)
	for k, limit := range w.limit {
		f.setLimit(i, f.first[i]+int32(k), limit)
	}
	f.setPrice(i, w.price)
	f.serve(i)
}

// own gives the plan a problem of its own, to be changed.
func (p *Plan) own() {
	if p.owned {
		return
	}
	p.owned = true
	f, q := p.f, *p.f.Problem
	q.first, q.place, q.cost = roomy(q.first), roomy(q.place), roomy(q.cost)
	q.pair, q.units, q.price = roomy(q.pair), roomy(q.units), roomy(q.price)
	q.steps, q.slot = slices.Clone(q.steps), slices.Clone(q.slot)
	q.asks = numbers{roomy(q.asks.outer), roomy(q.asks.inner)}
	if q.limit != nil {
		q.limit = roomy(q.limit)
	}
	f.Problem = &q
	f.open = roomy(f.open)
	f.ask, f.use, f.used = roomy(f.ask), roomy(f.use), roomy(f.used)
	if f.back == nil {
		f.transpose()
	}
	f.back.pays = roomy(f.back.pays)
	f.back.expect(len(f.node))
}

// roomy copies values, with space for a sixteenth more.
func roomy[T any](from []T) []T {
	return append(make([]T, 0, len(from)+len(from)/16+64), from...)
}

// position finds a pair by the number that the caller knows.
func (p *Plan) position(pair int) int32 {
	if p.at == nil {
		p.at = inverse(p.f.pair).inner
	}
	if pair >= len(p.at) { // inserted
		return int32(pair)
	}
	return p.at[pair]
}

// asker returns the ask of pair a.
func (f *flow) asker(a int32) int32 {
	k, _ := slices.BinarySearch(f.first, a+1)
	return int32(k - 1)
}

// append adds an ask and its pairs behind all others.
func (f *flow) append(units, price int32, pairs []Offered) (i int32) {
	i = int32(len(f.units))
	f.total += int64(units)
	f.units, f.price = append(f.units, units), append(f.price, price)
	f.asks.next()
	f.ask = append(f.ask, ask{price: price})
	f.use = append(f.use, use{left: units, at: int32(len(f.used)), room: 2})
	f.used = append(f.used, 0, 0)
	f.back.pays = append(f.back.pays, -lowest)
	f.simple = f.simple && units == 1
	for _, o := range pairs {
		f.appendPair(i, units, o)
	}
	f.first = append(f.first, int32(len(f.place)))
	if need := len(pairs) + scanSlack; need > len(f.value) {
		f.value, f.index = make([]int32, need), make([]int32, need)
	}
	return i
}

func (f *flow) appendPair(i, units int32, o Offered) {
	a, limit := int32(len(f.place)), int32(o.Limit)
	if limit == 0 || limit > units {
		limit = units
	}
	if limit < units {
		f.needLimits()
	}
	j, b := f.places.inner[o.Place], f.back
	f.place, f.cost, f.open = append(f.place, j), append(f.cost, int32(o.Cost)), append(f.open, int32(o.Cost))
	if f.limit != nil {
		f.limit = append(f.limit, limit)
	}
	f.pair = append(f.pair, a)
	b.before, b.asker = append(b.before, b.last[j]), append(b.asker, i)
	b.last[j] = a
}

// needLimits writes out the limits of all pairs.
func (f *flow) needLimits() {
	if f.limit != nil {
		return
	}
	f.limit = make([]int32, len(f.place))
	for i, units := range f.units {
		for a := f.first[i]; a < int32(len(f.place)) && (i+1 == len(f.first) || a < f.first[i+1]); a++ {
			f.limit[a] = units
		}
	}
	f.simple = false
}

// setLimit changes how much a pair without units carries.
func (f *flow) setLimit(i, a, limit int32) {
	f.needLimits()
	f.limit[a] = min(limit, f.units[i])
	f.open[a] = f.cost[a]
	if f.limit[a] == 0 {
		f.open[a] = closed
	}
}

func (f *flow) setPrice(i, price int32) {
	f.ask[i].price, f.price[i] = price, price
}

// release takes all units of an ask back, and makes the plan of the others optimal.
func (f *flow) release(i int32) {
	u := &f.use[i]
	var freed []int32
	for u.n > 0 {
		a := f.used[u.at]
		j := f.place[a]
		units := f.holder(j, a).units
		f.sub(j, i, a, units)
		f.giveBack(j, units)
		freed = append(freed, j)
	}
	u.left, u.unserved = f.units[i], 0
	f.refillAll(freed)
}

// giveBack frees units of room at a place, and at its offer.
func (f *flow) giveBack(j, units int32) {
	if f.slot != nil && f.slot[j].of >= 0 {
		f.pass(j, -units)
		j = f.slot[j].of
	}
	f.give(j, units)
}

// serve searches places for the units of an ask that are left.
func (f *flow) serve(i int32) {
	for f.use[i].left > 0 {
		f.augment(i)
	}
}

// refillAll lowers the prices of places that have been freed, and of their offers.
func (f *flow) refillAll(freed []int32) {
	for _, j := range freed {
		f.refill(j)
		if f.slot != nil && f.slot[j].of >= 0 {
			f.refill(f.slot[j].of)
		}
	}
}

// closeRoom takes the steps of a place away, whatever is on them.
func (f *flow) closeRoom(j int32) {
	for s := f.stepAt[j]; s < f.stepAt[j+1]; s++ {
		f.steps[s].units = 0
	}
	f.stock[j].step = f.stepAt[j+1]
	f.setNext(j)
	if f.slot != nil && f.slot[j].of >= 0 {
		f.slot[j].units = 0
	}
}

// evict sends the holders of a place away and returns the asks to be served anew.
func (f *flow) evict(j int32) (asks []int32) {
	n := &f.node[j]
	for k := n.n - 1; k >= 0; k-- {
		h := f.hold[n.at+k]
		if h.ask < 0 {
			continue
		}
		if f.slot != nil && f.slot[j].of >= 0 {
			f.pass(j, -h.units)
			if of := f.slot[j].of; f.stepAt[of] < f.stepAt[of+1] && f.steps[f.stepAt[of]].units > 0 {
				f.give(of, h.units)
			}
		}
		f.sub(j, h.ask, h.pair, h.units)
		f.use[h.ask].left += h.units
		asks = append(asks, h.ask)
	}
	return asks
}
