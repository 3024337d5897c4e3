package ledger

import (
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"linli/internal/kit/db"
)

// CheckBooks is the invariant of this package: every posting sums to zero, every
// balance equals the sum of its entries, nothing is overdrawn that may not be,
// every entry belongs to a posting and an account, and every chain holds from its
// first number to its head. It returns one line per finding.
func CheckBooks(tx *db.Tx) ([]string, error) {
	var bad []string
	for _, query := range []string{
		`SELECT 'ledger: posting ' || posting || ' sums to ' || CAST(sum(amount) AS TEXT)
			FROM ledger_entry GROUP BY district, posting HAVING sum(amount) <> 0`,
		`SELECT 'ledger: account ' || a.id || ' holds ' || CAST(a.balance AS TEXT) || ', entries ' || CAST(coalesce(sum(e.amount), 0) AS TEXT)
			FROM ledger_account a LEFT JOIN ledger_entry e ON e.district = a.district AND e.account = a.id
			GROUP BY a.district, a.id, a.balance HAVING a.balance <> coalesce(sum(e.amount), 0)`,
		`SELECT 'ledger: account ' || id || ' is overdrawn' FROM ledger_account WHERE balance < 0 AND NOT overdraft`,
		`SELECT 'ledger: an entry of posting ' || e.posting || ' belongs nowhere' FROM ledger_entry e
			LEFT JOIN ledger_posting p ON p.district = e.district AND p.id = e.posting
			LEFT JOIN ledger_account a ON a.district = e.district AND a.id = e.account
			WHERE p.id IS NULL OR a.id IS NULL`,
	} {
		lines, err := db.All(tx, func(s db.Scanner) (l string, err error) { return l, s.Scan(&l) }, query)
		if err != nil {
			return nil, err
		}
		bad = append(bad, lines...)
	}
	broken, err := checkChains(tx)
	return append(bad, broken...), err
}

// checkChains recomputes every hash in order, with no more than one posting in
// memory, and holds the end of each chain against its head.
func checkChains(tx *db.Tx) ([]string, error) {
	known, err := heads(tx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT p.district, p.place, coalesce(p.seq, 0), p.id, p.at, p.source, p.memo, coalesce(p.reverses, ''), p.attests, p.prev, p.hash,
			coalesce(e.account, ''), coalesce(e.amount, 0), coalesce(e.balance, 0)
		FROM ledger_posting p LEFT JOIN ledger_entry e ON e.district = p.district AND e.posting = p.id
		ORDER BY p.district, p.place, coalesce(p.seq, 0), p.id, e.line NULLS FIRST`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	w := walk{reached: map[where]head{}}
	for rows.Next() {
		if err := w.read(rows); err != nil {
			return nil, err
		}
	}
	w.arrive()
	w.compare(known)
	return w.bad, rows.Err()
}

// head is the end of a chain.
type head struct {
	seq  int64
	hash string
}

func heads(tx *db.Tx) (map[where]head, error) {
	type named struct {
		where
		head
	}
	list, err := db.All(tx, func(s db.Scanner) (n named, err error) {
		return n, s.Scan(&n.district, &n.place, &n.seq, &n.hash)
	}, `SELECT district, place, seq, hash FROM ledger_chain`)
	all := map[where]head{}
	for _, n := range list {
		all[n.where] = n.head
	}
	return all, err
}

// walk goes along the chains.
type walk struct {
	reached map[where]head
	now     link // the posting being read
	stored  head // its number and hash, as they stand in the row
	prev    string
	bad     []string
}

// read takes one row: a posting with one of its entries.
func (w *walk) read(rows *sql.Rows) error {
	var l link
	var stored head
	var prev string
	var entry line
	p := &l.posting
	if err := rows.Scan(&p.District, &p.Place, &stored.seq, &l.key, &l.at, &p.Source, &p.Memo, &p.Reverses, &p.Attests, &prev, &stored.hash,
		&entry.account, &entry.amount, &entry.balance); err != nil {
		return err
	}
	if l.key != w.now.key || l.where() != w.now.where() {
		w.arrive()
		w.now, w.stored, w.prev = l, stored, prev
	}
	if entry.account != "" {
		w.now.lines = append(w.now.lines, entry)
	}
	return nil
}

// arrive judges the posting whose rows have all been read.
func (w *walk) arrive() {
	if w.now.key == "" {
		return
	}
	at := w.now.where()
	before := w.reached[at]
	if w.stored.seq != before.seq+1 || w.prev != before.hash || w.stored.hash != w.now.digest(w.prev, w.stored.seq) {
		w.bad = append(w.bad, fmt.Sprintf("ledger: the chain of %s breaks at number %d", at, w.stored.seq))
	}
	w.reached[at] = w.stored
}

// compare finds chains that end elsewhere than at their head.
func (w *walk) compare(heads map[where]head) {
	all := maps.Clone(heads)
	maps.Copy(all, w.reached)
	for _, at := range slices.SortedFunc(maps.Keys(all), where.compare) {
		if heads[at] != w.reached[at] {
			w.bad = append(w.bad, fmt.Sprintf("ledger: the chain of %s ends at number %d, its head says %d", at, w.reached[at].seq, heads[at].seq))
		}
	}
}

// EachAttested gives the source of every posting that stands for a row elsewhere, and
// the digest of that row, for the check of those rows.
func EachAttested(tx *db.Tx, fn func(source, attests string)) error {
	rows, err := tx.Query(`SELECT source, attests FROM ledger_posting WHERE attests <> ''`)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var source, attests string
		if err := rows.Scan(&source, &attests); err != nil {
			return err
		}
		fn(source, attests)
	}
	return rows.Err()
}
