package volunteer

import (
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// metric is how many volunteers a community has.
const metric = "volunteers"

// Facts is the number of volunteers on a place's page.
func Facts(tx *db.Tx, p place.Place) ([]place.Fact, error) {
	if p.Level.Official() {
		n, err := place.Sum(tx, p, metric)
		return []place.Fact{{Label: "志愿者¦们", Value: n[metric], Href: href(p)}}, err
	}
	var n int64
	_, err := tx.Get(`SELECT count(*) FROM volunteer WHERE district = $1 AND community = $2
		AND status IN ('active', 'paused') AND substr(place_path, 1, length($3)) = $3`,
		[]any{p.District, p.Community(), p.Path}, &n)
	return []place.Fact{{Label: "志愿者¦们", Value: n}}, err
}

// href is the list of a place's volunteers; lists are of one community.
func href(p place.Place) string {
	if p.Level != place.Community {
		return ""
	}
	return "/volunteers?place=" + p.ID
}

// Recount counts the rows behind the metric.
func Recount(tx *db.Tx) ([]place.Tally, error) {
	return db.All(tx, func(s db.Scanner) (t place.Tally, err error) {
		return t, s.Scan(&t.District, &t.Community, &t.Metric, &t.N)
	}, `SELECT district, community, 'volunteers', count(*) FROM volunteer
		WHERE status IN ('active', 'paused') GROUP BY district, community`)
}
