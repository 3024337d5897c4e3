package volunteer

import (
	"linli/internal/core/access"
	"linli/internal/core/category"
	"linli/internal/core/place"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Handlers answers requests about volunteers: each route is one service call.
type Handlers struct {
	volunteers *Service
	sections   []Section
}

// Section is a card that another part of the house adds to the page of a
// volunteer: their teams, their record; nil adds nothing for this reader.
type Section func(r *web.Request, v View) (web.Component, error)

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service, sections ...Section) *Handlers {
	return &Handlers{volunteers: s, sections: sections}
}

const tag = "志愿者¦们"

// Routes lists what can be asked of volunteers.
func (h *Handlers) Routes() []web.Route {
	read, write, anybody := string(access.VolunteerRead), string(access.VolunteerWrite), string(access.SignedIn)
	return []web.Route{
		{Name: "volunteer.list", Method: "GET", Page: "/volunteers", API: "/api/v1/volunteers", Permission: read,
			Summary: "一个社区的志愿者；可以按姓名、编号、手机号、会做什么找", Tag: tag, Handle: web.Action(h.list).Page(h.listPage)},
		{Name: "volunteer.register", Method: "POST", Page: "/volunteers", API: "/api/v1/volunteers", Permission: anybody, Status: 201,
			Summary: "自己登记成志愿者", Tag: tag, Handle: web.Action(h.register).Page(h.registered).Form(h.registerAgain)},
		{Name: "volunteer.mine", Method: "GET", Page: "/volunteer", Permission: anybody, Handle: web.Action(h.mine).Page(h.minePage)},
		{Name: "volunteer.show", Method: "GET", Page: "/volunteers/{id}", API: "/api/v1/volunteers/{id}", Permission: read,
			Summary: "一位志愿者", Tag: tag, Handle: web.Action(h.show).Page(h.showPage)},
		{Name: "volunteer.edit.form", Method: "GET", Page: "/volunteers/{id}/edit", Permission: write, Handle: web.Action(h.showFor(CanEdit)).Page(h.editPage)},
		{Name: "volunteer.edit", Method: "POST", Page: "/volunteers/{id}/profile", API: "/api/v1/volunteers/{id}/profile", Permission: write,
			Summary: "改会做什么、什么时候有空；没写的不动", Tag: tag, Handle: web.Action(h.edit).Page(h.back("改好了。")).Form(h.editAgain)},
		{Name: "volunteer.confirm.form", Method: "GET", Page: "/volunteers/{id}/confirm", Permission: write, Handle: web.Action(h.asked).Page(h.confirmPage)},
		{Name: "volunteer.confirm", Method: "POST", Page: "/volunteers/{id}/confirmation", API: "/api/v1/volunteers/{id}/confirmation", Permission: write,
			Summary: "花名册导入的人，本人同意当志愿者；站里也可以记下本人的话", Tag: tag, Handle: web.Action(h.confirm).Page(h.back("登记好了，谢谢！")).Form(h.confirmAgain)},
		{Name: "volunteer.decline", Method: "POST", Page: "/volunteers/{id}/refusal", API: "/api/v1/volunteers/{id}/refusal", Permission: write,
			Summary: "花名册导入的人，本人不愿意", Tag: tag, Handle: web.Action(h.decline).Page(h.back("知道了，不会再来打扰。"))},
		{Name: "volunteer.pause", Method: "POST", Page: "/volunteers/{id}/pause", API: "/api/v1/volunteers/{id}/pause", Permission: write,
			Summary: "歇一歇：这段时间不派单", Tag: tag, Handle: web.Action(h.pause).Page(h.back("好好歇着，想来的时候再回来。"))},
		{Name: "volunteer.resume", Method: "POST", Page: "/volunteers/{id}/resumption", API: "/api/v1/volunteers/{id}/resumption", Permission: write,
			Summary: "歇好了，接着来", Tag: tag, Handle: web.Action(h.resume).Page(h.back("欢迎回来！"))},
		{Name: "volunteer.leave.form", Method: "GET", Page: "/volunteers/{id}/leave", Permission: write, Handle: web.Action(h.showFor(CanLeave)).Page(h.leavePage)},
		{Name: "volunteer.leave", Method: "POST", Page: "/volunteers/{id}/departure", API: "/api/v1/volunteers/{id}/departure", Permission: write,
			Summary: "退出，以后不再派单；服务记录留着", Tag: tag, Handle: web.Action(h.leave).Page(h.back("退出了。这些日子谢谢您。"))},
	}
}

// byID is the volunteer that a route names.
type byID struct {
	ID string `path:"id"`
}

// usual is how many volunteers stand on one page.
const usual = 50

type listInput struct {
	Place  string `json:"place" label:"社区" maxLength:"64" doc:"社区，或里面的小区、网格、楼；不写就是您管的第一个"`
	Words  string `json:"q" label:"找谁" maxLength:"100" doc:"姓名、志愿者编号或手机号，空格隔开就是都要对上"`
	Skill  string `json:"skill" label:"会做什么" maxLength:"64" doc:"服务的 id；写大类就是下面的都算"`
	Status Status `json:"status" label:"现在怎么样" doc:"不写就是除了退出的"`
	web.Paging
}

// Check refuses a service that there is none of.
func (in listInput) Check() error {
	if in.Skill == "" {
		return nil
	}
	if _, known := category.ByID(in.Skill); !known {
		return fault.Invalid("skill", "没有“%s”这种服务。", in.Skill)
	}
	return nil
}

// listed are volunteers as JSON, with what the page shows besides.
type listed struct {
	web.List[View]
	in      listInput
	at      place.Place
	choices []place.Place
	who     access.Who
}

func (h *Handlers) list(r *web.Request, in listInput) (listed, error) {
	out := listed{in: in, who: access.Of(r)}
	spot, _, err := web.DecodeCursor[Spot](in.Cursor)
	if err != nil {
		return out, err
	}
	if !r.API() {
		if out.choices, err = h.volunteers.Choices(r.Context(), out.who); err != nil || in.Place == "" && len(out.choices) > 1 {
			return out, err
		}
	}
	page, err := h.volunteers.List(r.Context(), out.who,
		Query{Place: in.Place, Words: in.Words, Skill: in.Skill, Status: in.Status, After: spot, Limit: in.Size(usual)})
	out.Items, out.at = page.Items, page.Place
	if page.Next != nil {
		out.Next = web.EncodeCursor(*page.Next)
	}
	return out, err
}

func (h *Handlers) show(r *web.Request, in byID) (View, error) {
	return h.volunteers.Show(r.Context(), access.Of(r), in.ID)
}

// showFor is a volunteer for the form of a step that who reads may take now.
func (h *Handlers) showFor(action string) func(*web.Request, byID) (View, error) {
	return func(r *web.Request, in byID) (View, error) {
		return h.volunteers.ShowFor(r.Context(), access.Of(r), in.ID, action)
	}
}

func (h *Handlers) register(r *web.Request, in Registration) (View, error) {
	return h.volunteers.Register(r.Context(), access.Of(r), in)
}

// profileInput is a change of how somebody serves.
type profileInput struct {
	ID string `path:"id"`
	Profile
}

func (h *Handlers) edit(r *web.Request, in profileInput) (View, error) {
	if !r.API() {
		in.Profile = in.Profile.asSent(access.Of(r).Person == in.ID)
	}
	return h.volunteers.Edit(r.Context(), access.Of(r), in.ID, in.Profile)
}

// asSent reads a page's form, where what was emptied is not sent. An emergency
// contact that the sender cannot see is not emptied.
func (p Profile) asSent(own bool) Profile {
	if p.Skills == nil {
		p.Skills = []string{}
	}
	if p.Free == nil {
		p.Free = []Slot{}
	}
	fields := []**string{&p.Political, &p.Education, &p.Note}
	if own || p.ContactName != nil || p.ContactPhone != nil {
		fields = append(fields, &p.ContactName, &p.ContactPhone)
	}
	for _, field := range fields {
		if *field == nil {
			*field = new(string)
		}
	}
	return p
}

type confirmInput struct {
	ID string `path:"id"`
	Confirmation
}

func (h *Handlers) confirm(r *web.Request, in confirmInput) (View, error) {
	return h.volunteers.Confirm(r.Context(), access.Of(r), in.ID, in.Confirmation)
}

func (h *Handlers) decline(r *web.Request, in byID) (View, error) {
	return h.volunteers.Decline(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) pause(r *web.Request, in byID) (View, error) {
	return h.volunteers.Pause(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) resume(r *web.Request, in byID) (View, error) {
	return h.volunteers.Resume(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) leave(r *web.Request, in byID) (View, error) {
	return h.volunteers.Leave(r.Context(), access.Of(r), in.ID)
}
