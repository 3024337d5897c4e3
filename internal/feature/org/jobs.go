package org

import (
	"context"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/kit/db"
	"linli/internal/kit/job"
)

const (
	reader    = "org.follow" // of events, and the kind of the job
	often     = 5 * time.Minute
	batchRows = 500 // events read in one transaction
)

// Schedule registers the periodic work of this package.
func (s *Service) Schedule(r *job.Runner) {
	r.Periodic(reader, job.Every(often), func(ctx context.Context, j *job.Job) error { return s.Follow(ctx, j.District) })
}

// Follow ends the memberships of volunteers who have left.
func (s *Service) Follow(ctx context.Context, district int) error {
	return event.Follow(ctx, s.db, district, reader, batchRows, func(tx *db.Tx, events []event.Event) error {
		for _, e := range events {
			if e.Act == "volunteer.leave" || e.Act == "volunteer.decline" {
				if err := s.release(tx, district, e.Subject); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// release takes somebody out of every organisation they serve in. Whoever came
// back meanwhile has joined anew, if they wanted to.
func (s *Service) release(tx *db.Tx, district int, person string) error {
	all, err := MembershipsOf(tx, district, []string{person})
	if err != nil {
		return err
	}
	for _, m := range all[person] {
		if m.Ended {
			continue
		}
		o, _, err := Get(tx, district, m.Org)
		if err != nil {
			return err
		}
		if o.Leader == person {
			if err := s.lead(tx, access.System(), &o, ""); err != nil {
				return err
			}
		}
		if err := part(tx, access.System(), o, person); err != nil {
			return err
		}
	}
	return nil
}
