package db

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"strings"
	"time"

	"linli/internal/kit/clock"
)

var (
	// ErrNested is returned for a Read or Write begun inside another one: it
	// would wait for itself.
	ErrNested = errors.New("db: transaction begun inside a transaction; pass the tx on")

	// ErrClosed is returned for a Read or Write begun after Close.
	ErrClosed = errors.New("db: closed")
)

// Options tune a DB; the zero value is right for production.
type Options struct {
	Clock       clock.Clock   // default clock.System
	Synchronous string        // SQLite only: FULL (default), NORMAL or OFF (throw-away tests)
	Readers     int           // connections for Read; default max(4, NumCPU)
	Writers     int           // PostgreSQL only: connections for Write; default Readers
	Limit       time.Duration // longest time of one Write with its retries; default 10 s
	NoGroup     bool          // SQLite only: commit each closure alone (the yardstick of the benchmark)
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	sql     *sql.DB // underneath the writing connections
	reading *sql.DB // underneath the reading connections; sql on PostgreSQL
	dialect dialect
	clock   clock.Clock
	limit   time.Duration
	readers *pool
	writers *pool  // nil on SQLite
	group   *group // nil on PostgreSQL
	signals signals
}

// Open opens a SQLite file (a path, made when it does not exist) or a PostgreSQL
// database (postgres:// or postgresql:// DSN).
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Readers == 0 {
		o.Readers = max(4, runtime.NumCPU())
	}
	if o.Writers == 0 {
		o.Writers = o.Readers
	}
	if o.Limit == 0 {
		o.Limit = 10 * time.Second
	}
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return openPostgres(ctx, dsn, o)
	}
	return openSQLite(ctx, dsn, o)
}

// Read runs fn in a read-only transaction with one consistent view. Like Write it
// may run fn more than once.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	if inside(ctx) {
		return ErrNested
	}
	return d.retry(ctx, func() error { return d.view(ctx, fn) })
}

// Write runs fn in a transaction that is durable when Write returns nil. fn may
// run more than once (see the package comment). When ctx ends while the caller
// still waits for its turn, nothing has happened; afterwards Write waits and
// tells how it went.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	if inside(ctx) {
		return ErrNested
	}
	if h := hook(ctx); h != nil {
		return h.write(ctx, d, fn)
	}
	return d.write(ctx, fn)
}

func (d *DB) write(ctx context.Context, fn func(*Tx) error) error {
	err := d.change(ctx, fn)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil && !isFault(err) {
		return busy(err)
	}
	return err
}

func (d *DB) change(ctx context.Context, fn func(*Tx) error) error {
	if d.group != nil {
		return d.retry(ctx, func() error { return d.group.write(ctx, fn) })
	}
	ctx, cancel := context.WithTimeout(ctx, d.limit)
	defer cancel()
	return d.retry(ctx, func() error {
		tx, err := d.attempt(ctx, fn)
		if err == nil {
			tx.committed()
		}
		return err
	})
}

// Engine names the database behind d.
func (d *DB) Engine() Engine { return d.dialect.engine }

// Clock is the clock that transactions read.
func (d *DB) Clock() clock.Clock { return d.clock }

// SQL is the pool underneath, for migrations and back-ups only.
func (d *DB) SQL() *sql.DB { return d.sql }

// Claim is appended to a SELECT … LIMIT that picks work for this transaction:
// PostgreSQL skips rows that another claimant holds, SQLite has one writer.
func (d *DB) Claim() string { return d.dialect.claim }

// Optimize lets the engine look at how its data is spread, by which it chooses
// among indexes. Call it after a large import and every hour or so.
func (d *DB) Optimize(ctx context.Context) error {
	if d.group == nil {
		return d.Analyze(ctx) // not a Write: a large database needs longer than one may take
	}
	err := d.Write(ctx, func(tx *Tx) error {
		_, err := tx.Exec(d.dialect.optimize)
		return err
	})
	d.readers.refresh() // SQLite reads the figures when a connection opens
	return err
}

// Close refuses new transactions, waits for those that run or wait, and closes
// every connection.
func (d *DB) Close() error {
	if d.group != nil {
		d.group.close()
	}
	if d.writers != nil {
		d.writers.close()
	}
	d.readers.close()
	if d.reading != d.sql {
		return errors.Join(d.reading.Close(), d.sql.Close())
	}
	return d.sql.Close()
}

func (d *DB) view(ctx context.Context, fn func(*Tx) error) error {
	c, err := d.readers.begin(ctx, d.dialect.beginRead)
	if err != nil {
		return err
	}
	defer d.readers.give(c)
	err = call(d.newTx(ctx, c), fn)
	c.rollback(d.dialect.broken(err))
	return err
}

// attempt is one writing transaction on PostgreSQL.
func (d *DB) attempt(ctx context.Context, fn func(*Tx) error) (*Tx, error) {
	c, err := d.writers.begin(ctx, d.dialect.beginWrite)
	if err != nil {
		return nil, err
	}
	defer d.writers.give(c)
	tx := d.newTx(ctx, c)
	if err := call(tx, fn); err != nil {
		c.rollback(d.dialect.broken(err))
		return nil, err
	}
	if err := c.commit(ctx); err != nil {
		return nil, d.dialect.undecided(err)
	}
	return tx, nil
}
