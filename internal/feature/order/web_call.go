package order

import (
	"linli/internal/core/access"
	"linli/internal/core/ui"
	"linli/internal/feature/order/page"
	"linli/internal/kit/web"
)

// calls lists the routes of the telephone calls that a station owes.
func (h *Handlers) calls() []web.Route {
	const one = "/orders/{id}/calls/{call}"
	verify := string(access.OrderVerify)
	return []web.Route{
		{Name: "call.list", Method: "GET", API: "/api/v1/calls", Permission: string(access.OrderDispatch),
			Summary: "站里要打的电话，号码打了星号", Tag: tag, Handle: web.Action(h.owed)},
		{Name: "call.show", Method: "GET", Page: one, API: "/api/v1" + one, Permission: verify,
			Summary: "去打这个电话：看号码，本人看得到是谁看的", Tag: tag, Handle: web.Action(h.call).Page(h.callPage)},
		{Name: "call.made", Method: "POST", Page: one, API: "/api/v1" + one, Permission: verify,
			Summary: "电话打过了", Tag: tag, Handle: web.Action(h.called).Page(h.calledPage)},
	}
}

type callsInput struct {
	Place string `json:"place" label:"社区" doc:"社区 community; the first of one's own when absent"`
	web.Paging
}

func (h *Handlers) owed(r *web.Request, in callsInput) (web.List[CallView], error) {
	after, _, err := web.DecodeCursor[Cursor](in.Cursor)
	if err != nil {
		return web.List[CallView]{}, err
	}
	items, next, err := h.orders.Calls(r.Context(), access.Of(r), in.Place, after, in.Size(20))
	if err != nil || next == nil {
		return web.List[CallView]{Items: items}, err
	}
	return web.List[CallView]{Items: items, Next: web.EncodeCursor(*next)}, nil
}

type callInput struct {
	ID   string `path:"id"`
	Call string `path:"call"`
}

func (h *Handlers) call(r *web.Request, in callInput) (CallView, error) {
	return h.orders.Call(r.Context(), access.Of(r), in.ID, in.Call)
}

func (h *Handlers) callPage(r *web.Request, c CallView) web.Answer {
	return web.HTML(page.CallPage(page.Call{
		Name: c.Name, Why: callWords(r, c.Why), Href: "/orders/" + c.Order, Phone: ui.Phone(c.Phone), Make: callPath(c),
	}))
}

func callPath(c CallView) string { return "/orders/" + c.Order + "/calls/" + c.ID }

// callWords says why the station owes a call.
func callWords(r *web.Request, why string) string {
	switch why {
	case callComing:
		return r.T("有人接了，告诉他谁来、几点来")
	case callEvaluate:
		return r.T("办完了，问问怎么样")
	case callUnsolved:
		return r.T("没办成，问问差在哪")
	}
	return r.T("超时了，说一声还在找人")
}

func (h *Handlers) called(r *web.Request, in callInput) (View, error) {
	return h.orders.Called(r.Context(), access.Of(r), in.ID, in.Call)
}

func (h *Handlers) calledPage(r *web.Request, _ View) web.Answer {
	return web.SeeWithNote("/board", r.T("记下了，打过了。"))
}
