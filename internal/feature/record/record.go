package record

import (
	"context"
	"fmt"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/kit/db"
	"linli/internal/kit/id"
)

// Record is one service of one volunteer.
type Record struct {
	District  int
	ID        string
	Source    string // what it came from, "visit:<id>"; one source, one record
	Volunteer string
	Community string
	Order     string // id; empty when it did not come from an order
	Number    string // of the order
	Name      string
	Category  string
	Place     string
	Content   string
	StartedAt time.Time
	EndedAt   time.Time
	Minutes   int    // actually spent
	Grade     string // A, B, C or M
	Organiser string // place or organisation id
	InCharge  string // person id of who vouched; may be empty
	EnteredBy string // person id; empty: the process itself
	EnteredAt time.Time
}

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

// Summary is a volunteer's time by grade, in minutes.
type Summary struct {
	Total int64
	Grade map[string]int64
	Count int64
}

// Service reads records for those who may.
type Service struct{ db *db.DB }

// NewService makes the service on a database.
func NewService(d *db.DB) *Service { return &Service{db: d} }

// Page is a volunteer's record, newest first.
type Page struct {
	Summary Summary
	Items   []Record
	More    bool // there are older ones
}

// PageMost is how many rows one page holds at most.
const PageMost = 100

// Mine is who's own record, older than the cursor.
func (s *Service) Mine(ctx context.Context, who access.Who, before Cursor, limit int) (p Page, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err = Of(tx, who.District, who.Person, before, limit)
		return err
	})
	return p, err
}

// Cursor is where a page of records starts: strictly older than this row. The zero
// cursor starts at the newest.
type Cursor struct {
	At int64  `json:"a"` // UTC milliseconds of StartedAt
	ID string `json:"i"`
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

// Day is the day of the record in the place's zone.
func (r Record) Day() calendar.Day { return calendar.DayOf(r.StartedAt) }
