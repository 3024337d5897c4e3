package volunteer

import (
	"context"
	"reflect"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/person"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/job"
)

const (
	reader    = "volunteer.follow" // of events, and the kind of the job
	often     = 5 * time.Minute
	batchRows = 500 // events read in one transaction
)

// Schedule registers the periodic work of this package.
func (s *Service) Schedule(r *job.Runner) {
	r.Periodic(reader, job.Every(often), func(ctx context.Context, j *job.Job) error { return s.Follow(ctx, j.District) })
}

// Follow takes over what persons have changed about themselves: name and home, on
// which the way to an order depends.
func (s *Service) Follow(ctx context.Context, district int) error {
	return event.Follow(ctx, s.db, district, reader, batchRows, func(tx *db.Tx, events []event.Event) error {
		var persons []string
		for _, e := range events {
			moved, err := movedBy(tx, e)
			if err != nil {
				return err
			}
			persons = append(persons, moved...)
		}
		slices.Sort(persons)
		for _, id := range slices.Compact(persons) {
			if err := s.refresh(tx, district, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// movedBy are the persons about whom an event says that name or home may differ.
func movedBy(tx *db.Tx, e event.Event) ([]string, error) {
	switch e.Act {
	case "person.edit":
		return []string{e.Subject}, nil
	case "household.move":
		household, _ := e.Data["household"].(string)
		all, err := person.Members(tx, e.District, household)
		var out []string
		for _, p := range all {
			out = append(out, p.ID)
		}
		return out, err
	}
	return nil, nil
}

// refresh settles a volunteer anew; somebody who moved to another community holds
// the role there.
func (s *Service) refresh(tx *db.Tx, district int, id string) error {
	was, found, err := Get(tx, district, id)
	if err != nil || !found {
		return err
	}
	p, err := person.Get(tx, district, id)
	if fault.KindOf(err) == fault.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	v := was
	if err := v.settle(tx, p); err != nil || reflect.DeepEqual(v, was) {
		return err
	}
	if v.Status.Counts() && v.Community != was.Community {
		if err := s.roles.Unassign(tx, access.System(), appointment(was)); err != nil {
			return err
		}
		if _, err := s.roles.Assign(tx, access.System(), appointment(v)); err != nil {
			return err
		}
	}
	Record(tx, access.System(), v, "move", nil)
	return Put(tx, v)
}
