package match

import (
	"cmp"
	"slices"
)

// ascend raises prices without searching, as far as single asks do: each takes its best
// place and outbids the one who holds it, if there is only one, up to the price at which
// it would rather go elsewhere. That is the augmenting row reduction of Jonker and
// Volgenant, of use where places are plenty. It looks at the asks of a range, and returns
// those still to be placed.
func (j *job) ascend(from, to int32, passes int) (free []int32, err error) {
	queue := make([]int32, to-from)
	for k := range queue {
		queue[k] = from + int32(k)
	}
	var again []int32
	for range passes {
		again = again[:0]
		for _, i := range queue {
			out, contested := j.bid(i)
			if contested {
				free = append(free, out)
			} else if out >= 0 {
				again = append(again, out)
			}
			if err := j.step(); err != nil {
				return nil, err
			}
		}
		queue, again = again, queue
	}
	return append(free, queue...), nil
}

// hops is how many asks may be outbid one after the other before it is another's turn.
const hops = 6

// bid places ask i, and whomever it outbids, up to a number of times. It returns who is
// left without a place, −1 for nobody, and whether that is because several hold it.
func (f *flow) bid(i int32) (out int32, contested bool) {
	for hop := 0; ; hop++ {
		s, e := f.first[i], f.first[i+1]
		f.scanned += int64(e - s)
		first, second, k := best2(f.place[s:e], f.open[s:e], f.p, f.ask[i].price)
		if k < 0 {
			f.use[i].left, f.use[i].unserved = 0, 1
			return -1, false
		}
		a := s + int32(k)
		j := f.place[a]
		n := &f.node[j]
		if n.next <= f.p[j] {
			f.seat(i, a, j, second)
			return -1, false
		}
		if second == first {
			if b := f.tied(s, e, first); b >= 0 {
				f.seat(i, b, f.place[b], second)
				return -1, false
			}
		}
		if hop == hops || n.n > 1 {
			return i, hop < hops
		}
		f.p[j] = min(f.p[j]+second-first, n.next)
		h := &f.hold[n.at]
		out := h.ask
		*h = holder{ask: i, pair: a, key: second - f.cost[a], units: 1}
		f.use[i].left, f.use[i].n = 0, 1
		f.used[f.use[i].at] = a
		f.use[out].left, f.use[out].n = 1, 0
		i = out
	}
}

// tied finds, of the pairs from s to e, one at the same price that leads to free room, so
// that nobody is outbid for nothing. It returns −1 when there is none.
func (f *flow) tied(s, e, price int32) int32 {
	for a := s; a < e; a++ {
		if j := f.place[a]; f.open[a]+f.p[j] == price && f.node[j].next <= f.p[j] {
			return a
		}
	}
	return -1
}

// seat gives ask i, of one unit, free room at its place, knowing its second best.
func (f *flow) seat(i, a, j, second int32) {
	f.use[i].left = 0
	f.take(j, 1)
	f.add(j, i, a, 1)
	n := &f.node[j]
	f.hold[n.at+n.n-1].key = second - f.cost[a]
}

// adopt places all units that have their best at the present prices; want, which may be
// nil, tells the preferred place of an ask where several are best.
func (f *flow) adopt(want []int32) {
	for i := range f.use {
		switch {
		case f.use[i].left == 0:
		case f.units[i] == 1:
			w := int32(-1)
			if want != nil {
				w = want[i]
			}
			f.adoptOne(int32(i), w)
		default:
			f.adoptMany(int32(i))
		}
	}
}

func (f *flow) adoptOne(i, want int32) {
	s, e := f.first[i], f.first[i+1]
	first, second, k := best2(f.place[s:e], f.open[s:e], f.p, f.ask[i].price)
	if k < 0 {
		f.use[i].left, f.use[i].unserved = 0, 1
		return
	}
	a := s + int32(k)
	if want >= 0 && second == first && f.place[a] != want {
		for b := s; b < e; b++ {
			if f.place[b] == want && f.open[b]+f.p[want] == first {
				a = b
				break
			}
		}
	}
	if j := f.place[a]; f.node[j].next <= f.p[j] {
		f.seat(i, a, j, second)
	}
}

// adoptMany uses the pairs of ask i from the best on as long as each takes all that it
// can; what finds a place full is left for a search.
func (f *flow) adoptMany(i int32) {
	s, e := f.first[i], f.first[i+1]
	u := &f.use[i]
	found := below(f.place[s:e], f.open[s:e], f.p, f.ask[i].price, f.value, f.index)
	for t := range found {
		m := t
		for q := t + 1; q < found; q++ {
			if f.value[q] < f.value[m] {
				m = q
			}
		}
		f.value[t], f.value[m] = f.value[m], f.value[t]
		f.index[t], f.index[m] = f.index[m], f.index[t]
		a := s + f.index[t]
		units := u.left
		if f.limit != nil {
			units = min(units, f.limit[a])
		}
		got := f.atPrice(f.place[a], units)
		if got > 0 {
			f.take(f.place[a], got)
			f.add(f.place[a], i, a, got)
			u.left -= got
		}
		if got < units || u.left == 0 {
			return
		}
	}
	u.unserved, u.left = u.left, 0
}

// atPrice returns how many of some units place j has free at its price.
func (f *flow) atPrice(j, units int32) int32 {
	got := int32(0)
	for s := f.stock[j].step; s < f.stepAt[j+1] && got < units && f.steps[s].cost <= f.p[j]; s++ {
		if s == f.stock[j].step {
			got += f.stock[j].left
		} else {
			got += f.steps[s].units
		}
	}
	return min(got, units)
}

// auction finds prices at which nobody gains more than the last step by moving, in
// phases of falling steps (ε-scaling, Bertsekas). It changes only prices, and returns
// the places won when all asks are single.
func (j *job) auction(t terms) (won []int32, err error) {
	b := j.newBidding(t.grain)
	most := j.scanned + 64*int64(len(j.flow.place)) + 1<<16
	for eps := t.eps; ; eps = max(eps/t.factor, t.last) {
		if err := j.phase(b, eps, most); err != nil {
			return nil, err
		}
		if eps <= t.last {
			break
		}
		b.ease(t.ease * eps)
	}
	for k := range j.p {
		if b.at[k] == b.at[k+1] {
			j.p[k] = min(j.node[k].next, blocked)
		}
	}
	if t.grain > 1 || !j.allSingle() {
		return nil, nil
	}
	return b.won, nil
}

// phase lets everybody bid anew, from the prices of the phase before, until all are
// served or the work allowed is done; any prices will do to go on from.
func (j *job) phase(b *bidding, eps int32, most int64) error {
	b.lineUp()
	for len(b.stack) > 0 && j.scanned < most {
		k := b.stack[len(b.stack)-1]
		b.stack = b.stack[:len(b.stack)-1]
		b.bid(k, eps)
		if err := j.step(); err != nil {
			return err
		}
	}
	return nil
}

// ease takes some off the prices of all parcels, down to their cost.
func (b *bidding) ease(off int32) {
	for s := range b.parcel {
		q := &b.parcel[s]
		q.price = max(q.cost, q.price-off)
	}
}

// bidding is an auction of room in parcels of some units, each for one bidder. Units are
// rounded to parcels at random, but the same every time.
type bidding struct {
	*flow
	bidder []int32  // the ask of each bidder
	won    []int32  // the place of each bidder, −1 none
	at     []int32  // parcels of place j: at[j] to at[j+1], a heap by price
	parcel []parcel // the cheapest of a place first
	stack  []int32
}

// parcel is room for one bidder.
type parcel struct{ price, cost, holder int32 }

func (f *flow) newBidding(grain int32) *bidding {
	b := &bidding{flow: f}
	r := rounding{grain: grain, state: 1}
	b.at = make([]int32, len(f.node)+1)
	for j := range f.node {
		steps := f.steps[f.stepAt[j]:f.stepAt[j+1]]
		for _, s := range steps {
			for range r.parcels(s.units) {
				b.parcel = append(b.parcel, parcel{s.cost, s.cost, -1})
			}
		}
		if len(steps) > 0 && len(b.parcel) == int(b.at[j]) {
			b.parcel = append(b.parcel, parcel{steps[0].cost, steps[0].cost, -1})
		}
		b.at[j+1] = int32(len(b.parcel))
	}
	for i := range f.use {
		for range r.parcels(f.use[i].left) {
			b.bidder = append(b.bidder, int32(i))
		}
	}
	b.won = make([]int32, len(b.bidder))
	return b
}

// lineUp puts all bidders in line, and prices where nobody held on back to cost.
func (b *bidding) lineUp() {
	for s := range b.parcel {
		if q := &b.parcel[s]; q.holder < 0 {
			q.price = q.cost
		} else {
			q.holder = -1
		}
	}
	for j := range b.p {
		if own := b.parcel[b.at[j]:b.at[j+1]]; len(own) > 0 {
			slices.SortFunc(own, func(x, y parcel) int { return cmp.Compare(x.price, y.price) })
			b.p[j] = own[0].price
		}
	}
	b.stack = b.stack[:0]
	for k := len(b.bidder) - 1; k >= 0; k-- {
		b.stack = append(b.stack, int32(k))
	}
}

// bid lets a bidder take the cheapest parcel of its best place, for what that is worth
// to it more than the second best, and eps.
func (b *bidding) bid(k, eps int32) {
	i := b.bidder[k]
	s, e := b.first[i], b.first[i+1]
	b.scanned += int64(e - s)
	first, second, q := best2(b.place[s:e], b.open[s:e], b.p, b.ask[i].price)
	if q < 0 {
		b.won[k] = -1
		return
	}
	j := b.place[s+int32(q)]
	own := b.parcel[b.at[j]:b.at[j+1]]
	if out := own[0].holder; out >= 0 {
		b.won[out] = -1
		b.stack = append(b.stack, out)
	}
	next := int32(closed)
	for _, q := range own[1:min(3, len(own))] {
		next = min(next, q.price)
	}
	own[0].price, own[0].holder = min(own[0].price+second-first, next)+eps, k
	b.won[k] = j
	sink(own)
	b.p[j] = own[0].price
}

// sink lets the first parcel of a heap down to where its price belongs.
func sink(own []parcel) {
	for k := 0; ; {
		down := 2*k + 1
		if down >= len(own) {
			return
		}
		if down+1 < len(own) && own[down+1].price < own[down].price {
			down++
		}
		if own[down].price >= own[k].price {
			return
		}
		own[k], own[down] = own[down], own[k]
		k = down
	}
}

// rounding counts parcels, up or down at random so that sums come out right.
type rounding struct {
	grain int32
	state uint64
}

func (r *rounding) parcels(units int32) int32 {
	if r.grain == 1 {
		return units
	}
	r.state = r.state*6364136223846793005 + 1442695040888963407
	up := int64(r.state >> 33 * uint64(r.grain) >> 31)
	return int32((int64(units) + up) / int64(r.grain))
}
