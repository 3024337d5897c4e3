package order

import (
	"context"
	"slices"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/process"
	"linli/internal/core/ui"
	"linli/internal/feature/order/page"
	"linli/internal/kit/web"
)

func (h *Handlers) showPage(r *web.Request, v View) web.Answer {
	m := orderModel(r, v, ui.Form{})
	if r.Partial() {
		return web.HTML(page.OrderBody(m))
	}
	return web.HTML(page.OrderPage(m))
}

// again shows the order with a form on it that was refused.
func (h *Handlers) again(r *web.Request, id string, p *web.Problem) web.Answer {
	v, err := h.orders.Show(r.Context(), access.Of(r), id)
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.OrderPage(orderModel(r, v, ui.Refused(r, p))))
}

func (h *Handlers) refuseAgain(r *web.Request, in reasonInput, p *web.Problem) web.Answer {
	return h.again(r, in.ID, p)
}

func (h *Handlers) evaluateAgain(r *web.Request, in evaluateInput, p *web.Problem) web.Answer {
	return h.again(r, in.ID, p)
}

// orderModel puts a view into the words of its reader.
func orderModel(r *web.Request, v View, form ui.Form) page.Order {
	to := audience(r, v)
	b := brief(r, v, to)
	o := page.Order{
		Title: v.Title, Number: v.Number, State: b.State, Word: b.Word, Late: b.Late, Steps: b.Steps, Words: v.Text,
		Notices: v.Notices, Helpers: helpers(r, v), Facts: factsOf(r, v, to), Log: logOf(r, v),
		Visits: visitLines(r, v), Self: "/orders/" + v.ID,
	}
	if !v.ended() {
		o.Live = "/orders/" + v.ID + "/events"
	}
	if v.Risk != "" {
		o.Notices = append(o.Notices, v.Risk)
	}
	if v.mine != nil {
		o.Answer = answerModel(r, v, form)
	}
	if can(v, StepEvaluation) {
		o.Evaluate = evaluateModel(r, v, form)
	}
	if v.code != nil {
		code := codeModel(r, v.ID, *v.code)
		o.Code = &code
	}
	o.Said = said(r, v)
	if access.Of(r).Staff() {
		o.Offers = askedLines(r, v)
	}
	o.Buttons = buttons(r, v)
	return o
}

func can(v View, step string) bool {
	return slices.ContainsFunc(v.steps, func(s process.Step) bool { return s.Name == step })
}

func helpers(r *web.Request, v View) []page.Helper {
	var out []page.Helper
	for _, p := range v.People {
		if p.State == Active || p.State == Served {
			out = append(out, *helperOf(r, p))
		}
	}
	return out
}

func factsOf(r *web.Request, v View, to ui.Audience) []ui.Fact {
	whom := v.For.Name
	switch v.Acting {
	case ActingFamily:
		whom += r.T("（%s代点）", v.Requester.Name)
	case ActingStation:
		whom += r.T("（服务站%s代点）", v.Requester.Name)
	}
	where := v.Place.Name
	if v.Address != "" {
		where = v.Address
	}
	facts := []ui.Fact{
		{Term: r.T("做什么"), Text: v.Category.Name},
		{Term: r.T("给谁"), Text: whom},
		{Term: r.T("在哪"), Text: where},
		{Term: r.T("什么时候"), Text: whenText(r, v)},
	}
	if v.Phone != "" && to != ui.Resident {
		facts = append(facts, ui.Fact{Term: r.T("电话"), Detail: ui.CallButton(ui.Phone(v.Phone), v.Phone)})
	}
	if v.PeopleNeeded > 1 {
		facts = append(facts, ui.Fact{Term: r.T("要几人"), Text: r.T("%d 个，来了 %d 个", v.PeopleNeeded, v.Taken)})
	}
	if minutes := spentMinutes(v); minutes > 0 {
		facts = append(facts, ui.Fact{Term: r.T("用时"), Text: ui.Duration(r.Context(), int64(minutes))})
	}
	if v.Note != "" {
		facts = append(facts, ui.Fact{Term: r.T("备注"), Text: v.Note})
	}
	return facts
}

// logOf is the timeline, newest first, as it stands on the page.
func logOf(r *web.Request, v View) []ui.LogEntry {
	var out []ui.LogEntry
	for _, m := range slices.Backward(v.Timeline) {
		out = append(out, ui.LogEntry{Title: m.Text, When: ui.Moment(r.Context(), m.At)})
	}
	return out
}

func personName(v View, id string) string {
	for _, p := range v.People {
		if p.ID == id {
			return p.Name
		}
	}
	return ""
}

func answerModel(r *web.Request, v View, form ui.Form) *page.Answer {
	a := &page.Answer{
		Title: r.T("%s，去不去？", whenText(r, v)), By: r.T("请在 %s 前答复。", ui.Moment(r.Context(), v.mine.AnswerBy)),
		Accept: "/orders/" + v.ID + "/acceptance", Refuse: "/orders/" + v.ID + "/refusal", Reasons: RefusalReasons(), Form: form,
	}
	if at := v.mine.Planned; at != nil && v.Window != nil && at.To.Sub(at.From) < v.Window.To.Sub(v.Window.From) {
		a.Wide = r.T("单子上说 %s 都行，站里给您排在这个时候。", windowText(r, v, *v.Window))
	}
	if v.mine.To.Kind == KindTeam {
		a.Title = r.T("%s，%s去不去？", whenText(r, v), v.mine.Name)
		for _, m := range v.members {
			a.Members = append(a.Members, ui.Option{Value: m.ID, Text: m.Name})
		}
	}
	return a
}

func evaluateModel(r *web.Request, v View, form ui.Form) *page.Evaluate {
	e := &page.Evaluate{Action: "/orders/" + v.ID + "/evaluation", Form: form, Legend: r.T("您觉得怎么样？")}
	for _, text := range []string{"准时", "手艺好", "有耐心", "收拾得干净", "说话和气"} {
		e.Reasons = append(e.Reasons, ui.Option{Value: text, Text: r.T(text)})
	}
	switch audience(r, v) {
	case ui.Resident:
		e.Solved, e.Call = true, true
	case ui.Station:
		e.ByPhone, e.Solved = true, true
		e.Legend = r.T("办得怎么样？")
	case ui.Volunteer:
		e.Legend, e.Reasons = r.T("这一单顺不顺？"), nil
	}
	return e
}

// said lists the three sides with their words, and those that have not spoken.
func said(r *web.Request, v View) []page.Said {
	if !slices.Contains([]process.State{Finished, Evaluated, Returned}, v.State) || len(v.Visits)+len(v.Evaluations) == 0 {
		return nil
	}
	var out []page.Said
	for _, e := range v.Evaluations {
		words := append([]string{faceWords(r, e.Satisfaction)}, translated(r, e.Reasons)...)
		if e.Words != "" {
			words = append(words, e.Words)
		}
		line := page.Said{Name: e.Name, Role: sideWords(r, e.Side), Text: strings.Join(words, r.T("，")), Chip: r.T("评完了"), State: ui.Done}
		if e.ByPhone {
			line.Role += r.T("，电话里说的")
		}
		if e.Solved != nil && !*e.Solved {
			line.Chip, line.State = r.T("没办成"), ui.Late
		}
		out = append(out, line)
	}
	for _, side := range Sides() {
		if !slices.ContainsFunc(v.Evaluations, func(e EvaluationOut) bool { return e.Side == side }) && v.State == Finished {
			out = append(out, page.Said{Name: sideWords(r, side), Chip: r.T("还没评"), State: ui.Off})
		}
	}
	return out
}

func translated(r *web.Request, list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = r.T(s)
	}
	return out
}

func faceWords(r *web.Request, s Satisfaction) string {
	switch s {
	case Satisfied:
		return r.T("很满意")
	case Fair:
		return r.T("还可以")
	}
	return r.T("没办好")
}

func sideWords(r *web.Request, s Side) string {
	switch s {
	case SideResident:
		return r.T("居民")
	case SideVolunteer:
		return r.T("志愿者")
	}
	return r.T("服务站")
}

func askedLines(r *web.Request, v View) []page.Asked {
	var out []page.Asked
	for _, f := range v.Offers {
		line := page.Asked{Name: f.Name, Text: r.T("第 %d 轮，%s", f.Wave, ui.Moment(r.Context(), f.SentAt))}
		if f.Planned != nil {
			line.Text += r.T("，") + r.T("排的 %s", windowText(r, v, *f.Planned))
		}
		switch f.State {
		case OfferOpen:
			line.State, line.Kind = r.T("等答复，到 %s", ui.Moment(r.Context(), f.AnswerBy)), ui.Sent
		case OfferAccepted:
			line.State, line.Kind = r.T("接了"), ui.Done
		case OfferRefused:
			line.State, line.Kind = r.T("这次不行"), ui.Off
			line.Text += r.T("，") + r.T(f.Reason)
		case OfferLapsed:
			line.State, line.Kind = r.T("没答复"), ui.Off
		case OfferFilled:
			line.State, line.Kind = r.T("人够了"), ui.Off
		case OfferWithdrawn:
			line.State, line.Kind = r.T("不用了"), ui.Off
		}
		out = append(out, line)
	}
	return out
}

// buttons are the steps that need no form of their own on this page.
func buttons(r *web.Request, v View) []page.Button {
	at := "/orders/" + v.ID
	var out []page.Button
	for _, s := range v.steps {
		b := page.Button{Label: r.T(s.Label), Action: at + "/" + s.Name}
		switch s.Name {
		case StepVerification:
			b.Primary = v.NeedsCheck
		case StepTaking:
			b.Action, b.Primary = at+"/acceptance", true
		case StepCheckIn:
			b.Action, b.Href, b.Primary, b.Icon = "", at+"/presence", true, ui.GlyphQr
		case StepCheckOut:
			b.Action, b.Href, b.Primary, b.Icon = "", at+"/presence", true, ui.GlyphCheck
		case StepOffers:
			b.Action, b.Href, b.Primary = "", "/board?pick="+v.ID+"#pick", true
		case StepCompletion, StepStandby, StepConfirmation:
		case StepCancellation:
			b.Action, b.Href, b.Dialog = "", at+"/cancel", true
		case StepWithdrawal:
			b.Action, b.Href, b.Dialog = "", at+"/withdraw", true
		case StepReturn:
			b.Action, b.Href = "", at+"/return"
		default:
			continue
		}
		out = append(out, b)
	}
	return oneAmber(out)
}

// oneAmber keeps a single primary button, and puts it first: one page, one main
// thing.
func oneAmber(list []page.Button) []page.Button {
	slices.SortStableFunc(list, func(a, b page.Button) int {
		switch {
		case a.Primary == b.Primary:
			return 0
		case a.Primary:
			return -1
		}
		return 1
	})
	seen := false
	for i := range list {
		list[i].Primary = list[i].Primary && !seen
		seen = seen || list[i].Primary
	}
	return list
}

// back leads from a step to its order, with a sentence.
func (h *Handlers) back(note string) func(*web.Request, View) web.Answer {
	return func(r *web.Request, v View) web.Answer { return web.SeeWithNote("/orders/"+v.ID, r.T(note)) }
}

// gone leads a volunteer who will not come to the list.
func (h *Handlers) gone(note string) func(*web.Request, View) web.Answer {
	return func(r *web.Request, _ View) web.Answer { return web.SeeWithNote("/nearby", r.T(note)) }
}

func (h *Handlers) cancelPage(r *web.Request, v View) web.Answer {
	return web.HTML(page.SurePage(ui.ConfirmData{
		Action: "/orders/" + v.ID + "/cancellation", Title: r.T("不要“%s”这一单了？", v.Title), Text: r.T("答应来的邻居会收到消息，不会白跑。"),
		Verb: r.T("不要了"), Danger: true, Back: ui.Link{Text: r.T("还是要"), Href: "/orders/" + v.ID},
	}, ui.Field{Name: "reason", Label: r.T("为什么（可以不写）"), Rows: 2}, ui.Form{}))
}

func (h *Handlers) withdrawPage(r *web.Request, v View) web.Answer {
	return web.HTML(page.SurePage(ui.ConfirmData{
		Action: "/orders/" + v.ID + "/withdrawal", Title: r.T("“%s”您去不了了？", v.Title), Text: r.T("没关系，早说早换人。"),
		Verb: r.T("我去不了了"), Danger: true, Back: ui.Link{Text: r.T("还是去"), Href: "/orders/" + v.ID},
	}, ui.Field{Name: "reason", Label: r.T("为什么"), Rows: 2}, ui.Form{}))
}

func (h *Handlers) returnPage(r *web.Request, v View) web.Answer {
	return web.HTML(page.SurePage(returnConfirm(r, v), returnField(r), ui.Form{}))
}

func (h *Handlers) returnAgain(r *web.Request, in reasonInput, p *web.Problem) web.Answer {
	v, err := h.orders.Show(r.Context(), access.Of(r), in.ID)
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.SurePage(returnConfirm(r, v), returnField(r), ui.Refused(r, p)))
}

func returnConfirm(r *web.Request, v View) ui.ConfirmData {
	return ui.ConfirmData{
		Action: "/orders/" + v.ID + "/return", Title: r.T("把“%s”退回服务站？", v.Title), Text: r.T("服务站会重新找人。"),
		Verb: r.T("退回服务站"), Danger: true, Back: ui.Link{Text: r.T("先不退"), Href: "/orders/" + v.ID},
	}
}

func returnField(r *web.Request) ui.Field {
	return ui.Field{Name: "reason", Label: r.T("为什么退回"), Rows: 2, Required: true}
}

// orderEvents tells the page of one order that it has moved on.
func (h *Handlers) orderEvents(_ *web.Request, v View) web.Answer {
	return web.Events(func(ctx context.Context, s *web.Stream) error {
		return h.follow(ctx, v.district, s, "order")
	})
}
