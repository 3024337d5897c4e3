package match

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// Kind says what a candidate is.
type Kind string

// The kinds of candidates. A volunteer sends one person, a team up to its members.
const (
	Volunteer Kind = "volunteer"
	Team      Kind = "team"
)

// Key names a candidate; ids of volunteers and of teams may be equal.
type Key struct {
	Kind Kind
	ID   string
}

func (k Key) compare(l Key) int {
	return cmp.Or(cmp.Compare(k.Kind, l.Kind), cmp.Compare(k.ID, l.ID))
}

// Candidate is somebody who may be asked to serve, as the index knows them. No count
// may be negative or above 65,535.
type Candidate struct {
	Key
	At         Point     // where they start from; zero when unknown
	Skills     []Skill   // what they can do; a code given twice counts with the most times
	Free       Week      // weekly free time; zero when they have not said
	WalkMax    int       // minutes they are ready to walk, one way; 0 means NearMinutes
	LimitWeek  int       // orders a week they set themselves; 0 means no limit
	Members    int       // people that can be sent at once; 0 means 1
	LastServed time.Time // zero when never; it counts in whole hours
	Taken      []Span    // orders accepted and not yet past; older ones do no harm
}

// Skill is one thing that a candidate can do.
type Skill struct {
	Code  uint32 // the caller's code table
	Times int    // how often they have served with it, 0 for a beginner
}

// Span is an order that a candidate has taken. It counts in the week, Monday to Sunday,
// in which From lies on the clock of its own location, and keeps People of them, at
// least 1, from other orders until To. An order whose time is still open has To equal to
// From: it is load, but in nobody's way.
type Span struct {
	From, To time.Time
	People   int
}

// The refusals of an index.
var (
	ErrKey   = errors.New("match: a candidate needs a kind, volunteer or team, and an id")
	ErrPoint = errors.New("match: a point lies outside −90…90, −180…180 degrees")
	ErrCount = errors.New("match: a count is negative or above 65,535")
)

// check refuses what the index could not rank.
func (c *Candidate) check() error {
	switch {
	case c.Kind != Volunteer && c.Kind != Team || c.ID == "":
		return fmt.Errorf("%w: %q %q", ErrKey, c.Kind, c.ID)
	case !c.At.valid():
		return fmt.Errorf("%w: %v of %s %s", ErrPoint, c.At, c.Kind, c.ID)
	case !c.countable():
		return fmt.Errorf("%w: %s %s", ErrCount, c.Kind, c.ID)
	}
	return nil
}

func (c *Candidate) countable() bool {
	ok := isCount(c.WalkMax) && isCount(c.LimitWeek) && isCount(c.Members)
	for _, s := range c.Skills {
		ok = ok && isCount(s.Times)
	}
	return ok
}

func isCount(n int) bool {
	return n >= 0 && n <= math.MaxUint16
}

// entry is a candidate as the index holds it. What a ranking reads stands first.
// Only taken and free change while it is linked, under the index's write lock.
type entry struct {
	free    Week
	taken   *booking
	turn    turn
	limit   uint16
	members uint16
	walk    uint16
	serial  uint32
	Key
	skills []Skill // by code, without repetition
	at     spot
	curve  uint64
}

// booking is a Span in Unix seconds, with the week to which it counts, and the next;
// most candidates have none.
type booking struct {
	from, to int64
	week     int32
	people   uint16
	next     *booking
}

func newEntry(c *Candidate) *entry {
	return &entry{
		Key:     c.Key,
		at:      c.At.spot(),
		curve:   c.At.curve(),
		skills:  bestOfEach(c.Skills),
		free:    c.Free,
		walk:    uint16(cmp.Or(c.WalkMax, NearMinutes)),
		limit:   uint16(c.LimitWeek),
		members: uint16(cmp.Or(c.Members, 1)),
		taken:   newBookings(c.Taken),
		turn:    newTurn(c.Key, c.LastServed),
	}
}

func newBookings(spans []Span) *booking {
	var first *booking
	for _, s := range spans {
		people := uint16(min(max(s.People, 1), math.MaxUint16))
		first = &booking{s.From.Unix(), s.To.Unix(), weekOf(s.From), people, first}
	}
	return first
}

func bestOfEach(skills []Skill) []Skill {
	sorted := slices.SortedFunc(slices.Values(skills), func(a, b Skill) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(b.Times, a.Times))
	})
	return slices.CompactFunc(sorted, func(a, b Skill) bool { return a.Code == b.Code })
}

// unsaid is what e loses for not having said when they are free.
func (e *entry) unsaid() int32 {
	if e.free == (Week{}) {
		return unsaidScore
	}
	return 0
}

// load counts the orders taken in a week.
func (e *entry) load(week int32) int32 {
	n := int32(0)
	for b := e.taken; b != nil; b = b.next {
		if b.week == week {
			n++
		}
	}
	return n
}

// idle is the points for a load.
func (e *entry) idle(load int32) int32 {
	return loadScore(load, int32(e.limit), int32(e.members))
}

// present says whether so many people of e are not serving elsewhere in the cell of
// that zone.
func (e *entry) present(people int32, cell, zone int64) bool {
	start := cell*cellSeconds - zone
	for b := e.taken; b != nil; b = b.next {
		if b.from < start+cellSeconds && start < b.to {
			people += int32(b.people)
		}
	}
	return people <= int32(e.members)
}

// idleness holds the points for load in the last week in which orders are taken and in
// the one before, which are the weeks that most asks are about.
type idleness struct {
	week   uint16
	before uint16
	during uint16
}

func (e *entry) idleness() idleness {
	last := int32(0)
	for b := e.taken; b != nil; b = b.next {
		last = max(last, b.week)
	}
	last = min(last, math.MaxUint16)
	return idleness{uint16(last), uint16(e.idle(e.load(last - 1))), uint16(e.idle(e.load(last)))}
}

// atMost bounds the points for load in a week.
func (i idleness) atMost(week int32) int32 {
	switch week {
	case int32(i.week):
		return int32(i.during)
	case int32(i.week) - 1:
		return int32(i.before)
	}
	return partScore
}
