package record

import (
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/transfer"
	"linli/internal/core/ui"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// Handlers answers requests about records: each route is one service call.
type Handlers struct {
	records  *Service
	sections []person.Section
}

// NewHandlers makes the handlers of a service; sections are cards that others add to
// what the reader finds about themselves.
func NewHandlers(s *Service, sections ...person.Section) *Handlers {
	return &Handlers{records: s, sections: sections}
}

// Routes lists what can be asked of records.
func (h *Handlers) Routes() []web.Route {
	all := []web.Route{
		{Name: "me.desk", Method: "GET", Page: "/me", Permission: string(access.SignedIn), Handle: web.Action(h.desk).Page(h.deskPage)},
		{Name: "record.mine", Method: "GET", Page: "/me/record", API: "/api/v1/me/record", Permission: string(access.SignedIn),
			Summary: "我的服务记录：一共多少分钟，按证据分，一次一次", Tag: "我的", Handle: web.Action(h.mine).Page(h.minePage)},
		{Name: "record.export", Method: "GET", Page: "/me/record/export", Permission: string(access.SignedIn), Timeout: time.Minute,
			Handle: web.Action(h.export).Page(h.exportFile)},
		{Name: "record.print", Method: "GET", Page: "/me/record/print", API: "/api/v1/me/record/whole", Permission: string(access.SignedIn), Timeout: time.Minute,
			Summary: "我的全部服务记录，一次拿走", Tag: "我的", Handle: web.Action(h.all).Page(h.printPage)},
		{Name: "record.show", Method: "GET", Page: "/persons/{id}/record", API: "/api/v1/persons/{id}/record", Permission: string(access.RecordRead),
			Summary: "一位志愿者的服务记录", Tag: "居民¦们", Handle: web.Action(h.show).Page(h.showPage)},
	}
	return append(all, h.officeRoutes()...)
}

// Ref names another thing.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ByGrade is minutes by the grade of their evidence.
type ByGrade struct {
	A int64 `json:"A" doc:"码对上了，人也在那儿"`
	B int64 `json:"B" doc:"码和位置，有一样对上了"`
	C int64 `json:"C" doc:"主人后来说来过"`
	M int64 `json:"M" doc:"事后补记的"`
}

// ItemView is one record.
type ItemView struct {
	ID        string    `json:"id"`
	Order     string    `json:"order,omitempty" doc:"哪一单；不是从单子来的就没有"`
	Number    string    `json:"number,omitempty" doc:"单号" example:"261121-017"`
	Name      string    `json:"name" doc:"做了什么" example:"理发"`
	Category  Ref       `json:"category"`
	Place     Ref       `json:"place" doc:"在哪儿，到楼为止"`
	Day       string    `json:"day" doc:"哪一天" example:"2026-11-21"`
	StartedAt time.Time `json:"started_at"`
	EndedAt   time.Time `json:"ended_at"`
	Minutes   int       `json:"minutes" doc:"实际几分钟"`
	Grade     string    `json:"grade" enum:"A,B,C,M" doc:"凭什么：A 码和位置，B 其中一样，C 主人后来说的，M 补记"`
	Content   string    `json:"content"`

	Source       string     `json:"source" enum:"order,activity,manual" doc:"怎么进来的：order 服务单，activity 活动，manual 补录"`
	Organiser    Ref        `json:"organiser" doc:"谁组织的：队伍或者社区"`
	InCharge     Ref        `json:"in_charge" doc:"谁负责的，遮了名字；id 空就是没有"`
	EnteredBy    Ref        `json:"entered_by" doc:"谁录的，遮了名字；id 空就是系统自动记的"`
	EnteredAt    time.Time  `json:"entered_at" doc:"什么时候录的"`
	Satisfaction string     `json:"satisfaction,omitempty" enum:"satisfied,fair,unsatisfied" doc:"被帮的人怎么说"`
	Standing     string     `json:"standing" enum:"counted,notice,held,corrected,withdrawn" doc:"counted 已计入，notice 公示中，held 有异议先不算，corrected 已更正，withdrawn 已作废"`
	CountsAt     *time.Time `json:"counts_at,omitempty" doc:"公示到什么时候"`
	Replaces     string     `json:"replaces,omitempty" doc:"它改的是哪一条"`
	Reason       string     `json:"reason,omitempty" doc:"为什么补录、更正或作废"`
}

// View is somebody's record.
type View struct {
	Minutes  int64      `json:"minutes" doc:"一共几分钟"`
	ThisYear int64      `json:"this_year" doc:"今年几分钟"`
	ByGrade  ByGrade    `json:"by_grade"`
	Counted  int64      `json:"counted" doc:"公示完、算数的几分钟"`
	Count    int64      `json:"count" doc:"一共几次"`
	Items    []ItemView `json:"items" doc:"新的在前"`
	Next     web.Next   `json:"next" doc:"下一页的位置，放进 cursor；null 就是到头了"`

	sheet      Sheet
	Basic      *Basic           `json:"basic,omitempty" doc:"个人基本信息；看别人的时候遮了"`
	Trainings  []AttainmentView `json:"trainings" doc:"培训情况"`
	Awards     []AttainmentView `json:"awards" doc:"表彰奖励情况"`
	Evaluation Evaluation       `json:"evaluation" doc:"评价情况：被帮的人怎么说"`
	Period     *PeriodView      `json:"period,omitempty" doc:"查了一段日子才有"`

	first       bool
	period      Period
	attainments string // where trainings and awards can be withdrawn; empty: not by the reader
}

// Evaluation counts what residents said.
type Evaluation struct {
	Satisfied   int64 `json:"satisfied" doc:"很满意几次"`
	Fair        int64 `json:"fair" doc:"还可以几次"`
	Unsatisfied int64 `json:"unsatisfied" doc:"没办好几次"`
}

// PeriodView is what counts in the days that were asked for.
type PeriodView struct {
	From    string `json:"from" doc:"从哪天起，空的是从头"`
	To      string `json:"to" doc:"到哪天为止，空的是到现在"`
	Minutes int64  `json:"minutes" doc:"这些天一共几分钟"`
	Counted int64  `json:"counted" doc:"其中公示完、算数的"`
	Count   int64  `json:"count" doc:"几次"`
}

// Basic is the first group of the record (令67, article 5).
type Basic struct {
	Name     string   `json:"name"`
	Number   string   `json:"number,omitempty" doc:"志愿者编号"`
	Sex      string   `json:"sex,omitempty"`
	Birth    string   `json:"birth,omitempty" doc:"出生日期"`
	Document string   `json:"document,omitempty" doc:"身份证件号码"`
	Where    string   `json:"where" doc:"居住区域"`
	Phone    string   `json:"phone,omitempty"`
	Skills   []string `json:"skills" doc:"专业技能、服务类别"`
}

// usual is how many records stand on one page.
const usual = 20

// spanInput asks for some days of a record.
type spanInput struct {
	From calendar.Day `json:"from" label:"从哪天起" doc:"从哪天起，那天也算" example:"2026-01-01"`
	To   calendar.Day `json:"to" label:"到哪天为止" doc:"到哪天为止，那天也算" example:"2026-12-31"`
}

func (in spanInput) period() Period { return Period(in) }

// Check refuses days that run backwards.
func (in spanInput) Check() error {
	if !in.From.IsZero() && !in.To.IsZero() && in.To.Before(in.From) {
		return fault.Invalid("to", "到哪天为止，要在从哪天起的后面。")
	}
	return nil
}

type mineInput struct {
	spanInput
	web.Paging
}

func (h *Handlers) mine(r *web.Request, in mineInput) (View, error) {
	before, _, err := web.DecodeCursor[Cursor](in.Cursor)
	if err != nil {
		return View{}, err
	}
	s, err := h.records.Mine(r.Context(), access.Of(r), in.period(), before, in.Size(usual))
	return s.view(r, in.Paging), err
}

// all is one's whole record of some days on one page, to print it.
func (h *Handlers) all(r *web.Request, in spanInput) (v View, err error) {
	v = Sheet{}.view(r, web.Paging{})
	first := true
	err = h.records.Each(r.Context(), access.Of(r), in.period(), func(part Sheet) error {
		items := v.Items
		if first {
			v, first = part.view(r, web.Paging{}), false
		} else {
			v.Items = append(items, part.view(r, web.Paging{}).Items...)
		}
		return nil
	})
	v.Next = ""
	return v, err
}

type showInput struct {
	ID string `path:"id"`
	spanInput
	web.Paging
}

func (h *Handlers) show(r *web.Request, in showInput) (View, error) {
	before, _, err := web.DecodeCursor[Cursor](in.Cursor)
	if err != nil {
		return View{}, err
	}
	s, err := h.records.Show(r.Context(), access.Of(r), in.ID, in.period(), before, in.Size(usual))
	return s.view(r, in.Paging), err
}

func (s Sheet) view(r *web.Request, in web.Paging) View {
	words := s.Summary.Words
	v := View{
		Minutes: s.Summary.Total, ThisYear: s.Summary.Year, Counted: s.Summary.Counted, Count: s.Summary.Count,
		ByGrade: ByGrade{s.Summary.Grade["A"], s.Summary.Grade["B"], s.Summary.Grade["C"], s.Summary.Grade["M"]},
		Items:   []ItemView{}, Trainings: attained(r.T, s.Trainings), Awards: attained(r.T, s.Awards),
		Evaluation: Evaluation{words.Satisfied, words.Fair, words.Unsatisfied}, sheet: s, first: in.Cursor == "", period: s.In,
	}
	if s.Person.ID != "" {
		v.Basic = s.basic(r.T, access.Of(r).Person == s.Person.ID)
	}
	if s.In != (Period{}) {
		v.Period = &PeriodView{s.In.From.String(), s.In.To.String(), s.Sum.Minutes, s.Sum.Counted, s.Sum.Count}
	}
	for _, x := range s.Items {
		item := s.item(r, x)
		s.names.into(&item)
		v.Items = append(v.Items, item)
	}
	if s.More {
		v.Next = web.EncodeCursor(s.Next())
	}
	return v
}

func attained(t translate, list []Attainment) []AttainmentView {
	out := []AttainmentView{}
	for _, a := range list {
		out = append(out, a.view(t))
	}
	return out
}

// basic is the volunteer as the record knows them; masked for others.
func (s Sheet) basic(t translate, own bool) *Basic {
	p := s.Person
	b := &Basic{
		Name: identity.MaskName(p.Name), Number: s.Volunteer.Number, Sex: t(string(p.Sex)), Document: identity.MaskID(p.IDNumber),
		Where: s.Home, Phone: identity.MaskPhone(p.Phone), Skills: []string{},
	}
	if own {
		b.Name, b.Phone, b.Birth = p.Name, p.Phone, p.Birth.String()
	}
	for _, id := range s.Volunteer.Skills {
		if service, ok := category.ByID(id); ok {
			b.Skills = append(b.Skills, t(service.Name))
		}
	}
	return b
}

func (s Sheet) item(r *web.Request, x Record) ItemView {
	return itemOf(r.T, x, s.Places[x.Place], s.Standing[x.ID])
}

// translate says a message in the reader's language.
type translate func(msg string, args ...any) string

func itemOf(t translate, x Record, where string, s Standing) ItemView {
	v := ItemView{
		ID: x.ID, Order: x.Order, Number: x.Number, Name: t(x.Name), Category: Ref{ID: x.Category}, Place: Ref{x.Place, where},
		Day: x.Day().String(), StartedAt: x.StartedAt.In(calendar.Zone()), EndedAt: x.EndedAt.In(calendar.Zone()),
		Minutes: x.Minutes, Grade: x.Grade, Content: t(x.Content), Source: string(x.Kind), Organiser: Ref{ID: x.Organiser},
		InCharge: Ref{ID: x.InCharge}, EnteredBy: Ref{ID: x.EnteredBy}, EnteredAt: x.EnteredAt.In(calendar.Zone()),
		Satisfaction: x.Satisfaction, Standing: string(s), Replaces: x.Replaces, Reason: x.Reason,
	}
	if !x.CountsAt.IsZero() {
		at := x.CountsAt.In(calendar.Zone())
		v.CountsAt = &at
	}
	if service, ok := category.ByID(x.Category); ok {
		v.Category.Name = t(service.Name)
	}
	return v
}

// viewOne is one row as JSON, inside the transaction that made it.
func viewOne(tx *db.Tx, x Record) (ItemView, error) {
	places, err := labels(tx, []Record{x})
	if err != nil {
		return ItemView{}, err
	}
	state, err := standing(tx, []Record{x})
	if err != nil {
		return ItemView{}, err
	}
	v := itemOf(say(tx), x, places[x.Place], state[x.ID])
	known := newNames()
	if err := known.learn(tx, x.District, []Record{x}); err != nil {
		return v, err
	}
	known.into(&v)
	return v, nil
}

// say is translate inside a transaction.
func say(tx *db.Tx) translate {
	return func(msg string, args ...any) string { return ui.T(tx.Context(), msg, args...) }
}

// pageHref is where a page of a list is.
func pageHref(base string, in Period, cursor string) string {
	if cursor == "" {
		return ""
	}
	q := in.query()
	q.Set("cursor", cursor)
	return base + "?" + q.Encode()
}

type exportInput struct {
	Format format `json:"format" label:"哪种文件"`
	spanInput
}

// format is a kind of file that one's own record can be taken along in.
type format string

const asJSON format = "json"

// Enum lists the values for the decoder of requests.
func (format) Enum() []string {
	return []string{string(transfer.XLSX), string(transfer.CSV), string(asJSON)}
}

func (h *Handlers) export(_ *web.Request, in exportInput) (exportInput, error) {
	if in.Format == "" {
		in.Format = format(transfer.XLSX)
	}
	return in, nil
}
