package closing

import (
	"net/url"
	"slices"

	"linli/internal/core/ui"
	"linli/internal/feature/audit"
	"linli/internal/feature/certificate"
	"linli/internal/feature/record"
	"linli/internal/feature/star"
	"linli/internal/kit/web"
)

// part is the card of the page on which things of the kind stand.
func (k Kind) part() string {
	switch k {
	case Finding:
		return "findings"
	case Objection:
		return "objections"
	case Entry:
		return "entries"
	case Check:
		return "checks"
	case Star, Protest:
		return "stars"
	}
	return "certificates"
}

// key tells the form of one thing from the others on the page.
func key(k Kind, item string) string { return string(k) + "-" + item + "-" }

func paper(r *web.Request, v View, f ui.Form) ui.Paper {
	p := ui.Paper{
		Title: r.T("%s的月结", v.Place.Name), Back: ui.Link{Text: r.T("回到%s", v.Place.Name), Href: "/places/" + v.Place.ID}, Form: f,
		Lead:  r.T("一件一件办，办完一件还回到这一页。写一句看到了什么，别人查的时候用得着。"),
		Parts: []ui.PaperPart{findings(r, v), objections(r, v), entries(r, v), overdue(r, v), checks(r, v), stars(r, v), certificates(r, v)},
	}
	switch {
	case v.Left > 0 && v.Others > 0:
		p.Notes = []ui.PaperNote{{State: ui.Doing, Text: r.T("您还有 %[1]d 件没办，另外有 %[2]d 件等别人办。", v.Left, v.Others)}}
	case v.Left > 0:
		p.Notes = []ui.PaperNote{{State: ui.Doing, Text: r.T("还有 %d 件没办。", v.Left)}}
	case v.Others > 0:
		p.Notes = []ui.PaperNote{{State: ui.Done, Text: r.T("您能办的都办完了，还有 %d 件等别人办。", v.Others)}}
	default:
		p.Notes = []ui.PaperNote{{State: ui.Done, Text: r.T("都办完了。")}}
	}
	return p
}

// form is how one thing is done on the page: a line to write in, and a button for each
// outcome; none for who may not.
func form(v View, k Kind, item, label string, choices []ui.Option, more ...ui.PaperField) []ui.PaperForm {
	if len(choices) == 0 {
		return nil
	}
	fields := append([]ui.PaperField{{As: ui.AsInline, Field: ui.Field{Name: "answer", Label: label}}}, more...)
	return []ui.PaperForm{{Action: "/places/" + v.Place.ID + "/closing", Key: key(k, item), Choice: "outcome", Choices: choices,
		Fields: append(fields, ui.HiddenField("kind", string(k)), ui.HiddenField("item", item), ui.HiddenField("month", v.Month))}}
}

// back is the page of one thing, from which its forms lead back here.
func back(v View, path string) string {
	return path + "?_back=" + url.QueryEscape(href(v.Place.ID, v.Month))
}

func findings(r *web.Request, v View) ui.PaperPart {
	part := ui.PaperPart{ID: Finding.part(), Title: r.T("疑点"), Empty: r.T("没有等人看的疑点。")}
	for _, f := range v.Findings {
		var choices []ui.Option
		for _, a := range f.Actions {
			choices = append(choices, ui.Option{Value: a.Name, Text: a.Label})
		}
		part.Items = append(part.Items, ui.PaperItem{Text: f.KindName, Href: back(v, "/findings/"+f.ID), More: audit.Summary(r, f), Chip: ui.Late, ChipText: f.StateName,
			Forms: form(v, Finding, f.ID, r.T("看到了什么"), choices)})
	}
	return part
}

func objections(r *web.Request, v View) ui.PaperPart {
	part := ui.PaperPart{ID: Objection.part(), Title: r.T("公示和异议"), Text: r.T("公示中的记录 %d 条。", v.Notice), Empty: r.T("没有等答复的异议。"),
		More: ui.Link{Text: r.T("看公示"), Href: "/places/" + v.Place.ID + "/notice"}}
	for _, o := range v.Objections {
		var choices []ui.Option
		for _, a := range o.Actions {
			if a.Name != record.StepRetraction {
				choices = append(choices, ui.Option{Value: a.Name, Text: a.Label})
			}
		}
		minutes := ui.PaperField{As: ui.AsInline, Field: ui.Field{Name: "minutes", Label: r.T("更正成几分钟，最多 %d", o.Record.Minutes), InputMode: "numeric"}}
		item := ui.PaperItem{Text: r.T("%[1]s：%[2]s", o.Volunteer.Name, o.Record.Name), Href: back(v, "/objections/"+o.ID), Chip: ui.New, ChipText: r.T("最晚%s答复", ui.Date(r.Context(), o.DueAt.Add(-1))),
			More: r.T("%[1]s，有人说：%[2]s", ui.Date(r.Context(), o.Record.StartedAt), o.Words), End: ui.Duration(r.Context(), int64(o.Record.Minutes)), Forms: form(v, Objection, o.ID, r.T("答复的话"), choices, minutes)}
		if o.Late {
			item.Chip = ui.Late
		}
		part.Items = append(part.Items, item)
	}
	return part
}

func entries(r *web.Request, v View) ui.PaperPart {
	part := ui.PaperPart{ID: Entry.part(), Title: r.T("等批的补录"), Empty: r.T("没有等批的补录。")}
	for _, e := range v.Entries {
		var choices []ui.Option
		for _, a := range e.Actions {
			if a.Name != record.StepRetraction {
				choices = append(choices, ui.Option{Value: a.Name, Text: a.Label})
			}
		}
		item := ui.PaperItem{Text: r.T("%[1]s：%[2]s", e.Volunteer.Name, e.Name), Href: back(v, "/entries/"+e.ID), Chip: ui.Doing, ChipText: e.StateName,
			More: r.T("%[1]s。证明：%[2]s", ui.When(r.Context(), e.StartedAt), e.Proof), End: ui.Duration(r.Context(), int64(e.Minutes)),
			Forms: form(v, Entry, e.ID, r.T("意见，不批要写为什么"), choices)}
		if n := len(e.Photos); n > 0 {
			item.More = r.T("%[1]s，照片 %[2]d 张", item.More, n)
		}
		part.Items = append(part.Items, item)
	}
	return part
}

func overdue(r *web.Request, v View) ui.PaperPart {
	part := ui.PaperPart{ID: "overdue", Title: r.T("快到期限的"), Text: r.T("服务完了、还没记进记录的。"), Empty: r.T("没有快到期限的。")}
	for _, x := range v.Overdue {
		item := ui.PaperItem{Text: r.T("%[1]s：%[2]s", x.Volunteer.Name, x.Name), Href: "/orders/" + x.Order, Chip: ui.Doing,
			ChipText: r.T("过了 %d 个工作日", x.Workdays), More: r.T("最晚%s", ui.Date(r.Context(), x.DueAt.Add(-1)))}
		if x.Entry != "" {
			item.Href = back(v, "/entries/"+x.Entry)
		}
		if x.Late {
			item.Chip = ui.Late
		}
		part.Items = append(part.Items, item)
	}
	return part
}

func checks(r *web.Request, v View) ui.PaperPart {
	part := ui.PaperPart{ID: Check.part(), Title: r.T("%s的抽查", ui.Written(r.Context(), v.Month)), Empty: r.T("这个月没有抽到要查的。")}
	for _, c := range v.Checks {
		var choices []ui.Option
		for _, a := range c.Actions {
			choices = append(choices, ui.Option{Value: a.Name, Text: a.Label})
		}
		item := ui.PaperItem{Text: r.T("%[1]s：%[2]s", c.Volunteer.Name, c.Name), Href: back(v, "/checks/"+c.ID), More: ui.When(r.Context(), c.StartedAt),
			Chip: ui.Doing, ChipText: c.StateName, End: ui.Duration(r.Context(), int64(c.Minutes)), Forms: form(v, Check, c.ID, r.T("怎么查的"), choices)}
		switch c.State {
		case string(audit.Passed):
			item.Chip = ui.Done
		case string(audit.Failed):
			item.Chip = ui.Late
		}
		part.Items = append(part.Items, item)
	}
	return part
}

func stars(r *web.Request, v View) ui.PaperPart {
	part := ui.PaperPart{ID: Star.part(), Title: r.T("星级"), Empty: r.T("没有等批的星级。"), More: ui.Link{Text: r.T("全部星级"), Href: "/stars?place=" + v.Place.ID}}
	for _, c := range v.Stars {
		item := ui.PaperItem{Text: r.T("%[1]s，%[2]d 星", c.Volunteer.Name, c.Star), Href: "/stars/" + c.ID, Chip: ui.New, ChipText: r.T(star.Process.Label(c.State)),
			More: r.T("算数的服务 %[1]s，由%[2]s批", ui.Duration(r.Context(), c.Minutes), r.T(c.Level.Label()))}
		if slices.Contains(c.Actions, star.CanDecide) {
			item.Forms = form(v, Star, c.ID, r.T("说明，不同意要写"), []ui.Option{{Value: star.StepApproval, Text: r.T("同意，公示")}, {Value: star.StepRefusal, Text: r.T("不同意")}})
		}
		for _, o := range undecided(c) {
			item.More = r.T("公示里有异议：%s", o.Words)
			if slices.Contains(c.Actions, star.CanAnswer) {
				item.Forms = append(item.Forms, form(v, Protest, c.ID+"/"+o.ID, r.T("答复：%s", o.Words),
					[]ui.Option{{Value: star.StepAward, Text: r.T("不成立")}, {Value: star.StepUphold, Text: r.T("成立，不评")}})...)
			}
		}
		part.Items = append(part.Items, item)
	}
	return part
}

func certificates(r *web.Request, v View) ui.PaperPart {
	part := ui.PaperPart{ID: Certificate.part(), Title: r.T("要再看的证明"), Empty: r.T("没有要再看的证明。"),
		More: ui.Link{Text: r.T("证明登记簿"), Href: "/certificates?place=" + v.Place.ID}}
	for _, d := range v.Certificates {
		var choices []ui.Option
		if len(d.Actions) > 0 {
			choices = []ui.Option{{Value: certificate.StepKeep, Text: r.T("核对过了，照旧有效")}, {Value: certificate.StepRevocation, Text: r.T("撤销")}}
		}
		part.Items = append(part.Items, ui.PaperItem{Text: d.Name, Href: "/certificates/" + d.ID, Chip: ui.Late, ChipText: r.T("有记录撤回了"),
			More: r.T("%[1]s，%[2]s – %[3]s", d.Number, ui.Written(r.Context(), d.From), ui.Written(r.Context(), d.To)), End: ui.Duration(r.Context(), d.Minutes),
			Forms: form(v, Certificate, d.ID, r.T("撤销要写为什么"), choices)})
	}
	return part
}
