package points

import (
	"context"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/ledger"
	"linli/internal/core/person"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/job"
)

const (
	// NoticeDays is how long before points lapse their owner is told.
	NoticeDays = 60

	jobLapse   = "points.lapse"
	lapseBatch = 100
)

// Lapsed is the account of a community into which points go that nobody used in
// time.
func Lapsed(community string) ledger.Account {
	return ledger.Account{Owner: community, Book: "lapsed", Unit: Points}
}

// Schedule registers the periodic work of this package.
func (s *Service) Schedule(r *job.Runner) {
	r.Periodic(jobLapse, job.Daily(2*time.Hour+40*time.Minute, calendar.Zone()), func(ctx context.Context, j *job.Job) error {
		if err := s.Lapse(ctx, j.District); err != nil {
			return err
		}
		return s.db.Write(ctx, j.Done)
	})
}

// Lapse tells the people of a district which of their points will lapse, and lets
// those lapse that were told long enough ago. Where no place lets points lapse it
// looks at nobody.
func (s *Service) Lapse(ctx context.Context, district int) error {
	after := ""
	for {
		var batch []string
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			batch = nil
			used, err := rule.Used(tx, district, rule.PointsMonths)
			if err != nil || !used {
				return err
			}
			if batch, err = earners(tx, district, after, lapseBatch); err != nil {
				return err
			}
			for _, id := range batch {
				if err := lapseOf(tx, district, id); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || len(batch) < lapseBatch {
			return err
		}
		after = batch[len(batch)-1]
	}
}

// lapseOf does for one person what the day asks for.
func lapseOf(tx *db.Tx, district int, id string) error {
	p, err := person.Get(tx, district, id)
	if err != nil {
		return err
	}
	months, err := rule.Value(tx, district, p.PlacePath, rule.PointsMonths)
	if err != nil {
		return err
	}
	told, err := announced(tx, district, id)
	if err != nil {
		return err
	}
	today := calendar.DayOf(tx.Now())
	for _, l := range told {
		if l.Due.Before(today) || l.Due == today || months == 0 {
			if err := lapse(tx, p, l, months); err != nil {
				return err
			}
		}
	}
	if months == 0 {
		return nil
	}
	return tellAhead(tx, p, months, today.Add(NoticeDays), told)
}

// lapse takes what is left of points that were told, oldest first: what came in
// later stays. Where points do not lapse any more nothing is taken.
func lapse(tx *db.Tx, p person.Person, l Lapse, months int64) error {
	var n int64
	if months > 0 {
		old, err := olderThan(tx, p, cutoff(l.Due, months))
		if err != nil {
			return err
		}
		n = min(l.Points, old)
	}
	ended, err := endLapse(tx, p.District, l, n)
	if err != nil || !ended || n == 0 {
		return err
	}
	_, err = post(tx, ledger.Posting{
		District: p.District, Source: "lapse:" + p.ID + ":" + l.Due.String(), Place: p.Community, Memo: "积分过期",
		Entries: []ledger.Entry{{Account: Earned(p.ID, Points), Amount: -n}, {Account: Lapsed(p.Community), Amount: n}},
	})
	event.Append(tx, event.Event{District: p.District, Community: p.Community, Act: "points.lapse", Kind: "person", Subject: p.ID, Data: event.Data{"points": n}})
	return err
}

// tellAhead announces what will be too old on the day due and was not told yet.
func tellAhead(tx *db.Tx, p person.Person, months int64, due calendar.Day, told []Lapse) error {
	n, err := olderThan(tx, p, cutoff(due, months))
	if err != nil {
		return err
	}
	for _, l := range told {
		n -= l.Points
	}
	if n <= 0 {
		return nil
	}
	fresh, err := announce(tx, p.District, Lapse{Person: p.ID, Due: due, Points: n})
	if fresh {
		event.Append(tx, event.Event{District: p.District, Community: p.Community, Act: "points.lapse_told", Kind: "person", Subject: p.ID,
			Data: event.Data{"points": n, "due": due.Start().UnixMilli()}})
	}
	return err
}

// cutoff is the moment before which points are too old on a day.
func cutoff(due calendar.Day, months int64) time.Time { return due.Start().AddDate(0, -int(months), 0) }

// olderThan is what of a person's spendable points came in before a moment: points
// are used in the order in which they came.
func olderThan(tx *db.Tx, p person.Person, before time.Time) (int64, error) {
	purse, err := PurseOf(tx, p.District, p.ID)
	if err != nil || purse.Spendable() == 0 {
		return 0, err
	}
	later, err := ledger.Inflow(tx, p.District, Earned(p.ID, Points), before)
	return max(0, min(purse.Spendable(), purse.Balance-later)), err
}
