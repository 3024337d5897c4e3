package plan

import (
	"context"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"linli/internal/core/category"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/fault"
	"linli/match"
)

// Points, as match scores them.
const (
	skillStep      = 150 // for each time served with the skill
	skillMost      = 4
	walkMinutes    = 30 // that cost 1,000
	meetStep       = 250
	meetMost       = 4
	unsaidCost     = 200
	restCost       = 200
	restHours      = 7 * 24
	askedCost      = 150
	askedLately    = 30 * 24 * time.Hour
	usualLimit     = 7 // orders a week, per member, of who has set no limit
	waitingDay     = 200
	waitingMost    = 30
	fullPart       = 1000
	ordersAtOnce   = 256 // between looks at the context
	shareOfFinding = 0.5 // of the progress
)

// price of leaving one unit of an order.
func (o *Order) price(now time.Time) int {
	if o.Only != (match.Key{}) {
		return match.MaxCost
	}
	price := map[category.Urgency]int{category.Soon: 30_000, category.Urgent: 60_000, category.Emergency: 120_000}[o.Urgency]
	if price == 0 {
		price = 20_000
	}
	if days := int(now.Sub(o.Asked) / (24 * time.Hour)); !o.Asked.IsZero() && days > 0 {
		price += waitingDay * min(days, waitingMost)
	}
	return price
}

// limit is the orders that a helper takes in a week.
func (h *Helper) limit() int {
	if h.LimitWeek > 0 {
		return h.LimitWeek
	}
	return usualLimit * max(h.Members, 1)
}

func walkMax(h *Helper) int {
	if h.WalkMax > 0 {
		return h.WalkMax
	}
	return volunteer.DefaultWalk
}

// model is a plan being made.
type model struct {
	Input
	divided map[int32]bool // orders that no team has room for
	whole   []bool         // orders that a team takes as one
	times   [][]stretch    // of each order
	options []option       // by order
	first   []int32        // options of order i: first[i] to first[i+1]
	reach   *reach

	builder   match.Builder
	pairs     []pair
	newcomers []newcomer
	offers    seats // places of the weeks of helpers
	slots     seats // places of their blocks
	joined    seats // blocks of helpers that go on into the next
}

// seats are the few weeks or blocks of each helper, with a place for each.
type seats [][]seatPlace

type seatPlace struct{ at, place int32 }

// find looks up a seat.
func (s seats) find(helper, at int32) (place int32, ok bool) {
	for _, x := range s[helper] {
		if x.at == at {
			return x.place, true
		}
	}
	return 0, false
}

func (s seats) add(helper, at, place int32) {
	s[helper] = append(s[helper], seatPlace{at, place})
}

// option is a helper who could serve an order.
type option struct {
	order, helper int32
	minutes       int16
	times, met    uint8  // served with the skill, served the person; at most 255
	when          uint64 // the stretches of the order that suit both
	cost          int32
}

// pair is an option at a time, as the engine knows it.
type pair struct {
	option int32
	week   int32
	block  int32 // anyBlock when it needs none of its own
}

// seat is a week or a block of a helper.
type seat struct{ helper, at int32 }

// find lists all options; each processor takes its share of the orders.
func (m *model) find(ctx context.Context) error {
	m.reach = newReach(m.Orders, m.Helpers)
	m.times, m.whole = make([][]stretch, len(m.Orders)), make([]bool, len(m.Orders))
	pattern, patterns := m.patterns()
	finders := make([]*finder, max(1, min(runtime.GOMAXPROCS(0), len(m.Orders)/ordersAtOnce)))
	var done atomic.Int64
	var wait sync.WaitGroup
	for n := range finders {
		f := &finder{model: m, done: &done, pattern: pattern, fits: make([]fit, patterns), seen: make([]int32, len(m.Helpers))}
		f.from, f.to = m.border(n, len(finders)), m.border(n+1, len(finders))
		finders[n] = f
		wait.Go(func() { f.run(ctx) })
	}
	wait.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	return m.gather(finders)
}

// border is where the n-th of so many shares of the orders begins; orders that belong
// together are not divided.
func (m *model) border(n, shares int) int32 {
	at := n * len(m.Orders) / shares
	for at < len(m.Orders) && m.Orders[at].With {
		at++
	}
	return int32(at)
}

// gather lays the options of all finders in one row.
func (m *model) gather(finders []*finder) error {
	all := 0
	for _, f := range finders {
		all += len(f.options)
	}
	if all > MostPairs {
		return fault.Invalid("orders", "能去的人太多，算不过来。请在两张表里补上所在社区、网格或者坐标。")
	}
	m.options, m.first = finders[0].options, make([]int32, 1, len(m.Orders)+1)
	m.options = slices.Grow(m.options, all-len(m.options)+len(m.Orders)) // and those of newcomers
	for n, f := range finders {
		for _, count := range f.counts {
			m.first = append(m.first, m.first[len(m.first)-1]+count)
		}
		if n > 0 {
			m.options = append(m.options, f.options...)
			f.options = nil
		}
	}
	return nil
}

// patterns numbers the free weeks of the helpers; most share a few.
func (m *model) patterns() (of []int32, n int) {
	known := map[match.Week]int32{}
	of = make([]int32, len(m.Helpers))
	for i := range m.Helpers {
		k, ok := known[m.Helpers[i].Free]
		if !ok {
			k = int32(len(known))
			known[m.Helpers[i].Free] = k
		}
		of[i] = k
	}
	return of, len(known)
}

// finder finds the options of the orders from one up to another.
type finder struct {
	*model
	from, to int32
	options  []option
	counts   []int32 // of each order
	seen     []int32 // of each helper, the order last looked at, from 1
	pattern  []int32 // of each helper, the number of their free week
	fits     []fit   // of each pattern, for the order at hand
	done     *atomic.Int64
}

// fit remembers when a free week suits an order.
type fit struct {
	order int32 // from 1
	when  uint64
}

func (f *finder) run(ctx context.Context) {
	for i := f.from; i < f.to && len(f.options) <= MostPairs; i++ {
		if n := i - f.from; n%ordersAtOnce == 0 {
			if ctx.Err() != nil {
				return
			}
			f.reserve(n)
			f.report(ordersAtOnce)
		}
		before := len(f.options)
		f.times[i] = f.Orders[i].stretches()
		f.order(i)
		f.choose(i, before)
		f.counts = append(f.counts, int32(len(f.options)-before))
		if i+1 == f.to || !f.Orders[i+1].With {
			f.together(i)
		}
	}
}

// choose leaves of the options of an order for several people, which begin at one, either
// the teams that bring all of them, or the volunteers.
func (f *finder) choose(i int32, from int) {
	if f.Orders[i].People < 2 {
		return
	}
	isTeam := func(x option) bool { return f.Helpers[x.helper].Kind == match.Team }
	f.whole[i] = !f.divided[i] && slices.ContainsFunc(f.options[from:], isTeam)
	kept := slices.DeleteFunc(f.options[from:], func(x option) bool { return isTeam(x) != f.whole[i] })
	f.options = f.options[:from+len(kept)]
}

// together gives one time to the orders of a visit, of which i is the last, when several
// people come.
func (f *finder) together(i int32) {
	first, people, options := i, f.Orders[i].People, int(f.counts[i-f.from])
	for ; f.Orders[first].With && first > f.from; first-- {
		people += f.Orders[first-1].People
		options += int(f.counts[first-1-f.from])
	}
	if people < 2 || len(f.times[i]) < 2 || f.whole[i] {
		return
	}
	from := len(f.options) - options
	f.meetAtOnce(from)
	clear(f.counts[first-f.from:])
	for _, x := range f.options[from:] {
		f.counts[x.order-f.from]++
	}
}

// report tells the progress; only one of the finders speaks.
func (f *finder) report(orders int64) {
	if done := f.done.Add(orders); f.from == 0 {
		f.Progress(shareOfFinding * float64(min(done, int64(len(f.Orders)))) / float64(len(f.Orders)))
	}
}

// reserve makes room for the options of all orders, as far as those of the first tell.
func (f *finder) reserve(orders int32) {
	if orders > 0 {
		all := len(f.options) * int(f.to-f.from) / int(orders)
		f.options = slices.Grow(f.options, max(0, all+all/16-len(f.options)))
	}
}

func (f *finder) order(i int32) {
	o := &f.Orders[i]
	skills, from := codes(o.Service), o.At.Origin()
	f.reach.around(o, func(k int32) {
		if f.seen[k] == i+1 {
			return
		}
		f.seen[k] = i + 1
		if x, ok := f.option(i, k, from, skills); ok {
			f.options = append(f.options, x)
		}
	})
}

func (f *finder) option(i, k int32, from match.Origin, skills []uint32) (x option, ok bool) {
	o := &f.Orders[i]
	when := f.when(i, k)
	if when == 0 && len(f.times[i]) > 0 {
		return x, false
	}
	minutes, near := f.reach.walk(o, from, k)
	if !near {
		return x, false
	}
	h := &f.Helpers[k]
	if _, excluded := o.Exclude[h.Key]; excluded || o.Only != (match.Key{}) && o.Only != h.Key {
		return x, false
	}
	if h.Kind == match.Team && (h.Members < o.People || o.With || i+1 < f.to && f.Orders[i+1].With) {
		return x, false
	}
	x = option{order: i, helper: k, minutes: int16(minutes), when: when}
	for _, s := range h.Skills {
		if slices.Contains(skills, s.Code) {
			x.times = max(x.times, uint8(min(s.Times, 255)))
		}
	}
	x.met = uint8(min(max(o.Known[h.Key], 0), 255))
	x.cost = int32(visitCost(&x, h, f.moment(i)))
	return x, true
}

// when is the set of stretches in which helper k is free for order i.
func (f *finder) when(i, k int32) (when uint64) {
	c := &f.fits[f.pattern[k]]
	if c.order != i+1 {
		*c = fit{order: i + 1}
		for n := range f.times[i] {
			if _, ok := f.times[i][n].start(&f.Helpers[k].Free); ok {
				c.when |= 1 << n
			}
		}
	}
	when = c.when
	if !f.reach.briefs[k].busy {
		return when
	}
	for n := range f.times[i] {
		if when>>n&1 != 0 && f.times[i][n].meets(f.Helpers[k].Taken) {
			when &^= 1 << n
		}
	}
	return when
}

// moment is when an order begins at the earliest.
func (f *finder) moment(i int32) time.Time {
	if f.Orders[i].From.IsZero() {
		return f.Now
	}
	return f.Orders[i].From
}

// visitCost is what a visit costs but for load.
func visitCost(x *option, h *Helper, at time.Time) int {
	cost := skillStep*(skillMost-min(int(x.times), skillMost)) + meetStep*(meetMost-min(int(x.met), meetMost))
	if x.minutes == unknownWalk {
		cost += fullPart
	} else {
		cost += fullPart * int(x.minutes) / walkMinutes
	}
	if h.Free == (match.Week{}) {
		cost += unsaidCost
	}
	if !h.LastServed.IsZero() {
		hours := int(at.Sub(h.LastServed) / time.Hour)
		cost += restCost * (restHours - min(max(hours, 0), restHours)) / restHours
	}
	if !h.LastAsked.IsZero() && at.Sub(h.LastAsked) < askedLately {
		cost += askedCost
	}
	return cost
}

// decided is how many others one counts for who was decided on.
const decided = 1 << 20

// meetAtOnce chooses the time at which most helpers could come together, the earliest of
// equals, and drops who could not.
func (f *finder) meetAtOnce(from int) {
	var count [mostStretches]int
	for _, x := range f.options[from:] {
		votes := 1
		if f.Orders[x.order].Only != (match.Key{}) {
			votes = decided
		}
		for w := x.when; w != 0; w &= w - 1 {
			count[bits.TrailingZeros64(w)] += votes
		}
	}
	best := 0
	for n := range count {
		if count[n] > count[best] {
			best = n
		}
	}
	kept := f.options[:from]
	for _, x := range f.options[from:] {
		if x.when>>best&1 != 0 {
			x.when = 1 << best
			kept = append(kept, x)
		}
	}
	f.options = kept
}

// problem puts the options into the terms of the engine.
func (m *model) problem() (*match.Problem, error) {
	known := len(m.options)
	m.invite()
	all := len(m.Helpers) + len(m.newcomers)
	m.offers, m.slots, m.joined = make(seats, all), make(seats, all), make(seats, all)
	m.join()
	for i := range m.Orders {
		people, price := m.units(i), m.Orders[i].price(m.Now)
		m.builder.Ask(people, min(price*max(m.Orders[i].People, 1)/people, match.MaxCost))
	}
	m.builder.Reserve(2 * len(m.options))
	m.pairs = make([]pair, 0, 2*len(m.options))
	pairs := 0
	for k := range m.options {
		if k == known {
			pairs = len(m.pairs)
		}
		m.place(int32(k))
	}
	if len(m.newcomers) > 0 {
		m.options, m.pairs = m.options[:known], m.pairs[:pairs]
		m.holdBack()
	}
	return m.builder.Problem()
}

// units of an order: its people, or one that a team takes as one.
func (m *model) units(i int) int {
	if m.whole[i] {
		return 1
	}
	return max(m.Orders[i].People, 1)
}

// join makes one block of those that some order takes together, for each helper who could
// serve it.
func (m *model) join() {
	for _, x := range m.options {
		for w := x.when; w != 0; w &= w - 1 {
			s := &m.times[x.order][bits.TrailingZeros64(w)]
			for b := s.block; b < s.block+s.count-1; b++ {
				if _, known := m.joined.find(x.helper, b); !known {
					m.joined.add(x.helper, b, 0)
				}
			}
		}
	}
}

// lead is the first of the blocks that are one for a helper.
func (m *model) lead(helper, block int32) int32 {
	for {
		if _, before := m.joined.find(helper, block-1); !before {
			return block
		}
		block--
	}
}

// place adds the pairs of an option: for each week in which it is possible one to the
// week, when enough blocks suit, or one to each block.
func (m *model) place(k int32) {
	x := &m.options[k]
	if x.when == 0 {
		m.pair(k, m.thisWeek(), anyBlock)
		return
	}
	var blocks [mostStretches]int32
	n := 0
	for w := x.when; ; w &= w - 1 {
		var lead int32
		if w != 0 {
			lead = m.lead(x.helper, m.times[x.order][bits.TrailingZeros64(w)].block)
		}
		if n > 0 && (w == 0 || weekOf(lead) != weekOf(blocks[0])) {
			m.week(k, blocks[:n])
			n = 0
		}
		if w == 0 {
			return
		}
		if n == 0 || blocks[n-1] != lead {
			blocks[n] = lead
			n++
		}
	}
}

func (m *model) week(k int32, blocks []int32) {
	week := weekOf(blocks[0])
	if len(blocks) >= m.room(m.options[k].helper, week) {
		m.pair(k, week, anyBlock)
		return
	}
	for _, b := range blocks {
		m.pair(k, week, b)
	}
}

func (m *model) pair(k, week, block int32) {
	x := &m.options[k]
	if m.room(x.helper, week) == 0 {
		return
	}
	place := m.offer(x.helper, week)
	if block != anyBlock {
		place = m.slot(x.helper, block, place)
	}
	m.builder.PairUpTo(int(x.order), int(place), int(x.cost), 1)
	m.pairs = append(m.pairs, pair{k, week, block})
}

// offer is the place of a helper's week.
func (m *model) offer(helper, week int32) int32 {
	place, known := m.offers.find(helper, week)
	if known {
		return place
	}
	limit, taken := int(m.reach.briefs[helper].limit), m.taken(helper, week)
	var steps []match.Step
	for n := taken; n < limit; n++ {
		steps = append(steps, match.Step{Units: 1, Cost: fullPart * n / limit})
	}
	if int(helper) >= len(m.Helpers) { // a newcomer
		steps = []match.Step{{Units: limit}}
	}
	place = int32(m.builder.Offer(steps...))
	m.offers.add(helper, week, place)
	return place
}

func (m *model) slot(helper, block, offer int32) int32 {
	place, known := m.slots.find(helper, block)
	if !known {
		place = int32(m.builder.Slot(int(offer), 1, 0))
		m.slots.add(helper, block, place)
	}
	return place
}

// taken counts the orders that a helper has in a week already.
func (m *model) taken(helper, week int32) (n int) {
	if !m.reach.briefs[helper].busy {
		return 0
	}
	for _, t := range m.Helpers[helper].Taken {
		if weekOf(blockOf(local(t.From))) == week {
			n++
		}
	}
	return n
}

// room is how many more orders a helper takes in a week.
func (m *model) room(helper, week int32) int {
	return max(0, int(m.reach.briefs[helper].limit)-m.taken(helper, week))
}
