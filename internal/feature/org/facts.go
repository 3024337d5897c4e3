package org

import (
	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// Facts are the numbers of teams and of community organisations on a place's page,
// and of every other kind of which there are any.
func Facts(tx *db.Tx, p place.Place) (facts []place.Fact, err error) {
	n, err := numbers(tx, p)
	for _, k := range Kinds() {
		if some := n[k.metric()]; some > 0 || k == Team || k == CommunityOrg {
			facts = append(facts, place.Fact{Label: k.Label() + "¦们", Value: some, Href: href(p, string(k))})
		}
	}
	return facts, err
}

// href is the list of the organisations of a place; one list is of one district.
func href(p place.Place, kind string) string {
	switch p.Level {
	case place.District, place.Street, place.Community:
		return "/orgs?place=" + p.ID + "&kind=" + kind
	}
	return ""
}

// numbers adds up what the communities count and what belongs to a whole street or
// district, of which there are few.
func numbers(tx *db.Tx, p place.Place) (map[string]int64, error) {
	if !p.Level.Official() {
		return rowsUnder(tx, p.District, p.Community(), p.Path)
	}
	var metrics []string
	for _, k := range Kinds() {
		metrics = append(metrics, k.metric())
	}
	n, err := place.Sum(tx, p, metrics...)
	if err != nil || p.Level == place.Community {
		return n, err
	}
	districts, err := place.Reach(tx, access.Who{District: p.District, Grants: []access.Grant{{Place: p.ID, Path: p.Path}}})
	if err != nil {
		return n, err
	}
	for _, district := range districts {
		above, err := rowsUnder(tx, district, "", p.Path)
		if err != nil {
			return n, err
		}
		for metric, more := range above {
			n[metric] += more
		}
	}
	return n, nil
}

// rowsUnder counts the rows of one community, or of none, that lie under a path.
func rowsUnder(tx *db.Tx, district int, community, path string) (map[string]int64, error) {
	tallies, err := db.All(tx, scanTally, `SELECT district, community, kind, count(*) FROM org
		WHERE district = $1 AND community = $2 AND status = 'active' AND substr(place_path, 1, length($3)) = $3
		GROUP BY district, community, kind`, district, community, path)
	n := map[string]int64{}
	for _, t := range tallies {
		n[t.Metric] += t.N
	}
	return n, err
}

// Recount counts the rows behind the metrics.
func Recount(tx *db.Tx) ([]place.Tally, error) {
	kinds, err := db.All(tx, scanTally, `SELECT district, community, kind, count(*) FROM org
		WHERE status = 'active' AND community <> '' GROUP BY district, community, kind`)
	sums := map[place.Tally]int64{}
	for _, t := range kinds {
		n := t.N
		t.N = 0
		sums[t] += n
	}
	var out []place.Tally
	for t, n := range sums {
		t.N = n
		out = append(out, t)
	}
	return out, err
}

// scanTally reads how many there are of one kind, under the metric of the kind.
func scanTally(s db.Scanner) (t place.Tally, err error) {
	var kind Kind
	err = s.Scan(&t.District, &t.Community, &kind, &t.N)
	t.Metric = kind.metric()
	return t, err
}
