package audit

import (
	"net/url"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/ui"
	"linli/internal/feature/record"
	"linli/internal/kit/web"
)

func (h *Handlers) publicPage(r *web.Request, v PublicView) web.Answer {
	p := ui.Paper{
		Title: r.T("%s的公示", v.Place.Name), Back: ui.Link{Text: r.T("回到%s", v.Place.Name), Href: "/places/" + v.Place.ID},
		Lead: r.T("服务记录先公示，没有人提出异议才算数。名字遮着，帮的是谁也不写。哪一条不对，登录以后点“有异议”。"),
	}
	if access.Of(r).Person == "" {
		p.Back = ui.Link{Text: r.T("登录"), Href: "/sign-in?next=" + url.QueryEscape("/places/"+v.Place.ID+"/notice")}
	}
	if len(v.Places) > 0 {
		below := ui.PaperPart{Title: r.T("各处的公示")}
		for _, c := range v.Places {
			below.Items = append(below.Items, ui.PaperItem{Text: c.Name, Href: "/places/" + c.ID + "/notice"})
		}
		p.Parts = append(p.Parts, below)
		return web.HTML(ui.PaperPage(p))
	}
	p.Parts = append(p.Parts, noticePart(r, v), chainPart(r, v), spotPart(r, v))
	self := "/places/" + v.Place.ID + "/notice"
	if !v.first {
		p.Pages.First = self
	}
	if v.Next != "" {
		p.Pages.Next = self + "?cursor=" + url.QueryEscape(string(v.Next))
	}
	return web.HTML(ui.PaperPage(p))
}

func noticePart(r *web.Request, v PublicView) ui.PaperPart {
	part := ui.PaperPart{ID: "notice", Title: r.T("公示中的服务记录"), Empty: r.T("现在没有公示中的记录。")}
	for _, x := range v.Items {
		item := ui.PaperItem{
			Text: r.T("%[1]s，%[2]s", x.Volunteer, x.Service), End: ui.Duration(r.Context(), int64(x.Minutes)),
			More:  r.T("%[1]s，%[2]s 级，%[3]s，公示到%[4]s", ui.WrittenNear(r.Context(), x.Day), x.Grade, x.Organiser, ui.Date(r.Context(), x.Until.Add(-1))),
			Forms: []ui.PaperForm{{Action: "/objections/new", Method: "get", Verb: r.T("有异议"), Quiet: true, Fields: []ui.PaperField{ui.HiddenField("record", x.ID)}}},
		}
		switch {
		case x.Held:
			item.Chip, item.ChipText = ui.Late, r.T("先不算，有人在核实")
		case x.Source == string(record.FromHand):
			item.Chip, item.ChipText = ui.Doing, r.T("补录")
		}
		part.Items = append(part.Items, item)
	}
	return part
}

// chainPart prints the head of the chain, today's and those of the days before.
func chainPart(r *web.Request, v PublicView) ui.PaperPart {
	part := ui.PaperPart{ID: "chain", Title: r.T("记录和积分的链头"),
		Text: r.T("每一笔记录和积分都串在一条链上。把今天的链头抄下来，以后谁改过以前的一笔，都能查出来。"),
		Facts: []ui.Fact{
			{Term: r.T("现在第几笔"), Text: ui.Number(v.Head.Seq)}, {Term: r.T("现在的指纹"), Text: v.Head.Hash},
		}}
	for _, d := range v.Heads {
		part.Items = append(part.Items, ui.PaperItem{Text: r.T("%[1]s，第 %[2]s 笔", ui.Written(r.Context(), d.Day), ui.Number(d.Seq)), More: d.Hash})
	}
	return part
}

// spotPart shows the seeds and what the spot checks found.
func spotPart(r *web.Request, v PublicView) ui.PaperPart {
	part := ui.PaperPart{ID: "spot", Title: r.T("每月抽查"),
		Text: r.T("种子提前公布。把“种子:编号”算成 SHA-256，从小到大排，取前百分之几，补录的条条都查。名单可以下载，谁都可以照着重抽一遍。")}
	for _, s := range v.Seeds {
		part.Items = append(part.Items, ui.PaperItem{Text: r.T("%s的种子", ui.Written(r.Context(), s.Month)), More: r.T("%[1]s，%[2]s公布", s.Seed, ui.FullDate(r.Context(), s.PublishedAt))})
	}
	for _, d := range v.Draws {
		part.Items = append(part.Items, ui.PaperItem{
			Text: r.T("%[1]s抽查：%[2]d 条里抽到 %[3]d 条，补录 %[4]d 条", ui.Written(r.Context(), d.Month), d.Rows, d.Drawn, d.Manual),
			More: r.T("属实 %[1]d 条，不属实 %[2]d 条，还没查 %[3]d 条", d.Passed, d.Failed, d.Open),
			Forms: []ui.PaperForm{{Action: "/places/" + v.Place.ID + "/draw", Method: "get", Verb: r.T("下载名单"), Quiet: true,
				Fields: []ui.PaperField{ui.HiddenField("month", d.Month)}}},
		})
	}
	return part
}

// --- findings ---

func (h *Handlers) findingPage(r *web.Request, v FindingView) web.Answer {
	return web.HTML(ui.PaperPage(findingPaper(r, v, ui.Form{})))
}

func (h *Handlers) decideAgain(r *web.Request, in decideInput, p *web.Problem) web.Answer {
	v, err := h.finding(r, byID{in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(ui.PaperPage(findingPaper(r, v, ui.Refused(r, p))))
}

func findingPaper(r *web.Request, v FindingView, f ui.Form) ui.Paper {
	p := ui.Paper{Title: v.KindName, Form: f, Parts: []ui.PaperPart{{Title: r.T("依据"), Facts: evidenceFacts(r, v)}}}
	links := &p.Parts[0].Links
	for i, id := range v.Evidence.Records {
		*links = append(*links, ui.Link{Text: r.T("看第 %d 条记录", i+1), Href: "/records/" + id})
	}
	for i, id := range v.Evidence.Entries {
		*links = append(*links, ui.Link{Text: r.T("看第 %d 条补录", i+1), Href: "/entries/" + id})
	}
	if len(v.Evidence.Held) > 0 && v.State == string(Open) {
		p.Notes = append(p.Notes, ui.PaperNote{State: ui.Doing, Text: r.T("看完以前，最后那条先不算数。说“有问题”，那条就作废。")})
	}
	if form, ok := decisionForm(r, v); ok {
		p.Parts = append(p.Parts, ui.PaperPart{Title: r.T("看过以后"), Forms: []ui.PaperForm{form}})
	}
	return p
}

func decisionForm(r *web.Request, v FindingView) (ui.PaperForm, bool) {
	var outcomes []ui.Option
	for _, a := range v.Actions {
		outcomes = append(outcomes, ui.Option{Value: a.Name, Text: a.Label})
	}
	return ui.PaperForm{Action: "/findings/" + v.ID + "/decision", Verb: r.T("就这样定"), Fields: []ui.PaperField{
		ui.HiddenField("_back", r.Return("/findings/"+v.ID)),
		{As: ui.AsPicks, Field: ui.Field{Name: "outcome", Label: r.T("怎么样")}, Options: outcomes},
		{As: ui.AsText, Field: ui.Field{Name: "answer", Label: r.T("看到了什么"), Rows: 2, Required: true}},
	}}, len(outcomes) > 0
}

// evidenceFacts are the figures of a finding in words.
func evidenceFacts(r *web.Request, v FindingView) []ui.Fact {
	e := v.Evidence
	var out []ui.Fact
	add := func(is bool, term, text string) {
		if is {
			out = append(out, ui.Fact{Term: term, Text: text})
		}
	}
	if v.Person != nil {
		add(true, r.T("关于谁"), v.Person.Name)
	}
	if v.Team != nil {
		add(v.Team.Name != "", r.T("哪个队伍"), v.Team.Name)
	}
	add(e.Day != "", r.T("哪一天"), ui.WrittenNear(r.Context(), e.Day))
	add(e.Minutes > 0, r.T("一共"), ui.Duration(r.Context(), e.Minutes))
	add(Kind(v.Kind) == TeamJump, r.T("平时一周"), ui.Duration(r.Context(), e.Usual))
	add(e.Metres > 0, r.T("相隔"), r.T("%d 米", e.Metres))
	add(e.Metres > 0, r.T("中间隔"), r.T("%d 分钟", e.GapMinutes))
	add(e.People > 0, r.T("几个人"), r.T("%d 位", e.People))
	add(len(e.Visits) > 0, r.T("签到"), r.T("%d 次", len(e.Visits)))
	add(len(e.Entries) > 0, r.T("补录"), r.T("%d 条", len(e.Entries)))
	add(true, r.T("这里的规矩"), limitText(r, v))
	add(true, r.T("谁来看"), levelText(r, v.Level))
	add(true, r.T("现在怎么样"), v.StateName)
	add(v.Answer != "", r.T("看到了什么"), v.Answer)
	return out
}

// Summary is a finding in one line, for a list of many.
func Summary(r *web.Request, v FindingView) string {
	var parts []string
	for _, f := range evidenceFacts(r, v) {
		switch f.Term {
		case r.T("谁来看"), r.T("现在怎么样"):
		case r.T("关于谁"), r.T("哪个队伍"), r.T("哪一天"):
			parts = append(parts, f.Text)
		default:
			parts = append(parts, f.Term+" "+f.Text)
		}
	}
	return strings.Join(parts, r.T("，"))
}

func limitText(r *web.Request, v FindingView) string {
	n := v.Evidence.Limit
	switch Kind(v.Kind) {
	case TooFar:
		return r.T("一小时走 %d 公里以上算不可能", n)
	case OneDevice:
		return r.T("同一天 %d 个人用一部手机就要看", n)
	case BulkEntry:
		return r.T("一小时补录 %d 条就要看", n)
	case TeamJump:
		return r.T("到平时的百分之 %d 就要看", n)
	}
	return r.T("一天超过 %s就要看", ui.Duration(r.Context(), n))
}

func levelText(r *web.Request, level string) string {
	if level == ByStreet {
		return r.T("街道")
	}
	return r.T("本单位")
}

func (h *Handlers) decided(r *web.Request, v FindingView) web.Answer {
	return web.SeeWithNote(r.Return("/findings/"+v.ID), r.T("办好了。"))
}

// --- spot checks ---

func (h *Handlers) checkPage(r *web.Request, v CheckView) web.Answer {
	return web.HTML(ui.PaperPage(checkPaper(r, v, ui.Form{})))
}

func (h *Handlers) reviewAgain(r *web.Request, in reviewInput, p *web.Problem) web.Answer {
	v, err := h.check(r, byID{in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(ui.PaperPage(checkPaper(r, v, ui.Refused(r, p))))
}

func checkPaper(r *web.Request, v CheckView, f ui.Form) ui.Paper {
	why := r.T("抽到的")
	if v.Why == whyManual {
		why = r.T("补录的都查")
	}
	p := ui.Paper{Title: r.T("抽查一条记录"), Form: f, Parts: []ui.PaperPart{{Title: v.Name, Facts: []ui.Fact{
		{Term: r.T("谁服务的"), Text: v.Volunteer.Name}, {Term: r.T("什么时候"), Text: ui.FullDate(r.Context(), v.StartedAt) + " " + ui.Clock(r.Context(), v.StartedAt)},
		{Term: r.T("多久"), Text: ui.Duration(r.Context(), int64(v.Minutes))}, {Term: r.T("为什么查它"), Text: why}, {Term: r.T("现在怎么样"), Text: v.StateName},
	}, Links: []ui.Link{{Text: r.T("看这条记录"), Href: "/records/" + v.Record}}}}}
	if v.Answer != "" {
		p.Parts[0].Facts = append(p.Parts[0].Facts, ui.Fact{Term: r.T("怎么查的"), Text: v.Answer})
	}
	var outcomes []ui.Option
	for _, a := range v.Actions {
		outcomes = append(outcomes, ui.Option{Value: a.Name, Text: a.Label})
	}
	switch {
	case len(outcomes) > 0:
		p.Parts = append(p.Parts, ui.PaperPart{Title: r.T("结果"), Forms: []ui.PaperForm{{Action: "/checks/" + v.ID + "/result", Verb: r.T("写下结果"), Fields: []ui.PaperField{
			ui.HiddenField("_back", r.Return("/checks/"+v.ID)),
			{As: ui.AsPicks, Field: ui.Field{Name: "outcome", Label: r.T("属不属实")}, Options: outcomes},
			{As: ui.AsText, Field: ui.Field{Name: "answer", Label: r.T("怎么查的"), Rows: 2, Required: true}},
		}}}})
	case v.State == string(Open):
		p.Notes = append(p.Notes, ui.PaperNote{State: ui.New, Text: r.T("这条要由别人来查：记的人和查的人不能是一个人。")})
	}
	return p
}

func (h *Handlers) reviewed(r *web.Request, v CheckView) web.Answer {
	return web.SeeWithNote(r.Return("/checks/"+v.ID), r.T("办好了。"))
}
