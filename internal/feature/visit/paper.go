package visit

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"

	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// One-time codes on paper serve elders without a phone: the station prints a sheet,
// each visit crosses one out.
const (
	paperDigits = 6
	paperSheet  = 10
)

// Service holds the use cases that no order makes.
type Service struct{ db *db.DB }

// NewService makes the service on a database.
func NewService(d *db.DB) *Service { return &Service{d} }

// Sheet is a printed sheet and whose it is.
type Sheet struct {
	Name  string
	Codes []string
}

// PrintCodes makes a new sheet of codes for a person; unused old ones end.
func (s *Service) PrintCodes(ctx context.Context, who access.Who, personID string) (sheet Sheet, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		p, err := person.Seek(tx, who, personID)
		if err != nil {
			return err
		}
		home, err := place.Get(tx, p.Place)
		if err != nil {
			return err
		}
		if err := access.Check(who, access.OrderVerify, home.Target()); err != nil {
			return err
		}
		codes, err := newSheet(tx, p)
		sheet = Sheet{p.Name, codes}
		return err
	})
	return sheet, err
}

func newSheet(tx *db.Tx, p person.Person) ([]string, error) {
	if err := endPaperCodes(tx, p.District, p.ID); err != nil {
		return nil, err
	}
	var codes []string
	for len(codes) < paperSheet {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return nil, err
		}
		code := fmt.Sprintf("%06d", n)
		added, err := addPaperCode(tx, p.District, p.ID, code)
		if err != nil {
			return nil, err
		}
		if added {
			codes = append(codes, code)
		}
	}
	return codes, nil
}
