package org

import (
	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/kit/web"
)

// Handlers answers requests about organisations: each route is one service call.
type Handlers struct{ orgs *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{s} }

const tag = "队伍和组织"

// Routes lists what can be asked of organisations.
func (h *Handlers) Routes() []web.Route {
	read, write, lead := string(access.OrgRead), string(access.OrgWrite), string(access.OrgLead)
	return []web.Route{
		{Name: "org.list", Method: "GET", Page: "/orgs", API: "/api/v1/orgs", Permission: read,
			Summary: "一个地方的队伍和组织；可以按名称找，按种类看", Tag: tag, Handle: web.Action(h.list).Page(h.listPage)},
		{Name: "org.add.form", Method: "GET", Page: "/orgs/new", Permission: write, Handle: web.Action(h.addForm).Page(h.addPage)},
		{Name: "org.add", Method: "POST", Page: "/orgs", API: "/api/v1/orgs", Permission: write, Status: 201,
			Summary: "加一支队伍或一个组织", Tag: tag, Handle: web.Action(h.add).Page(h.back("加好了。")).Form(h.addAgain)},
		{Name: "org.show", Method: "GET", Page: "/orgs/{id}", API: "/api/v1/orgs/{id}", Permission: read,
			Summary: "一支队伍或一个组织", Tag: tag, Handle: web.Action(h.show).Page(h.showPage)},
		{Name: "org.edit.form", Method: "GET", Page: "/orgs/{id}/edit", Permission: write, Handle: web.Action(h.showFor(CanEdit)).Page(h.editPage)},
		{Name: "org.edit", Method: "POST", Page: "/orgs/{id}/details", API: "/api/v1/orgs/{id}/details", Permission: write,
			Summary: "改名称、队长、做什么的；没写的不动", Tag: tag, Handle: web.Action(h.edit).Page(h.back("改好了。")).Form(h.editAgain)},
		{Name: "org.run.form", Method: "GET", Page: "/orgs/{id}/run", Permission: lead, Handle: web.Action(h.showFor(CanRun)).Page(h.runPage)},
		{Name: "org.run", Method: "POST", Page: "/orgs/{id}/services", API: "/api/v1/orgs/{id}/services", Permission: lead,
			Summary: "队长定：接哪些单，一周接几单", Tag: tag, Handle: web.Action(h.run).Page(h.back("改好了。")).Form(h.runAgain)},
		{Name: "org.enlist", Method: "POST", Page: "/orgs/{id}/members", API: "/api/v1/orgs/{id}/members", Permission: lead,
			Summary: "请一位志愿者进队", Tag: tag, Handle: web.Action(h.enlist).Page(h.back("进队了。")).Form(h.enlistAgain)},
		{Name: "org.dismiss", Method: "POST", Page: "/orgs/{id}/members/{person}/removal", API: "/api/v1/orgs/{id}/members/{person}/removal", Permission: lead,
			Summary: "把一位队员移出队伍", Tag: tag, Handle: web.Action(h.dismiss).Page(h.back("不在队里了。"))},
		{Name: "org.enter", Method: "POST", Page: "/orgs/{id}/membership", API: "/api/v1/orgs/{id}/membership", Permission: read,
			Summary: "志愿者自己加入", Tag: tag, Handle: web.Action(h.enter).Page(h.back("欢迎进队！"))},
		{Name: "org.quit", Method: "POST", Page: "/orgs/{id}/membership/end", API: "/api/v1/orgs/{id}/membership/end", Permission: read,
			Summary: "队员自己退出", Tag: tag, Handle: web.Action(h.quit).Page(h.back("退出了队伍。"))},
		{Name: "org.close.form", Method: "GET", Page: "/orgs/{id}/close", Permission: write, Handle: web.Action(h.showFor(CanClose)).Page(h.closePage)},
		{Name: "org.close", Method: "POST", Page: "/orgs/{id}/closure", API: "/api/v1/orgs/{id}/closure", Permission: write,
			Summary: "解散", Tag: tag, Handle: web.Action(h.close).Page(h.back("解散了。"))},
	}
}

// byID is the organisation that a route names.
type byID struct {
	ID string `path:"id"`
}

// usual is how many organisations stand on one page.
const usual = 50

type listInput struct {
	Place string `json:"place" label:"在哪里" maxLength:"64" doc:"区县、街道、社区或社区里的地方；不写就是您所在的"`
	Kind  Kind   `json:"kind" label:"是哪一种"`
	Words string `json:"q" label:"找什么" maxLength:"100" doc:"名称或类别，空格隔开就是都要对上"`
	web.Paging
}

// listed are organisations as JSON, with what the page shows besides.
type listed struct {
	web.List[View]
	in  listInput
	at  place.Place
	who access.Who
}

func (h *Handlers) list(r *web.Request, in listInput) (listed, error) {
	out := listed{in: in, who: access.Of(r)}
	spot, _, err := web.DecodeCursor[Spot](in.Cursor)
	if err != nil {
		return out, err
	}
	page, err := h.orgs.List(r.Context(), out.who, Query{Place: in.Place, Kind: in.Kind, Words: in.Words, After: spot, Limit: in.Size(usual)})
	out.Items, out.at = page.Items, page.Place
	if page.Next != nil {
		out.Next = web.EncodeCursor(*page.Next)
	}
	return out, err
}

func (h *Handlers) show(r *web.Request, in byID) (View, error) {
	return h.orgs.Show(r.Context(), access.Of(r), in.ID)
}

// showFor is show for a page that leads to a step.
func (h *Handlers) showFor(action string) func(*web.Request, byID) (View, error) {
	return func(r *web.Request, in byID) (View, error) {
		return h.orgs.ShowFor(r.Context(), access.Of(r), in.ID, action)
	}
}

type addInput struct {
	Place string `json:"place" label:"在哪里" maxLength:"64"`
}

func (h *Handlers) addForm(r *web.Request, in addInput) (place.Place, error) {
	return h.orgs.Site(r.Context(), access.Of(r), in.Place)
}

func (h *Handlers) add(r *web.Request, in Addition) (View, error) {
	return h.orgs.Create(r.Context(), access.Of(r), in)
}

type editInput struct {
	ID string `path:"id"`
	Draft
}

// edit takes a page's form whole: what was emptied there is not sent.
func (h *Handlers) edit(r *web.Request, in editInput) (View, error) {
	in.Running = in.asSent(r)
	for _, field := range []**string{&in.Name, &in.Class, &in.Phone, &in.Founded, &in.Purpose, &in.Leader} {
		if !r.API() && *field == nil {
			*field = new(string)
		}
	}
	return h.orgs.Edit(r.Context(), access.Of(r), in.ID, in.Draft)
}

// asSent reads a page's form: a box that is not ticked is not sent.
func (d Running) asSent(r *web.Request) Running {
	if !r.API() && d.Services == nil {
		d.Services = []string{}
	}
	return d
}

type runInput struct {
	ID string `path:"id"`
	Running
}

func (h *Handlers) run(r *web.Request, in runInput) (View, error) {
	return h.orgs.Run(r.Context(), access.Of(r), in.ID, in.asSent(r))
}

type enlistInput struct {
	ID        string `path:"id"`
	Volunteer string `json:"volunteer" label:"请谁进队" maxLength:"40" doc:"志愿者编号、手机号或居民编号"`
}

func (h *Handlers) enlist(r *web.Request, in enlistInput) (View, error) {
	return h.orgs.Enlist(r.Context(), access.Of(r), in.ID, in.Volunteer)
}

type memberInput struct {
	ID     string `path:"id"`
	Person string `path:"person"`
}

func (h *Handlers) dismiss(r *web.Request, in memberInput) (View, error) {
	return h.orgs.Dismiss(r.Context(), access.Of(r), in.ID, in.Person)
}

func (h *Handlers) enter(r *web.Request, in byID) (View, error) {
	return h.orgs.Enter(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) quit(r *web.Request, in byID) (View, error) {
	return h.orgs.Quit(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) close(r *web.Request, in byID) (View, error) {
	return h.orgs.Close(r.Context(), access.Of(r), in.ID)
}
