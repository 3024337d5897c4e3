package match

import (
	"cmp"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"time"
)

// bruteRank ranks by scoring every candidate from the documented formula alone. It
// shares nothing with the index but the types, Walk and the grading of Reason.
func bruteRank(cs map[Key]Candidate, ask Ask, limit int) Ranking {
	var items, left []LeftOut
	for _, c := range cs {
		l, ok := bruteRanked(&c, &ask)
		switch {
		case !ok:
		case len(l.Causes) == 0:
			items = append(items, l)
		default:
			left = append(left, l)
		}
	}
	order := func(a, b LeftOut) int { return bruteCompare(cs, a, b) }
	slices.SortFunc(items, order)
	slices.SortFunc(left, order)
	limit = max(limit, 0)
	if len(items) >= limit {
		items = items[:limit]
		left = slices.DeleteFunc(left, func(l LeftOut) bool { return limit == 0 || order(l, items[limit-1]) > 0 })
	}
	var r Ranking
	for _, i := range items {
		r.Items = append(r.Items, i.Ranked)
	}
	r.LeftOut = left[:min(limit, len(left))]
	return r
}

// bruteCompare is score, then who served longest ago in whole hours, then lot and key.
func bruteCompare(cs map[Key]Candidate, a, b LeftOut) int {
	served := func(k Key) int64 {
		if t := cs[k].LastServed; !t.IsZero() {
			return t.Unix() / 3600
		}
		return 0
	}
	lot := func(k Key) uint32 { return crc32.ChecksumIEEE([]byte(string(k.Kind)+k.ID)) >> 8 }
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(served(a.Key), served(b.Key)), cmp.Compare(lot(a.Key), lot(b.Key)),
		cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID))
}

func bruteRanked(c *Candidate, ask *Ask) (LeftOut, bool) {
	code, times, skilled := bruteSkill(c, ask)
	minutes, placed := Walk(c.At, ask.At)
	walkMax := cmp.Or(c.WalkMax, 30)
	if !skilled || placed && minutes > max(30, walkMax) {
		return LeftOut{}, false
	}
	l := LeftOut{Ranked: Ranked{Key: c.Key, Skill: code}}
	l.Reasons = bruteReasons(c, ask, times, minutes, placed)
	for _, r := range l.Reasons {
		l.Score += r.Score
	}
	l.Causes = bruteCauses(c, ask, minutes, placed)
	return l, true
}

func bruteSkill(c *Candidate, ask *Ask) (code uint32, times int, ok bool) {
	for _, s := range c.Skills {
		if !slices.Contains(ask.Skills, s.Code) {
			continue
		}
		better := min(s.Times, 4) > min(times, 4) || min(s.Times, 4) == min(times, 4) && s.Code < code
		if !ok || better || s.Code == code && s.Times > times {
			code, times, ok = s.Code, s.Times, true
		}
	}
	return code, times, ok || len(ask.Skills) == 0
}

func bruteReasons(c *Candidate, ask *Ask, times, minutes int, placed bool) []Reason {
	skill := 400 + 150*min(times, 4)
	if len(ask.Skills) == 0 {
		skill = 500
	}
	walk := Reason{Kind: WalkReason, Grade: Half, Value: -1, Of: int64(cmp.Or(c.WalkMax, 30))}
	if placed {
		score := max(0, 1000*(30-minutes)/30)
		walk = Reason{WalkReason, gradeOf(int32(score)), int64(minutes), walk.Of, score}
	}
	load := bruteLoad(c, ask)
	full := cmp.Or(c.LimitWeek, 7*max(1, c.Members))
	idle := 1000 * max(0, full-load) / full
	met := ask.Known[c.Key]
	reasons := []Reason{
		{SkillReason, gradeOf(int32(skill)), int64(times), 0, skill},
		walk,
		{LoadReason, gradeOf(int32(idle)), int64(load), int64(c.LimitWeek), idle},
		{ContinuityReason, gradeOf(int32(250 * min(met, 4))), int64(met), 0, 250 * min(met, 4)},
	}
	if now := cmp.Or(ask.From, ask.Now); !now.IsZero() && !c.LastServed.IsZero() {
		hours := max(0, now.Unix()/3600-c.LastServed.Unix()/3600)
		if p := 200 * (168 - hours) / 168; hours < 168 && p > 0 {
			reasons = append(reasons, Reason{RestReason, Half, hours, 0, int(-p)})
		}
	}
	if c.Free == (Week{}) {
		reasons = append(reasons, Reason{TimeReason, Half, 0, 0, -200})
	}
	return reasons
}

func bruteLoad(c *Candidate, ask *Ask) int {
	now := cmp.Or(ask.From, ask.Now)
	if now.IsZero() {
		return 0
	}
	load := 0
	year, week := now.ISOWeek()
	for _, s := range c.Taken {
		if y, w := s.From.ISOWeek(); y == year && w == week {
			load++
		}
	}
	return load
}

func bruteCauses(c *Candidate, ask *Ask, minutes int, placed bool) []Reason {
	var causes []Reason
	add := func(applies bool, r Reason) {
		if applies {
			causes = append(causes, r)
		}
	}
	why, excluded := ask.Exclude[c.Key]
	members, people := max(1, c.Members), max(1, ask.People)
	walkMax := cmp.Or(c.WalkMax, 30)
	load := bruteLoad(c, ask)
	free, busyFrom := bruteFree(c, ask)
	add(excluded, Reason{Kind: ExcludedReason, Value: why})
	add(c.Kind == Team && members < people, Reason{Kind: SizeReason, Value: int64(members), Of: int64(people)})
	add(placed && minutes > walkMax, Reason{Kind: WalkReason, Value: int64(minutes), Of: int64(walkMax)})
	add(c.LimitWeek > 0 && load >= c.LimitWeek, Reason{Kind: LoadReason, Value: int64(load), Of: int64(c.LimitWeek)})
	add(!free, Reason{Kind: TimeReason})
	add(free && busyFrom != 0, Reason{Kind: BusyReason, Value: busyFrom})
	return causes
}

// bruteFree tries every start in the ask's window. It says whether c is free at one of
// them and, when taken orders stand in the way of all these, when the first one begins.
func bruteFree(c *Candidate, ask *Ask) (free bool, busyFrom int64) {
	starts, length := bruteStarts(ask)
	if starts == nil {
		return true, 0
	}
	for _, start := range starts {
		if !bruteWeekFree(c.Free, start, start.Add(length)) {
			continue
		}
		free = true
		if bruteOverlap(c, ask, start, start.Add(length)) {
			return true, 0
		}
	}
	last := starts[len(starts)-1].Add(length)
	for _, s := range c.Taken {
		if overlaps(s, starts[0], last) && (busyFrom == 0 || s.From.Unix() < busyFrom) {
			busyFrom = s.From.Unix()
		}
	}
	return free, busyFrom
}

func bruteStarts(ask *Ask) (starts []time.Time, length time.Duration) {
	const cell = 30 * time.Minute
	from, to := ask.From, ask.To
	if from.IsZero() && !to.IsZero() && !ask.Now.IsZero() {
		from = ask.Now.In(to.Location())
	}
	if from.IsZero() {
		return nil, 0
	}
	if !to.After(from) {
		to = from.Add(max(ask.Length, cell))
	}
	up := func(d time.Duration) time.Duration { return (d + cell - 1) / cell * cell }
	first, last := from.Truncate(cell), to.Add(cell-1).Truncate(cell)
	if ask.Length > 0 && ask.Length < to.Sub(from) {
		first, last, length = from.Add(cell-1).Truncate(cell), to.Truncate(cell), up(ask.Length)
		for t := first; !t.Add(length).After(last); t = t.Add(cell) {
			starts = append(starts, t)
		}
	}
	if starts == nil {
		first = from.Truncate(cell)
		return []time.Time{first}, to.Add(cell - 1).Truncate(cell).Sub(first)
	}
	return starts, length
}

func bruteWeekFree(w Week, from, to time.Time) bool {
	if w == (Week{}) {
		return true
	}
	for t := from; t.Before(to); t = t.Add(30 * time.Minute) {
		day := (int(t.Weekday()) + 6) % 7
		bit := day*48 + t.Hour()*2 + t.Minute()/30
		if w[bit/64]>>(bit%64)&1 == 0 {
			return false
		}
	}
	return true
}

// bruteOverlap says whether enough people of c are there in every half hour.
func bruteOverlap(c *Candidate, ask *Ask, from, to time.Time) bool {
	members, needed := max(1, c.Members), 1
	if c.Kind == Team {
		needed = min(members, max(1, ask.People))
	}
	for t := from; t.Before(to); t = t.Add(30 * time.Minute) {
		people := needed
		for _, s := range c.Taken {
			if overlaps(s, t, t.Add(30*time.Minute)) {
				people += max(1, s.People)
			}
		}
		if people > members {
			return false
		}
	}
	return true
}

func overlaps(s Span, from, to time.Time) bool {
	return s.From.Before(to) && from.Before(s.To)
}

// world makes random small worlds in which everything that matters happens often:
// shared spots, equal scores, unknown places and times, teams, full weeks.
type world struct{ *rand.Rand }

var worldMonday = time.Date(2025, 9, 29, 0, 0, 0, 0, time.FixedZone("CST", 8*3600))

func (r world) key() Key {
	kind := Volunteer
	if r.IntN(4) == 0 {
		kind = Team
	}
	return Key{kind, string(rune('a'+r.IntN(26))) + string(rune('a'+r.IntN(10)))}
}

func (r world) point() Point {
	if r.IntN(10) == 0 {
		return Point{}
	}
	return Point{39.85 + float64(r.IntN(25))*0.0015, 116.28 + float64(r.IntN(25))*0.0015}
}

func (r world) week() Week {
	var w Week
	for day := range time.Weekday(7) {
		if from := time.Duration(r.IntN(40)); r.IntN(4) > 0 {
			w = w.With(day, from*30*time.Minute, (from+time.Duration(r.IntN(30)))*30*time.Minute)
		}
	}
	return w
}

// moment is within three weeks, often not on a half hour.
func (r world) moment() time.Time {
	return worldMonday.Add(time.Duration(r.IntN(21*24*6)) * 10 * time.Minute)
}

func (r world) spans() []Span {
	var spans []Span
	for range r.IntN(5) {
		from := r.moment()
		spans = append(spans, Span{from, from.Add(time.Duration(r.IntN(30)) * 10 * time.Minute), r.IntN(4)})
	}
	return spans
}

func (r world) candidate() Candidate {
	c := Candidate{Key: r.key(), At: r.point(), Free: r.week(), Taken: r.spans(), WalkMax: r.IntN(50), LimitWeek: r.IntN(5)}
	if r.IntN(4) == 0 {
		c.Free = Week{}
	}
	if c.Kind == Team {
		c.Members = r.IntN(6)
	}
	for range r.IntN(5) {
		c.Skills = append(c.Skills, Skill{uint32(r.IntN(5)), r.IntN(6)})
	}
	if r.IntN(3) > 0 {
		c.LastServed = r.moment().AddDate(0, 0, -7)
	}
	return c
}

func (r world) ask() Ask {
	a := Ask{At: r.point(), People: r.IntN(4), Known: map[Key]int{}, Exclude: map[Key]int64{}}
	if r.IntN(5) > 0 {
		a.Now = worldMonday.Add(time.Duration(r.IntN(48)) * time.Hour)
	}
	if r.IntN(4) > 0 {
		a.From = r.moment()
	}
	if r.IntN(4) > 0 {
		a.To = cmp.Or(a.From, worldMonday).Add(time.Duration(r.IntN(60)) * 10 * time.Minute)
	}
	if r.IntN(3) == 0 {
		a.Length = time.Duration(r.IntN(300)) * time.Minute
	}
	for range r.IntN(4) {
		a.Skills = append(a.Skills, uint32(r.IntN(6)))
	}
	for range r.IntN(6) {
		a.Known[r.key()] = r.IntN(6)
		a.Exclude[r.key()] = int64(r.IntN(3))
	}
	return a
}
