package record

import (
	"slices"

	"linli/internal/core/access"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/transfer"
	"linli/internal/core/ui"
	"linli/internal/feature/points"
	"linli/internal/feature/record/page"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

func (h *Handlers) desk(r *web.Request, _ struct{}) (Desk, error) {
	return h.records.Desk(r.Context(), access.Of(r))
}

func (h *Handlers) deskPage(r *web.Request, d Desk) web.Answer {
	who := access.Of(r)
	helps := who.Has(access.Volunteer) || d.Summary.Count > 0
	out := page.Desk{
		Name: d.Person.Name, About: roles(r, who), Helps: helps, Time: timeOf(r, d.Summary), Points: r.T("%d 分", d.Points),
		Ways: ways(r, d, helps), SignOut: "/sign-out",
	}
	return web.HTML(page.DeskPage(out))
}

// roles are what the reader is, each once.
func roles(r *web.Request, who access.Who) string {
	var seen []access.Role
	text := ""
	for _, g := range who.Grants {
		if slices.Contains(seen, g.Role) {
			continue
		}
		if seen = append(seen, g.Role); text != "" {
			text += r.T("、")
		}
		text += r.T(g.Role.Label())
	}
	return text
}

// ways are the pages about oneself.
func ways(r *web.Request, d Desk, helps bool) []page.Way {
	out := []page.Way{
		{Href: "/me/notices", Text: r.T("消息"), Icon: ui.GlyphChat, Count: d.Unread},
	}
	if helps {
		out = append(out,
			page.Way{Href: "/me/record", Text: r.T("我的服务记录"), More: r.T("哪天帮了谁家什么忙，可以下载"), Icon: ui.GlyphLists},
			page.Way{Href: "/me/points", Text: r.T("我的积分"), More: r.T("一笔一笔怎么来的"), Icon: ui.GlyphGift},
			page.Way{Href: "/volunteer", Text: r.T("志愿者设置"), More: r.T("会什么、什么时候有空、愿意走多远"), Icon: ui.GlyphHeart})
	} else {
		out = append(out, page.Way{Href: "/volunteer", Text: r.T("我也来帮忙"), More: r.T("登记成志愿者，一周一次也行"), Icon: ui.GlyphHeart})
	}
	return append(out,
		page.Way{Href: "/persons/" + d.Person.ID, Text: r.T("我的资料"), More: r.T("住哪儿、打哪个电话、同意过什么"), Icon: ui.GlyphMe},
		page.Way{Href: "/me/disclosures", Text: r.T("谁看过我的信息"), Icon: ui.GlyphSearch},
		page.Way{Href: "/account", Text: r.T("账号"), More: r.T("密码、手机号、在哪些手机上登录"), Icon: ui.GlyphShield})
}

func timeOf(r *web.Request, s Summary) page.Time {
	t := page.Time{
		Year: ui.Duration(r.Context(), s.Year), Total: ui.Duration(r.Context(), s.Total), Count: r.T("%d 次", s.Count),
	}
	for _, grade := range Grades() {
		if s.Grade[grade] > 0 {
			t.Grades = append(t.Grades, page.Grade{Mark: grade, Text: r.T(GradeLabel(grade)), Time: ui.Duration(r.Context(), s.Grade[grade])})
		}
	}
	return t
}

func (h *Handlers) minePage(r *web.Request, v View) web.Answer {
	out := recordModel(r, v, "/me/record")
	out.Title, out.Back = r.T("我的服务记录"), ui.Link{Text: r.T("回到我的"), Href: "/me"}
	out.Lead = r.T("按实际服务的时间记。哪一条不对，请告诉服务站。")
	for _, f := range []struct {
		kind string
		text string
	}{
		{string(transfer.XLSX), r.T("下载表格（Excel）")}, {string(transfer.CSV), r.T("下载表格（CSV）")}, {string(asJSON), r.T("下载数据（JSON）")},
	} {
		out.Files = append(out.Files, ui.Link{Text: f.text, Href: "/me/record/export?format=" + f.kind})
	}
	return web.HTML(page.RecordPage(out))
}

func (h *Handlers) showPage(r *web.Request, v View) web.Answer {
	p, name := v.sheet.Person, identity.MaskName(v.sheet.Person.Name)
	if p.ID == access.Of(r).Person {
		name = p.Name
	}
	out := recordModel(r, v, "/persons/"+p.ID+"/record")
	out.Title, out.Back = r.T("%s的服务记录", name), ui.Link{Text: r.T("回到%s", name), Href: "/persons/" + p.ID}
	return web.HTML(page.RecordPage(out))
}

func recordModel(r *web.Request, v View, self string) page.Record {
	out := page.Record{Time: timeOf(r, v.sheet.Summary), Pages: ui.Pages{Next: pageHref(self, string(v.Next))}}
	if !v.first {
		out.Pages.First = self
	}
	for _, i := range v.Items {
		out.Items = append(out.Items, itemModel(r, i))
	}
	return out
}

func itemModel(r *web.Request, i ItemView) page.Item {
	out := page.Item{
		Name: i.Name, Day: ui.FullDate(r.Context(), i.StartedAt), Hours: ui.Clock(r.Context(), i.StartedAt) + "–" + ui.Clock(r.Context(), i.EndedAt),
		Where: i.Place.Name, Time: ui.Duration(r.Context(), int64(i.Minutes)), Mark: i.Grade, Text: r.T(GradeLabel(i.Grade)),
	}
	if i.Order != "" {
		out.Href = "/orders/" + i.Order
	}
	return out
}

// sectionMost is how many records the page of a person shows.
const sectionMost = 5

// Section is the card of service on a person's page.
func (h *Handlers) Section(r *web.Request, p person.Person) (web.Component, error) {
	return h.SectionOf(r, p.ID)
}

// SectionOf is Section for a page that knows the volunteer's id only; nil for
// somebody who has not served, or whose record the reader may not see.
func (h *Handlers) SectionOf(r *web.Request, volunteer string) (web.Component, error) {
	who := access.Of(r)
	s, err := h.records.Show(r.Context(), who, volunteer, Cursor{}, sectionMost)
	switch {
	case err != nil && fault.KindOf(err) != fault.KindNotFound:
		return nil, err
	case err != nil || s.Summary.Count == 0:
		return nil, nil
	}
	out := page.Section{
		Time: timeOf(r, s.Summary), All: ui.Link{Text: r.T("全部 %d 次", s.Summary.Count), Href: "/persons/" + volunteer + "/record"},
	}
	for _, i := range s.view(r, web.Paging{}).Items {
		out.Items = append(out.Items, itemModel(r, i))
	}
	if access.May(who, access.PointsRead, s.Person.Target(who)) {
		n, err := h.records.pointsOf(r, s.Person)
		if err != nil {
			return nil, err
		}
		out.Points = r.T("%d 分", n)
	}
	return page.SectionCard(out), nil
}

func (s *Service) pointsOf(r *web.Request, p person.Person) (n int64, err error) {
	err = s.db.Read(r.Context(), func(tx *db.Tx) error {
		n, err = points.Balance(tx, p.District, p.ID)
		return err
	})
	return n, err
}
