package person

import (
	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Handlers answers requests about persons: each route is one service call.
type Handlers struct {
	persons  *Service
	sections []Section
}

// Section is a card that another part of the house adds to the page of a person;
// nil adds nothing for this reader.
type Section func(r *web.Request, p Person) (web.Component, error)

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service, sections ...Section) *Handlers {
	return &Handlers{persons: s, sections: sections}
}

const tag = "居民¦们"

// Routes lists what can be asked of persons. What everybody may ask about
// themselves names the permission signed_in; the service looks closer.
func (h *Handlers) Routes() []web.Route {
	read, write, unmask := string(access.PersonRead), string(access.PersonWrite), string(access.PersonUnmask)
	return []web.Route{
		{Name: "person.list", Method: "GET", Page: "/persons", API: "/api/v1/persons", Permission: read,
			Summary: "一个社区的居民，只露一部分；可以按姓名、电话、楼号找", Tag: tag, Handle: web.Action(h.list).Page(h.listPage)},
		{Name: "person.add", Method: "POST", Page: "/persons", API: "/api/v1/persons", Permission: write, Status: 201,
			Summary: "登记一位居民，没有账号也行", Tag: tag, Handle: web.Action(h.add).Page(h.added).Form(h.addAgain)},
		{Name: "person.add.form", Method: "GET", Page: "/persons/new", Permission: write, Handle: web.Action(h.addForm).Page(h.addFormPage)},
		{Name: "person.show", Method: "GET", Page: "/persons/{id}", API: "/api/v1/persons/{id}", Permission: read,
			Summary: "一位居民：本人看是全的，别人看只露一部分", Tag: tag, Handle: web.Action(h.show).Page(h.showPage)},
		{Name: "person.edit", Method: "POST", Page: "/persons/{id}/details", API: "/api/v1/persons/{id}/details", Permission: write,
			Summary: "改资料；没写的不动", Tag: tag, Handle: web.Action(h.edit).Page(h.edited).Form(h.editAgain)},
		{Name: "person.edit.form", Method: "GET", Page: "/persons/{id}/edit", Permission: write, Handle: web.Action(h.showFor(access.PersonWrite)).Page(h.editPage)},
		{Name: "person.disclose", Method: "POST", Page: "/persons/{id}/disclosures", API: "/api/v1/persons/{id}/disclosures", Permission: unmask, Status: 201,
			Summary: "看全的资料：写明为什么，本人看得到", Tag: tag, Handle: web.Action(h.unmask).Page(h.unmasked).Form(h.unmaskAgain)},
		{Name: "person.disclose.form", Method: "GET", Page: "/persons/{id}/disclosures/new", Permission: unmask, Handle: web.Action(h.showFor(access.PersonUnmask)).Page(h.unmaskPage)},
		{Name: "person.move", Method: "POST", Page: "/persons/{id}/household", API: "/api/v1/persons/{id}/household", Permission: write,
			Summary: "一户人一起搬家", Tag: tag, Handle: web.Action(h.move).Page(h.moved).Form(h.moveAgain)},
		{Name: "person.move.form", Method: "GET", Page: "/persons/{id}/household", Permission: write, Handle: web.Action(h.showFor(access.PersonWrite)).Page(h.movePage)},
		{Name: "consent.list", Method: "GET", API: "/api/v1/persons/{id}/consents", Permission: read,
			Summary: "同意过什么", Tag: tag, Handle: web.Action(h.consents)},
		{Name: "consent.give", Method: "POST", Page: "/persons/{id}/consents", API: "/api/v1/persons/{id}/consents", Permission: write, Status: 201,
			Summary: "记下本人或监护人的同意", Tag: tag, Handle: web.Action(h.give).Page(h.consented).Form(h.giveAgain)},
		{Name: "consent.give.form", Method: "GET", Page: "/persons/{id}/consents/new", Permission: write, Handle: web.Action(h.agreeForm).Page(h.agreePage)},
		{Name: "consent.withdraw", Method: "POST", Page: "/persons/{id}/consents/withdrawal", API: "/api/v1/persons/{id}/consents/withdrawal", Permission: write,
			Summary: "撤回同意", Tag: tag, Handle: web.Action(h.withdraw).Page(h.consented)},
		{Name: "disclosure.mine", Method: "GET", Page: "/me/disclosures", API: "/api/v1/me/disclosures", Permission: string(access.SignedIn),
			Summary: "谁看过我的信息，什么时候，为什么", Tag: tag, Handle: web.Action(h.disclosures).Page(h.seenPage)},
	}
}

// usual is how many persons or disclosures stand on one page.
const usual = 50

type listInput struct {
	Place string `json:"place" label:"社区" maxLength:"64" doc:"社区或里面的小区、网格、楼；只管一个社区时可以不写"`
	Words string `json:"q" label:"找谁" maxLength:"100" doc:"姓名、电话或后四位、证件号码、楼号、门牌，空格隔开就是都要对上"`
	web.Paging
}

// listed are persons as JSON, with what the page shows besides.
type listed struct {
	web.List[View]
	at      place.Place
	words   string
	choices []place.Place
	write   bool
	first   bool
}

func (h *Handlers) list(r *web.Request, in listInput) (listed, error) {
	who := access.Of(r)
	choices, err := h.persons.Choices(r.Context(), who)
	if err != nil {
		return listed{}, err
	}
	if len(choices) == 0 {
		return listed{}, access.Check(who, access.PersonRead, access.Target{})
	}
	if in.Place == "" && len(choices) == 1 {
		in.Place = choices[0].ID
	}
	out := listed{choices: choices, words: in.Words, first: in.Cursor == ""}
	if in.Place == "" && !r.API() {
		return out, nil
	}
	if in.Place == "" {
		return out, fault.Invalid("place", "请选一个社区。")
	}
	spot, _, err := web.DecodeCursor[Spot](in.Cursor)
	if err != nil {
		return out, err
	}
	page, err := h.persons.List(r.Context(), who, Query{Place: in.Place, Words: in.Words, After: spot, Limit: in.Size(usual)})
	out.Items, out.at = page.Items, page.Place
	out.write = access.May(who, access.PersonWrite, page.Place.Target())
	if page.More {
		out.Next = web.EncodeCursor(page.Last)
	}
	return out, err
}

// draftInput is what a form or a JSON body says of a person.
type draftInput struct {
	Name     string `json:"name" label:"姓名" maxLength:"100" doc:"登记时必填" example:"孟桂兰"`
	Sex      string `json:"sex" label:"性别" enum:"男,女" doc:"男或女；填了身份证号可以不写"`
	Birth    string `json:"birth" label:"出生日期" maxLength:"40" example:"1951-03-02" doc:"填了身份证号可以不写"`
	IDType   string `json:"id_type" label:"证件类型" maxLength:"20" doc:"身份证、港澳台身份证或护照；不写就是身份证"`
	IDNumber string `json:"id_number" label:"证件号码" maxLength:"40" doc:"没有可以不写"`
	Phone    string `json:"phone" label:"电话" maxLength:"40" doc:"手机，或带区号的座机"`
	Place    string `json:"place" label:"住哪儿" maxLength:"64" doc:"楼、网格、小区或社区的编号；登记时必填"`
	Door     string `json:"door" label:"单元门牌" maxLength:"40" example:"2单元402"`
	Address  string `json:"address" label:"住址" maxLength:"200" doc:"小区和楼说不清的，写在这里"`
	Note     string `json:"note" label:"备注" maxLength:"500" lines:"true"`
	Alone    *bool  `json:"lives_alone" label:"独居"`
}

func (in draftInput) draft() Draft {
	return Draft{Name: in.Name, Sex: in.Sex, Birth: in.Birth, IDType: in.IDType, IDNumber: in.IDNumber, Phone: in.Phone,
		Place: in.Place, Door: in.Door, Address: in.Address, Note: in.Note, LivesAlone: in.Alone != nil && *in.Alone}
}

func (h *Handlers) add(r *web.Request, in draftInput) (View, error) {
	return h.persons.Create(r.Context(), access.Of(r), in.draft())
}

// byID is the person that a route names.
type byID struct {
	ID string `path:"id"`
}

// shown is a person as JSON, with what the pages show besides.
type shown struct {
	View
	sheet Sheet
}

func (h *Handlers) show(r *web.Request, in byID) (shown, error) {
	sheet, err := h.persons.Show(r.Context(), access.Of(r), in.ID)
	return shown{View: sheet.View, sheet: sheet}, err
}

// showFor is a person for a form that needs a permission: nobody is shown a form
// whose answer would be no.
func (h *Handlers) showFor(p access.Permission) func(*web.Request, byID) (shown, error) {
	return func(r *web.Request, in byID) (shown, error) {
		if err := h.persons.Allowed(r.Context(), access.Of(r), in.ID, p); err != nil {
			return shown{}, err
		}
		return h.show(r, in)
	}
}

type editInput struct {
	ID string `path:"id"`
	draftInput
	Version int64   `json:"version" label:"版本" minimum:"0" doc:"读到的 version；别人先改了就会告诉您。不写就不比"`
	Clear   []Field `json:"clear" label:"清空" maxItems:"6" doc:"要清空的项：phone, address, id_number, birth, note"`
}

func (h *Handlers) edit(r *web.Request, in editInput) (View, error) {
	return h.persons.Edit(r.Context(), access.Of(r), in.ID,
		Change{Draft: in.draft(), Version: in.Version, LivesAlone: in.Alone, Clear: in.Clear})
}

type unmaskInput struct {
	ID     string  `path:"id"`
	Fields []Field `json:"fields" label:"看哪几项" maxItems:"6" doc:"能写 name、phone、address、id_number、birth、note"`
	Reason string  `json:"reason" label:"为什么要看" maxLength:"200" doc:"本人会看到这句话"`
}

func (h *Handlers) unmask(r *web.Request, in unmaskInput) (View, error) {
	return h.persons.Unmask(r.Context(), access.Of(r), in.ID, Ask{Fields: in.Fields, Reason: in.Reason})
}

type moveInput struct {
	ID    string `path:"id"`
	Place string `json:"place" label:"新的小区和楼" maxLength:"64" required:"true"`
	Door  string `json:"door" label:"新的单元门牌" maxLength:"40"`
}

func (h *Handlers) move(r *web.Request, in moveInput) (HouseholdView, error) {
	return h.persons.MoveHousehold(r.Context(), access.Of(r), in.ID, in.Place, in.Door)
}

func (h *Handlers) consents(r *web.Request, in byID) (web.List[ConsentView], error) {
	all, err := h.persons.Consents(r.Context(), access.Of(r), in.ID)
	return web.List[ConsentView]{Items: all}, err
}

type consentInput struct {
	ID      string  `path:"id"`
	Purpose Purpose `json:"purpose" label:"为了什么" required:"true"`
}

type giveInput struct {
	consentInput
	By string `json:"by" label:"监护人" maxLength:"100" doc:"监护人同意时写；本人同意不用写"`
}

func (h *Handlers) give(r *web.Request, in giveInput) (ConsentView, error) {
	return h.persons.Give(r.Context(), access.Of(r), in.ID, in.Purpose, in.By)
}

func (h *Handlers) withdraw(r *web.Request, in consentInput) (ConsentView, error) {
	return h.persons.Withdraw(r.Context(), access.Of(r), in.ID, in.Purpose)
}

// seen are disclosures as JSON, with what the page shows besides.
type seen struct {
	web.List[DisclosureView]
	rows  []Disclosure
	first bool
}

func (h *Handlers) disclosures(r *web.Request, in web.Paging) (seen, error) {
	after, more, err := web.DecodeCursor[After](in.Cursor)
	if err != nil {
		return seen{}, err
	}
	var from *After
	if more {
		from = &after
	}
	rows, more, err := h.persons.Disclosures(r.Context(), access.Of(r), from, in.Size(usual))
	out := seen{rows: rows, first: in.Cursor == ""}
	for _, d := range rows {
		out.Items = append(out.Items, d.view())
	}
	if more {
		last := rows[len(rows)-1]
		out.Next = web.EncodeCursor(After{At: last.At.UnixMilli(), ID: last.ID})
	}
	return out, err
}

// choice is the place that a form starts with.
type choice struct {
	at place.Place
}

type addFormInput struct {
	Place string `json:"place" label:"社区" maxLength:"64"`
}

func (h *Handlers) addForm(r *web.Request, in addFormInput) (choice, error) {
	mine, err := h.persons.Choices(r.Context(), access.Of(r))
	if err != nil {
		return choice{}, err
	}
	if in.Place == "" && len(mine) == 0 {
		return choice{}, fault.Invalid("place", "请选一个社区。")
	}
	if in.Place == "" {
		return choice{at: mine[0]}, nil
	}
	at, _, err := h.persons.Homes(r.Context(), in.Place)
	return choice{at: at}, err
}
