package record

import (
	"context"

	"linli/internal/core/access"
	"linli/internal/core/notify"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/points"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Service reads records for those who may.
type Service struct{ db *db.DB }

// NewService makes the service on a database.
func NewService(d *db.DB) *Service { return &Service{db: d} }

// Sheet is one page of somebody's record with the names that go with it.
type Sheet struct {
	Page
	Person person.Person
	Places map[string]string // of the items, from the community down

	In        Period
	Sum       PeriodSum // of the period, when one was asked for
	Trainings []Attainment
	Awards    []Attainment
	Volunteer volunteer.Volunteer
	Home      string // the community

	names names
}

// PeriodSum is what stands in a period.
type PeriodSum struct{ Minutes, Counted, Count int64 }

// Mine is who's own record, older than the cursor.
func (s *Service) Mine(ctx context.Context, who access.Who, in Period, before Cursor, limit int) (out Sheet, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := person.Get(tx, who.District, who.Person)
		if err != nil {
			return err
		}
		out, err = sheet(tx, p, in, before, limit)
		return err
	})
	return out, err
}

// Show is somebody's record, for whoever may see it at their place. What who may
// not know of is not found.
func (s *Service) Show(ctx context.Context, who access.Who, volunteer string, in Period, before Cursor, limit int) (out Sheet, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := person.Seek(tx, who, volunteer)
		if err != nil {
			return err
		}
		if !access.May(who, access.RecordRead, p.Target(who)) {
			return fault.NotFound("没有这个人，或者他的服务记录不归您看。")
		}
		out, err = sheet(tx, p, in, before, limit)
		return err
	})
	return out, err
}

func sheet(tx *db.Tx, p person.Person, in Period, before Cursor, limit int) (out Sheet, err error) {
	if out.Page, err = Of(tx, p.District, p.ID, in, before, limit); err != nil {
		return out, err
	}
	out.Person = p
	if out.Places, err = labels(tx, out.Items); err != nil {
		return out, err
	}
	out.names, out.In = newNames(), in
	if err := out.names.learn(tx, p.District, out.Items); err != nil {
		return out, err
	}
	return out, out.more(tx, in)
}

// more reads the groups of the record beside the services.
func (s *Sheet) more(tx *db.Tx, in Period) (err error) {
	p := s.Person
	if s.Volunteer, _, err = volunteer.Get(tx, p.District, p.ID); err != nil {
		return err
	}
	home, err := place.Get(tx, p.Community)
	if err != nil && fault.KindOf(err) != fault.KindNotFound {
		return err
	}
	s.Home = home.Name
	if s.Trainings, err = attainments(tx, p.District, p.ID, Training, in); err != nil {
		return err
	}
	if s.Awards, err = attainments(tx, p.District, p.ID, Award, in); err != nil || in == (Period{}) {
		return err
	}
	s.Sum, err = sumIn(tx, p.District, p.ID, in)
	return err
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
func Of(tx *db.Tx, district int, volunteer string, in Period, before Cursor, limit int) (p Page, err error) {
	if p.Summary, err = Sum(tx, district, volunteer); err != nil {
		return p, err
	}
	if before.ID == "" {
		before.At = 1 << 62
	}
	limit = min(max(limit, 1), PageMost)
	p.Items, err = list(tx, district, volunteer, in, before, limit+1)
	if len(p.Items) > limit {
		p.Items, p.More = p.Items[:limit], true
	}
	if err != nil {
		return p, err
	}
	p.Standing, err = standing(tx, p.Items)
	return p, err
}

// Each gives who's record of a period to fn, newest first and part by part, so that a
// long one takes no more memory than a short one.
func (s *Service) Each(ctx context.Context, who access.Who, in Period, fn func(Sheet) error) error {
	var before Cursor
	for {
		part, err := s.Mine(ctx, who, in, before, PageMost)
		if err == nil && len(part.Items) > 0 {
			err = fn(part)
		}
		if err != nil || !part.More {
			return err
		}
		before = part.Next()
	}
}
