package app_test

import (
	"context"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/ledger"
	"linli/internal/feature/record"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// recorded is how many services BenchmarkVerify loads; each makes one row of the
// record, two postings and four entries.
var recorded = flag.Int("recorded", 10_000, "services that BenchmarkVerify loads (143000 for a million rows)")

// copyOf is a database with some services in it, of two communities, one corrected and
// one withdrawn.
func copyOf(t testing.TB, engine db.Engine, services int) (dsn string, d *db.DB) {
	t.Helper()
	dsn = dbtest.DSN(t, engine)
	d, err := db.Open(context.Background(), dsn, db.Options{Clock: clock.NewManual(monday), Synchronous: "OFF", Limit: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	const part = 500
	for done := 0; done < services; done += part {
		if err := d.Write(context.Background(), func(tx *db.Tx) error {
			var rows []record.Record
			for i := done; i < min(done+part, services); i++ {
				begin := monday.Add(-time.Duration(i/1000+1) * time.Hour)
				rows = append(rows, record.Record{
					District: 130104, Source: fmt.Sprint("visit:", i), Volunteer: fmt.Sprint("volunteer-", i%1000), Community: fmt.Sprint("13010401600", i%2),
					Order: fmt.Sprint("order-", i), Number: fmt.Sprint("n", i), Name: "理发", Category: "haircut", Place: "130104016001-a3", Content: "上门理发",
					StartedAt: begin, EndedAt: begin.Add(40 * time.Minute), Minutes: 40, Grade: "A", Kind: record.FromOrder, Organiser: "130104016001", PlacePath: "/",
				})
			}
			_, err := record.Enter(tx, rows...)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	return dsn, d
}

// change corrects the first row and withdraws the second.
func change(t *testing.T, d *db.DB) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		ids, err := db.All(tx, func(s db.Scanner) (id string, err error) { return id, s.Scan(&id) },
			`SELECT id FROM service_record WHERE district = $1 ORDER BY id LIMIT 2`, 130104)
		if err != nil {
			return err
		}
		for i, id := range ids {
			r, err := one(tx, id)
			if err != nil {
				return err
			}
			if i == 0 {
				_, err = record.CorrectTx(tx, access.Who{Person: "w"}, r, record.Correction{Minutes: 20, Reason: "签退晚了"})
			} else {
				err = record.WithdrawTx(tx, access.Who{Person: "w"}, r, "没有来")
			}
			if err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func one(tx *db.Tx, id string) (r record.Record, err error) {
	all, err := record.EnteredIn(tx, 130104, "130104016000", monday.AddDate(0, -1, 0), monday.AddDate(0, 1, 0))
	more, err2 := record.EnteredIn(tx, 130104, "130104016001", monday.AddDate(0, -1, 0), monday.AddDate(0, 1, 0))
	for _, x := range append(all, more...) {
		if x.ID == id {
			x.PlacePath = "/"
			return x, nil
		}
	}
	return r, fmt.Errorf("no row %s: %w %w", id, err, err2)
}

// numbers are the columns of the three tables that hold numbers.
var numbers = strings.Fields("district at seq line amount balance started_at ended_at minutes entered_at counts_at")

// TestAnyForgeryIsFound flips each column of one row of the record, of the postings
// and of the entries, removes the row, and puts another in: the audit of a copy finds
// every one, and nothing when the row is as it was.
func TestAnyForgeryIsFound(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			dsn, d := copyOf(t, engine, 6)
			change(t, d)
			w := &forger{t: t, dsn: dsn, d: d}
			w.sound("at the beginning")
			for table, row := range map[string]string{
				"service_record": `source = 'visit:3'`,
				"ledger_posting": `source = 'visit:3:minutes'`,
				"ledger_entry":   `line = 1 AND posting = (SELECT id FROM ledger_posting WHERE source = 'visit:3:minutes')`,
			} {
				w.flip(table, row)
				w.remove(table, row)
			}
			w.insert("service_record", "id", "source")
			w.insert("ledger_posting", "id", "source", "seq")
			w.insert("ledger_entry", "line")
			w.sound("at the end")
		})
	}
}

type forger struct {
	t   *testing.T
	dsn string
	d   *db.DB
}

func (w *forger) exec(statement string) {
	w.t.Helper()
	if _, err := w.d.SQL().ExecContext(w.t.Context(), statement); err != nil {
		w.t.Fatalf("%v in %s", err, statement)
	}
}

func (w *forger) found() []string {
	w.t.Helper()
	a, err := app.Verify(w.t.Context(), w.dsn)
	if err != nil {
		w.t.Fatal(err)
	}
	if a.Records < 7 || a.Postings < 14 || a.Entries < 28 {
		w.t.Fatalf("only %+v", a)
	}
	return a.Bad
}

func (w *forger) sound(when string) {
	w.t.Helper()
	if bad := w.found(); len(bad) > 0 {
		w.t.Fatalf("%s: %v", when, bad)
	}
}

func (w *forger) spoiled(what string) {
	w.t.Helper()
	if bad := w.found(); len(bad) == 0 {
		w.t.Errorf("%s is not found", what)
	}
}

// flip changes each column and takes the change back.
func (w *forger) flip(table, row string) {
	w.t.Helper()
	id := w.text(`SELECT ` + map[bool]string{true: "posting", false: "id"}[table == "ledger_entry"] + ` FROM ` + table + ` WHERE ` + row)
	for _, name := range w.columns(table) {
		here := `id = '` + id + `'`
		switch {
		case table == "ledger_entry":
			here = `posting = '` + id + `' AND line = 1`
		case name == "id":
			here = row
		}
		there, to, back := here, name+` || 'x'`, `substr(`+name+`, 1, length(`+name+`) - 1)`
		switch {
		case name == "reverses":
			to, back = `'x'`, `NULL`
		case slices.Contains(numbers, name):
			to, back = name+` + 86400000`, name+` - 86400000`
			if name == "district" || name == "line" || name == "minutes" {
				to, back = name+` + 7`, name+` - 7`
			}
		}
		switch {
		case name == "posting":
			there = `posting = '` + id + `x' AND line = 1`
		case name == "line":
			there = `posting = '` + id + `' AND line = 8`
		}
		w.exec(`UPDATE ` + table + ` SET ` + name + ` = ` + to + ` WHERE ` + here)
		w.spoiled(table + "." + name + " changed")
		w.exec(`UPDATE ` + table + ` SET ` + name + ` = ` + back + ` WHERE ` + there)
	}
}

// remove takes the row out and puts it back.
func (w *forger) remove(table, row string) {
	w.t.Helper()
	keep := table + "_kept"
	w.exec(`CREATE TABLE ` + keep + ` AS SELECT * FROM ` + table + ` WHERE ` + row)
	w.exec(`DELETE FROM ` + table + ` WHERE ` + row)
	w.spoiled(table + " without one row")
	w.exec(`INSERT INTO ` + table + ` SELECT * FROM ` + keep)
	w.exec(`DROP TABLE ` + keep)
}

// insert puts a second row beside one, with other keys.
func (w *forger) insert(table string, keys ...string) {
	w.t.Helper()
	var values []string
	names := w.columns(table)
	for _, name := range names {
		switch {
		case slices.Contains(keys, name) && slices.Contains(numbers, name):
			values = append(values, name+" + 1000")
		case slices.Contains(keys, name):
			values = append(values, "'forged'")
		case name == "replaces":
			values = append(values, "''")
		default:
			values = append(values, name)
		}
	}
	row := map[string]string{"service_record": `source = 'visit:3'`, "ledger_posting": `source = 'visit:3:minutes'`,
		"ledger_entry": `line = 1 AND posting = (SELECT id FROM ledger_posting WHERE source = 'visit:3:minutes')`}[table]
	w.exec(`INSERT INTO ` + table + ` (` + strings.Join(names, ", ") + `) SELECT ` + strings.Join(values, ", ") + ` FROM ` + table + ` WHERE ` + row)
	w.spoiled(table + " with one row more")
	forged := `id = 'forged'`
	if table == "ledger_entry" {
		forged = `line = 1001`
	}
	w.exec(`DELETE FROM ` + table + ` WHERE ` + forged)
}

func (w *forger) text(query string) (out string) {
	w.t.Helper()
	if err := w.d.SQL().QueryRowContext(w.t.Context(), query).Scan(&out); err != nil {
		w.t.Fatal(err)
	}
	return out
}

func (w *forger) columns(table string) []string {
	w.t.Helper()
	rows, err := w.d.SQL().QueryContext(w.t.Context(), `SELECT * FROM `+table+` LIMIT 0`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		w.t.Fatal(err)
	}
	return names
}

// TestAPublishedHeadIsHeld: a chain that was rewritten as a whole is sound in itself
// and does not go through the head that was published.
func TestAPublishedHeadIsHeld(t *testing.T) {
	dsn, d := copyOf(t, db.SQLite, 10)
	var head ledger.ChainHead
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		head.Seq, head.Hash, err = ledger.Head(tx, 130104, "130104016001")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	published := fmt.Sprintf("130104016001:%d:%s", head.Seq, head.Hash)
	for text, sound := range map[string]bool{published: true, strings.ReplaceAll(published, ":1", ":2"): false, fmt.Sprintf("130104016001:%d:%064d", head.Seq, 7): false} {
		a, err := app.Verify(t.Context(), dsn, text)
		if err != nil || (len(a.Bad) == 0) != sound {
			t.Errorf("%s: %v %v", text, a.Bad, err)
		}
	}
	if _, err := app.Verify(t.Context(), dsn, "nonsense"); err == nil {
		t.Error("a head that is none is taken")
	}
}

// BenchmarkVerify audits a copy on one core: µs a row of record, postings and entries.
func BenchmarkVerify(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			dsn, d := copyOf(b, engine, *recorded)
			if engine == db.SQLite { // as in a copy that was taken in peace
				exec(b, d, `PRAGMA wal_checkpoint(TRUNCATE)`)
			}
			var rows int64
			for b.Loop() {
				a, err := app.Verify(context.Background(), dsn)
				if err != nil || len(a.Bad) > 0 {
					b.Fatal(a.Bad, err)
				}
				rows = a.Records + a.Postings + a.Entries
			}
			per := b.Elapsed().Seconds() / float64(b.N)
			b.ReportMetric(per, "s/audit")
			b.ReportMetric(float64(rows), "rows")
			b.ReportMetric(1e6*per/float64(rows), "s/million")
		})
	}
}
