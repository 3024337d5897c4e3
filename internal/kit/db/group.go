package db

import (
	"context"
	"errors"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"linli/internal/kit/clock"
)

// Bounds of one group: enough to share the fsync, short enough that the first
// caller does not wait for the last.
const (
	groupMost = 512
	groupTime = 10 * time.Millisecond
)

// patience is how long a caller at most waits before it looks up: whether it is the
// writer itself, waiting for itself, and whether its own context has ended.
const patience = 50 * time.Millisecond

// carefulFor is the number of groups that stay careful after a closure spoiled one:
// where one fails late, others are likely to.
const carefulFor = 16

// group is the one writer of a SQLite file: callers queue their closures, its
// goroutine runs them and commits many together.
//
// At first it trusts them: they run one after the other in one transaction. When
// one fails that has already written, the transaction is spoiled; it is rolled
// back and all are run again, now each in its own savepoint. A savepoint costs
// about a tenth of what a closure does, hence not always.
type group struct {
	db      *DB
	conn    *conn
	alone   bool                 // one closure per commit
	careful int                  // groups that shall still use savepoints
	elapsed func() time.Duration // since the group began to serve
	queue   queue
	stopped chan struct{}
}

// write is one caller and its closure. Whoever moves it on from waiting, the
// writer or the caller that gives up, decides whether it happens.
type write struct {
	ctx     context.Context
	fn      func(*Tx) error
	decided atomic.Bool
	stirred bool // has been sent a look
	tx      *Tx
	err     error
	news    chan news
}

// news is what a caller that waits is woken for. Hardly any waits long enough for a
// look, hence a plain channel at first, at a third of the price of waiting with a
// timer and a context.
type news bool

const (
	look     news = false // at its context and its limit
	answered news = true
)

var (
	// errSpoiled says that a closure failed and its writes are still there.
	errSpoiled = errors.New("db: the transaction is spoiled")

	// errLost says that another closure of the group took the transaction with
	// it; who gets it is run again.
	errLost = errors.New("db: the transaction was lost with another closure of its group")

	// errGone is the answer to a closure that did not return.
	errGone = errors.New("db: the closure ended its goroutine")
)

func newGroup(d *DB, c *conn, alone bool) *group {
	g := &group{db: d, conn: c, alone: alone, elapsed: clock.Stopwatch(), stopped: make(chan struct{})}
	g.queue.arrived.L = &g.queue.mu
	g.queue.watch = time.AfterFunc(patience, g.queue.stir)
	go g.serve()
	return g
}

func (g *group) write(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w := &write{ctx: ctx, fn: fn, news: make(chan news, 2)}
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
	if <-w.news == answered {
		return nil
	}
	if onWriter() {
		return w.leave(ErrNested)
	}
	timer := time.NewTimer(limit - patience)
	defer timer.Stop()
	select {
	case <-w.news:
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
	for <-w.news != answered {
	}
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

// batch is the closures of one transaction.
type batch struct {
	run  []*write
	over bool  // each has been run
	err  error // why there is nothing to commit
}

// together runs a closure and those that arrive meanwhile in one transaction.
func (g *group) together(first *write) {
	b := &batch{}
	defer g.end(b) // also when a closure ends this goroutine
	g.gather(b, first)
	if errors.Is(b.err, errSpoiled) && len(b.run) > 1 {
		g.careful = carefulFor
		g.again(b)
	}
	b.over = true
}

func (g *group) gather(b *batch, first *write) {
	b.run = append(b.run, first)
	if b.err = g.control(g.db.dialect.beginWrite); b.err != nil {
		return
	}
	begun := g.elapsed()
	b.err = g.step(first, begun)
	for b.err == nil {
		now := g.elapsed()
		w := g.next(len(b.run), now-begun)
		if w == nil {
			return
		}
		b.run = append(b.run, w)
		b.err = g.step(w, now)
	}
}

// next is a closure that waits already, or nil. It lets other goroutines run once
// before giving up: callers just answered are on their way back.
func (g *group) next(run int, elapsed time.Duration) *write {
	if g.alone || run >= groupMost || elapsed > groupTime {
		return nil
	}
	if w := g.queue.next(); w != nil {
		return w
	}
	runtime.Gosched()
	return g.queue.next()
}

// again runs the closures of a spoiled transaction in a new one, but for those
// that have already had all their time.
func (g *group) again(b *batch) {
	_ = g.control("ROLLBACK") // the engine may have done it
	if b.err = g.control(g.db.dialect.beginWrite); b.err != nil {
		return
	}
	for _, w := range b.run {
		if errors.Is(w.err, context.DeadlineExceeded) {
			continue
		}
		if b.err = g.step(w, g.elapsed()); b.err != nil {
			return
		}
	}
}

// step runs one closure; its failure is its own, unless the error returned says
// what became of the transaction.
func (g *group) step(w *write, now time.Duration) error {
	if g.careful > 0 {
		return g.guarded(w, now)
	}
	g.invoke(w, now)
	if w.err != nil && spoiled(w.tx) {
		return errSpoiled
	}
	return nil
}

// spoiled says whether a failed closure left something behind. A violated
// constraint takes back its own statement; after any other error of a statement
// nothing is certain.
func spoiled(tx *Tx) bool {
	return tx.wrote || tx.failed != nil && sqliteCode(tx.failed) != sqliteConstraint
}

// guarded runs a closure in its savepoint. On a full disk, an I/O error or an
// interrupt the engine rolls back everything, and the savepoint is not found.
func (g *group) guarded(w *write, now time.Duration) error {
	if w.err = g.control("SAVEPOINT one"); w.err != nil {
		return errLost
	}
	g.invoke(w, now)
	if w.err != nil && g.control("ROLLBACK TO one") != nil {
		return errLost
	}
	if g.control("RELEASE one") != nil {
		return errLost
	}
	return nil
}

// invoke calls the closure. Its statements must not be interrupted by its
// caller's context: the transaction belongs to all of them.
func (g *group) invoke(w *write, now time.Duration) {
	w.err = errGone
	w.tx = g.db.newTx(context.WithoutCancel(w.ctx), g.conn)
	w.tx.watch = watch{elapsed: g.elapsed, since: now, limit: g.db.limit}
	defer w.tx.watch.stop()
	w.err = call(w.tx, w.fn)
}

// end makes the batch durable and answers everybody in it.
func (g *group) end(b *batch) {
	if !b.over {
		b.err = errLost
	}
	if b.err == nil {
		if err := g.control("COMMIT"); err != nil {
			b.err = g.db.dialect.undecided(err)
		}
	}
	if b.err != nil {
		_ = g.control("ROLLBACK") // the engine may have done it
	}
	g.careful = max(0, g.careful-1)
	for _, w := range b.run {
		if w.err == nil {
			w.err = b.err
		}
		w.news <- answered
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
	watch   *time.Timer // looks at the queue
	watched bool        // watch is under way
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
	q.keepWatch()
	return nil
}

// stir lets everybody who still waits look up, once.
func (q *queue) stir() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, w := range q.waiting {
		if !w.stirred {
			w.stirred = true
			w.news <- look
		}
	}
	q.watched = false
	q.keepWatch()
}

// keepWatch has the queue stirred in a while if anybody waits.
func (q *queue) keepWatch() {
	if !q.watched && len(q.waiting) > 0 {
		q.watched = true
		q.watch.Reset(patience)
	}
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

// pop skips the callers that have given up, and those that are about to.
func (q *queue) pop() *write {
	for len(q.waiting) > 0 {
		w := q.waiting[0]
		q.waiting[0] = nil
		q.waiting = q.waiting[1:]
		if !w.decided.CompareAndSwap(false, true) {
			continue
		}
		if w.err = w.ctx.Err(); w.err == nil {
			return w
		}
		w.news <- answered
	}
	return nil
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.arrived.Broadcast()
}
