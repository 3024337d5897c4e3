package match

// numbers translates between the numbers that the caller knows and the positions in
// which the solver keeps asks, places or pairs.
type numbers struct{ outer, inner []int32 }

// inverse completes numbers from the outer ones.
func inverse(outer []int32) numbers {
	n := numbers{outer, make([]int32, len(outer))}
	for k, o := range outer {
		n.inner[o] = int32(k)
	}
	return n
}

// next adds one more, with the same number outside and inside.
func (n *numbers) next() {
	k := int32(len(n.outer))
	n.outer, n.inner = append(n.outer, k), append(n.inner, k)
}

// near is how many of an ask's cheapest pairs decide who its neighbours are.
const near = 4

// neighbours orders asks so that those who compete for the same places stand together:
// depth first over the cheapest places of each. What a search reads then lies close
// together in memory, which makes solving two to three times as fast where places are
// spread over a city, as measured.
func (p *Problem) neighbours(c suitors) (asks []int32) {
	asks = make([]int32, 0, len(p.units))
	seen, done := make([]bool, len(p.units)), make([]bool, p.Places())
	var stack []int32
	for i := range p.units {
		if !seen[i] {
			seen[i] = true
			stack = append(stack, int32(i))
		}
		for len(stack) > 0 {
			k := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			asks = append(asks, k)
			places, n := p.cheapest(k)
			for _, j := range places[:n] {
				if done[j] {
					continue
				}
				done[j] = true
				for _, other := range c.of(j) {
					if !seen[other] {
						seen[other] = true
						stack = append(stack, other)
					}
				}
			}
		}
	}
	return asks
}

// suitors lists for each place the asks that have it among their cheapest.
type suitors struct{ first, who []int32 }

func (c suitors) of(place int32) []int32 { return c.who[c.first[place]:c.first[place+1]] }

func (p *Problem) suitors() suitors {
	first := make([]int32, p.Places()+2)
	for i := range p.units {
		places, n := p.cheapest(int32(i))
		for _, j := range places[:n] {
			first[j+2]++
		}
	}
	for j := 2; j < len(first); j++ {
		first[j] += first[j-1]
	}
	who := make([]int32, first[len(first)-1])
	for i := range p.units {
		places, n := p.cheapest(int32(i))
		for _, j := range places[:n] {
			who[first[j+1]] = int32(i)
			first[j+1]++
		}
	}
	return suitors{first, who}
}

// cheapest returns the places of the cheapest pairs of ask i, the dearest of them first,
// so that the cheapest is the last put on a stack.
func (p *Problem) cheapest(i int32) (places [near]int32, n int) {
	var cost [near]int32
	for a := p.first[i]; a < p.first[i+1]; a++ {
		c := p.cost[a]
		if n == near && c >= cost[0] {
			continue
		}
		k := 0
		if n < near {
			k = n
			n++
			for k > 0 && cost[k-1] < c {
				cost[k], places[k] = cost[k-1], places[k-1]
				k--
			}
		} else {
			for k+1 < near && cost[k+1] > c {
				cost[k], places[k] = cost[k+1], places[k+1]
				k++
			}
		}
		cost[k], places[k] = c, p.place[a]
	}
	return places, n
}

// arrange brings asks into the order given, pairs with them, and places into that of
// their first use.
func (p *Problem) arrange(asks []int32) {
	from := *p
	p.asks = inverse(asks)
	p.units, p.price = pick(from.units, asks), pick(from.price, asks)
	p.first = make([]int32, len(asks)+1)
	pairs := make([]int32, 0, len(from.place))
	for k, i := range asks {
		for a := from.first[i]; a < from.first[i+1]; a++ {
			pairs = append(pairs, a)
		}
		p.first[k+1] = int32(len(pairs))
	}
	p.cost, p.place = pick(from.cost, pairs), pick(from.place, pairs)
	if from.limit != nil {
		p.limit = pick(from.limit, pairs)
	}
	p.arrangePlaces(&from)
	if from.pair != nil {
		for k, a := range pairs {
			pairs[k] = from.pair[a]
		}
	}
	p.pair = pairs
}

// arrangePlaces numbers places as pairs come to them, an offer before its slot, and the
// others after them.
func (p *Problem) arrangePlaces(from *Problem) {
	inner := make([]int32, from.Places())
	for j := range inner {
		inner[j] = -1
	}
	outer := make([]int32, 0, len(inner))
	meet := func(j int32) {
		if inner[j] < 0 {
			inner[j] = int32(len(outer))
			outer = append(outer, j)
		}
	}
	for a, j := range p.place {
		if from.slot != nil && from.slot[j].of >= 0 {
			meet(from.slot[j].of)
		}
		meet(j)
		p.place[a] = inner[j]
	}
	for j := range inner {
		meet(int32(j))
	}
	p.places = numbers{outer, inner}
	p.stepAt, p.steps = make([]int32, len(outer)+1), make([]step, 0, len(from.steps))
	for k, j := range outer {
		p.steps = append(p.steps, from.steps[from.stepAt[j]:from.stepAt[j+1]]...)
		p.stepAt[k+1] = int32(len(p.steps))
	}
	if from.slot != nil {
		p.slot = pick(from.slot, outer)
		for k := range p.slot {
			if of := p.slot[k].of; of >= 0 {
				p.slot[k].of = inner[of]
			}
		}
	}
}

// pick returns the values at some positions.
func pick[T any](from []T, at []int32) []T {
	out := make([]T, len(at))
	for k, i := range at {
		out[k] = from[i]
	}
	return out
}
