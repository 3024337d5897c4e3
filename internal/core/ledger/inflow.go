package ledger

import (
	"time"

	"linli/internal/kit/db"
)

// Inflow is what has come into an account since a moment, what went out left aside.
func Inflow(tx *db.Tx, district int, a Account, since time.Time) (n int64, err error) {
	_, err = tx.Get(`SELECT coalesce(sum(e.amount), 0) FROM ledger_account a
		JOIN ledger_entry e ON e.district = a.district AND e.account = a.id
		WHERE a.district = $1 AND a.owner = $2 AND a.book = $3 AND a.unit = $4 AND e.at >= $5 AND e.amount > 0`,
		[]any{district, a.Owner, a.Book, a.Unit, since.UnixMilli()}, &n)
	return n, err
}
