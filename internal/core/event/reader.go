package event

import (
	"context"
	"log/slog"
	"time"

	"linli/internal/kit/db"
)

// How often a reader looks for what other processes wrote, and the least time between
// two rounds, however much happens.
const (
	readerBeat = 5 * time.Second
	readerGap  = 250 * time.Millisecond
)

// Run has a reader read on until ctx ends: at once when this process has written, and
// now and then what others wrote. Several processes may run it on one database.
func Run(ctx context.Context, d *db.DB, log *slog.Logger, reader string, once func(context.Context) error) {
	keep(ctx, d, readerBeat, readerGap, func(ctx context.Context) {
		if err := once(ctx); err != nil && ctx.Err() == nil {
			log.Error("reader of events", "reader", reader, "error", err)
		}
	})
}

// keep looks again and again until ctx ends.
func keep(ctx context.Context, d *db.DB, beat, gap time.Duration, look func(context.Context)) {
	woken, stop := d.Listen(Topic)
	defer stop()
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for ctx.Err() == nil {
		look(ctx)
		rest(ctx, gap)
		select {
		case <-ctx.Done():
		case <-woken:
		case <-tick.C:
		}
	}
}

func rest(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// Once reads all that the named reader has not read, in every district, by steps that
// each say whether there may be more.
func Once(ctx context.Context, d *db.DB, reader string, step func(ctx context.Context, district int) (more bool, err error)) error {
	var behind []int
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		behind, err = Behind(tx, reader)
		return err
	})
	for _, district := range behind {
		for more := true; more && err == nil; {
			more, err = step(ctx, district)
		}
	}
	return err
}

// Follow reads all that the named reader has not read in a district, so many events in
// one transaction.
func Follow(ctx context.Context, d *db.DB, district int, reader string, atOnce int, handle func(*db.Tx, []Event) error) error {
	for more := true; more; {
		err := d.Write(ctx, func(tx *db.Tx) (err error) {
			more, err = Batch(tx, district, reader, atOnce, handle)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Batch handles the next events of a district and moves the cursor of the named reader
// on. It says whether there may be more.
func Batch(tx *db.Tx, district int, reader string, atOnce int, handle func(*db.Tx, []Event) error) (more bool, err error) {
	from, err := Position(tx, district, reader)
	if err != nil {
		return false, err
	}
	events, err := Since(tx, district, from, atOnce)
	if err != nil || len(events) == 0 {
		return false, err
	}
	if err := handle(tx, events); err != nil {
		return false, err
	}
	return len(events) == atOnce, Advance(tx, district, reader, events[len(events)-1].No)
}
