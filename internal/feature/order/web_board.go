package order

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/category"
	"linli/internal/core/ui"
	"linli/internal/feature/order/page"
	"linli/internal/kit/web"
)

type boardInput struct {
	Place string `json:"place" label:"社区"`
	Query string `json:"q" label:"找单子" maxLength:"50"`
	Kind  string `json:"kind" label:"服务类型"`
	Pick  string `json:"pick" label:"哪一单"`
}

// ticketsShown is how many tickets an open column shows; the rest is a number.
const ticketsShown = 4

func (h *Handlers) board(r *web.Request, in boardInput) (BoardView, error) {
	return h.orders.Board(r.Context(), access.Of(r), BoardFilter(in))
}

func (h *Handlers) boardPage(r *web.Request, v BoardView) web.Answer {
	m := boardModel(r, v)
	if r.Partial() {
		return web.HTML(page.BoardLive(m))
	}
	for i, section := range h.planned {
		c, err := section(r, v.In.Place)
		switch {
		case err != nil:
			return web.Failed(err)
		case c == nil:
		case i == 0:
			m.Above = append(m.Above, c)
		default:
			m.Below = append(m.Below, c)
		}
	}
	return web.HTML(page.BoardPage(m))
}

func boardModel(r *web.Request, v BoardView) page.Board {
	b := page.Board{
		Title: r.T("派单"), Query: v.In.Query, Kind: v.In.Kind, Place: v.In.Place,
		Line: r.T("%s。%d 单等您派。", ui.Date(r.Context(), v.Now), v.Counts[ui.New]),
		New:  "/persons?place=" + url.QueryEscape(v.In.Place) + "&for=order", Events: "/board/events?place=" + url.QueryEscape(v.In.Place),
		Self: "/board?" + boardQuery(v.In),
	}
	if v.Late > 0 {
		b.Late = r.T("其中 %d 单超时", v.Late)
	}
	for _, p := range v.Places {
		b.Places = append(b.Places, ui.Option{Value: p.ID, Text: p.Name})
	}
	for _, s := range category.All() {
		if !s.IsTop() && slices.Contains(v.Kinds, s.ID) {
			b.Kinds = append(b.Kinds, ui.Option{Value: s.ID, Text: r.T(s.Name)})
		}
	}
	b.Columns = boardColumns(r, v)
	for _, c := range v.Calls {
		b.Calls = append(b.Calls, page.Call{
			Name: c.Name, Why: callWords(r, c.Why), Href: "/orders/" + c.Order, Masked: c.Phone, Make: callPath(c),
		})
	}
	for _, rate := range v.Rates {
		b.Rates = append(b.Rates, page.Rate{Label: r.T(rate.Label), N: rate.N, Of: rate.Of, Unanswered: rate.Unanswered})
	}
	if v.Picked != nil {
		b.Pick = pickModel(r, v)
	}
	return b
}

func boardQuery(in BoardFilter) string {
	q := url.Values{}
	for name, value := range map[string]string{"place": in.Place, "q": in.Query, "kind": in.Kind, "pick": in.Pick} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q.Encode()
}

func boardColumns(r *web.Request, v BoardView) []page.Column {
	titles := []struct {
		state ui.State
		title string
		shut  bool
	}{
		{ui.New, "待派单", false}, {ui.Sent, "待接单", false}, {ui.Doing, "在办", false}, {ui.Rate, "待评单", true}, {ui.Done, "本月办好", true},
	}
	var out []page.Column
	for _, t := range titles {
		orders := v.Columns[t.state]
		col := page.Column{Col: ui.Col{
			ID: "col-" + string(t.state), State: t.state, Title: r.T(t.title), Count: v.Counts[t.state], Shut: t.shut,
			Href: "/orders?state=" + columnState(t.state),
		}}
		col.Col.More, col.Col.MoreHref = max(0, v.Counts[t.state]-min(len(orders), ticketsShown)), "/orders?place="+url.QueryEscape(v.In.Place)
		for _, o := range orders[:min(len(orders), ticketsShown)] {
			col.Tickets = append(col.Tickets, ticketOf(r, v, o))
		}
		out = append(out, col)
	}
	return out
}

func columnState(s ui.State) string {
	if s == ui.Rate {
		return string(Finished)
	}
	return string(Evaluated)
}

func ticketOf(r *web.Request, v BoardView, o View) page.Ticket {
	in := v.In
	in.Pick = o.ID
	soft := whenText(r, o)
	if len(o.People) > 0 {
		soft += r.T("，") + o.People[0].Name
	}
	t := page.Ticket{At: ui.StateOf(string(o.State)), Data: ui.TicketData{
		Href: "/board?" + boardQuery(in) + "#pick", Title: o.Title, Line: forWords(r, o, v.Now), Soft: soft, Current: v.In.Pick == o.ID,
	}}
	switch {
	case o.Escalated:
		t.Late = r.T("%s，报街道了", waited(r, v.Now.Sub(o.CreatedAt)))
	case o.Late:
		t.Late = waited(r, v.Now.Sub(o.CreatedAt))
	case o.NeedsCheck:
		t.Word = r.T("要先核实")
	case o.State == Returned:
		t.Word = r.T("退回来的")
	case o.State == Accepted || o.State == Serving:
		t.Word = t.At.Word(r.Context(), ui.Station)
	}
	return t
}

func forWords(r *web.Request, o View, _ time.Time) string {
	if o.age > 0 {
		return r.T("%s，%d 岁", o.For.Name, o.age)
	}
	return o.For.Name
}

func waited(r *web.Request, d time.Duration) string {
	if d >= 48*time.Hour {
		return r.T("等了 %d 天", int(d.Hours()/24))
	}
	return r.T("等了 %d 小时", int(d.Hours()))
}

// pickModel is the chosen order with those who could be asked.
func pickModel(r *web.Request, v BoardView) *page.Pick {
	o := *v.Picked
	p := &page.Pick{
		Href: "/orders/" + o.ID, Title: o.Title, Notices: o.Notices, Risk: o.Risk, Asked: askedLines(r, o),
		Text: strings.Join([]string{forWords(r, o, v.Now), o.Place.Name, whenText(r, o), r.T("“%s”", o.Text)}, r.T("，")),
		Note: r.T("按技能、路程、忙不忙、熟不熟四项排，一样重。名次只供参考，您来定。"),
	}
	for _, b := range buttons(r, o) {
		if b.Label != r.T("派单") {
			p.Buttons = append(p.Buttons, b)
		}
	}
	if !can(o, StepOffers) {
		return p
	}
	p.Offers = "/orders/" + o.ID + "/offers"
	for i, c := range v.Candidates.Items {
		p.Candidates = append(p.Candidates, candidateModel(r, c, i == 0 && !o.NeedsCheck))
	}
	for _, left := range v.Candidates.LeftOut {
		var why []string
		for _, reason := range left.Reasons {
			why = append(why, reason.Text)
		}
		p.LeftOut = append(p.LeftOut, ui.Passed{Name: left.Name, Why: strings.Join(why, r.T("，"))})
	}
	return p
}

func candidateModel(r *web.Request, c CandidateView, best bool) page.Candidate {
	m := page.Candidate{
		Value: c.Kind + ":" + c.ID, Verb: r.T("派给%s", c.Name), Name: c.Name, Look: "/persons/" + c.ID + "/disclosures/new",
		Data: ui.CandidateData{Name: c.Name, Sub: r.T("志愿者"), Best: best},
	}
	if c.Kind == KindTeam {
		m.Data.Sub = r.T("队伍")
		m.Phone, m.Look = ui.Phone(c.Phone), ""
	}
	for _, reason := range c.Reasons {
		m.Data.Why = append(m.Data.Why, ui.Reason{Label: r.T(ReasonLabel(reason.Kind)), Text: reason.Text, Full: reason.Full})
	}
	return m
}

// ReasonLabel is the word over a reason, a message id.
func ReasonLabel(kind string) string {
	return map[string]string{"skill": "技能", "walk": "路程", "load": "忙不忙", "continuity": "熟不熟", "rest": "歇没歇", "time": "空不空"}[kind]
}

func (h *Handlers) offered(r *web.Request, v View) web.Answer {
	open := 0
	for _, f := range v.Offers {
		if f.State == OfferOpen {
			open++
		}
	}
	return web.SeeWithNote("/board?pick="+v.ID, r.T("派出去了，正问 %d 处。谁先答应谁来。", open))
}

type watchInput struct {
	Place string `json:"place"`
}

// watch finds the district of the board that is to be followed.
func (h *Handlers) watch(r *web.Request, in watchInput) (int, error) {
	return h.orders.BoardDistrict(r.Context(), access.Of(r), in.Place)
}

func (h *Handlers) boardEvents(_ *web.Request, district int) web.Answer {
	return web.Events(func(ctx context.Context, s *web.Stream) error { return h.follow(ctx, district, s, "board") })
}

// follow says each time that the district moves on.
func (h *Handlers) follow(ctx context.Context, district int, s *web.Stream, name string) error {
	news, stop := h.hub.Watch(district)
	defer stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case no := <-news:
			if err := s.Send(strconv.FormatInt(no, 10), name, "{}"); err != nil {
				return err
			}
		}
	}
}
