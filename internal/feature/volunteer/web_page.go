package volunteer

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/core/access"
	"linli/internal/core/category"
	"linli/internal/core/person"
	"linli/internal/core/ui"
	"linli/internal/feature/volunteer/page"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

func hrefOf(id string) string { return "/volunteers/" + id }

// back sends the reader to the volunteer with a sentence.
func (h *Handlers) back(said string) func(*web.Request, View) web.Answer {
	return func(r *web.Request, v View) web.Answer { return web.SeeWithNote(hrefOf(v.ID), r.T(said)) }
}

func (h *Handlers) listPage(r *web.Request, l listed) web.Answer {
	if l.at.ID == "" {
		c := page.Choice{Title: r.T("看哪个社区的志愿者？")}
		for _, p := range l.choices {
			c.Items = append(c.Items, ui.Link{Text: p.Name, Href: "/volunteers?place=" + p.ID})
		}
		return web.HTML(page.ChoicePage(c))
	}
	out := page.List{Title: r.T("%s的志愿者", l.at.Name), Place: l.at.ID, Words: l.in.Words, Skill: l.in.Skill,
		Status: string(l.in.Status), Skills: skillOptions(r), Statuses: statusOptions(r),
		Filtered: l.in.Words+l.in.Skill+string(l.in.Status) != ""}
	for _, p := range l.choices {
		out.Others = append(out.Others, ui.Option{Value: p.ID, Text: p.Name})
	}
	if access.May(l.who, access.VolunteerImport, l.at.Target()) {
		out.Import = "/volunteers/imports?place=" + l.at.ID
	}
	if access.May(l.who, access.VolunteerExport, l.at.Target()) {
		out.Export = "/volunteers/export?place=" + l.at.ID
	}
	for _, v := range l.Items {
		out.Rows = append(out.Rows, row(r, v))
	}
	if l.in.Cursor != "" {
		out.Pages.First = l.href("")
	}
	if l.Next != "" {
		out.Pages.Next = l.href(string(l.Next))
	}
	return web.HTML(page.ListPage(out))
}

// href is the list with its filters, from a cursor on.
func (l listed) href(cursor string) string {
	q := url.Values{"place": {l.at.ID}}
	for name, value := range map[string]string{"q": l.in.Words, "skill": l.in.Skill, "status": string(l.in.Status), "cursor": cursor} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/volunteers?" + q.Encode()
}

func row(r *web.Request, v View) page.Row {
	return page.Row{Href: hrefOf(v.ID), Name: v.Name, Number: v.Number, Where: v.Where, Phone: v.Phone,
		Skills: strings.Join(skillNames(r, v.Skills, skillsInRow), r.T("、")), Chip: r.T(v.Status.Label()), State: stateOf(v.Status)}
}

// skillsInRow is how many skills a row of a list names.
const skillsInRow = 4

// skillNames are the words for services, at most so many.
func skillNames(r *web.Request, ids []string, most int) []string {
	var out []string
	for _, id := range ids {
		s, known := category.ByID(id)
		if known && len(out) == most {
			return append(out, r.T("等 %d 样", len(ids)))
		}
		if known {
			out = append(out, serviceName(r, s))
		}
	}
	return out
}

// serviceName is what a service is called in the reader's language; the tree has
// both names.
func serviceName(r *web.Request, s category.Service) string {
	if ui.PrefsOf(r.Context()).Lang == "en" {
		return s.English
	}
	return s.Name
}

func stateOf(s Status) ui.State {
	switch s {
	case Active:
		return ui.Done
	case Pending:
		return ui.New
	case Paused:
		return ui.Doing
	}
	return ui.Off
}

func skillOptions(r *web.Request) []ui.Option {
	out := []ui.Option{{Value: "", Text: r.T("会什么都行")}}
	for _, s := range category.All() {
		name := serviceName(r, s)
		if !s.IsTop() {
			name = "\u3000" + name
		}
		out = append(out, ui.Option{Value: s.ID, Text: name})
	}
	return out
}

func statusOptions(r *web.Request) []ui.Option {
	out := []ui.Option{{Value: "", Text: r.T("没退出的")}}
	for _, s := range Statuses() {
		out = append(out, ui.Option{Value: string(s), Text: r.T(s.Label())})
	}
	return out
}

func (h *Handlers) showPage(r *web.Request, v View) web.Answer {
	out := page.Volunteer{Name: v.Name, About: r.T("志愿者编号 %s", v.Number), Chip: r.T(v.Status.Label()), State: stateOf(v.Status),
		Notice: notice(r, v), Facts: facts(r, v), Skills: skillNames(r, v.Skills, len(v.Skills)), Free: freeFacts(r, v.Free), Buttons: buttons(r, v)}
	for _, section := range h.sections {
		c, err := section(r, v)
		if err != nil {
			return web.Failed(err)
		}
		if c != nil {
			out.Sections = append(out.Sections, templ.ComponentFunc(c.Render))
		}
	}
	return web.HTML(page.VolunteerPage(out))
}

// notice is what the reader should know or do first.
func notice(r *web.Request, v View) string {
	self := access.Of(r).Person == v.ID
	switch {
	case v.Status == Pending && v.Origin == FromSelf:
		return r.T("还要服务站和监护人通个电话，说好了就能接单。")
	case v.Status == Pending && self:
		return r.T("服务站的花名册里有您。愿不愿意当志愿者，您说了算。")
	case v.Status == Pending:
		return r.T("从花名册导入的，本人还没同意。请打电话问一声，不同意就不派单。")
	case v.Status == Paused:
		return r.T("歇着呢，这段时间不派单。")
	case v.Status == Left && self:
		return r.T("您已经退出了。想再来，重新登记就行。")
	}
	return ""
}

func facts(r *web.Request, v View) []ui.Fact {
	var out []ui.Fact
	add := func(term, text string) {
		if text != "" {
			out = append(out, ui.Fact{Term: term, Text: text})
		}
	}
	if v.Age != nil {
		add(r.T("年龄"), r.T("%d 岁", *v.Age))
	}
	add(r.T("电话"), v.Phone)
	add(r.T("住哪儿"), v.Where)
	add(r.T("最远走"), r.T("%d 分钟", v.WalkMinutes))
	add(r.T("一周最多"), limitText(r, v.LimitWeek))
	add(r.T("有急事打给"), strings.TrimSpace(v.ContactName+" "+v.ContactPhone))
	add(r.T("监护人"), strings.TrimSpace(v.Guardian+" "+v.GuardianPhone))
	add(r.T("政治面貌"), v.Political)
	add(r.T("文化程度"), v.Education)
	add(r.T("还想说的"), v.Note)
	add(r.T("全国系统编号"), v.NationalNo)
	add(r.T("登记的日子"), ui.FullDate(r.Context(), v.RegisteredAt))
	return out
}

func limitText(r *web.Request, orders int) string {
	if orders == 0 {
		return r.T("不限")
	}
	return r.T("%d 单", orders)
}

// hour is a time of day as people write it, 8:00.
func hour(minutes int) string { return fmt.Sprintf("%d:%02d", minutes/60, minutes%60) }

// freeFacts says free time day by day.
func freeFacts(r *web.Request, free []Slot) []ui.Fact {
	var out []ui.Fact
	for _, d := range Weekdays() {
		var words []string
		for _, s := range free {
			if s.Weekday != d {
				continue
			}
			if p, ok := s.Part(); ok {
				words = append(words, r.T(p.Name))
			} else {
				words = append(words, r.T("%s 到 %s", hour(s.From), hour(s.To)))
			}
		}
		if len(words) > 0 {
			out = append(out, ui.Fact{Term: r.T(DayName(d)), Text: strings.Join(words, r.T("、"))})
		}
	}
	return out
}

func buttons(r *web.Request, v View) []page.Button {
	at := hrefOf(v.ID)
	all := map[string]page.Button{
		CanConfirm: {Text: r.T("本人同意了，登记"), Href: at + "/confirm", Main: true},
		CanDecline: {Text: r.T("本人不愿意"), Action: at + "/refusal"},
		CanEdit:    {Text: r.T("改会做什么、什么时候有空"), Href: at + "/edit"},
		CanResume:  {Text: r.T("歇好了，接着来"), Action: at + "/resumption", Main: true},
		CanPause:   {Text: r.T("歇一歇"), Action: at + "/pause"},
		CanLeave:   {Text: r.T("退出"), Href: at + "/leave", Dialog: true},
	}
	var out []page.Button
	for _, action := range []string{CanConfirm, CanResume, CanEdit, CanPause, CanDecline, CanLeave} {
		if slices.Contains(v.Actions, action) {
			out = append(out, all[action])
		}
	}
	self := access.Of(r).Person == v.ID
	if self && slices.Contains(v.Actions, CanConfirm) {
		out[0].Text = r.T("看一看，愿不愿意")
	}
	if self && v.Status == Left {
		out = append(out, page.Button{Text: r.T("重新登记"), Href: "/volunteer", Main: true})
	}
	return out
}

func (h *Handlers) leavePage(r *web.Request, v View) web.Answer {
	return web.HTML(page.LeavePage(ui.ConfirmData{
		Action: hrefOf(v.ID) + "/departure", Title: r.T("%s不当志愿者了？", v.Name),
		Text: r.T("以后不再派单。服务记录和积分都留着，想回来随时可以。"), Verb: r.T("退出"), Danger: true,
		Back: ui.Link{Text: r.T("先不退"), Href: hrefOf(v.ID)},
	}))
}

// PersonSection is the card that says on a person's page whether they serve. It is
// for whoever may read volunteers there; to themselves it also offers to begin.
func (h *Handlers) PersonSection(r *web.Request, p person.Person) (web.Component, error) {
	who := access.Of(r)
	v, err := h.volunteers.Show(r.Context(), who, p.ID)
	switch {
	case err == nil:
		return page.StandingCard(page.Standing{Chip: r.T(v.Status.Label()), State: stateOf(v.Status), Line: r.T("志愿者编号 %s", v.Number),
			Link: ui.Link{Text: r.T("会做什么、什么时候有空"), Href: hrefOf(v.ID)}}), nil
	case fault.KindOf(err) != fault.KindNotFound:
		return nil, err
	case who.Person == p.ID:
		return page.StandingCard(page.Standing{Line: r.T("会什么、什么时候有空、走多远，您自己定。随时可以歇，随时可以退。"),
			Link: ui.Link{Text: r.T("我也来帮忙"), Href: "/volunteer"}}), nil
	}
	return nil, nil
}
