package notify

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/job"
)

const (
	reader = "notify" // the name of the cursor
	batch  = 200      // events in one transaction

	stale = 14 * 24 * time.Hour  // nobody is told any more what is older
	keep  = 180 * 24 * time.Hour // then a notice is deleted, read or not

	jobSweep = "notify.sweep"
)

// Reader follows the events and writes the notices that the rules ask for.
type Reader struct {
	db    *db.DB
	log   *slog.Logger
	rules map[string][]Rule // by act
}

// NewReader makes a reader with the rules of all features.
func NewReader(d *db.DB, log *slog.Logger, rules ...Rule) *Reader {
	r := &Reader{db: d, log: log, rules: map[string][]Rule{}}
	for _, rule := range rules {
		r.rules[rule.Act] = append(r.rules[rule.Act], rule)
	}
	return r
}

// Jobs registers the nightly deletion of old notices.
func (r *Reader) Jobs(runner *job.Runner) {
	runner.Periodic(jobSweep, job.Daily(3*time.Hour+20*time.Minute, calendar.Zone()), r.sweep)
}

// Run reads on until ctx ends. Several processes may run on one database.
func (r *Reader) Run(ctx context.Context) { event.Run(ctx, r.db, r.log, reader, r.Once) }

// Once reads everything that is there, in every district.
func (r *Reader) Once(ctx context.Context) error { return event.Once(ctx, r.db, reader, r.step) }

// step reads one batch of a district's events. What a crash leaves undone between
// the two transactions is done again.
func (r *Reader) step(ctx context.Context, district int) (more bool, err error) {
	notices, last, more, err := r.gather(ctx, district)
	if err != nil || last == 0 {
		return false, err
	}
	return more, r.write(ctx, district, notices, last)
}

// gather finds out who is to be told what. It only reads, so that on SQLite nobody
// who writes has to wait for it.
func (r *Reader) gather(ctx context.Context, district int) (notices []Notice, last int64, more bool, err error) {
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		from, err := event.Position(tx, district, reader)
		if err != nil {
			return err
		}
		events, err := event.Since(tx, district, from, batch)
		if err != nil || len(events) == 0 {
			return err
		}
		last, more = events[len(events)-1].No, len(events) == batch
		notices, err = r.notices(tx, events)
		return err
	})
	return notices, last, more, err
}

// write keeps the notices and moves the cursor on.
func (r *Reader) write(ctx context.Context, district int, notices []Notice, last int64) error {
	return r.db.Write(ctx, func(tx *db.Tx) error {
		for _, n := range notices {
			if err := insert(tx, n); err != nil {
				return err
			}
		}
		return event.Advance(tx, district, reader, last)
	})
}

func (r *Reader) notices(tx *db.Tx, events []event.Event) ([]Notice, error) {
	var out []Notice
	reachable := accounts{}
	for _, e := range events {
		if e.At.Before(tx.Now().Add(-stale)) {
			continue
		}
		told := map[string]bool{"": true, e.Actor: true}
		for _, rule := range r.rules[e.Act] {
			more, err := rule.apply(tx, e, told, reachable)
			if err != nil {
				return nil, err
			}
			out = append(out, more...)
		}
	}
	return out, nil
}

// apply gives the notices of one rule for one event, and notes who was told.
func (r Rule) apply(tx *db.Tx, e event.Event, told map[string]bool, reachable accounts) ([]Notice, error) {
	to, err := r.To(tx, e)
	switch {
	case err == nil:
	case fault.KindOf(err) == fault.KindNotFound:
		return nil, nil // what the event is about is gone
	default:
		return nil, fmt.Errorf("notices of event %d, %s: %w", e.No, e.Act, err)
	}
	var out []Notice
	for _, person := range to.Persons {
		if told[person] {
			continue
		}
		told[person] = true
		has, err := reachable.has(tx, e.District, person)
		if err != nil {
			return nil, err
		}
		if has {
			out = append(out, Notice{District: e.District, Person: person, No: e.No, At: e.At, Msg: r.Msg, Args: to.Args, Link: to.Link})
		}
	}
	return out, nil
}

// accounts remembers who has an account, for one batch of a district.
type accounts map[string]bool

func (a accounts) has(tx *db.Tx, district int, person string) (bool, error) {
	if has, known := a[person]; known {
		return has, nil
	}
	has, err := auth.HasAccount(tx, district, person)
	a[person] = has
	return has, err
}

// sweep deletes what is old, a part in each transaction.
func (r *Reader) sweep(ctx context.Context, j *job.Job) error {
	const part = 1000
	for n := int64(part); n == part; {
		if err := r.db.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = forget(tx, j.District, tx.Now().Add(-keep), part)
			return err
		}); err != nil {
			return err
		}
	}
	return r.db.Write(ctx, j.Done)
}
