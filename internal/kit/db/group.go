package db

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds of one group: enough to share the fsync, short enough that the first
// caller does not wait for the last.
const (
	groupMost = 512
	groupTime = 10 * time.Millisecond
)

// patience is how long a caller waits before it looks whether it is the writer
// itself, waiting for itself.
const patience = 50 * time.Millisecond

// group is the one writer of a SQLite file: callers queue their closures, its
// goroutine runs them, each in its own savepoint, and commits many together.
type group struct {
	db      *DB
	conn    *conn
	alone   bool // one closure per commit
	queue   queue
	stopped chan struct{}
}

// write is one caller and its closure. Whoever moves it on from waiting, the
// writer or the caller that gives up, decides whether it happens.
type write struct {
	ctx     context.Context
	fn      func(*Tx) error
	decided atomic.Bool
	tx      *Tx
	err     error
	done    chan struct{}
}

// errLost says that another closure of the group took the transaction with it.
var errLost = errors.New("db: the engine gave up the transaction")

func newGroup(d *DB, c *conn, alone bool) *group {
	g := &group{db: d, conn: c, alone: alone, stopped: make(chan struct{})}
	g.queue.arrived.L = &g.queue.mu
	go g.serve()
	return g
}

func (g *group) write(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w := &write{ctx: ctx, fn: fn, done: make(chan struct{})}
	if err := g.queue.put(w); err != nil {
		return err
	}
	if err := w.wait(g.db.limit); err != nil {
		return err
	}
	if w.err == nil {
		w.tx.committed()
	}
	return w.err
}

// wait ends when the writer has answered, or with an error when the caller gave
// up before its turn.
func (w *write) wait(limit time.Duration) error {
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-w.done:
		return nil
	case <-w.ctx.Done():
		return w.leave(w.ctx.Err())
	case <-timer.C:
	}
	if onWriter() {
		return w.leave(ErrNested)
	}
	timer.Reset(limit - patience)
	select {
	case <-w.done:
		return nil
	case <-w.ctx.Done():
		return w.leave(w.ctx.Err())
	case <-timer.C:
		return w.leave(busy(context.DeadlineExceeded))
	}
}

// leave gives up with err; when the writer was quicker, its answer is awaited.
func (w *write) leave(err error) error {
	if w.decided.CompareAndSwap(false, true) {
		return err
	}
	<-w.done
	return nil
}

// onWriter says whether this goroutine is inside a closure that the writer runs.
func onWriter() bool {
	pcs := make([]uintptr, 200)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs)])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "/kit/db.(*group).step") {
			return true
		}
		if !more {
			return false
		}
	}
}

// serve owns the writing connection until the queue is closed and empty. A
// closure that ends its goroutine (testing's FailNow does) ends this one too, so
// another takes over.
func (g *group) serve() {
	over := false
	defer func() {
		if over {
			g.conn.close()
			close(g.stopped)
			return
		}
		go g.serve()
	}()
	for first := g.queue.wait(); first != nil; first = g.queue.wait() {
		g.together(first)
	}
	over = true
}

// together runs a closure and those that arrive meanwhile in one transaction.
func (g *group) together(first *write) {
	var run []*write
	lost := g.control(g.db.dialect.beginWrite)
	defer func() { g.end(run, lost) }()
	if lost != nil {
		run = []*write{first}
		return
	}
	lost = errLost // should the goroutine end here
	begun := time.Now()
	for w := first; w != nil; w = g.next(len(run), begun) {
		run = append(run, w)
		if err := g.step(w); err != nil {
			lost = err
			return
		}
	}
	lost = nil
}

// next is a closure that waits already, or nil. It lets other goroutines run once
// before giving up: callers just answered are on their way back.
func (g *group) next(run int, begun time.Time) *write {
	if g.alone || run >= groupMost || time.Since(begun) > groupTime {
		return nil
	}
	if w := g.queue.next(); w != nil {
		return w
	}
	runtime.Gosched()
	return g.queue.next()
}

// step runs one closure in its savepoint; its failure is its own. An error means
// that there is no transaction any more: on a full disk, an I/O error or an
// interrupt the engine rolls back everything.
func (g *group) step(w *write) error {
	if err := g.control("SAVEPOINT one"); err != nil {
		w.err = err
		return err
	}
	w.err = errors.New("db: the closure ended its goroutine")
	// The statements must not be interrupted by one caller's context: the
	// transaction belongs to all of them.
	w.tx = g.db.newTx(context.WithoutCancel(w.ctx), g.conn)
	w.err = call(w.tx, w.fn)
	if w.err != nil {
		if err := g.control("ROLLBACK TO one"); err != nil {
			return fmt.Errorf("%w: %w", errLost, w.err)
		}
	}
	if err := g.control("RELEASE one"); err != nil {
		return fmt.Errorf("%w: %w", errLost, err)
	}
	return nil
}

// end makes the group durable and answers everybody in it.
func (g *group) end(run []*write, lost error) {
	failed := lost
	if failed == nil {
		if err := g.control("COMMIT"); err != nil {
			failed = unknown(err)
		}
	}
	if failed != nil {
		_ = g.control("ROLLBACK") // there may be none left
	}
	for _, w := range run {
		if w.err == nil {
			w.err = failed
		}
		close(w.done)
	}
}

func (g *group) control(query string) error {
	return g.conn.control(context.Background(), query)
}

func (g *group) close() {
	g.queue.close()
	<-g.stopped
}

// queue holds the writes that wait.
type queue struct {
	mu      sync.Mutex // guards the rest
	arrived sync.Cond
	waiting []*write
	closed  bool
}

func (q *queue) put(w *write) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return ErrClosed
	}
	q.waiting = append(q.waiting, w)
	q.arrived.Signal()
	return nil
}

// wait is the next write, or nil when the queue is closed and empty.
func (q *queue) wait() *write {
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		if w := q.pop(); w != nil || q.closed {
			return w
		}
		q.arrived.Wait()
	}
}

// next is the next write, or nil when none waits now.
func (q *queue) next() *write {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.pop()
}

// pop skips the callers that have given up.
func (q *queue) pop() *write {
	for len(q.waiting) > 0 {
		w := q.waiting[0]
		q.waiting[0] = nil
		q.waiting = q.waiting[1:]
		if w.decided.CompareAndSwap(false, true) {
			return w
		}
	}
	return nil
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.arrived.Broadcast()
}
