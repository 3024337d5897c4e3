package dimacs

import (
	"fmt"
	"math"

	"linli/match"
)

// Problem makes a matching of the network. Two forms are understood:
//
//   - Nodes with supply, then inner nodes, at most two after each other, then one node
//     with demand, the sink. Nodes with supply are asks, an arc from one to the sink is
//     the price of leaving it unserved; inner nodes before the sink are offers, the arcs
//     between are the steps of their load; inner nodes before those are slots.
//   - Nodes with supply and nodes with demand, joined by arcs, all of which are to be
//     served: the assignment and the transportation problem.
//
// The price of an ask that must be served is more than any way of serving it can cost.
func (n *Network) Problem() (*match.Problem, error) {
	f := form{Network: n, place: make([]int32, len(n.Supply)), sink: -1}
	if err := f.classify(); err != nil {
		return nil, err
	}
	return f.build()
}

// form is a network being understood.
type form struct {
	*Network
	sink  int32 // −1: demands are the offers
	place []int32
	out   []int32 // first arc of a slot, by node
	price []int64 // of leaving an ask, −1 when it must be served
	ask   []int32
	b     match.Builder
}

func (f *form) classify() error {
	demands := 0
	for v, s := range f.Supply {
		if s < 0 {
			demands++
			f.sink = int32(v)
		}
	}
	for k, a := range f.Arcs {
		switch {
		case a.Low != 0:
			return fmt.Errorf("arc %d has a lower bound, which no matching has", k+1)
		case a.Cost < 0 || a.Cost > match.MaxCost:
			return fmt.Errorf("arc %d costs %d, costs of a matching are within 0 and %d", k+1, a.Cost, match.MaxCost)
		case f.Supply[a.To] > 0:
			return fmt.Errorf("arc %d leads into node %d, which has supply: asks take nothing from others", k+1, a.To+1)
		case f.Supply[a.From] < 0:
			return fmt.Errorf("arc %d leads out of node %d, which has demand: the sink gives nothing on", k+1, a.From+1)
		}
	}
	if demands == 1 {
		return nil
	}
	f.sink = -1
	for k, a := range f.Arcs {
		if f.Supply[a.From] == 0 || f.Supply[a.To] == 0 {
			return fmt.Errorf("arc %d joins an inner node, and there are %d nodes with demand: only one sink is understood then", k+1, demands)
		}
	}
	return nil
}

func (f *form) build() (*match.Problem, error) {
	if err := f.offers(); err != nil {
		return nil, err
	}
	if err := f.asks(); err != nil {
		return nil, err
	}
	f.b.Reserve(len(f.Arcs))
	for _, a := range f.Arcs {
		if f.Supply[a.From] <= 0 || a.To == f.sink || a.Capacity == 0 {
			continue
		}
		f.b.PairUpTo(int(f.ask[a.From]), int(f.place[a.To]), asInt(a.Cost), int(min(a.Capacity, f.Supply[a.From])))
	}
	return f.b.Problem()
}

// Unserved returns an error when a plan of the network's problem leaves units of nodes
// that have no arc to the sink: the network as it stands has no solution then.
func (n *Network) Unserved(p *match.Plan) error {
	f := form{Network: n, sink: -1}
	if err := f.classify(); err != nil {
		return err
	}
	mayLeave := make([]bool, len(n.Supply))
	for _, a := range n.Arcs {
		mayLeave[a.From] = mayLeave[a.From] || a.To == f.sink
	}
	ask, nodes, units, first := 0, 0, 0, 0
	for v, s := range n.Supply {
		if s <= 0 {
			continue
		}
		if left := p.Unserved(ask); left > 0 && !mayLeave[v] {
			if nodes++; nodes == 1 {
				first = v + 1
			}
			units += left
		}
		ask++
	}
	if nodes > 0 {
		return fmt.Errorf("there is no solution: %d units of %d nodes cannot be served and may not be left, the first is node %d", units, nodes, first)
	}
	return nil
}

// asInt keeps numbers that are out of range out of range.
func asInt(v int64) int { return int(max(min(v, math.MaxInt32), math.MinInt32)) }

// offers adds the places: first the offers, then the slots that lead into them.
func (f *form) offers() error {
	for v := range f.place {
		f.place[v] = -1
	}
	if f.sink < 0 {
		for v, s := range f.Supply {
			if s < 0 {
				f.place[v] = int32(f.b.Offer(match.Step{Units: int(-s)}))
			}
		}
		return nil
	}
	steps := make([][]match.Step, len(f.Supply))
	slot := make([]*Arc, len(f.Supply))
	for k := range f.Arcs {
		a := &f.Arcs[k]
		switch {
		case f.Supply[a.From] > 0:
		case a.To == f.sink:
			units := min(a.Capacity, match.MaxUnits)
			steps[a.From] = append(steps[a.From], match.Step{Units: int(units), Cost: asInt(a.Cost)})
		case slot[a.From] != nil:
			return fmt.Errorf("arc %d is the second out of node %d to another inner node, a slot has one", k+1, a.From+1)
		default:
			slot[a.From] = a
		}
	}
	return f.addPlaces(steps, slot)
}

func (f *form) addPlaces(steps [][]match.Step, slot []*Arc) error {
	most := f.totalSupply()
	for v := range f.place {
		if f.Supply[v] != 0 || slot[v] != nil {
			continue
		}
		for k := range steps[v] {
			steps[v][k].Units = min(steps[v][k].Units, most)
		}
		f.place[v] = int32(f.b.Offer(steps[v]...))
	}
	for v, a := range slot {
		switch {
		case a == nil:
		case len(steps[v]) > 0:
			return fmt.Errorf("node %d leads to the sink and to another inner node", v+1)
		case slot[a.To] != nil:
			return fmt.Errorf("node %d is the third inner node in a row, at most two are understood", a.To+1)
		default:
			f.place[v] = int32(f.b.Slot(int(f.place[a.To]), int(min(a.Capacity, int64(most))), asInt(a.Cost)))
		}
	}
	return nil
}

func (f *form) totalSupply() int {
	var sum int64
	for _, s := range f.Supply {
		sum += max(s, 0)
	}
	return int(min(sum, match.MaxUnits))
}

// asks adds the nodes with supply.
func (f *form) asks() error {
	f.ask = make([]int32, len(f.Supply))
	f.price = make([]int64, len(f.Supply))
	for v := range f.price {
		f.price[v] = -1
	}
	for k, a := range f.Arcs {
		switch {
		case a.To != f.sink || f.Supply[a.From] <= 0:
		case f.price[a.From] >= 0:
			return fmt.Errorf("arc %d is the second from node %d to the sink, a unit left unserved has one price", k+1, a.From+1)
		case a.Capacity < f.Supply[a.From]:
			return fmt.Errorf("arc %d leaves %d of the %d units of node %d unserved at most: either all may be or none", k+1, a.Capacity, f.Supply[a.From], a.From+1)
		default:
			f.price[a.From] = a.Cost
		}
	}
	must := f.mustServe()
	for v, s := range f.Supply {
		if s <= 0 {
			continue
		}
		price := f.price[v]
		if price < 0 {
			price = must
		}
		f.ask[v] = int32(f.b.Ask(int(min(s, match.MaxUnits)), asInt(price)))
	}
	return nil
}

// mustServe returns a price above what serving one more unit can cost over any
// augmenting path, which passes each node once; or the highest price there is, with
// which a solution that serves all is still the best of those that do.
func (f *form) mustServe() int64 {
	dearest := make([]int64, len(f.Supply))
	for _, a := range f.Arcs {
		dearest[a.From] = max(dearest[a.From], min(a.Cost, match.MaxCost))
	}
	most := int64(1)
	for v, c := range dearest {
		most += c + max(f.price[v], 0)
	}
	return min(most, match.MaxCost)
}
