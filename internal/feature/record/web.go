package record

import (
	"net/url"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/transfer"
	"linli/internal/kit/web"
)

// Handlers answers requests about records: each route is one service call.
type Handlers struct{ records *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{records: s} }

// Routes lists what can be asked of records.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Name: "me.desk", Method: "GET", Page: "/me", Permission: string(access.SignedIn), Handle: web.Action(h.desk).Page(h.deskPage)},
		{Name: "record.mine", Method: "GET", Page: "/me/record", API: "/api/v1/me/record", Permission: string(access.SignedIn),
			Summary: "我的服务记录：一共多少分钟，按证据分，一次一次", Tag: "我的", Handle: web.Action(h.mine).Page(h.minePage)},
		{Name: "record.export", Method: "GET", Page: "/me/record/export", Permission: string(access.SignedIn), Timeout: time.Minute,
			Handle: web.Action(h.export).Page(h.exportFile)},
		{Name: "record.show", Method: "GET", Page: "/persons/{id}/record", API: "/api/v1/persons/{id}/record", Permission: string(access.RecordRead),
			Summary: "一位志愿者的服务记录", Tag: "居民¦们", Handle: web.Action(h.show).Page(h.showPage)},
	}
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
}

// View is somebody's record.
type View struct {
	Minutes  int64      `json:"minutes" doc:"一共几分钟"`
	ThisYear int64      `json:"this_year" doc:"今年几分钟"`
	ByGrade  ByGrade    `json:"by_grade"`
	Count    int64      `json:"count" doc:"一共几次"`
	Items    []ItemView `json:"items" doc:"新的在前"`
	Next     web.Next   `json:"next" doc:"下一页的位置，放进 cursor；null 就是到头了"`

	sheet Sheet
	first bool
}

// usual is how many records stand on one page.
const usual = 20

func (h *Handlers) mine(r *web.Request, in web.Paging) (View, error) {
	before, _, err := web.DecodeCursor[Cursor](in.Cursor)
	if err != nil {
		return View{}, err
	}
	s, err := h.records.Mine(r.Context(), access.Of(r), before, in.Size(usual))
	return s.view(r, in), err
}

type showInput struct {
	ID string `path:"id"`
	web.Paging
}

func (h *Handlers) show(r *web.Request, in showInput) (View, error) {
	before, _, err := web.DecodeCursor[Cursor](in.Cursor)
	if err != nil {
		return View{}, err
	}
	s, err := h.records.Show(r.Context(), access.Of(r), in.ID, before, in.Size(usual))
	return s.view(r, in.Paging), err
}

func (s Sheet) view(r *web.Request, in web.Paging) View {
	v := View{
		Minutes: s.Summary.Total, ThisYear: s.Summary.Year, Count: s.Summary.Count, Items: []ItemView{}, sheet: s, first: in.Cursor == "",
		ByGrade: ByGrade{s.Summary.Grade["A"], s.Summary.Grade["B"], s.Summary.Grade["C"], s.Summary.Grade["M"]},
	}
	for _, x := range s.Items {
		v.Items = append(v.Items, s.item(r, x))
	}
	if s.More {
		v.Next = web.EncodeCursor(s.Next())
	}
	return v
}

func (s Sheet) item(r *web.Request, x Record) ItemView {
	v := ItemView{
		ID: x.ID, Order: x.Order, Number: x.Number, Name: r.T(x.Name), Category: Ref{ID: x.Category}, Place: Ref{x.Place, s.Places[x.Place]},
		Day: x.Day().String(), StartedAt: x.StartedAt.In(calendar.Zone()), EndedAt: x.EndedAt.In(calendar.Zone()),
		Minutes: x.Minutes, Grade: x.Grade, Content: r.T(x.Content),
	}
	if service, ok := category.ByID(x.Category); ok {
		v.Category.Name = r.T(service.Name)
	}
	return v
}

// pageHref is where a page of a list is.
func pageHref(base, cursor string) string {
	if cursor == "" {
		return ""
	}
	return base + "?cursor=" + url.QueryEscape(cursor)
}

type exportInput struct {
	Format format `json:"format" label:"哪种文件"`
}

// format is a kind of file that one's own record can be taken along in.
type format string

const asJSON format = "json"

// Enum lists the values for the decoder of requests.
func (format) Enum() []string {
	return []string{string(transfer.XLSX), string(transfer.CSV), string(asJSON)}
}

func (h *Handlers) export(_ *web.Request, in exportInput) (format, error) {
	if in.Format == "" {
		return format(transfer.XLSX), nil
	}
	return in.Format, nil
}
