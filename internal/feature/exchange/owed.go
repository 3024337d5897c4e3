package exchange

import (
	"context"
	"slices"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/feature/points"
	"linli/internal/kit/db"
)

// Owed is what a place owes for the points that it has given.
type Owed struct {
	Place       Ref      `json:"place"`
	Outstanding int64    `json:"outstanding" doc:"这里发出去、还在大家手里的"`
	Held        int64    `json:"held" doc:"其中还在公示、暂时不能用的"`
	Reserved    int64    `json:"reserved" doc:"给还没用的券留着的"`
	Redeemed    int64    `json:"redeemed" doc:"一共用掉的"`
	Lapsed      int64    `json:"lapsed"`
	Covered     int64    `json:"covered" doc:"货架现在一共能换掉几分：单价乘以份数，加起来"`
	Growth      []Growth `json:"growth" doc:"最近十二个月，每个月发了几分"`

	path string
}

// Growth is what was given in a month.
type Growth struct {
	Month  string `json:"month" example:"2026-11"`
	Points int64  `json:"points"`
}

// Owed says it for whoever oversees a place.
func (s *Service) Owed(ctx context.Context, who access.Who, at string) (o Owed, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := place.Chosen(tx, who, access.PointsOversee, at)
		if err != nil {
			return err
		}
		o, err = owed(tx, p)
		return err
	})
	return o, err
}

func owed(tx *db.Tx, p place.Place) (Owed, error) {
	o := Owed{Place: Ref{p.ID, p.Name}, Growth: []Growth{}, path: p.Path}
	all, err := under(tx, p)
	if err != nil {
		return o, err
	}
	st, err := points.StandingOf(tx, p.District, all)
	if err != nil {
		return o, err
	}
	o.Outstanding, o.Held, o.Reserved, o.Redeemed, o.Lapsed = st.Outstanding(), st.Held, st.Reserved, st.Redeemed, st.Lapsed
	if o.Covered, err = covered(tx, p.District, all); err != nil {
		return o, err
	}
	return o, o.grow(tx, p)
}

// grow adds the last twelve months.
func (o *Owed) grow(tx *db.Tx, p place.Place) error {
	first := calendar.DayOf(tx.Now())
	first.Day = 1
	var metrics []string
	for i := range 12 {
		month := calendar.DayOf(first.Start().AddDate(0, i-11, 0)).String()[:7]
		o.Growth = append(o.Growth, Growth{Month: month})
		metrics = append(metrics, "points/"+month)
	}
	sums, err := place.Sum(tx, p, metrics...)
	for i, m := range metrics {
		o.Growth[i].Points = sums[m]
	}
	return err
}

// under lists the places whose books belong to a place: itself, the streets and the
// communities below.
func under(tx *db.Tx, p place.Place) ([]string, error) {
	around := above(p)
	ids := []string{p.ID}
	communities, err := place.CommunitiesUnder(tx, p.District, p.Path)
	for _, c := range communities {
		for _, id := range []string{c.ID, c.Parent} {
			if !slices.Contains(around, id) {
				ids = append(ids, id)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids), err
}

// findingsMost is how many findings a page lists.
const findingsMost = 100

// Findings lists what was handed over in a place without having been paid for.
func (s *Service) Findings(ctx context.Context, who access.Who, at string) (p place.Place, out []UseView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = []UseView{}
		if p, err = place.Chosen(tx, who, access.PointsOversee, at); err != nil {
			return err
		}
		all, err := under(tx, p)
		if err != nil {
			return err
		}
		uses, err := findingsAt(tx, p.District, all, findingsMost)
		for _, u := range uses {
			v, failed := useView(tx, u)
			if failed != nil {
				return failed
			}
			out = append(out, v)
		}
		return err
	})
	return p, out, err
}
