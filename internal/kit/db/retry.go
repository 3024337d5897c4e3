package db

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"linli/internal/kit/fault"
)

// attempts bounds how often one closure is run.
const attempts = 5

// retry runs fn again on errors that a fresh transaction can outlive.
func (d *DB) retry(ctx context.Context, fn func() error) error {
	for attempt := 1; ; attempt++ {
		err := fn()
		if err == nil || isFault(err) || !d.dialect.retryable(err) {
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

// busy says that nothing was written.
func busy(cause error) error {
	e := fault.Busy("这会儿人多，没记上。您填的都还在，过几秒再试一次。")
	e.Cause = cause
	return e
}

// unknown says that the outcome of COMMIT is not known.
func unknown(cause error) error {
	e := fault.Busy("刚才连接断了，不知道有没有记上。请看一眼再决定要不要重来。")
	e.Cause = cause
	return e
}
