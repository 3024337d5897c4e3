package order

import (
	"context"

	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/match"
)

// opened says whether a view shows a resident's door or telephone to somebody else
// than the household itself.
func (b *viewing) opened(v *View) bool {
	own := b.o.is(access.Self) || b.o.is(access.Requester) && b.o.Acting != ActingStation
	return (v.Address != "" || v.Phone != "") && !own && !b.who.System
}

// doorAsk is what a view shows, and why. It is noted once for each viewer and
// order, because the resident wants to know who, not how often a page was reloaded.
func doorAsk(o *Order, reason string) person.Ask {
	return person.Ask{Fields: person.ForHelper(), Reason: reason, Order: o.ID, Relations: o.relations}
}

// letIn notes that those who come are told the resident's door and telephone from
// now on, wherever they look.
func letIn(tx *db.Tx, o *Order, people []string) error {
	host, err := person.Get(tx, o.District, o.For)
	if err != nil {
		return err
	}
	for _, id := range people {
		p, err := person.Get(tx, o.District, id)
		if err != nil {
			return err
		}
		ask := doorAsk(o, "上门服务")
		ask.Relations = []access.Relation{access.Assigned}
		if err := person.Disclose(tx, access.Who{District: o.District, Person: id, Name: p.Name}, host, ask); err != nil {
			return err
		}
	}
	return nil
}

// answer is the view for the actor of a step, who is shown what the step opens.
func (s *Service) answer(tx *db.Tx, who access.Who, o *Order) (View, error) {
	v, err := s.viewAfter(tx, who, o)
	if err != nil || !v.opened {
		return v, err
	}
	return v, tell(tx, who, o)
}

// shown notes that who has read an order with the resident's door and telephone on
// it. Most have read it before: that costs no write.
func (s *Service) shown(ctx context.Context, who access.Who, o *Order) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return tell(tx, who, o) })
}

func tell(tx *db.Tx, who access.Who, o *Order) error {
	host, err := person.Get(tx, o.District, o.For)
	if err != nil {
		return err
	}
	return person.Disclose(tx, who, host, doorAsk(o, "办这一单"))
}

// standing is where a volunteer starts from.
func standing(tx *db.Tx, who access.Who) (Position, bool, error) {
	v, found, err := volunteer.Get(tx, who.District, who.Person)
	if err != nil || !found || v.At == nil {
		return Position{}, false, err
	}
	return Position{v.At.Lat, v.At.Lng}, true, nil
}

// walk is the minutes on foot, by the engine's own model.
func walk(a, b Position) int {
	minutes, known := match.Walk(match.Point(a), match.Point(b))
	if !known {
		return -1
	}
	return minutes
}
