package order

import (
	"context"
	"slices"

	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/core/process"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/match"
)

// disclose notes that a volunteer was shown a resident's door and telephone: once
// for each order, because the resident wants to know who, not how often a page was
// reloaded.
func (s *Service) disclose(ctx context.Context, who access.Who, v View) error {
	if v.Address == "" && v.Phone == "" || !serves(v, who) || v.For.ID == who.Person {
		return nil
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := person.Get(tx, who.District, v.For.ID)
		if err != nil {
			return err
		}
		return person.Disclose(tx, who, p, person.Ask{
			Fields: []person.Field{person.FieldName, person.FieldPhone, person.FieldAddress}, Reason: "上门服务", Order: v.ID,
			Relations: []access.Relation{access.Assigned},
		})
	})
}

func serves(v View, who access.Who) bool {
	return slices.ContainsFunc(v.People, func(p PersonView) bool { return p.ID == who.Person && p.State == Active }) &&
		!slices.Contains([]process.State{Evaluated, Cancelled}, v.State)
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
