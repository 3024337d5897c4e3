package order

import "linli/internal/kit/db"

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
		`SELECT 'order ' || o.number || ' is closed with an unbooked visit' FROM service_order o
			JOIN visit v ON v.district = o.district AND v.order_id = o.id
			WHERE o.state = 'evaluated' AND NOT v.booked AND v.state = 'done' AND v.minutes > 0 AND (v.grade <> 'C' OR v.confirmed_by <> '')`,
	} {
		lines, err := db.All(tx, func(s db.Scanner) (l string, err error) { return l, s.Scan(&l) }, query)
		if err != nil {
			return nil, err
		}
		bad = append(bad, lines...)
	}
	return bad, nil
}
