package ledger

import "linli/internal/kit/db"

// Lock takes the account's row until the end of the transaction and gives its
// balance, so that what is decided by it stays true. Whoever locks several, or
// posts afterwards, keeps the order of Post: accounts that may be overdrawn first.
// An account never posted to holds 0 and cannot be locked.
func Lock(tx *db.Tx, district int, a Account) (balance int64, err error) {
	_, err = tx.Get(`UPDATE ledger_account SET balance = balance
		WHERE district = $1 AND owner = $2 AND book = $3 AND unit = $4 RETURNING balance`,
		[]any{district, a.Owner, a.Book, a.Unit}, &balance)
	return balance, err
}

// Find gives the id of the posting that a source made; it is empty when the source
// was never posted.
func Find(tx *db.Tx, district int, source string) (id string, err error) {
	_, err = tx.Get(`SELECT id FROM ledger_posting WHERE district = $1 AND source = $2`, []any{district, source}, &id)
	return id, err
}
