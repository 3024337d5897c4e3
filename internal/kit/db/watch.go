package db

import (
	"context"
	"time"
)

// unwatched is the part of its limit that a closure on the SQLite writer runs
// before its statements can be interrupted: 100 ms of 10 s. The driver pays as
// much for a statement that can be as for the statement itself, and hardly any
// closure takes this long.
const unwatched = 0.01

// watch gives the deadline of a closure to those statements that need one. The zero
// watch leaves them to the context they have.
type watch struct {
	elapsed func() time.Duration // a clock
	since   time.Duration        // when the closure began, by it
	limit   time.Duration
	ctx     context.Context // once the closure is slow
	cancel  context.CancelFunc
}

func (w *watch) context(plain context.Context) context.Context {
	if w.elapsed == nil {
		return plain
	}
	if w.ctx != nil {
		return w.ctx
	}
	elapsed := w.elapsed() - w.since
	if elapsed.Seconds() < unwatched*w.limit.Seconds() {
		return plain
	}
	w.ctx, w.cancel = context.WithTimeout(plain, w.limit-elapsed)
	return w.ctx
}

func (w *watch) stop() {
	if w.cancel != nil {
		w.cancel()
	}
}
