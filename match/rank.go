package match

import (
	"slices"
	"time"
)

// Ask is what is asked for: somebody with a skill, at a place and a time. Everything
// may be unknown; what is unknown neither helps nor hinders anybody.
type Ask struct {
	At     Point
	Skills []uint32 // any one of them will do; none means that no skill is needed

	// From and To bound the time of service, read on the clock of their location.
	// From unknown and To known is any time from Now to To; To unknown is Length,
	// or half an hour, after From. A window counts up to four weeks from its start.
	From, To time.Time
	// Length is how long the service takes when it may be anywhere between From and
	// To, starting on a full half hour; 0 means all the time between them.
	Length time.Duration
	// Now is the moment of asking: without From, load and rest are seen from it.
	Now time.Time

	People  int           // people needed; a team must be able to send as many. 0 means 1
	Known   map[Key]int   // how often each has served the same person before
	Exclude map[Key]int64 // not to be asked, each with the caller's code of why
}

// Ranking is the answer to an ask.
type Ranking struct {
	Items   []Ranked  // best first
	LeftOut []LeftOut // best first, no more than items were asked for
}

// Ranked is a candidate with its place in the order explained.
type Ranked struct {
	Key
	Score   int      // the sum of the reasons' scores; 4,000 is the most
	Skill   uint32   // the asked skill that counted; 0 when none was asked for
	Reasons []Reason // skill, walk, load, continuity; then rest and time when they count
}

// LeftOut is a candidate who by its score would stand in the list, if it were not for
// the causes.
type LeftOut struct {
	Ranked
	Causes []Reason // excluded, size, walk, load, time, busy, those that apply
}

// Reason is one fact, for the caller to put into words. Value and Of depend on Kind.
type Reason struct {
	Kind  ReasonKind
	Grade Grade
	Value int64
	Of    int64
	Score int // the points that it gives, or takes when negative
}

// ReasonKind says what a reason is about.
type ReasonKind string

// The kinds of reasons. The first four are always there.
const (
	SkillReason      ReasonKind = "skill"      // 技能: served Value times with the skill
	WalkReason       ReasonKind = "walk"       // 路程: Value minutes on foot, −1 unknown, Of that they are ready to walk
	LoadReason       ReasonKind = "load"       // 忙不忙: Value orders in the week, Of that they allow, 0 for no limit
	ContinuityReason ReasonKind = "continuity" // 熟不熟: served the same person Value times
	RestReason       ReasonKind = "rest"       // served Value hours before, less than a week
	TimeReason       ReasonKind = "time"       // Half: has not said when they are free; Empty: is not free then
	BusyReason       ReasonKind = "busy"       // serves elsewhere then, from Value in Unix seconds
	SizeReason       ReasonKind = "size"       // a team that can send Value people, Of needed
	ExcludedReason   ReasonKind = "excluded"   // Value is the caller's code
)

// Grade is how well a candidate does on a reason; it fills the window of the page.
type Grade uint8

// The grades: nothing, something (or not known), and good.
const (
	Empty Grade = iota
	Half
	Full
)

// Rank returns the best candidates for an ask, at most limit of them, and those left
// out who would be among them. The order is by score, then who served longest ago,
// then kind and id: equal questions to equal indexes get equal answers. It is exact,
// the same as scoring every candidate, though only few are looked at.
func (x *Index) Rank(ask Ask, limit int) Ranking {
	if limit <= 0 {
		return Ranking{}
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	q, _ := x.queries.Get().(*query)
	if q == nil {
		q = new(query)
	}
	defer x.queries.Put(q)
	q.prepare(x, &ask, limit)
	for e := range q.known {
		q.meetKnown(e)
	}
	q.search(x)
	return q.ranking()
}

func (q *query) ranking() Ranking {
	q.reasons = make([]Reason, 0, 6*(len(q.items.hits)+len(q.left.hits)))
	r := Ranking{make([]Ranked, 0, len(q.items.hits)), make([]LeftOut, 0, len(q.left.hits))}
	for i := range q.items.hits {
		r.Items = append(r.Items, q.ranked(&q.items.hits[i]))
	}
	for i := range q.left.hits {
		if h := &q.left.hits[i]; q.items.admits(h) {
			r.LeftOut = append(r.LeftOut, LeftOut{q.ranked(h), q.causeReasons(h)})
		}
	}
	return r
}

func (q *query) ranked(h *hit) Ranked {
	e, first := h.who, len(q.reasons)
	q.add(SkillReason, int64(h.times), 0, q.skillScore(h.times))
	q.add(WalkReason, int64(h.minutes), int64(e.walk), walkScore(h.minutes))
	if h.minutes == unknownWalk {
		q.reasons[first+1].Grade = Half
	}
	q.add(LoadReason, int64(h.load), int64(e.limit), e.idle(h.load))
	q.add(ContinuityReason, int64(h.met), 0, continuityScore(h.met))
	if p := restPenalty(h.rested); p > 0 {
		q.add(RestReason, int64(h.rested), 0, -p)
	}
	if p := e.unsaid(); p > 0 {
		q.add(TimeReason, 0, 0, -p)
	}
	return Ranked{Key: e.Key, Score: int(h.standing >> turnBits), Skill: h.code, Reasons: slices.Clip(q.reasons[first:])}
}

func (q *query) add(kind ReasonKind, value, of int64, score int32) {
	q.reasons = append(q.reasons, Reason{kind, gradeOf(score), value, of, int(score)})
}

func (q *query) causeReasons(h *hit) []Reason {
	e := h.who
	all := [...]Reason{
		{Kind: ExcludedReason, Value: q.excluded[e]},
		{Kind: SizeReason, Value: int64(e.members), Of: int64(q.people)},
		{Kind: WalkReason, Value: int64(h.minutes), Of: int64(e.walk)},
		{Kind: LoadReason, Value: int64(h.load), Of: int64(e.limit)},
		{Kind: TimeReason},
		{Kind: BusyReason, Value: q.firstTaken(e)},
	}
	var reasons []Reason
	for i, r := range all {
		if h.causes>>i&1 != 0 {
			reasons = append(reasons, r)
		}
	}
	return reasons
}
