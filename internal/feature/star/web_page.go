package star

import (
	"strconv"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/core/ui"
	"linli/internal/feature/star/page"
	"linli/internal/kit/web"
)

func (h *Handlers) boardPage(r *web.Request, b BoardView) web.Answer {
	out := page.Board{Title: r.T("%s的星级志愿者", b.Place.Name), Place: b.Place.ID}
	for _, c := range b.Items {
		row := page.Row{Href: "/stars/" + c.ID, Name: c.Volunteer.Name, Stars: r.T("%d 星", c.Star), Line: caseLine(r, c), Word: r.T(Process.Label(c.State)), State: mark(c.State)}
		switch c.State {
		case Proposed:
			out.Waiting = append(out.Waiting, row)
		case Notice:
			out.Notice = append(out.Notice, row)
		case Given:
			out.Given = append(out.Given, row)
		}
	}
	if m := b.Mine; m != nil {
		out.Mine = &page.Mine{Stars: r.T("%d 星", m.Star), Hours: ui.Duration(r.Context(), m.Minutes), Honours: strings.Join(said(r, m.Honours), r.T("、"))}
		if m.Missing > 0 {
			out.Mine.Next = r.T("到下一星还差 %s", ui.Duration(r.Context(), m.Missing))
		}
	}
	return web.HTML(page.BoardPage(out))
}

func said(r *web.Request, words []string) (out []string) {
	for _, w := range words {
		out = append(out, r.T(w))
	}
	return out
}

func mark(s process.State) ui.State {
	switch s {
	case Proposed, Nominating:
		return ui.New
	case Notice, Voting:
		return ui.Doing
	case Given:
		return ui.Done
	}
	return ui.Late
}

func caseLine(r *web.Request, c CaseView) string {
	line := r.T("%[1]s，算数的服务 %[2]s", c.Community.Name, ui.Duration(r.Context(), c.Minutes))
	if c.Year != 0 {
		line = r.T("%[1]s，%[2]d 年", line, c.Year)
	}
	return line
}

func (h *Handlers) onePage(r *web.Request, c CaseView) web.Answer {
	return web.HTML(page.CasePage(caseOf(r, c, ui.Form{})))
}

func (h *Handlers) decideAgain(r *web.Request, in decideInput, p *web.Problem) web.Answer {
	return h.oneWith(r, in.ID, ui.Refused(r, p))
}

func (h *Handlers) objectAgain(r *web.Request, in objectInput, p *web.Problem) web.Answer {
	return h.oneWith(r, in.ID, ui.Refused(r, p))
}

func (h *Handlers) oneWith(r *web.Request, id string, form ui.Form) web.Answer {
	c, err := h.one(r, byID{id})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.CasePage(caseOf(r, c, form)))
}

func caseOf(r *web.Request, c CaseView, form ui.Form) page.Case {
	self := "/stars/" + c.ID
	out := page.Case{Title: r.T("%[1]s，%[2]d 星", c.Volunteer.Name, c.Star), Self: self, Form: form, Word: r.T(Process.Label(c.State)), State: mark(c.State),
		Back: "/stars?place=" + c.Community.ID,
		Facts: []ui.Fact{
			{Term: r.T("哪个社区"), Text: c.Community.Name}, {Term: r.T("算数的服务"), Text: ui.Duration(r.Context(), c.Minutes)},
			{Term: r.T("谁来批"), Text: r.T(c.Level.Label())}, {Term: r.T("公示"), Text: r.T("%d 个工作日", c.Workdays)},
		}}
	if c.NoticeEnds != nil {
		out.Facts = append(out.Facts, ui.Fact{Term: r.T("公示到"), Text: ui.Date(r.Context(), c.NoticeEnds.Add(-1))})
	}
	if c.Answer != "" {
		out.Facts = append(out.Facts, ui.Fact{Term: r.T("说明"), Text: c.Answer})
	}
	answers := false
	for _, a := range c.Actions {
		out.Decide, out.Object, answers = out.Decide || a == CanDecide, out.Object || a == CanObject, answers || a == CanAnswer
	}
	out.Objections = objections(r, c.Objections, self, answers)
	return out
}

func objections(r *web.Request, all []ObjectionView, self string, answers bool) (out []page.Objection) {
	for _, o := range all {
		row := page.Objection{Words: o.Words, Line: r.T("%s 以前答复", ui.FullDate(r.Context(), o.Due))}
		if o.Decided {
			row.Line = r.T("不成立：%s", o.Answer)
			if o.Upheld {
				row.Line = r.T("成立：%s", o.Answer)
			}
		} else if answers {
			row.Answer = self + "/objections/" + o.ID + "/answer"
		}
		out = append(out, row)
	}
	return out
}

func (h *Handlers) said(note string) func(*web.Request, CaseView) web.Answer {
	return func(r *web.Request, c CaseView) web.Answer {
		return web.SeeWithNote("/stars/"+c.ID, r.T(note))
	}
}

func (h *Handlers) tablePage(r *web.Request, v TableView) web.Answer {
	return web.HTML(page.TablePage(tableOf(r, v, ui.Form{})))
}

func (h *Handlers) setTableAgain(r *web.Request, in TableDraft, p *web.Problem) web.Answer {
	v, err := h.table(r, placeInput{in.Place})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.TablePage(tableOf(r, v, ui.Refused(r, p))))
}

func tableOf(r *web.Request, v TableView, form ui.Form) page.Table {
	out := page.Table{Title: r.T("%s：几小时评几星", v.Place.Name), Place: v.Place.ID, Form: form, Now: versionLine(r, v.Now), Workdays: strconv.Itoa(v.Now.Workdays), Yearly: v.Now.Yearly,
		May: access.May(access.Of(r), access.StarRule, access.Target{District: place.DistrictOf(v.Place.ID), Path: v.path})}
	for i, hours := range v.Now.Hours {
		out.Rows = append(out.Rows, page.StarRow{Stars: r.T("%d 星", i+1), Name: "hours." + strconv.Itoa(i), Hours: strconv.FormatInt(hours, 10),
			ApproverName: "approvers." + strconv.Itoa(i), Approver: string(v.Now.Approvers[i]), ApproverWord: r.T(v.Now.Approvers[i].Label())})
	}
	for _, level := range approverLevels() {
		out.Levels = append(out.Levels, ui.Option{Value: string(level), Text: r.T(level.Label())})
	}
	for _, version := range v.Versions {
		line := r.T("%[1]s 从 %[2]s 起：%[3]s", version.Place, ui.FullDate(r.Context(), version.From.Start()), versionLine(r, version))
		out.Versions = append(out.Versions, line)
	}
	for _, e := range Examples() {
		out.Examples = append(out.Examples, r.T(e.Name))
	}
	return out
}

func versionLine(r *web.Request, v VersionView) string {
	var hours []string
	for _, n := range v.Hours {
		hours = append(hours, strconv.FormatInt(n, 10))
	}
	list := strings.Join(hours, r.T("、"))
	if v.Yearly {
		return r.T("当年 %[1]s 小时，公示 %[2]d 个工作日", list, v.Workdays)
	}
	return r.T("累计 %[1]s 小时，公示 %[2]d 个工作日", list, v.Workdays)
}

func (h *Handlers) tableSet(r *web.Request, v TableView) web.Answer {
	return web.SeeWithNote("/star-table?place="+v.Place.ID, r.T("记下了，评上的星不改。"))
}

func (h *Handlers) honoursPage(r *web.Request, l listed) web.Answer {
	return web.HTML(page.HonoursPage(honoursModel(r, l, ui.Form{})))
}

func (h *Handlers) openAgain(r *web.Request, in RoundDraft, p *web.Problem) web.Answer {
	l, err := h.honours(r, placeInput{in.Place})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.HonoursPage(honoursModel(r, l, ui.Refused(r, p))))
}

func honoursModel(r *web.Request, l listed, form ui.Form) page.Honours {
	out := page.Honours{Title: r.T("%s的年度荣誉", l.place.Name), Place: l.place.ID, Runs: l.runs, Form: form,
		Kinds: []ui.Option{{Value: string(Fairest), Text: r.T(Fairest.Label())}, {Value: string(Idea), Text: r.T(Idea.Label())}}}
	for _, v := range l.Items {
		row := page.Row{Href: "/honours/" + v.ID, Name: roundName(r, v), Line: r.T("%[1]s，评 %[2]d 位", v.Place.Name, v.Seats), Word: r.T(Rounds.Label(v.State)), State: mark(v.State)}
		var winners []string
		for _, n := range v.Nominees {
			if n.Won && v.State == Given {
				winners = append(winners, n.Name)
			}
		}
		if len(winners) > 0 {
			row.Line = strings.Join(winners, r.T("、"))
		}
		out.Items = append(out.Items, row)
	}
	return out
}

func roundName(r *web.Request, v RoundView) string {
	return r.T("%[1]d 年%[2]s", v.Year, r.T(v.Kind.Label()))
}

func (h *Handlers) opened(r *web.Request, v RoundView) web.Answer {
	return web.SeeWithNote("/honours/"+v.ID, r.T("开始推荐了。"))
}

func (h *Handlers) roundPage(r *web.Request, v RoundView) web.Answer {
	return web.HTML(page.RoundPage(roundOf(r, v, ui.Form{})))
}

func (h *Handlers) nominateAgain(r *web.Request, in nominateInput, p *web.Problem) web.Answer {
	v, err := h.round(r, byID{in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.RoundPage(roundOf(r, v, ui.Refused(r, p))))
}

func roundOf(r *web.Request, v RoundView, form ui.Form) page.Round {
	self := "/honours/" + v.ID
	out := page.Round{Title: roundName(r, v), Self: self, Form: form, Word: r.T(Rounds.Label(v.State)), State: mark(v.State), Back: "/honours?place=" + v.Place.ID,
		Nominate: v.State == Nominating && v.inside, Vote: v.State == Voting && v.inside, Object: v.State == Notice,
		Facts: []ui.Fact{
			{Term: r.T("在哪里评"), Text: v.Place.Name}, {Term: r.T("评几位"), Text: strconv.Itoa(v.Seats)},
			{Term: r.T("推荐到"), Text: ui.FullDate(r.Context(), v.NominateTo.Start())}, {Term: r.T("投票到"), Text: ui.FullDate(r.Context(), v.VoteTo.Start())},
		}}
	if v.NoticeEnds != nil {
		out.Facts = append(out.Facts, ui.Fact{Term: r.T("公示到"), Text: ui.Date(r.Context(), v.NoticeEnds.Add(-1))})
	}
	for _, n := range v.Nominees {
		row := page.Nominee{ID: n.ID, Name: n.Name, Words: n.Words, Won: n.Won, Mine: v.Mine == n.ID, Object: self + "/nominees/" + n.ID + "/objections",
			Objections: objections(r, n.Objections, self+"/nominees/"+n.ID, v.runs)}
		if n.Votes != nil {
			row.Votes = r.T("%d 票", *n.Votes)
		}
		out.Nominees = append(out.Nominees, row)
	}
	return out
}

func (h *Handlers) roundSaid(note string) func(*web.Request, RoundView) web.Answer {
	return func(r *web.Request, v RoundView) web.Answer { return web.SeeWithNote("/honours/"+v.ID, r.T(note)) }
}
