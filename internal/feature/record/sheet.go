package record

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/transfer"
	"linli/internal/feature/org"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// activityForm is the 志愿服务活动记录表, headings word for word (domain.md 4.2).
func activityForm() transfer.Form {
	return transfer.Form{Title: "志愿服务活动记录表", Headings: []transfer.Heading{
		{Name: "序号", Serial: true, Width: 6},
		{Name: "活动名称", Width: 16},
		{Name: "活动日期", Width: 12},
		{Name: "开始时间", Width: 9},
		{Name: "结束时间", Width: 9},
		{Name: "活动地点", Width: 22},
		{Name: "服务区域", Width: 18},
		{Name: "服务类别", Width: 14},
		{Name: "服务内容", Width: 20},
		{Name: "服务对象", Width: 10},
		{Name: "受益人数", Width: 9},
		{Name: "参与人数", Width: 9},
		{Name: "服务时长(小时)", Width: 13},
		{Name: "活动组织单位", Width: 20},
		{Name: "活动负责人", Width: 12},
		{Name: "联系电话", Width: 15},
		{Name: "记录人", Width: 12},
		{Name: "评价", Width: 10},
		{Name: "备注", Width: 28},
	}}
}

// named is one record with the names that the table asks for.
type named struct {
	Record
	Standing  Standing
	Where     string // the place
	Region    string // the community
	Phone     string // of its station
	Organiser string
	InCharge  string // who vouched for the time, masked: it may be the one who was helped
	EnteredBy string // who typed it, masked; empty when the house did it by itself
}

// EachNamed gives who's whole record with names to fn, newest first.
func (s *Service) EachNamed(ctx context.Context, who access.Who, in Period, fn func(named) error) error {
	known := newNames()
	return s.Each(ctx, who, in, func(part Sheet) error {
		maps.Copy(known.places, part.names.places)
		maps.Copy(known.phones, part.names.phones)
		maps.Copy(known.people, part.names.people)
		for _, r := range part.Items {
			if err := fn(known.of(r, part.Places[r.Place], part.Standing[r.ID])); err != nil {
				return err
			}
		}
		return nil
	})
}

// names are those of places, teams and people that were looked up already.
type names struct{ places, phones, people map[string]string }

func newNames() names {
	return names{places: map[string]string{}, phones: map[string]string{}, people: map[string]string{}}
}

// into puts the names beside the ids of a row.
func (n names) into(v *ItemView) {
	v.Organiser.Name, v.InCharge.Name, v.EnteredBy.Name = n.places[v.Organiser.ID], n.people[v.InCharge.ID], n.people[v.EnteredBy.ID]
}

func (n names) of(r Record, where string, s Standing) named {
	return named{
		Record: r, Standing: s, Where: where, Region: n.places[r.Community], Phone: n.phones[r.Community],
		Organiser: n.places[r.Organiser], InCharge: n.people[r.InCharge], EnteredBy: n.people[r.EnteredBy],
	}
}

// learn looks up what the records name and is not known yet.
func (n names) learn(tx *db.Tx, district int, items []Record) error {
	var people, teams []string
	for _, r := range items {
		for _, id := range []string{r.Community, r.Organiser} {
			if _, known := n.places[id]; known {
				continue
			}
			n.places[id] = ""
			if place.DistrictOf(id) == 0 {
				teams = append(teams, id)
			} else if err := n.learnPlace(tx, id); err != nil {
				return err
			}
		}
		for _, id := range []string{r.InCharge, r.EnteredBy} {
			if _, known := n.people[id]; id != "" && !known {
				n.people[id] = ""
				people = append(people, id)
			}
		}
	}
	named, err := org.Names(tx, district, teams)
	if err != nil {
		return err
	}
	maps.Copy(n.places, named)
	found, err := person.Many(tx, district, people)
	for id, p := range found {
		n.people[id] = identity.MaskName(p.Name)
	}
	return err
}

func (n names) learnPlace(tx *db.Tx, id string) error {
	p, err := place.Get(tx, id)
	if fault.KindOf(err) == fault.KindNotFound {
		return nil // a place of long ago
	}
	if err != nil {
		return err
	}
	n.places[id] = p.Name
	n.phones[id], err = place.Phone(tx, id)
	return err
}

// cells is one row of the table.
func (n named) cells(r *web.Request, no int64) []transfer.Cell {
	kind := ""
	if service, ok := category.ByID(n.Category); ok {
		kind = r.T(service.Name)
	}
	by := n.EnteredBy
	if by == "" {
		by = r.T("系统自动记录")
	}
	return []transfer.Cell{
		transfer.Number(no), transfer.Text(r.T(n.Name)), transfer.Date(n.Day()), transfer.Text(hourOf(n.StartedAt)), transfer.Text(hourOf(n.EndedAt)),
		transfer.Text(n.Where), transfer.Text(n.Region), transfer.Text(kind), transfer.Text(r.T(n.Content)), {}, {}, {},
		transfer.Hundredths((int64(n.Minutes)*100 + 30) / 60), transfer.Text(n.Organiser), transfer.Text(n.InCharge), transfer.Text(n.Phone),
		transfer.Text(by), transfer.Text(word(r.T, n.Satisfaction)), transfer.Text(n.remark(r)),
	}
}

// word is what a resident said.
func word(t translate, satisfaction string) string {
	switch satisfaction {
	case "satisfied":
		return t("很满意")
	case "fair":
		return t("还可以")
	case "unsatisfied":
		return t("没办好")
	}
	return ""
}

// hourOf is a time of day in the place's zone: 09:05.
func hourOf(t time.Time) string { return t.In(calendar.Zone()).Format("15:04") }

// remark says what the table has no column for: the exact minutes, their
// evidence, and the order.
func (n named) remark(r *web.Request) string {
	parts := []string{r.T("%d 分钟", n.Minutes), r.T("%s 级：%s", n.Grade, r.T(GradeLabel(n.Grade)))}
	if n.Number != "" {
		parts = append(parts, r.T("单号 %s", n.Number))
	}
	if n.Kind == FromHand {
		parts = append(parts, r.T("补录"))
	}
	parts = append(parts, r.T(n.Standing.Label()))
	if n.Reason != "" {
		parts = append(parts, n.Reason)
	}
	return strings.Join(parts, r.T("，"))
}

func (h *Handlers) exportFile(r *web.Request, in exportInput) web.Answer {
	name, of := activityForm().Title+"."+string(in.Format), in.period()
	switch in.Format {
	case asJSON:
		return web.File(name, "application/json", func(w io.Writer) error { return h.writeJSON(r, of, w) })
	case format(transfer.XLSX):
		return web.File(name, transfer.XLSX.MediaType(), func(w io.Writer) error { return h.writeBook(r, of, w) })
	}
	return web.File(name, transfer.CSV.MediaType(), func(w io.Writer) error {
		table, err := transfer.NewWriter(w, transfer.CSV, activityForm(), "")
		if err != nil {
			return err
		}
		return h.writeServices(r, of, table)
	})
}

// writeBook writes the five groups of the record (令67, article 4), a sheet each.
func (h *Handlers) writeBook(r *web.Request, in Period, w io.Writer) error {
	who := access.Of(r)
	book, err := transfer.NewBook(w)
	if err != nil {
		return err
	}
	table, err := book.Sheet(activityForm(), r.T("%s的志愿服务活动记录表", who.Name))
	if err == nil {
		err = h.writeServices(r, in, table)
	}
	if err == nil {
		err = h.writeGroups(r, in, book)
	}
	if closed := book.Close(); err == nil {
		err = closed
	}
	return err
}

func (h *Handlers) writeServices(r *web.Request, in Period, table *transfer.Writer) error {
	no := int64(0)
	err := h.records.EachNamed(r.Context(), access.Of(r), in, func(n named) error {
		no++
		return table.Write(n.cells(r, no)...)
	})
	if closed := table.Close(); err == nil {
		err = closed
	}
	return err
}

// writeGroups writes the groups beside the services.
func (h *Handlers) writeGroups(r *web.Request, in Period, book *transfer.Book) error {
	s, err := h.records.Mine(r.Context(), access.Of(r), in, Cursor{}, 1)
	if err != nil {
		return err
	}
	b, p, words := s.basic(r.T, true), s.Person, s.Summary.Words
	groups := []group{
		{"个人基本信息", []string{"姓名", "志愿者编号", "性别", "出生日期", "身份证件号码", "居住区域", "联系方式", "专业技能和服务类别"},
			[][]transfer.Cell{{transfer.Text(p.Name), transfer.Text(b.Number), transfer.Text(b.Sex), transfer.Date(p.Birth), transfer.Text(p.IDNumber),
				transfer.Text(b.Where), transfer.Text(p.Phone), transfer.Text(strings.Join(b.Skills, r.T("、")))}}},
		{"培训情况", []string{"培训名称", "主要内容", "学习时长(小时)", "举办单位", "日期", "备注"}, attainmentRows(r, s.Trainings)},
		{"表彰奖励情况", []string{"名称", "主要内容", "授予单位", "日期", "备注"}, attainmentRows(r, s.Awards)},
		{"评价情况", []string{"很满意", "还可以", "没办好"},
			[][]transfer.Cell{{transfer.Number(words.Satisfied), transfer.Number(words.Fair), transfer.Number(words.Unsatisfied)}}},
	}
	for _, g := range groups {
		if err := g.write(book); err != nil {
			return err
		}
	}
	return nil
}

// group is one sheet.
type group struct {
	title    string
	headings []string
	rows     [][]transfer.Cell
}

func (g group) write(book *transfer.Book) error {
	form := transfer.Form{Title: g.title}
	for _, h := range g.headings {
		form.Headings = append(form.Headings, transfer.Heading{Name: h, Width: 18})
	}
	table, err := book.Sheet(form, "")
	if err != nil {
		return err
	}
	for _, row := range g.rows {
		if err = table.Write(row...); err != nil {
			break
		}
	}
	if closed := table.Close(); err == nil {
		err = closed
	}
	return err
}

func attainmentRows(r *web.Request, list []Attainment) (rows [][]transfer.Cell) {
	for _, a := range list {
		remark := ""
		if !a.WithdrawnAt.IsZero() {
			remark = r.T("已作废：%s", a.Reason)
		}
		row := []transfer.Cell{transfer.Text(a.Name), transfer.Text(a.Content)}
		if a.Kind == Training {
			row = append(row, transfer.Hundredths((int64(a.Minutes)*100+30)/60))
		}
		rows = append(rows, append(row, transfer.Text(a.Giver), transfer.Date(a.Day), transfer.Text(remark)))
	}
	return rows
}

// writeJSON writes the five groups as the API shows them, the services all in one
// list.
func (h *Handlers) writeJSON(r *web.Request, in Period, w io.Writer) error {
	who := access.Of(r)
	first, err := h.records.Mine(r.Context(), who, in, Cursor{}, 1)
	if err != nil {
		return err
	}
	head := first.view(r, web.Paging{})
	head.Basic.Document, head.Items, head.Next = first.Person.IDNumber, nil, ""
	text, err := json.Marshal(head)
	if err != nil {
		return err
	}
	begin, end, found := bytes.Cut(text, []byte(`"items":null`))
	if !found {
		return errors.New("record: the view has no list of items")
	}
	separator := string(begin) + `"items":[`
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	err = h.records.Each(r.Context(), who, in, func(part Sheet) error {
		for _, v := range part.view(r, web.Paging{}).Items {
			if _, err := io.WriteString(w, separator); err != nil {
				return err
			}
			separator = ","
			if err := out.Encode(v); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && separator != "," {
		_, err = io.WriteString(w, separator)
	}
	if err == nil {
		_, err = io.WriteString(w, "]"+string(end)+"\n")
	}
	return err
}
