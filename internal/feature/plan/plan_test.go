package plan

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"linli/internal/core/category"
	"linli/match"
)

func service(t testing.TB, id string) category.Service {
	t.Helper()
	s, ok := category.ByID(id)
	if !ok {
		t.Fatal(id)
	}
	return s
}

// world is a random input: few services and places, so that people get in each other's
// way.
func world(t testing.TB, r *rand.Rand, orders, helpers int) Input {
	in := Input{Now: monday()}
	ids := []string{"haircut", "fix_water", "clinic_escort", "community_service"}
	spot := func() (s Spot) {
		if r.IntN(3) > 0 {
			s.At = match.Point{Lat: 38 + r.Float64()*0.02, Lng: 114.5 + r.Float64()*0.02}
		}
		if r.IntN(3) > 0 {
			s.Area = fmt.Sprintf("第%d社区", r.IntN(3))
			s.Grid = fmt.Sprintf("%s第%d网格", s.Area, r.IntN(2))
		}
		return s
	}
	for range orders {
		o := Order{Spot: spot(), Service: service(t, ids[r.IntN(4)]), People: 1 + r.IntN(11)/8*(1+r.IntN(2))}
		o.Urgency = []category.Urgency{category.Normal, category.Soon, category.Urgent}[r.IntN(3)]
		if r.IntN(5) > 0 {
			o.From = in.Now.Add(time.Duration(r.IntN(20*24*2)) * 30 * time.Minute / 4)
			o.To = o.From.Add(time.Duration(1+r.IntN(60)) * 30 * time.Minute)
		}
		if r.IntN(4) == 0 {
			o.Length = time.Duration(1+r.IntN(8)) * 30 * time.Minute
		}
		in.Orders = append(in.Orders, o)
	}
	for k := range helpers {
		h := Helper{Spot: spot()}
		h.Key, h.Members = match.Key{Kind: match.Volunteer, ID: fmt.Sprint(k)}, 1
		if r.IntN(5) == 0 {
			h.Kind, h.Members = match.Team, 1+r.IntN(4)
		}
		for range 1 + r.IntN(2) {
			h.Skills = append(h.Skills, match.Skill{Code: service(t, ids[r.IntN(4)]).Code, Times: r.IntN(6)})
		}
		for d := range 7 {
			if r.IntN(3) > 0 {
				h.Free = h.Free.With(time.Weekday(d), time.Duration(7+r.IntN(6))*time.Hour, time.Duration(13+r.IntN(8))*time.Hour)
			}
		}
		h.LimitWeek, h.WalkMax = r.IntN(4), []int{0, 10, 30, 45}[r.IntN(4)]
		if r.IntN(4) == 0 {
			from := in.Now.Add(time.Duration(r.IntN(7*24)) * time.Hour)
			h.Taken = append(h.Taken, match.Span{From: from, To: from.Add(90 * time.Minute)})
		}
		in.Helpers = append(in.Helpers, h)
	}
	return in
}

// TestPlansHold makes many small plans and looks at every rule.
func TestPlansHold(t *testing.T) {
	visits, timed, left := 0, 0, 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		in := world(t, r, 1+r.IntN(40), 1+r.IntN(25))
		p, err := Make(t.Context(), in)
		if err != nil {
			t.Fatal(seed, err)
		}
		holds(t, seed, in, p)
		visits, left = visits+len(p.Visits), left+len(p.Left)
		for _, v := range p.Visits {
			if !v.From.IsZero() {
				timed++
			}
		}
		if p.Best.Unserved > p.FirstCome.Unserved && p.Best.Served+5 < p.FirstCome.Served {
			t.Errorf("%d: serves %d, by hand %d", seed, p.Best.Served, p.FirstCome.Served)
		}
		again, err := Make(t.Context(), in)
		if err != nil || fmt.Sprintf("%+v", p) != fmt.Sprintf("%+v", again) {
			t.Errorf("%d: the second plan is another: %+v\n%+v %v", seed, p, again, err)
		}
	}
	if visits < 1000 || timed < visits/2 || left < 500 {
		t.Errorf("%d visits, %d with a time, %d orders left: the worlds are too easy or too hard", visits, timed, left)
	}
}

func holds(t *testing.T, seed uint64, in Input, p *Plan) {
	t.Helper()
	people := make([]int, len(in.Orders))
	twice := map[[2]int]bool{}
	weeks := map[seat]int{}
	at := map[int][]match.Span{}
	for _, v := range p.Visits {
		o, h := &in.Orders[v.Order], &in.Helpers[v.Helper]
		people[v.Order] += v.People
		if isTeam := h.Kind == match.Team; isTeam && (v.People != o.People || h.Members < v.People) || !isTeam && v.People != 1 {
			t.Errorf("%d: %+v: %s of %d for %d people", seed, v, h.Kind, h.Members, o.People)
		}
		if key := [2]int{v.Order, v.Helper}; twice[key] {
			t.Errorf("%d: helper %d goes twice to order %d", seed, v.Helper, v.Order)
		} else {
			twice[key] = true
		}
		if minutes, near := walk(&o.Spot, &h.Spot); !near || minutes != v.Minutes || minutes > walkMax(h) {
			t.Errorf("%d: %+v: %d minutes, %t", seed, v, minutes, near)
		}
		if v.Load > v.Limit || v.Limit != h.limit() {
			t.Errorf("%d: %+v: more than the week's limit", seed, v)
		}
		week := weekOf(blockOf(local(in.Now)))
		if !v.From.IsZero() {
			week = weekOf(blockOf(local(v.From)))
			if v.From.Before(o.From) || v.To.After(o.To) && o.To.Sub(o.From) >= o.length() {
				t.Errorf("%d: %+v is not within %v and %v", seed, v, o.From, o.To)
			}
			for _, other := range append(at[v.Helper], h.Taken...) {
				if v.From.Before(other.To) && other.From.Before(v.To) {
					t.Errorf("%d: helper %d is at two places: %v and %v", seed, v.Helper, v, other)
				}
			}
			at[v.Helper] = append(at[v.Helper], match.Span{From: v.From, To: v.To})
			for c := floorDiv(local(v.From), cellSeconds); c < ceilDiv(local(v.To), cellSeconds); c++ {
				if bit := floorMod(c+thursday*dayCells, weekCells); h.Free != (match.Week{}) && h.Free[bit/64]>>(bit%64)&1 == 0 {
					t.Errorf("%d: %+v: is not free", seed, v)
				}
			}
		} else if !o.From.IsZero() {
			t.Errorf("%d: %+v has no time", seed, v)
		}
		weeks[seat{int32(v.Helper), week}]++
	}
	m := model{Input: in, reach: newReach(in.Orders, in.Helpers)}
	for s, n := range weeks {
		if n > m.room(s.helper, s.at) {
			t.Errorf("%d: helper %d has %d orders in a week, has room for %d", seed, s.helper, n, m.room(s.helper, s.at))
		}
	}
	for _, l := range p.Left {
		people[l.Order] += l.People
		if l.Skilled < l.Near || l.Near < l.Free {
			t.Errorf("%d: %+v", seed, l)
		}
	}
	for i, n := range people {
		if n != in.Orders[i].People {
			t.Errorf("%d: order %d: %d of %d people are accounted for", seed, i, n, in.Orders[i].People)
		}
	}
}

// walk is the minutes between two spots as they are known or guessed.
func walk(a, b *Spot) (minutes int, near bool) {
	if minutes, known := match.Walk(a.At, b.At); known {
		return minutes, true
	}
	return guess(a, b)
}

// TestReachLeavesNobodyOut compares the index with looking at everybody.
func TestReachLeavesNobodyOut(t *testing.T) {
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 2))
		in := world(t, r, 20, 60)
		if seed%2 == 0 { // far in the north, where degrees are short
			for i := range in.Orders {
				in.Orders[i].At.Lat += 35
			}
		}
		x := newReach(in.Orders, in.Helpers)
		for i := range in.Orders {
			o, found := &in.Orders[i], map[int32]bool{}
			x.around(o, func(k int32) {
				if _, near := x.walk(o, o.At.Origin(), k); near {
					found[k] = true
				}
			})
			for k := range in.Helpers {
				h := &in.Helpers[k]
				minutes, near := walk(&o.Spot, &h.Spot)
				if can(h, o.Service) && near && minutes <= walkMax(h) && !found[int32(k)] {
					t.Errorf("%d: order %d: helper %d is not found, %d minutes", seed, i, k, minutes)
				}
			}
		}
	}
}

func can(h *Helper, s category.Service) bool {
	for _, code := range codes(s) {
		for _, have := range h.Skills {
			if have.Code == code {
				return true
			}
		}
	}
	return false
}

// TestOneBarberOnSaturday: three want their hair cut on Saturday morning, which has two
// blocks.
func TestOneBarberOnSaturday(t *testing.T) {
	in := Input{Now: monday()}
	saturday := monday().AddDate(0, 0, 5)
	for _, u := range []category.Urgency{category.Normal, category.Urgent, category.Soon} {
		in.Orders = append(in.Orders, Order{
			Spot: Spot{Area: "甲"}, Service: service(t, "haircut"), People: 1, Urgency: u, From: saturday, To: saturday.Add(4 * time.Hour),
		})
	}
	barber := Helper{Spot: Spot{Area: "甲"}}
	barber.Key, barber.Skills = match.Key{Kind: match.Volunteer, ID: "1"}, []match.Skill{{Code: service(t, "haircut").Code}}
	in.Helpers = []Helper{barber}
	p, err := Make(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Visits) != 2 || p.Visits[0].Order != 1 || p.Visits[1].Order != 2 || p.Visits[0].From.Equal(p.Visits[1].From) {
		t.Errorf("%+v", p.Visits)
	}
	if len(p.Left) != 1 || p.Left[0].Order != 0 || in.why(&p.Left[0]) != "会理发、走得到、那时有空的 1 位都派满了。" {
		t.Errorf("%+v %s", p.Left, in.why(&p.Left[0]))
	}
	want := []Shortage{{Service: service(t, "haircut"), Where: "甲", When: "周末上午", People: 1, More: 1, Saves: p.Shortages[0].Saves}}
	if fmt.Sprint(want) != fmt.Sprint(p.Shortages) || p.Shortages[0].Saves < 15_000 {
		t.Errorf("%+v", p.Shortages)
	}
	if reasons := in.reasons(&p.Visits[0]); reasons != "会理发；同一社区；这周第 1 单，最多 7 单；没说过什么时候有空，要先问" {
		t.Error(reasons)
	}
}

func TestNobodyIsPlannedForNothing(t *testing.T) {
	if p, err := Make(t.Context(), Input{Now: monday()}); err != nil || len(p.Visits)+len(p.Left) > 0 {
		t.Errorf("%+v, %v", p, err)
	}
	stopped, stop := context.WithCancel(t.Context())
	stop()
	if _, err := Make(stopped, world(t, rand.New(rand.NewPCG(1, 1)), 10, 10)); err == nil {
		t.Error("goes on although nobody waits")
	}
}
