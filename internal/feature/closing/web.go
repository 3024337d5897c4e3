package closing

import (
	"net/url"

	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/feature/audit"
	"linli/internal/feature/record"
	"linli/internal/feature/star"
	"linli/internal/kit/web"
)

// Handlers answers requests about the closing.
type Handlers struct{ closing *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{s} }

// Routes lists what can be asked.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Name: "closing.show", Method: "GET", Page: "/places/{id}/closing", API: "/api/v1/places/{id}/closing", Permission: string(access.ClosingRead),
			Summary: "月结：疑点、公示和异议、快到期限的、抽查、星级，一页办完", Tag: "监督", Handle: web.Action(h.show).Page(h.showPage)},
	}
}

// PlaceSection is the card of oversight on the page of a place.
func (h *Handlers) PlaceSection(r *web.Request, p place.Place) (web.Component, error) {
	if p.Level != place.Community {
		return nil, nil
	}
	part := ui.PaperPart{Title: r.T("公示和监督"), Links: []ui.Link{{Text: r.T("看公示"), Href: "/places/" + p.ID + "/notice"}}}
	if access.May(access.Of(r), access.ClosingRead, p.Target()) {
		part.Links = append(part.Links, ui.Link{Text: r.T("办月结"), Href: "/places/" + p.ID + "/closing"})
	}
	return ui.PaperCard(ui.Form{}, part), nil
}

type input struct {
	ID    string      `path:"id,code"`
	Month audit.Month `json:"month" label:"哪个月" maxLength:"7" doc:"抽查的是哪个月，不写就是上个月"`
}

// Check refuses what is no month.
func (in input) Check() error { return in.Month.Check() }

func (h *Handlers) show(r *web.Request, in input) (View, error) {
	return h.closing.Closing(r.Context(), access.Of(r), in.ID, in.Month)
}

func (h *Handlers) showPage(r *web.Request, v View) web.Answer {
	p := ui.Paper{
		Title: r.T("%s的月结", v.Place.Name), Back: ui.Link{Text: r.T("回到%s", v.Place.Name), Href: "/places/" + v.Place.ID},
		Lead: r.T("一件一件办，办完一件还回到这一页。每一件都要写一句看到了什么。"),
	}
	if v.Left == 0 {
		p.Notes = append(p.Notes, ui.PaperNote{State: ui.Done, Text: r.T("都办完了。")})
	} else {
		p.Notes = append(p.Notes, ui.PaperNote{State: ui.Doing, Text: r.T("还有 %d 件没办。", v.Left)})
	}
	back := ui.HiddenField("_back", "/places/"+v.Place.ID+"/closing?month="+url.QueryEscape(v.Month))
	p.Parts = []ui.PaperPart{findings(r, v, back), notice(r, v, back), entries(r, v, back), overdue(r, v), checks(r, v, back), stars(r, v, back)}
	return web.HTML(ui.PaperPage(p))
}

// decision is a form of one line and a button for each thing that can be done.
func decision(action, key, field, label, choice string, choices []ui.Option, more ...ui.PaperField) []ui.PaperForm {
	if len(choices) == 0 {
		return nil
	}
	line := ui.PaperField{As: ui.AsInline, Field: ui.Field{Name: field, Label: label}}
	return []ui.PaperForm{{Action: action, Key: key, Choice: choice, Choices: choices, Fields: append([]ui.PaperField{line}, more...)}}
}

func findings(r *web.Request, v View, back ui.PaperField) ui.PaperPart {
	part := ui.PaperPart{ID: "findings", Title: r.T("疑点"), Empty: r.T("没有等人看的疑点。")}
	for _, f := range v.Findings {
		var choices []ui.Option
		for _, a := range f.Actions {
			choices = append(choices, ui.Option{Value: a.Name, Text: a.Label})
		}
		day := ui.Written(r.Context(), f.Evidence.Day)
		item := ui.PaperItem{Text: f.KindName, Href: "/findings/" + f.ID, More: day, Chip: ui.Late, ChipText: f.StateName,
			Forms: decision("/findings/"+f.ID+"/decision", "f-"+f.ID, "answer", r.T("看到了什么"), "outcome", choices, back)}
		if f.Person != nil {
			item.More = r.T("%[1]s，%[2]s", f.Person.Name, day)
		}
		part.Items = append(part.Items, item)
	}
	return part
}

func notice(r *web.Request, v View, back ui.PaperField) ui.PaperPart {
	part := ui.PaperPart{ID: "objections", Title: r.T("公示和异议"), Text: r.T("公示中的记录 %d 条。", v.Notice), Empty: r.T("没有等答复的异议。"),
		Links: []ui.Link{{Text: r.T("看公示"), Href: "/places/" + v.Place.ID + "/notice"}}}
	for _, o := range v.Objections {
		var choices []ui.Option
		for _, a := range o.Actions {
			if a.Name == record.StepRejection || a.Name == record.StepWithdrawal {
				choices = append(choices, ui.Option{Value: a.Name, Text: a.Label})
			}
		}
		item := ui.PaperItem{Text: r.T("%[1]s：%[2]s", o.Volunteer.Name, o.Record.Name), Href: "/objections/" + o.ID, More: o.Words, Chip: ui.New, ChipText: o.StateName,
			End: ui.Day(r.Context(), o.DueAt), Forms: decision("/objections/"+o.ID+"/answer", "o-"+o.ID, "answer", r.T("答复的话"), "outcome", choices, back)}
		if o.Late {
			item.Chip = ui.Late
		}
		part.Items = append(part.Items, item)
	}
	return part
}

func entries(r *web.Request, v View, back ui.PaperField) ui.PaperPart {
	part := ui.PaperPart{ID: "entries", Title: r.T("等批的补录"), Empty: r.T("没有等批的补录。")}
	for _, e := range v.Entries {
		item := ui.PaperItem{Text: r.T("%[1]s：%[2]s", e.Volunteer.Name, e.Name), Href: "/entries/" + e.ID, More: e.Proof, Chip: ui.Doing, ChipText: e.StateName,
			End: ui.Duration(r.Context(), int64(e.Minutes))}
		for _, a := range e.Actions {
			if a.Name == record.StepApproval {
				item.Forms = append(item.Forms, ui.PaperForm{Action: "/entries/" + e.ID + "/approval", Verb: a.Label, Fields: []ui.PaperField{back}})
			}
		}
		part.Items = append(part.Items, item)
	}
	return part
}

func overdue(r *web.Request, v View) ui.PaperPart {
	part := ui.PaperPart{ID: "overdue", Title: r.T("快到期限的"), Text: r.T("服务完了、还没记进记录的。"), Empty: r.T("没有快到期限的。")}
	for _, x := range v.Overdue {
		item := ui.PaperItem{Text: r.T("%[1]s：%[2]s", x.Volunteer.Name, x.Name), Href: "/orders/" + x.Order, Chip: ui.Doing,
			ChipText: r.T("过了 %d 个工作日", x.Workdays), More: r.T("最晚%s", ui.When(r.Context(), x.DueAt))}
		if x.Entry != "" {
			item.Href = "/entries/" + x.Entry
		}
		if x.Late {
			item.Chip = ui.Late
		}
		part.Items = append(part.Items, item)
	}
	return part
}

func checks(r *web.Request, v View, back ui.PaperField) ui.PaperPart {
	part := ui.PaperPart{ID: "checks", Title: r.T("%s的抽查", ui.Written(r.Context(), v.Month)), Empty: r.T("这个月没有抽到要查的。")}
	for _, c := range v.Checks {
		var choices []ui.Option
		for _, a := range c.Actions {
			choices = append(choices, ui.Option{Value: a.Name, Text: a.Label})
		}
		item := ui.PaperItem{Text: r.T("%[1]s：%[2]s", c.Volunteer.Name, c.Name), Href: "/checks/" + c.ID, More: ui.FullDate(r.Context(), c.StartedAt),
			Chip: ui.Doing, ChipText: c.StateName, End: ui.Duration(r.Context(), int64(c.Minutes)),
			Forms: decision("/checks/"+c.ID+"/result", "c-"+c.ID, "answer", r.T("怎么查的"), "outcome", choices, back)}
		if c.State != string(audit.Open) {
			item.Chip = ui.Done
		}
		part.Items = append(part.Items, item)
	}
	return part
}

func stars(r *web.Request, v View, back ui.PaperField) ui.PaperPart {
	part := ui.PaperPart{ID: "stars", Title: r.T("等批的星级"), Empty: r.T("没有等批的星级。"), More: ui.Link{Text: r.T("全部星级"), Href: "/stars?place=" + v.Place.ID}}
	for _, c := range v.Stars {
		item := ui.PaperItem{Text: r.T("%[1]s，%[2]d 星", c.Volunteer.Name, c.Star), Href: "/stars/" + c.ID, More: ui.Duration(r.Context(), c.Minutes), Chip: ui.New, ChipText: r.T(star.Process.Label(c.State))}
		for _, a := range c.Actions {
			if a == star.CanDecide {
				item.Forms = decision("/stars/"+c.ID+"/decision", "s-"+c.ID, "words", r.T("说明，不同意要写"), "agree",
					[]ui.Option{{Value: "true", Text: r.T("同意")}, {Value: "false", Text: r.T("不同意")}}, back)
			}
		}
		part.Items = append(part.Items, item)
	}
	return part
}
