package closing

import (
	"net/url"

	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/feature/audit"
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
			Summary: "月结：疑点、公示和异议、补录、快到期限的、抽查、星级、证明，一页办完", Tag: "监督", Handle: web.Action(h.show).Page(h.showPage)},
		{Name: "closing.step", Method: "POST", Page: "/places/{id}/closing", Permission: string(access.ClosingRead),
			Handle: web.Action(h.step).Page(h.done).Form(h.again)},
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

// stepInput is one thing done on the page.
type stepInput struct {
	input
	Kind    Kind   `json:"kind" required:"true"`
	Item    string `json:"item" required:"true" maxLength:"80"`
	Outcome string `json:"outcome" label:"怎么办" required:"true" maxLength:"40"`
	Answer  string `json:"answer" label:"看到了什么、怎么答复" maxLength:"500"`
	Minutes int    `json:"minutes" label:"其实几分钟" minimum:"0" maximum:"1440"`
}

func (h *Handlers) step(r *web.Request, in stepInput) (stepInput, error) {
	return in, h.closing.Do(r.Context(), access.Of(r), Step{in.Kind, in.Item, in.Outcome, in.Answer, in.Minutes})
}

func (h *Handlers) done(r *web.Request, in stepInput) web.Answer {
	return web.SeeWithNote(href(in.ID, string(in.Month))+"#"+in.Kind.part(), r.T("办好了。"))
}

// again shows the page with what was typed, and what is wrong with it, where it was
// typed.
func (h *Handlers) again(r *web.Request, in stepInput, p *web.Problem) web.Answer {
	v, err := h.show(r, in.input)
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(ui.PaperPage(paper(r, v, ui.Refused(r, p).Under(key(in.Kind, in.Item)))))
}

func (h *Handlers) showPage(r *web.Request, v View) web.Answer {
	return web.HTML(ui.PaperPage(paper(r, v, ui.Form{})))
}

// href is where the closing of a place is.
func href(place, month string) string {
	return "/places/" + place + "/closing?month=" + url.QueryEscape(month)
}
