package db

import (
	"context"
	"database/sql"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"linli/internal/kit/id"
)

// Tx is a running transaction. It belongs to one goroutine and must not be kept
// beyond its closure. After the first statement that fails it is over: every
// further statement fails too, and nothing is committed, on both engines.
type Tx struct {
	db      *DB
	ctx     context.Context
	watch   watch
	conn    *conn
	begun   time.Time
	now     time.Time // begun, unless At moved it
	serial  uint64    // of the last id; counts only while replays
	replays bool
	failed  error
	wrote   bool
	open    []*sql.Rows
	last    []func() error
	after   []func()
	values  map[any]any
}

// Context is the caller's context, marked so that a nested begin is refused.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Now is the one moment of this transaction: UTC, whole milliseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// At lets the transaction stand at another moment; only the loading of a past
// (the demo, an import of old records) has a reason to.
func (tx *Tx) At(t time.Time) { tx.now = t.UTC().Truncate(time.Millisecond) }

// Replay is At for a past that is to be the same each time that it is loaded: the
// ids that NewID makes from here on follow from the moment and the serial. Serials
// of one moment lie at least as far apart as ids are made.
func (tx *Tx) Replay(t time.Time, serial uint64) {
	tx.At(t)
	tx.replays, tx.serial = true, serial
}

// NewID makes the id of a new row.
func (tx *Tx) NewID() string {
	if !tx.replays {
		return id.New()
	}
	tx.serial++
	return id.At(tx.now, tx.serial)
}

// Begun is when the transaction really began, wherever At has put it.
func (tx *Tx) Begun() time.Time { return tx.begun }

// Engine names the database, for the few texts that dialect.go cannot hold.
func (tx *Tx) Engine() Engine { return tx.db.dialect.engine }

// Claim is DB.Claim of the database that tx runs on.
func (tx *Tx) Claim() string { return tx.db.dialect.claim }

// Exec runs a statement and returns the number of rows it touched.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	if tx.failed != nil {
		return 0, tx.failed
	}
	res, err := tx.conn.exec(tx.limited(), query, args...)
	if err != nil {
		return 0, tx.fail(query, err)
	}
	tx.wrote = true
	return res.RowsAffected()
}

// Query runs a statement that returns rows. Prefer All; Query is for results too
// large to hold. Rows left open are closed when the transaction ends.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	rows, err := tx.query(query, args...)
	if err == nil {
		tx.open = append(tx.open, rows)
	}
	return rows, err
}

func (tx *Tx) query(query string, args ...any) (*sql.Rows, error) {
	if tx.failed != nil {
		return nil, tx.failed
	}
	rows, err := tx.conn.query(tx.limited(), query, args...)
	if err != nil {
		return nil, tx.fail(query, err)
	}
	tx.wrote = tx.wrote || !strings.HasPrefix(strings.TrimSpace(query), "SELECT")
	return rows, nil
}

// Get scans the first row into dest; found is false when there is none.
func (tx *Tx) Get(query string, args []any, dest ...any) (found bool, err error) {
	_, found, err = One(tx, func(row Scanner) (struct{}, error) { return struct{}{}, row.Scan(dest...) }, query, args...)
	return found, err
}

// Scanner is a row that can be read; *sql.Rows is one.
type Scanner interface{ Scan(dest ...any) error }

// All collects every row of a query by scan, which must not use the transaction.
func All[T any](tx *Tx, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, tx.fail(query, err)
		}
		out = append(out, v)
	}
	return out, tx.fail(query, rows.Err())
}

// One reads a single row by scan; found is false when there is none.
func One[T any](tx *Tx, scan func(Scanner) (T, error), query string, args ...any) (v T, found bool, err error) {
	rows, err := tx.query(query, args...)
	if err != nil {
		return v, false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return v, false, tx.fail(query, rows.Err())
	}
	if v, err = scan(rows); err != nil {
		return v, false, tx.fail(query, err)
	}
	return v, true, tx.fail(query, rows.Close())
}

// Last adds work for the very end of the transaction, just before its commit;
// hot counters belong there (storage rule 10). It runs in the order added.
func (tx *Tx) Last(fn func() error) { tx.last = append(tx.last, fn) }

// AfterCommit adds work for after the commit; it is dropped on rollback. It runs
// on the caller's goroutine before Write returns, and may begin a transaction
// with a context from outside.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Value returns what was kept under key in this transaction, making it on first use.
func Value[T any](tx *Tx, key any, make func() T) T {
	if v, ok := tx.values[key]; ok {
		return v.(T)
	}
	v := make()
	if tx.values == nil {
		tx.values = map[any]any{}
	}
	tx.values[key] = v
	return v
}

func (d *DB) newTx(ctx context.Context, c *conn) *Tx {
	now := d.clock.Now().UTC().Truncate(time.Millisecond)
	return &Tx{db: d, ctx: within{ctx}, conn: c, begun: now, now: now}
}

// limited is the context that a statement runs under.
func (tx *Tx) limited() context.Context {
	return tx.watch.context(tx.ctx)
}

// within is a context inside a closure.
type within struct{ context.Context }

type insideKey struct{}

func inside(ctx context.Context) bool { return ctx.Value(insideKey{}) != nil }

func (c within) Value(key any) any {
	if key == (insideKey{}) {
		return true
	}
	return c.Context.Value(key)
}

// call runs fn and its last work; a panic becomes an error, because on SQLite
// it would otherwise end the one writer that everybody shares.
func call(tx *Tx, fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("db: panic in transaction: %v\n%s", p, debug.Stack())
		}
		if closing := tx.closeRows(); err == nil {
			err = closing
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.finish()
}

// finish runs what Last collected; that may add more.
func (tx *Tx) finish() error {
	for len(tx.last) > 0 {
		fn := tx.last[0]
		tx.last = tx.last[1:]
		if err := fn(); err != nil {
			return err
		}
	}
	return tx.failed
}

// closeRows ends what Query left open, and finds the errors nobody looked at.
func (tx *Tx) closeRows() error {
	var first error
	for _, rows := range tx.open {
		if err := rows.Err(); err != nil && first == nil {
			first = err
		}
		rows.Close()
	}
	return first
}

func (tx *Tx) committed() {
	for _, fn := range tx.after {
		fn()
	}
}

// fail remembers that the transaction is over; it passes nil on.
func (tx *Tx) fail(query string, err error) error {
	if err == nil {
		return nil
	}
	tx.failed = fmt.Errorf("%w [%s]", err, shorten(query))
	return tx.failed
}

func shorten(query string) string {
	const most = 120
	if len(query) > most {
		return query[:most] + "…"
	}
	return query
}
