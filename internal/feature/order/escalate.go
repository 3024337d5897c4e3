package order

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/job"
)

// An order that stands over a limit is first the station's (limitPassed): a call
// is owed and its board says so. When nothing was done for some further working
// days it is reported to the street, which sees it among its orders until a step
// takes it further.

// press makes the station owe a call, and gives it some working days before the
// street is told.
func press(tx *db.Tx, o *Order) error {
	if err := owe(tx, o, callLate); err != nil {
		return err
	}
	days, err := rule.Value(tx, o.District, o.PlacePath, rule.StreetWorkdays)
	if err != nil {
		return err
	}
	at := calendar.AddWorkdays(o.DueAt.Add(-time.Millisecond), int(days)) // DueAt is a day's very end
	return job.Enqueue(tx, o.District, jobStreet, limitKey(o), at, task{Order: o.ID, Due: o.DueAt.UnixMilli()})
}

// stillLate reports an order to its street whose limit passed and for which nothing
// has been done since: any step that takes it further starts a new limit.
func (s *Service) stillLate(tx *db.Tx, o *Order, t task) error {
	if !o.Late || o.Escalated || ended(o.State) || o.DueAt.UnixMilli() != t.Due {
		return nil
	}
	return s.step(tx, access.System(), o, move{name: StepEscalation, change: func() { o.Escalated = true }})
}

// streetOf are the officers of the streets that the order's place lies in.
func streetOf(tx *db.Tx, o *Order, _ event.Event) ([]string, error) {
	if !o.Escalated {
		return nil, nil
	}
	return auth.Above(tx, o.District, o.PlacePath, access.StreetOfficer)
}

// EscalatedFor counts the orders that were reported to the street, in the places
// where who looks after orders.
func (s *Service) EscalatedFor(ctx context.Context, who access.Who) (n int, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		n, err = Escalated(tx, who)
		return err
	})
	return n, err
}

// Escalated is EscalatedFor inside a transaction. Places that lie in one another
// are counted once.
func Escalated(tx *db.Tx, who access.Who) (n int, err error) {
	grants := access.Places(who, access.OrderList)
	for i, g := range grants {
		within := func(o access.Grant) bool { return strings.HasPrefix(g.Path, o.Path) && g.Path != o.Path }
		same := func(o access.Grant) bool { return g.Path == o.Path }
		if g.Place == "" || slices.ContainsFunc(grants, within) || slices.ContainsFunc(grants[:i], same) {
			continue
		}
		p, err := place.Get(tx, g.Place)
		if err != nil {
			return 0, err
		}
		sums, err := place.Sum(tx, p, metricEscalated)
		if err != nil {
			return 0, err
		}
		n += int(sums[metricEscalated])
	}
	return n, nil
}
