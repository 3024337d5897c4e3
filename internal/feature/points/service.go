package points

import (
	"context"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/ledger"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
)

// Service holds the use cases of points.
type Service struct{ db *db.DB }

// NewService makes the service on a database.
func NewService(d *db.DB) *Service { return &Service{db: d} }

// Sheet is one page of somebody's points, and the rules where they live.
type Sheet struct {
	Book
	Purse   Purse
	PerHour int64
	Year    int64 // earned for this year
	Gate    int64 // in a year, before stars and exchange open
	Lapses  []Lapse
	Gives   bool // the place allows gifts
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
		if out.PerHour, err = rule.Value(tx, p.District, p.PlacePath, rule.PointsPerHour); err != nil {
			return err
		}
		return out.stand(tx, p)
	})
	return out, err
}

// stand adds where the person stands.
func (s *Sheet) stand(tx *db.Tx, p person.Person) (err error) {
	if s.Purse, err = PurseOf(tx, p.District, p.ID); err != nil {
		return err
	}
	if s.Year, s.Gate, err = GateOf(tx, p); err != nil {
		return err
	}
	if s.Lapses, err = announced(tx, p.District, p.ID); err != nil {
		return err
	}
	household, err := rule.Value(tx, p.District, p.PlacePath, rule.GiftHousehold)
	if err != nil {
		return err
	}
	elder, err := rule.Value(tx, p.District, p.PlacePath, rule.GiftElder)
	s.Gives = household+elder > 0
	return err
}

// GateOf is what a person earned for this year, and how much of it opens stars and
// exchange.
func GateOf(tx *db.Tx, p person.Person) (year, gate int64, err error) {
	if gate, err = rule.Value(tx, p.District, p.PlacePath, rule.PointsGate); err != nil {
		return 0, 0, err
	}
	y := calendar.DayOf(tx.Now()).Year
	year, err = earnedBetween(tx, p.District, p.ID, calendar.Day{Year: y, Month: 1, Day: 1}.String(), calendar.Day{Year: y, Month: 12, Day: 31}.String())
	return year, gate, err
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

// Rules are the rules of points at a place, for its own page.
func (s *Service) Rules(ctx context.Context, who access.Who, at string) (v RulesView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := place.Chosen(tx, who, access.PointsOversee, at)
		if err == nil {
			v, err = rulesView(tx, p)
		}
		return err
	})
	return v, err
}
