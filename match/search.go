package match

// search goes through the trees of the asked skills best first (branch and bound):
// always where most is promised, until nothing promised can change the lists any more.
// First come those who may be free, then, with the list settled, those who can only be
// left out of it. Who is known to the asking person has been met before; to all others
// continuity gives nothing.
func (q *query) search(x *Index) {
	if len(q.skills) == 0 {
		q.open(0, &x.all)
	}
	for _, code := range q.skills {
		if s := x.skills[code]; s != nil {
			q.open(code, s)
		}
	}
	for len(q.hopeful) > 0 && q.hopeful[0].promise >= q.floor(true) {
		q.follow(q.hopeful.pop())
	}
	for len(q.hopeless) > 0 && q.hopeless[0].promise >= q.floor(false) {
		q.follow(q.hopeless.pop())
	}
}

func (q *query) open(code uint32, s *shelf) {
	for _, t := range [...]*tree{&s.placed, &s.unplaced} {
		if !t.empty() {
			q.consider(code, &t.root)
		}
	}
}

// follow opens a branch, or meets the candidate of a record.
func (q *query) follow(l lead) {
	if l.branch == nil {
		q.meet(l.rec.who, l.code, int(l.rec.times), q.minutes(l.rec.at))
		return
	}
	for i := range l.branch.kids {
		q.consider(l.code, &l.branch.kids[i])
	}
	for i := range l.branch.recs {
		q.read(l.code, &l.branch.recs[i])
	}
}

// consider puts a branch on a frontier if anybody below it may come into a list.
func (q *query) consider(code uint32, b *branch) {
	minutes := int32(unknownWalk)
	if q.at != nowhere && (b.lo != nowhere || b.hi != nowhere) {
		minutes = walkMinutes(b.distance2(q.at))
	}
	hope := minutes <= int32(b.walk) && q.window.mayFit(b.parts)
	promise := q.standing(int32(b.base)+partScore+walkScore(minutes), b.turn)
	switch {
	case !inReach(minutes, b.walk) || promise < q.floor(hope):
	case hope:
		q.hopeful.push(lead{promise: promise, code: code, branch: b})
	default:
		q.hopeless.push(lead{promise: promise, code: code, branch: b})
	}
}

// read meets the candidate of a record now, or later when it can only be left out, if
// it may come into a list. Most may not, and most of these however near they are.
func (q *query) read(code uint32, r *record) {
	hope := q.window.mayFit(r.parts)
	score := int32(r.base) + r.atMost(q.week)
	if q.standing(score+partScore, r.turn) < q.floor(hope) {
		return
	}
	minutes := q.minutes(r.at)
	promise := q.standing(score+walkScore(minutes), r.turn)
	hope = hope && minutes <= int32(r.walk)
	switch {
	case !inReach(minutes, r.walk) || promise < q.floor(hope):
	case hope:
		q.meet(r.who, code, int(r.times), minutes)
	default:
		q.hopeless.push(lead{promise: promise, code: code, rec: r})
	}
}

// standing is the place that a score gives among others: what rest takes off is taken
// off, and among equals it is as each one's turn comes. The score stands in the upper
// bits.
func (q *query) standing(score int32, t turn) int64 {
	score -= restPenalty(t.rested(q.hour))
	return int64(score)<<turnBits | int64(1<<turnBits-1-t)
}

// inReach says whether a candidate is worth a word at so many minutes.
func inReach(minutes int32, walk uint16) bool {
	return minutes <= max(NearMinutes, int32(walk))
}

// floor is the least standing that still matters. Without hope both lists ask for it.
func (q *query) floor(hope bool) int64 {
	if hope {
		return q.items.floor()
	}
	return max(q.items.floor(), q.left.floor())
}

// lead is a branch or a record still to be followed, and the best standing it promises.
type lead struct {
	promise int64
	code    uint32
	branch  *branch
	rec     *record
}

// frontier is a binary max-heap of leads by what they promise.
type frontier []lead

func (f *frontier) push(l lead) {
	h := append(*f, l)
	i := len(h) - 1
	for ; i > 0 && h[(i-1)/2].promise < l.promise; i = (i - 1) / 2 {
		h[i] = h[(i-1)/2]
	}
	h[i] = l
	*f = h
}

func (f *frontier) pop() lead {
	h := *f
	top, last := h[0], h[len(h)-1]
	h = h[:len(h)-1]
	*f = h
	if len(h) == 0 {
		return top
	}
	i := 0
	for kid := 1; kid < len(h); kid = 2*i + 1 {
		if kid+1 < len(h) && h[kid+1].promise > h[kid].promise {
			kid++
		}
		if h[kid].promise <= last.promise {
			break
		}
		h[i], i = h[kid], kid
	}
	h[i] = last
	return top
}
