package db

import (
	"context"
	"sync/atomic"
)

// Hook joins the first transaction that is written under a context, so that what
// surrounds a use case can stand or fall with it without the use case knowing
// (package web keeps its idempotency keys in this way).
type Hook struct {
	First  func(*Tx) error      // before the closure; its error is the transaction's
	Result func(*Tx, any) error // after a closure run by Returning, with what it gave back
}

type hookKey struct{}

type hooked struct {
	Hook
	used atomic.Bool // a transaction with the hook is under way or committed
}

// WithHook lets h join the first Write under ctx that commits. Like any closure
// it may run more than once.
func WithHook(ctx context.Context, h Hook) context.Context {
	return context.WithValue(ctx, hookKey{}, &hooked{Hook: h})
}

// Returning is Write for a closure that makes something to give back. What it
// gives is final and is what a Hook gets to see inside the transaction; use cases
// that answer a request are written with it.
func Returning[T any](ctx context.Context, d *DB, fn func(*Tx) (T, error)) (T, error) {
	var out T
	err := d.Write(ctx, func(tx *Tx) error {
		v, err := fn(tx)
		if err != nil {
			return err
		}
		out = v
		return tx.result(v)
	})
	if err != nil {
		var none T
		return none, err
	}
	return out, nil
}

// hook is the one that a transaction about to be written under ctx must take
// along, or nil.
func hook(ctx context.Context) *hooked {
	h, _ := ctx.Value(hookKey{}).(*hooked)
	if h == nil || !h.used.CompareAndSwap(false, true) {
		return nil
	}
	return h
}

// write runs fn with the hook around it. Nothing was written when it fails, so
// the next Write is the first one again.
func (h *hooked) write(ctx context.Context, d *DB, fn func(*Tx) error) error {
	err := d.write(ctx, func(tx *Tx) error {
		Value(tx, hookKey{}, func() *hooked { return h })
		if err := h.First(tx); err != nil {
			return err
		}
		return fn(tx)
	})
	if err != nil {
		h.used.Store(false)
	}
	return err
}

func (tx *Tx) result(v any) error {
	if h, ok := tx.values[hookKey{}].(*hooked); ok && h.Result != nil {
		return h.Result(tx, v)
	}
	return nil
}
