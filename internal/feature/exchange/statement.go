package exchange

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/transfer"
	"linli/internal/feature/org"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Statement is what a merchant handed over in a month. It counts coupons and points,
// never money: what the place gives the merchant for them is between the two.
type Statement struct {
	Merchant Ref             `json:"merchant"`
	Month    string          `json:"month" example:"2026-11"`
	Coupons  int             `json:"coupons"`
	Points   int64           `json:"points"`
	Lines    []StatementLine `json:"lines" doc:"按换的东西分"`
	Uses     []UseView       `json:"uses" doc:"一次一次，商户自己担的也在里面"`

	contacts []Contact
	may      bool // appoint contacts
}

// StatementLine is one reward of a month.
type StatementLine struct {
	Name    string `json:"name"`
	Coupons int    `json:"coupons"`
	Points  int64  `json:"points"`
}

// Contact is who signs in for a merchant.
type Contact struct {
	Grant  string
	Person string
	Name   string
}

// Statement is the month of a merchant, for its contacts and for staff.
func (s *Service) Statement(ctx context.Context, who access.Who, merchant, month string) (out Statement, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, err := seekMerchant(tx, who, merchant)
		if err != nil {
			return err
		}
		if month == "" {
			month = calendar.DayOf(tx.Now()).String()[:7]
		}
		from, to, err := monthOf(month)
		if err != nil {
			return fault.Invalid("month", "月份请写成 2026-11 这样。")
		}
		uses, err := usesOf(tx, m.District, m.ID, "", from, to)
		if err != nil {
			return err
		}
		if out, err = state(tx, m, month, uses); err != nil {
			return err
		}
		out.may = access.May(who, access.ExchangeWrite, access.Target{District: m.District, Path: m.PlacePath})
		out.contacts, err = contacts(tx, m)
		return err
	})
	return out, err
}

func state(tx *db.Tx, m org.Org, month string, uses []Use) (Statement, error) {
	out := Statement{Merchant: Ref{m.ID, m.Name}, Month: month, Lines: []StatementLine{}, Uses: []UseView{}}
	for _, u := range uses {
		v, err := useView(tx, u)
		if err != nil {
			return out, err
		}
		out.Uses = append(out.Uses, v)
		if !u.payable() {
			continue
		}
		at := slices.IndexFunc(out.Lines, func(l StatementLine) bool { return l.Name == u.Name })
		if at < 0 {
			at, out.Lines = len(out.Lines), append(out.Lines, StatementLine{Name: u.Name})
		}
		out.Lines[at].Coupons++
		out.Lines[at].Points += u.Points
		out.Coupons, out.Points = out.Coupons+1, out.Points+u.Points
	}
	slices.SortFunc(out.Lines, func(a, b StatementLine) int { return cmp.Compare(a.Name, b.Name) })
	return out, nil
}

// seekMerchant finds a merchant whose statements who may read.
func seekMerchant(tx *db.Tx, who access.Who, id string) (org.Org, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return org.Org{}, err
	}
	for _, district := range districts {
		m, found, err := org.Get(tx, district, id)
		if err != nil {
			return m, err
		}
		if !found || m.Kind != org.Merchant {
			continue
		}
		at := access.Target{District: m.District, Path: m.PlacePath}
		if contactOf(who, m.ID) {
			at.Relations = []access.Relation{access.Leader}
		}
		if access.May(who, access.MerchantRead, at) {
			return m, nil
		}
	}
	return org.Org{}, fault.NotFound("没有这家商户，或者不归您看。")
}

// contacts lists who signs in for a merchant.
func contacts(tx *db.Tx, m org.Org) ([]Contact, error) {
	held, err := auth.GrantsUnder(tx, m.District, m.PlacePath)
	if err != nil {
		return nil, err
	}
	var out []Contact
	for _, h := range held {
		if h.Grant.Role != access.UnitContact || h.Grant.Org != m.ID {
			continue
		}
		p, err := person.Get(tx, h.District, h.Person)
		if err != nil {
			return nil, err
		}
		out = append(out, Contact{Grant: h.ID, Person: p.ID, Name: identity.MaskName(p.Name)})
	}
	return out, nil
}

// Appoint lets somebody sign in for a merchant.
func (s *Service) Appoint(ctx context.Context, who access.Who, merchant, phone string) (Ref, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (Ref, error) {
		m, err := managed(tx, who, merchant)
		if err != nil {
			return Ref{}, err
		}
		number, err := identity.Mobile("phone", phone)
		if err != nil {
			return Ref{}, err
		}
		whom, err := withAccount(tx, m.District, number)
		if err != nil {
			return Ref{}, err
		}
		return Ref{m.ID, m.Name}, s.appoint(tx, who, m, whom, true)
	})
}

// withAccount is who signs in with a phone.
func withAccount(tx *db.Tx, district int, phone string) (string, error) {
	found, err := person.ByPhone(tx, district, phone)
	if err != nil {
		return "", err
	}
	for _, p := range found {
		if has, err := auth.HasAccount(tx, district, p.ID); err != nil || has {
			return p.ID, err
		}
	}
	return "", fault.Invalid("phone", "这个手机号还没有账号，请本人先注册。")
}

// Dismiss takes it back.
func (s *Service) Dismiss(ctx context.Context, who access.Who, merchant, whom string) (Ref, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (Ref, error) {
		m, err := managed(tx, who, merchant)
		if err != nil {
			return Ref{}, err
		}
		return Ref{m.ID, m.Name}, s.appoint(tx, who, m, whom, false)
	})
}

func (s *Service) appoint(tx *db.Tx, who access.Who, m org.Org, whom string, on bool) (err error) {
	a := auth.Appointment{District: m.District, Person: whom, Role: access.UnitContact, Place: m.Place, Org: m.ID}
	if on {
		_, err = s.roles.Assign(tx, who, a)
	} else {
		err = s.roles.Unassign(tx, who, a)
	}
	act := map[bool]string{true: "merchant.appoint", false: "merchant.dismiss"}[on]
	event.Append(tx, event.Event{District: m.District, Community: m.Community, Actor: who.Person, Act: act, Kind: "org", Subject: m.ID, Data: event.Data{"person": whom}})
	return err
}

// managed is a merchant that who looks after.
func managed(tx *db.Tx, who access.Who, id string) (org.Org, error) {
	m, err := seekMerchant(tx, who, id)
	if err != nil {
		return m, err
	}
	return m, access.Check(who, access.ExchangeWrite, access.Target{District: m.District, Path: m.PlacePath})
}

// statementForm is the sheet of a month.
func statementForm() transfer.Form {
	return transfer.Form{Title: "商户兑换对账单", Headings: []transfer.Heading{
		{Name: "序号", Serial: true, Width: 6}, {Name: "日期", Width: 12}, {Name: "时间", Width: 9}, {Name: "兑换物品", Width: 16}, {Name: "券号尾数", Width: 10},
		{Name: "积分", Width: 8}, {Name: "离线", Width: 8}, {Name: "结果", Width: 12}, {Name: "谁担", Width: 12}, {Name: "计入", Width: 8},
	}}
}

// write puts a statement into a sheet, with its sum at the end.
func (st Statement) write(r *web.Request, w io.Writer) error {
	table, err := transfer.NewWriter(w, transfer.XLSX, statementForm(), r.T("%[1]s %[2]s 兑换对账单", st.Merchant.Name, st.Month))
	if err != nil {
		return err
	}
	for i, u := range st.Uses {
		if err == nil {
			err = table.Write(u.cells(r, i+1)...)
		}
	}
	if err == nil {
		err = table.Write(transfer.Text(""), transfer.Text(r.T("合计")), transfer.Text(""), transfer.Text(r.T("%d 张券", st.Coupons)), transfer.Text(""), transfer.Number(st.Points))
	}
	if closed := table.Close(); err == nil {
		err = closed
	}
	return err
}

func (u UseView) cells(r *web.Request, no int) []transfer.Cell {
	yes := func(is bool) transfer.Cell {
		if is {
			return transfer.Text(r.T("是"))
		}
		return transfer.Text(r.T("否"))
	}
	bearer := ""
	if u.Bearer != "" {
		bearer = r.T(u.Bearer.Label())
	}
	return []transfer.Cell{
		transfer.Number(int64(no)), transfer.Date(calendar.DayOf(u.At)), transfer.Text(hour(u.At)), transfer.Text(u.Name), transfer.Text(strings.TrimPrefix(u.Number, "…")),
		transfer.Number(u.Points), yes(u.Offline), transfer.Text(r.T(u.Outcome.Label())), transfer.Text(bearer), yes(u.Outcome == Good || u.Bearer != ByMerchant),
	}
}

func hour(t time.Time) string { return t.In(calendar.Zone()).Format("15:04") }
