package audit

import (
	"context"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/core/ledger"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/feature/org"
	"linli/internal/feature/record"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Ref names another thing.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// NoticeRow is a row in public notice, as anybody may see it: no full name, no
// address, no words about the one who was helped.
type NoticeRow struct {
	ID        string    `json:"id"`
	Volunteer string    `json:"volunteer" doc:"遮了名字" example:"孙**"`
	Service   string    `json:"service" doc:"哪类服务"`
	Day       string    `json:"day"`
	Minutes   int       `json:"minutes"`
	Grade     string    `json:"grade" enum:"A,B,C,M"`
	Source    string    `json:"source" enum:"order,activity,manual" doc:"manual 就是补录"`
	Organiser string    `json:"organiser" doc:"队伍或者社区"`
	Until     time.Time `json:"until" doc:"公示到什么时候"`
	Held      bool      `json:"held" doc:"有人提了异议，或者在核实"`
}

// HeadView is the head of the place's chain.
type HeadView struct {
	Day  string `json:"day" doc:"哪一天公布的"`
	Seq  int64  `json:"seq" doc:"链上第几笔"`
	Hash string `json:"hash" doc:"到这一笔为止的指纹"`
}

// SeedView is a month's seed.
type SeedView struct {
	Month       string    `json:"month" example:"2026-11"`
	Seed        string    `json:"seed"`
	PublishedAt time.Time `json:"published_at"`
}

// DrawView is the result of a month's spot check.
type DrawView struct {
	Month   string    `json:"month" example:"2026-10"`
	Rows    int       `json:"rows" doc:"那个月一共几条记录"`
	Percent int       `json:"percent" doc:"抽百分之几"`
	Drawn   int       `json:"drawn" doc:"抽到几条"`
	Manual  int       `json:"manual" doc:"另外的补录几条，条条都查"`
	Open    int       `json:"open" doc:"还没查的"`
	Passed  int       `json:"passed" doc:"属实"`
	Failed  int       `json:"failed" doc:"不属实"`
	DrawnAt time.Time `json:"drawn_at"`
}

// PublicView is what a place shows to everybody.
type PublicView struct {
	Place  Ref         `json:"place"`
	Items  []NoticeRow `json:"items" doc:"公示中的记录，先到期的在前"`
	Next   web.Next    `json:"next" doc:"下一页的位置，放进 cursor；null 就是到头了"`
	Head   HeadView    `json:"head" doc:"现在的链头"`
	Heads  []HeadView  `json:"heads" doc:"每天公布的链头，新的在前"`
	Seeds  []SeedView  `json:"seeds" doc:"抽查的种子，提前公布"`
	Draws  []DrawView  `json:"draws" doc:"每个月抽查的结果"`
	Places []Ref       `json:"places" doc:"下面的社区"`

	first bool
	days  int64 // of notice
}

const (
	noticeUsual = 50
	headsMost   = 31
	monthsMost  = 13
)

// Public is the public page of a place.
func (s *Service) Public(ctx context.Context, id string, after record.Cursor, limit int) (v PublicView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		v, err = publicOf(tx, id, after, limit)
		return err
	})
	return v, err
}

func publicOf(tx *db.Tx, id string, after record.Cursor, limit int) (v PublicView, err error) {
	v = PublicView{Items: []NoticeRow{}, Heads: []HeadView{}, Seeds: []SeedView{}, Draws: []DrawView{}, Places: []Ref{}, first: after.ID == ""}
	p, err := place.Get(tx, id)
	if err != nil {
		return v, err
	}
	v.Place = Ref{p.ID, p.Name}
	switch {
	case p.Level == place.Community:
	case p.Community() != "":
		return v, fault.NotFound("公示在社区那一页。")
	default:
		return v, v.below(tx, p)
	}
	for _, fill := range []func(*db.Tx, place.Place) error{v.heads, v.seeds, v.draws} {
		if err := fill(tx, p); err != nil {
			return v, err
		}
	}
	n, err := record.InNoticeAt(tx, p.District, p.ID, after, limit)
	if err != nil {
		return v, err
	}
	if n.More {
		last := n.Items[len(n.Items)-1]
		v.Next = web.EncodeCursor(record.Cursor{At: last.CountsAt.UnixMilli(), ID: last.ID})
	}
	v.Items, err = noticeRows(tx, p, n)
	return v, err
}

// below lists the communities of a street, or the places of what is above one.
func (v *PublicView) below(tx *db.Tx, p place.Place) error {
	children, err := place.Children(tx, p.ID)
	for _, c := range children {
		v.Places = append(v.Places, Ref{c.ID, c.Name})
	}
	return err
}

func (v *PublicView) heads(tx *db.Tx, p place.Place) error {
	seq, hash, err := ledger.Head(tx, p.District, p.ID)
	if err != nil {
		return err
	}
	v.Head = HeadView{calendar.DayOf(tx.Now()).String(), seq, hash}
	list, err := db.All(tx, func(s db.Scanner) (h HeadView, err error) { return h, s.Scan(&h.Day, &h.Seq, &h.Hash) },
		`SELECT day, seq, hash FROM chain_day WHERE district = $1 AND community = $2 ORDER BY day DESC LIMIT $3`, p.District, p.ID, headsMost)
	v.Heads = append(v.Heads, list...)
	return err
}

func (v *PublicView) seeds(tx *db.Tx, p place.Place) error {
	list, err := seedsOf(tx, p.District, monthsMost)
	for _, s := range list {
		v.Seeds = append(v.Seeds, SeedView{string(s.Month), s.Seed, s.PublishedAt.In(calendar.Zone())})
	}
	return err
}

func (v *PublicView) draws(tx *db.Tx, p place.Place) error {
	list, err := db.All(tx, func(s db.Scanner) (d DrawView, err error) {
		var at int64
		err = s.Scan(&d.Month, &at, &d.Rows, &d.Percent)
		d.DrawnAt = time.UnixMilli(at).In(calendar.Zone())
		return d, err
	}, `SELECT month, drawn_at, entered, percent FROM spot_draw WHERE district = $1 AND community = $2 ORDER BY month DESC LIMIT $3`, p.District, p.ID, monthsMost)
	if err != nil {
		return err
	}
	for _, d := range list {
		checks, err := checksOf(tx, p, Month(d.Month))
		if err != nil {
			return err
		}
		d.count(checks)
		v.Draws = append(v.Draws, d)
	}
	return nil
}

func (d *DrawView) count(checks []Check) {
	for _, c := range checks {
		if c.Why == whyDrawn {
			d.Drawn++
		} else {
			d.Manual++
		}
		switch c.State {
		case Passed:
			d.Passed++
		case Failed:
			d.Failed++
		default:
			d.Open++
		}
	}
}

func noticeRows(tx *db.Tx, p place.Place, n record.Notice) ([]NoticeRow, error) {
	var people, teams []string
	for _, r := range n.Items {
		people, teams = append(people, r.Volunteer), append(teams, r.Organiser)
	}
	known, err := person.Many(tx, p.District, people)
	if err != nil {
		return nil, err
	}
	names, err := org.Names(tx, p.District, teams)
	if err != nil {
		return nil, err
	}
	names[p.ID] = p.Name
	out := []NoticeRow{}
	for _, r := range n.Items {
		row := NoticeRow{
			ID: r.ID, Volunteer: identity.MaskName(known[r.Volunteer].Name), Day: r.Day().String(), Minutes: r.Minutes, Grade: r.Grade,
			Source: string(r.Kind), Organiser: names[r.Organiser], Until: r.CountsAt.In(calendar.Zone()), Held: n.Standing[r.ID] == record.Held,
		}
		if service, ok := category.ByID(r.Category); ok {
			row.Service = ui.T(tx.Context(), service.Name)
		}
		out = append(out, row)
	}
	return out, nil
}

// DrawList is everything that the draw of a month followed from, and its result.
type DrawList struct {
	Place   Ref       `json:"place"`
	Month   string    `json:"month"`
	Seed    string    `json:"seed"`
	Percent int       `json:"percent"`
	Items   []DrawRow `json:"items" doc:"那个月的全部记录，按编号"`
}

// DrawRow is one row of a month.
type DrawRow struct {
	ID     string `json:"id"`
	Manual bool   `json:"manual" doc:"补录"`
	Rank   string `json:"rank" doc:"“种子:编号”的 SHA-256，小的先抽"`
	Drawn  bool   `json:"drawn" doc:"抽到了，或者是补录"`
	Result string `json:"result" enum:",open,passed,failed" doc:"没抽到的是空的"`
}

// DrawnIn is the list of a month's draw, for whoever wants to do it again; of the last
// one when no month is given.
func (s *Service) DrawnIn(ctx context.Context, id string, m Month) (out DrawList, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := place.Get(tx, id)
		if err != nil {
			return err
		}
		if m, err = orLast(tx, p, m); err != nil {
			return err
		}
		out = DrawList{Place: Ref{p.ID, p.Name}, Month: string(m), Items: []DrawRow{}}
		found, err := tx.Get(`SELECT d.percent, s.seed FROM spot_draw d JOIN spot_seed s ON s.district = d.district AND s.month = d.month
			WHERE d.district = $1 AND d.community = $2 AND d.month = $3`, []any{p.District, p.ID, string(m)}, &out.Percent, &out.Seed)
		if err == nil && !found {
			err = fault.NotFound("这个月还没有抽查。")
		}
		if err != nil {
			return err
		}
		return out.fill(tx, p, m)
	})
	return out, err
}

// orLast is the month that was drawn last when none is given.
func orLast(tx *db.Tx, p place.Place, m Month) (Month, error) {
	if m != "" {
		return m, nil
	}
	_, err := tx.Get(`SELECT coalesce(max(month), '') FROM spot_draw WHERE district = $1 AND community = $2`, []any{p.District, p.ID}, &m)
	return m, err
}

func (l *DrawList) fill(tx *db.Tx, p place.Place, m Month) error {
	rows, err := rowsOf(tx, p, m)
	if err != nil {
		return err
	}
	checks, err := checksOf(tx, p, m)
	results := map[string]string{}
	for _, c := range checks {
		results[c.Record] = string(c.State)
	}
	for _, r := range rows {
		result, drawn := results[r.ID]
		l.Items = append(l.Items, DrawRow{r.ID, r.Manual, Rank(l.Seed, r.ID), drawn, result})
	}
	return err
}
