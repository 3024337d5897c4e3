package order

import (
	"slices"
	"time"
)

// promise is an order that somebody serves within a window. A window is often wider than
// the service takes, so that one morning has room for several.
type promise struct {
	number   string
	from, to time.Time
	length   time.Duration
}

const (
	leastLength  = 30 * time.Minute // that a service takes
	promisesMost = 6                // in overlapping hours
)

func promiseOf(o *Order) promise {
	usual := max(time.Duration(usualMinutes(o))*time.Minute, leastLength)
	return promise{o.Number, o.From, o.To, min(usual, o.To.Sub(o.From))}
}

// fit says whether all can be served one after the other from a time on.
func fit(at time.Time, all []promise) bool {
	for i, p := range all {
		end := latest(at, p.from).Add(p.length)
		if !end.After(p.to) && fit(end, slices.Concat(all[:i], all[i+1:])) {
			return true
		}
	}
	return len(all) == 0
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
