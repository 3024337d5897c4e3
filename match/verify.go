package match

import "fmt"

// Verify proves an answer optimal, or says what is wrong with it. It uses nothing of the
// solver: it checks that the shares are within all limits, and complementary slackness
// with the prices. With u the price of an ask and p of a place, the reduced cost of a
// pair is its cost + p − u, of a step its cost − p, of a slot its cost + p of the offer −
// p of the slot, of leaving a unit its price − u. Where units are, it is not above 0; where
// there is room, it is not below. Then no other answer costs less (theorem 9.4 of Ahuja,
// Magnanti, Orlin, Network Flows, 1993).
func Verify(p *Problem, a Answer) error {
	if len(a.AskPrices) != p.Asks() || len(a.PlacePrices) != p.Places() {
		return fmt.Errorf("match: %d and %d prices of %d asks and %d places", len(a.AskPrices), len(a.PlacePrices), p.Asks(), p.Places())
	}
	v := proof{Problem: p, Answer: a, in: make([]int64, p.Places())}
	if err := v.pairs(); err != nil {
		return err
	}
	for j := range v.in {
		if p.slot != nil && p.slot[j].of >= 0 {
			if err := v.slotAt(j); err != nil {
				return err
			}
		}
	}
	for j := range v.in {
		if err := v.offerAt(j); err != nil {
			return err
		}
	}
	if v.sum != a.Cost {
		return fmt.Errorf("match: the answer costs %d, not %d", v.sum, a.Cost)
	}
	return nil
}

// proof is the state of a verification.
type proof struct {
	*Problem
	Answer
	in  []int64 // units that come to each place
	sum int64   // the cost found
}

func (v *proof) pairs() error {
	on := make([]int32, len(v.place))
	at := inverse(v.pair).inner
	for _, s := range v.Shares {
		if s.Pair < 0 || s.Pair >= len(v.place) {
			return fmt.Errorf("match: there is no pair %d", s.Pair)
		}
		a := at[s.Pair]
		if on[a] != 0 || s.Units < 1 || s.Units > MaxUnits {
			return fmt.Errorf("match: pair %d carries %d units, or is told twice", s.Pair, s.Units)
		}
		on[a] = int32(s.Units)
	}
	for i := range v.units {
		if err := v.askAt(i, on); err != nil {
			return err
		}
	}
	return nil
}

func (v *proof) askAt(i int, on []int32) error {
	number := int(v.asks.outer[i])
	left, u := int64(v.units[i]), int64(v.AskPrices[number])
	for a := v.first[i]; a < v.first[i+1]; a++ {
		j, units, limit, cost := v.place[a], int64(on[a]), int64(v.units[i]), int64(v.cost[a])
		if v.limit != nil {
			limit = int64(v.limit[a])
		}
		if err := slack("pair", int(v.pair[a]), units, limit, cost+v.priceOf(j)-u); err != nil {
			return err
		}
		left -= units
		v.in[j] += units
		v.sum += units * cost
	}
	if left < 0 {
		return fmt.Errorf("match: ask %d is served %d units too many", number, -left)
	}
	v.sum += left * int64(v.price[i])
	return slack("leaving ask", number, left, int64(v.units[i]), int64(v.price[i])-u)
}

func (v *proof) priceOf(j int32) int64 { return int64(v.PlacePrices[v.places.outer[j]]) }

func (v *proof) slotAt(j int) error {
	s := v.slot[j]
	reduced := int64(s.cost) + v.priceOf(s.of) - v.priceOf(int32(j))
	v.in[s.of] += v.in[j]
	v.sum += v.in[j] * int64(s.cost)
	return slack("slot", int(v.places.outer[j]), v.in[j], int64(s.units), reduced)
}

func (v *proof) offerAt(j int) error {
	if v.slot != nil && v.slot[j].of >= 0 {
		return nil
	}
	left, number := v.in[j], int(v.places.outer[j])
	for _, s := range v.steps[v.stepAt[j]:v.stepAt[j+1]] {
		units := min(left, int64(s.units))
		if err := slack("place", number, units, int64(s.units), int64(s.cost)-v.priceOf(int32(j))); err != nil {
			return err
		}
		left -= units
		v.sum += units * int64(s.cost)
	}
	if left > 0 {
		return fmt.Errorf("match: place %d serves %d units too many", number, left)
	}
	return nil
}

// slack checks units within limit, and complementary slackness.
func slack(kind string, n int, units, limit, reduced int64) error {
	switch {
	case units < 0 || units > limit:
		return fmt.Errorf("match: %s %d carries %d units of %d", kind, n, units, limit)
	case units > 0 && reduced > 0:
		return fmt.Errorf("match: %s %d carries %d units at a loss of %d each", kind, n, units, reduced)
	case units < limit && reduced < 0:
		return fmt.Errorf("match: %s %d carries %d units of %d, another would gain %d", kind, n, units, limit, -reduced)
	}
	return nil
}
