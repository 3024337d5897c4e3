package order

import (
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/process"
	"linli/internal/core/ui"
	"linli/internal/feature/visit"
	visitpage "linli/internal/feature/visit/page"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// visiting is an order for whoever serves, or has served, at it.
func (h *Handlers) visiting(r *web.Request, in byID) (View, error) {
	v, err := h.show(r, in)
	me := access.Of(r).Person
	visit.KeepDevice(r)
	if err == nil && !slices.ContainsFunc(v.People, func(p PersonView) bool { return p.ID == me && (p.State == Active || p.State == Served) }) {
		err = fault.Forbidden("这一单不是您去，用不着签到。")
	}
	return v, err
}

// presenceInput is a check-in as JSON (position) or as a form (lat, lng).
type presenceInput struct {
	ID string `path:"id"`
	Presence
	Lat      *float64 `json:"lat" doc:"只有网页的表单用"`
	Lng      *float64 `json:"lng" doc:"只有网页的表单用"`
	Accuracy *float64 `json:"accuracy" doc:"只有网页的表单用：米"`
	Queued   bool     `json:"queued" doc:"只有网页的表单用：当时手机没有网"`
}

// presence folds the form's fields in. A form always carries the phone's time; it
// only counts as a claim when the check-in had to wait for a network.
func (in presenceInput) presence(api bool) Presence {
	p := in.Presence
	if !api && !in.Queued {
		p.At = none
	}
	if p.Position == nil && in.Lat != nil && in.Lng != nil {
		p.Position = &Position{*in.Lat, *in.Lng}
	}
	return p
}

func (h *Handlers) checkIn(r *web.Request, in presenceInput) (VisitView, error) {
	in.Device = visit.DeviceOf(r)
	return h.orders.CheckIn(r.Context(), access.Of(r), in.ID, in.presence(r.API()))
}

func (h *Handlers) checkOut(r *web.Request, in presenceInput) (VisitView, error) {
	return h.orders.CheckOut(r.Context(), access.Of(r), in.ID, in.presence(r.API()))
}

func (h *Handlers) code(r *web.Request, in byID) (Code, error) {
	return h.orders.HostCode(r.Context(), access.Of(r), in.ID)
}

type settleInput struct {
	ID string `path:"id"`
	Settlement
}

func (h *Handlers) settle(r *web.Request, in settleInput) (VisitView, error) {
	return h.orders.Settle(r.Context(), access.Of(r), in.ID, in.Settlement)
}

type codeData struct {
	ID string
	Code
}

func (h *Handlers) codeOf(r *web.Request, in byID) (codeData, error) {
	c, err := h.orders.HostCode(r.Context(), access.Of(r), in.ID)
	return codeData{in.ID, c}, err
}

// codeCard is the code by itself: fetched every half minute into the order's page,
// and a page of its own without script.
func (h *Handlers) codeCard(r *web.Request, d codeData) web.Answer {
	c := codeModel(r, d.ID, d.Code)
	if r.Partial() {
		return web.HTML(visitpage.CodeCard(c))
	}
	return web.HTML(visitpage.CodePage(c))
}

func codeModel(r *web.Request, id string, c Code) visitpage.Code {
	return visitpage.Code{Digits: c.Code, Left: r.T("半分钟换一次，报给他听就行。"), Self: "/orders/" + id + "/code", Seconds: max(c.Seconds, 1)}
}

// door leads the tab 签到 to the order that comes next.
func (h *Handlers) door(r *web.Request, _ struct{}) ([]View, error) {
	items, _, err := h.orders.List(r.Context(), access.Of(r), Filter{Mine: true, States: []process.State{Dispatched, Accepted, Serving}, Limit: 20})
	return items, err
}

func (h *Handlers) doorPage(r *web.Request, items []View) web.Answer {
	next := nextVisit(items, access.Of(r).Person)
	if next == nil {
		return web.SeeWithNote("/nearby", r.T("您现在没有要签到的单。"))
	}
	return web.See("/orders/" + next.ID + "/presence")
}

// nextVisit is the order at which the volunteer is, else the one that begins next.
func nextVisit(items []View, who string) *View {
	var next *View
	for i, v := range items {
		if !slices.ContainsFunc(v.People, func(p PersonView) bool { return p.ID == who && p.State == Active }) {
			continue
		}
		if slices.ContainsFunc(v.Visits, func(x VisitView) bool { return x.Volunteer == who && x.State == visit.Open }) {
			return &items[i]
		}
		if next == nil || startOf(v).Before(startOf(*next)) {
			next = &items[i]
		}
	}
	return next
}

func startOf(v View) time.Time {
	if v.Window == nil {
		return v.CreatedAt
	}
	return v.Window.From
}

func (h *Handlers) presencePage(r *web.Request, v View) web.Answer {
	return web.HTML(visitpage.PresencePage(presenceModel(r, v, ui.Form{})))
}

func (h *Handlers) presenceAgain(r *web.Request, in presenceInput, p *web.Problem) web.Answer {
	v, err := h.orders.Show(r.Context(), access.Of(r), in.ID)
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(visitpage.PresencePage(presenceModel(r, v, ui.Refused(r, p))))
}

func presenceModel(r *web.Request, v View, form ui.Form) visitpage.Presence {
	who := access.Of(r).Person
	at := "/orders/" + v.ID
	p := visitpage.Presence{
		Self: at + "/presence", Title: v.Title, Question: r.T("到门口了吗？"), In: true, State: ui.Taken, Word: r.T("还没签到"), Host: v.For.Name,
		Where: r.T("%s，%s", v.For.Name, firstOf(v.Address, v.Place.Name)), Action: at + "/check-in", Verb: r.T("到了，签到"), Form: form,
		Phone: ui.Phone(v.Phone), Back: ui.Link{Text: v.Title, Href: at},
	}
	if v.Risk != "" {
		p.Notes = append(p.Notes, v.Risk)
	}
	p.Notes = append(p.Notes, v.Notices...)
	for _, x := range v.Visits {
		if x.Volunteer == who && x.State == visit.Open {
			p.Question, p.In, p.State, p.Word = r.T("办完了吗？"), false, ui.Doing, r.T("正在办")
			p.Action, p.Verb = at+"/check-out", r.T("办完，签退")
			p.Since = r.T("%s 签到", ui.Clock(r.Context(), x.InAt))
		}
		if x.Volunteer == who && x.State == visit.Done && can(v, StepCompletion) {
			p.Done = at + "/completion"
		}
	}
	if p.Done != "" && p.In {
		p.Question, p.State, p.Word = r.T("都办好了？"), ui.Doing, r.T("签退了")
	}
	return p
}

func (h *Handlers) arrived(r *web.Request, v VisitView) web.Answer {
	return web.SeeWithNote("/orders/"+r.PathValue("id")+"/presence", r.T("签到了，%s。办完别忘了签退。", gradeWords(r, v)))
}

func (h *Handlers) left(r *web.Request, v VisitView) web.Answer {
	return web.SeeWithNote("/orders/"+r.PathValue("id")+"/presence", r.T("签退了，用了 %s。都办好了就点“办好了”。", ui.Duration(r.Context(), int64(v.Minutes))))
}

func (h *Handlers) settled(r *web.Request, v VisitView) web.Answer {
	return web.SeeWithNote("/orders/"+r.PathValue("id"), r.T("记好了，%s。", ui.Duration(r.Context(), int64(v.Minutes))))
}

func visitLines(r *web.Request, v View) []visitpage.Visit {
	var out []visitpage.Visit
	for _, x := range v.Visits {
		line := visitpage.Visit{ID: x.ID, Who: personName(v, x.Volunteer), Minutes: x.Minutes, Grade: gradeWords(r, x)}
		switch {
		case x.OutAt == nil:
			line.Text = r.T("%s 签到，还没签退", ui.Moment(r.Context(), x.InAt))
		default:
			line.Text = r.T("%s 到 %s，%s", ui.Moment(r.Context(), x.InAt), ui.Clock(r.Context(), *x.OutAt), ui.Duration(r.Context(), int64(x.Minutes)))
		}
		if x.SentLater {
			line.Text += r.T("（没网时签的，后来送到）")
		}
		if x.State == visit.Proposed && v.mayConfirm && x.Volunteer != access.Of(r).Person {
			line.Settle = "/orders/" + v.ID + "/settlement"
		}
		out = append(out, line)
	}
	return out
}

func spentMinutes(v View) int {
	sum := 0
	for _, x := range v.Visits {
		if x.State == visit.Done {
			sum += x.Minutes
		}
	}
	return sum
}

// gradeWords says what proves a visit.
func gradeWords(r *web.Request, x VisitView) string {
	switch {
	case x.Grade == visit.GradeA:
		return r.T("A 级：码和位置都对")
	case x.ByCode:
		return r.T("B 级：码对")
	case x.ByPosition:
		return r.T("B 级：位置对")
	case x.Confirmed:
		return r.T("C 级：主人说他来过")
	}
	return r.T("C 级：等主人说一声")
}
