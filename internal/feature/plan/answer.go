package plan

import (
	"math/bits"

	"linli/match"
)

// visits reads who goes where, and gives a time to those visits whose pair needed none.
func (m *model) visits(solved *match.Plan) []Visit {
	var chosen []int32 // pairs
	for i := range m.Orders {
		for _, s := range solved.Shares(i) {
			chosen = append(chosen, int32(s.Pair))
		}
	}
	spans := m.settle(chosen)
	load := map[seat]int{}
	out := make([]Visit, len(chosen))
	for n, p := range chosen {
		x := &m.options[m.pairs[p].option]
		at := seat{x.helper, m.pairs[p].week}
		if load[at] == 0 {
			load[at] = m.taken(x.helper, at.at)
		}
		load[at]++
		out[n] = Visit{
			Order: int(x.order), Helper: int(x.helper), People: m.people(int(x.order)), Minutes: int(x.minutes), Times: int(x.times), Met: int(x.met),
			Load: load[at], Limit: m.Helpers[x.helper].limit(),
		}
		out[n].From, out[n].To = spans[n].From, spans[n].To
	}
	return out
}

// people who come with one unit of an order.
func (m *model) people(i int) int { return max(m.Orders[i].People, 1) / m.units(i) }

// settle chooses the times of visits: first of those that have a block, then of those
// that take any block that is left, which there always is (see doc.go).
func (m *model) settle(chosen []int32) []match.Span {
	spans := make([]match.Span, len(chosen))
	used := map[seat]bool{}
	for _, fixed := range []bool{true, false} {
		for n, p := range chosen {
			if (m.pairs[p].block != anyBlock) == fixed {
				spans[n] = m.timeOf(&m.pairs[p], used)
			}
		}
	}
	return spans
}

// timeOf finds the first time of a pair of which no block is used; zero without times.
func (m *model) timeOf(p *pair, used map[seat]bool) (span match.Span) {
	x := &m.options[p.option]
	for w := x.when; w != 0; w &= w - 1 {
		s := &m.times[x.order][bits.TrailingZeros64(w)]
		at := seat{x.helper, m.lead(x.helper, s.block)}
		if weekOf(at.at) != p.week || used[at] || p.block != anyBlock && p.block != at.at {
			continue
		}
		used[at] = true
		cell, _ := s.start(&m.Helpers[x.helper].Free) // it suits, or would not be in when
		span.From, span.To = s.at(cell, m.Orders[x.order].length())
		break
	}
	return span
}

// left explains the orders for which helpers are missing.
func (m *model) left(solved *match.Plan) []Left {
	var out []Left
	known := map[need]Why{}
	for i := range m.Orders {
		n := solved.Unserved(i) * m.people(i)
		if n == 0 {
			continue
		}
		o := &m.Orders[i]
		key := need{o.Service.Code, o.Spot}
		w, ok := known[key]
		if !ok {
			w = m.why(o)
			known[key] = w
		}
		w.Free = int(m.first[i+1] - m.first[i])
		out = append(out, Left{i, n, w})
	}
	return out
}

// need is all of an order on which it depends who has the skill and who is near.
type need struct {
	service uint32
	spot    Spot
}

// why counts who has the skill, and who of them is near.
func (m *model) why(o *Order) Why {
	w, from := Why{Nearest: unknownWalk}, o.At.Origin()
	for _, k := range m.reach.skilled(o.Service) {
		minutes, near := m.reach.walk(o, from, k)
		w.Skilled++
		if near {
			w.Near++
		}
		if minutes >= 0 && (w.Nearest < 0 || minutes < w.Nearest) {
			w.Nearest = minutes
		}
	}
	return w
}

// firstCome gives each order in turn to the nearest who can, as one does by hand.
func (m *model) firstCome() Sums {
	f := byHand{model: m, load: map[seat]int{}, used: map[seat]bool{}, last: make([]int32, len(m.Helpers))}
	at := 0
	for i := range m.Orders {
		from := at
		for at < len(m.pairs) && int(m.options[m.pairs[at].option].order) == i {
			at++
		}
		f.order(m.units(i), m.people(i), m.pairs[from:at])
	}
	return f.sums
}

// byHand is a plan made the usual way.
type byHand struct {
	*model
	load map[seat]int
	used map[seat]bool
	last []int32 // of each helper, the order that they were given last, from 1
	sums Sums
}

// order gives so many units of so many people each.
func (f *byHand) order(units, people int, pairs []pair) {
	for ; units > 0; units-- {
		best := -1
		for n := range pairs {
			if f.open(&pairs[n]) && (best < 0 || f.minutes(&pairs[n]) < f.minutes(&pairs[best])) {
				best = n
			}
		}
		if best < 0 {
			f.sums.Unserved += units * people
			return
		}
		f.take(&pairs[best], people)
	}
}

// minutes of a pair; unknown is last.
func (f *byHand) minutes(p *pair) uint16 { return uint16(f.options[p.option].minutes) }

// open says whether the helper could still come then, and does not come to the same
// order already.
func (f *byHand) open(p *pair) bool {
	x := &f.options[p.option]
	return f.last[x.helper] != x.order+1 && f.load[seat{x.helper, p.week}] < f.room(x.helper, p.week) &&
		(p.block == anyBlock || !f.used[seat{x.helper, p.block}])
}

func (f *byHand) take(p *pair, people int) {
	x := &f.options[p.option]
	week := seat{x.helper, p.week}
	f.last[x.helper] = x.order + 1
	f.load[week]++
	f.used[seat{x.helper, p.block}] = true
	f.sums.Served += people
	f.sums.Minutes += max(int(x.minutes), 0)
	f.sums.Heaviest = max(f.sums.Heaviest, f.load[week]+f.taken(x.helper, p.week))
}
