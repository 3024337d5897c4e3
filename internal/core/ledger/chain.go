package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"linli/internal/kit/db"
)

// chain gives the posting its number and hashes. Taking the number locks the
// place's head until the commit, so the chain cannot fork; hence at the very end.
func chain(tx *db.Tx, key string, at time.Time, p Posting, lines []line) error {
	var seq int64
	var prev string
	if _, err := tx.Get(`INSERT INTO ledger_chain (district, place, seq, hash) VALUES ($1, $2, 1, '')
		ON CONFLICT (district, place) DO UPDATE SET seq = ledger_chain.seq + 1 RETURNING seq, hash`,
		[]any{p.District, p.Place}, &seq, &prev); err != nil {
		return err
	}
	hash := digest(prev, seq, key, at.UnixMilli(), p, lines)
	if _, err := tx.Exec(`UPDATE ledger_posting SET seq = $3, prev = $4, hash = $5 WHERE district = $1 AND id = $2`,
		p.District, key, seq, prev, hash); err != nil {
		return err
	}
	_, err := tx.Exec(`UPDATE ledger_chain SET hash = $3 WHERE district = $1 AND place = $2`, p.District, p.Place, hash)
	return err
}

// digest is SHA-256 over the fields, each with its length before it, so that no
// two postings share a text.
func digest(prev string, seq int64, key string, at int64, p Posting, lines []line) string {
	var b strings.Builder
	put := func(v any) {
		s := fmt.Sprint(v)
		fmt.Fprintf(&b, "%d:%s;", len(s), s)
	}
	for _, v := range []any{prev, seq, key, at, p.District, p.Place, p.Source, p.Memo, p.Reverses, len(lines)} {
		put(v)
	}
	for _, l := range lines {
		put(l.account)
		put(l.amount)
		put(l.balance)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}

// Head is the newest number and hash of a place's chain, for publishing.
func Head(tx *db.Tx, district int, place string) (seq int64, hash string, err error) {
	_, err = tx.Get(`SELECT seq, hash FROM ledger_chain WHERE district = $1 AND place = $2`,
		[]any{district, place}, &seq, &hash)
	return seq, hash, err
}

// CheckBooks is the invariant of this package: every posting sums to zero, every
// balance equals the sum of its entries, nothing is overdrawn that may not be, and
// every chain holds. It returns one line per finding.
func CheckBooks(tx *db.Tx) ([]string, error) {
	var bad []string
	for _, query := range []string{
		`SELECT 'ledger: posting ' || posting || ' sums to ' || CAST(sum(amount) AS TEXT)
			FROM ledger_entry GROUP BY district, posting HAVING sum(amount) <> 0`,
		`SELECT 'ledger: account ' || a.id || ' holds ' || CAST(a.balance AS TEXT) || ', entries ' || CAST(coalesce(sum(e.amount), 0) AS TEXT)
			FROM ledger_account a LEFT JOIN ledger_entry e ON e.district = a.district AND e.account = a.id
			GROUP BY a.district, a.id, a.balance HAVING a.balance <> coalesce(sum(e.amount), 0)`,
		`SELECT 'ledger: account ' || id || ' is overdrawn' FROM ledger_account WHERE balance < 0 AND NOT overdraft`,
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

// checkChains recomputes every hash in order.
func checkChains(tx *db.Tx) ([]string, error) {
	lines, err := linesOfPostings(tx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT district, place, seq, id, at, source, memo, coalesce(reverses, ''), prev, hash
		FROM ledger_posting ORDER BY district, place, seq NULLS LAST`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var bad []string
	heads := map[string]string{}
	numbers := map[string]int64{}
	for rows.Next() {
		var p Posting
		var seq, at int64
		var key, prev, hash string
		if err := rows.Scan(&p.District, &p.Place, &seq, &key, &at, &p.Source, &p.Memo, &p.Reverses, &prev, &hash); err != nil {
			return nil, err
		}
		where := fmt.Sprintf("%d/%s", p.District, p.Place)
		numbers[where]++
		if seq != numbers[where] || prev != heads[where] || hash != digest(prev, seq, key, at, p, lines[key]) {
			bad = append(bad, fmt.Sprintf("ledger: chain of %s breaks at number %d", where, seq))
		}
		heads[where] = hash
	}
	return bad, rows.Err()
}

func linesOfPostings(tx *db.Tx) (map[string][]line, error) {
	rows, err := tx.Query(`SELECT posting, account, amount, balance FROM ledger_entry ORDER BY district, posting, line`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]line{}
	for rows.Next() {
		var posting string
		var l line
		if err := rows.Scan(&posting, &l.account, &l.amount, &l.balance); err != nil {
			return nil, err
		}
		out[posting] = append(out[posting], l)
	}
	return out, rows.Err()
}
