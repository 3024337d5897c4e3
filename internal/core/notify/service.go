package notify

import (
	"context"
	"math"

	"linli/internal/core/access"
	"linli/internal/kit/db"
)

// Service shows people their own notices.
type Service struct{ db *db.DB }

// NewService makes the service on a database.
func NewService(d *db.DB) *Service { return &Service{db: d} }

// Page is a part of somebody's notices, newest first.
type Page struct {
	Items  []Notice
	More   bool // there are older ones
	Unread int  // of all, at most 99
}

// Cursor is where a page starts: before this number. The zero cursor starts at the
// newest.
type Cursor struct {
	No int64 `json:"n"`
}

// PageMost is how many notices one page holds at most.
const PageMost = 100

// Mine is who's own notices, older than the cursor.
func (s *Service) Mine(ctx context.Context, who access.Who, before Cursor, limit int) (p Page, err error) {
	if before.No == 0 {
		before.No = math.MaxInt64
	}
	limit = min(max(limit, 1), PageMost)
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if p.Unread, err = Unread(tx, who.District, who.Person); err != nil {
			return err
		}
		p.Items, err = list(tx, who.District, who.Person, before.No, limit+1)
		return err
	})
	p.More = len(p.Items) > limit
	p.Items = p.Items[:min(limit, len(p.Items))]
	return p, err
}

// Look is Mine for the page itself: what it shows has been read from then on.
func (s *Service) Look(ctx context.Context, who access.Who, before Cursor, limit int) (Page, error) {
	p, err := s.Mine(ctx, who, before, limit)
	if err != nil || p.Unread == 0 || len(p.Items) == 0 {
		return p, err
	}
	return p, s.db.Write(ctx, func(tx *db.Tx) error {
		return markRead(tx, who.District, who.Person, p.Items[len(p.Items)-1].No, p.Items[0].No)
	})
}

// Left is what remains to be read.
type Left struct {
	Unread int `json:"unread" doc:"还有几条没看，最多数到 99"`
}

// Read notes that who has read every notice up to a number.
func (s *Service) Read(ctx context.Context, who access.Who, until int64) (Left, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (l Left, err error) {
		if err = markRead(tx, who.District, who.Person, 0, until); err != nil {
			return l, err
		}
		l.Unread, err = Unread(tx, who.District, who.Person)
		return l, err
	})
}
