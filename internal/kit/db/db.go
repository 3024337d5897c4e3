package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"linli/internal/kit/clock"
	"linli/internal/kit/fault"
)

// ErrNested is returned for a Read or Write begun inside another one: it would
// wait for itself.
var ErrNested = errors.New("db: transaction begun inside a transaction; pass the tx on")

// Options tune a DB; the zero value is right for production.
type Options struct {
	Clock       clock.Clock // default clock.System
	Synchronous string      // SQLite only: FULL (default), NORMAL or OFF (throw-away tests)
	Readers     int         // connections for Read; default max(4, NumCPU)
	Writers     int         // PostgreSQL only: connections for Write; default Readers
	NoGroup     bool        // SQLite only: commit each closure alone (the yardstick of the benchmark)
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	sql     *sql.DB
	dialect dialect
	clock   clock.Clock
	readers chan *conn    // idle connections for Read
	writers chan *conn    // idle connections for Write; nil on SQLite
	queue   chan *write   // SQLite: closures waiting for the writer
	stopped chan struct{} // closed when the writer has ended
	group   bool
}

// Tx is a running transaction. It belongs to one goroutine and must not be kept
// beyond its closure.
type Tx struct {
	ctx    context.Context
	conn   *conn
	now    time.Time
	last   []func() error
	after  []func()
	values map[any]any
	engine Engine
}

// Read runs fn in a read-only transaction with one consistent view.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	if inside(ctx) {
		return ErrNested
	}
	return d.retry(ctx, func() error {
		c, err := take(ctx, d.readers)
		if err != nil {
			return err
		}
		defer func() { d.give(d.readers, c) }()
		return c.run(ctx, d, d.dialect.beginRead, fn)
	})
}

// Write runs fn in a transaction that is durable when Write returns nil. fn may
// run more than once (see the package comment).
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if inside(ctx) {
		return ErrNested
	}
	if d.queue != nil {
		return d.enqueue(ctx, fn)
	}
	return d.retry(ctx, func() error {
		c, err := take(ctx, d.writers)
		if err != nil {
			return err
		}
		defer func() { d.give(d.writers, c) }()
		return c.run(ctx, d, d.dialect.beginWrite, fn)
	})
}

// Engine names the database behind d.
func (d *DB) Engine() Engine { return d.dialect.engine }

// Clock is the clock that transactions read.
func (d *DB) Clock() clock.Clock { return d.clock }

// SQL is the pool underneath, for migrations and back-ups only.
func (d *DB) SQL() *sql.DB { return d.sql }

// Close waits for the writer to finish what it holds and closes the pool.
func (d *DB) Close() error {
	if d.queue != nil {
		close(d.queue)
		<-d.stopped
	}
	return d.sql.Close()
}

// Context is the caller's context, marked so that a nested begin is refused.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Now is the one moment of this transaction: UTC, whole milliseconds.
func (tx *Tx) Now() time.Time { return tx.now }

// At lets the transaction stand at another moment; only the loading of a past
// (the demo, an import of old records) has a reason to.
func (tx *Tx) At(t time.Time) { tx.now = t.UTC().Truncate(time.Millisecond) }

// Engine names the database, for the few texts that dialect.go cannot hold.
func (tx *Tx) Engine() Engine { return tx.engine }

// Exec runs a statement and returns the number of rows it touched.
func (tx *Tx) Exec(query string, args ...any) (int64, error) {
	st, err := tx.conn.prepare(tx.ctx, query)
	if err != nil {
		return 0, describe(query, err)
	}
	res, err := st.ExecContext(tx.ctx, args...)
	if err != nil {
		return 0, describe(query, err)
	}
	return res.RowsAffected()
}

// Query runs a statement that returns rows; the caller closes them. Prefer All.
func (tx *Tx) Query(query string, args ...any) (*sql.Rows, error) {
	st, err := tx.conn.prepare(tx.ctx, query)
	if err != nil {
		return nil, describe(query, err)
	}
	rows, err := st.QueryContext(tx.ctx, args...)
	if err != nil {
		return nil, describe(query, err)
	}
	return rows, nil
}

// Get scans the first row into dest; found is false when there is none.
func (tx *Tx) Get(query string, args []any, dest ...any) (found bool, err error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return false, describe(query, rows.Err())
	}
	if err := rows.Scan(dest...); err != nil {
		return false, describe(query, err)
	}
	return true, describe(query, rows.Close())
}

// Scanner is a row that can be read; *sql.Rows is one.
type Scanner interface{ Scan(dest ...any) error }

// All collects every row of a query by scan.
func All[T any](tx *Tx, scan func(Scanner) (T, error), query string, args ...any) ([]T, error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, describe(query, err)
		}
		out = append(out, v)
	}
	return out, describe(query, rows.Err())
}

// One reads a single row by scan; found is false when there is none.
func One[T any](tx *Tx, scan func(Scanner) (T, error), query string, args ...any) (v T, found bool, err error) {
	rows, err := tx.Query(query, args...)
	if err != nil {
		return v, false, err
	}
	defer rows.Close()
	if !rows.Next() {
		return v, false, describe(query, rows.Err())
	}
	v, err = scan(rows)
	return v, err == nil, describe(query, err)
}

// Last adds work for the very end of the transaction, just before its commit;
// hot counters belong there (storage rule 10). It runs in the order added.
func (tx *Tx) Last(fn func() error) { tx.last = append(tx.last, fn) }

// AfterCommit adds work for after the commit; it is dropped on rollback.
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

// finish runs what Last collected; that may add more.
func (tx *Tx) finish() error {
	for len(tx.last) > 0 {
		fn := tx.last[0]
		tx.last = tx.last[1:]
		if err := fn(); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) committed() {
	for _, fn := range tx.after {
		fn()
	}
}

type insideKey struct{}

func inside(ctx context.Context) bool { return ctx.Value(insideKey{}) != nil }

func (d *DB) newTx(ctx context.Context, c *conn) *Tx {
	return &Tx{
		ctx:    context.WithValue(ctx, insideKey{}, true),
		conn:   c,
		now:    d.clock.Now().UTC().Truncate(time.Millisecond),
		engine: d.dialect.engine,
	}
}

// call runs fn and its last work; a panic becomes an error, because on SQLite
// it would otherwise end the one writer that everybody shares.
func call(tx *Tx, fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("db: panic in transaction: %v", p)
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	return tx.finish()
}

func describe(query string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w [%s]", err, shorten(query))
}

func shorten(query string) string {
	const most = 120
	if len(query) > most {
		return query[:most] + "…"
	}
	return query
}

// errUnknown says that the connection was lost during COMMIT.
func errUnknown(cause error) error {
	e := fault.Busy("刚才连接断了，不知道有没有记上。请看一眼再决定要不要重来。")
	e.Cause = cause
	return e
}
