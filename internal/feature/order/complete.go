package order

import (
	"context"

	"linli/internal/core/access"
	"linli/internal/core/identity"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
)

// Completion is the word that the work is done.
type Completion struct {
	Note string `json:"note,omitempty" label:"办得怎么样" lines:"true" doc:"办得怎么样，还看到什么 what was done and seen"`
}

// Complete says that the work is done 办好了; then all sides evaluate.
func (s *Service) Complete(ctx context.Context, who access.Who, orderID string, in Completion) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error { return s.CompleteTx(tx, who, o, in) })
}

// CompleteTx is Complete inside the caller's transaction.
func (s *Service) CompleteTx(tx *db.Tx, who access.Who, o *Order, in Completion) error {
	note := identity.CleanText(in.Note)
	return s.step(tx, who, o, move{
		name:   StepCompletion,
		check:  func() error { return short("note", note, noteMost) },
		change: func() { o.FinishedAt, o.Note = tx.Now(), firstOf(note, o.Note) },
		effect: func() error {
			if err := s.closeVisits(tx, o); err != nil {
				return err
			}
			if err := drop(tx, o, callComing); err != nil {
				return err
			}
			return owe(tx, o, callEvaluate)
		},
	})
}

// closeVisits turns visits that are still open into proposals: the work has ended,
// but nobody said when each of them left.
func (s *Service) closeVisits(tx *db.Tx, o *Order) error {
	visits, err := visit.Of(tx, o.District, o.ID)
	if err != nil {
		return err
	}
	for _, v := range visits {
		if v.State != visit.Open {
			continue
		}
		if err := s.propose(tx, o, v, tx.Now()); err != nil {
			return err
		}
	}
	return nil
}
