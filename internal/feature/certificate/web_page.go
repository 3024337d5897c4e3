package certificate

import (
	"fmt"
	"io"
	"net/url"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/process"
	"linli/internal/core/ui"
	"linli/internal/feature/certificate/page"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

func hrefOf(id string) string { return "/certificates/" + id }

// lamp is the colour of a state.
func lamp(s process.State) ui.State {
	switch s {
	case Applied, Accepted:
		return ui.New
	case Issued:
		return ui.Done
	}
	return ui.Late
}

func (h *Handlers) asked(r *web.Request, v View) web.Answer {
	if v.Number == "" {
		return web.SeeWithNote(hrefOf(v.ID), r.T("申请收到了，站里核对以后开给您。"))
	}
	return web.SeeWithNote(hrefOf(v.ID), r.T("开好了。"))
}

func (h *Handlers) askAgain(r *web.Request, _ askInput, p *web.Problem) web.Answer {
	v, err := h.mine(r, struct{}{})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.OwnPage(h.ownPage(r, v, ui.Refused(r, p))))
}

func (h *Handlers) minePage(r *web.Request, v OwnView) web.Answer {
	return web.HTML(page.OwnPage(h.ownPage(r, v, ui.Form{})))
}

func (h *Handlers) ownPage(r *web.Request, v OwnView, f ui.Form) page.Own {
	o := v.own
	out := page.Own{Helps: o.All > 0, Form: f, To: o.Today.String(), From: calendar.Day{Year: o.Today.Year, Month: 1, Day: 1}.String(), Lead: r.T("不收钱。单位、学校扫证明上的码，就能核对真假。")}
	if !o.Self {
		out.Lead = r.T("不收钱。站里核对以后开给您；单位、学校扫证明上的码，就能核对真假。")
	}
	year, all := r.T("算数的有 %s", ui.Duration(r.Context(), o.Year)), r.T("算数的有 %s", ui.Duration(r.Context(), o.All))
	if o.Year > 0 {
		out.Choices = append(out.Choices, page.Choice{Period: string(thisYear), Verb: r.T("开今年的"), More: year})
	}
	if o.All > o.Year {
		out.Choices = append(out.Choices, page.Choice{Period: string(always), Verb: r.T("从第一次帮忙开到今天"), More: all})
	}
	for _, i := range v.Items {
		out.Items = append(out.Items, h.line(r, i))
	}
	return out
}

// span is a period as the reader writes days.
func span(r *web.Request, from, to calendar.Day) string {
	return ui.FullDate(r.Context(), from.Start()) + " – " + ui.FullDate(r.Context(), to.Start())
}

func (h *Handlers) line(r *web.Request, v View) page.Line {
	c := v.certificate
	out := page.Line{Href: hrefOf(v.ID), Title: span(r, c.From, c.To), More: v.Number, State: lamp(c.State), Word: r.T(Process.Label(c.State))}
	if v.Minutes > 0 {
		out.More += "　" + ui.Duration(r.Context(), v.Minutes)
	}
	if c.Doubt != "" {
		out.State, out.Word = ui.Late, r.T("有记录撤回了")
	}
	return out
}

func (h *Handlers) showPage(r *web.Request, v View) web.Answer {
	return web.HTML(page.CertificatePage(h.certificatePage(r, v, ui.Form{})))
}

func (h *Handlers) showAgain(r *web.Request, id string, p *web.Problem) web.Answer {
	v, err := h.show(r, byID{id})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.CertificatePage(h.certificatePage(r, v, ui.Refused(r, p))))
}

func (h *Handlers) certificatePage(r *web.Request, v View, f ui.Form) page.Certificate {
	c := v.certificate
	own := c.who.Person == c.Volunteer
	out := page.Certificate{Title: r.T("服务证明"), State: lamp(c.State), Word: r.T(Process.Label(c.State)), Facts: facts(r, v), Form: f,
		Back: ui.Link{Text: r.T("回到登记簿"), Href: "/certificates?place=" + c.Community}}
	if own {
		out.Title, out.Back = r.T("我的服务证明"), ui.Link{Text: r.T("别的证明"), Href: "/me/certificates"}
	}
	if c.Number != "" {
		out.Lead = r.T("单位、学校扫上面的码，就能核对真假。")
		out.PDF, out.JSON = hrefOf(c.ID)+"/pdf", hrefOf(c.ID)+"/credential"
		out.Check = ui.Link{Text: v.CheckURL, Href: "/c/" + c.Code}
		out.Paper = h.paper(c)
	}
	out.Notes, out.Steps = notes(r, v), steps(r, v)
	return out
}

func (h *Handlers) paper(c Certificate) *page.Paper {
	p := c.printed(h.certificates.issuer.origin)
	out := &page.Paper{Number: p.number, Name: p.name, Deed: unbroken(p.deed), Thanks: thanks, Identity: strings.ReplaceAll(p.identity, " ", "\u00a0"), Lines: p.lines, Seal: p.seal, Unit: p.unit,
		Code: p.code, Revoked: c.State == Revoked}
	if path, size, err := codePath(p.address); err == nil {
		out.QR = page.QR{Path: path, View: fmt.Sprintf("0 0 %d %d", size, size)}
	}
	return out
}

func facts(r *web.Request, v View) []ui.Fact {
	out := []ui.Fact{{Term: r.T("哪一段时间"), Text: span(r, v.certificate.From, v.certificate.To)}}
	add := func(term, text string) {
		if text != "" {
			out = append(out, ui.Fact{Term: term, Text: text})
		}
	}
	if v.Minutes > 0 {
		add(r.T("算数的时间"), ui.Duration(r.Context(), v.Minutes))
	}
	add(r.T("证明编号"), v.Number)
	add(r.T("核对码"), v.Code)
	add(r.T("申请日期"), ui.FullDate(r.Context(), v.AppliedAt))
	if v.IssuedAt != nil {
		add(r.T("开具日期"), ui.FullDate(r.Context(), *v.IssuedAt))
		add(r.T("公示到"), ui.FullDate(r.Context(), v.NoticeUntil.Add(-1))) // the end of that day
	}
	add(r.T("备注"), v.Remark)
	add(r.T("原因"), v.Reason)
	return out
}

func notes(r *web.Request, v View) (out []page.Note) {
	switch c := v.certificate; {
	case c.State == Revoked:
		out = append(out, page.Note{State: ui.Late, Text: r.T("这张证明撤销了：%s", c.Reason)})
	case c.State == Refused:
		out = append(out, page.Note{State: ui.Late, Text: r.T("没有开：%s", c.Reason)})
	case c.Doubt != "":
		out = append(out, page.Note{State: ui.Late, Text: r.T("这张证明用到的 %s 号记录后来撤回或更正了，请看看要不要撤销。", c.Doubt)})
	case c.State == Applied || c.State == Accepted:
		out = append(out, page.Note{State: ui.New, Text: r.T("站里还没有开。开好了会告诉您。")})
	}
	return out
}

// steps are the buttons, in the order of the process.
func steps(r *web.Request, v View) (out []page.Step) {
	c := v.certificate
	if c.Doubt != "" && c.MayKeep(c.who) {
		out = append(out, page.Step{Action: hrefOf(c.ID) + "/" + StepKeep, Verb: r.T("核对过了，照旧有效"), Main: true})
	}
	for _, s := range c.steps() {
		step := page.Step{Action: hrefOf(c.ID) + "/" + s.Name, Verb: r.T(s.Label), Main: s.Name == StepAcceptance || s.Name == StepIssue}
		switch s.Name {
		case StepRefusal:
			step.Ask, step.Danger = r.T("为什么不能开"), true
		case StepRevocation:
			step.Ask, step.Danger = r.T("为什么撤销"), true
		}
		out = append(out, step)
	}
	return out
}

func moved(said string) func(*web.Request, View) web.Answer {
	return func(r *web.Request, v View) web.Answer { return web.SeeWithNote(hrefOf(v.ID), r.T(said)) }
}

func (h *Handlers) pdf(_ *web.Request, v View) web.Answer {
	if v.Number == "" {
		return web.Failed(fault.Conflict("这张证明还没有开出来。"))
	}
	file, err := v.certificate.PDF(h.certificates.issuer.origin)
	if err != nil {
		return web.Failed(err)
	}
	return web.File(v.Number+".pdf", "application/pdf", func(w io.Writer) error {
		_, err := w.Write(file)
		return err
	})
}

func (h *Handlers) credentialFile(_ *web.Request, v CredentialView) web.Answer {
	return web.File(v.number+".json", "application/vc", func(w io.Writer) error {
		_, err := io.WriteString(w, v.Credential)
		return err
	})
}

// --- the station ---

func (h *Handlers) registerPage(r *web.Request, v RegisterView) web.Answer {
	return web.HTML(page.RegisterPage(h.registerModel(r, v, "", ui.Form{})))
}

func (h *Handlers) registerModel(r *web.Request, v RegisterView, asked string, f ui.Form) page.Register {
	book, who := v.register, access.Of(r)
	at := book.Place
	today := calendar.DayOf(h.certificates.db.Clock().Now())
	out := page.Register{
		Title: r.T("%s的服务证明", at.Name), Place: at.ID, Announcements: "/places/" + at.ID + "/certificates", Form: f, Asked: asked,
		From: calendar.Day{Year: today.Year, Month: 1, Day: 1}.String(), To: today.String(),
		MayBatch: at.Community() == at.ID && access.May(who, access.CertificateIssue, at.Target()),
		MayUnit:  access.May(who, access.CertificateUnit, at.Target()),
		UnitName: book.Unit.Name, UnitHead: book.Unit.Head, UnitMinistry: book.Unit.Ministry, UnitHint: r.T("空着就写“%s服务站”。", at.Name),
	}
	for _, c := range v.Waiting {
		out.Waiting = append(out.Waiting, h.bookLine(r, c))
	}
	for _, c := range v.Items {
		out.Items = append(out.Items, h.bookLine(r, c))
	}
	for _, b := range book.Batches {
		out.Batches = append(out.Batches, page.Line{Href: "/certificate-batches/" + b.ID, Title: span(r, b.From, b.To), More: r.T("%d 张", b.Made)})
	}
	self := "/certificates?place=" + url.QueryEscape(at.ID)
	if !v.first {
		out.Pages.First = self
	}
	if v.Next != "" {
		out.Pages.Next = self + "&cursor=" + url.QueryEscape(string(v.Next))
	}
	return out
}

func (h *Handlers) bookLine(r *web.Request, v View) page.Line {
	out := h.line(r, v)
	out.Title, out.More = v.Name, out.Title+"　"+out.More
	return out
}

// bookAgain shows the register with what was wrong in one of its forms.
func (h *Handlers) bookAgain(r *web.Request, place, asked string, p *web.Problem) web.Answer {
	v, err := h.register(r, registerInput{Place: place})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.RegisterPage(h.registerModel(r, v, asked, ui.Refused(r, p))))
}

func (h *Handlers) batchAgain(r *web.Request, in batchInput, p *web.Problem) web.Answer {
	return h.bookAgain(r, in.Place, "batch", p)
}

func (h *Handlers) unitAgain(r *web.Request, in unitInput, p *web.Problem) web.Answer {
	return h.bookAgain(r, in.Place, "unit", p)
}

func (h *Handlers) unitSet(r *web.Request, v UnitView) web.Answer {
	return web.SeeWithNote("/certificates?place="+v.Place, r.T("记下了，以后的证明照这个开。"))
}

func (h *Handlers) batchStarted(_ *web.Request, v BatchView) web.Answer {
	return web.See("/certificate-batches/" + v.ID)
}

func (h *Handlers) batchPage(r *web.Request, v BatchView) web.Answer {
	return web.HTML(page.BatchPage(batchModel(r, v)))
}

func (h *Handlers) batchCard(r *web.Request, v BatchView) web.Answer {
	return web.HTML(page.BatchCard(batchModel(r, v)))
}

func batchModel(r *web.Request, v BatchView) page.Batch {
	self := "/certificate-batches/" + v.ID
	out := page.Batch{
		Title: r.T("给大家一起开证明"), Back: ui.Link{Text: r.T("回到登记簿"), Href: "/certificates?place=" + v.Place},
		Progress: ui.ProgressData{ID: "batch", Title: span(r, v.batch.From, v.batch.To), Done: v.Seen, Total: max(v.Total, 1), Href: self + "/progress",
			Text: r.T("正在开。可以关掉这一页，待会儿再来看。")},
		Facts: []ui.Fact{{Term: r.T("看过的志愿者"), Text: ui.Number(v.Seen)}, {Term: r.T("开出的证明"), Text: ui.Number(v.Made)}},
	}
	if v.batch.State == Done {
		out.Progress.Finished, out.Progress.Href, out.Progress.Text = true, self, r.T("好了。没有算数的时间的，这次没有开。")
		out.Progress.Done = out.Progress.Total
	}
	return out
}

// --- anybody ---

func (h *Handlers) announcedPage(r *web.Request, v AnnouncedView) web.Answer {
	a := v.place
	out := page.Announced{Title: r.T("%s的服务证明公示", a.Place.Name), Phone: ui.Phone(a.Phone),
		Lead: r.T("开出的证明在这里公示，姓名打了星号。觉得不对，请告诉服务站。")}
	for _, n := range a.Items {
		out.Items = append(out.Items, page.Notice{Number: n.Number, Name: n.Name, Period: span(r, n.From, n.To),
			Minutes: ui.Duration(r.Context(), n.Minutes), Until: ui.FullDate(r.Context(), n.Until.Add(-1)), Unit: n.Unit})
	}
	return web.HTML(page.AnnouncedPage(out))
}

func (h *Handlers) checkPage(r *web.Request, v PublicView) web.Answer {
	p := v.public
	out := page.Check{Title: r.T("核对服务证明"), State: ui.Done, Word: r.T("有效"), DID: h.certificates.issuer.DID(),
		Lead: r.T("有这张证明，现在有效。"),
		Facts: []ui.Fact{
			{Term: r.T("证明编号"), Text: p.Number}, {Term: r.T("哪一段时间"), Text: span(r, p.From, p.To)},
			{Term: r.T("服务时间"), Text: ui.Duration(r.Context(), p.Minutes)}, {Term: r.T("开具日期"), Text: ui.FullDate(r.Context(), p.IssuedAt)},
		}}
	if p.State == Revoked {
		out.State, out.Word, out.Lead = ui.Late, r.T("已撤销"), r.T("这张证明 %s 撤销了，不能使用。", ui.FullDate(r.Context(), p.EndedAt))
	}
	return web.HTML(page.CheckPage(out))
}

type typedInput struct {
	Code string `json:"code" label:"核对码" maxLength:"40"`
}

// typed leads from a code that was typed to its page.
func (h *Handlers) typed(r *web.Request, in typedInput) (typedInput, error) {
	if in.Code == "" {
		return in, nil
	}
	_, err := h.certificates.Check(r.Context(), in.Code)
	if err != nil && fault.KindOf(err) == fault.KindNotFound {
		f := fault.As(err)
		return in, fault.Invalid("code", f.Msg, f.Args...)
	}
	return in, err
}

func (h *Handlers) typedPage(_ *web.Request, in typedInput) web.Answer {
	if in.Code != "" {
		return web.See("/c/" + url.PathEscape(in.Code))
	}
	return web.HTML(page.CheckForm(ui.Form{}))
}

func (h *Handlers) typedAgain(r *web.Request, _ typedInput, p *web.Problem) web.Answer {
	return web.HTML(page.CheckForm(ui.Refused(r, p)))
}
