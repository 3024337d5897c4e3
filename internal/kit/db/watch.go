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

// watch gives the deadline of a closure to those statements that need one.
type watch struct {
	elapsed func() time.Duration
	limit   time.Duration
	ctx     context.Context // once the closure is slow
	cancel  context.CancelFunc
}

func (w *watch) context(plain context.Context) context.Context {
	if w.ctx != nil {
		return w.ctx
	}
	elapsed := w.elapsed()
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
