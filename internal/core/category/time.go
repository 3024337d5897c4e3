package category

import (
	"slices"
	"time"
)

// when is what a sentence says of time.
type when struct {
	window   Window
	flexible bool
}

// markKind is what a mark of time fixes.
type markKind int

const (
	pastMark    markKind = iota // 昨天: what goes with it is over
	instantMark                 // 半小时后: from, to in minutes from now
	dayMark                     // from, to in days from today
	partMark                    // 上午: from, to in minutes of the day
	clockMark                   // 三点: from, to in minutes of the day; to is 0 for a single hour
)

// edge says on which side of the mark the time lies.
type edge int

const (
	within edge = iota
	before      // 三点以前
	after       // 三点以后
)

// mark is one expression of time at its place in the sentence.
type mark struct {
	kind       markKind
	edge       edge
	start, end int // runes
	from, to   int
	vague      bool // a clock without 上午 or 下午
}

// How near, in widths, a part of the day must stand to the day it belongs to.
const (
	nearAfter  = 12 * wide
	nearBefore = 2 * wide
	touching   = wide
)

// readWhen finds the first time that is not over. Conventions, which the person
// sees and may change: a day is 8:00 to 20:00, an hour lasts one hour, hours
// without 上午 or 下午 are 7 to 12 in the morning and 1 to 6 after noon, "before
// Friday" includes Friday, a time of today begins no earlier than now.
func readWhen(s sentence, now time.Time) when {
	t := today{now.In(zone())}
	marks := readMarks(s, t)
	return when{window: t.window(s, marks), flexible: anyTime(s)}
}

// readMarks walks through the sentence.
func readMarks(s sentence, t today) []mark {
	var marks []mark
	c := timeCursor{cursor: cursor{r: s.r}, today: t}
	for c.at < len(c.r) {
		start := c.at
		m, ok := c.mark()
		if !ok {
			c.at = start + 1
			continue
		}
		m.start, m.end = start, c.at
		marks = append(marks, m)
	}
	return marks
}

// window puts the marks together.
func (t today) window(s sentence, marks []mark) Window {
	marks, narrative := dropPast(s, marks)
	if m, ok := first(marks, instantMark); ok {
		return t.between(t.now.Add(minutes(m.from)), t.now.Add(minutes(m.to)))
	}
	day, dated := firstDay(marks)
	hours, timed := hoursFor(s, marks, day, dated)
	switch {
	case dated && timed:
		return t.onDay(day, hours)
	case dated:
		return t.days(day)
	case timed && !(narrative && hours.kind == partMark):
		return t.nextTime(hours)
	}
	return Window{}
}

func minutes(n int) time.Duration { return time.Duration(n) * time.Minute }

// dropPast leaves out what is over, with the hours that go with it, and tells
// whether the sentence speaks of the past at all.
func dropPast(s sentence, marks []mark) (kept []mark, narrative bool) {
	end := -1
	for _, m := range marks {
		if m.kind == pastMark {
			end, narrative = m.end, true
			continue
		}
		if end >= 0 && m.kind != dayMark && s.gap(end, m.start) <= touching {
			end = m.end
			continue
		}
		kept = append(kept, m)
	}
	return kept, narrative
}

func first(marks []mark, kinds ...markKind) (mark, bool) {
	i := slices.IndexFunc(marks, func(m mark) bool { return slices.Contains(kinds, m.kind) })
	if i < 0 {
		return mark{}, false
	}
	return marks[i], true
}

// firstDay is the first day that is named; said again with 之前 or 以后, it
// means that.
func firstDay(marks []mark) (mark, bool) {
	day, ok := first(marks, dayMark)
	for _, m := range marks {
		if m.kind == dayMark && m.edge != within && m.from == day.from && m.to == day.to {
			return m, ok
		}
	}
	return day, ok
}

// hoursFor gives the hours that belong to the day: the nearest after it, or
// those that stand right before it; an hour of the clock says more than a part
// of the day.
func hoursFor(s sentence, marks []mark, day mark, dated bool) (mark, bool) {
	if !dated {
		return mostExact(marks)
	}
	var belong []mark
	for _, m := range marks {
		if m.start >= day.end && s.gap(day.end, m.start) <= nearAfter ||
			m.end <= day.start && s.gap(m.end, day.start) <= nearBefore {
			belong = append(belong, m)
		}
	}
	return mostExact(belong)
}

func mostExact(marks []mark) (mark, bool) {
	if m, ok := first(marks, clockMark); ok {
		return m, true
	}
	return first(marks, partMark)
}

// days is a window of whole days.
func (t today) days(m mark) Window {
	switch m.edge {
	case before:
		return t.between(t.now, t.dayEnd(m.to))
	case after:
		return t.between(t.at(m.from, dayStart), t.dayEnd(m.from+7))
	}
	return t.between(t.at(m.from, dayStart), t.dayEnd(m.to))
}

// dayEnd is when visits end; late in the evening today lasts till midnight.
func (t today) dayEnd(day int) time.Time {
	if day == 0 && t.minutes() >= dayEnd-anHour {
		return t.at(0, fullDay)
	}
	return t.at(day, dayEnd)
}

// onDay is a window of hours on a day, or on the first of several.
func (t today) onDay(day, hours mark) Window {
	w := t.hours(day.from, hours)
	if w.IsZero() && hours.vague && day.from == 0 {
		hours.from, hours.to = hours.from+fullDay/2, afternoon(hours.to)
		w = t.hours(day.from, hours)
	}
	return w
}

// nextTime is the next time that the hours come; those of the clock have to
// lie ahead from their beginning.
func (t today) nextTime(hours mark) Window {
	begun := hours.kind == clockMark && hours.edge == within && hours.from < t.minutes()
	if w := t.hours(0, hours); !begun && !w.IsZero() {
		return w
	}
	return t.hours(1, hours)
}

// hours is a window on a day from today.
func (t today) hours(day int, m mark) Window {
	to := m.to
	if to == 0 {
		to = m.from + anHour
	}
	switch m.edge {
	case before:
		return t.between(t.at(day, min(dayStart, m.from-anHour)), t.at(day, m.from))
	case after:
		return t.between(t.at(day, m.from), t.at(day, max(dayEnd, m.from+anHour)))
	}
	if m.to == 0 && t.at(day, m.from).Before(t.now) {
		return Window{}
	}
	return t.between(t.at(day, m.from), t.at(day, to))
}

func afternoon(to int) int {
	if to == 0 {
		return 0
	}
	return to + fullDay/2
}

// anyTime tells whether the speaker leaves the time open.
func anyTime(s sentence) bool {
	c := cursor{r: s.r}
	for ; c.at < len(c.r); c.at++ {
		if c.word("随时", "哪天都", "什么时候都", "什么时候有空", "啥时候都", "随便哪天", "any time", "anytime", "whenever") {
			return true
		}
	}
	return false
}
