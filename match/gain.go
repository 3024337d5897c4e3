package match

// Asked is a pair of a new offer: whom it could serve, at what cost.
type Asked struct{ Ask, Cost int }

// Gain returns what one more unit offered, at a cost of its own, to those asks would
// save: exactly, while the price of a place is only an upper bound where several plans
// are best. It is not below 0; 0 says that it would not be used. The plan stays as it is.
func (p *Plan) Gain(cost int, pairs []Asked) int {
	f := p.f
	if f.back == nil {
		f.transpose()
	}
	price := int32(cost)
	for _, a := range pairs {
		price = max(price, -f.back.pays[f.asks.inner[a.Ask]]-int32(a.Cost))
	}
	f.begin()
	f.best, f.endAsk, f.endNode = price-int32(cost), -1, -1
	for _, a := range pairs {
		f.meetGain(f.asks.inner[a.Ask], price+int32(a.Cost))
	}
	f.spreadBack(-1)
	return int(price-f.best) - cost
}

// meetGain considers that ask i could have a unit at v from outside the plan.
func (f *flow) meetGain(i, v int32) {
	if f.use[i].unserved > 0 {
		f.best = min(f.best, v-f.ask[i].price)
	}
	f.leave(i, -1, v)
}

// RoomGain is Gain for one more unit of room, at a cost, at a place of the plan.
func (p *Plan) RoomGain(place, cost int) int {
	f, j := p.f, p.f.places.inner[place]
	if f.back == nil {
		f.transpose()
	}
	if f.p[j] <= int32(cost) {
		return 0
	}
	exit := int32(cost)
	if dearest, used := f.dearest(j); used > 0 {
		exit = max(exit, dearest) // its own units move up
	}
	f.searchBack(j, exit)
	return int(f.p[j]-f.best) - cost
}
