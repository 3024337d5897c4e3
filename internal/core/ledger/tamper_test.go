package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// Ways to spoil the books that leave every sum and balance right, so that only the
// chain can tell. %[1]s is the posting of the third deed, of five.
var forgeries = map[string][]string{
	"a changed memo":              {`UPDATE ledger_posting SET memo = '理发两次' WHERE id = '%[1]s'`},
	"a changed source":            {`UPDATE ledger_posting SET source = 'visit:9' WHERE id = '%[1]s'`},
	"a changed time":              {`UPDATE ledger_posting SET at = at + 1 WHERE id = '%[1]s'`},
	"a reversal claimed":          {`UPDATE ledger_posting SET reverses = 'x' WHERE id = '%[1]s'`},
	"a changed attestation":       {`UPDATE ledger_posting SET attests = 'x' WHERE id = '%[1]s'`},
	"a changed hash":              {`UPDATE ledger_posting SET hash = prev WHERE id = '%[1]s'`},
	"a number taken away":         {`UPDATE ledger_posting SET seq = NULL WHERE id = '%[1]s'`},
	"a posting moved elsewhere":   {`UPDATE ledger_posting SET place = '130104016009' WHERE id = '%[1]s'`},
	"a head set back":             {`UPDATE ledger_chain SET seq = 4`},
	"a head forgotten":            {`DELETE FROM ledger_chain`},
	"a changed balance of a line": {`UPDATE ledger_entry SET balance = balance + 1 WHERE posting = '%[1]s'`},
	"a larger amount": {
		`UPDATE ledger_entry SET amount = amount * 2 WHERE posting = '%[1]s'`,
		`UPDATE ledger_account SET balance = (SELECT sum(amount) FROM ledger_entry WHERE account = ledger_account.id)`},
	"a posting removed": {
		`DELETE FROM ledger_entry WHERE posting = '%[1]s'`, `DELETE FROM ledger_posting WHERE id = '%[1]s'`,
		`UPDATE ledger_account SET balance = (SELECT sum(amount) FROM ledger_entry WHERE account = ledger_account.id)`},
	"the last posting removed": {
		`DELETE FROM ledger_entry WHERE posting = (SELECT id FROM ledger_posting WHERE seq = 5)`, `DELETE FROM ledger_posting WHERE seq = 5`,
		`UPDATE ledger_account SET balance = (SELECT sum(amount) FROM ledger_entry WHERE account = ledger_account.id)`},
	"everything of a place removed": {
		`DELETE FROM ledger_entry`, `DELETE FROM ledger_posting`, `UPDATE ledger_account SET balance = 0`},
	"a posting put in": {
		`INSERT INTO ledger_posting (district, id, source, place, at, memo, reverses, seq, prev, hash)
			SELECT district, 'new', 'new', place, at, memo, reverses, NULL, prev, hash FROM ledger_posting WHERE id = '%[1]s'`,
		`INSERT INTO ledger_entry (district, posting, line, account, amount, balance, at)
			SELECT district, 'new', line, account, amount, balance, at FROM ledger_entry WHERE posting = '%[1]s'`,
		`UPDATE ledger_account SET balance = (SELECT sum(amount) FROM ledger_entry WHERE account = ledger_account.id)`},
	"a posting put at the end": {
		`INSERT INTO ledger_posting (district, id, source, place, at, memo, reverses, seq, prev, hash)
			SELECT district, 'new', 'new', place, at, memo, reverses, 6, hash, hash FROM ledger_posting WHERE seq = 5`},
	"entries put into a posting": {
		`INSERT INTO ledger_entry (district, posting, line, account, amount, balance, at)
			SELECT district, posting, line + 2, account, amount, balance, at FROM ledger_entry WHERE posting = '%[1]s'`,
		`UPDATE ledger_account SET balance = (SELECT sum(amount) FROM ledger_entry WHERE account = ledger_account.id)`},
	"entries without a posting": {
		`INSERT INTO ledger_entry (district, posting, line, account, amount, balance, at)
			SELECT district, 'none', line, account, amount, balance, at FROM ledger_entry WHERE posting = '%[1]s'`,
		`UPDATE ledger_account SET balance = (SELECT sum(amount) FROM ledger_entry WHERE account = ledger_account.id)`},
	"two postings that changed places": {
		`UPDATE ledger_posting SET seq = 13 WHERE seq = 3`, `UPDATE ledger_posting SET seq = 3 WHERE seq = 4`, `UPDATE ledger_posting SET seq = 4 WHERE seq = 13`},
}

// blunders are found by the sums already.
var blunders = map[string][]string{
	"a changed balance":       {`UPDATE ledger_account SET balance = balance + 1 WHERE owner = 'sun'`},
	"a changed amount":        {`UPDATE ledger_entry SET amount = amount + 1 WHERE posting = '%[1]s' AND line = 0`},
	"a removed entry":         {`DELETE FROM ledger_entry WHERE posting = '%[1]s' AND line = 1`},
	"an overdrawn account":    {`UPDATE ledger_account SET overdraft = FALSE WHERE book = 'issued'`},
	"a removed account":       {`DELETE FROM ledger_account WHERE owner = 'sun'`},
	"an account from nowhere": {`INSERT INTO ledger_account (district, id, owner, book, unit, balance, overdraft) VALUES (130104, 'x', 'he', 'earned', 'points', 7, FALSE)`},
}

func TestTheCheckFindsForgeries(t *testing.T) {
	for _, all := range []map[string][]string{forgeries, blunders} {
		for name, statements := range all {
			t.Run(name, func(t *testing.T) { spoil(t, statements) })
		}
	}
}

func spoil(t *testing.T, statements []string) {
	d := dbtest.New(t, db.SQLite)
	var third string
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		for i := range 5 {
			if _, err := Post(tx, award(here, fmt.Sprintf("visit:%d", i), "sun", int64(i+1))); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if bad, err := findings(t.Context(), d); err != nil || len(bad) > 0 {
		t.Fatalf("before: %v %v", bad, err)
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Get(`SELECT id FROM ledger_posting WHERE district = $1 AND seq = 3`, []any{here}, &third); err != nil {
			return err
		}
		for _, s := range statements {
			if _, err := tx.Exec(strings.ReplaceAll(s, "%[1]s", third)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if bad, err := findings(t.Context(), d); err != nil || len(bad) == 0 {
		t.Errorf("found %v, %v", bad, err)
	}
}

// TestTheHashTellsPostingsApart changes one thing at a time, also such that the
// texts run together to the same.
func TestTheHashTellsPostingsApart(t *testing.T) {
	plain := func() link {
		p := award(here, "visit:1", "sun", 2)
		return link{key: "k", at: 1000, posting: p, lines: []line{{"a", -2, -2}, {"b", 2, 2}}}
	}
	seen := map[string]string{plain().digest("p", 1): "nothing", plain().digest("q", 1): "prev", plain().digest("p", 2): "seq"}
	for name, change := range map[string]func(*link){
		"key":      func(l *link) { l.key = "l" },
		"at":       func(l *link) { l.at++ },
		"district": func(l *link) { l.posting.District++ },
		"place":    func(l *link) { l.posting.Place = nextDoor },
		"source":   func(l *link) { l.posting.Source = "visit:2" },
		"memo":     func(l *link) { l.posting.Memo = "修灯" },
		"reverses": func(l *link) { l.posting.Reverses = "r" },
		"attests":  func(l *link) { l.posting.Attests = "a" },
		"border":   func(l *link) { l.posting.Source, l.posting.Memo = "visit:1理", "发" },
		"account":  func(l *link) { l.lines[0].account = "c" },
		"amount":   func(l *link) { l.lines[0].amount = -3 },
		"balance":  func(l *link) { l.lines[1].balance = 3 },
		"order":    func(l *link) { l.lines[0], l.lines[1] = l.lines[1], l.lines[0] },
		"fewer":    func(l *link) { l.lines = l.lines[:1] },
	} {
		l := plain()
		change(&l)
		hash := l.digest("p", 1)
		if other, known := seen[hash]; known {
			t.Errorf("a changed %s and a changed %s have one hash", name, other)
		}
		seen[hash] = name
	}
}

// TestPostingsAreChainedByPlace posts to two places in one transaction.
func TestPostingsAreChainedByPlace(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			for i := range 4 {
				p := award(here, fmt.Sprintf("visit:%d", i), "sun", 1)
				if i == 1 {
					p.Place = nextDoor
				}
				if _, err := Post(tx, p); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if err := d.Read(t.Context(), func(tx *db.Tx) error {
			for place, want := range map[string]int64{community: 3, nextDoor: 1, "130104016009": 0} {
				if seq, hash, err := Head(tx, here, place); err != nil || seq != want || (hash == "") != (want == 0) {
					t.Errorf("head of %s: %d %q %v", place, seq, hash, err)
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// TestDigestsStayAsTheyWere holds the digest against its first spelling: what was
// chained by it is in databases.
func TestDigestsStayAsTheyWere(t *testing.T) {
	was := func(l link, prev string, seq int64) string {
		var b strings.Builder
		put := func(v any) {
			s := fmt.Sprint(v)
			fmt.Fprintf(&b, "%d:%s;", len(s), s)
		}
		p := l.posting
		for _, v := range []any{prev, seq, l.key, l.at, p.District, p.Place, p.Source, p.Memo, p.Reverses, len(l.lines)} {
			put(v)
		}
		for _, entry := range l.lines {
			put(entry.account)
			put(entry.amount)
			put(entry.balance)
		}
		sum := sha256.Sum256([]byte(b.String()))
		return hex.EncodeToString(sum[:])
	}
	rapid.Check(t, func(rt *rapid.T) {
		text, number := rapid.String(), rapid.Int64()
		l := link{key: text.Draw(rt, "key"), at: number.Draw(rt, "at"), posting: Posting{
			District: rapid.Int().Draw(rt, "district"), Place: text.Draw(rt, "place"), Source: text.Draw(rt, "source"),
			Memo: text.Draw(rt, "memo"), Reverses: text.Draw(rt, "reverses"),
		}}
		for range rapid.IntRange(0, 3).Draw(rt, "lines") {
			l.lines = append(l.lines, line{text.Draw(rt, "account"), number.Draw(rt, "amount"), number.Draw(rt, "balance")})
		}
		prev, seq := text.Draw(rt, "prev"), number.Draw(rt, "seq")
		if got, want := l.digest(prev, seq), was(l, prev, seq); got != want {
			rt.Fatalf("%+v: %s, was %s", l, got, want)
		}
	})
}
