package order

import (
	"time"

	"linli/internal/core/auth"
	"linli/internal/kit/db"
)

// Why the station owes somebody a call. An elder without an account gets the call,
// not an app.
const (
	callComing   = "coming"   // somebody accepted: tell when they come
	callEvaluate = "evaluate" // it is done: ask how it was
	callUnsolved = "unsolved" // it was not solved: ask what is missing
	callLate     = "late"     // a limit passed: say that we are on it
)

// Call is a telephone call that the station owes.
type Call struct {
	ID        string
	Order     string
	Person    string
	Why       string
	CreatedAt time.Time
}

// owe notes a call. Whoever reads messages in the app needs one only when
// something went wrong.
func owe(tx *db.Tx, o *Order, why string) error {
	if why == callComing || why == callEvaluate {
		has, err := auth.HasAccount(tx, o.District, o.For)
		if err != nil || has {
			return err
		}
	}
	_, err := tx.Exec(`INSERT INTO order_call (district, id, order_id, community, person, why, created_at, done_at, done_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, '')
		ON CONFLICT (district, order_id, why) DO UPDATE SET created_at = excluded.created_at, done_at = NULL, done_by = ''`,
		o.District, tx.NewID(), o.ID, o.Community, o.For, why, tx.Now().UnixMilli())
	return err
}

// drop forgets a call that is no longer owed.
func drop(tx *db.Tx, o *Order, why string) error {
	_, err := tx.Exec(`UPDATE order_call SET done_at = $4 WHERE district = $1 AND order_id = $2 AND why = $3 AND done_at IS NULL`,
		o.District, o.ID, why, tx.Now().UnixMilli())
	return err
}

// openCalls lists the calls that a community's station owes, oldest first.
func openCalls(tx *db.Tx, district int, community string, limit int) ([]Call, error) {
	return db.All(tx, func(s db.Scanner) (c Call, err error) {
		var at int64
		err = s.Scan(&c.ID, &c.Order, &c.Person, &c.Why, &at)
		c.CreatedAt = time.UnixMilli(at).UTC()
		return c, err
	}, `SELECT id, order_id, person, why, created_at FROM order_call
		WHERE district = $1 AND community = $2 AND done_at IS NULL ORDER BY created_at, id LIMIT $3`, district, community, limit)
}

// endCall notes that a call was made.
func endCall(tx *db.Tx, district int, call, by string) (bool, error) {
	n, err := tx.Exec(`UPDATE order_call SET done_at = $3, done_by = $4
		WHERE district = $1 AND id = $2 AND done_at IS NULL`, district, call, tx.Now().UnixMilli(), by)
	return n == 1, err
}
