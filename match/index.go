package match

import (
	"iter"
	"sync"
)

// Index holds the candidates of a district in memory, ready to be ranked. It is safe
// for concurrent use. Every change takes the lock for one candidate only, a few
// microseconds however large the index is, so that no ranking waits for a long write;
// a ranking sees each change whole or not at all.
type Index struct {
	mu      sync.RWMutex
	entries map[Key]*entry
	all     shelf
	skills  map[uint32]*shelf
	serials uint32
	queries sync.Pool // of *query, for their room
}

// shelf holds the candidates with one skill. Those whose place is unknown stand apart,
// since no distance bounds them.
type shelf struct{ placed, unplaced tree }

// NewIndex makes an empty index.
func NewIndex() *Index {
	return &Index{entries: map[Key]*entry{}, skills: map[uint32]*shelf{}}
}

// Put inserts a candidate or replaces the one with the same key. It copies what it
// needs of c. It fails with ErrKey, ErrPoint or ErrCount and then changes nothing.
func (x *Index) Put(c Candidate) error {
	if err := c.check(); err != nil {
		return err
	}
	e := newEntry(&c)
	x.mu.Lock()
	defer x.mu.Unlock()
	if old := x.entries[e.Key]; old != nil {
		x.unlink(old)
		e.serial = old.serial
	} else {
		x.serials++
		e.serial = x.serials
	}
	x.entries[e.Key] = e
	x.link(e)
	return nil
}

// Remove takes a candidate out and says whether it was there.
func (x *Index) Remove(k Key) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	e := x.entries[k]
	if e == nil {
		return false
	}
	x.unlink(e)
	delete(x.entries, k)
	return true
}

// SetTaken replaces the orders that a candidate has taken: their load and the times at
// which they cannot come. It says whether the candidate is there.
func (x *Index) SetTaken(k Key, taken []Span) bool {
	bookings := newBookings(taken)
	x.mu.Lock()
	defer x.mu.Unlock()
	e := x.entries[k]
	if e == nil {
		return false
	}
	e.taken = bookings
	x.relax(e)
	return true
}

// SetFree replaces the weekly free time of a candidate and says whether it was there.
func (x *Index) SetFree(k Key, free Week) bool {
	x.mu.Lock()
	defer x.mu.Unlock()
	e := x.entries[k]
	if e == nil {
		return false
	}
	x.unlink(e)
	e.free = free
	x.link(e)
	return true
}

// Len counts the candidates.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.entries)
}

// link puts e on all its shelves.
func (x *Index) link(e *entry) {
	for t, r := range x.records(e) {
		t.insert(r)
	}
}

// unlink takes e from its shelves, and a shelf away that nobody is left on.
func (x *Index) unlink(e *entry) {
	for t, r := range x.records(e) {
		t.remove(r.key)
	}
	for _, s := range e.skills {
		if x.skills[s.Code].empty() {
			delete(x.skills, s.Code)
		}
	}
}

// relax renews the idleness of e on its shelves.
func (x *Index) relax(e *entry) {
	for t, r := range x.records(e) {
		t.find(r.key).idleness = r.idleness
	}
}

// records gives the record of e on each of its shelves, first the one of everybody,
// with the tree in which it belongs.
func (x *Index) records(e *entry) iter.Seq2[*tree, record] {
	return func(yield func(*tree, record) bool) {
		r := record{who: e, turn: e.turn, at: e.at, parts: e.free.parts(), walk: e.walk, idleness: e.idleness()}
		r.rate(anySkill)
		if !yield(x.all.tree(e), r) {
			return
		}
		for _, s := range e.skills {
			if x.skills[s.Code] == nil {
				x.skills[s.Code] = new(shelf)
			}
			r.times = uint16(s.Times)
			r.rate(skillScore(s.Times))
			if !yield(x.skills[s.Code].tree(e), r) {
				return
			}
		}
	}
}

// rate completes a record by the points for its skill.
func (r *record) rate(skill int32) {
	r.base = uint16(skill - r.who.unsaid())
	r.key = key{tierOf(r.base)<<(2*curveBits) | r.who.curve, r.who.serial}
}

func (s *shelf) tree(e *entry) *tree {
	if e.at == nowhere {
		return &s.unplaced
	}
	return &s.placed
}

func (s *shelf) empty() bool {
	return s.placed.empty() && s.unplaced.empty()
}
