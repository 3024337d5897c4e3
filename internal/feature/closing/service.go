package closing

import (
	"context"
	"slices"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/feature/audit"
	"linli/internal/feature/certificate"
	"linli/internal/feature/record"
	"linli/internal/feature/star"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Service gathers what a month still needs.
type Service struct {
	db      *db.DB
	audits  *audit.Service
	records *record.Service
	stars   *star.Service
	papers  *certificate.Service
}

// NewService makes the service on a database, over those whose things it shows.
func NewService(d *db.DB, audits *audit.Service, records *record.Service, stars *star.Service, papers *certificate.Service) *Service {
	return &Service{d, audits, records, stars, papers}
}

// View is what a month of a community still needs.
type View struct {
	Place        audit.Ref              `json:"place"`
	Month        string                 `json:"month" doc:"抽查的是哪个月" example:"2026-10"`
	Left         int                    `json:"left" doc:"您能办的还有几件"`
	Others       int                    `json:"others" doc:"等别人办的、要在别的页面办的还有几件"`
	Findings     []audit.FindingView    `json:"findings" doc:"等人看的疑点"`
	Notice       int                    `json:"notice" doc:"公示中的记录几条，最多数到 100"`
	Objections   []record.ObjectionView `json:"objections" doc:"等答复的异议"`
	Entries      []record.EntryView     `json:"entries" doc:"等别的单位批的补录"`
	Overdue      []audit.RedRow         `json:"overdue" doc:"快到期限还没记上的服务"`
	Checks       []audit.CheckView      `json:"checks" doc:"抽查的记录"`
	Stars        []star.CaseView        `json:"stars" doc:"等批的星级，和公示里有异议的"`
	Certificates []DoubtView            `json:"certificates" doc:"记录撤回了、要再看的证明"`
}

// DoubtView is a certificate that stands on a row of the record that was taken back.
type DoubtView struct {
	ID      string   `json:"id"`
	Number  string   `json:"number"`
	Name    string   `json:"name" doc:"证明上的姓名"`
	From    string   `json:"from"`
	To      string   `json:"to"`
	Minutes int64    `json:"minutes" doc:"证明上写的分钟"`
	Doubt   string   `json:"doubt" doc:"哪一单的记录撤回了"`
	Actions []string `json:"actions" doc:"您现在能办的" enum:"confirmation,revocation"`
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
		if c.State == star.Proposed || len(undecided(c)) > 0 {
			v.Stars = append(v.Stars, c)
		}
	}
	v.count()
	return v, err
}

// undecided are the objections to a star that nobody has answered.
func undecided(c star.CaseView) []star.ObjectionView {
	return slices.DeleteFunc(slices.Clone(c.Objections), func(o star.ObjectionView) bool { return o.Decided || c.State != star.Notice })
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
	v = View{Place: audit.Ref{ID: p.ID, Name: p.Name}, Month: string(month), Objections: []record.ObjectionView{}, Entries: []record.EntryView{},
		Stars: []star.CaseView{}, Certificates: []DoubtView{}}
	for _, fill := range []func(*db.Tx, access.Who, place.Place) error{v.watched, v.said, v.waiting, v.doubts} {
		if err := fill(tx, who, p); err != nil {
			return v, err
		}
	}
	return v, nil
}

// watched is what oversight has to look at.
func (v *View) watched(tx *db.Tx, who access.Who, p place.Place) (err error) {
	if v.Findings, err = audit.FindingsAt(tx, who, p, audit.Open); err != nil {
		return err
	}
	if v.Checks, err = audit.ChecksAt(tx, who, p, audit.Month(v.Month)); err != nil {
		return err
	}
	v.Overdue, err = audit.RedList(tx, p)
	return err
}

// said is what is in public notice, and what was said against it.
func (v *View) said(tx *db.Tx, who access.Who, p place.Place) error {
	all, err := record.ObjectionsAt(tx, who, p)
	if err != nil {
		return err
	}
	v.Objections = append(v.Objections, all...)
	n, err := record.InNoticeAt(tx, p.District, p.ID, record.Cursor{}, noticeMost)
	v.Notice = len(n.Items)
	return err
}

func (v *View) waiting(tx *db.Tx, who access.Who, p place.Place) error {
	all, err := record.EntriesAt(tx, who, p)
	v.Entries = append(v.Entries, all...)
	return err
}

func (v *View) doubts(tx *db.Tx, who access.Who, p place.Place) error {
	all, err := certificate.InDoubt(tx, who, p)
	for _, c := range all {
		d := DoubtView{ID: c.ID, Number: c.Number, Name: c.Paper.Name, From: c.From.String(), To: c.To.String(), Minutes: c.Minutes, Doubt: c.Doubt, Actions: []string{}}
		if c.MayKeep(who) {
			d.Actions = append(d.Actions, certificate.StepKeep, certificate.StepRevocation)
		}
		v.Certificates = append(v.Certificates, d)
	}
	return err
}

// count tells what the reader can do here from what waits for others. An entry that runs
// out of time stands among the entries already.
func (v *View) count() {
	v.Left, v.Others = 0, 0
	add := func(mine bool) {
		if mine {
			v.Left++
		} else {
			v.Others++
		}
	}
	for _, f := range v.Findings {
		add(len(f.Actions) > 0)
	}
	for _, o := range v.Objections {
		add(slices.ContainsFunc(o.Actions, func(a record.Action) bool { return a.Name == record.StepRejection }))
	}
	for _, e := range v.Entries {
		add(slices.ContainsFunc(e.Actions, func(a record.Action) bool { return a.Name == record.StepApproval }))
	}
	for _, x := range v.Overdue {
		if x.Entry == "" {
			add(false)
		}
	}
	for _, c := range v.Checks {
		if c.State == string(audit.Open) {
			add(len(c.Actions) > 0)
		}
	}
	for _, c := range v.Stars {
		add(slices.Contains(c.Actions, star.CanDecide) || slices.Contains(c.Actions, star.CanAnswer))
	}
	for _, c := range v.Certificates {
		add(len(c.Actions) > 0)
	}
}
