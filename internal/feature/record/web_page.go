package record

import (
	"net/url"
	"slices"
	"strings"

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
	sections, err := person.Cards(r, d.Person, h.sections)
	if err != nil {
		return web.Failed(err)
	}
	out.Sections = sections
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
			page.Way{Href: "/me/certificates", Text: r.T("我的服务证明"), More: r.T("开一张，给单位、学校看"), Icon: ui.GlyphAward},
			page.Way{Href: "/me/points", Text: r.T("我的积分"), More: r.T("一笔一笔怎么来的"), Icon: ui.GlyphGift},
			page.Way{Href: "/stars", Text: r.T("我的星级"), More: r.T("评了几星、到下一星还差多久"), Icon: ui.GlyphStar},
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
	if s.Counted != s.Total {
		t.Counted = ui.Duration(r.Context(), s.Counted)
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
	out.Lead = r.T("按实际服务的时间记，先公示再算数。哪一条不对，点开它，请人更正。")
	out.Printed = "/me/record/print?" + v.period.query().Encode()
	for _, f := range []struct {
		kind string
		text string
	}{
		{string(transfer.XLSX), r.T("下载表格（Excel）")}, {string(transfer.CSV), r.T("下载表格（CSV）")}, {string(asJSON), r.T("下载数据（JSON）")},
	} {
		q := v.period.query()
		q.Set("format", f.kind)
		out.Files = append(out.Files, ui.Link{Text: f.text, Href: "/me/record/export?" + q.Encode()})
	}
	return web.HTML(page.RecordPage(out))
}

// printPage is the record as it goes on paper: all rows, and nothing to press.
func (h *Handlers) printPage(r *web.Request, v View) web.Answer {
	out := recordModel(r, v, "/me/record")
	out.Title, out.Back = r.T("%s的服务记录", access.Of(r).Name), ui.Link{Text: r.T("回到我的服务记录"), Href: "/me/record"}
	out.Lead, out.Print = r.T("用浏览器的打印就能印出来。"), true
	return web.HTML(page.RecordPage(out))
}

// query is the period as it stands in a link.
func (p Period) query() url.Values {
	q := url.Values{}
	if !p.From.IsZero() {
		q.Set("from", p.From.String())
	}
	if !p.To.IsZero() {
		q.Set("to", p.To.String())
	}
	return q
}

func (h *Handlers) showPage(r *web.Request, v View) web.Answer {
	p, who := v.sheet.Person, access.Of(r)
	name := identity.MaskName(p.Name)
	if p.ID == who.Person {
		name = p.Name
	}
	at := access.Target{District: p.District, Path: p.PlacePath}
	merit := p.ID != who.Person && access.May(who, access.RecordMerit, at)
	if merit {
		v.attainments = "/persons/" + p.ID + "/attainments/"
	}
	out := recordModel(r, v, "/persons/"+p.ID+"/record")
	out.Title, out.Back = r.T("%s的服务记录", name), ui.Link{Text: r.T("回到%s", name), Href: "/persons/" + p.ID}
	if p.ID != who.Person && access.May(who, access.RecordEnter, at) {
		out.Ways = append(out.Ways, ui.Link{Text: r.T("补录一次服务"), Href: "/entries/new?volunteer=" + p.ID})
	}
	if merit {
		out.Ways = append(out.Ways, ui.Link{Text: r.T("记一次培训或表彰"), Href: v.attainments + "new"})
	}
	return web.HTML(page.RecordPage(out))
}

func recordModel(r *web.Request, v View, self string) page.Record {
	out := page.Record{
		Time: timeOf(r, v.sheet.Summary), Pages: ui.Pages{Next: pageHref(self, v.period, string(v.Next))}, Self: self,
		From: v.period.From.String(), To: v.period.To.String(), Basic: basicFacts(r, v.Basic), Groups: groups(r, v),
	}
	if !v.first {
		out.Pages.First = self + "?" + v.period.query().Encode()
	}
	if s := v.Period; s != nil {
		out.Sum = r.T("这些天一共 %[1]s，%[2]d 次，其中算数的 %[3]s。", ui.Duration(r.Context(), s.Minutes), s.Count, ui.Duration(r.Context(), s.Counted))
	}
	for _, i := range v.Items {
		out.Items = append(out.Items, itemModel(r, i))
	}
	return out
}

func basicFacts(r *web.Request, b *Basic) []ui.Fact {
	if b == nil {
		return nil
	}
	var out []ui.Fact
	for _, f := range []ui.Fact{
		{Term: r.T("姓名"), Text: b.Name}, {Term: r.T("志愿者编号"), Text: b.Number}, {Term: r.T("性别"), Text: b.Sex}, {Term: r.T("出生日期"), Text: ui.Written(r.Context(), b.Birth)},
		{Term: r.T("身份证件号码"), Text: b.Document}, {Term: r.T("居住区域"), Text: b.Where}, {Term: r.T("联系方式"), Text: b.Phone},
		{Term: r.T("会做什么"), Text: strings.Join(b.Skills, r.T("、"))},
	} {
		if f.Text != "" {
			out = append(out, f)
		}
	}
	return out
}

// groups are the trainings, the awards and the evaluation.
func groups(r *web.Request, v View) []ui.PaperPart {
	e := v.Evaluation
	return []ui.PaperPart{
		{Title: r.T("培训情况"), Items: attainmentItems(r, v.Trainings, v.attainments), Empty: r.T("还没有培训。")},
		{Title: r.T("表彰奖励情况"), Items: attainmentItems(r, v.Awards, v.attainments), Empty: r.T("还没有表彰奖励。")},
		{Title: r.T("评价情况"), Facts: []ui.Fact{
			{Term: r.T("很满意"), Text: r.T("%d 次", e.Satisfied)}, {Term: r.T("还可以"), Text: r.T("%d 次", e.Fair)}, {Term: r.T("没办好"), Text: r.T("%d 次", e.Unsatisfied)},
		}},
	}
}

// attainmentItems lists trainings or awards; base is where they can be withdrawn, empty
// when the reader may not.
func attainmentItems(r *web.Request, list []AttainmentView, base string) (out []ui.PaperItem) {
	for _, a := range list {
		item := ui.PaperItem{Text: a.Name, More: r.T("%[1]s，%[2]s", a.Giver, ui.Written(r.Context(), a.Day))}
		if a.Minutes > 0 {
			item.End = ui.Duration(r.Context(), int64(a.Minutes))
		}
		switch {
		case a.WithdrawnAt != nil:
			item.Chip, item.ChipText = ui.Off, r.T("已作废")
		case base != "":
			item.Href = base + a.ID + "/withdrawal"
		}
		out = append(out, item)
	}
	return out
}

func itemModel(r *web.Request, i ItemView) page.Item {
	out := page.Item{
		Name: i.Name, Day: ui.FullDate(r.Context(), i.StartedAt), Hours: ui.Clock(r.Context(), i.StartedAt) + "–" + ui.Clock(r.Context(), i.EndedAt),
		Where: i.Place.Name, Time: ui.Duration(r.Context(), int64(i.Minutes)), Mark: i.Grade, Text: r.T(GradeLabel(i.Grade)), Href: "/records/" + i.ID,
	}
	if i.Source == string(FromHand) {
		out.Source = r.T(FromHand.Label())
	}
	switch s := Standing(i.Standing); s {
	case InNotice, Held:
		out.State = standingText(r, i)
	case Corrected, Withdrawn:
		out.State, out.Gone = standingText(r, i), true
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
	s, err := h.records.Show(r.Context(), who, volunteer, Period{}, Cursor{}, sectionMost)
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
