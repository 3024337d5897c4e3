package db_test

import (
	"context"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/id"
)

// Transactions in one turn of each way.
const (
	turnTogether = 2048
	turnAlone    = 512
)

// BenchmarkGroupCommit compares, in one run and on one disk with synchronous=FULL,
// 64 callers whose closures are committed together with the same callers each
// committing alone, and with the same rows written in a single transaction. The
// three take turns, and the best turn of each counts: the others say more about
// what else the disk had to do.
//
// "step" is what a step of a process writes: its record, the new version of
// the thing itself, an event, a job and the counter of events. "row" is the least
// that can be written, one narrow row; there 64 callers have little to share the
// fsync with, and its price shows.
func BenchmarkGroupCommit(b *testing.B) {
	b.Run("step", func(b *testing.B) { compareCommits(b, step) })
	b.Run("row", func(b *testing.B) { compareCommits(b, row) })
}

func compareCommits(b *testing.B, write func(tx *db.Tx, n int64) error) {
	grouped := ledger(b, db.Options{})
	alone := ledger(b, db.Options{NoGroup: true})
	single := ledger(b, db.Options{Limit: time.Hour})
	together, each, once := time.Hour, time.Hour, time.Hour
	for b.Loop() {
		together = min(together, timed(turnTogether, func() { byCallers(b, grouped, turnTogether, write) }))
		each = min(each, timed(turnAlone, func() { byCallers(b, alone, turnAlone, write) }))
		once = min(once, timed(turnTogether, func() { inOne(b, single, turnTogether, write) }))
	}
	b.ReportMetric(together.Seconds()*1e6, "µs/grouped")
	b.ReportMetric(each.Seconds()*1e6, "µs/alone")
	b.ReportMetric(once.Seconds()*1e6, "µs/single")
	b.ReportMetric(float64(each)/float64(together), "x-rate-of-alone")
	b.ReportMetric(float64(once)/float64(together), "x-rate-of-single")
	b.ReportMetric(0, "ns/op")
}

// timed is how long each of n takes when fn does them all.
func timed(n int, fn func()) time.Duration {
	elapsed := clock.Stopwatch()
	fn()
	return elapsed() / time.Duration(n)
}

// counted is a database and the number of writes it has seen.
type counted struct {
	db   *db.DB
	next atomic.Int64
}

func ledger(b *testing.B, o db.Options) *counted {
	b.Helper()
	d, err := db.Open(b.Context(), filepath.Join(b.TempDir(), "bench.db"), o)
	must(b, err)
	b.Cleanup(func() { must(b, d.Close()) })
	must(b, d.Write(b.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`
			CREATE TABLE thing (district INTEGER NOT NULL, id BIGINT NOT NULL, state TEXT NOT NULL, version BIGINT NOT NULL, PRIMARY KEY (district, id));
			CREATE TABLE record (district INTEGER NOT NULL, id TEXT NOT NULL, thing BIGINT NOT NULL, words TEXT NOT NULL, made_at BIGINT NOT NULL, PRIMARY KEY (district, id));
			CREATE INDEX record_thing ON record (district, thing, made_at);
			CREATE TABLE event (district INTEGER NOT NULL, number BIGINT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, made_at BIGINT NOT NULL, PRIMARY KEY (district, number));
			CREATE TABLE task (district INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, due_at BIGINT NOT NULL, PRIMARY KEY (district, id));
			CREATE INDEX task_due ON task (district, due_at);
			CREATE TABLE counter (district INTEGER NOT NULL, last BIGINT NOT NULL, PRIMARY KEY (district));
			INSERT INTO counter (district, last) VALUES (110105, 0)`)
		return err
	}))
	return &counted{db: d}
}

const district = 110105

// row writes one narrow row.
func row(tx *db.Tx, n int64) error {
	_, err := tx.Exec(`INSERT INTO event (district, number, kind, body, made_at) VALUES ($1, $2, $3, $4, $5)`,
		district, n, "seen", "", tx.Now().UnixMilli())
	return err
}

// step writes what one step of a process does. Five hundred things are under way
// at a time; each goes through eight steps before the next five hundred come.
func step(tx *db.Tx, n int64) error {
	now, thing := tx.Now().UnixMilli(), n/4000*500+n%500
	for _, s := range []struct {
		query string
		args  []any
	}{
		{`INSERT INTO record (district, id, thing, words, made_at) VALUES ($1, $2, $3, $4, $5)`,
			[]any{district, id.New(), thing, "灯坏了，想请人来看看，家里只有老人", now}},
		{`INSERT INTO thing (district, id, state, version) VALUES ($1, $2, $3, 1)
			ON CONFLICT (district, id) DO UPDATE SET version = thing.version + 1`,
			[]any{district, thing, "open"}},
		{`INSERT INTO task (district, id, kind, due_at) VALUES ($1, $2, $3, $4)`,
			[]any{district, id.New(), "remind", now + 86_400_000}},
		{`INSERT INTO event (district, number, kind, body, made_at) VALUES ($1, $2, $3, $4, $5)`,
			[]any{district, n, "accepted", `{"words":"灯坏了，想请人来看看，家里只有老人"}`, now}},
		{`UPDATE counter SET last = last + 1 WHERE district = $1`,
			[]any{district}},
	} {
		if _, err := tx.Exec(s.query, s.args...); err != nil {
			return err
		}
	}
	return nil
}

// byCallers has 64 goroutines write n times in all.
func byCallers(b *testing.B, c *counted, n int64, write func(tx *db.Tx, n int64) error) {
	var wg sync.WaitGroup
	var left atomic.Int64
	left.Store(n)
	for range 64 {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if err := c.db.Write(context.Background(), func(tx *db.Tx) error { return write(tx, c.next.Add(1)) }); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func inOne(b *testing.B, c *counted, n int, write func(tx *db.Tx, n int64) error) {
	must(b, c.db.Write(context.Background(), func(tx *db.Tx) error {
		for range n {
			if err := write(tx, c.next.Add(1)); err != nil {
				return err
			}
		}
		return nil
	}))
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// BenchmarkRead is one transaction that reads a row by its key, and one that
// reads a page of fifty.
func BenchmarkRead(b *testing.B) {
	dbtest.Bench(b, func(b *testing.B, d *db.DB) {
		createNotes(b, d)
		must(b, d.Write(b.Context(), func(tx *db.Tx) error {
			for i := range int64(10_000) {
				must(b, add(tx, i))
			}
			return nil
		}))
		for _, rows := range []int{1, 50} {
			b.Run(strconv.Itoa(rows), func(b *testing.B) {
				for b.Loop() {
					must(b, d.Read(b.Context(), func(tx *db.Tx) error {
						all, err := db.All(tx, scanID, `SELECT id FROM note WHERE district = $1 AND id >= $2 ORDER BY id LIMIT $3`, district, 5000, rows)
						if len(all) != rows {
							b.Errorf("%d rows, want %d", len(all), rows)
						}
						return err
					}))
				}
			})
		}
	})
}
