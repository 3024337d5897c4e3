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

// shortages groups what is left, the groups in which most is missing first.
func (m *model) shortages(solved *match.Plan, left []Left) ([]Shortage, error) {
	people := map[group]int{}
	for _, l := range left {
		if o := &m.Orders[l.Order]; o.Only == (match.Key{}) {
			people[o.group()] += l.People
		}
	}
	missing := m.missing(solved)
	var out []Shortage
	for i := range m.newcomers {
		n := &m.newcomers[i]
		if people[n.group] == 0 {
			continue
		}
		service, _ := category.ByCode(n.service)
		s := Shortage{Service: service, Where: n.where, When: n.when, People: people[n.group], Saves: solved.Gain(0, n.asked)}
		var err error
		if s.More, err = m.more(solved, n, missing); err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Shortage) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(b.Saves, a.Saves),
			cmp.Compare(a.Service.Code, b.Service.Code), cmp.Compare(a.Where, b.Where), cmp.Compare(a.When, b.When))
	})
	return out, nil
}
