package match

import (
	"cmp"
	"slices"
)

// A branch splits in two when it has grown to so many records or branches.
const (
	leafSize = 32
	fanout   = 16
)

// record is what the search reads of a candidate before it looks closer, side by side
// with its neighbours', where following a pointer would cost a cache miss.
type record struct {
	who *entry
	key
	turn  turn
	at    spot
	parts uint32 // of the day in which they may be free
	walk  uint16 // minutes they are ready to walk
	base  uint16 // points that depend on no ask, for the skill of the tree
	times uint16 // served with that skill
	idleness
}

// key orders the records of a tree: by tier, then along the Hilbert curve, and on one
// spot, which a whole building may share, by serial.
type key struct {
	order  uint64 // two bits of tier, then the curve
	serial uint32
}

func (k key) compare(l key) int {
	return cmp.Or(cmp.Compare(k.order, l.order), cmp.Compare(k.serial, l.serial))
}

// tierOf sorts the masters of a skill from its beginners, so that a search need not
// read all beginners of a town to find its masters.
func tierOf(base uint16) uint64 {
	const lowest, step = 400, 200
	return uint64(min(max(base, lowest)-lowest, 3*step) / step)
}

// tree is a B-tree of records whose branches know the best of everything below them
// (a Hilbert R-tree: I. Kamel, C. Faloutsos, VLDB 1994), which is what branch and bound
// needs.
type tree struct{ root branch }

// branch has either kids or records below it, all at the same depth, and sums them up.
type branch struct {
	summary
	low  key // no record below is before it
	kids []branch
	recs []record
}

// summary bounds records: their box, and the best of each field.
type summary struct {
	lo, hi spot
	turn   turn
	parts  uint32
	walk   uint16
	base   uint16
}

func (t *tree) insert(r record) {
	if right, split := t.root.insert(r); split {
		t.root = newBranch([]branch{t.root, right}, nil)
	}
}

// remove takes out the record with the key, if there is one.
func (t *tree) remove(k key) {
	t.root.remove(k)
	for len(t.root.kids) == 1 {
		t.root = t.root.kids[0]
	}
}

// find returns the record with the key for a change of what no summary holds, or nil.
func (t *tree) find(k key) *record {
	b := &t.root
	for len(b.kids) > 0 {
		b = &b.kids[b.child(k)]
	}
	if i, found := b.position(k); found {
		return &b.recs[i]
	}
	return nil
}

func (t *tree) empty() bool {
	return t.root.empty()
}

// insert adds the record below b. When b had to split, its upper half is returned for
// the parent to take.
func (b *branch) insert(r record) (right branch, split bool) {
	if len(b.kids) == 0 {
		i, _ := b.position(r.key)
		b.recs = slices.Insert(b.recs, i, r)
	} else {
		i := b.child(r.key)
		if kid, split := b.kids[i].insert(r); split {
			b.kids = slices.Insert(b.kids, i+1, kid)
		}
	}
	switch {
	case len(b.recs) == 1:
		b.sumUp()
	case len(b.recs) < leafSize && len(b.kids) < fanout:
		b.include(r.summary(), r.key)
	default:
		right = newBranch(cutHalf(&b.kids), cutHalf(&b.recs))
		b.sumUp()
		return right, true
	}
	return branch{}, false
}

func cutHalf[T any](s *[]T) []T {
	half := len(*s) / 2
	upper := slices.Clone((*s)[half:])
	*s = slices.Delete(*s, half, len(*s))
	return upper
}

func (b *branch) remove(k key) {
	if len(b.kids) > 0 {
		i := b.child(k)
		b.kids[i].remove(k)
		b.tidy(i)
	} else if i, found := b.position(k); found {
		b.recs = slices.Delete(b.recs, i, i+1)
	}
	b.sumUp()
}

// tidy drops kid i when it is empty, and joins it with a neighbour when both together
// are at most half full.
func (b *branch) tidy(i int) {
	if b.kids[i].empty() {
		b.kids = slices.Delete(b.kids, i, i+1)
		return
	}
	left := max(i-1, 0)
	if left+1 == len(b.kids) {
		return
	}
	l, r := &b.kids[left], &b.kids[left+1]
	if len(l.recs)+len(r.recs) <= leafSize/2 && len(l.kids)+len(r.kids) <= fanout/2 {
		*l = newBranch(append(l.kids, r.kids...), append(l.recs, r.recs...))
		b.kids = slices.Delete(b.kids, left+1, left+2)
	}
}

func (b *branch) empty() bool {
	return len(b.kids) == 0 && len(b.recs) == 0
}

// child is the kid in which the key is or belongs.
func (b *branch) child(k key) int {
	i, found := slices.BinarySearchFunc(b.kids, k, func(b branch, k key) int { return b.low.compare(k) })
	if found {
		return i
	}
	return max(i-1, 0)
}

func (b *branch) position(k key) (int, bool) {
	return slices.BinarySearchFunc(b.recs, k, func(r record, k key) int { return r.key.compare(k) })
}

func newBranch(kids []branch, recs []record) branch {
	b := branch{kids: kids, recs: recs}
	b.sumUp()
	return b
}

// sumUp renews the summary from everything right below.
func (b *branch) sumUp() {
	switch {
	case len(b.kids) > 0:
		b.summary, b.low = b.kids[0].summary, b.kids[0].low
	case len(b.recs) > 0:
		b.summary, b.low = b.recs[0].summary(), b.recs[0].key
	}
	for i := range b.kids {
		b.include(b.kids[i].summary, b.low)
	}
	for i := range b.recs {
		b.include(b.recs[i].summary(), b.low)
	}
}

// include widens the summary by something below b whose least key is low.
func (b *branch) include(s summary, low key) {
	b.lo = spot{min(b.lo.x, s.lo.x), min(b.lo.y, s.lo.y), min(b.lo.z, s.lo.z)}
	b.hi = spot{max(b.hi.x, s.hi.x), max(b.hi.y, s.hi.y), max(b.hi.z, s.hi.z)}
	b.parts |= s.parts
	b.turn = min(b.turn, s.turn)
	b.walk = max(b.walk, s.walk)
	b.base = max(b.base, s.base)
	if low.compare(b.low) < 0 {
		b.low = low
	}
}

func (r *record) summary() summary {
	return summary{r.at, r.at, r.turn, r.parts, r.walk, r.base}
}

// distance2 is the squared distance from a spot to the nearest point of the box.
func (s *summary) distance2(from spot) int64 {
	return square(outside(from.x, s.lo.x, s.hi.x)) +
		square(outside(from.y, s.lo.y, s.hi.y)) +
		square(outside(from.z, s.lo.z, s.hi.z))
}

func outside(v, lo, hi int32) int32 {
	return max(lo-v, v-hi, 0)
}
