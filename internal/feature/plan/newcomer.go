package plan

import "linli/match"

// newcomer is one more volunteer for a group of orders: with the skill, ten minutes away,
// free whenever the orders of the group have a time, for a usual week. They are part of
// the problem from the start, and held back by orders that nobody has made, one for each
// order of their week, which cost more than anything to leave. Cancelling these lets the
// newcomer in, and the plan follows: the difference is exactly what they would serve.
type newcomer struct {
	group
	helper int32 // behind all helpers
	limit  int32 // orders a week
	asked  []match.Asked
	held   []held
}

// held is an order that holds a newcomer back from one order at a place.
type held struct{ ask, place int }

// newcomerCost is a visit by a new volunteer: nothing done before, ten minutes to walk.
const newcomerCost = skillStep*skillMost + meetStep*meetMost + fullPart*sameArea/walkMinutes

// invite adds a newcomer for each group, and what they could serve to the options. Orders
// for one helper only and those of teams are not theirs.
func (m *model) invite() {
	of := map[group]int{}
	for i := range m.Orders {
		o := &m.Orders[i]
		if o.Only != (match.Key{}) || m.whole[i] {
			continue
		}
		k, known := of[o.group()]
		if !known {
			k = len(m.newcomers)
			of[o.group()] = k
			m.newcomers = append(m.newcomers, newcomer{group: o.group(), helper: int32(len(m.Helpers) + k)})
		}
		n := &m.newcomers[k]
		n.limit = min(n.limit+1, usualLimit)
		n.asked = append(n.asked, match.Asked{Ask: i, Cost: newcomerCost})
		m.options = append(m.options, option{order: int32(i), helper: n.helper, when: m.meeting(i), cost: newcomerCost})
	}
	for i := range m.newcomers {
		m.reach.briefs = append(m.reach.briefs, brief{limit: m.newcomers[i].limit})
	}
}

// meeting is the set of times at which somebody else could come to an order: the one that
// was chosen where several come, or else any.
func (m *model) meeting(i int) (when uint64) {
	if found := m.options[m.first[i]:m.first[i+1]]; len(found) > 0 && m.Orders[i].People > 1 {
		return found[0].when
	}
	return 1<<len(m.times[i]) - 1
}

// holdBack fills the weeks of the newcomers.
func (m *model) holdBack() {
	for i := range m.newcomers {
		n := &m.newcomers[i]
		for _, week := range m.offers[n.helper] {
			for range n.limit {
				ask := m.builder.Ask(1, match.MaxCost)
				m.builder.Pair(ask, int(week.place), 0)
				n.held = append(n.held, held{ask, int(week.place)})
			}
		}
	}
}

// more is how many more people would come if a newcomer did; before are missing.
func (m *model) more(solved *match.Plan, n *newcomer, before int) (int, error) {
	for _, h := range n.held {
		solved.Cancel(h.ask)
	}
	more := before - m.missing(solved)
	for i, h := range n.held {
		ask, err := solved.Insert(1, match.MaxCost, match.Offered{Place: h.place})
		if err != nil {
			return 0, err
		}
		n.held[i].ask = ask
	}
	return more, nil
}

// missing counts the people who do not come.
func (m *model) missing(solved *match.Plan) (people int) {
	for i := range m.Orders {
		people += solved.Unserved(i) * m.people(i)
	}
	return people
}
