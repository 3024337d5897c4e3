package place

import (
	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/rule"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Handlers answers requests about places: each route is one service call.
type Handlers struct {
	places   *Service
	sections []Section
}

// Section is a card that another part of the house adds to the page of a place; nil
// for no card.
type Section func(r *web.Request, p Place) (web.Component, error)

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service, sections ...Section) *Handlers { return &Handlers{s, sections} }

const tag = "区域"

// Routes lists what can be asked of places.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Name: "place.list", Method: "GET", Page: "/places", API: "/api/v1/places", Permission: string(access.PlaceRead),
			Summary: "一个区域下面的区域，不写 parent 就是各省", Tag: tag, Handle: web.Action(h.list).Page(h.listPage)},
		{Name: "place.show", Method: "GET", Page: "/places/{id}", API: "/api/v1/places/{id}", Permission: string(access.PlaceRead),
			Summary: "一个区域和它的数字", Tag: tag, Handle: web.Action(h.show).Page(h.showPage)},
		{Name: "place.add", Method: "POST", Page: "/places/{id}/children", API: "/api/v1/places/{id}/children", Permission: string(access.PlaceWrite), Status: 201,
			Summary: "在下面加一个社区、网格、小区或楼", Tag: tag, Handle: web.Action(h.add).Page(h.added).Form(h.addAgain)},
		{Name: "place.add.form", Method: "GET", Page: "/places/{id}/children/new", Permission: string(access.PlaceWrite),
			Handle: web.Action(h.addForm).Page(h.addFormPage)},
		{Name: "place.edit", Method: "POST", Page: "/places/{id}/details", API: "/api/v1/places/{id}/details", Permission: string(access.PlaceWrite),
			Summary: "改名字、服务站电话和位置", Tag: tag, Handle: web.Action(h.edit).Page(h.edited).Form(h.editAgain)},
		{Name: "place.edit.form", Method: "GET", Page: "/places/{id}/edit", Permission: string(access.PlaceWrite),
			Handle: web.Action(h.own).Page(h.editPage)},
		{Name: "place.close", Method: "POST", Page: "/places/{id}/closure", API: "/api/v1/places/{id}/closure", Permission: string(access.PlaceWrite),
			Summary: "停用一个区域，历史还在", Tag: tag, Handle: web.Action(h.close).Page(h.closed)},
		{Name: "place.close.form", Method: "GET", Page: "/places/{id}/closure", Permission: string(access.PlaceWrite),
			Handle: web.Action(h.own).Page(h.closePage)},
		{Name: "place.rules", Method: "GET", Page: "/places/{id}/rules", API: "/api/v1/places/{id}/rules", Permission: string(access.PlaceAdmin),
			Summary: "这里的规矩，和它们改过几次", Tag: tag, Handle: web.Action(h.rules).Page(h.rulesPage)},
		{Name: "place.rule", Method: "POST", Page: "/places/{id}/rules", API: "/api/v1/places/{id}/rules", Permission: string(access.PlaceAdmin), Status: 201,
			Summary: "从一天起改一条规矩", Tag: tag, Handle: web.Action(h.setRule).Page(h.ruleSet).Form(h.rulesAgain)},
	}
}

type listInput struct {
	Parent string `json:"parent" label:"上一级" doc:"上一级的代码"`
}

func (h *Handlers) list(r *web.Request, in listInput) (web.List[View], error) {
	places, err := h.places.List(r.Context(), in.Parent)
	out := web.List[View]{}
	for _, p := range places {
		out.Items = append(out.Items, p.view())
	}
	return out, err
}

// byCode is the place that a route names.
type byCode struct {
	ID string `path:"id,code"`
}

// shown is a place as JSON, with what its pages show besides.
type shown struct {
	View
	sheet Sheet
}

func (h *Handlers) show(r *web.Request, in byCode) (shown, error) {
	sheet, err := h.places.Show(r.Context(), access.Of(r), in.ID)
	return shown{View: sheet.view(r.T), sheet: sheet}, err
}

// pointInput is a position in which both halves may be left empty.
type pointInput struct {
	Lat *float64 `json:"lat" label:"纬度" minimum:"-90" maximum:"90"`
	Lng *float64 `json:"lng" label:"经度" minimum:"-180" maximum:"180"`
}

// position is nil when nothing was given.
func (in *pointInput) position() (*Position, error) {
	switch {
	case in == nil || in.Lat == nil && in.Lng == nil:
		return nil, nil
	case in.Lat == nil:
		return nil, fault.Invalid("position.lat", "经度和纬度要一起填。")
	case in.Lng == nil:
		return nil, fault.Invalid("position.lng", "经度和纬度要一起填。")
	}
	return &Position{*in.Lat, *in.Lng}, nil
}

type editInput struct {
	ID       string      `path:"id,code"`
	Name     string      `json:"name" label:"名字" required:"true" maxLength:"100"`
	Phone    string      `json:"phone" label:"服务站的电话" maxLength:"40"`
	Position *pointInput `json:"position" label:"位置"`
}

// Check refuses half a position.
func (in editInput) Check() error {
	_, err := in.Position.position()
	return err
}

// own is a place for a form that changes it: nobody is shown a form whose answer
// would be no.
func (h *Handlers) own(r *web.Request, in byCode) (shown, error) {
	s, err := h.show(r, in)
	if err != nil {
		return s, err
	}
	return s, mayChange(access.Of(r), s.sheet.Place, s.sheet.Place.Level)
}

func (h *Handlers) edit(r *web.Request, in editInput) (View, error) {
	at, err := in.Position.position()
	if err != nil {
		return View{}, err
	}
	return h.places.Edit(r.Context(), access.Of(r), in.ID, Edit{Name: in.Name, Phone: in.Phone, Position: at})
}

type addInput struct {
	editInput
	Level Level  `json:"level" label:"哪一级" required:"true"`
	Code  string `json:"code" label:"区划代码" maxLength:"20" doc:"只有社区要填，12 位"`
}

func (h *Handlers) add(r *web.Request, in addInput) (View, error) {
	at, err := in.Position.position()
	if err != nil {
		return View{}, err
	}
	return h.places.Add(r.Context(), access.Of(r), Draft{Parent: in.ID, Level: in.Level, Code: in.Code,
		Name: in.Name, Phone: in.Phone, Position: at})
}

func (h *Handlers) close(r *web.Request, in byCode) (View, error) {
	return h.places.Close(r.Context(), access.Of(r), in.ID)
}

// RuleView is one rule as it stands at a place.
type RuleView struct {
	Name     rule.Name     `json:"name" doc:"哪条规矩"`
	Label    string        `json:"label" doc:"规矩的意思"`
	Value    int64         `json:"value" doc:"现在是多少"`
	From     string        `json:"from,omitempty" doc:"谁定的；没人定过就没有，用的是默认"`
	Versions []SettingView `json:"versions" doc:"定过的，新的在前，也有还没到日子的"`
}

// ruled are the rules as JSON, with what the page shows besides.
type ruled struct {
	web.List[RuleView]
	place  Place
	states []RuleState
	today  calendar.Day
}

func (h *Handlers) rules(r *web.Request, in byCode) (ruled, error) {
	p, states, today, err := h.places.Rules(r.Context(), access.Of(r), in.ID)
	out := ruled{place: p, states: states, today: today}
	for _, s := range states {
		v := RuleView{Name: s.Rule.Name, Label: s.Rule.Label, Value: s.Value, From: s.From, Versions: []SettingView{}}
		for _, set := range s.Versions {
			v.Versions = append(v.Versions, SettingView{set.Place, string(s.Rule.Name), set.Value, set.Since.In(calendar.Zone())})
		}
		out.Items = append(out.Items, v)
	}
	return out, err
}

type ruleInput struct {
	ID    string       `path:"id,code"`
	Name  string       `json:"name" label:"哪一条" required:"true" maxLength:"40" example:"accept_hours"`
	Value int64        `json:"value" label:"改成多少" required:"true"`
	Since calendar.Day `json:"since" label:"从哪天起" required:"true" doc:"日子，像 2026-10-01；写今天就是马上" example:"2026-12-01"`
}

func (h *Handlers) setRule(r *web.Request, in ruleInput) (SettingView, error) {
	return h.places.SetRule(r.Context(), access.Of(r), in.ID, rule.Name(in.Name), in.Value, in.Since)
}
