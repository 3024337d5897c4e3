package points

import (
	"context"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/ledger"
	"linli/internal/core/person"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
)

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
