package dispatch

import (
	"net/url"

	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/feature/dispatch/page"
	"linli/internal/feature/order"
	"linli/internal/kit/web"
)

// Handlers answers requests about drafts: each route is one service call.
type Handlers struct{ plans *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{plans: s} }

const tag = "一键排单"

// Routes lists what can be asked of drafts and of recruitments.
func (h *Handlers) Routes() []web.Route {
	plan, recruit := string(access.PlanMake), string(access.RecruitWrite)
	return []web.Route{
		{Name: "plan.list", Method: "GET", Page: "/plans", API: "/api/v1/plans", Permission: plan,
			Summary: "一个社区或街道排过的单", Tag: tag, Handle: web.Action(h.list).Page(h.startPage)},
		{Name: "plan.make", Method: "POST", Page: "/plans", API: "/api/v1/plans", Permission: plan, Status: 201,
			Summary: "一键排单：把等着的单一起排，先看看，不发出去", Tag: tag, Handle: web.Action(h.make).Page(h.made).Form(makeAgain)},
		{Name: "plan.show", Method: "GET", Page: "/plans/{id}", API: "/api/v1/plans/{id}", Permission: plan,
			Summary: "一次排单：派给谁、为什么、谁没排上、缺什么人", Tag: tag, Handle: web.Action(h.show).Page(h.showPage)},
		{Name: "plan.pin", Method: "POST", Page: "/plans/{id}/pins", API: "/api/v1/plans/{id}/pins", Permission: plan,
			Summary: "保留：这一单就派这位，别的跟着重排", Tag: tag, Handle: web.Action(h.choose(Pin)).Page(h.chosen("保留了，别的跟着重排了。")).Form(pairAgain)},
		{Name: "plan.ban", Method: "POST", Page: "/plans/{id}/bans", API: "/api/v1/plans/{id}/bans", Permission: plan,
			Summary: "不派这位：这一单换别人，别的跟着重排", Tag: tag, Handle: web.Action(h.choose(Ban)).Page(h.chosen("不派这位了，别的跟着重排了。")).Form(pairAgain)},
		{Name: "plan.release", Method: "POST", Page: "/plans/{id}/releases", API: "/api/v1/plans/{id}/releases", Permission: plan,
			Summary: "放开：保留的、不派的都不算数，重排", Tag: tag, Handle: web.Action(h.choose(Release)).Page(h.chosen("放开了，重排了。")).Form(pairAgain)},
		{Name: "plan.confirm", Method: "POST", Page: "/plans/{id}/confirmation", API: "/api/v1/plans/{id}/confirmation", Permission: plan,
			Summary: "发出去：照这一版去问各位志愿者；后来变了的单跳过", Tag: tag, Handle: web.Action(h.confirm).Page(h.confirmed).Form(confirmAgain)},
		{Name: "plan.dismiss", Method: "POST", Page: "/plans/{id}/dismissal", API: "/api/v1/plans/{id}/dismissal", Permission: plan,
			Summary: "这次不用了", Tag: tag, Handle: web.Action(h.dismiss).Page(h.dismissed).Form(dismissAgain)},
		{Name: "recruitment.list", Method: "GET", API: "/api/v1/recruitments", Permission: string(access.PlaceRead),
			Summary: "一个社区在招什么样的志愿者", Tag: tag, Handle: web.Action(h.recruitments)},
		{Name: "recruitment.make", Method: "POST", Page: "/recruitments", API: "/api/v1/recruitments", Permission: recruit, Status: 201,
			Summary: "发招募：社区的页面上就有了，会的人可以报名", Tag: tag, Handle: web.Action(h.recruit).Page(h.recruited).Form(recruitAgain)},
		{Name: "recruitment.end", Method: "POST", Page: "/recruitments/{id}/closure", API: "/api/v1/recruitments/{id}/closure", Permission: recruit,
			Summary: "招到了，收起一条招募", Tag: tag, Handle: web.Action(h.endRecruitment).Page(h.recruitmentEnded)},
	}
}

type placeInput struct {
	Place string `json:"place" label:"哪里" maxLength:"64" doc:"社区或街道；不写就是您管的第一个"`
}

// listed is drafts as JSON, with what the page shows besides.
type listed struct {
	web.List[Summary]
	overview Overview
}

func (h *Handlers) list(r *web.Request, in placeInput) (listed, error) {
	o, err := h.plans.Overview(r.Context(), access.Of(r), in.Place)
	return listed{web.List[Summary]{Items: o.Past}, o}, err
}

type makeInput struct {
	Place string `json:"place" label:"哪里" required:"true" maxLength:"64" doc:"社区或街道" example:"130104007003"`
}

func (h *Handlers) make(r *web.Request, in makeInput) (View, error) {
	return h.plans.Make(r.Context(), access.Of(r), in.Place)
}

func (h *Handlers) made(_ *web.Request, v View) web.Answer { return web.See(hrefOf(v.ID)) }

func makeAgain(_ *web.Request, in makeInput, p *web.Problem) web.Answer {
	return web.SeeWithNote(startOf(in.Place), p.Detail)
}

func startOf(place string) string { return "/plans?place=" + url.QueryEscape(place) }

func hrefOf(id string) string { return "/plans/" + id }

type showInput struct {
	ID   string `path:"id"`
	Pick string `json:"pick" label:"给哪一单换人" maxLength:"64" doc:"只有网页用"`
	At   int    `json:"at" label:"从第几条看起" minimum:"0" doc:"只有网页用"`
	Left int    `json:"left" label:"没排上的从第几条看起" minimum:"0" doc:"只有网页用"`
}

// shown is a draft as JSON, with what the page is about: an order, for which somebody else
// may be chosen, and the parts of the lists.
type shown struct {
	View
	pick     string
	others   []order.CandidateView
	at, left int
}

func (h *Handlers) show(r *web.Request, in showInput) (shown, error) {
	v, err := h.plans.Show(r.Context(), access.Of(r), in.ID)
	out := shown{View: v, pick: in.Pick, at: in.At, left: in.Left}
	if err == nil && in.Pick != "" && v.State == Open {
		out.others, err = h.plans.Others(r.Context(), access.Of(r), in.ID, in.Pick)
	}
	return out, err
}

type pairInput struct {
	ID        string `path:"id"`
	Order     string `json:"order" label:"哪一单" required:"true" maxLength:"64"`
	Volunteer string `json:"volunteer" label:"哪位志愿者" required:"true" maxLength:"64"`
}

func (h *Handlers) choose(act Act) func(*web.Request, pairInput) (shown, error) {
	return func(r *web.Request, in pairInput) (shown, error) {
		v, err := h.plans.Choose(r.Context(), access.Of(r), in.ID, act, in.Order, in.Volunteer)
		return shown{View: v, pick: in.Order}, err
	}
}

// chosen leads back to where the order now stands.
func (h *Handlers) chosen(note string) func(*web.Request, shown) web.Answer {
	return func(r *web.Request, s shown) web.Answer { return web.SeeWithNote(hrefIn(s.View, s.pick), r.T(note)) }
}

func pairAgain(_ *web.Request, in pairInput, p *web.Problem) web.Answer { return backTo(in.ID, p) }

// backTo leads a step that came too late to the draft as it is now, with why.
func backTo(id string, p *web.Problem) web.Answer { return web.SeeWithNote(hrefOf(id), p.Detail) }

type confirmInput struct {
	ID      string `path:"id"`
	Version int64  `json:"version" label:"哪一版" required:"true" minimum:"1" doc:"看到的那一版；后来有人改过就不发"`
}

func (h *Handlers) confirm(r *web.Request, in confirmInput) (View, error) {
	return h.plans.Confirm(r.Context(), access.Of(r), in.ID, in.Version)
}

func (h *Handlers) confirmed(r *web.Request, v View) web.Answer {
	if len(v.Skipped) > 0 {
		return web.SeeWithNote(hrefOf(v.ID), r.T("发出去 %d 单，%s 单没有发，下面写着为什么。", len(v.Sent), page.Number(len(v.Skipped))))
	}
	return web.SeeWithNote(hrefOf(v.ID), r.T("发出去了，%d 单都在等答复。", len(v.Sent)))
}

func confirmAgain(_ *web.Request, in confirmInput, p *web.Problem) web.Answer {
	return backTo(in.ID, p)
}

type byID struct {
	ID string `path:"id"`
}

func (h *Handlers) dismiss(r *web.Request, in byID) (View, error) {
	return h.plans.Dismiss(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) dismissed(r *web.Request, v View) web.Answer {
	return web.SeeWithNote(startOf(v.Place.ID), r.T("这次不用了，什么也没发。"))
}

func dismissAgain(_ *web.Request, in byID, p *web.Problem) web.Answer { return backTo(in.ID, p) }

type recruitmentsInput struct {
	Place string `json:"place" label:"哪个社区" required:"true" maxLength:"64"`
}

func (h *Handlers) recruitments(r *web.Request, in recruitmentsInput) (web.List[RecruitmentView], error) {
	all, err := h.plans.Recruitments(r.Context(), in.Place)
	return web.List[RecruitmentView]{Items: all}, err
}

func (h *Handlers) recruit(r *web.Request, in Wanted) (RecruitmentView, error) {
	return h.plans.Recruit(r.Context(), access.Of(r), in)
}

func (h *Handlers) recruited(r *web.Request, v RecruitmentView) web.Answer {
	return web.SeeWithNote(recruitmentsOf(v.Place.ID), r.T("招募发出去了，就在这一页上，会的人点“报名”就能登记。"))
}

func recruitmentsOf(place string) string { return "/places/" + url.PathEscape(place) + "#recruitments" }

func recruitAgain(_ *web.Request, in Wanted, p *web.Problem) web.Answer {
	return web.SeeWithNote(recruitmentsOf(in.Place), p.Detail)
}

func (h *Handlers) endRecruitment(r *web.Request, in byID) (RecruitmentView, error) {
	return h.plans.EndRecruitment(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) recruitmentEnded(r *web.Request, v RecruitmentView) web.Answer {
	return web.SeeWithNote("/places/"+v.Place.ID, r.T("收起来了，谢谢。"))
}

// PlaceSection is the card of recruitments on the page of a community.
func (h *Handlers) PlaceSection(r *web.Request, p place.Place) (web.Component, error) {
	if p.Level != place.Community {
		return nil, nil
	}
	all, err := h.plans.Recruitments(r.Context(), p.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	m := page.Recruitments{May: access.May(access.Of(r), access.RecruitWrite, p.Target())}
	for _, n := range all {
		m.List = append(m.List, page.Recruitment{
			Name: n.Category.Name, When: n.When, Join: "/volunteer?skill=" + n.Category.ID, End: "/recruitments/" + n.ID + "/closure",
		})
	}
	return page.RecruitmentCard(m), nil
}
