package record

import (
	"context"
	"encoding/json"
	"io"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/transfer"
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
	Where     string // the place
	Region    string // the community
	Phone     string // of its station
	Organiser string
	InCharge  string // who vouched for the time, masked: it may be the one who was helped
	EnteredBy string // who typed it, masked; empty when the house did it by itself
}

// EachNamed gives who's whole record with names to fn, newest first.
func (s *Service) EachNamed(ctx context.Context, who access.Who, fn func(named) error) error {
	known := names{places: map[string]string{}, phones: map[string]string{}, people: map[string]string{}}
	return s.Each(ctx, who, func(part Sheet) error {
		if err := s.db.Read(ctx, func(tx *db.Tx) error { return known.learn(tx, who.District, part.Items) }); err != nil {
			return err
		}
		for _, r := range part.Items {
			if err := fn(known.of(r, part.Places[r.Place])); err != nil {
				return err
			}
		}
		return nil
	})
}

// names are those of places and people that were looked up already.
type names struct{ places, phones, people map[string]string }

func (n names) of(r Record, where string) named {
	return named{
		Record: r, Where: where, Region: n.places[r.Community], Phone: n.phones[r.Community],
		Organiser: n.places[r.Organiser], InCharge: n.people[r.InCharge], EnteredBy: n.people[r.EnteredBy],
	}
}

// learn looks up what the records name and is not known yet.
func (n names) learn(tx *db.Tx, district int, items []Record) error {
	var people []string
	for _, r := range items {
		for _, id := range []string{r.Community, r.Organiser} {
			if err := n.learnPlace(tx, id); err != nil {
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
	found, err := person.Many(tx, district, people)
	for id, p := range found {
		n.people[id] = identity.MaskName(p.Name)
	}
	return err
}

func (n names) learnPlace(tx *db.Tx, id string) error {
	if _, known := n.places[id]; known {
		return nil
	}
	n.places[id] = ""
	p, err := place.Get(tx, id)
	if fault.KindOf(err) == fault.KindNotFound {
		return nil // an organisation, or a place of long ago
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
		transfer.Text(by), {}, transfer.Text(n.remark(r)),
	}
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
	return strings.Join(parts, r.T("，"))
}

func (h *Handlers) exportFile(r *web.Request, f format) web.Answer {
	name := activityForm().Title + "." + string(f)
	if f == asJSON {
		return web.File(name, "application/json", func(w io.Writer) error { return h.writeJSON(r, w) })
	}
	kind := transfer.Kind(f)
	return web.File(name, kind.MediaType(), func(w io.Writer) error { return h.writeTable(r, w, kind) })
}

func (h *Handlers) writeTable(r *web.Request, w io.Writer, kind transfer.Kind) error {
	who := access.Of(r)
	table, err := transfer.NewWriter(w, kind, activityForm(), r.T("%s的志愿服务活动记录表", who.Name))
	if err != nil {
		return err
	}
	no := int64(0)
	err = h.records.EachNamed(r.Context(), who, func(n named) error {
		no++
		return table.Write(n.cells(r, no)...)
	})
	if closed := table.Close(); err == nil {
		err = closed
	}
	return err
}

// writeJSON writes the items as the API shows them, all in one list.
func (h *Handlers) writeJSON(r *web.Request, w io.Writer) error {
	separator := `{"items":[`
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	err := h.records.Each(r.Context(), access.Of(r), func(part Sheet) error {
		for _, x := range part.Items {
			if _, err := io.WriteString(w, separator); err != nil {
				return err
			}
			separator = ","
			if err := out.Encode(part.item(r, x)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if separator != "," {
		_, err = io.WriteString(w, `{"items":[`)
	}
	if err == nil {
		_, err = io.WriteString(w, "]}\n")
	}
	return err
}
