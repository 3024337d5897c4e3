package place

import (
	"context"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
)

// RuleState is one rule as it stands at a place.
type RuleState struct {
	Rule     rule.Rule
	Value    int64
	From     string        // name of the place that set it; empty while the default holds
	Versions []RuleVersion // of the place and those above it, newest first
}

// RuleVersion is one setting of a rule.
type RuleVersion struct {
	Place string // name
	Since time.Time
	Value int64
	Later bool // its day has not come
}

// Rules gives every rule of a place with its versions, and the day it is.
func (s *Service) Rules(ctx context.Context, who access.Who, id string) (p Place, states []RuleState, today calendar.Day, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if p, err = Get(tx, id); err != nil {
			return err
		}
		if err := access.Check(who, access.PlaceAdmin, p.Target()); err != nil {
			return err
		}
		today = calendar.DayOf(tx.Now())
		states, err = ruleStates(tx, p)
		return err
	})
	return p, states, today, err
}

func ruleStates(tx *db.Tx, p Place) ([]RuleState, error) {
	path := p.ids()
	versions, err := rule.Versions(tx, p.District, path)
	if err != nil {
		return nil, err
	}
	names, err := Names(tx, path...)
	if err != nil {
		return nil, err
	}
	var out []RuleState
	for _, r := range rule.All() {
		state := RuleState{Rule: r}
		if state.Value, err = rule.Value(tx, p.District, p.Path, r.Name); err != nil {
			return nil, err
		}
		state.add(versions, path, names, tx.Now())
		out = append(out, state)
	}
	return out, nil
}

// add notes the rule's versions and whose is in force: the nearest place's.
func (s *RuleState) add(versions []rule.Version, path []string, names map[string]string, now time.Time) {
	nearest := -1
	for _, v := range versions {
		if v.Name != s.Rule.Name {
			continue
		}
		later := v.Since.After(now)
		s.Versions = append(s.Versions, RuleVersion{Place: names[v.Place], Since: v.Since, Value: v.Value, Later: later})
		if at := slices.Index(path, v.Place); !later && at > nearest {
			nearest, s.From = at, names[v.Place]
		}
	}
}
