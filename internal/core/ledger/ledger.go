package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Account names an account by its owner, book and unit. It is made when first
// posted to.
type Account struct {
	Owner     string // a person's or a place's id
	Book      string // "earned", "issued": what the owner keeps apart
	Unit      string // "points", "minutes"
	Overdraft bool   // may go below zero; fixed when the account is made
}

// Entry moves Amount into the account (out of it when negative).
type Entry struct {
	Account Account
	Amount  int64
}

// Posting is one balanced movement.
type Posting struct {
	District int
	Source   string // "order:<id>:points": the deed; the same source posts once
	Place    string // whose chain it joins: the community's id
	Memo     string // Chinese, shown to the owner
	Reverses string // id of the posting that this one takes back; empty otherwise
	Attests  string // SHA-256 (hex) of the row elsewhere that it stands for; empty otherwise
	Entries  []Entry
}

// Post books p in tx. posted is false when its source had been booked before.
//
// On PostgreSQL the place's chain is taken at the very end, because others wait for it
// from then on. SQLite has one writer and nobody waits: there the posting is chained
// at once and written whole.
func Post(tx *db.Tx, p Posting) (posted bool, err error) {
	if err := check(p); err != nil {
		return false, err
	}
	l := link{key: tx.NewID(), at: tx.Now().UnixMilli(), posting: p}
	if tx.Engine() == db.SQLite {
		return postWhole(tx, l)
	}
	fresh, err := insertPosting(tx, l, chained{})
	if err != nil || !fresh {
		return false, err
	}
	if l.lines, err = moveAll(tx, p); err != nil {
		return false, err
	}
	if err := insertEntries(tx, l); err != nil {
		return false, err
	}
	chainLater(tx, l)
	return true, nil
}

// postWhole chains l and writes it, all in its turn.
func postWhole(tx *db.Tx, l link) (posted bool, err error) {
	p := l.posting
	var known bool
	var in chained
	if _, err := tx.Get(`SELECT EXISTS (SELECT 1 FROM ledger_posting WHERE district = $1 AND source = $2),
			coalesce((SELECT seq FROM ledger_chain WHERE district = $1 AND place = $3), 0),
			coalesce((SELECT hash FROM ledger_chain WHERE district = $1 AND place = $3), '')`,
		[]any{p.District, p.Source, p.Place}, &known, &in.seq, &in.prev); err != nil || known {
		return false, err
	}
	if l.lines, err = moveAll(tx, p); err != nil {
		return false, err
	}
	in.seq++
	in.hash = l.digest(in.prev, in.seq)
	if _, err := insertPosting(tx, l, in); err != nil {
		return false, err
	}
	if err := insertEntries(tx, l); err != nil {
		return false, err
	}
	_, err = tx.Exec(`INSERT INTO ledger_chain (district, place, seq, hash) VALUES ($1, $2, $3, $4)
		ON CONFLICT (district, place) DO UPDATE SET seq = excluded.seq, hash = excluded.hash`, p.District, p.Place, in.seq, in.hash)
	return err == nil, err
}

// moveAll changes the balances of all accounts of p.
func moveAll(tx *db.Tx, p Posting) ([]line, error) {
	entries := inOrder(p.Entries)
	lines := make([]line, len(entries))
	for i, e := range entries {
		var err error
		if lines[i], err = move(tx, p.District, e); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// inOrder sorts entries so that transactions take the accounts that they share in
// one order and never wait for each other in a circle: those that many share, which
// issue, before those of single owners.
func inOrder(entries []Entry) []Entry {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, func(a, b Entry) int {
		x, y := a.Account, b.Account
		if x.Overdraft != y.Overdraft {
			if x.Overdraft {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(x.Owner, y.Owner), cmp.Compare(x.Book, y.Book))
	})
	return sorted
}

// line is a booked entry, as the chain hashes it.
type line struct {
	account string
	amount  int64
	balance int64
}

func check(p Posting) error {
	var sum int64
	units := map[string]bool{}
	for _, e := range p.Entries {
		sum += e.Amount
		units[e.Account.Unit] = true
		if e.Amount == 0 {
			return fmt.Errorf("ledger: empty entry in %s", p.Source)
		}
	}
	if sum != 0 || len(units) != 1 || len(p.Entries) < 2 || p.Source == "" || p.Place == "" {
		return fmt.Errorf("ledger: %s: %d entries in %d units sum to %d", p.Source, len(p.Entries), len(units), sum)
	}
	return nil
}

// chained is a posting's place in its chain; the zero value follows later.
type chained struct {
	seq        int64
	prev, hash string
}

// insertPosting claims the source.
func insertPosting(tx *db.Tx, l link, in chained) (fresh bool, err error) {
	p := l.posting
	var reverses, seq any
	if p.Reverses != "" {
		reverses = p.Reverses
	}
	if in.seq > 0 {
		seq = in.seq
	}
	n, err := tx.Exec(`INSERT INTO ledger_posting (district, id, source, place, at, memo, reverses, attests, seq, prev, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (district, source) DO NOTHING`,
		p.District, l.key, p.Source, p.Place, l.at, p.Memo, reverses, p.Attests, seq, in.prev, in.hash)
	return n == 1, err
}

// move changes the account's balance, unless it would be overdrawn. An account that
// is not there yet is made first: most are, and cost one statement.
func move(tx *db.Tx, district int, e Entry) (l line, err error) {
	l.amount = e.Amount
	for range 2 {
		found, err := tx.Get(`UPDATE ledger_account SET balance = balance + $5
			WHERE district = $1 AND owner = $2 AND book = $3 AND unit = $4 AND (overdraft OR balance + $5 >= 0) RETURNING id, balance`,
			[]any{district, e.Account.Owner, e.Account.Book, e.Account.Unit, e.Amount}, &l.account, &l.balance)
		if err != nil || found {
			return l, err
		}
		// Not there, or overdrawn; made by another transaction in the meantime, it looks
		// like the second until it is asked again.
		if err := open(tx, district, e.Account); err != nil {
			return l, err
		}
	}
	return l, overdrawn(e)
}

func overdrawn(e Entry) error {
	return fault.Conflict("不够扣：要用 %d，账上没有这么多。", -e.Amount)
}

// insertEntries writes what was moved, in one statement.
func insertEntries(tx *db.Tx, l link) error {
	args := []any{l.posting.District, l.key, l.at}
	var rows strings.Builder
	for i, l := range l.lines {
		if i > 0 {
			rows.WriteString(", ")
		}
		at := len(args)
		fmt.Fprintf(&rows, "($1, $2, $%d, $%d, $%d, $%d, $3)", at+1, at+2, at+3, at+4)
		args = append(args, i, l.account, l.amount, l.balance)
	}
	_, err := tx.Exec(`INSERT INTO ledger_entry (district, posting, line, account, amount, balance, at) VALUES `+rows.String(), args...)
	return err
}

// open makes an account, unless it is there already.
func open(tx *db.Tx, district int, a Account) error {
	_, err := tx.Exec(`INSERT INTO ledger_account (district, id, owner, book, unit, balance, overdraft)
		VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT (district, owner, book, unit) DO NOTHING`,
		district, tx.NewID(), a.Owner, a.Book, a.Unit, a.Overdraft)
	return err
}

// Balance is what the account holds; an account never posted to holds 0.
func Balance(tx *db.Tx, district int, a Account) (balance int64, err error) {
	_, err = tx.Get(`SELECT balance FROM ledger_account
		WHERE district = $1 AND owner = $2 AND book = $3 AND unit = $4`,
		[]any{district, a.Owner, a.Book, a.Unit}, &balance)
	return balance, err
}

// Line is one movement on an account, as its owner reads it.
type Line struct {
	Posting string
	Source  string
	At      time.Time
	Memo    string
	Amount  int64
	Balance int64 // after it
}

// Lines lists the newest movements of an account before the moment, newest first;
// before is exclusive, with the posting id as tie-breaker for paging.
func Lines(tx *db.Tx, district int, a Account, before time.Time, posting string, limit int) ([]Line, error) {
	return db.All(tx, scanLine, `SELECT e.posting, p.source, e.at, p.memo, e.amount, e.balance
		FROM ledger_account a
		JOIN ledger_entry e ON e.district = a.district AND e.account = a.id
		JOIN ledger_posting p ON p.district = e.district AND p.id = e.posting
		WHERE a.district = $1 AND a.owner = $2 AND a.book = $3 AND a.unit = $4
		  AND e.at <= $5 AND (e.at < $5 OR e.posting < $6)
		ORDER BY e.at DESC, e.posting DESC LIMIT $7`,
		district, a.Owner, a.Book, a.Unit, before.UnixMilli(), posting, limit)
}

func scanLine(s db.Scanner) (l Line, err error) {
	var at int64
	err = s.Scan(&l.Posting, &l.Source, &at, &l.Memo, &l.Amount, &l.Balance)
	l.At = time.UnixMilli(at).UTC()
	return l, err
}
