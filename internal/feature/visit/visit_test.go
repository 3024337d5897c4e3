package visit

import (
	"testing"
	"time"

	"linli/internal/core/place"
)

var started = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func TestGradeOf(t *testing.T) {
	for _, c := range []struct {
		code, position bool
		want           Grade
	}{{true, true, GradeA}, {true, false, GradeB}, {false, true, GradeB}, {false, false, GradeC}} {
		if got := GradeOf(c.code, c.position); got != c.want {
			t.Errorf("code %v, position %v: %s, want %s", c.code, c.position, got, c.want)
		}
	}
}

func TestCodesRotate(t *testing.T) {
	secret, at := NewSecret(), started
	code := CodeAt(secret, at)
	if len(code) != 4 || !CodeHolds(secret, code, at) || !CodeHolds(secret, code, at.Add(codeStep)) {
		t.Fatalf("code %q does not hold", code)
	}
	if CodeHolds(NewSecret(), code, at) && CodeHolds(NewSecret(), code, at) {
		t.Error("another order's code holds")
	}
	later := at.Add(10 * codeStep)
	if CodeAt(secret, later) != code && CodeHolds(secret, code, later) {
		t.Error("an old code holds")
	}
	if left := CodeLeft(at); left <= 0 || left > codeStep {
		t.Errorf("left %v", left)
	}
}

func TestSpent(t *testing.T) {
	at := started
	for _, c := range []struct {
		took time.Duration
		want int
	}{{-time.Minute, 0}, {0, 0}, {time.Second, 1}, {time.Minute, 1}, {61 * time.Second, 2}, {48 * time.Minute, 48}, {20 * time.Hour, 480}} {
		if got := spent(at, at.Add(c.took), 480); got != c.want {
			t.Errorf("%v: %d minutes, want %d", c.took, got, c.want)
		}
	}
}

func TestProposalIsNeverZeroAndNeverAboveTheCap(t *testing.T) {
	with := func(from, to time.Duration) Door {
		return Door{Usual: 40, From: started.Add(from), To: started.Add(to)}
	}
	for name, c := range map[string]struct {
		d    Door
		cap  int64
		want int
	}{
		"the usual length":               {Door{Usual: 40}, 480, 40},
		"the agreed length":              {with(0, time.Hour), 480, 60},
		"a whole morning is no length":   {with(0, 5*time.Hour), 480, 40},
		"at most what has passed so far": {with(0, time.Hour), 10, 10},
		"never zero":                     {Door{Usual: 40}, 1, 1},
	} {
		if got := proposal(c.d, c.cap); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

func TestCheckClaim(t *testing.T) {
	now := started
	for name, c := range map[string]struct {
		claimed time.Time
		good    bool
	}{
		"none":            {time.Time{}, true},
		"an hour ago":     {now.Add(-time.Hour), true},
		"a fast clock":    {now.Add(time.Minute), true},
		"the future":      {now.Add(time.Hour), false},
		"yesterday":       {now.Add(-25 * time.Hour), false},
		"just within":     {now.Add(-sentLaterMost), true},
		"a minute beyond": {now.Add(-sentLaterMost - time.Minute), false},
	} {
		if err := checkClaim(c.claimed, now); (err == nil) != c.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestDistance(t *testing.T) {
	a := &place.Position{Lat: 38.03, Lng: 114.47}
	if d := distance(a, &place.Position{Lat: 38.0309, Lng: 114.47}); d < 95 || d > 105 {
		t.Errorf("100 m are %d", d)
	}
	if distance(nil, a) != -1 || distance(a, nil) != -1 || distance(a, a) != 0 {
		t.Error("unknown places have a distance")
	}
	for _, bad := range []place.Position{{Lat: 91, Lng: 0}, {Lat: -91, Lng: 0}, {Lat: 0, Lng: 181}, {Lat: 0, Lng: -181}} {
		if checkPosition(&bad) == nil {
			t.Errorf("%v is on earth", bad)
		}
	}
}
