package record

import (
	"context"
	"fmt"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/notify"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/points"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Add writes r, unless its source was recorded before or the same person has
// another record in the same time: nobody is in two places at once (domain.md,
// section 5). Then added is false, and the event record.overlap says so to the
// person; the order that it came from can still be closed.
func Add(tx *db.Tx, r Record) (added bool, err error) {
	if err := check(r); err != nil {
		return false, err
	}
	r.ID, r.EnteredAt = tx.NewID(), tx.Now()
	if err := takeTurn(tx, r); err != nil {
		return false, err
	}
	other, overlaps, err := overlapping(tx, r)
	if err != nil {
		return false, err
	}
	if overlaps {
		tell(tx, r, "record.overlap", event.Data{"source": r.Source, "other": other})
		return false, nil
	}
	if added, err = insert(tx, r); err != nil || !added {
		return false, err
	}
	tell(tx, r, "record.add", event.Data{"minutes": r.Minutes, "grade": r.Grade})
	count(tx, r)
	if err := addTotal(tx, r, whole, 1); err != nil {
		return false, err
	}
	return true, addTotal(tx, r, r.Day().Year, 1)
}

// check finds what no caller should send.
func check(r Record) error {
	span := r.EndedAt.Sub(r.StartedAt)
	begun := int((span + time.Minute - 1) / time.Minute)
	if r.Minutes <= 0 || r.Minutes > begun || r.Source == "" || r.Volunteer == "" || !slices.Contains(Grades(), r.Grade) {
		return fmt.Errorf("record: %s has %d minutes of grade %q from %v to %v", r.Source, r.Minutes, r.Grade, r.StartedAt, r.EndedAt)
	}
	return nil
}

func tell(tx *db.Tx, r Record, act string, data event.Data) {
	data["volunteer"], data["order"] = r.Volunteer, r.Order
	event.Append(tx, event.Event{
		District: r.District, Community: r.Community, Actor: r.EnteredBy, Act: act, Kind: "record", Subject: r.ID, Data: data,
	})
}

// Service reads records for those who may.
type Service struct{ db *db.DB }

// NewService makes the service on a database.
func NewService(d *db.DB) *Service { return &Service{db: d} }

// Sheet is one page of somebody's record with the names that go with it.
type Sheet struct {
	Page
	Person person.Person
	Places map[string]string // of the items, from the community down
}

// Mine is who's own record, older than the cursor.
func (s *Service) Mine(ctx context.Context, who access.Who, before Cursor, limit int) (out Sheet, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := person.Get(tx, who.District, who.Person)
		if err != nil {
			return err
		}
		out, err = sheet(tx, p, before, limit)
		return err
	})
	return out, err
}

// Show is somebody's record, for whoever may see it at their place. What who may
// not know of is not found.
func (s *Service) Show(ctx context.Context, who access.Who, volunteer string, before Cursor, limit int) (out Sheet, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := person.Seek(tx, who, volunteer)
		if err != nil {
			return err
		}
		if !access.May(who, access.RecordRead, p.Target(who)) {
			return fault.NotFound("没有这个人，或者他的服务记录不归您看。")
		}
		out, err = sheet(tx, p, before, limit)
		return err
	})
	return out, err
}

func sheet(tx *db.Tx, p person.Person, before Cursor, limit int) (out Sheet, err error) {
	if out.Page, err = Of(tx, p.District, p.ID, before, limit); err != nil {
		return out, err
	}
	out.Person = p
	out.Places, err = labels(tx, out.Items)
	return out, err
}

// labels says of each place in the items where it is.
func labels(tx *db.Tx, items []Record) (map[string]string, error) {
	out := map[string]string{}
	for _, r := range items {
		if _, known := out[r.Place]; known {
			continue
		}
		p, err := place.Get(tx, r.Place)
		if err != nil && fault.KindOf(err) != fault.KindNotFound {
			return nil, err
		}
		if err == nil {
			if out[r.Place], err = place.Label(tx, p); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// Desk is what somebody finds about themselves on one page 我的.
type Desk struct {
	Person  person.Person
	Summary Summary
	Points  int64
	Unread  int // notices
}

// Desk gathers it.
func (s *Service) Desk(ctx context.Context, who access.Who) (d Desk, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if d.Person, err = person.Get(tx, who.District, who.Person); err != nil {
			return err
		}
		if d.Summary, err = Sum(tx, who.District, who.Person); err != nil {
			return err
		}
		if d.Points, err = points.Balance(tx, who.District, who.Person); err != nil {
			return err
		}
		d.Unread, err = notify.Unread(tx, who.District, who.Person)
		return err
	})
	return d, err
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

// Each gives who's whole record to fn, newest first and part by part, so that a
// long one takes no more memory than a short one.
func (s *Service) Each(ctx context.Context, who access.Who, fn func(Sheet) error) error {
	var before Cursor
	for {
		part, err := s.Mine(ctx, who, before, PageMost)
		if err == nil && len(part.Items) > 0 {
			err = fn(part)
		}
		if err != nil || !part.More {
			return err
		}
		before = part.Next()
	}
}
