package record

import (
	"context"
	"fmt"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/kit/db"
	"linli/internal/kit/id"
)

// Add writes r unless its source was recorded before.
func Add(tx *db.Tx, r Record) (added bool, err error) {
	if r.Minutes <= 0 || !r.EndedAt.After(r.StartedAt) || r.Source == "" {
		return false, fmt.Errorf("record: %s has %d minutes from %v to %v", r.Source, r.Minutes, r.StartedAt, r.EndedAt)
	}
	r.ID, r.EnteredAt = id.New(), tx.Now()
	if added, err = insert(tx, r); err != nil || !added {
		return false, err
	}
	event.Append(tx, event.Event{
		District: r.District, Community: r.Community, Actor: r.EnteredBy, Act: "record.add", Kind: "record",
		Subject: r.ID, Data: event.Data{"volunteer": r.Volunteer, "minutes": r.Minutes, "grade": r.Grade},
	})
	return true, nil
}

// Service reads records for those who may.
type Service struct{ db *db.DB }

// NewService makes the service on a database.
func NewService(d *db.DB) *Service { return &Service{db: d} }

// Mine is who's own record, older than the cursor.
func (s *Service) Mine(ctx context.Context, who access.Who, before Cursor, limit int) (p Page, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err = Of(tx, who.District, who.Person, before, limit)
		return err
	})
	return p, err
}

// Of reads one page of a volunteer's record inside the caller's transaction.
func Of(tx *db.Tx, district int, volunteer string, before Cursor, limit int) (p Page, err error) {
	if p.Summary, err = Sum(tx, district, volunteer); err != nil {
		return p, err
	}
	if before.ID == "" {
		before.At = 1 << 62
	}
	limit = min(max(limit, 1), PageMost)
	p.Items, err = list(tx, district, volunteer, before, limit+1)
	if len(p.Items) > limit {
		p.Items, p.More = p.Items[:limit], true
	}
	return p, err
}
