package audit

import (
	"context"
	"log/slog"
	"time"

	"linli/internal/core/event"
	"linli/internal/kit/db"
)

const (
	reader = "audit" // the name of the cursor
	batch  = 100     // events in one transaction

	beat = 5 * time.Second        // how often other processes' events are looked for
	gap  = 250 * time.Millisecond // least time between two rounds
)

// Reader follows the events and looks at what they did to the record.
type Reader struct {
	*Service
	log *slog.Logger
}

// NewReader makes a reader of a service.
func NewReader(s *Service, log *slog.Logger) *Reader { return &Reader{s, log} }

// Begin lets the reader start with what happens from now on in districts that it has
// never read: what came in before it looked is not looked at again.
func (r *Reader) Begin(ctx context.Context) error {
	return r.db.Write(ctx, func(tx *db.Tx) error {
		districts, err := event.Districts(tx)
		for _, district := range districts {
			at, err := event.Position(tx, district, reader)
			if err != nil {
				return err
			}
			newest, err := event.Newest(tx, district)
			if err != nil {
				return err
			}
			if at == 0 {
				if err := event.Advance(tx, district, reader, newest); err != nil {
					return err
				}
			}
		}
		return err
	})
}

// Run reads on until ctx ends. Several processes may run on one database.
func (r *Reader) Run(ctx context.Context) {
	woken, stop := r.db.Listen(event.Topic)
	defer stop()
	tick := time.NewTicker(beat)
	defer tick.Stop()
	for ctx.Err() == nil {
		if err := r.Once(ctx); err != nil && ctx.Err() == nil {
			r.log.Error("findings", "error", err)
		}
		rest(ctx)
		select {
		case <-ctx.Done():
		case <-woken:
		case <-tick.C:
		}
	}
}

func rest(ctx context.Context) {
	t := time.NewTimer(gap)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// Once looks at everything that has happened, in every district.
func (r *Reader) Once(ctx context.Context) error {
	var behind []int
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		behind, err = event.Behind(tx, reader)
		return err
	})
	for _, district := range behind {
		for more := true; more && err == nil; {
			more, err = r.step(ctx, district)
		}
		if err == nil {
			err = r.today(ctx, district)
		}
	}
	return err
}

// today does the daily work of a district in which something happens before the
// clock of the jobs has come to it: on the day on which a house is opened.
func (r *Reader) today(ctx context.Context, district int) error {
	done := true
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		done, err = shownToday(tx, district)
		return err
	})
	if err != nil || done {
		return err
	}
	return r.Daily(ctx, district)
}

// step reads one batch of a district's events; the cursor moves with what was found.
func (r *Reader) step(ctx context.Context, district int) (more bool, err error) {
	err = r.db.Write(ctx, func(tx *db.Tx) error {
		from, err := event.Position(tx, district, reader)
		if err != nil {
			return err
		}
		events, err := event.Since(tx, district, from, batch)
		if err != nil || len(events) == 0 {
			more = false
			return err
		}
		more = len(events) == batch
		for _, e := range events {
			if look, known := looks[e.Act]; known {
				if err := look(tx, e); err != nil {
					return err
				}
			}
		}
		return event.Advance(tx, district, reader, events[len(events)-1].No)
	})
	return more, err
}
