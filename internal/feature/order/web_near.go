package order

import (
	"slices"

	"linli/internal/core/access"
	"linli/internal/core/category"
	"linli/internal/core/process"
	"linli/internal/core/ui"
	"linli/internal/feature/order/page"
	"linli/internal/kit/web"
)

// nearData is what the volunteer's list shows.
type nearData struct {
	In    nearInput
	Mine  []View
	Asked []AskedView
	Open  []NearView
	Skill []string
}

type nearInput struct {
	Skill bool `json:"skill"`
	Close bool `json:"close"`
}

const nearMinutes = 10

func (h *Handlers) near(r *web.Request, in nearInput) (d nearData, err error) {
	who := access.Of(r)
	d.In = in
	if d.Mine, _, err = h.orders.List(r.Context(), who, Filter{Mine: true, States: []process.State{Dispatched, Accepted, Serving}, Limit: 20}); err != nil {
		return d, err
	}
	if d.Asked, err = h.orders.Asked(r.Context(), who, 20); err != nil {
		return d, err
	}
	if d.Open, err = h.orders.Nearby(r.Context(), who); err != nil {
		return d, err
	}
	d.Skill, err = h.orders.SkillsOf(r.Context(), who)
	return d, err
}

func (h *Handlers) nearPage(r *web.Request, d nearData) web.Answer {
	who := access.Of(r).Person
	n := page.Nearby{Skill: d.In.Skill, Close: d.In.Close}
	for _, v := range d.Mine {
		if slices.ContainsFunc(v.People, func(p PersonView) bool { return p.ID == who && p.State == Active }) {
			n.Mine = append(n.Mine, promised(r, v))
		}
	}
	for _, a := range d.Asked {
		if a.State == OfferOpen {
			b := nearBrief(r, a.Of, -1)
			b.Offer = r.T("请在 %s 前答复。", ui.Moment(r.Context(), a.AnswerBy))
			n.Asked = append(n.Asked, b)
		}
	}
	for _, v := range d.Open {
		if v.mine == nil && !(d.In.Skill && !slices.Contains(d.Skill, v.Category.ID)) && !(d.In.Close && (v.Minutes < 0 || v.Minutes > nearMinutes)) {
			n.Open = append(n.Open, nearBrief(r, v.View, v.Minutes))
		}
	}
	return web.HTML(page.NearbyPage(n))
}

// promised is an order that the volunteer has accepted: where, when, and the one
// thing to press.
func promised(r *web.Request, v View) page.Brief {
	b := brief(r, v, ui.Volunteer)
	b.Line = r.T("%s，%s", v.For.Name, firstOf(v.Address, v.Place.Name))
	verb := r.T("到了，签到")
	if v.State == Serving {
		verb = r.T("办完，签退")
	}
	b.Buttons = []page.Button{{Label: verb, Href: "/orders/" + v.ID + "/presence", Primary: true, Icon: ui.GlyphQr}}
	if v.Phone != "" {
		b.Buttons = append(b.Buttons, page.Button{Label: r.T("打电话"), Href: ui.Phone(v.Phone).Href(), Icon: ui.GlyphPhone})
	}
	return b
}

// nearBrief is an order that may be taken.
func nearBrief(r *web.Request, v View, minutes int) page.Brief {
	b := brief(r, v, ui.Volunteer)
	if v.mine == nil {
		b.State, b.Word = ui.New, ui.New.Word(r.Context(), ui.Volunteer)
	}
	if minutes >= 0 {
		b.Way = onFoot(r, minutes)
	}
	if s, ok := category.ByID(v.Category.ID); ok {
		b.Lasts = r.T("约 %s", ui.Duration(r.Context(), int64(s.Minutes)))
	}
	b.Soft = v.Text
	b.Buttons = []page.Button{
		{Label: r.T("我来接"), Action: "/orders/" + v.ID + "/acceptance", Primary: true},
		{Label: r.T("看看详情"), Href: "/orders/" + v.ID},
	}
	return b
}

// onFoot is a way in words; less than a minute is no way at all.
func onFoot(r *web.Request, minutes int) string {
	if minutes == 0 {
		return r.T("就在跟前")
	}
	return r.T("走 %d 分钟", minutes)
}
