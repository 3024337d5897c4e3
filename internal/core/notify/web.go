package notify

import (
	"net/url"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/notify/page"
	"linli/internal/core/ui"
	"linli/internal/kit/web"
)

// Handlers answers requests about notices.
type Handlers struct{ notices *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{notices: s} }

const tag = "我的"

// Routes lists what can be asked. Looking at the page reads what it shows; the API
// says itself what was read.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Name: "notice.look", Method: "GET", Page: "/me/notices", Permission: string(access.SignedIn), Handle: web.Action(h.look).Page(h.lookPage)},
		{Name: "notice.list", Method: "GET", API: "/api/v1/me/notices", Permission: string(access.SignedIn),
			Summary: "给我的消息，新的在前", Tag: tag, Handle: web.Action(h.list)},
		{Name: "notice.read", Method: "POST", API: "/api/v1/me/notices/reading", Permission: string(access.SignedIn),
			Summary: "到哪一条为止都看过了", Tag: tag, Handle: web.Action(h.read)},
	}
}

// View is a notice as the API shows it.
type View struct {
	No   int64     `json:"no" doc:"第几号，越新越大"`
	At   time.Time `json:"at" doc:"什么时候的事"`
	Text string    `json:"text" doc:"一句话，用请求的语言"`
	Link string    `json:"link,omitempty" doc:"在哪一页看详细的"`
	Read bool      `json:"read" doc:"看过没有"`
}

// ListView is a page of notices.
type ListView struct {
	Items  []View   `json:"items"`
	Unread int      `json:"unread" doc:"还有几条没看，最多数到 99"`
	Next   web.Next `json:"next" doc:"下一页的位置，放进 cursor；null 就是到头了"`
}

func (h *Handlers) list(r *web.Request, in web.Paging) (ListView, error) {
	before, _, err := web.DecodeCursor[Cursor](in.Cursor)
	if err != nil {
		return ListView{}, err
	}
	p, err := h.notices.Mine(r.Context(), access.Of(r), before, in.Size(usual))
	return p.view(r), err
}

func (p Page) view(r *web.Request) ListView {
	out := ListView{Items: []View{}, Unread: p.Unread, Next: p.next()}
	for _, n := range p.Items {
		out.Items = append(out.Items, View{No: n.No, At: n.At.In(calendar.Zone()), Text: n.Say(r.Context()), Link: n.Link, Read: !n.ReadAt.IsZero()})
	}
	return out
}

func (p Page) next() web.Next {
	if !p.More {
		return ""
	}
	return web.EncodeCursor(Cursor{No: p.Items[len(p.Items)-1].No})
}

type readInput struct {
	Until int64 `json:"until" label:"到哪一条" required:"true" minimum:"1" doc:"最新看过的那条的 no"`
}

func (h *Handlers) read(r *web.Request, in readInput) (Left, error) {
	return h.notices.Read(r.Context(), access.Of(r), in.Until)
}

// usual is how many notices stand on one page.
const usual = 30

// looked is what the page shows.
type looked struct {
	Page
	first bool
}

func (h *Handlers) look(r *web.Request, in web.Paging) (looked, error) {
	before, _, err := web.DecodeCursor[Cursor](in.Cursor)
	if err != nil {
		return looked{}, err
	}
	p, err := h.notices.Look(r.Context(), access.Of(r), before, in.Size(usual))
	return looked{p, in.Cursor == ""}, err
}

func (h *Handlers) lookPage(r *web.Request, l looked) web.Answer {
	out := page.Notices{}
	for _, n := range l.Items {
		out.Items = append(out.Items, page.Notice{
			Text: n.Say(r.Context()), Href: n.Link, When: ui.When(r.Context(), n.At), Fresh: n.ReadAt.IsZero(),
		})
	}
	if !l.first {
		out.Pages.First = "/me/notices"
	}
	if next := l.next(); next != "" {
		out.Pages.Next = "/me/notices?cursor=" + url.QueryEscape(string(next))
	}
	return web.HTML(page.NoticesPage(out))
}
