package match

// search is the scratch of one search for a shortest path.
type search struct {
	epoch   int32
	heap    heap
	touched []int32 // places whose distance is final
	value   []int32 // what a scan finds
	index   []int32

	best    int32 // length of the shortest path to an end so far
	endAsk  int32 // which leaves a unit unserved there; −1 when it ends at a place
	endNode int32
	endPair int32 // by which that unit is served, in a search backwards
	swap    bool  // a search backwards ends where it leaves: a unit changes slots

	scanned int64 // pairs read, the measure of work
}

func (s *search) scratch(first []int32) {
	widest := int32(0)
	for i := 1; i < len(first); i++ {
		widest = max(widest, first[i]-first[i-1])
	}
	s.value = make([]int32, widest+scanSlack)
	s.index = make([]int32, widest+scanSlack)
}

func (s *search) begin() {
	s.epoch++
	s.heap = s.heap[:0]
	s.touched = s.touched[:0]
	s.swap = false
}

// augment places as many units of ask i as one shortest augmenting path carries: from
// the ask over places and those who hold them to free room, or to somebody whose being
// left unserved costs less. Only places nearer than the end are looked into, and only
// their prices rise, by as much as they are nearer.
func (f *flow) augment(i int32) {
	f.begin()
	f.best = none
	f.ask[i].epoch, f.ask[i].base = f.epoch, 0
	f.relax(i, 0, -1)
	for len(f.heap) > 0 {
		d, j := f.heap.pop()
		if d >= f.best {
			break
		}
		if d > f.node[j].dist {
			continue
		}
		f.touched = append(f.touched, j)
		f.visit(j, d)
	}
	f.raise()
	f.carry(i, f.amount(i))
	if f.back != nil {
		f.settleTouched()
		f.settlePath(i)
	}
}

// relax looks at the pairs of ask i, whose places are base and the price away, and
// returns what sending a unit of pair own elsewhere costs at least.
func (f *flow) relax(i, base, own int32) (elsewhere int32) {
	limit := f.best - base
	if price := f.ask[i].price; price < limit {
		limit = price
		f.best, f.endAsk, f.endNode = base+price, i, -1
	}
	elsewhere = limit
	s, e := f.first[i], f.first[i+1]
	f.scanned += int64(e - s)
	found := below(f.place[s:e], f.open[s:e], f.p, limit, f.value, f.index)
	best, epoch := f.best, f.epoch
	for t := range found {
		a := s + f.index[t]
		if a == own {
			continue
		}
		v := f.value[t]
		elsewhere = min(elsewhere, v)
		d := base + v
		if d >= best {
			continue
		}
		j := f.place[a]
		n := &f.node[j]
		if n.epoch == epoch && d >= n.dist {
			continue
		}
		n.epoch, n.dist, n.from, n.pair = epoch, d, i, a
		if p := f.p[j]; n.next <= p {
			best, f.endAsk, f.endNode = d, -1, j
			continue
		} else if end := d - p + n.next; n.next != none && end < best {
			best, f.endAsk, f.endNode = end, -1, j
		}
		if f.slot != nil {
			f.best = best
			through := f.enter(j, d)
			if best = f.best; through {
				continue
			}
		}
		f.heap.push(d, j)
	}
	f.best = best
	return elsewhere
}

// enter goes on from a slot with room into its offer. It tells whether that is all there
// is to do: an empty slot leads nowhere else, and its price follows the offer's.
func (f *flow) enter(j, d int32) (through bool) {
	s := &f.slot[j]
	if s.of < 0 || f.gate[j] == s.units {
		return false
	}
	f.reach(s.of, d-f.p[j]+s.cost+f.p[s.of], j)
	return f.gate[j] == 0
}

// visit goes on from place j, at distance d: to those who hold it, and through a slot.
func (f *flow) visit(j, d int32) {
	h := d - f.p[j]
	if f.slot != nil {
		f.enter(j, d)
	}
	n := &f.node[j]
	if n.era != f.era {
		f.forget(n)
	}
	for k := n.at; k < n.at+n.n; k++ {
		x := &f.hold[k]
		if x.key >= f.best-h {
			continue
		}
		if x.ask < 0 {
			f.reach(^x.ask, h-f.slot[^x.ask].cost+f.p[^x.ask], j)
			continue
		}
		base := h - f.cost[x.pair]
		if !f.simple {
			if a := &f.ask[x.ask]; a.epoch == f.epoch && base >= a.base {
				continue
			}
		}
		a := &f.ask[x.ask]
		a.epoch, a.base, a.own = f.epoch, base, x.pair
		x.key = f.relax(x.ask, base, x.pair) - f.cost[x.pair]
	}
}

// forget drops the keys of a place's holders, found before some prices fell.
func (f *flow) forget(n *node) {
	n.era = f.era
	for k := n.at; k < n.at+n.n; k++ {
		f.hold[k].key = lowest
	}
}

// reach comes to a place from another one, between a slot and its offer.
func (f *flow) reach(j, d, from int32) {
	n := &f.node[j]
	if d >= f.best || n.epoch == f.epoch && d >= n.dist {
		return
	}
	n.epoch, n.dist, n.from, n.pair = f.epoch, d, ^from, -1
	if p := f.p[j]; n.next <= p {
		f.best, f.endAsk, f.endNode = d, -1, j
		return
	} else if end := d - p + n.next; n.next != none && end < f.best {
		f.best, f.endAsk, f.endNode = end, -1, j
	}
	f.heap.push(d, j)
}

// raise lifts the prices of the places that are nearer than the end.
func (f *flow) raise() {
	for _, j := range f.touched {
		if g := f.best - f.node[j].dist; g > 0 {
			f.p[j] += g
		}
	}
	if f.slot != nil {
		f.raiseSlots()
	}
}

// raiseSlots lets the empty slots of offers follow their prices.
func (f *flow) raiseSlots() {
	for _, j := range f.touched {
		for _, k := range f.kids[f.kidAt[j]:f.kidAt[j+1]] {
			if f.gate[k] == 0 {
				f.p[k] = max(f.p[k], f.slot[k].cost+f.p[j])
			}
		}
	}
}

// amount returns how many units the path found carries.
func (f *flow) amount(i int32) int32 {
	if f.simple {
		return 1
	}
	units := f.use[i].left
	if f.endNode >= 0 {
		units = min(units, f.stock[f.endNode].left)
	}
	f.walk(i, func(j, ask, pair, other int32) {
		switch {
		case ask < 0 && f.slot[j].of == other: // back from the offer
			units = min(units, f.gate[j])
		case ask < 0:
			units = min(units, f.slot[other].units-f.gate[other])
		case other >= 0:
			units = min(units, f.holder(j, pair).units)
		case f.limit != nil:
			units = min(units, f.room(j, pair))
		}
	})
	return units
}

// room returns how many more units pair a to place j carries.
func (f *flow) room(j, a int32) int32 {
	if h := f.holder(j, a); h != nil {
		return f.limit[a] - h.units
	}
	return f.limit[a]
}

// walk goes the path back from its end to ask i. Of each leg it tells the place j and
// either the ask and pair by which the place gains (other −1) or loses units (other ≥ 0),
// or, ask being −1, the other place from which the path came over a slot.
func (f *flow) walk(i int32, leg func(j, ask, pair, other int32)) {
	j, at := f.endNode, f.endAsk
	for at != i {
		if at >= 0 { // reached back from the place of a pair that it uses
			own := f.ask[at].own
			j = f.place[own]
			leg(j, at, own, 0)
		}
		n := &f.node[j]
		for n.from < 0 {
			leg(j, -1, -1, ^n.from)
			j = ^n.from
			n = &f.node[j]
		}
		leg(j, n.from, n.pair, -1)
		at = n.from
	}
}

// settlePath notes what the asks on the path found pay.
func (f *flow) settlePath(i int32) {
	f.settle(i)
	if f.endAsk >= 0 {
		f.settle(f.endAsk)
	}
	f.walk(i, func(_, ask, _, _ int32) {
		if ask >= 0 {
			f.settle(ask)
		}
	})
}

// carry moves units along the path found.
func (f *flow) carry(i, units int32) {
	f.use[i].left -= units
	if f.endNode >= 0 {
		f.take(f.endNode, units)
	} else {
		f.use[f.endAsk].unserved += units
	}
	f.walk(i, func(j, ask, pair, other int32) {
		switch {
		case ask < 0 && f.slot[j].of == other:
			f.pass(j, -units)
		case ask < 0:
			f.pass(other, units)
		case other >= 0:
			f.sub(j, ask, pair, units)
		default:
			f.add(j, ask, pair, units)
		}
	})
}
