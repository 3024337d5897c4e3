package closing

import (
	"context"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/feature/audit"
	"linli/internal/feature/record"
	"linli/internal/feature/star"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Service gathers what a month still needs.
type Service struct {
	db    *db.DB
	stars *star.Service
}

// NewService makes the service on a database.
func NewService(d *db.DB, stars *star.Service) *Service { return &Service{d, stars} }

// View is what a month of a community still needs.
type View struct {
	Place      audit.Ref              `json:"place"`
	Month      string                 `json:"month" doc:"抽查的是哪个月" example:"2026-10"`
	Left       int                    `json:"left" doc:"还有几件没办"`
	Findings   []audit.FindingView    `json:"findings" doc:"等人看的疑点"`
	Notice     int                    `json:"notice" doc:"公示中的记录几条，最多数到 100"`
	Objections []record.ObjectionView `json:"objections" doc:"等答复的异议"`
	Entries    []record.EntryView     `json:"entries" doc:"等别的单位批的补录"`
	Overdue    []audit.RedRow         `json:"overdue" doc:"快到期限还没记上的服务"`
	Checks     []audit.CheckView      `json:"checks" doc:"抽查的记录"`
	Stars      []star.CaseView        `json:"stars" doc:"等批的星级"`
}

// noticeMost is how many rows in public notice are counted.
const noticeMost = 100

// Closing is the page of a community for whoever works there; month is that of the
// spot check, the one before this when empty.
func (s *Service) Closing(ctx context.Context, who access.Who, at string, month audit.Month) (v View, err error) {
	if err = s.db.Read(ctx, func(tx *db.Tx) error {
		v, err = read(tx, who, at, month)
		return err
	}); err != nil {
		return v, err
	}
	board, err := s.stars.Board(ctx, who, v.Place.ID)
	for _, c := range board.Items {
		if c.State == star.Proposed {
			v.Stars = append(v.Stars, c)
		}
	}
	v.Left = len(v.Findings) + len(v.Objections) + len(v.Entries) + len(v.Overdue) + len(v.Stars)
	for _, c := range v.Checks {
		if c.State == string(audit.Open) {
			v.Left++
		}
	}
	return v, err
}

func read(tx *db.Tx, who access.Who, at string, month audit.Month) (v View, err error) {
	p, err := place.Get(tx, at)
	if err != nil {
		return v, err
	}
	if err := access.Check(who, access.ClosingRead, p.Target()); err != nil {
		return v, err
	}
	if p.Community() == "" {
		return v, fault.Conflict("月结在社区那一页。")
	}
	if p, err = place.Get(tx, p.Community()); err != nil {
		return v, err
	}
	if month == "" {
		month = audit.MonthOf(calendar.DayOf(tx.Now())).Before()
	}
	v = View{Place: audit.Ref{ID: p.ID, Name: p.Name}, Month: string(month), Objections: []record.ObjectionView{}, Entries: []record.EntryView{}, Stars: []star.CaseView{}}
	if v.Findings, err = audit.FindingsAt(tx, who, p, audit.Open); err != nil {
		return v, err
	}
	if v.Checks, err = audit.ChecksAt(tx, who, p, month); err != nil {
		return v, err
	}
	if v.Overdue, err = audit.RedList(tx, p); err != nil {
		return v, err
	}
	said, err := record.ObjectionsAt(tx, who, p)
	if err != nil {
		return v, err
	}
	waiting, err := record.EntriesAt(tx, who, p)
	if err != nil {
		return v, err
	}
	v.Objections, v.Entries = append(v.Objections, said...), append(v.Entries, waiting...)
	n, err := record.InNoticeAt(tx, p.District, p.ID, record.Cursor{}, noticeMost)
	v.Notice = len(n.Items)
	return v, err
}
