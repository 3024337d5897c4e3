package person

import (
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// The metrics that this package counts for each community.
const (
	residents  = "residents"
	households = "households"
)

// Facts are the numbers of people on a place's page. Below a community nothing
// is kept: a grid or a house is small enough to be counted.
func Facts(tx *db.Tx, p place.Place) ([]place.Fact, error) {
	n, err := place.Sum(tx, p, residents, households)
	if err == nil && !p.Level.Official() {
		n, err = countBelow(tx, p)
	}
	return []place.Fact{
		{Label: "住户", Value: n[households]},
		{Label: "居民¦们", Value: n[residents]},
	}, err
}

func countBelow(tx *db.Tx, p place.Place) (map[string]int64, error) {
	below, err := place.Below(tx, p)
	if err != nil {
		return nil, err
	}
	args := []any{p.District}
	for _, b := range below {
		args = append(args, b.ID)
	}
	in := ` WHERE district = $1 AND place IN (` + db.Places(2, len(below)) + `)`
	var people, doors int64
	if _, err := tx.Get(`SELECT count(*) FROM person`+in, args, &people); err != nil {
		return nil, err
	}
	_, err = tx.Get(`SELECT count(*) FROM household`+in, args, &doors)
	return map[string]int64{residents: people, households: doors}, err
}

// Recount counts the rows behind the metrics of this package. Officials live in no
// community and are not counted.
func Recount(tx *db.Tx) ([]place.Tally, error) {
	return db.All(tx, func(s db.Scanner) (t place.Tally, err error) {
		return t, s.Scan(&t.District, &t.Community, &t.Metric, &t.N)
	}, `SELECT district, community, 'residents', count(*) FROM person WHERE community <> '' GROUP BY district, community
		UNION ALL SELECT district, community, 'households', count(*) FROM household GROUP BY district, community`)
}
