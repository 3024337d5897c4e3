package place

import (
	"context"
	"slices"
	"time"

	"linli/internal/core/access"
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

// Rules gives every rule of a place with its versions.
func (s *Service) Rules(ctx context.Context, who access.Who, id string) (p Place, states []RuleState, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if p, err = Get(tx, id); err != nil {
			return err
		}
		if err := access.Check(who, access.PlaceAdmin, p.Target()); err != nil {
			return err
		}
		states, err = ruleStates(tx, p)
		return err
	})
	return p, states, err
}

func ruleStates(tx *db.Tx, p Place) ([]RuleState, error) {
	set, err := ruleVersions(tx, p)
	if err != nil {
		return nil, err
	}
	names, err := Names(tx, p.ids()...)
	if err != nil {
		return nil, err
	}
	var out []RuleState
	for _, r := range rule.All() {
		state := RuleState{Rule: r}
		if state.Value, err = rule.Value(tx, p.District, p.Path, r.Name); err != nil {
			return nil, err
		}
		state.add(set[r.Name], p.ids(), names, tx.Now())
		out = append(out, state)
	}
	return out, nil
}

// add notes the versions and which place's is in force: the nearest one's.
func (s *RuleState) add(set []setting, path []string, names map[string]string, now time.Time) {
	nearest := -1
	for _, v := range set {
		at := slices.Index(path, v.place)
		later := v.since.After(now)
		s.Versions = append(s.Versions, RuleVersion{Place: names[v.place], Since: v.since, Value: v.value, Later: later})
		if !later && at > nearest {
			nearest, s.From = at, names[v.place]
		}
	}
}

// setting is one row of place_rule.
type setting struct {
	name  rule.Name
	place string
	since time.Time
	value int64
}

func ruleVersions(tx *db.Tx, p Place) (map[rule.Name][]setting, error) {
	path := p.ids()
	args := []any{p.District}
	for _, id := range path {
		args = append(args, id)
	}
	rows, err := db.All(tx, scanSetting, `SELECT name, place, since, value FROM place_rule
		WHERE district = $1 AND place IN (`+db.Places(2, len(path))+`) ORDER BY since DESC`, args...)
	out := map[rule.Name][]setting{}
	for _, r := range rows {
		out[r.name] = append(out[r.name], r)
	}
	return out, err
}

func scanSetting(s db.Scanner) (v setting, err error) {
	var since int64
	err = s.Scan(&v.name, &v.place, &since, &v.value)
	v.since = time.UnixMilli(since).UTC()
	return v, err
}
