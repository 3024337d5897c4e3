package demo

import (
	"slices"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/rule"
	"linli/internal/feature/order"
	"linli/internal/feature/org"
)

// any tells one of the ways that an order can go, each as often as it happens.
func (p *past) any(t *tale) {
	ways := []struct {
		often int
		tell  func(*tale)
	}{
		{700, (*tale).smooth}, {70, (*tale).refused}, {40, (*tale).lapsed}, {60, (*tale).picked}, {80, (*tale).byTeam}, {25, (*tale).late},
		{25, (*tale).withdrawn}, {20, (*tale).unsolved}, {30, (*tale).silent}, {20, (*tale).forgotten}, {35, (*tale).dropped}, {12, (*tale).handedBack},
	}
	var often []int
	for _, w := range ways {
		often = append(often, w.often)
	}
	ways[p.draw.weighted(often)].tell(t)
}

// smooth is how most orders go.
func (t *tale) smooth() {
	t.ask(1)
	hs := t.party()
	if hs == nil {
		t.nobody()
		return
	}
	t.send(append(hs, t.others(hs)...)...)
	t.served(hs)
}

// others are asked in the same wave now and then, and are told that it is filled.
func (t *tale) others(hs []int) (out []int) {
	able := t.able[t.need.service]
	for range t.draw.weighted([]int{7, 2, 1}) {
		h := pick(t.draw, able)
		if !slices.Contains(hs, h) && !slices.Contains(out, h) && t.helpers[h].soul != t.soul {
			out = append(out, h)
		}
	}
	return out
}

// party finds as many helpers as are needed; nil when there are not enough.
func (t *tale) party() []int {
	var out []int
	for range t.heads {
		h := t.helper(out...)
		if h < 0 {
			return nil
		}
		out = append(out, h)
	}
	return out
}

// served goes from the answers to the last word.
func (t *tale) served(hs []int) {
	for _, h := range hs {
		t.accept(h)
	}
	t.visits(hs)
	t.spoken(hs[0])
}

// visits lets all of them come and go beside each other; when the last has left,
// the first says that it is done.
func (t *tale) visits(hs []int) {
	begun, end := t.at, t.at
	for _, h := range hs {
		t.at = begun
		t.come(h, false)
		end = later(end, t.at)
	}
	t.at = end
	t.finish(hs[0])
}

// nobody can come: the station calls and finds another way.
func (t *tale) nobody() {
	t.after(200, 600).office().then(func(u *turn) error { return u.cancel(t.worker, "志愿者都排满了，请家政帮着办了。") })
}

// one tells of an order with one helper, for whom there are some days left.
func (t *tale) one(days int, tell func(h int)) {
	t.heads = 1
	t.ask(days)
	if h := t.helper(); h >= 0 {
		tell(h)
		return
	}
	t.nobody()
}

// two tells of an order for which a second helper follows the first.
func (t *tale) two(days int, tell func(first, second int)) {
	t.one(days, func(first int) {
		if second := t.helper(first); second >= 0 {
			tell(first, second)
			return
		}
		t.nobody()
	})
}

func (t *tale) refused() {
	t.two(2, func(first, second int) {
		t.send(first)
		t.refuse(first)
		t.after(0, 1).again(access.System(), second)
		t.served([]int{second})
	})
}

func (t *tale) lapsed() {
	hours, _ := rule.Find(rule.AcceptHours)
	t.two(3, func(first, second int) {
		t.send(first)
		t.at = t.at.Add(time.Duration(hours.Default)*time.Hour + time.Minute)
		t.then((*turn).lapse)
		t.after(0, 1).again(access.System(), second)
		t.served([]int{second})
	})
}

// picked is an order that a neighbour takes before anybody is asked.
func (t *tale) picked() {
	if category.Suggest(t.text, t.at).ToStation() {
		t.smooth()
		return
	}
	t.one(1, func(h int) {
		t.after(4, 50).office().then((*turn).verify)
		t.served([]int{h})
	})
}

// byTeam is an order that a team answers; its leader says who goes.
func (t *tale) byTeam() {
	at := slices.IndexFunc(t.teams, func(s squad) bool {
		return s.kind == org.Team && slices.Contains(strings.Fields(s.services), t.need.service)
	})
	if at < 0 {
		t.smooth()
		return
	}
	t.heads = 1
	t.ask(1)
	team := t.teams[at]
	h := t.among(team.members, []int{team.leader})
	if h < 0 {
		t.nobody()
		return
	}
	t.sendTo(order.Candidate{Kind: order.KindTeam, ID: team.id})
	goes := t.souls[t.helpers[h].soul].id
	t.after(3, 240).awake().then(func(u *turn) error { return u.accept(t.who(team.leader), goes) })
	t.visits([]int{h})
	t.spoken(h)
}

// late is an order that the station found nobody for within its limit.
func (t *tale) late() {
	due := calendar.AddWorkdays(t.at, 1)
	t.one(calendar.DayOf(due).Sub(calendar.DayOf(t.at))+2, func(h int) {
		t.at = due.Add(time.Minute)
		t.then((*turn).overdue)
		t.office().after(5, 40).then((*turn).called)
		t.send(h)
		t.served([]int{h})
	})
}

func (t *tale) withdrawn() {
	t.two(3, func(first, second int) {
		t.send(first)
		t.accept(first)
		t.after(30, 600).awake().then(func(u *turn) error { return u.withdraw(t.who(first), "家里临时有事") })
		t.after(2, 60).office().again(t.worker, second)
		t.served([]int{second})
	})
}

// unsolved comes back to the station, which calls and sends somebody else.
func (t *tale) unsolved() {
	t.one(1, func(first int) {
		t.send(first)
		t.accept(first)
		t.visit(first, false)
		t.volunteerSpeaks(first)
		t.residentSpeaks(order.Unsatisfied, pick(t.draw, complaints()))
		t.after(20, 200).office().then((*turn).called)
		t.schedule(1)
		second := t.helper(first)
		if second < 0 {
			t.nobody()
			return
		}
		t.after(5, 30).again(t.worker, second)
		t.served([]int{second})
	})
}

// silent is an order whose resident never says how it was.
func (t *tale) silent() {
	limit, _ := rule.Find(rule.EvaluateWorkdays)
	t.one(1, func(h int) {
		t.send(h)
		t.accept(h)
		t.visit(h, false)
		end := calendar.AddWorkdays(t.at, int(limit.Default))
		t.volunteerSpeaks(h)
		t.stationSpeaks()
		t.at = later(t.at, end).Add(time.Minute)
		t.then((*turn).overdue)
		t.closed = append(t.closed, t.at)
	})
}

func (t *tale) forgotten() {
	t.one(1, func(h int) {
		t.send(h)
		t.accept(h)
		t.visit(h, true)
		t.spoken(h)
	})
}

// dropped is no longer wanted, before or after somebody said yes.
func (t *tale) dropped() {
	t.one(2, func(h int) {
		if t.draw.chance(0.4) {
			t.send(h)
			t.accept(h)
		}
		reason := pick(t.draw, []string{"孩子回来了，不用了。", "好了，不用来了。", "改天再说。", "物业已经修好了。"})
		t.after(20, 400).awake().then(func(u *turn) error { return u.cancel(t.asker, reason) })
	})
}

// handedBack turns out to be no volunteer's job at the door.
func (t *tale) handedBack() {
	t.one(1, func(h int) {
		t.send(h)
		t.accept(h)
		t.at = later(t.at.Add(time.Hour), t.from)
		t.then(func(u *turn) error { return u.giveBack(t.who(h), "看了，要有证的师傅来，我弄不了。") })
		t.after(30, 240).office().then(func(u *turn) error { return u.cancel(t.worker, "已经请物业的师傅上门办了。") })
	})
}
