package db

import (
	"context"
	"runtime"
	"time"
)

// Bounds of one group: enough to share the fsync, short enough that the first
// caller does not wait for the last.
const (
	groupMost = 512
	groupTime = 10 * time.Millisecond
)

// write is one caller waiting for the writer.
type write struct {
	ctx  context.Context
	fn   func(*Tx) error
	tx   *Tx
	err  error
	done chan struct{}
}

func (d *DB) enqueue(ctx context.Context, fn func(*Tx) error) error {
	w := &write{ctx: ctx, fn: fn, done: make(chan struct{})}
	select {
	case d.queue <- w:
	case <-ctx.Done():
		return ctx.Err()
	}
	<-w.done
	if w.err == nil {
		w.tx.committed()
	}
	return w.err
}

// writer owns the writing connection until the queue is closed.
func (d *DB) writer(c *conn) {
	defer close(d.stopped)
	defer c.sql.Close()
	for w := range d.queue {
		d.commit(c, d.gather(c, w))
	}
}

// gather runs the first closure and those that arrive meanwhile, each in its own
// savepoint of one transaction.
func (d *DB) gather(c *conn, first *write) []*write {
	if err := c.exec(d.dialect.beginWrite); err != nil {
		first.answer(err)
		return nil
	}
	group := []*write{first}
	d.step(c, first)
	if !d.group {
		return group
	}
	begun := time.Now()
	for len(group) < groupMost && time.Since(begun) < groupTime {
		w := d.next()
		if w == nil {
			break
		}
		group = append(group, w)
		d.step(c, w)
	}
	return group
}

// next is a closure that waits already, or nil. It lets other goroutines run once
// before giving up: callers just answered are on their way back.
func (d *DB) next() *write {
	for range 2 {
		select {
		case w, ok := <-d.queue:
			if ok {
				return w
			}
			return nil
		default:
			runtime.Gosched()
		}
	}
	return nil
}

// step runs one closure in its savepoint; its failure is its own.
func (d *DB) step(c *conn, w *write) {
	if w.err = w.ctx.Err(); w.err != nil {
		return
	}
	if w.err = c.exec("SAVEPOINT one"); w.err != nil {
		return
	}
	// The statements must not be interrupted by one caller's context: the
	// transaction belongs to all of them.
	w.tx = d.newTx(context.WithoutCancel(w.ctx), c)
	w.err = call(w.tx, w.fn)
	if w.err != nil {
		if err := c.exec("ROLLBACK TO one"); err != nil {
			w.err = err
		}
	}
	if err := c.exec("RELEASE one"); err != nil && w.err == nil {
		w.err = err
	}
}

// commit makes the group durable and answers everybody in it.
func (d *DB) commit(c *conn, group []*write) {
	if group == nil {
		return
	}
	err := c.exec("COMMIT")
	if err != nil {
		_ = c.exec("ROLLBACK")
	}
	for _, w := range group {
		if w.err == nil && err != nil {
			w.err = errUnknown(err)
		}
		close(w.done)
	}
}

func (w *write) answer(err error) {
	w.err = err
	close(w.done)
}
