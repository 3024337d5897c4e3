package audit

import (
	"context"
	"log/slog"

	"linli/internal/core/event"
	"linli/internal/kit/db"
)

const (
	reader = "audit" // the name of the cursor
	batch  = 100     // events in one transaction
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
func (r *Reader) Run(ctx context.Context) { event.Run(ctx, r.db, r.log, reader, r.Once) }

// Once looks at everything that has happened, in every district.
func (r *Reader) Once(ctx context.Context) error { return event.Once(ctx, r.db, reader, r.step) }

// step looks at one batch of a district's events, and at its day when none is left; the
// cursor moves with what was found.
func (r *Reader) step(ctx context.Context, district int) (more bool, err error) {
	err = r.db.Write(ctx, func(tx *db.Tx) (err error) {
		more, err = event.Batch(tx, district, reader, batch, look)
		return err
	})
	if err == nil && !more {
		err = r.today(ctx, district)
	}
	return more, err
}

func look(tx *db.Tx, events []event.Event) error {
	for _, e := range events {
		if look, known := looks[e.Act]; known {
			if err := look(tx, e); err != nil {
				return err
			}
		}
	}
	return nil
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
