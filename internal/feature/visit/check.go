package visit

import "linli/internal/kit/db"

// Ref names an order across districts.
type Ref struct {
	District int
	Order    string
}

// Unbooked names the orders, of all districts, that have a visit which counts and is
// not booked. It is right while the order is open, and an order's check asks for it.
func Unbooked(tx *db.Tx) ([]Ref, error) {
	return db.All(tx, func(s db.Scanner) (r Ref, err error) { return r, s.Scan(&r.District, &r.Order) },
		`SELECT DISTINCT district, order_id FROM visit
		WHERE NOT booked AND state = 'done' AND minutes > 0 AND (grade <> 'C' OR confirmed_by <> '')`)
}
