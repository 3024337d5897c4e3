package order

import (
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
)

// CheckOrders is the invariant of this package; see the package comment. It
// returns one line per finding.
func CheckOrders(tx *db.Tx) ([]string, error) {
	var bad []string
	for _, query := range []string{
		`SELECT 'order ' || o.number || ': taken ' || CAST(o.taken AS TEXT) || ' of ' || CAST(o.people_needed AS TEXT) || ', active ' || CAST(count(a.volunteer) AS TEXT)
			FROM service_order o LEFT JOIN assignment a ON a.district = o.district AND a.order_id = o.id AND a.state = 'active'
			WHERE o.state NOT IN ('evaluated', 'cancelled', 'returned')
			GROUP BY o.district, o.number, o.taken, o.people_needed HAVING o.taken <> count(a.volunteer) OR o.taken > o.people_needed`,
		`SELECT 'order ' || number || ' is accepted with room left' FROM service_order WHERE state = 'accepted' AND taken < people_needed`,
		`SELECT 'order ' || o.number || ' is ' || o.state || ' with an open offer' FROM service_order o
			JOIN offer f ON f.district = o.district AND f.order_id = o.id AND f.state = 'open' WHERE o.state <> 'dispatched'`,
	} {
		lines, err := db.All(tx, func(s db.Scanner) (l string, err error) { return l, s.Scan(&l) }, query)
		if err != nil {
			return nil, err
		}
		bad = append(bad, lines...)
	}
	unbooked, err := unbookedVisits(tx)
	return append(bad, unbooked...), err
}

// unbookedVisits finds closed orders with a visit that counts and is not booked.
func unbookedVisits(tx *db.Tx) (bad []string, err error) {
	open, err := visit.Unbooked(tx)
	if err != nil {
		return nil, err
	}
	for _, r := range open {
		var number string
		closed, err := tx.Get(`SELECT number FROM service_order WHERE district = $1 AND id = $2 AND state = 'evaluated'`, []any{r.District, r.Order}, &number)
		if err != nil {
			return nil, err
		}
		if closed {
			bad = append(bad, "order "+number+" is closed with an unbooked visit")
		}
	}
	return bad, nil
}
