package points

import (
	"context"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/ledger"
	"linli/internal/core/person"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
)

// Award books the minutes of d and what they are worth.
func Award(tx *db.Tx, d Deed) error {
	perHour, err := rule.Value(tx, d.District, d.PlacePath, rule.PointsPerHour)
	if err != nil {
		return err
	}
	if _, err := post(tx, d, Minutes, int64(d.Minutes)); err != nil {
		return err
	}
	n := Worth(d.Minutes, perHour)
	if n == 0 {
		return nil
	}
	posted, err := post(tx, d, Points, n)
	if posted {
		event.Append(tx, event.Event{
			District: d.District, Community: d.Community, Act: "points.award", Kind: "person", Subject: d.Person,
			Data: event.Data{"points": n, "source": d.Source},
		})
	}
	return err
}

func post(tx *db.Tx, d Deed, unit string, n int64) (bool, error) {
	return ledger.Post(tx, ledger.Posting{
		District: d.District, Source: d.Source + ":" + unit, Place: d.Community, Memo: d.Memo, Attests: attests(d, unit),
		Entries: []ledger.Entry{
			{Account: Issued(d.Community, unit), Amount: -n},
			{Account: Earned(d.Person, unit), Amount: n},
		},
	})
}

// attests is what the posting of a unit stands for: the minutes, and only they, for
// the row of the record.
func attests(d Deed, unit string) string {
	if unit == Minutes {
		return d.Attests
	}
	return ""
}

// Service reads books for those who may.
type Service struct{ db *db.DB }

// NewService makes the service on a database.
func NewService(d *db.DB) *Service { return &Service{db: d} }

// Sheet is one page of somebody's points, and what an hour earns where they live.
type Sheet struct {
	Book
	PerHour int64
}

// Mine is who's own points.
func (s *Service) Mine(ctx context.Context, who access.Who, before Cursor, limit int) (out Sheet, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if out.Book, err = Of(tx, who.District, who.Person, before, limit); err != nil {
			return err
		}
		p, err := person.Get(tx, who.District, who.Person)
		if err != nil {
			return err
		}
		out.PerHour, err = rule.Value(tx, p.District, p.PlacePath, rule.PointsPerHour)
		return err
	})
	return out, err
}

// Balance is how many points a person has.
func Balance(tx *db.Tx, district int, person string) (int64, error) {
	return ledger.Balance(tx, district, Earned(person, Points))
}

// Of reads one page of a person's points inside the caller's transaction.
func Of(tx *db.Tx, district int, person string, before Cursor, limit int) (b Book, err error) {
	account := Earned(person, Points)
	if b.Balance, err = ledger.Balance(tx, district, account); err != nil {
		return b, err
	}
	at := time.UnixMilli(before.At)
	if before.Posting == "" {
		at = tx.Now().AddDate(1000, 0, 0)
	}
	limit = min(max(limit, 1), PageMost)
	b.Lines, err = ledger.Lines(tx, district, account, at, before.Posting, limit+1)
	if len(b.Lines) > limit {
		b.Lines, b.More = b.Lines[:limit], true
	}
	return b, err
}
