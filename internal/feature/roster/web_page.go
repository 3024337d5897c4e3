package roster

import (
	"net/url"

	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/feature/roster/page"
	"linli/internal/kit/web"
)

func hrefOf(id string) string { return "/imports/" + id }

func (h *Handlers) back(said string) func(*web.Request, File) web.Answer {
	return func(r *web.Request, f File) web.Answer { return web.SeeWithNote(hrefOf(f.ID), r.T(said)) }
}

func (h *Handlers) deskPage(r *web.Request, d desk) web.Answer {
	return web.HTML(page.DeskPage(deskForm(r, d, ui.Form{})))
}

func (h *Handlers) uploaded(_ *web.Request, f File) web.Answer { return web.See(hrefOf(f.ID)) }

func (h *Handlers) uploadAgain(r *web.Request, in uploadInput, p *web.Problem) web.Answer {
	d, err := h.desk(r, deskInput{in.Place})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.DeskPage(deskForm(r, d, ui.Refused(r, p))))
}

func deskForm(r *web.Request, d desk, form ui.Form) page.Desk {
	out := page.Desk{Form: form, Export: "/volunteers/export",
		Place: ui.Field{Name: "place", Label: r.T("放到哪里"), Value: d.place}, Places: placeOptions(d.Places)}
	if d.place != "" {
		out.Export += "?place=" + url.QueryEscape(d.place)
	}
	for _, f := range d.Files {
		out.Files = append(out.Files, page.Sent{Href: hrefOf(f.ID), Name: f.Name, Chip: r.T(f.State.Label()), State: stateOf(f.State),
			Line: r.T("%s，%s", d.Names[f.Place], ui.When(r.Context(), f.SentAt))})
	}
	return out
}

func placeOptions(places []place.Place) []ui.Option {
	var out []ui.Option
	for _, p := range places {
		out = append(out, ui.Option{Value: p.ID, Text: p.Name})
	}
	return out
}

func stateOf(s State) ui.State {
	switch s {
	case Checking, Importing:
		return ui.Doing
	case Checked:
		return ui.New
	case Done:
		return ui.Done
	case Broken:
		return ui.Late
	}
	return ui.Off
}

func (h *Handlers) filePage(r *web.Request, s shown) web.Answer {
	return web.HTML(page.FilePage(fileView(r, s, ui.Form{})))
}

// progress is the part of the page that is fetched while a roster works.
func (h *Handlers) progress(r *web.Request, s shown) web.Answer {
	return web.HTML(page.ProgressCard(*progressOf(r, s.File), confirmOf(r, s.File, ui.Form{})))
}

func (h *Handlers) confirmAgain(r *web.Request, in confirmInput, p *web.Problem) web.Answer {
	s, err := h.show(r, fileInput{ID: in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.FilePage(fileView(r, s, ui.Refused(r, p))))
}

func fileView(r *web.Request, s shown, form ui.Form) page.File {
	f := s.File
	out := page.File{Name: f.Name, Line: r.T("%s，%s", s.place.Name, ui.When(r.Context(), f.SentAt)), Chip: r.T(f.State.Label()), State: stateOf(f.State),
		Confirm: confirmOf(r, f, form), Back: ui.Link{Text: r.T("回到导入"), Href: "/volunteers/imports?place=" + f.Place}}
	switch f.State {
	case Broken:
		out.Wrong = r.T(f.Problem.Msg, f.Problem.Args...)
		return out
	case Checking:
		out.Progress = progressOf(r, f)
		return out
	case Importing:
		out.Progress = progressOf(r, f)
	case Done:
		out.Good = r.T("导入了 %d 位。都是“待本人确认”，本人同意以后才派单。", f.Taken)
		out.Next = ui.Link{Text: r.T("看待本人确认的人"), Href: "/volunteers?status=pending&place=" + f.Place}
	}
	out.Numbers = numbers(r, f.Counts)
	out.Filters, out.Found = filters(r, s), foundRows(r, s.found)
	if s.in.Cursor != "" {
		out.Pages.First = rowsHref(s, s.in.Show, "")
	}
	if s.next != "" {
		out.Pages.Next = rowsHref(s, s.in.Show, string(s.next))
	}
	out.Downloads = []ui.Link{{Text: r.T("下载带问题说明的表"), Href: hrefOf(f.ID) + "/remarks"}}
	if f.Counts.Bad > 0 {
		out.Downloads = append(out.Downloads, ui.Link{Text: r.T("只下载有问题的 %d 行", f.Counts.Bad), Href: hrefOf(f.ID) + "/remarks?bad=true"})
	}
	return out
}

func progressOf(r *web.Request, f File) *ui.ProgressData {
	d := &ui.ProgressData{ID: "import", Title: f.Name, Done: int64(f.Read), Total: int64(max(f.All, f.Read)),
		Href: hrefOf(f.ID) + "/progress", Text: r.T("正在检查。可以关掉这一页，待会儿再来看。")}
	if f.State == Importing {
		d.Text = r.T("正在导入。可以关掉这一页，待会儿再来看。")
	}
	if !f.State.Working() {
		d.Finished, d.Href, d.Text = true, hrefOf(f.ID), r.T("好了。")
	}
	return d
}

func numbers(r *web.Request, c Counts) []page.Number {
	one := func(label string, n int, remark string) page.Number {
		return page.Number{Label: label, Value: ui.Number(int64(n)), Remark: remark}
	}
	return []page.Number{
		one(r.T("新登记"), c.New, r.T("导入后待本人确认")),
		one(r.T("有更新"), c.Changed, r.T("还没确认过的人")),
		one(r.T("和现在一样"), c.Same, r.T("不用动")),
		one(r.T("有问题"), c.Bad, r.T("改好再传，或者先不要")),
	}
}

// confirmOf is what can be done with the file now.
func confirmOf(r *web.Request, f File, form ui.Form) *page.Confirm {
	c := &page.Confirm{Form: form, Cancel: hrefOf(f.ID) + "/cancellation"}
	switch {
	case f.State == Checking:
		return c
	case f.State != Checked:
		return nil
	case f.Counts.New+f.Counts.Changed == 0:
		c.Nothing = r.T("没有要导入的：每一行都和现在一样，或者有问题。")
		return c
	}
	c.Action, c.Verb = hrefOf(f.ID)+"/confirmation", r.T("导入这 %d 行", f.Counts.New+f.Counts.Changed)
	if f.Counts.Bad > 0 {
		c.LeaveOut = &ui.Field{Name: "leave_out", Label: r.T("有问题的 %d 行先不要", f.Counts.Bad)}
	}
	return c
}

func rowsHref(s shown, show Verdict, cursor string) string {
	q := url.Values{}
	if show != "" {
		q.Set("show", string(show))
	}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	href := hrefOf(s.ID)
	if len(q) > 0 {
		href += "?" + q.Encode()
	}
	return href + "#rows"
}

func filters(r *web.Request, s shown) []page.Filter {
	var out []page.Filter
	for _, v := range []Verdict{"", Bad, Changed} {
		text := r.T("有话要说的行")
		if v != "" {
			text = r.T(v.Label())
		}
		out = append(out, page.Filter{Link: ui.Link{Text: text, Href: rowsHref(s, v, "")}, Now: s.in.Show == v})
	}
	return out
}

func foundRows(r *web.Request, found []Finding) []page.Found {
	var out []page.Found
	for _, f := range found {
		state := ui.New
		switch f.Verdict {
		case Bad:
			state = ui.Late
		case Same:
			state = ui.Off
		}
		out = append(out, page.Found{Row: r.T("第 %d 行", f.Row), Chip: r.T(f.Verdict.Label()), State: state, Remarks: say(r, f.Remarks)})
	}
	return out
}

// say puts remarks into words; the heading stays as it is in the sheet.
func say(r *web.Request, remarks []Remark) []string {
	out := make([]string, len(remarks))
	for i, m := range remarks {
		if out[i] = r.T(m.Msg, m.Args...); m.Heading != "" {
			out[i] = m.Heading + r.T("：") + out[i]
		}
	}
	return out
}

func (h *Handlers) exportForm(r *web.Request, in deskInput) (desk, error) {
	places, err := h.rosters.Sources(r.Context(), access.Of(r))
	return desk{Desk{Places: places}, in.Place}, err
}

func (h *Handlers) exportPage(r *web.Request, d desk) web.Answer {
	return web.HTML(page.ExportPage(exportView(r, d, ui.Form{})))
}

func (h *Handlers) exportAgain(r *web.Request, in wholeInput, p *web.Problem) web.Answer {
	d, err := h.exportForm(r, deskInput{in.Place})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.ExportPage(exportView(r, d, ui.Refused(r, p))))
}

func exportView(r *web.Request, d desk, form ui.Form) page.Export {
	return page.Export{
		Form: form, Whole: len(access.Places(access.Of(r), access.PersonUnmask)) > 0,
		Place: ui.Field{Name: "place", Label: r.T("哪里的"), Value: d.place}, Places: placeOptions(d.Places),
		Kind:   ui.Field{Name: "kind", Label: r.T("哪种文件"), Value: "xlsx"},
		Kinds:  []ui.Option{{Value: "xlsx", Text: "Excel"}, {Value: "csv", Text: "CSV"}},
		Reason: ui.Field{Name: "reason", Label: r.T("为什么要全的"), Placeholder: r.T("比如：报街道备案"), Autocomplete: "off"},
		Back:   ui.Link{Text: r.T("回到志愿者"), Href: "/volunteers?place=" + d.place},
	}
}
