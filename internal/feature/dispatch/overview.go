package dispatch

import (
	"context"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/feature/order"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Summary is a draft in a list.
type Summary struct {
	ID       string    `json:"id"`
	Place    order.Ref `json:"place"`
	State    State     `json:"state" enum:"open,confirmed,dismissed"`
	ByNight  bool      `json:"by_night" doc:"夜里自动排的"`
	MadeAt   time.Time `json:"made_at"`
	SolvedAt time.Time `json:"solved_at"`
	Served   int       `json:"served" doc:"排上几个人次"`
	Unserved int       `json:"unserved" doc:"差几个人次"`
	Sent     int       `json:"sent" doc:"发出去几单"`
	Skipped  int       `json:"skipped" doc:"没有发几单"`
}

// Overview is what can be planned at a place, and what has been.
type Overview struct {
	p       place.Place
	street  place.Place   // above it, when who may plan there too
	places  []place.Place // where who may plan
	waiting int
	newest  *Summary      // the draft made last, open or not, unless it is old
	missing []MissingView // in the newest
	now     time.Time
	Past    []Summary
}

const (
	placesMost = 200
	pastMost   = 20
	panelDays  = 7 * 24 * time.Hour // for which the newest draft says who is missing
)

// Overview looks at a place; without one at the first where who may plan.
func (s *Service) Overview(ctx context.Context, who access.Who, at string) (o Overview, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		places, err := planPlaces(tx, who)
		if err != nil {
			return err
		}
		if at == "" && len(places) > 0 {
			at = places[0].ID
		}
		if at == "" {
			return fault.NotFound("还没有归您管的社区。")
		}
		o, err = look(tx, who, at, pastMost)
		o.places = places
		return err
	})
	return o, err
}

// boardOverview is what a board shows of it; nil for who may not plan there.
func (s *Service) boardOverview(r *web.Request, community string) (*Overview, error) {
	var o Overview
	err := s.db.Read(r.Context(), func(tx *db.Tx) (err error) {
		o, err = look(tx, access.Of(r), community, 1)
		return err
	})
	if fault.KindOf(err) == fault.KindForbidden {
		return nil, nil
	}
	return &o, err
}

// look is what there is at a place, with at most so many drafts.
func look(tx *db.Tx, who access.Who, at string, drafts int) (o Overview, err error) {
	o = Overview{now: tx.Now(), Past: []Summary{}}
	if o.p, err = planned(tx, who, at); err != nil {
		return o, err
	}
	if o.street, err = streetAbove(tx, who, o.p); err != nil {
		return o, err
	}
	if o.waiting, err = order.ToDispatch(tx, o.p); err != nil {
		return o, err
	}
	past, err := draftsOf(tx, o.p.District, o.p.ID, drafts)
	if err != nil {
		return o, err
	}
	for _, d := range past {
		o.Past = append(o.Past, summary(d, o.p))
	}
	if len(past) == 0 || o.now.Sub(past[0].SolvedAt) > panelDays {
		return o, nil
	}
	o.newest = &o.Past[0]
	o.missing, err = missingViews(tx, past[0])
	return o, err
}

// planPlaces lists the streets, then the communities, where who may plan; who works in a
// community finds it first.
func planPlaces(tx *db.Tx, who access.Who) (out []place.Place, err error) {
	for _, g := range access.Places(who, access.PlanMake) {
		if g.Place == "" {
			continue
		}
		p, err := place.Get(tx, g.Place)
		if err != nil {
			return nil, err
		}
		if p.Level == place.Street || p.Level == place.Community {
			out = append(out, p)
		}
	}
	mine, err := place.Mine(tx, who, access.PlanMake, placesMost)
	for _, p := range mine {
		if !slices.ContainsFunc(out, func(o place.Place) bool { return o.ID == p.ID }) {
			out = append(out, p)
		}
	}
	return out, err
}

// streetAbove is the street of a community, when who may plan all of it.
func streetAbove(tx *db.Tx, who access.Who, p place.Place) (place.Place, error) {
	if p.Level != place.Community {
		return place.Place{}, nil
	}
	street, err := place.Get(tx, p.Parent)
	if err != nil || street.Level != place.Street || !access.May(who, access.PlanMake, street.Target()) {
		return place.Place{}, err
	}
	return street, nil
}

func summary(d Draft, p place.Place) Summary {
	return Summary{
		ID: d.ID, Place: order.Ref{ID: p.ID, Name: p.Name}, State: d.State, ByNight: d.MadeBy == "",
		MadeAt: *moment(d.MadeAt), SolvedAt: *moment(d.SolvedAt), Served: d.Plan.Served, Unserved: d.Plan.Unserved,
		Sent: len(d.Sent), Skipped: len(d.Skipped),
	}
}

// Others ranks who could go to an order of a draft instead of whom it proposes.
func (s *Service) Others(ctx context.Context, who access.Who, id, orderID string) (out []order.CandidateView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		d, _, err := seek(tx, who, id)
		if err != nil || d.Prints[orderID] == "" {
			return err
		}
		out, err = s.orders.Others(tx, d.District, orderID, othersMost)
		return err
	})
	return out, err
}

// othersMost is how many are shown to choose from.
const othersMost = 5
