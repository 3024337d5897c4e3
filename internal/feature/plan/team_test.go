package plan

import (
	"testing"
	"time"

	"linli/match"
)

// TestTeams: who brings all people of an order comes as one; where no team can, volunteers
// come one by one; an order for one goes to whoever suits best.
func TestTeams(t *testing.T) {
	here := Spot{Area: "第1社区"}
	haircut := service(t, "haircut")
	at := monday().Add(25 * time.Hour)
	order := func(people int) Order {
		return Order{Spot: here, Service: haircut, People: people, From: at, To: at.Add(2 * time.Hour)}
	}
	helper := func(kind match.Kind, id string, members, limit int) Helper {
		h := Helper{Spot: here}
		h.Key, h.Members, h.LimitWeek = match.Key{Kind: kind, ID: id}, members, limit
		h.Skills = []match.Skill{{Code: haircut.Code}}
		return h
	}
	one, two, three := helper(match.Volunteer, "a", 1, 2), helper(match.Volunteer, "b", 1, 2), helper(match.Volunteer, "c", 1, 2)
	team := helper(match.Team, "t", 3, 1)
	busy := team
	busy.Taken = []match.Span{{From: at.Add(48 * time.Hour), To: at.Add(50 * time.Hour)}}
	known := order(1)
	known.Known = map[match.Key]int{team.Key: 4}
	kept := order(2)
	kept.Only = team.Key
	for name, c := range map[string]struct {
		orders  []Order
		helpers []Helper
		want    []string // who comes
		served  int
		left    int
	}{
		"three from one team":          {[]Order{order(3)}, []Helper{one, two, three, team}, []string{"t"}, 3, 0},
		"too many for the team":        {[]Order{order(4)}, []Helper{one, two, three, team}, []string{"a", "b", "c"}, 3, 1},
		"the team's week is full":      {[]Order{order(3)}, []Helper{one, two, three, busy}, []string{"a", "b", "c"}, 3, 0},
		"of two the team takes one":    {[]Order{order(3), order(2)}, []Helper{one, two, three, team}, []string{"t", "a", "b"}, 5, 0},
		"one whom the team knows":      {[]Order{known}, []Helper{one, team}, []string{"t"}, 1, 0},
		"a team is kept":               {[]Order{kept}, []Helper{one, two, team}, []string{"t"}, 2, 0},
		"a kept team has no more room": {[]Order{kept}, []Helper{one, two, busy}, nil, 0, 2},
	} {
		p, err := Make(t.Context(), Input{Orders: c.orders, Helpers: c.helpers, Now: monday()})
		if err != nil {
			t.Fatal(name, err)
		}
		came := map[string]bool{}
		for _, v := range p.Visits {
			came[c.helpers[v.Helper].ID] = true
		}
		for _, id := range c.want {
			if !came[id] {
				t.Errorf("%s: %s does not come: %+v", name, id, p.Visits)
			}
		}
		if len(p.Visits) != len(c.want) || p.Best.Served != c.served || p.Best.Unserved != c.left {
			t.Errorf("%s: %+v of %+v", name, p.Best, p.Visits)
		}
	}
}
