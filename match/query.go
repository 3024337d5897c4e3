package match

import (
	"cmp"
	"math"
	"slices"
)

// query is one ranking under way.
type query struct {
	at       spot
	skills   []uint32
	window   window
	week     int32 // whose load counts
	hour     int32 // from which rest is measured, 0 for unknown
	people   int32
	known    map[*entry]int
	excluded map[*entry]int64
	items    list
	left     list
	hopeful  frontier
	hopeless frontier
	reasons  []Reason // of all hits, side by side
}

// hit is a candidate seen from an ask.
type hit struct {
	who      *entry
	standing int64
	code     uint32
	times    int32
	minutes  int32
	load     int32
	met      int32
	rested   int32 // hours
	causes   causes
}

// causes is the set of what keeps a candidate from being asked, in the order in which
// they are told.
type causes uint8

const (
	isExcluded causes = 1 << iota
	isTooSmall
	isTooFar
	isFull
	isNotFree
	isBusy
)

// unknownWalk stands for the minutes to an unknown place, noWeek for an unknown time,
// at which nobody is loaded.
const (
	unknownWalk = -1
	noWeek      = math.MinInt32
)

// prepare makes q ready for an ask, with the room that an earlier one left.
func (q *query) prepare(x *Index, ask *Ask, limit int) {
	q.at = ask.At.spot()
	q.skills = ask.Skills
	q.window = newWindow(ask)
	q.week, q.hour = noWeek, 0
	q.people = int32(min(max(ask.People, 1), math.MaxUint16+1))
	q.known = resolve(x, ask.Known)
	q.excluded = resolve(x, ask.Exclude)
	q.items = list{q.items.hits[:0], limit}
	q.left = list{q.left.hits[:0], limit}
	q.hopeful, q.hopeless = q.hopeful[:0], q.hopeless[:0]
	moment := ask.From
	if moment.IsZero() {
		moment = ask.Now
	}
	if !moment.IsZero() {
		q.week, q.hour = weekOf(moment), hourOf(moment)
	}
}

// resolve looks up the candidates that an ask names; unknown ones fall away.
func resolve[V any](x *Index, named map[Key]V) map[*entry]V {
	if len(named) == 0 {
		return nil
	}
	found := make(map[*entry]V, len(named))
	for k, v := range named {
		if e := x.entries[k]; e != nil {
			found[e] = v
		}
	}
	return found
}

// meetKnown weighs somebody whom the asking person knows, wherever they are, so that
// the search may take all others for strangers.
func (q *query) meetKnown(e *entry) {
	minutes := q.minutes(e.at)
	if !inReach(minutes, e.walk) {
		return
	}
	if len(q.skills) == 0 {
		q.meet(e, 0, 0, minutes)
	}
	for _, code := range q.skills {
		for _, s := range e.skills {
			if s.Code == code {
				q.meet(e, code, s.Times, minutes)
			}
		}
	}
}

// minutes on foot to a spot, or unknownWalk.
func (q *query) minutes(at spot) int32 {
	if at == nowhere || q.at == nowhere {
		return unknownWalk
	}
	return walkMinutes(q.at.distance2(at))
}

// meet weighs a candidate and puts it on the list where it belongs, if on any.
func (q *query) meet(e *entry, code uint32, times int, minutes int32) {
	h := q.weigh(e, code, times, minutes)
	if !q.items.admits(&h) {
		return
	}
	if h.causes = q.causes(&h); h.causes == 0 {
		q.items.offer(&h)
	} else {
		q.left.offer(&h)
	}
}

// weigh scores a candidate; doc.go has the formula.
func (q *query) weigh(e *entry, code uint32, times int, minutes int32) hit {
	h := hit{who: e, code: code, times: int32(times), minutes: minutes, load: e.load(q.week)}
	h.met = int32(min(max(q.known[e], 0), math.MaxInt32))
	h.rested = e.turn.rested(q.hour)
	h.standing = q.standing(q.skillScore(h.times)+walkScore(minutes)+e.idle(h.load)+
		continuityScore(h.met)-e.unsaid(), e.turn)
	return h
}

func (q *query) skillScore(times int32) int32 {
	if len(q.skills) == 0 {
		return anySkill
	}
	return skillScore(int(times))
}

func (q *query) causes(h *hit) causes {
	var c causes
	e := h.who
	if _, ok := q.excluded[e]; ok {
		c |= isExcluded
	}
	if e.Kind == Team && int32(e.members) < q.people {
		c |= isTooSmall
	}
	if h.minutes > int32(e.walk) {
		c |= isTooFar
	}
	if e.limit > 0 && h.load >= int32(e.limit) {
		c |= isFull
	}
	return c | q.timeCauses(e)
}

// timeCauses says whether e is not free in the window or, being free, serves elsewhere.
func (q *query) timeCauses(e *entry) causes {
	free := func(cell int64) bool { return e.free.free(cell) }
	if e.free == (Week{}) {
		free = func(int64) bool { return true }
	}
	if !q.window.fits(free) {
		return isNotFree
	}
	if e.taken == nil {
		return 0
	}
	people := q.peopleOf(e)
	there := func(cell int64) bool { return free(cell) && e.present(people, cell, q.window.zone) }
	if !q.window.fits(there) {
		return isBusy
	}
	return 0
}

// peopleOf is how many people the ask would take of e.
func (q *query) peopleOf(e *entry) int32 {
	if e.Kind == Volunteer {
		return 1
	}
	return min(q.people, int32(e.members))
}

// firstTaken is the start of the first order of e that overlaps the window.
func (q *query) firstTaken(e *entry) int64 {
	from := q.window.first*cellSeconds - q.window.zone
	to := from + int64(q.window.cells)*cellSeconds
	first := int64(math.MaxInt64)
	for b := e.taken; b != nil; b = b.next {
		if b.from < to && from < b.to {
			first = min(first, b.from)
		}
	}
	return first
}

// list keeps the best hits in order, at most limit of them.
type list struct {
	hits  []hit
	limit int
}

// admits says whether h would come into the list.
func (l *list) admits(h *hit) bool {
	return len(l.hits) < l.limit || h.compare(&l.hits[l.limit-1]) < 0
}

// offer puts h into its place. Of one candidate met by two skills the better stays.
func (l *list) offer(h *hit) {
	if i := l.find(h.who); i >= 0 {
		if l.hits[i].compare(h) <= 0 {
			return
		}
		l.hits = slices.Delete(l.hits, i, i+1)
	}
	if !l.admits(h) {
		return
	}
	if len(l.hits) == l.limit {
		l.hits = l.hits[:l.limit-1]
	}
	i := len(l.hits)
	for i > 0 && h.compare(&l.hits[i-1]) < 0 {
		i--
	}
	l.hits = slices.Insert(l.hits, i, *h)
}

func (l *list) find(e *entry) int {
	return slices.IndexFunc(l.hits, func(h hit) bool { return h.who == e })
}

// floor is the standing that a newcomer needs at least; an equal one may win the tie.
func (l *list) floor() int64 {
	if len(l.hits) < l.limit {
		return math.MinInt64
	}
	return l.hits[l.limit-1].standing
}

// compare puts the better hit first: higher standing, then key; of one candidate the
// lower skill code.
func (h *hit) compare(g *hit) int {
	if h.standing != g.standing {
		return cmp.Compare(g.standing, h.standing)
	}
	return cmp.Or(h.who.Key.compare(g.who.Key), cmp.Compare(h.code, g.code))
}
