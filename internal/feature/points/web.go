package points

import (
	"net/url"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/ui"
	"linli/internal/feature/points/page"
	"linli/internal/kit/web"
)

// Handlers answers requests about points.
type Handlers struct{ points *Service }

// NewHandlers makes the handlers of a service.
func NewHandlers(s *Service) *Handlers { return &Handlers{points: s} }

// Routes lists what can be asked of points.
func (h *Handlers) Routes() []web.Route {
	return []web.Route{
		{Name: "points.mine", Method: "GET", Page: "/me/points", API: "/api/v1/me/points", Permission: string(access.SignedIn),
			Summary: "我的积分：还有多少，一笔一笔怎么来的", Tag: "我的", Handle: web.Action(h.mine).Page(h.minePage)},
	}
}

// EntryView is one movement of points.
type EntryView struct {
	At      time.Time `json:"at" doc:"什么时候记的"`
	Memo    string    `json:"memo" doc:"为什么" example:"理发"`
	Amount  int64     `json:"amount" doc:"几分，扣掉的是负数"`
	Balance int64     `json:"balance" doc:"记完以后有多少分"`
	Source  string    `json:"source" doc:"凭什么记的，同一件事只记一次" example:"visit:019aa2e0-…"`
}

// View is one's points.
type View struct {
	Balance int64       `json:"balance" doc:"现在有多少分"`
	PerHour int64       `json:"per_hour" doc:"服务一小时记几分，是社区的规矩"`
	Items   []EntryView `json:"items" doc:"新的在前"`
	Next    web.Next    `json:"next" doc:"下一页的位置，放进 cursor；null 就是到头了"`

	first bool
}

// usual is how many movements stand on one page.
const usual = 30

func (h *Handlers) mine(r *web.Request, in web.Paging) (View, error) {
	before, _, err := web.DecodeCursor[Cursor](in.Cursor)
	if err != nil {
		return View{}, err
	}
	s, err := h.points.Mine(r.Context(), access.Of(r), before, in.Size(usual))
	v := View{Balance: s.Balance, PerHour: s.PerHour, Items: []EntryView{}, first: in.Cursor == ""}
	for _, l := range s.Lines {
		v.Items = append(v.Items, EntryView{
			At: l.At.In(calendar.Zone()), Memo: r.T(l.Memo), Amount: l.Amount, Balance: l.Balance, Source: strings.TrimSuffix(l.Source, ":"+Points),
		})
	}
	if s.More {
		v.Next = web.EncodeCursor(s.Next())
	}
	return v, err
}

func (h *Handlers) minePage(r *web.Request, v View) web.Answer {
	out := page.Points{Balance: v.Balance, PerHour: v.PerHour}
	for _, e := range v.Items {
		out.Items = append(out.Items, page.Entry{
			Memo: e.Memo, When: ui.FullDate(r.Context(), e.At), Amount: e.Amount, Balance: ui.Number(e.Balance),
		})
	}
	if !v.first {
		out.Pages.First = "/me/points"
	}
	if v.Next != "" {
		out.Pages.Next = "/me/points?cursor=" + url.QueryEscape(string(v.Next))
	}
	return web.HTML(page.PointsPage(out))
}
