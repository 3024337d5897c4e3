package order

import (
	"testing"
	"time"
)

// TestFit holds what somebody can promise: windows may overlap as long as all can be served.
func TestFit(t *testing.T) {
	at := func(hour, to, minutes int) promise {
		day := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
		p := promiseOf(&Order{From: day.Add(time.Duration(hour) * time.Hour), To: day.Add(time.Duration(to) * time.Hour)})
		p.length = min(time.Duration(minutes)*time.Minute, p.to.Sub(p.from))
		return p
	}
	for name, c := range map[string]struct {
		all  []promise
		want bool
	}{
		"nothing":                         {nil, true},
		"the same hour":                   {[]promise{at(9, 10, 60), at(9, 10, 60)}, false},
		"one morning for two":             {[]promise{at(8, 12, 60), at(8, 12, 60)}, true},
		"one morning is full":             {[]promise{at(8, 12, 120), at(8, 12, 120), at(8, 12, 30)}, false},
		"the wide one gives way":          {[]promise{at(8, 12, 120), at(8, 10, 120)}, true},
		"a long one around a short one":   {[]promise{at(8, 12, 180), at(9, 10, 60)}, false},
		"between two that cannot move":    {[]promise{at(8, 9, 60), at(10, 11, 60), at(8, 11, 60)}, true},
		"no room between those":           {[]promise{at(8, 9, 60), at(10, 11, 60), at(8, 11, 90)}, false},
		"longer than its window, by rule": {[]promise{at(8, 9, 240)}, true},
	} {
		if got := fit(time.Time{}, c.all); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
