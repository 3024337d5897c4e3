package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync"
	"time"
)

// statementsMax bounds the prepared statements that a connection keeps. The
// product has a few hundred; only lists built with IN make more.
const statementsMax = 1000

// endTime bounds COMMIT and ROLLBACK, which the caller's context must not stop:
// a connection would stay inside a transaction, or its outcome be unknown.
const endTime = 15 * time.Second

// conn is one connection; one goroutine at a time.
type conn struct {
	sql        *sql.Conn
	statements map[string]*sql.Stmt // nil on PostgreSQL, whose driver keeps its own
	bad        bool                 // inside a transaction or broken: not to be used again
}

func open(ctx context.Context, db *sql.DB, prepares bool) (*conn, error) {
	c, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	if !prepares {
		return &conn{sql: c}, nil
	}
	return &conn{sql: c, statements: map[string]*sql.Stmt{}}, nil
}

func (c *conn) exec(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if c.statements == nil {
		return c.sql.ExecContext(ctx, query, args...)
	}
	st, err := c.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.ExecContext(ctx, args...)
}

func (c *conn) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if c.statements == nil {
		return c.sql.QueryContext(ctx, query, args...)
	}
	st, err := c.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
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

// control runs a statement without arguments that begins or ends a transaction.
func (c *conn) control(ctx context.Context, query string) error {
	_, err := c.exec(ctx, query)
	return err
}

func (c *conn) commit(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTime)
	defer cancel()
	err := c.control(ctx, "COMMIT")
	c.bad = err != nil
	return err
}

// rollback ends the transaction without effect. A broken connection is not asked.
func (c *conn) rollback(broken bool) {
	if broken {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), endTime)
	defer cancel()
	c.bad = c.control(ctx, "ROLLBACK") != nil
}

// close closes the connection underneath instead of returning it to its pool.
func (c *conn) close() {
	c.forget()
	_ = c.sql.Raw(func(any) error { return driver.ErrBadConn })
	c.sql.Close()
}

// pool is a bounded set of connections, opened when they are needed.
type pool struct {
	sql      *sql.DB
	prepares bool
	slots    chan struct{} // one token per connection that may be in use
	closed   chan struct{}
	mu       sync.Mutex // guards idle
	idle     []*conn
}

func newPool(db *sql.DB, size int, prepares bool) *pool {
	p := &pool{sql: db, prepares: prepares, slots: make(chan struct{}, size), closed: make(chan struct{})}
	for range size {
		p.slots <- struct{}{}
	}
	return p
}

// begin takes a connection and begins a transaction on it. A connection that
// broke while it was idle is replaced at once: nothing has happened on it.
func (p *pool) begin(ctx context.Context, statement string) (*conn, error) {
	if err := p.acquire(ctx); err != nil {
		return nil, err
	}
	for {
		c, fresh, err := p.take(ctx)
		if err != nil {
			p.slots <- struct{}{}
			return nil, err
		}
		err = c.control(ctx, statement)
		if err == nil {
			c.bad = true // until the transaction has ended
			return c, nil
		}
		c.close()
		if fresh || ctx.Err() != nil {
			p.slots <- struct{}{}
			return nil, err
		}
	}
}

func (p *pool) acquire(ctx context.Context) error {
	select {
	case <-p.closed:
		return ErrClosed
	default:
	}
	select {
	case <-p.slots:
		return nil
	case <-p.closed:
		return ErrClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take is the connection used last, or a fresh one.
func (p *pool) take(ctx context.Context) (c *conn, fresh bool, err error) {
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		c = p.idle[n-1]
		p.idle = p.idle[:n-1]
	}
	p.mu.Unlock()
	if c != nil {
		return c, false, nil
	}
	c, err = open(ctx, p.sql, p.prepares)
	return c, true, err
}

func (p *pool) give(c *conn) {
	if c.bad {
		c.close()
	} else {
		p.mu.Lock()
		p.idle = append(p.idle, c)
		p.mu.Unlock()
	}
	p.slots <- struct{}{}
}

// refresh closes the connections that are idle now.
func (p *pool) refresh() {
	p.mu.Lock()
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, c := range idle {
		c.close()
	}
}

// close waits for the transactions that run.
func (p *pool) close() {
	close(p.closed)
	for range cap(p.slots) {
		<-p.slots
	}
	p.refresh()
}
