package match

import (
	"errors"
	"math"
	"reflect"
	"testing"
	"time"
)

func TestPutRefuses(t *testing.T) {
	ok := Candidate{Key: Key{Volunteer, "1"}}
	for _, c := range []struct {
		name   string
		change func(*Candidate)
		want   error
	}{
		{"fine", func(*Candidate) {}, nil},
		{"no kind", func(c *Candidate) { c.Kind = "" }, ErrKey},
		{"other kind", func(c *Candidate) { c.Kind = "robot" }, ErrKey},
		{"no id", func(c *Candidate) { c.ID = "" }, ErrKey},
		{"latitude", func(c *Candidate) { c.At = Point{90.1, 0} }, ErrPoint},
		{"longitude", func(c *Candidate) { c.At = Point{0, -180.1} }, ErrPoint},
		{"not a number", func(c *Candidate) { c.At.Lat = math.NaN() }, ErrPoint},
		{"negative walk", func(c *Candidate) { c.WalkMax = -1 }, ErrCount},
		{"huge walk", func(c *Candidate) { c.WalkMax = 65536 }, ErrCount},
		{"negative limit", func(c *Candidate) { c.LimitWeek = -1 }, ErrCount},
		{"negative members", func(c *Candidate) { c.Members = -1 }, ErrCount},
		{"negative times", func(c *Candidate) { c.Skills = []Skill{{1, 1}, {2, -1}} }, ErrCount},
	} {
		x := NewIndex()
		candidate := ok
		c.change(&candidate)
		if err := x.Put(candidate); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if want := map[bool]int{true: 1}[c.want == nil]; x.Len() != want {
			t.Errorf("%s: %d candidates", c.name, x.Len())
		}
	}
}

func TestPutCopies(t *testing.T) {
	x := NewIndex()
	c := Candidate{Key: Key{Volunteer, "1"}, Skills: []Skill{{1, 4}}, Taken: []Span{{From: worldMonday, To: worldMonday}}}
	put(t, x, c)
	before := x.Rank(Ask{Skills: []uint32{1}, From: worldMonday}, 1)
	c.Skills[0].Code, c.Taken[0].From = 2, worldMonday.AddDate(1, 0, 0)
	if after := x.Rank(Ask{Skills: []uint32{1}, From: worldMonday}, 1); !reflect.DeepEqual(before, after) {
		t.Errorf("%+v became %+v", before, after)
	}
}

func TestIndexForgetsSkillsThatNobodyHas(t *testing.T) {
	x := NewIndex()
	for i := range 1000 {
		put(t, x, Candidate{Key: Key{Volunteer, "1"}, Skills: []Skill{{uint32(i), 0}}})
	}
	x.Remove(Key{Volunteer, "1"})
	if len(x.skills) != 0 || !x.all.empty() || x.Len() != 0 {
		t.Errorf("%d skills, %d candidates left", len(x.skills), x.Len())
	}
}

func TestRankOfLittle(t *testing.T) {
	x := NewIndex()
	if got := x.Rank(Ask{}, 10); len(got.Items)+len(got.LeftOut) != 0 {
		t.Errorf("of an empty index %+v", got)
	}
	put(t, x, Candidate{Key: Key{Team, "1"}})
	for limit, want := range map[int]int{-1: 0, 0: 0, 1: 1, 1 << 40: 1} {
		if got := x.Rank(Ask{}, limit); len(got.Items) != want {
			t.Errorf("limit %d: %+v", limit, got)
		}
	}
	if got := x.Rank(Ask{Skills: []uint32{9}}, 10); len(got.Items) != 0 {
		t.Errorf("nobody has the skill, yet %+v", got)
	}
	if got := x.Rank(Ask{People: 2, From: time.Unix(0, 0)}, 10); len(got.LeftOut) != 1 {
		t.Errorf("a team too small is left out, not %+v", got)
	}
}
