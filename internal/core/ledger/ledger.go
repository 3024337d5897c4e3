package ledger

import (
	"cmp"
	"fmt"
	"slices"
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
func Post(tx *db.Tx, p Posting) (posted bool, err error) {
	if err := check(p); err != nil {
		return false, err
	}
	key := tx.NewID()
	fresh, err := insertPosting(tx, key, p)
	if err != nil || !fresh {
		return false, err
	}
	entries := inOrder(p.Entries)
	lines := make([]line, len(entries))
	for i, e := range entries {
		if lines[i], err = book(tx, p.District, key, i, e); err != nil {
			return false, err
		}
	}
	chainLater(tx, link{key: key, at: tx.Now().UnixMilli(), posting: p, lines: lines})
	return true, nil
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

// insertPosting claims the source. Number and hashes follow at the end of the
// transaction.
func insertPosting(tx *db.Tx, key string, p Posting) (fresh bool, err error) {
	var reverses any
	if p.Reverses != "" {
		reverses = p.Reverses
	}
	n, err := tx.Exec(`INSERT INTO ledger_posting (district, id, source, place, at, memo, reverses, attests, seq, prev, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, '', '') ON CONFLICT (district, source) DO NOTHING`,
		p.District, key, p.Source, p.Place, tx.Now().UnixMilli(), p.Memo, reverses, p.Attests)
	return n == 1, err
}

// book changes the account's balance and writes the entry.
func book(tx *db.Tx, district int, posting string, no int, e Entry) (line, error) {
	account, err := open(tx, district, e.Account)
	if err != nil {
		return line{}, err
	}
	var balance int64
	found, err := tx.Get(`UPDATE ledger_account SET balance = balance + $3
		WHERE district = $1 AND id = $2 AND (overdraft OR balance + $3 >= 0) RETURNING balance`,
		[]any{district, account, e.Amount}, &balance)
	if err != nil {
		return line{}, err
	}
	if !found {
		return line{}, fault.Conflict("不够扣：要用 %d，账上没有这么多。", -e.Amount)
	}
	_, err = tx.Exec(`INSERT INTO ledger_entry (district, posting, line, account, amount, balance, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, district, posting, no, account, e.Amount, balance, tx.Now().UnixMilli())
	return line{account, e.Amount, balance}, err
}

// open finds the account, making it on first use.
func open(tx *db.Tx, district int, a Account) (string, error) {
	var key string
	find := func() (bool, error) {
		return tx.Get(`SELECT id FROM ledger_account WHERE district = $1 AND owner = $2 AND book = $3 AND unit = $4`,
			[]any{district, a.Owner, a.Book, a.Unit}, &key)
	}
	if found, err := find(); err != nil || found {
		return key, err
	}
	if _, err := tx.Exec(`INSERT INTO ledger_account (district, id, owner, book, unit, balance, overdraft)
		VALUES ($1, $2, $3, $4, $5, 0, $6) ON CONFLICT (district, owner, book, unit) DO NOTHING`,
		district, tx.NewID(), a.Owner, a.Book, a.Unit, a.Overdraft); err != nil {
		return "", err
	}
	found, err := find()
	if err == nil && !found {
		err = fmt.Errorf("ledger: account of %s vanished", a.Owner)
	}
	return key, err
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
