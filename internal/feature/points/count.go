package points

import (
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// metric counts the points that a community has given for the days of a month:
// "points/2026-11".
func metric(day string) string { return "points/" + day[:7] }

// Recount counts the rows themselves, for the invariant that the kept counts are
// right.
func Recount(tx *db.Tx) ([]place.Tally, error) {
	return db.All(tx, func(s db.Scanner) (t place.Tally, err error) {
		return t, s.Scan(&t.District, &t.Community, &t.Metric, &t.N)
	}, `SELECT district, community, 'points/' || substr(day, 1, 7), sum(points) FROM points_deed
		GROUP BY district, community, substr(day, 1, 7)`)
}
