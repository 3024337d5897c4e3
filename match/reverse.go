package match

// back lists the pairs of each place, for searches against their direction, and what
// each ask pays, negative.
type back struct {
	first           []int32
	ask, cost, pair []int32
	pays            []int32

	// Pairs added since: the last of each place, and of each the one before and its ask.
	base          int32
	last          []int32
	before, asker []int32
}

// expect gets ready for pairs to be added.
func (b *back) expect(places int) {
	b.last = make([]int32, places)
	for j := range b.last {
		b.last[j] = -1
	}
}

// transpose lists the pairs by place.
func (f *flow) transpose() {
	b := &back{first: make([]int32, f.Places()+2)}
	for _, j := range f.place {
		b.first[j+2]++
	}
	widest := int32(0)
	for j := 2; j < len(b.first); j++ {
		widest = max(widest, b.first[j])
		b.first[j] += b.first[j-1]
	}
	n := len(f.place)
	b.ask, b.cost, b.pair = make([]int32, n), make([]int32, n), make([]int32, n)
	for i := range f.use {
		for a := f.first[i]; a < f.first[i+1]; a++ {
			to := &b.first[f.place[a]+1]
			b.ask[*to], b.cost[*to], b.pair[*to] = int32(i), f.cost[a], a
			*to++
		}
	}
	b.pays = make([]int32, len(f.use))
	b.base = int32(n)
	f.back = b
	for i := range f.use {
		f.settle(int32(i))
	}
	if need := int(widest) + scanSlack; need > len(f.value) {
		f.value, f.index = make([]int32, need), make([]int32, need)
	}
}

// settle notes what ask i pays.
func (f *flow) settle(i int32) { f.back.pays[i] = -f.pays(i) }

// pays is what ask i pays for the dearest of its units.
func (f *flow) pays(i int32) int32 {
	u := &f.use[i]
	most := int32(lowest)
	if u.unserved > 0 {
		most = f.ask[i].price
	}
	for _, a := range f.used[u.at : u.at+u.n] {
		most = max(most, f.cost[a]+f.p[f.place[a]])
	}
	return most
}

// reverse lowers the prices of the places that have free room for less. It makes the
// solution optimal whatever prices it started from.
func (f *flow) reverse() {
	for j := range f.node {
		f.refill(int32(j))
	}
}

// refill lowers the price of place j until its free room costs no less.
func (f *flow) refill(j int32) {
	for f.exit(j) < f.p[j] {
		if f.back == nil {
			f.transpose()
		}
		f.shorten(j)
	}
}

// exit is what one more unit pays for going on from place j, none when there is no room.
func (f *flow) exit(j int32) int32 {
	if f.slot == nil || f.slot[j].of < 0 {
		return f.node[j].next
	}
	s := &f.slot[j]
	if f.gate[j] == s.units || f.node[s.of].next == none {
		return none
	}
	return s.cost + f.p[s.of]
}

// shorten finds the shortest path that ends at place h, priced above its free room:
// units left unserved, or used elsewhere at a higher cost, come to it over asks that
// gain by moving. The prices of the places nearer than the start of that path fall; when
// the price of h falls to that of its room before, nothing moves.
func (f *flow) shorten(h int32) {
	f.searchBack(h, f.exit(h))
	f.lower()
	if f.endAsk >= 0 || f.endNode != h {
		f.carryBack(h)
	}
	f.settleTouched()
}

// searchBack finds that path when a unit of room at place h costs exit.
func (f *flow) searchBack(h, exit int32) {
	f.begin()
	f.best, f.endAsk, f.endNode = f.p[h]-exit, -1, h
	f.node[h].epoch, f.node[h].dist = f.epoch, 0
	f.heap.push(0, h)
	f.spreadBack(h)
}

// spreadBack goes on from the places in the heap until the shortest path is found. When
// h is a slot and the path comes to its own offer, a unit changes slots there.
func (f *flow) spreadBack(h int32) {
	for len(f.heap) > 0 {
		d, j := f.heap.pop()
		if d >= f.best {
			break
		}
		if d > f.node[j].dist {
			continue
		}
		if f.slot != nil && h >= 0 && f.slot[h].of == j {
			f.best, f.endAsk, f.endNode, f.swap = d, -1, j, true
			break
		}
		f.touched = append(f.touched, j)
		if cost, used := f.dearest(j); j != h && used > 0 && d+f.p[j]-cost < f.best {
			f.best, f.endAsk, f.endNode = d+f.p[j]-cost, -1, j
		}
		if f.slot != nil {
			f.visitSlotsBack(j, d, h)
		}
		f.visitBack(j, d)
	}
}

// visitBack looks at the asks that could move to place j, at distance d.
func (f *flow) visitBack(j, d int32) {
	b := f.back
	s, e := b.first[j], b.first[j+1]
	from := d + f.p[j]
	f.scanned += int64(e - s)
	found := below(b.ask[s:e], b.cost[s:e], b.pays, f.best-from, f.value, f.index)
	for t := range found {
		k := s + f.index[t]
		if from+f.value[t] < f.best {
			f.meet(b.ask[k], b.pair[k], j, from+b.cost[k])
		}
	}
	if b.last == nil {
		return
	}
	for a := b.last[j]; a >= 0; a = b.before[a-b.base] {
		if i, v := b.asker[a-b.base], from+f.cost[a]; v+b.pays[i] < f.best {
			f.meet(i, a, j, v)
		}
	}
}

// meet considers that ask i moves a unit to place j by pair a; v is the distance, the
// price of the place and the cost of the pair.
func (f *flow) meet(i, a, j, v int32) {
	if f.limit != nil && f.open[a] == closed {
		return
	}
	u := &f.use[i]
	if end := v - f.ask[i].price; u.unserved > 0 && end < f.best {
		f.best, f.endAsk, f.endNode, f.endPair = end, i, j, a
	}
	f.leave(i, a, v)
}

// leave reaches the places that ask i uses now, when it could have what pair a offers
// at v.
func (f *flow) leave(i, a, v int32) {
	u := &f.use[i]
	for _, own := range f.used[u.at : u.at+u.n] {
		if own == a {
			continue
		}
		k := f.place[own]
		n := &f.node[k]
		d := v - f.cost[own] - f.p[k]
		if d >= f.best || n.epoch == f.epoch && d >= n.dist {
			continue
		}
		n.epoch, n.dist, n.from, n.pair = f.epoch, d, a, own
		f.heap.push(d, k)
	}
}

// visitSlotsBack goes on against the direction of slots: from a slot to its offer when
// units pass that could go elsewhere, from an offer to its slots with room.
func (f *flow) visitSlotsBack(j, d, h int32) {
	if s := &f.slot[j]; s.of >= 0 {
		if f.gate[j] > 0 {
			f.reachBack(s.of, d+f.p[j]-f.p[s.of]-s.cost, j)
		}
		return
	}
	for _, k := range f.kids[f.kidAt[j]:f.kidAt[j+1]] {
		if s := &f.slot[k]; k != h && f.gate[k] < s.units {
			f.reachBack(k, d+s.cost+f.p[j]-f.p[k], j)
		}
	}
}

func (f *flow) reachBack(j, d, to int32) {
	n := &f.node[j]
	if d >= f.best || n.epoch == f.epoch && d >= n.dist {
		return
	}
	n.epoch, n.dist, n.from, n.pair = f.epoch, d, ^to, -1
	f.heap.push(d, j)
}

func (f *flow) lower() {
	f.era++
	for _, j := range f.touched {
		if g := f.best - f.node[j].dist; g > 0 {
			f.p[j] -= g
		}
	}
}

// carryBack moves units along the path found to place h.
func (f *flow) carryBack(h int32) {
	units := f.amountBack(h)
	out := h
	if f.slot != nil && f.slot[h].of >= 0 {
		f.pass(h, units)
		out = f.slot[h].of
	}
	if !f.swap {
		f.take(out, units)
	}
	if f.endAsk >= 0 {
		f.use[f.endAsk].unserved -= units
		f.add(f.endNode, f.endAsk, f.endPair, units)
		f.settle(f.endAsk)
	} else if !f.swap {
		f.give(f.endNode, units)
	}
	f.walkBack(h, func(j, gain, lose, to int32) {
		switch {
		case gain < 0 && f.slot[j].of == to:
			f.pass(j, units)
		case gain < 0:
			f.pass(to, -units)
		default:
			i := f.holder(j, lose).ask
			f.sub(j, i, lose, units)
			f.add(to, i, gain, units)
			f.settle(i)
		}
	})
}

func (f *flow) amountBack(h int32) int32 {
	if f.simple {
		return 1
	}
	units, out := int32(none), h
	if f.slot != nil && f.slot[h].of >= 0 {
		units, out = f.slot[h].units-f.gate[h], f.slot[h].of
	}
	if !f.swap {
		units = min(units, f.stock[out].left)
	}
	switch {
	case f.endAsk >= 0:
		units = min(units, f.use[f.endAsk].unserved)
		if f.limit != nil {
			units = min(units, f.room(f.endNode, f.endPair))
		}
	case !f.swap:
		_, used := f.dearest(f.endNode)
		units = min(units, used)
	}
	f.walkBack(h, func(j, gain, lose, to int32) {
		switch {
		case gain < 0 && f.slot[j].of == to:
			units = min(units, f.slot[j].units-f.gate[j])
		case gain < 0:
			units = min(units, f.gate[to])
		default:
			units = min(units, f.holder(j, lose).units)
			if f.limit != nil {
				units = min(units, f.room(to, gain))
			}
		}
	})
	return units
}

// walkBack goes the path from its start to place h. Of each leg it tells the place j
// that loses units, the pairs gained and lost, and the place that they go to; gain is
// −1 between a slot and its offer.
func (f *flow) walkBack(h int32, leg func(j, gain, lose, to int32)) {
	for j := f.endNode; j != h; {
		n := &f.node[j]
		gain, lose, to := n.from, n.pair, int32(0)
		if gain < 0 {
			to, gain = ^gain, -1
		} else {
			to = f.place[gain]
		}
		leg(j, gain, lose, to)
		j = to
	}
}

// settleTouched notes what those pay whose places have become cheaper.
func (f *flow) settleTouched() {
	for _, j := range f.touched {
		n := &f.node[j]
		for _, h := range f.hold[n.at : n.at+n.n] {
			if h.ask >= 0 {
				f.settle(h.ask)
			}
		}
	}
}
