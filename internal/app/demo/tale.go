package demo

import (
	"math"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/feature/order"
)

// story is one order as it is going to be.
type story struct {
	id       string // known once it was asked
	soul     int    // who is helped
	asker    access.Who
	source   string
	need     *need
	text     string
	risk     string    // what to be careful of
	heads    int       // how many are to come
	from, to time.Time // when the help comes
	timed    bool      // the asker says so
	window   *order.Window
}

// step is one thing that happens to an order at a moment.
type step struct {
	at    time.Time
	story *story
	do    func(*turn) error
}

// tale tells one story step by step; at is how far it has come.
type tale struct {
	*past
	*story
	at time.Time
}

// then notes a step at the tale's moment.
func (t *tale) then(do func(*turn) error) {
	t.steps = append(t.steps, step{t.at, t.story, do})
}

// after lets time go by: from low to high minutes.
func (t *tale) after(low, high int) *tale {
	t.at = t.at.Add(time.Duration(t.draw.between(low*60, high*60)) * time.Second)
	return t
}

// office moves on to when the station is open, 8:30 to 18:00 on every day.
func (t *tale) office() *tale { return t.opening(8*60+30, 18*60) }

// awake moves on to when people pick up their telephone.
func (t *tale) awake() *tale { return t.opening(7*60+30, 21*60+30) }

func (t *tale) opening(from, to int) *tale {
	day := calendar.DayOf(t.at)
	minute := int(t.at.Sub(day.Start()).Minutes())
	switch {
	case minute >= to:
		day = day.Add(1)
	case minute >= from:
		return t
	}
	t.at = day.Start().Add(time.Duration(from)*time.Minute + time.Duration(t.draw.IntN(25*60))*time.Second)
	return t
}

// ask files the order. The help is to come days later, at the earliest.
func (t *tale) ask(days int) {
	t.schedule(days)
	t.request()
}

// request files the order for the time that is set now; a later one does not
// change what was asked.
func (t *tale) request() *tale {
	if t.timed {
		t.window = &order.Window{From: t.from, To: t.to}
	}
	t.then((*turn).request)
	return t
}

// schedule draws when the help comes.
func (t *tale) schedule(days int) {
	start := pick(t.draw, []int{540, 570, 600, 630, 840, 870, 900, 930, 960, 1110})
	if t.need.escort {
		start = pick(t.draw, []int{450, 480, 480, 510})
	}
	day := calendar.DayOf(t.at).Add(days + pick(t.draw, []int{0, 0, 1, 1, 2, 3}))
	t.from = day.Start().Add(time.Duration(start) * time.Minute)
	t.to = t.from.Add(time.Duration((t.need.minutes[1]+29)/30*30) * time.Minute)
}

// send lets the worker verify where a rule asks for it, and ask helpers.
func (t *tale) send(helpers ...int) { t.sendTo(t.volunteers(helpers)...) }

func (t *tale) sendTo(to ...order.Candidate) {
	t.after(4, 50).office().then((*turn).verify)
	t.after(3, 70).office().then(func(u *turn) error { return u.offer(t.worker, to...) })
}

// again asks others: the house by its rule, or the worker.
func (t *tale) again(who access.Who, helpers ...int) {
	t.then(func(u *turn) error { return u.offer(who, t.volunteers(helpers)...) })
}

func (t *tale) refuse(h int) {
	reason := pick(t.draw, refusals())
	t.after(5, 200).awake().then(func(u *turn) error { return u.refuse(t.who(h), reason) })
}

func (t *tale) accept(h int) {
	t.after(3, 240).awake().then(func(u *turn) error { return u.accept(t.who(h)) })
}

// visit is one helper's coming and going, and the end of the work.
func (t *tale) visit(h int, forgets bool) {
	t.come(h, forgets)
	t.finish(h)
	if forgets {
		t.after(60, 600).office().then((*turn).settle)
	}
}

// come is a helper's coming and going, with its evidence.
func (t *tale) come(h int, forgets bool) {
	t.at = later(t.from.Add(time.Duration(t.draw.between(-500, 600))*time.Second), t.at.Add(10*time.Minute))
	proof := t.draw.weighted([]int{52, 18, 16, 14})
	t.then(func(u *turn) error { return u.checkIn(t.who(h), proof) })
	t.after(t.need.minutes[0], t.need.minutes[1])
	if !forgets {
		t.then(func(u *turn) error { return u.checkOut(t.who(h), proof) })
	}
}

func (t *tale) finish(h int) {
	note := pick(t.draw, reports())
	t.after(0, 4).then(func(u *turn) error { return u.complete(t.who(h), note) })
}

// spoken lets the volunteer and the resident say how it was, and then the station.
func (t *tale) spoken(h int) {
	t.volunteerSpeaks(h)
	if t.draw.chance(0.08) {
		t.residentSpeaks(order.Fair, pick(t.draw, mixed()))
	} else {
		t.residentSpeaks(order.Satisfied, pick(t.draw, thanks()))
	}
	t.stationSpeaks()
	t.closed = append(t.closed, t.at)
}

func (t *tale) volunteerSpeaks(h int) {
	said := order.Opinion{Side: order.SideVolunteer, Satisfaction: order.Satisfied, Words: pick(t.draw, reports())}
	t.after(2, 90).awake().then(func(u *turn) error { return u.evaluate(t.who(h), said) })
}

func (t *tale) residentSpeaks(face order.Satisfaction, words string) {
	said := order.Opinion{Side: order.SideResident, Satisfaction: face, Words: words}
	if face == order.Satisfied {
		for _, p := range praise() {
			if t.draw.chance(0.35) {
				said.Reasons = append(said.Reasons, p)
			}
		}
	}
	if t.asker.Person == t.worker.Person { // by telephone
		t.after(60, 1500).office()
	} else {
		t.after(20, 1200).awake()
	}
	t.then(func(u *turn) error { return u.evaluate(t.asker, said) })
}

func (t *tale) stationSpeaks() {
	said := order.Opinion{Side: order.SideStation, Satisfaction: order.Satisfied, Words: pick(t.draw, checks())}
	t.after(30, 900).office().then(func(u *turn) error { return u.evaluate(t.worker, said) })
}

// helper finds somebody who can do it and is free then, and keeps the time for
// them: who came before, who lives near, who helps often. It is -1 when nobody is.
func (t *tale) helper(but ...int) int {
	return t.among(t.able[t.need.service], but)
}

// among is helper for a given few.
func (t *tale) among(able, but []int) int {
	best, score := -1, -1.0
	for range min(12, 3*len(able)) {
		h := able[min(t.draw.IntN(len(able)), t.draw.IntN(len(able)))] // those in front help more often
		if slices.Contains(but, h) || t.helpers[h].soul == t.soul || !t.free(h) {
			continue
		}
		known := 0.7 * float64(min(3, t.met[[2]int{t.soul, h}]))
		if s := t.draw.Float64() + known - t.kilometres(h); s > score {
			best, score = h, s
		}
	}
	if best >= 0 {
		t.busy[best] = append(t.busy[best], around(t.from, t.to))
		t.met[[2]int{t.soul, best}]++
	}
	return best
}

// free says whether a helper has promised neither the time of the help nor the one
// that was asked for to another order.
func (t *tale) free(h int) bool {
	taken := func(s span) bool { return slices.ContainsFunc(t.busy[h], s.overlaps) }
	return !taken(around(t.from, t.to)) && (t.window == nil || !taken(around(t.window.From, t.window.To)))
}

// kilometres is how far a helper lives from who is helped, as the crow flies.
func (t *tale) kilometres(h int) float64 {
	a, b := t.livesAt(t.soul), t.livesAt(t.helpers[h].soul)
	return math.Hypot(a.Lat-b.Lat, (a.Lng-b.Lng)*math.Cos(a.Lat*math.Pi/180)) * metresADegree / 1000
}

// span is a time that somebody has promised.
type span struct{ from, to time.Time }

func (s span) overlaps(o span) bool { return s.from.Before(o.to) && o.from.Before(s.to) }

// around is a time with the way there and back.
func around(from, to time.Time) span {
	return span{from.Add(-90 * time.Minute), to.Add(2 * time.Hour)}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// usualPeople is how many come for a service.
func (n *need) usualPeople() int {
	s, _ := category.ByID(n.service)
	return max(1, s.People)
}
