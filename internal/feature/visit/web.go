package visit

import (
	"linli/internal/core/access"
	"linli/internal/feature/visit/page"
	"linli/internal/kit/web"
)

// Handlers answers requests about codes on paper. Checking in and out, and the code
// that an order shows, are steps and pages of the order.
type Handlers struct{ visits *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{s} }

// Routes lists what can be asked.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Name: "visit.codes", Method: "POST", Page: "/persons/{id}/codes", Permission: string(access.OrderVerify), Handle: web.Action(h.printCodes).Page(h.codesPage)},
	}
}

type byID struct {
	ID string `path:"id"`
}

func (h *Handlers) printCodes(r *web.Request, in byID) (Sheet, error) {
	return h.visits.PrintCodes(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) codesPage(_ *web.Request, s Sheet) web.Answer {
	return web.HTML(page.CodesPage(s.Name, s.Codes))
}
