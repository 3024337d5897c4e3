package demo

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/feature/order"
	"linli/internal/kit/db"
)

// live simulates residents and volunteers while the app runs: they take the same
// steps through the same service methods, in minutes instead of days.
type live struct {
	draw
	orders *order.Service
	towns  []*past
	lives  []*life // whose next step is still to come
	spare  map[string]bool
}

// life is one simulated order.
type life struct {
	*story
	town  *past
	who   access.Who // the volunteer who said yes
	asked int        // how often somebody was asked
	tries int        // how often the next step failed
	next  func(context.Context) error
	at    time.Time
}

// Live lets simulated people ask so many orders a minute, and others help them,
// until ctx ends. Nobody who has an account is made to act.
func (d *Demo) Live(ctx context.Context, a *app.App, perMinute int) {
	l, err := d.newLive(ctx, a)
	if err != nil {
		slog.ErrorContext(ctx, "demo: nobody comes alive", "error", err)
		return
	}
	l.run(ctx, a.DB, time.Minute/time.Duration(max(1, perMinute)))
}

func (d *Demo) newLive(ctx context.Context, a *app.App) (*live, error) {
	l := &live{draw: newDraw(d.mark.Seed, "live"), orders: a.Orders, spare: map[string]bool{}}
	now := a.DB.Clock().Now()
	main, err := d.planMain(ctx, a.DB)
	if err != nil {
		return nil, err
	}
	for _, s := range main.souls[:main.knownSouls] {
		l.spare[s.id] = true
	}
	l.towns = append(l.towns, newPast(main, now, d.mark.Seed))
	for _, s := range others() {
		p, err := d.planOther(ctx, a.DB, s)
		if err != nil {
			return nil, err
		}
		l.towns = append(l.towns, newPast(p, now, d.mark.Seed))
	}
	return l, nil
}

// run begins an order at every beat, and takes the steps whose time has come.
func (l *live) run(ctx context.Context, d *db.DB, beat time.Duration) {
	begin := d.Clock().Now()
	for ctx.Err() == nil {
		now := d.Clock().Now()
		if !now.Before(begin) {
			l.begin(now)
			begin = begin.Add(beat)
		}
		l.step(ctx, now)
		wait := time.NewTimer(min(time.Second, beat))
		select {
		case <-ctx.Done():
		case <-wait.C:
		}
		wait.Stop()
	}
}

// step takes every step that is due. One that fails is tried again, for somebody
// may be busy with another order; then the order is left as it stands: that a
// visitor of the demo was quicker is no mistake.
func (l *live) step(ctx context.Context, now time.Time) {
	for _, one := range l.lives {
		if one.at.After(now) {
			continue
		}
		do := one.next
		one.next, one.at = nil, now.Add(time.Duration(l.between(3000, 14000))*time.Millisecond)
		err := do(ctx)
		switch {
		case err == nil:
			one.tries = 0
		case one.tries < triesMost && ctx.Err() == nil:
			one.next, one.tries = do, one.tries+1
		default:
			slog.InfoContext(ctx, "demo: a simulated order is left alone", "order", one.id, "error", err)
			one.next = nil
		}
	}
	l.lives = slices.DeleteFunc(l.lives, func(one *life) bool { return one.next == nil })
}

const triesMost = 5

// begin lets somebody ask; mostly in 东风路南, which is on show.
func (l *live) begin(now time.Time) {
	town := l.towns[l.weighted([]int{6, 1, 1, 1}[:len(l.towns)])]
	t := town.begin(now, town.wish(now))
	t.heads = 1
	if l.spare[t.souls[t.soul].id] {
		return
	}
	one := &life{story: t.story, town: town, at: now}
	one.next = func(ctx context.Context) error { return l.request(ctx, one) }
	l.lives = append(l.lives, one)
}

func (l *live) request(ctx context.Context, one *life) error {
	v, err := l.orders.Request(ctx, one.asker, order.Request{
		Text: one.text, Category: one.need.service, PeopleNeeded: 1, Source: one.source, For: one.town.souls[one.soul].id,
	})
	one.id = v.ID
	one.next = func(ctx context.Context) error { return l.dispatch(ctx, one) }
	return err
}

// dispatch asks the best of the ranking, after verifying where a rule asks for it.
func (l *live) dispatch(ctx context.Context, one *life) error {
	worker := one.town.worker
	v, err := l.orders.Show(ctx, worker, one.id)
	if err != nil {
		return err
	}
	if v.NeedsCheck {
		one.next = func(ctx context.Context) error { return l.dispatch(ctx, one) }
		_, err := l.orders.Verify(ctx, worker, one.id, order.Verification{Note: "电话里问过了。"})
		return err
	}
	list, err := l.orders.Candidates(ctx, worker, one.id, 12)
	if err != nil {
		return err
	}
	to := l.best(list.Items)
	if len(to) == 0 {
		_, err := l.orders.Cancel(ctx, worker, one.id, order.Cancellation{Reason: "志愿者都排满了，请家政帮着办了。"})
		return err
	}
	one.next = func(ctx context.Context) error { return l.answer(ctx, one) }
	_, err = l.orders.Offer(ctx, worker, one.id, order.Asking{To: to})
	return err
}

// best are the first one or two volunteers who may be made to act.
func (l *live) best(items []order.CandidateView) (to []order.Candidate) {
	for _, c := range items {
		if c.Kind == order.KindVolunteer && !l.spare[c.ID] {
			to = append(to, order.Candidate{Kind: c.Kind, ID: c.ID})
		}
	}
	return to[:min(len(to), l.between(1, 2))]
}

// answer lets one of those who are asked say yes, or no now and then.
func (l *live) answer(ctx context.Context, one *life) error {
	v, err := l.orders.Show(ctx, one.town.worker, one.id)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(v.Offers, func(f order.OfferView) bool {
		return f.State == order.OfferOpen && f.To.Kind == order.KindVolunteer && !l.spare[f.To.ID]
	})
	if i < 0 {
		one.next = func(ctx context.Context) error { return l.dispatch(ctx, one) }
		return nil
	}
	one.who, one.asked = one.town.neighbour(v.Offers[i].To.ID, v.Offers[i].Name), one.asked+1
	if one.asked == 1 && l.chance(0.2) {
		one.next = func(ctx context.Context) error { return l.answer(ctx, one) }
		_, err := l.orders.Refuse(ctx, one.who, one.id, order.Refusal{Reason: pick(l.draw, refusals())})
		return err
	}
	one.next = func(ctx context.Context) error { return l.arrive(ctx, one) }
	_, err = l.orders.Accept(ctx, one.who, one.id, order.Acceptance{})
	return err
}

// neighbour is a volunteer of the community by id, as somebody who acts.
func (p *people) neighbour(id, name string) access.Who {
	return access.Who{Person: id, Name: name, District: p.district(), Grants: []access.Grant{
		{Role: access.Volunteer, District: p.district(), Place: p.id, Path: p.path},
	}}
}

func (l *live) arrive(ctx context.Context, one *life) error {
	code, err := l.orders.HostCode(ctx, one.asker, one.id)
	if err != nil {
		return err
	}
	v, err := l.orders.Show(ctx, one.who, one.id)
	if err != nil {
		return err
	}
	one.next = func(ctx context.Context) error { return l.leave(ctx, one) }
	_, err = l.orders.CheckIn(ctx, one.who, one.id, order.Presence{Code: code.Code, Position: v.Position})
	return err
}

func (l *live) leave(ctx context.Context, one *life) error {
	if _, err := l.orders.CheckOut(ctx, one.who, one.id, order.Presence{}); err != nil {
		return err
	}
	one.next = func(ctx context.Context) error { return l.word(ctx, one, one.who, order.SideVolunteer) }
	_, err := l.orders.Complete(ctx, one.who, one.id, order.Completion{Note: pick(l.draw, reports())})
	return err
}

// word lets one side after the other say how it was.
func (l *live) word(ctx context.Context, one *life, who access.Who, side order.Side) error {
	said := order.Opinion{Side: side, Satisfaction: order.Satisfied}
	switch side {
	case order.SideVolunteer:
		said.Words = pick(l.draw, reports())
		one.next = func(ctx context.Context) error { return l.word(ctx, one, one.asker, order.SideResident) }
	case order.SideResident:
		said.Words = pick(l.draw, thanks())
		one.next = func(ctx context.Context) error { return l.word(ctx, one, one.town.worker, order.SideStation) }
	case order.SideStation:
		said.Words = pick(l.draw, checks())
	}
	_, err := l.orders.Evaluate(ctx, who, one.id, said)
	return err
}
