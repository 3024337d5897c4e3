package exchange

import (
	"fmt"

	"linli/internal/core/ledger"
	"linli/internal/feature/points"
	"linli/internal/kit/db"
)

// Check is the invariant of this package: what is put by in a place's books are its
// open coupons, what was redeemed are the uses that stand on statements, every coupon
// that was redeemed has exactly one good use, and no shelf holds less than nothing.
func Check(tx *db.Tx) ([]string, error) {
	bad, err := db.All(tx, func(s db.Scanner) (l string, err error) { return l, s.Scan(&l) },
		`SELECT 'exchange: coupon ' || c.id || ' is ' || c.state || ' and has ' || CAST(count(u.id) AS TEXT) || ' good uses'
			FROM coupon c LEFT JOIN coupon_use u ON u.district = c.district AND u.coupon = c.id AND u.outcome = 'good'
			GROUP BY c.district, c.id, c.state HAVING count(u.id) <> CASE WHEN c.state = 'redeemed' THEN 1 ELSE 0 END
		UNION ALL SELECT 'exchange: the shelf of ' || id || ' holds ' || CAST(stock AS TEXT) FROM reward WHERE stock < 0`)
	if err != nil {
		return nil, err
	}
	type sum struct {
		district int
		place    string
		reserved int64
		redeemed int64
	}
	sums, err := db.All(tx, func(s db.Scanner) (x sum, err error) {
		return x, s.Scan(&x.district, &x.place, &x.reserved, &x.redeemed)
	},
		`SELECT district, place, sum(reserved), sum(redeemed) FROM (
			SELECT district, place, CASE WHEN state = 'open' THEN points ELSE 0 END AS reserved, 0 AS redeemed FROM coupon
			UNION ALL SELECT district, place, 0, CASE WHEN outcome = 'good' OR bearer <> 'merchant' THEN points ELSE 0 END FROM coupon_use) AS x
			GROUP BY district, place`)
	if err != nil {
		return nil, err
	}
	for _, x := range sums {
		for account, want := range map[ledger.Account]int64{points.Reserved(x.place): x.reserved, points.Redeemed(x.place): x.redeemed} {
			has, err := ledger.Balance(tx, x.district, account)
			if err != nil {
				return nil, err
			}
			if has != want {
				bad = append(bad, fmt.Sprintf("exchange: %s of %s is %d in the books and %d by the coupons", account.Book, x.place, has, want))
			}
		}
	}
	return bad, nil
}
