package order

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"

	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/order/page"
	"linli/internal/kit/db"
	"linli/internal/kit/web"
)

// One-time codes on paper serve elders without a phone: the station prints a sheet,
// each visit crosses one out.
const (
	paperDigits = 6
	paperSheet  = 10
)

// PrintCodes makes a new sheet of codes for a person; unused old ones end.
func (s *Service) PrintCodes(ctx context.Context, who access.Who, personID string) (codes []string, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		codes = nil
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
		codes, err = newSheet(tx, p)
		return err
	})
	return codes, err
}

func newSheet(tx *db.Tx, p person.Person) ([]string, error) {
	if _, err := tx.Exec(`DELETE FROM paper_code WHERE district = $1 AND person = $2 AND used_at IS NULL`, p.District, p.ID); err != nil {
		return nil, err
	}
	var codes []string
	for len(codes) < paperSheet {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return nil, err
		}
		code := fmt.Sprintf("%06d", n)
		added, err := tx.Exec(`INSERT INTO paper_code (district, person, code, printed_at, used_at, used_order)
			VALUES ($1, $2, $3, $4, NULL, '') ON CONFLICT (district, person, code) DO NOTHING`,
			p.District, p.ID, code, tx.Now().UnixMilli())
		if err != nil {
			return nil, err
		}
		if added == 1 {
			codes = append(codes, code)
		}
	}
	return codes, nil
}

// usePaperCode crosses out a printed code of the person who is helped.
func usePaperCode(tx *db.Tx, o *Order, code string) (bool, error) {
	n, err := tx.Exec(`UPDATE paper_code SET used_at = $4, used_order = $5
		WHERE district = $1 AND person = $2 AND code = $3 AND used_at IS NULL`,
		o.District, o.For, code, tx.Now().UnixMilli(), o.ID)
	return n == 1, err
}

// sheet is a printed sheet and whose it is.
type sheet struct {
	Name  string
	Codes []string
}

func (h *Handlers) printCodes(r *web.Request, in byID) (s sheet, err error) {
	s.Codes, err = h.orders.PrintCodes(r.Context(), access.Of(r), in.ID)
	if err != nil {
		return s, err
	}
	err = h.orders.db.Read(r.Context(), func(tx *db.Tx) error {
		p, err := person.Seek(tx, access.Of(r), in.ID)
		s.Name = p.Name
		return err
	})
	return s, err
}

func (h *Handlers) codesPage(_ *web.Request, s sheet) web.Answer {
	return web.HTML(page.CodesPage(s.Name, s.Codes))
}
