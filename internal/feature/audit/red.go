package audit

import (
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/order"
	"linli/internal/feature/record"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
)

// RedRow is a service that is over and not in the record yet.
type RedRow struct {
	Volunteer Ref       `json:"volunteer" doc:"遮了名字"`
	Name      string    `json:"name" doc:"做了什么"`
	EndedAt   time.Time `json:"ended_at" doc:"什么时候服务完的"`
	DueAt     time.Time `json:"due_at" doc:"最晚什么时候要记上"`
	Workdays  int       `json:"workdays" doc:"过了几个工作日"`
	Late      bool      `json:"late" doc:"过了期限"`
	Order     string    `json:"order,omitempty" doc:"等哪一单办完"`
	Entry     string    `json:"entry,omitempty" doc:"等哪条补录批"`
}

// redSince is how far back the red list looks, and redMost how much it shows.
const (
	redSince = 120 * 24 * time.Hour
	redMost  = 500
)

// RedList lists the services of a community that ended as many working days ago as the
// place's rule says, or more, and are not in the record, the oldest first.
func RedList(tx *db.Tx, p place.Place) ([]RedRow, error) {
	red, err := rule.Value(tx, p.District, p.Path, rule.RedWorkdays)
	if err != nil {
		return nil, err
	}
	due, err := rule.Value(tx, p.District, p.Path, rule.RecordWorkdays)
	if err != nil {
		return nil, err
	}
	rows, err := unbooked(tx, p)
	if err != nil {
		return nil, err
	}
	waiting, err := record.OpenEntries(tx, p.District, p.ID, redMost)
	if err != nil {
		return nil, err
	}
	for _, e := range waiting {
		rows = append(rows, RedRow{Volunteer: Ref{ID: e.Volunteer}, Name: e.Name, EndedAt: e.EndedAt, Entry: e.ID})
	}
	today := calendar.DayOf(tx.Now())
	rows = slices.DeleteFunc(rows, func(r RedRow) bool {
		return calendar.WorkdaysBetween(calendar.DayOf(r.EndedAt), today) < int(red)
	})
	slices.SortStableFunc(rows, func(a, b RedRow) int { return a.EndedAt.Compare(b.EndedAt) })
	return named(tx, p.District, rows, today, int(due))
}

// unbooked are the visits at orders of a community that are over and not recorded.
func unbooked(tx *db.Tx, p place.Place) (rows []RedRow, err error) {
	visits, err := visit.Waiting(tx, p.District, tx.Now().Add(-redSince), tx.Now(), redMost)
	if err != nil {
		return nil, err
	}
	for _, v := range visits {
		o, found, err := order.Find(tx, p.District, v.OrderID)
		if err != nil {
			return nil, err
		}
		if found && o.Community == p.ID && o.State != order.Cancelled {
			rows = append(rows, RedRow{Volunteer: Ref{ID: v.Volunteer}, Name: o.Title, EndedAt: v.OutAt, Order: o.ID})
		}
	}
	return rows, nil
}

func named(tx *db.Tx, district int, rows []RedRow, today calendar.Day, due int) ([]RedRow, error) {
	var people []string
	for _, r := range rows {
		people = append(people, r.Volunteer.ID)
	}
	known, err := person.Many(tx, district, people)
	out := []RedRow{}
	for _, r := range rows {
		r.Volunteer.Name = identity.MaskName(known[r.Volunteer.ID].Name)
		r.Workdays, r.DueAt = calendar.WorkdaysBetween(calendar.DayOf(r.EndedAt), today), calendar.AddWorkdays(r.EndedAt, due)
		r.Late = !tx.Now().Before(r.DueAt)
		r.EndedAt, r.DueAt = r.EndedAt.In(calendar.Zone()), r.DueAt.In(calendar.Zone())
		out = append(out, r)
	}
	return out, err
}

// mayAt is a place at which who has the permission.
func mayAt(tx *db.Tx, who access.Who, id string, p access.Permission) (place.Place, error) {
	at, err := place.Get(tx, id)
	if err != nil {
		return at, err
	}
	return at, access.Check(who, p, at.Target())
}
