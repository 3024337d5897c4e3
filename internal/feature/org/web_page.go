package org

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/category"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/feature/org/page"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/web"
)

func hrefOf(id string) string { return "/orgs/" + id }

// back sends the reader to the organisation with a sentence.
func (h *Handlers) back(said string) func(*web.Request, View) web.Answer {
	return func(r *web.Request, v View) web.Answer { return web.SeeWithNote(hrefOf(v.ID), r.T(said)) }
}

func (h *Handlers) listPage(r *web.Request, l listed) web.Answer {
	out := page.List{Title: r.T("%s的队伍和组织", l.at.Name), Place: l.at.ID, Words: l.in.Words, Kind: string(l.in.Kind)}
	if access.May(l.who, access.OrgWrite, l.at.Target()) {
		out.New = "/orgs/new?place=" + l.at.ID
	}
	for _, k := range append([]Kind{""}, Kinds()...) {
		text := r.T("全部")
		if k != "" {
			text = r.T(k.Label())
		}
		out.Kinds = append(out.Kinds, page.Kind{Link: ui.Link{Text: text, Href: l.href(l.at.ID, k, "")}, Now: k == l.in.Kind})
	}
	for _, v := range l.Items {
		out.Rows = append(out.Rows, row(r, v))
	}
	if l.at.Level != place.District {
		out.Other = ui.Link{Text: r.T("看大一点的范围"), Href: l.href(l.at.Parent, l.in.Kind, "")}
	}
	if l.in.Cursor != "" {
		out.Pages.First = l.href(l.at.ID, l.in.Kind, "")
	}
	if l.Next != "" {
		out.Pages.Next = l.href(l.at.ID, l.in.Kind, string(l.Next))
	}
	return web.HTML(page.ListPage(out))
}

// href is the list with its filters, from a cursor on.
func (l listed) href(at string, kind Kind, cursor string) string {
	q := url.Values{"place": {at}}
	for name, value := range map[string]string{"q": l.in.Words, "kind": string(kind), "cursor": cursor} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/orgs?" + q.Encode()
}

func row(r *web.Request, v View) page.Row {
	out := page.Row{Href: hrefOf(v.ID), Name: v.Name, Kind: r.T(v.Kind.Label()), Class: r.T(v.Class), Where: v.PlaceName}
	if v.Members > 0 {
		out.People = r.T("%d 人", v.Members)
	}
	return out
}

func (h *Handlers) showPage(r *web.Request, v View) web.Answer {
	return web.HTML(page.OrgPage(orgView(r, v, ui.Form{})))
}

func (h *Handlers) enlistAgain(r *web.Request, in enlistInput, p *web.Problem) web.Answer {
	v, err := h.show(r, byID{in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.OrgPage(orgView(r, v, ui.Refused(r, p))))
}

func orgView(r *web.Request, v View, form ui.Form) page.Org {
	out := page.Org{Name: v.Name, About: r.T(v.Kind.Label()), Facts: facts(r, v), Services: serviceNames(r, v.Services), Buttons: buttons(r, v)}
	if v.Purpose != "" {
		out.About = v.Purpose
	}
	if v.Status == Closed {
		out.Closed = r.T("已经解散了，做过的事都还在册上。")
	}
	if v.Kind != Team {
		return out
	}
	out.Count, out.Hidden = r.T("%d 人", v.Members), v.MemberList == nil
	lead := slices.Contains(v.Actions, CanEnlist)
	staff := len(access.Places(access.Of(r), access.VolunteerRead)) > 0
	for _, m := range v.MemberList {
		out.Members = append(out.Members, memberRow(r, v, m, staff, lead))
	}
	if lead {
		out.Enlist = &page.Enlist{Action: hrefOf(v.ID) + "/members", Form: form,
			Field: ui.Field{Name: "volunteer", Label: r.T("请谁进队"), Hint: r.T("填志愿者编号，或登记的手机号。"), Autocomplete: "off"}}
	}
	return out
}

func memberRow(r *web.Request, v View, m MemberView, staff, lead bool) page.Member {
	out := page.Member{Name: m.Name, Leader: m.Leader, Line: strings.Join(serviceNames(r, m.Skills), r.T("、"))}
	if staff || lead {
		out.Href = "/volunteers/" + m.ID
	}
	if lead && !m.Leader {
		out.Dismiss, out.DismissLabel = hrefOf(v.ID)+"/members/"+m.ID+"/removal", r.T("把%s移出队伍", m.Name)
	}
	return out
}

// serviceNames are the words for services; the tree has both names.
func serviceNames(r *web.Request, ids []string) []string {
	var out []string
	for _, id := range ids {
		if s, known := category.ByID(id); known {
			out = append(out, serviceName(r, s))
		}
	}
	return out
}

func serviceName(r *web.Request, s category.Service) string {
	if ui.PrefsOf(r.Context()).Lang == "en" {
		return s.English
	}
	return s.Name
}

func facts(r *web.Request, v View) []ui.Fact {
	var out []ui.Fact
	add := func(term, text string) {
		if text != "" {
			out = append(out, ui.Fact{Term: term, Text: text})
		}
	}
	add(r.T("是哪一种"), r.T(v.Kind.Label()))
	add(r.T("类别"), r.T(v.Class))
	add(r.T("在哪里"), v.PlaceName)
	add(r.T("队长"), v.LeaderName)
	add(r.T("电话"), v.Phone)
	add(r.T("成立日期"), v.Founded)
	if v.Kind == Team {
		add(r.T("一周能接"), capacityText(r, v.CapacityWeek))
	}
	return out
}

func capacityText(r *web.Request, orders int) string {
	if orders == 0 {
		return r.T("不限")
	}
	return r.T("%d 单", orders)
}

func buttons(r *web.Request, v View) []page.Button {
	at := hrefOf(v.ID)
	all := map[string]page.Button{
		CanJoin:  {Text: r.T("我要加入"), Action: at + "/membership", Main: true},
		CanRun:   {Text: r.T("定接哪些单、接几单"), Href: at + "/run"},
		CanEdit:  {Text: r.T("改资料、换队长"), Href: at + "/edit"},
		CanQuit:  {Text: r.T("退出队伍"), Action: at + "/membership/end"},
		CanClose: {Text: r.T("解散"), Href: at + "/close", Dialog: true},
	}
	var out []page.Button
	for _, action := range []string{CanJoin, CanRun, CanEdit, CanQuit, CanClose} {
		if slices.Contains(v.Actions, action) {
			out = append(out, all[action])
		}
	}
	return out
}

func (h *Handlers) closePage(r *web.Request, v View) web.Answer {
	return web.HTML(page.SurePage(ui.ConfirmData{
		Action: hrefOf(v.ID) + "/closure", Title: r.T("解散%s？", v.Name),
		Text: r.T("以后不再派单给它。做过的事都还在册上。"), Verb: r.T("解散"), Danger: true,
		Back: ui.Link{Text: r.T("先不解散"), Href: hrefOf(v.ID)},
	}))
}

func (h *Handlers) addPage(r *web.Request, at place.Place) web.Answer {
	return web.HTML(page.FormPage(addForm(r, at, ui.Form{}, nil)))
}

func (h *Handlers) addAgain(r *web.Request, in Addition, p *web.Problem) web.Answer {
	at, err := h.addForm(r, addInput{in.Place})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.FormPage(addForm(r, at, ui.Refused(r, p), p)))
}

func addForm(r *web.Request, at place.Place, form ui.Form, p *web.Problem) page.Form {
	f := detailsForm(r, View{Kind: Team}, form, p)
	f.Title, f.Action, f.Verb = r.T("给%s加一支队伍或一个组织", at.Name), "/orgs", r.T("加上")
	f.Back, f.Place = ui.Link{Text: r.T("先不加"), Href: "/orgs?place=" + at.ID}, at.ID
	f.Kind = &ui.Field{Name: "kind", Label: r.T("是哪一种"), Value: string(Team)}
	for _, k := range Kinds() {
		f.Kinds = append(f.Kinds, ui.Option{Value: string(k), Text: r.T(k.Label())})
	}
	return f
}

func (h *Handlers) editPage(r *web.Request, v View) web.Answer {
	return web.HTML(page.FormPage(editForm(r, v, ui.Form{}, nil)))
}

func (h *Handlers) editAgain(r *web.Request, in editInput, p *web.Problem) web.Answer {
	v, err := h.show(r, byID{in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.FormPage(editForm(r, v, ui.Refused(r, p), p)))
}

func editForm(r *web.Request, v View, form ui.Form, p *web.Problem) page.Form {
	f := detailsForm(r, v, form, p)
	f.Title, f.Action, f.Verb = r.T("改%s的资料", v.Name), hrefOf(v.ID)+"/details", r.T("就这样改")
	f.Back = ui.Link{Text: r.T("不改了"), Href: hrefOf(v.ID)}
	return f
}

// detailsForm asks for what staff write down.
func detailsForm(r *web.Request, v View, form ui.Form, p *web.Problem) page.Form {
	f := runForm(r, v, form, p)
	f.Lines = []ui.Field{
		{Name: "name", Label: r.T("名称"), Value: v.Name, Required: true, Autocomplete: "off"},
		{Name: "class", Label: r.T("类别"), Value: v.Class, Placeholder: r.T("比如：生活服务类"), Autocomplete: "off"},
		{Name: "founded", Label: r.T("成立日期"), Value: v.Founded, Placeholder: "2018-08", Autocomplete: "off"},
		{Name: "phone", Label: r.T("电话"), Value: v.Phone, Type: "tel", Autocomplete: "off"},
	}
	if v.Kind == Team {
		f.Lines = append(f.Lines, ui.Field{Name: "leader", Label: r.T("队长"), Value: v.Leader, Hint: leaderHint(r, v), Autocomplete: "off"})
	}
	f.Purpose = &ui.Field{Name: "purpose", Label: r.T("做什么的"), Value: v.Purpose, Rows: 3}
	return f
}

func leaderHint(r *web.Request, v View) string {
	if v.LeaderName != "" {
		return r.T("现在是%s。换人就填志愿者编号，或登记的手机号。", v.LeaderName)
	}
	return r.T("填志愿者编号，或登记的手机号。志愿队伍才有。")
}

func (h *Handlers) runPage(r *web.Request, v View) web.Answer {
	return web.HTML(page.FormPage(leaderForm(r, v, ui.Form{}, nil)))
}

func (h *Handlers) runAgain(r *web.Request, in runInput, p *web.Problem) web.Answer {
	v, err := h.show(r, byID{in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.FormPage(leaderForm(r, v, ui.Refused(r, p), p)))
}

func leaderForm(r *web.Request, v View, form ui.Form, p *web.Problem) page.Form {
	f := runForm(r, v, form, p)
	f.Title, f.Action, f.Verb = r.T("%s接哪些单", v.Name), hrefOf(v.ID)+"/services", r.T("就这样定")
	f.Back = ui.Link{Text: r.T("不改了"), Href: hrefOf(v.ID)}
	return f
}

// runForm asks for services and capacity.
func runForm(r *web.Request, v View, form ui.Form, p *web.Problem) page.Form {
	now := v.Services
	if form.Failed() {
		now = r.TypedAll("services")
	}
	return page.Form{Form: form, Services: serviceGroups(r, now), Wrong: p.For("services"),
		Capacity: &ui.Field{Name: "capacity_week", Label: r.T("一周能接几单"), Hint: r.T("0 是不限。"), InputMode: "numeric", Value: strconv.Itoa(v.CapacityWeek), Autocomplete: "off"}}
}

// serviceGroups are the services by official category; what no volunteer may do is
// left out.
func serviceGroups(r *web.Request, now []string) []page.Group {
	var out []page.Group
	for _, top := range category.Top() {
		g := page.Group{Name: serviceName(r, top), Open: len(out) == 0}
		for _, s := range append([]category.Service{top}, category.Children(top.Code)...) {
			has := slices.Contains(now, s.ID)
			if slices.Contains(s.Risks, category.NotVolunteerJob) && !has || s.IsTop() && !has && len(category.Children(top.Code)) > 0 {
				continue
			}
			g.Choices = append(g.Choices, page.Tick{Value: s.ID, Text: serviceName(r, s), Chosen: has})
			g.Open = g.Open || has
		}
		out = append(out, g)
	}
	return out
}

// Section is the card with the teams of a volunteer, for their page.
func (h *Handlers) Section(r *web.Request, v volunteer.View) (web.Component, error) {
	teams, err := h.orgs.TeamsOf(r.Context(), place.DistrictOf(v.Community), v.ID)
	if err != nil {
		return nil, err
	}
	card := page.Teams{All: ui.Link{Text: r.T("看有哪些队伍"), Href: "/orgs?kind=team&place=" + v.Community}}
	for _, t := range teams {
		card.Items = append(card.Items, ui.Link{Text: t.Name, Href: hrefOf(t.Org)})
	}
	return page.TeamsCard(card), nil
}
