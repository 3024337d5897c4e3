package certificate

import (
	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/record"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
)

// counted adds what a volunteer could have certified, and how.
func (s *Service) counted(tx *db.Tx, who access.Who, out *Own) error {
	v, found, err := volunteer.Get(tx, who.District, who.Person)
	if err != nil || !found {
		return err
	}
	at, err := place.Get(tx, v.Community)
	if err != nil {
		return err
	}
	self, err := rule.Value(tx, at.District, at.Path, rule.CertificateSelf)
	if err != nil {
		return err
	}
	out.Self = self == 1
	rows, minutes, err := record.Counted(tx, who.District, who.Person, calendar.Day{}, out.Today)
	if err != nil || len(rows) == 0 {
		return err
	}
	out.All, out.First = minutes, rows[0].Day()
	for _, r := range rows {
		if r.Day().Year == out.Today.Year {
			out.Year += int64(r.Minutes)
		}
	}
	return nil
}
