package order

import (
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/process"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Handlers answers requests about orders: each route is one service call.
type Handlers struct {
	orders  *Service
	hub     *event.Hub
	planned []PlanSection
}

// PlanSection is what package dispatch adds to the board of a community: the first
// stands above the columns, all others below.
type PlanSection func(r *web.Request, community string) (web.Component, error)

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service, hub *event.Hub, planned ...PlanSection) *Handlers {
	return &Handlers{orders: s, hub: hub, planned: planned}
}

const tag = "服务单"

// Routes lists what can be asked of orders. A step is a resource below its order.
func (h *Handlers) Routes() []web.Route {
	return append(append(h.pages(), h.calls()...),
		web.Route{Name: "order.request", Method: "POST", Page: "/orders", API: "/api/v1/orders", Status: 201, MaxBody: 13 << 20, BodyTime: time.Minute, Permission: string(access.OrderRequest),
			Summary: "点单：一句话说要帮什么", Tag: tag, Handle: web.Action(h.request).Page(h.requested).Form(h.requestAgain)},
		web.Route{Name: "order.list", Method: "GET", API: "/api/v1/orders", Permission: string(access.SignedIn),
			Summary: "单子：站里看全部，居民和志愿者看自己的", Tag: tag, Handle: web.Action(h.list)},
		web.Route{Name: "order.show", Method: "GET", Page: "/orders/{id}", API: "/api/v1/orders/{id}", Permission: string(access.SignedIn),
			Summary: "一张单子", Tag: tag, Handle: web.Action(h.show).Page(h.showPage)},
		web.Route{Name: "order.verify", Method: "POST", Page: "/orders/{id}/verification", API: "/api/v1/orders/{id}/verification", Permission: string(access.OrderVerify),
			Summary: "核实：站里确认这件事是真的、能办", Tag: tag, Handle: web.Action(h.verify).Page(h.back("核实好了，可以派单了。"))},
		web.Route{Name: "order.candidates", Method: "GET", API: "/api/v1/orders/{id}/candidates", Permission: string(access.OrderDispatch),
			Summary: "谁合适，为什么；没列进来的为什么没有", Tag: tag, Handle: web.Action(h.candidates)},
		web.Route{Name: "order.offer", Method: "POST", Page: "/orders/{id}/offers", API: "/api/v1/orders/{id}/offers", Permission: string(access.OrderDispatch),
			Summary: "派单：问一个人、一支队伍，或者一次问几个", Tag: tag, Handle: web.Action(h.offer).Page(h.offered)},
		web.Route{Name: "order.accept", Method: "POST", Page: "/orders/{id}/acceptance", API: "/api/v1/orders/{id}/acceptance", Permission: string(access.SignedIn),
			Summary: "接单：答应下来，或者自己来接一张没人接的单", Tag: tag, Handle: web.Action(h.accept).Page(h.back("接下了，谢谢您！电话和门牌在下面。"))},
		web.Route{Name: "order.refuse", Method: "POST", Page: "/orders/{id}/refusal", API: "/api/v1/orders/{id}/refusal", Permission: string(access.OrderAnswer),
			Summary: "这次不行：说一下为什么", Tag: tag, Handle: web.Action(h.refuse).Page(h.gone("知道了，我们接着找人。")).Form(h.refuseAgain)},
		web.Route{Name: "order.standby", Method: "POST", Page: "/orders/{id}/standby", API: "/api/v1/orders/{id}/standby", Permission: string(access.OrderTake),
			Summary: "候补：别人去不了时先问您", Tag: tag, Handle: web.Action(h.standBy).Page(h.back("记下了，需要时先问您。"))},
		web.Route{Name: "order.withdraw", Method: "POST", Page: "/orders/{id}/withdrawal", API: "/api/v1/orders/{id}/withdrawal", Permission: string(access.OrderVisit),
			Summary: "接了单去不了", Tag: tag, Handle: web.Action(h.withdraw).Page(h.gone("知道了，我们换人去。"))},
		web.Route{Name: "order.checkin", Method: "POST", Page: "/orders/{id}/check-in", API: "/api/v1/orders/{id}/check-in", Permission: string(access.OrderVisit),
			Summary: "签到：到了门口，码和位置有一样就行", Tag: tag, Handle: web.Action(h.checkIn).Page(h.arrived).Form(h.presenceAgain)},
		web.Route{Name: "order.checkout", Method: "POST", Page: "/orders/{id}/check-out", API: "/api/v1/orders/{id}/check-out", Permission: string(access.OrderVisit),
			Summary: "签退：办完走的时候", Tag: tag, Handle: web.Action(h.checkOut).Page(h.left).Form(h.presenceAgain)},
		web.Route{Name: "order.code", Method: "GET", API: "/api/v1/orders/{id}/code", Permission: string(access.OrderCode),
			Summary: "给志愿者看的码，30 秒换一次", Tag: tag, Handle: web.Action(h.code)},
		web.Route{Name: "order.confirm", Method: "POST", Page: "/orders/{id}/confirmation", API: "/api/v1/orders/{id}/confirmation", Permission: string(access.OrderCode),
			Summary: "主人确认志愿者来过", Tag: tag, Handle: web.Action(h.confirm).Page(h.back("谢谢，记下了。"))},
		web.Route{Name: "order.settle", Method: "POST", Page: "/orders/{id}/settlement", API: "/api/v1/orders/{id}/settlement", Permission: string(access.OrderConfirm),
			Summary: "忘了签退：队长或站里定时间", Tag: tag, Handle: web.Action(h.settle).Page(h.settled)},
		web.Route{Name: "order.complete", Method: "POST", Page: "/orders/{id}/completion", API: "/api/v1/orders/{id}/completion", Permission: string(access.OrderComplete),
			Summary: "办好了", Tag: tag, Handle: web.Action(h.complete).Page(h.back("辛苦了！请大家评一评。"))},
		web.Route{Name: "order.evaluate", Method: "POST", Page: "/orders/{id}/evaluation", API: "/api/v1/orders/{id}/evaluation", Permission: string(access.OrderEvaluate),
			Summary: "评单：居民、志愿者、服务站各评一次", Tag: tag, Handle: web.Action(h.evaluate).Page(h.back("谢谢您的话，记下了。")).Form(h.evaluateAgain)},
		web.Route{Name: "order.return", Method: "POST", Page: "/orders/{id}/return", API: "/api/v1/orders/{id}/return", Permission: string(access.OrderReturn),
			Summary: "退回服务站，重新找人", Tag: tag, Handle: web.Action(h.giveBack).Page(h.back("退回站里了。")).Form(h.returnAgain)},
		web.Route{Name: "order.cancel", Method: "POST", Page: "/orders/{id}/cancellation", API: "/api/v1/orders/{id}/cancellation", Permission: string(access.OrderCancel),
			Summary: "不要了", Tag: tag, Handle: web.Action(h.cancel).Page(h.back("取消了。需要的时候再点。"))},
		web.Route{Name: "offer.mine", Method: "GET", API: "/api/v1/me/offers", Permission: string(access.SignedIn),
			Summary: "问我的单：等我答复的和答复过的", Tag: tag, Handle: web.Action(h.myOffers)},
		web.Route{Name: "order.nearby", Method: "GET", API: "/api/v1/me/nearby", Permission: string(access.SignedIn),
			Summary: "附近等人接的单", Tag: tag, Handle: web.Action(h.nearby)},
	)
}

// byID is the order that a route names.
type byID struct {
	ID string `path:"id"`
}

func (h *Handlers) request(r *web.Request, in requestInput) (View, error) {
	return h.orders.Request(r.Context(), access.Of(r), in.asked(), photosOf(in.Photos)...)
}

type listInput struct {
	State     []process.State `json:"state" label:"状态" doc:"可以写几个 one or several states"`
	Place     string          `json:"place" label:"地方" doc:"街道、社区或以下 place id"`
	Escalated bool            `json:"escalated" label:"报到街道的" doc:"只看超过期限还没办、报到街道的 only those that were reported to the street"`
	Mine      bool            `json:"mine" label:"只看自己的" doc:"只有自己的"`
	web.Paging
}

func (h *Handlers) list(r *web.Request, in listInput) (web.List[View], error) {
	f, err := in.filter(20)
	if err != nil {
		return web.List[View]{}, err
	}
	items, next, err := h.orders.List(r.Context(), access.Of(r), f)
	if err != nil || next == nil {
		return web.List[View]{Items: items}, err
	}
	return web.List[View]{Items: items, Next: web.EncodeCursor(*next)}, nil
}

func (in listInput) filter(usual int) (f Filter, err error) {
	in.State = slices.DeleteFunc(in.State, func(s process.State) bool { return s == "" }) // "all" of the form
	for _, s := range in.State {
		if Process.Label(s) == string(s) {
			return f, fault.Invalid("state", "没有“%s”这种状态。", string(s))
		}
	}
	f = Filter{States: in.State, Place: in.Place, Street: in.Escalated, Mine: in.Mine, Limit: in.Size(usual)}
	f.After, _, err = web.DecodeCursor[Cursor](in.Cursor)
	return f, err
}

func (h *Handlers) show(r *web.Request, in byID) (View, error) {
	return h.orders.Show(r.Context(), access.Of(r), in.ID)
}

// showFor is an order for the form of a step that who reads may take now.
func (h *Handlers) showFor(step string) func(*web.Request, byID) (View, error) {
	return func(r *web.Request, in byID) (View, error) {
		return h.orders.ShowFor(r.Context(), access.Of(r), in.ID, step)
	}
}

type verifyInput struct {
	ID string `path:"id"`
	Verification
}

func (h *Handlers) verify(r *web.Request, in verifyInput) (View, error) {
	return h.orders.Verify(r.Context(), access.Of(r), in.ID, in.Verification)
}

type candidatesInput struct {
	ID    string `path:"id"`
	Limit int    `json:"limit" label:"几个" minimum:"1" maximum:"50" doc:"几个，10 个起 how many, 10 when absent"`
}

func (h *Handlers) candidates(r *web.Request, in candidatesInput) (Candidates, error) {
	if in.Limit == 0 {
		in.Limit = 10
	}
	return h.orders.Candidates(r.Context(), access.Of(r), in.ID, in.Limit)
}

func (h *Handlers) offer(r *web.Request, in offerInput) (View, error) {
	a, err := in.asking()
	if err != nil {
		return View{}, err
	}
	return h.orders.Offer(r.Context(), access.Of(r), in.ID, a)
}

type acceptInput struct {
	ID string `path:"id"`
	Acceptance
}

func (h *Handlers) accept(r *web.Request, in acceptInput) (View, error) {
	return h.orders.Accept(r.Context(), access.Of(r), in.ID, in.Acceptance)
}

type reasonInput struct {
	ID string `path:"id"`
	Refusal
}

func (h *Handlers) refuse(r *web.Request, in reasonInput) (View, error) {
	return h.orders.Refuse(r.Context(), access.Of(r), in.ID, in.Refusal)
}

func (h *Handlers) standBy(r *web.Request, in byID) (View, error) {
	return h.orders.StandBy(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) withdraw(r *web.Request, in reasonInput) (View, error) {
	return h.orders.Withdraw(r.Context(), access.Of(r), in.ID, in.Refusal)
}

func (h *Handlers) giveBack(r *web.Request, in reasonInput) (View, error) {
	return h.orders.Return(r.Context(), access.Of(r), in.ID, in.Refusal)
}

func (h *Handlers) confirm(r *web.Request, in byID) (View, error) {
	return h.orders.Confirm(r.Context(), access.Of(r), in.ID)
}

type completeInput struct {
	ID string `path:"id"`
	Completion
}

func (h *Handlers) complete(r *web.Request, in completeInput) (View, error) {
	return h.orders.Complete(r.Context(), access.Of(r), in.ID, in.Completion)
}

type evaluateInput struct {
	ID string `path:"id"`
	Opinion
}

func (h *Handlers) evaluate(r *web.Request, in evaluateInput) (View, error) {
	return h.orders.Evaluate(r.Context(), access.Of(r), in.ID, in.Opinion)
}

type cancelInput struct {
	ID string `path:"id"`
	Cancellation
}

func (h *Handlers) cancel(r *web.Request, in cancelInput) (View, error) {
	return h.orders.Cancel(r.Context(), access.Of(r), in.ID, in.Cancellation)
}

func (h *Handlers) myOffers(r *web.Request, _ struct{}) (web.List[AskedView], error) {
	items, err := h.orders.Asked(r.Context(), access.Of(r), 50)
	return web.List[AskedView]{Items: items}, err
}

func (h *Handlers) nearby(r *web.Request, _ struct{}) (web.List[NearView], error) {
	items, err := h.orders.Nearby(r.Context(), access.Of(r))
	return web.List[NearView]{Items: items}, err
}
