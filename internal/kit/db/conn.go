package db

import (
	"context"
	"database/sql"
	"errors"
	"math/rand/v2"
	"time"

	"linli/internal/kit/fault"
)

// statementsMax bounds the prepared statements that a connection keeps. The
// product has a few hundred; only lists built with IN make more.
const statementsMax = 1000

// conn is one connection with its prepared statements; one goroutine at a time.
type conn struct {
	sql        *sql.Conn
	statements map[string]*sql.Stmt
	bad        bool // to be replaced instead of returned
}

func open(ctx context.Context, pool *sql.DB) (*conn, error) {
	c, err := pool.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{sql: c, statements: map[string]*sql.Stmt{}}, nil
}

// prepare keeps statements for the life of the connection: a prepared read costs
// half of an unprepared one on SQLite.
func (c *conn) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := c.statements[query]; ok {
		return st, nil
	}
	if len(c.statements) >= statementsMax {
		c.forget()
	}
	st, err := c.sql.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.statements[query] = st
	return st, nil
}

func (c *conn) forget() {
	for _, st := range c.statements {
		st.Close()
	}
	clear(c.statements)
}

// exec runs a transaction-control statement. It must reach the engine even when
// the caller has gone, or the connection would stay inside a transaction.
func (c *conn) exec(query string) error {
	ctx := context.Background()
	st, err := c.prepare(ctx, query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(ctx)
	return err
}

// run is one transaction of its own on this connection.
func (c *conn) run(ctx context.Context, d *DB, begin string, fn func(*Tx) error) error {
	if err := c.exec(begin); err != nil {
		c.bad = true
		return err
	}
	tx := d.newTx(ctx, c)
	if err := call(tx, fn); err != nil {
		c.bad = c.exec("ROLLBACK") != nil
		return err
	}
	if err := c.exec("COMMIT"); err != nil {
		c.bad = c.exec("ROLLBACK") != nil || true
		if d.dialect.retryable(err) {
			return err
		}
		return errUnknown(err)
	}
	tx.committed()
	return nil
}

func take(ctx context.Context, idle chan *conn) (*conn, error) {
	select {
	case c := <-idle:
		return c, nil
	default:
	}
	select {
	case c := <-idle:
		return c, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// give returns a connection to its pool, replacing one that broke.
func (d *DB) give(idle chan *conn, c *conn) {
	if c.bad {
		c.discard()
		idle <- d.replacement(c)
		return
	}
	idle <- c
}

// discard closes the connection underneath, so that the pool does not hand the
// broken one out again.
func (c *conn) discard() {
	c.forget()
	_ = c.sql.Raw(func(any) error { return errBadConn })
	c.sql.Close()
}

// replacement is a fresh connection, or the broken one again, marked so that its
// next user tries once more to replace it.
func (d *DB) replacement(broken *conn) *conn {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	c, err := open(ctx, d.sql)
	if err != nil {
		return broken
	}
	return c
}

const attempts = 5

// retry runs fn again on errors that a fresh transaction can outlive.
func (d *DB) retry(ctx context.Context, fn func() error) error {
	for attempt := 1; ; attempt++ {
		err := fn()
		if err == nil || !d.dialect.retryable(err) || isFault(err) {
			return err
		}
		if attempt == attempts {
			return busy(err)
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

func isFault(err error) bool {
	var f *fault.Error
	return errors.As(err, &f)
}

func busy(cause error) error {
	e := fault.Busy("这会儿人多，没记上。您填的都还在，过几秒再试一次。")
	e.Cause = cause
	return e
}

// pause waits a random while that doubles with each attempt.
func pause(ctx context.Context, attempt int) error {
	most := int64(10*time.Millisecond) << attempt
	t := time.NewTimer(time.Duration(rand.Int64N(most)))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
