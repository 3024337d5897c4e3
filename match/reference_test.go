package match

import "math"

// reference solves a problem the textbook way, by successive shortest paths of Bellman
// and Ford on the whole network with 64 bits, and returns the least cost.
type reference struct {
	from, to, room, cost []int64 // arc k and its reverse k^1
	nodes                int64
}

func referenceCost(p *Problem) int64 {
	asks, places := int64(p.Asks()), int64(p.Places())
	r := &reference{nodes: asks + places + 2}
	source, sink := asks+places, asks+places+1
	for i := range p.units {
		units := int64(p.units[i])
		r.arc(source, int64(i), units, 0)
		r.arc(int64(i), sink, units, int64(p.price[i]))
		for a := p.first[i]; a < p.first[i+1]; a++ {
			limit := units
			if p.limit != nil {
				limit = int64(p.limit[a])
			}
			r.arc(int64(i), asks+int64(p.place[a]), limit, int64(p.cost[a]))
		}
	}
	for j := range places {
		if p.slot != nil && p.slot[j].of >= 0 {
			r.arc(asks+j, asks+int64(p.slot[j].of), int64(p.slot[j].units), int64(p.slot[j].cost))
		}
		for _, s := range p.steps[p.stepAt[j]:p.stepAt[j+1]] {
			r.arc(asks+j, sink, int64(s.units), int64(s.cost))
		}
	}
	return r.solve(source, sink)
}

func (r *reference) arc(from, to, room, cost int64) {
	r.from, r.to = append(r.from, from, to), append(r.to, to, from)
	r.room, r.cost = append(r.room, room, 0), append(r.cost, cost, -cost)
}

func (r *reference) solve(source, sink int64) (total int64) {
	for {
		dist, by := r.shortest(source)
		if dist[sink] == math.MaxInt64 {
			return total
		}
		units := int64(math.MaxInt64)
		for v := sink; v != source; v = r.from[by[v]] {
			units = min(units, r.room[by[v]])
		}
		for v := sink; v != source; v = r.from[by[v]] {
			r.room[by[v]] -= units
			r.room[by[v]^1] += units
		}
		total += units * dist[sink]
	}
}

func (r *reference) shortest(source int64) (dist []int64, by []int) {
	dist, by = make([]int64, r.nodes), make([]int, r.nodes)
	for v := range dist {
		dist[v] = math.MaxInt64
	}
	dist[source] = 0
	for changed := true; changed; {
		changed = false
		for k, v := range r.from {
			if r.room[k] > 0 && dist[v] != math.MaxInt64 && dist[v]+r.cost[k] < dist[r.to[k]] {
				dist[r.to[k]], by[r.to[k]], changed = dist[v]+r.cost[k], k, true
			}
		}
	}
	return dist, by
}
