package match

import (
	"context"
	"slices"
)

// Settings are what a solver may be told. The zero value is fine.
type Settings struct {
	// Progress is called now and then with the units placed or left so far.
	Progress func(done, total int64)
	// Prices of places to start from, such as those of yesterday's plan. They
	// need not be right; the closer they are, the less is left to do.
	Prices []int
}

// Solve finds the plan of least cost. It fails only when the context ends.
func Solve(ctx context.Context, p *Problem, s Settings) (*Plan, error) {
	f := newFlow(p)
	j := job{flow: f, ctx: ctx, progress: s.Progress}
	if err := j.run(s.Prices); err != nil {
		return nil, err
	}
	return &Plan{f: f}, nil
}

// job is one run of the solver.
type job struct {
	*flow
	ctx      context.Context
	progress func(done, total int64)
	steps    int
}

// often is how many searches or bids go by between looks at the context.
const often = 1024

func (j *job) run(prices []int) error {
	if err := j.start(prices); err != nil {
		return err
	}
	j.reverse()
	return j.look()
}

// start chooses how prices are found, from what it sees of the problem, never from what
// the problem is called:
//
//   - from prices given, if any;
//   - with slots, or quantities and plenty of room, by searches alone;
//   - with single asks by ascent, where room is plenty or a first pass shows that asks
//     do not get in each other's way;
//   - else by an auction, after which searches repair what it left inexact.
//
// Should ascent have misjudged, and the searches cost more than an auction would, it
// starts over with one.
func (j *job) start(prices []int) error {
	facts := j.observe()
	switch {
	case prices != nil:
		j.adoptPrices(prices)
	case j.slot != nil || !j.allSingle() && facts.plenty():
	case j.allSingle() && j.limit == nil && !(facts.must() && facts.choosy()):
		if done, err := j.byAscent(facts); done || err != nil {
			return err
		}
		fallthrough
	default:
		if err := j.byAuction(facts); err != nil {
			return err
		}
	}
	_, err := j.place(nil, 0, int32(len(j.ask)), none64)
	return err
}

const none64 = 1<<63 - 1

// adoptPrices starts from given prices; slots follow their offers.
func (f *flow) adoptPrices(prices []int) {
	for k, outer := range f.places.outer {
		if int(outer) < len(prices) {
			f.p[k] = max(f.p[k], int32(min(max(prices[outer], 0), MaxCost)))
		}
	}
	for k, s := range f.slot {
		if s.of >= 0 {
			f.p[k] = min(s.cost+f.p[s.of], blocked)
		}
	}
	f.adopt(nil)
}

func (f *flow) allSingle() bool { return f.total == int64(len(f.units)) }

// byAscent tries to solve by ascent and searches, in halves where there are any. It gives
// up, with everything as in the beginning, when too many asks are left contested or the
// searches take too long.
func (j *job) byAscent(facts facts) (done bool, err error) {
	climb := func(j *job, from, to int32) (bool, error) { return j.climb(facts, from, to) }
	begun := int32(0)
	if done = true; j.cut[1] > 0 && j.fixed {
		begun = j.cut[1]
		done, err = j.inHalves(climb)
	}
	if done && err == nil {
		done, err = climb(j, begun, int32(len(j.ask)))
	}
	if !done && err == nil {
		j.reset()
	}
	return done, err
}

// climb is byAscent for the asks of a range.
func (j *job) climb(facts facts, from, to int32) (done bool, err error) {
	passes, few := 3, to-from
	if !facts.plenty() {
		passes, few = 1, (to-from)/100
	}
	free, err := j.ascend(from, to, passes)
	if err != nil || len(free) > int(few) {
		return false, err
	}
	return j.place(free, from, to, j.scanned+8*int64(j.first[to]-j.first[from])+1<<16)
}

// place searches a place for all asks of a range, those of first to begin with, unless
// more work is done than allowed.
func (j *job) place(first []int32, from, to int32, most int64) (done bool, err error) {
	for _, i := range first {
		if j.use[i].left > 0 {
			j.augment(i)
		}
		if err := j.step(); err != nil || j.scanned > most {
			return false, err
		}
	}
	for i := from; i < to; i++ {
		for j.use[i].left > 0 {
			j.augment(i)
			if err := j.step(); err != nil || j.scanned > most {
				return false, err
			}
		}
	}
	return true, nil
}

func (j *job) byAuction(facts facts) error {
	t := facts.terms()
	won, err := j.auction(t)
	if err != nil {
		return err
	}
	for k := range j.p {
		j.p[k] = max(min(j.node[k].next, blocked), j.p[k]-t.shift)
	}
	j.adopt(won)
	return nil
}

// step counts, and looks up now and then.
func (j *job) step() error {
	if j.steps++; j.steps%often != 0 {
		return nil
	}
	return j.look()
}

func (j *job) look() error {
	if j.progress != nil {
		left := int64(0)
		for i := range j.use {
			left += int64(j.use[i].left)
		}
		j.progress(j.total-left, j.total)
	}
	return j.ctx.Err()
}

// reset takes everything back.
func (f *flow) reset() {
	scanned, epoch := f.scanned, f.epoch
	*f = *newFlow(f.Problem)
	f.scanned, f.epoch = scanned, epoch
}

// facts are what the choice of a start depends on, means over a sample of asks.
type facts struct {
	asks, places   int64
	pairs          int64
	asked, offered int64 // units
	stake          int64 // the price of being left, less the cheapest pair
	gap            int64 // between the cheapest pair and the second
	spread         int64 // between the cheapest pair and the dearest
}

// sample is how many asks are looked at.
const sample = 1000

func (f *flow) observe() facts {
	x := facts{asks: int64(len(f.units)), places: int64(f.Places()), pairs: int64(len(f.place)), asked: f.total}
	for _, s := range f.steps {
		x.offered += int64(s.units)
	}
	n := int64(0)
	for k := range min(sample, len(f.units)) {
		i := int64(k) * x.asks / min(sample, x.asks)
		s, e := f.first[i], f.first[i+1]
		if e-s < 2 {
			continue
		}
		first, second, _ := best2(f.place[s:e], f.cost[s:e], f.p, none)
		dearest := slices.Max(f.cost[s:e])
		n++
		x.stake += int64(max(0, f.price[i]-first))
		x.gap += int64(min(second, closed) - first)
		x.spread += int64(max(0, dearest-first))
	}
	n = max(n, 1)
	x.stake, x.gap, x.spread = x.stake/n, x.gap/n, x.spread/n
	return x
}

// plenty says that there is so much room that asks seldom get in each other's way.
func (x facts) plenty() bool { return 2*x.offered >= 3*x.asked }

// must says that all will be served: being left is so dear that it cannot be meant, or
// most can go to most places and there is room for all.
func (x facts) must() bool {
	return x.stake > 40*x.spread || x.offered >= x.asked && 2*x.pairs > x.asks*x.places
}

// choosy says that asks have so many places to choose from that an ascent cannot know
// how a competition for them ends.
func (x facts) choosy() bool { return x.pairs >= 8*x.asks }

// terms are how an auction is held.
type terms struct {
	grain             int32 // units of a parcel
	eps, last, factor int32 // the first step of bids, the last, and how fast it falls
	ease              int32 // how many steps all prices fall between phases
	shift             int32 // taken off all prices afterwards
}

// terms lets prices form in two phases: by steps of a tenth of what is at stake, but not
// far beyond the gap between first and second best, then, eased by two of these steps so
// that few stay too high, by a sixth of them. That was near the best in all families
// measured. Where all must be served, prices form in the small and steps follow the gap
// down, and easing would only have asks bid again. Prices are lowered by a step or more
// afterwards because searches that raise prices are cheaper than those that lower them.
// Parcels are such that there are about four for an ask, and not many in one place.
func (x facts) terms() terms {
	t := terms{factor: 6, ease: 2}
	t.grain = int32(max(1, x.asked/max(1, 4*x.asks), x.offered/max(1, 40*x.places)))
	t.eps = int32(max(1, min(x.stake/10, x.gap*10)))
	t.last = max(1, t.eps/t.factor)
	if x.must() {
		t = terms{grain: t.grain, factor: 8}
		t.eps, t.last = int32(max(1, 2*x.gap)), int32(max(1, x.gap/150))
	}
	t.shift = t.last
	if t.grain == 1 {
		t.shift += t.last / 2
	}
	return t
}
