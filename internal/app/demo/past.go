package demo

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/feature/order"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// past plans the orders of a community: first all their steps, then they are taken
// in the order in which they happen. What lies after now does not happen, which
// leaves orders in every state.
type past struct {
	*people
	now    time.Time
	draw   draw
	able   map[string][]int // helpers by service, who helps most in front
	busy   map[int][]span
	met    map[[2]int]int // how often a helper came to somebody
	askers []int          // who asks, who asks most in front
	online map[int]bool   // who asks by themselves
	needs  []need
	steps  []step
	closed []time.Time // when orders are going to be closed
}

func newPast(p *people, now time.Time, seed uint64) *past {
	out := &past{
		people: p, now: now, draw: newDraw(seed, p.key+" orders"),
		able: map[string][]int{}, busy: map[int][]span{}, met: map[[2]int]int{}, online: map[int]bool{}, needs: needs(),
	}
	for i, h := range p.helpers {
		for _, s := range h.skills {
			if h.status == volunteer.Active {
				out.able[s] = append(out.able[s], i)
			}
		}
	}
	out.chooseAskers()
	return out
}

// chooseAskers lists those who ask: mostly old, the alone more often.
func (p *past) chooseAskers() {
	for i := range p.souls {
		s := &p.souls[i]
		chance := 0.015
		switch age := s.age(); {
		case age < 22:
			chance = 0
		case age >= 75 || p.homes[s.home].alone:
			chance = 0.28
		case age >= 65:
			chance = 0.12
		}
		if p.draw.chance(chance) {
			p.askers = append(p.askers, i)
			p.online[i] = p.draw.chance(0.75 - 0.008*float64(max(0, s.age()-35)))
		}
	}
	p.draw.Shuffle(len(p.askers), func(i, j int) { p.askers[i], p.askers[j] = p.askers[j], p.askers[i] })
}

// signUp opens accounts for those who ask by themselves; they sign in by codes.
func (p *past) signUp(ctx context.Context, a *app.App) error {
	var souls []int
	for _, i := range p.askers {
		if p.online[i] {
			souls = append(souls, i)
		}
	}
	return each(ctx, a.DB, len(souls), func(tx *db.Tx, i int) error {
		tx.Replay(registered, p.replay(kindAsker, i))
		s := &p.souls[souls[i]]
		has, err := auth.HasAccount(tx, p.district(), s.id)
		if err != nil || has {
			return err
		}
		return a.Auth.OpenAccount(tx, access.System(), p.district(), s.id, s.phone, auth.Hashed{})
	})
}

// actor is a resident, or a helper, as somebody who acts.
func (p *people) actor(soul int, roles ...access.Role) access.Who {
	who := access.Who{Person: p.souls[soul].id, Name: p.souls[soul].name, District: p.district()}
	for _, role := range append(roles, access.Resident) {
		who.Grants = append(who.Grants, access.Grant{Role: role, District: who.District, Place: p.id, Path: p.path})
	}
	return who
}

func (p *past) who(h int) access.Who { return p.actor(p.helpers[h].soul, access.Volunteer) }

func (p *past) volunteers(helpers []int) []order.Candidate {
	var out []order.Candidate
	for _, h := range helpers {
		out = append(out, order.Candidate{Kind: order.KindVolunteer, ID: p.souls[p.helpers[h].soul].id})
	}
	return out
}

// begin starts the tale of an order that is asked at a moment.
func (p *past) begin(at time.Time, n *need) *tale {
	soul := p.askers[min(p.draw.IntN(len(p.askers)), p.draw.IntN(len(p.askers)))]
	st := &story{soul: soul, need: n, text: pick(p.draw, n.words), heads: n.usualPeople(), timed: p.draw.chance(n.timed)}
	st.asker, st.source = p.actor(soul), order.SourceApp
	if !p.online[soul] {
		st.asker, st.source = p.worker, pick(p.draw, []string{order.SourcePhone, order.SourcePhone, order.SourceDoor})
	}
	return &tale{past: p, story: st, at: at}
}

// wish is what somebody asks for, as it fits the season.
func (p *past) wish(at time.Time) *need {
	weights := make([]int, len(p.needs))
	month := calendar.DayOf(at).Month
	for i, n := range p.needs {
		weights[i] = 2 * n.often
		if n.winter && (month <= time.February || month >= time.November) {
			weights[i] *= 2
		}
		if len(p.able[n.service]) < 2 {
			weights[i] = 0
		}
	}
	return &p.needs[p.draw.weighted(weights)]
}

// askedAt is a moment of a day at which somebody asks.
func (p *past) askedAt(day calendar.Day) time.Time {
	hour := 7 + p.draw.weighted([]int{1, 6, 10, 10, 6, 3, 3, 7, 8, 7, 4, 3, 4, 3, 1})
	return day.Start().Add(time.Duration(hour)*time.Hour + time.Duration(p.draw.IntN(3600))*time.Second)
}

// year tells of the orders of the year before now: more on working days, fewer
// around 春节, and more towards the end.
func (p *past) year() {
	today := calendar.DayOf(p.now)
	for back := 365; back >= 0; back-- {
		day := today.Add(-back)
		rate := float64(p.orders) / 30 * (0.75 + 0.5*float64(365-back)/365)
		if !calendar.IsWorkday(day) {
			rate *= 0.7
		}
		if calendar.Holiday(day) == "春节" {
			rate *= 0.3
		}
		for ; p.draw.chance(rate); rate-- {
			at := p.askedAt(day)
			p.any(p.begin(at, p.wish(at)))
		}
	}
}

// fillMonth adds orders of this month until so many of them are closed: a month
// that is young gets fewer.
func (p *past) fillMonth(most int) {
	today := calendar.DayOf(p.now)
	first := today.Add(1 - today.Day)
	most = min(most, 10+6*today.Day)
	for tries := 0; p.closedSince(first.Start()) < most && tries < 20*most; tries++ {
		at := p.askedAt(first.Add(p.draw.between(-3, today.Day-2)))
		p.begin(at, p.wish(at)).smooth()
	}
}

func (p *past) closedSince(first time.Time) (n int) {
	for _, at := range p.closed {
		if !at.Before(first) && !at.After(p.now) {
			n++
		}
	}
	return n
}

// take takes the steps that lie before now, in their order. The app runs meanwhile:
// an order that somebody else has moved on is theirs, and its further steps are left
// out. It returns how many orders that were.
func (p *past) take(ctx context.Context, d *db.DB, s *order.Service) (left int, err error) {
	p.steps = slices.DeleteFunc(p.steps, func(s step) bool { return s.at.After(p.now) })
	slices.SortStableFunc(p.steps, func(a, b step) int { return cmp.Compare(a.at.UnixNano(), b.at.UnixNano()) })
	theirs := map[*story]bool{}
	for done := 0; done < len(p.steps); {
		var stuck *story
		done, err = eachFrom(ctx, d, done, len(p.steps), func(tx *db.Tx, i int) error {
			if theirs[p.steps[i].story] {
				return nil
			}
			stuck = p.steps[i].story
			return p.takeStep(tx, s, i)
		})
		if err != nil && !outpaced(err) {
			return len(theirs), err
		}
		if err != nil {
			theirs[stuck] = true
		}
	}
	return len(theirs), nil
}

// takeStep takes a step at its moment.
func (p *past) takeStep(tx *db.Tx, s *order.Service, i int) error {
	st := p.steps[i]
	tx.Replay(st.at, p.replay(kindStep, i))
	err := st.do(&turn{tx: tx, s: s, story: st.story, worker: p.worker, for_: p.souls[st.story.soul].id})
	if err != nil {
		err = fmt.Errorf("step %d of the past of %s, %s at %v: %w", i, p.name, st.story.text, st.at, err)
	}
	return err
}

// outpaced says whether a step is refused as one that comes too late is.
func outpaced(err error) bool {
	switch fault.KindOf(err) {
	case fault.KindConflict, fault.KindForbidden, fault.KindNotFound:
		return true
	}
	return false
}

func (s spec) district() int { return place.DistrictOf(s.id) }

// replay is where the ids begin that are made while the n-th thing of a kind is
// loaded.
func (s spec) replay(kind, n int) uint64 { return uint64(s.no)<<36 | uint64(kind)<<32 | uint64(n)<<12 }
