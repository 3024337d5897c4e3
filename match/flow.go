package match

import (
	"math"
	"sync"
)

const (
	none    = math.MaxInt32 // the price of what cannot be had
	closed  = 1 << 29       // cost of a pair that takes no more
	blocked = 1 << 29       // price of a place without any room
	lowest  = math.MinInt32 / 4
)

// flow is a solution in the making: the units that each pair carries and the prices of
// places, which together are optimal for the units placed so far, but for room that is
// priced too high (see refill). Values are 32 bits wide, which makes rows short.
type flow struct {
	*Problem
	open   []int32 // cost of each pair, closed when it takes no more
	p      []int32 // price of one more unit at each place
	node   []node
	stock  []stock
	hold   []holder // blocks of the holders of places
	ask    []ask
	use    []use
	used   []int32 // blocks of the pairs that asks use
	gate   []int32 // units that each slot passes on
	kids   []int32 // slots of offer j: kids[kidAt[j]:kidAt[j+1]]
	kidAt  []int32
	simple bool  // every unit is an ask of its own: amounts along a path are 1
	fixed  bool  // blocks of holders never grow
	era    int32 // counts how often prices fell, which makes the keys of holders void
	back   *back
	search
}

// node is what a search reads and writes of a place, half a cache line.
type node struct {
	dist, epoch int32 // distance in the search of that number
	from, pair  int32 // reached from ask from by pair; or from place ^from
	next        int32 // cost of the next free unit, none when full
	at, n       int32 // the holders
	era         int32 // in which the keys of the holders were found
}

// stock is what is read of a place only where a path ends.
type stock struct {
	step int32 // the step with free units, the last one's end when full
	left int32 // units free of that step
	room int32 // holders that the block has space for
}

// holder is an ask that uses a place, or a slot ^ask that uses its offer. Sending it
// elsewhere costs key or more than its pair, a bound that holds while prices rise.
type holder struct{ ask, pair, key, units int32 }

// ask is what a search reads and writes of an ask.
type ask struct {
	price       int32
	base, epoch int32 // distance less the ask's own price, in the search of that number
	own         int32 // reached backwards over this pair
}

// use is where the units of an ask are.
type use struct {
	left, unserved int32 // not yet placed; left for good
	at, n, room    int32 // pairs with units
}

// Blocks of holders and used pairs start small where they may grow large.
const smallBlock = 4

func newFlow(p *Problem) *flow {
	f := &flow{Problem: p, open: p.cost, simple: p.single(), fixed: p.single()}
	if p.limit != nil {
		f.open = append([]int32(nil), p.cost...)
	}
	var asks sync.WaitGroup
	asks.Go(f.layAsks)
	f.layPlaces()
	f.laySlots()
	asks.Wait()
	f.scratch(p.first)
	return f
}

func (f *flow) layAsks() {
	f.ask = make([]ask, len(f.units))
	f.use = make([]use, len(f.units))
	at := int32(0)
	for i, units := range f.units {
		f.ask[i].price = f.price[i]
		room := min(units, smallBlock, f.first[i+1]-f.first[i]) + 1
		f.use[i] = use{left: units, at: at, room: room}
		at += room
	}
	f.used = make([]int32, at)
}

func (f *flow) layPlaces() {
	f.p = make([]int32, f.Places())
	f.node = make([]node, f.Places())
	f.stock = make([]stock, f.Places())
	at := int32(0)
	for j := range f.node {
		s, e := f.stepAt[j], f.stepAt[j+1]
		room := int32(0)
		for k := s; k < e; k++ {
			if room >= 2*smallBlock || f.steps[k].units > 2*smallBlock {
				f.fixed = false
			}
			if room < 2*smallBlock {
				room += min(2*smallBlock, f.steps[k].units)
			}
		}
		f.stock[j] = stock{step: s, room: room}
		f.node[j].at = at
		f.setNext(int32(j))
		f.p[j] = min(f.node[j].next, blocked)
		at += room
	}
	f.hold = make([]holder, at)
}

func (f *flow) laySlots() {
	if f.slot == nil {
		return
	}
	f.gate = make([]int32, len(f.slot))
	f.kidAt = make([]int32, len(f.slot)+1)
	for _, s := range f.slot {
		if s.of >= 0 {
			f.kidAt[s.of+1]++
		}
	}
	for j := range f.slot {
		f.kidAt[j+1] += f.kidAt[j]
	}
	f.kids = make([]int32, f.kidAt[len(f.slot)])
	to := append([]int32(nil), f.kidAt...)
	at := int32(len(f.hold))
	for j, s := range f.slot {
		if s.of < 0 {
			continue
		}
		f.kids[to[s.of]] = int32(j)
		to[s.of]++
		f.p[j] = min(s.cost+f.p[s.of], blocked)
		f.stock[j].room = min(s.units, 2*smallBlock)
		f.node[j].at = at
		at += f.stock[j].room
	}
	f.hold = append(f.hold, make([]holder, int(at)-len(f.hold))...)
}

// setNext finds the cost of the next free unit after a change of step.
func (f *flow) setNext(j int32) {
	n, t := &f.node[j], &f.stock[j]
	n.next, t.left = none, 0
	if t.step < f.stepAt[j+1] {
		n.next, t.left = f.steps[t.step].cost, f.steps[t.step].units
	}
}

// take uses up units of the steps of offer j.
func (f *flow) take(j, units int32) {
	t := &f.stock[j]
	for units > 0 {
		u := min(units, t.left)
		t.left -= u
		units -= u
		if t.left == 0 {
			t.step++
			f.setNext(j)
		}
	}
}

// give returns units to the steps of offer j.
func (f *flow) give(j, units int32) {
	t := &f.stock[j]
	for units > 0 {
		if t.step == f.stepAt[j+1] || t.left == f.steps[t.step].units {
			t.step--
			t.left = 0
			f.node[j].next = f.steps[t.step].cost
		}
		u := min(units, f.steps[t.step].units-t.left)
		t.left += u
		units -= u
	}
}

// dearest returns the step of offer j that it would free first, and the units used of it.
func (f *flow) dearest(j int32) (cost, used int32) {
	s := f.stock[j].step
	if s < f.stepAt[j+1] {
		if used := f.steps[s].units - f.stock[j].left; used > 0 {
			return f.steps[s].cost, used
		}
	}
	if s--; s < f.stepAt[j] {
		return 0, 0
	}
	return f.steps[s].cost, f.steps[s].units
}

// add puts more units of ask i on pair a to place j.
func (f *flow) add(j, i, a, units int32) {
	var h *holder
	if !f.simple {
		h = f.holder(j, a)
	}
	if h == nil {
		f.useMore(i, a)
		h = f.grow(j)
		*h = holder{ask: i, pair: a}
	}
	h.key = f.p[j]
	h.units += units
	if f.limit != nil && h.units == f.limit[a] {
		f.open[a] = closed
	}
}

// sub takes units of ask i away from pair a to place j.
func (f *flow) sub(j, i, a, units int32) {
	h := f.holder(j, a)
	if f.limit != nil && f.open[a] == closed && h.units == f.limit[a] {
		f.open[a] = f.cost[a]
		f.loosen(i, f.cost[a]+f.p[j])
	}
	if h.units -= units; h.units == 0 {
		f.shrink(j, h)
		f.useLess(i, a)
	}
}

// holder finds who uses place j by pair a, nil when nobody does.
func (f *flow) holder(j, a int32) *holder {
	n := &f.node[j]
	block := f.hold[n.at : n.at+n.n]
	for k := range block {
		if block[k].pair == a && block[k].ask >= 0 {
			return &block[k]
		}
	}
	return nil
}

// grow makes room for one more holder of place j.
func (f *flow) grow(j int32) *holder {
	n, s := &f.node[j], &f.stock[j]
	if n.n == s.room {
		s.room = 2*s.room + smallBlock
		at := int32(len(f.hold))
		f.hold = append(f.hold, f.hold[n.at:n.at+n.n]...)
		f.hold = append(f.hold, make([]holder, s.room-n.n)...)
		n.at = at
	}
	n.n++
	return &f.hold[n.at+n.n-1]
}

func (f *flow) shrink(j int32, h *holder) {
	n := &f.node[j]
	n.n--
	*h = f.hold[n.at+n.n]
}

func (f *flow) useMore(i, a int32) {
	u := &f.use[i]
	if u.n == u.room {
		u.room = 2*u.room + smallBlock
		at := int32(len(f.used))
		f.used = append(f.used, f.used[u.at:u.at+u.n]...)
		f.used = append(f.used, make([]int32, u.room-u.n)...)
		u.at = at
	}
	f.used[u.at+u.n] = a
	u.n++
}

func (f *flow) useLess(i, a int32) {
	u := &f.use[i]
	block := f.used[u.at : u.at+u.n]
	for k := range block {
		if block[k] == a {
			u.n--
			block[k] = block[u.n]
			return
		}
	}
}

// loosen lowers the bounds of an ask's holders to its own price, as a pair at that
// price is open to it again.
func (f *flow) loosen(i, price int32) {
	u := &f.use[i]
	for _, a := range f.used[u.at : u.at+u.n] {
		if h := f.holder(f.place[a], a); h != nil {
			h.key = min(h.key, price-f.cost[a])
		}
	}
}

// pass moves units from a slot into its offer; negative ones take them back.
func (f *flow) pass(slot, units int32) {
	of := f.slot[slot].of
	f.gate[slot] += units
	n := &f.node[of]
	for k := n.at; k < n.at+n.n; k++ {
		if h := &f.hold[k]; h.ask == ^slot {
			if h.units += units; h.units == 0 {
				f.shrink(of, h)
			}
			return
		}
	}
	*f.grow(of) = holder{ask: ^slot, pair: -1, key: lowest, units: units}
}
