package plan

import (
	"cmp"
	"slices"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/match"
)

// group is what shortages are told by.
type group struct {
	service uint32
	where   string
	when    string
}

// groupOf is the group of an order.
func (o *Order) group() group {
	return group{o.Service.Code, cmp.Or(o.Area, o.Grid), whenOf(o.From, o.To)}
}

// Parts lists the times of the week by which shortages are told, as message ids.
func Parts() []string {
	return []string{"工作日上午", "工作日下午", "工作日晚上", "工作日", "周末上午", "周末下午", "周末晚上", "周末", "夜里", "时间不限"}
}

// whenOf is the time of the week in which an order has to be served, a message id.
func whenOf(from, to time.Time) string {
	if from.IsZero() || to.Sub(from) > 24*time.Hour {
		return "时间不限"
	}
	start := from.In(calendar.Zone())
	free := start.Weekday() == time.Saturday || start.Weekday() == time.Sunday
	switch hour := start.Hour(); {
	case hour < 6 || hour >= 21:
		return "夜里"
	case to.Sub(from) > 6*time.Hour && free:
		return "周末"
	case to.Sub(from) > 6*time.Hour:
		return "工作日"
	case hour < 12 && free:
		return "周末上午"
	case hour < 12:
		return "工作日上午"
	case hour < 18 && free:
		return "周末下午"
	case hour < 18:
		return "工作日下午"
	case free:
		return "周末晚上"
	}
	return "工作日晚上"
}

// shortages groups what is left, the groups that cost most first.
func (m *model) shortages(solved *match.Plan, left []Left) []Shortage {
	lacking := map[group][]Left{}
	for _, l := range left {
		if o := &m.Orders[l.Order]; o.Only == (match.Key{}) {
			lacking[o.group()] = append(lacking[o.group()], l)
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	asked := map[group][]match.Asked{}
	for i := range m.Orders {
		if g := m.Orders[i].group(); lacking[g] != nil && m.Orders[i].Only == (match.Key{}) && !m.whole[i] {
			asked[g] = append(asked[g], match.Asked{Ask: i, Cost: newcomerCost})
		}
	}
	var out []Shortage
	for g, all := range lacking {
		service, _ := category.ByCode(g.service)
		s := Shortage{Service: service, Where: g.where, When: g.when, More: m.more(all), Saves: solved.Gain(0, asked[g])}
		for _, l := range all {
			s.People += l.People
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Shortage) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(b.Saves, a.Saves),
			cmp.Compare(a.Service.Code, b.Service.Code), cmp.Compare(a.Where, b.Where), cmp.Compare(a.When, b.When))
	})
	return out
}

// newcomerCost is a visit by a new volunteer: nothing done before, ten minutes to walk.
const newcomerCost = skillStep*skillMost + meetStep*meetMost + fullPart*sameArea/walkMinutes

// more is how many orders of a group one more volunteer could take in a week: one in each
// block, found from the order with the fewest blocks on.
func (m *model) more(left []Left) (n int) {
	sorted := slices.Clone(left)
	slices.SortStableFunc(sorted, func(a, b Left) int {
		return cmp.Compare(len(m.times[a.Order]), len(m.times[b.Order]))
	})
	used := map[int32]bool{}
	for _, l := range sorted {
		if n == usualLimit {
			break
		}
		if len(m.times[l.Order]) == 0 || m.takeBlocks(m.times[l.Order], used) {
			n++
		}
	}
	return n
}

// takeBlocks takes the first stretch of which no block is used.
func (m *model) takeBlocks(times []stretch, used map[int32]bool) bool {
	for _, s := range times {
		open := true
		for b := s.block; b < s.block+s.count; b++ {
			open = open && !used[b]
		}
		if !open {
			continue
		}
		for b := s.block; b < s.block+s.count; b++ {
			used[b] = true
		}
		return true
	}
	return false
}
