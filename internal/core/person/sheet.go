package person

import (
	"context"
	"slices"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// Sheet is what the page of a person shows.
type Sheet struct {
	View
	Person    Person // for the sections that others add to the page
	Community place.Place
	Members   []View // of the household, without the person; nil when who may not see them
	Consents  []ConsentView
	Self      bool
	MayWrite  bool
	MayUnmask bool
}

// Show gathers the page of a person: whole to themselves, masked to all others.
func (s *Service) Show(ctx context.Context, who access.Who, id string) (sheet Sheet, err error) {
	err = s.Read(ctx, who, id, func(tx *db.Tx, p Person) error {
		sheet, err = gather(tx, who, p)
		return err
	})
	return sheet, err
}

func gather(tx *db.Tx, who access.Who, p Person) (Sheet, error) {
	at := p.Target(who)
	s := Sheet{View: viewFor(tx, who, p), Person: p, Self: who.Person == p.ID,
		MayWrite: access.May(who, access.PersonWrite, at)}
	s.MayUnmask = !s.Self && access.May(who, access.PersonUnmask, at)
	var err error
	if s.Consents, err = consentViews(tx, p); err != nil {
		return s, err
	}
	if p.Community != "" {
		if s.Community, err = place.Get(tx, p.Community); err != nil {
			return s, err
		}
	}
	s.Members, err = neighbours(tx, who, p)
	return s, err
}

// neighbours are the others of the household, as far as who may read of them: a
// resident is not shown who else lives behind the door.
func neighbours(tx *db.Tx, who access.Who, p Person) ([]View, error) {
	if p.Household == "" {
		return nil, nil
	}
	members, err := Members(tx, p.District, p.Household)
	var out []View
	for _, m := range members {
		if m.ID != p.ID && access.May(who, access.PersonRead, m.Target(who)) {
			out = append(out, viewFor(tx, who, m))
		}
	}
	return out, err
}

// Home is a place that a form offers to live in.
type Home struct{ ID, Label string }

// Homes lists the community of a place and what stands in it, for forms.
func (s *Service) Homes(ctx context.Context, id string) (community place.Place, homes []Home, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		community, homes, err = homesOf(tx, id)
		return err
	})
	return community, homes, err
}

func homesOf(tx *db.Tx, id string) (place.Place, []Home, error) {
	community, err := place.Get(tx, place.CommunityOf(id))
	if err != nil {
		return community, nil, err
	}
	below, err := place.Below(tx, community)
	if err != nil {
		return community, nil, err
	}
	estates := map[string]string{}
	for _, p := range below {
		if p.Level == place.Estate {
			estates[p.ID] = p.Name + " "
		}
	}
	slices.SortStableFunc(below, func(a, b place.Place) int {
		return place.CompareNames(estates[a.Parent]+a.Name, estates[b.Parent]+b.Name)
	})
	var homes []Home
	for _, p := range below {
		if !p.Level.Official() {
			homes = append(homes, Home{ID: p.ID, Label: estates[p.Parent] + p.Name})
		}
	}
	return community, homes, nil
}

// Today is the day by the clock of the database.
func (s *Service) Today() calendar.Day { return calendar.DayOf(s.db.Clock().Now()) }
