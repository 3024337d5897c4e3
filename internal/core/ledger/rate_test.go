package ledger

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/id"
	"linli/internal/schema"
)

// BenchmarkRate compares postings with plain INSERTs of the same rows, by turns in
// one run: 64 callers at once, SQLite with synchronous=FULL, each answered when its
// transaction is on the disk. The plain loop writes a posting and its two entries
// into the same tables with the same indexes, and does nothing else: no balances, no
// guard, no chain. The narrow loop writes one row of the first of them.
func BenchmarkRate(b *testing.B) {
	const turn = 3000
	posting, plain, narrow := time.Hour, time.Hour, time.Hour
	ledger, rows, one := scratch(b), scratch(b), scratch(b)
	for b.Loop() {
		posting = min(posting, byCallers(b, ledger, turn, postOne))
		plain = min(plain, byCallers(b, rows, turn, insertRows))
		narrow = min(narrow, byCallers(b, one, turn, insertOne))
	}
	b.ReportMetric(posting.Seconds()*1e6, "µs/posting")
	b.ReportMetric(plain.Seconds()*1e6, "µs/plain")
	b.ReportMetric(narrow.Seconds()*1e6, "µs/narrow")
	b.ReportMetric(float64(time.Second)/float64(posting), "postings/s")
	b.ReportMetric(float64(plain)/float64(posting), "x-rate-of-plain")
	b.ReportMetric(float64(narrow)/float64(posting), "x-rate-of-narrow")
	b.ReportMetric(0, "ns/op")
}

// scratch is an empty database of the house on a disk.
func scratch(b *testing.B) *db.DB {
	b.Helper()
	d, err := db.Open(b.Context(), filepath.Join(b.TempDir(), "rate.db"), db.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = d.Close() })
	if err := schema.Up(b.Context(), d); err != nil {
		b.Fatal(err)
	}
	return d
}

// byCallers has 64 callers write n times in all, and gives the time of one.
func byCallers(b *testing.B, d *db.DB, n int64, write func(*db.Tx, int64) error) time.Duration {
	b.Helper()
	var all sync.WaitGroup
	var left atomic.Int64
	left.Store(n)
	elapsed := clock.Stopwatch()
	for range 64 {
		all.Go(func() {
			for i := left.Add(-1); i >= 0; i = left.Add(-1) {
				if err := d.Write(context.Background(), func(tx *db.Tx) error { return write(tx, i) }); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	return elapsed() / time.Duration(n)
}

func postOne(tx *db.Tx, n int64) error {
	_, err := Post(tx, award(here, "visit:"+id.New(), fmt.Sprintf("v%d", n%1000), 2))
	return err
}

func insertRows(tx *db.Tx, n int64) error {
	key, now := id.New(), tx.Now().UnixMilli()
	if err := insertPlain(tx, key, now); err != nil {
		return err
	}
	for line, account := range []string{community, fmt.Sprintf("v%d", n%1000)} {
		if _, err := tx.Exec(`INSERT INTO ledger_entry (district, posting, line, account, amount, balance, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			here, key, line, account, 2, n, now); err != nil {
			return err
		}
	}
	return nil
}

func insertOne(tx *db.Tx, _ int64) error { return insertPlain(tx, id.New(), tx.Now().UnixMilli()) }

func insertPlain(tx *db.Tx, key string, now int64) error {
	_, err := tx.Exec(`INSERT INTO ledger_posting (district, id, source, place, at, memo, reverses, attests, seq, prev, hash)
		VALUES ($1, $2, $3, $4, $5, $6, NULL, '', $7, $8, $8)`, here, key, "visit:"+key, key, now, "理发", 1, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")
	return err
}
