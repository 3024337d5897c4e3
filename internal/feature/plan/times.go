package plan

import (
	"slices"
	"time"

	"linli/internal/core/calendar"
	"linli/match"
)

// Time is counted from 1970 on the clock of China: blocks of two hours, in which a helper
// has one order at most, and cells of half an hour, in which they say when they are free.
const (
	blockSeconds = 2 * 60 * 60
	cellSeconds  = 30 * 60
	dayCells     = 48
	weekCells    = 7 * dayCells
	thursday     = 3 // 1 January 1970, counted from Monday
	dayBlocks    = 12
	firstBlock   = 4 // 8:00, from which visits are made when a window is longer than a day
	lastBlock    = 9 // until 20:00
	anyBlock     = -1
)

// stretch is a time at which an order could be served: need cells in a row out of those
// from first up to end; it takes count blocks of the helper.
type stretch struct {
	block, count     int32
	first, end, need int64 // cells
	from, to         int64 // seconds, of a service that cannot be moved; else 0
}

// mostStretches is how many times are considered of an order: ten days.
const mostStretches = 64

// stretches lists the times of an order, earliest first. An order without a window has
// none.
func (o *Order) stretches() []stretch {
	if o.From.IsZero() || !o.To.After(o.From) {
		return nil
	}
	from, to, length := local(o.From), local(o.To), int64(o.length()/time.Second)
	if to-from <= length {
		return []stretch{fixed(from, to)}
	}
	var out []stretch
	step := ceilDiv(length, blockSeconds)
	for b := floorDiv(from, blockSeconds); b*blockSeconds < to && len(out) < mostStretches; b += step {
		start, end := max(from, b*blockSeconds), min(to, (b+step)*blockSeconds)
		byDay := floorMod(b, dayBlocks) >= firstBlock && floorMod(b+step-1, dayBlocks) <= lastBlock
		s := movable(start, end, length)
		if s.end-s.first >= s.need && (byDay || to-from <= dayBlocks*blockSeconds) {
			out = append(out, s)
		}
	}
	if out == nil { // too long for blocks that begin at even hours
		out = []stretch{fixed(from, from+length)}
	}
	return out
}

// Leaves says whether one of the times of an order is left to who serves elsewhere then. An
// order without a time leaves them all.
func (o *Order) Leaves(taken []match.Span) bool {
	times := o.stretches()
	return len(times) == 0 || slices.ContainsFunc(times, func(s stretch) bool { return !s.meets(taken) })
}

// Ahead keeps a window to times at which somebody can still be there: from a half hour on
// that is about an hour away. Of a window that has begun and has no room after that, the
// time is to be agreed anew; one that begins sooner stays as it is.
func (o *Order) Ahead(now time.Time) {
	soonest := now.Add(time.Hour).Truncate(cellSeconds * time.Second)
	switch length := min(o.length(), o.To.Sub(o.From)); {
	case o.From.IsZero() || !o.From.Before(soonest):
	case !o.To.Before(soonest.Add(length)):
		o.From = soonest
	case !o.From.After(now):
		o.From, o.To = time.Time{}, time.Time{}
	}
}

// length of the service.
func (o *Order) length() time.Duration {
	if o.Length > 0 {
		return o.Length
	}
	return time.Duration(max(o.Service.Minutes, 30)) * time.Minute
}

// fixed is a service of known times, rounded outwards to cells.
func fixed(from, to int64) stretch {
	b := blockOf(from)
	first, end := floorDiv(from, cellSeconds), ceilDiv(to, cellSeconds)
	return stretch{b, int32(ceilDiv(to, blockSeconds)) - b, first, end, end - first, from, to}
}

// movable is a service that starts at a full half hour within a window.
func movable(from, to, length int64) stretch {
	b := blockOf(from)
	return stretch{
		block: b, count: int32(ceilDiv(to, blockSeconds)) - b,
		first: ceilDiv(from, cellSeconds), end: floorDiv(to, cellSeconds), need: ceilDiv(length, cellSeconds),
	}
}

// at is when a service is that starts at a cell.
func (s *stretch) at(cell int64, length time.Duration) (from, to time.Time) {
	if s.to > 0 {
		return timeOf(s.from), timeOf(s.to)
	}
	from = timeOf(cell * cellSeconds)
	return from, from.Add(length)
}

// start finds the first cell from which a helper is free long enough, and says whether
// there is one. A week of which nothing is said is free.
func (s *stretch) start(w *match.Week) (cell int64, ok bool) {
	if *w == (match.Week{}) {
		return s.first, true
	}
	run := int64(0)
	for c := s.first; c < s.end; c++ {
		bit := floorMod(c+thursday*dayCells, weekCells)
		if w[bit/64]>>(bit%64)&1 == 0 {
			run = 0
			continue
		}
		if run++; run == s.need {
			return c - run + 1, true
		}
	}
	return 0, false
}

// meets says whether a helper serves elsewhere in the blocks.
func (s *stretch) meets(taken []match.Span) bool {
	for _, t := range taken {
		from, to := int64(s.block)*blockSeconds, int64(s.block+s.count)*blockSeconds
		if local(t.From) < to && from < local(t.To) {
			return true
		}
	}
	return false
}

func local(t time.Time) int64 {
	_, zone := t.In(calendar.Zone()).Zone()
	return t.Unix() + int64(zone)
}

func timeOf(local int64) time.Time {
	t := time.Unix(local, 0).In(calendar.Zone())
	_, zone := t.Zone()
	return t.Add(-time.Duration(zone) * time.Second)
}

// weekOf numbers the weeks from Monday to Sunday.
func weekOf(block int32) int32 { return int32(floorDiv(int64(block)+thursday*dayBlocks, 7*dayBlocks)) }

func blockOf(local int64) int32 { return int32(floorDiv(local, blockSeconds)) }

func (m *model) thisWeek() int32 { return weekOf(blockOf(local(m.Now))) }

func ceilDiv(a, b int64) int64 { return -floorDiv(-a, b) }

func floorDiv(a, b int64) int64 { return (a - floorMod(a, b)) / b }

func floorMod(a, b int64) int64 { return (a%b + b) % b }
