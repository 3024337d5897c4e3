package exchange

import (
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/transfer"
	"linli/internal/core/ui"
	"linli/internal/feature/exchange/page"
	"linli/internal/kit/web"
)

func (h *Handlers) cataloguePage(r *web.Request, c catalogued) web.Answer {
	return web.HTML(page.CataloguePage(catalogueOf(r, c, ui.Form{})))
}

func (h *Handlers) takeAgain(r *web.Request, _ byID, p *web.Problem) web.Answer {
	c, err := h.catalogue(r, placeInput{})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.CataloguePage(catalogueOf(r, c, ui.Refused(r, p))))
}

func catalogueOf(r *web.Request, c catalogued, form ui.Form) page.Catalogue {
	s := c.shelf
	out := page.Catalogue{
		Title: r.T("积分换东西，%s", s.Place.Name), Form: form, Spendable: s.Purse.Spendable(), Manages: s.Manages, Place: s.Place.ID, Own: s.Own,
		Year: s.Year, Gate: s.Gate, Open: s.Year >= s.Gate,
	}
	for _, v := range c.Items {
		offered := s.Own && v.Active && v.Stock > 0 && out.Open
		out.Items = append(out.Items, page.Reward{
			ID: v.ID, Name: v.Name, About: v.About, Points: r.T("%d 分", v.Points), Where: whereText(r, v.Merchant, v.Place), Hours: v.Hours,
			Left: leftText(r, v), Wished: v.Wished, Off: !v.Active, Can: offered && v.Points <= out.Spendable,
			Verb: r.T("换一张%s", v.Name), Most: mostText(r, v.MonthMost), Short: shortText(r, offered, v.Points-out.Spendable),
		})
	}
	return out
}

// shortText says how many points are missing for what is offered.
func shortText(r *web.Request, offered bool, missing int64) string {
	if !offered || missing <= 0 {
		return ""
	}
	return r.T("还差 %d 分。", missing)
}

func whereText(r *web.Request, merchant *Ref, at Ref) string {
	if merchant == nil {
		return r.T("%s服务站", at.Name)
	}
	return merchant.Name
}

func leftText(r *web.Request, v RewardView) string {
	if v.Stock == 0 {
		return r.T("换完了")
	}
	return r.T("还有 %d 份", v.Stock)
}

func mostText(r *web.Request, n int) string {
	if n == 0 {
		return ""
	}
	return r.T("一个月最多换 %d 张", n)
}

func (h *Handlers) rewardFormPage(r *web.Request, c choices) web.Answer {
	return web.HTML(page.RewardPage(newReward(r, c, ui.Form{})))
}

func (h *Handlers) addRewardAgain(r *web.Request, in NewReward, p *web.Problem) web.Answer {
	c, err := h.rewardForm(r, rewardFormInput{placeInput{in.Place}, in.Wish, in.Name})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.RewardPage(newReward(r, c, ui.Refused(r, p))))
}

func newReward(r *web.Request, c choices, form ui.Form) page.RewardForm {
	out := page.RewardForm{
		Title: r.T("上架一样能换的东西"), Action: "/rewards", Verb: r.T("上架"), Place: c.place.ID, Wish: c.in.Wish, Form: form, New: true,
		Values: map[string]string{"name": c.in.Name, "active": "on"}, Merchants: []ui.Option{{Text: r.T("服务站自己给")}},
	}
	for _, m := range c.merchants {
		out.Merchants = append(out.Merchants, ui.Option{Value: m.ID, Text: m.Name})
	}
	return out
}

func (h *Handlers) rewardEditPage(r *web.Request, v RewardView) web.Answer {
	return web.HTML(page.RewardPage(oldReward(r, v, ui.Form{})))
}

func (h *Handlers) editRewardAgain(r *web.Request, in editInput, p *web.Problem) web.Answer {
	v, err := h.reward(r, byID{in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.RewardPage(oldReward(r, v, ui.Refused(r, p))))
}

func oldReward(r *web.Request, v RewardView, form ui.Form) page.RewardForm {
	out := page.RewardForm{
		Title: r.T("改%s", v.Name), Action: "/rewards/" + v.ID, Verb: r.T("改好了"), Place: v.Place.ID, Form: form,
		Values: map[string]string{
			"name": v.Name, "about": v.About, "points": strconv.FormatInt(v.Points, 10), "stock": strconv.FormatInt(v.Stock, 10),
			"month_most": strconv.Itoa(v.MonthMost), "hours": v.Hours,
		},
	}
	if v.Active {
		out.Values["active"] = "on"
	}
	return out
}

func (h *Handlers) rewardSaved(note string) func(*web.Request, RewardView) web.Answer {
	return func(r *web.Request, v RewardView) web.Answer {
		return web.SeeWithNote("/exchange?place="+v.Place.ID, r.T(note))
	}
}

func (h *Handlers) taken(r *web.Request, v CouponView) web.Answer {
	return web.SeeWithNote("/coupons/"+v.ID, r.T("换好了，用的时候给店里看这一页。"))
}

func (h *Handlers) minePage(r *web.Request, l web.List[CouponView]) web.Answer {
	var out page.Coupons
	for _, v := range l.Items {
		row := page.CouponRow{Href: "/coupons/" + v.ID, Name: v.Name, Where: whereText(r, v.Merchant, v.Place), State: stateMark(v.State), Word: r.T(v.State.Label()),
			When: r.T("能用到 %s", ui.FullDate(r.Context(), v.LastDay.Start()))}
		if v.EndedAt != nil {
			row.When = ui.FullDate(r.Context(), *v.EndedAt)
		}
		if v.State == Open {
			out.Open = append(out.Open, row)
		} else {
			out.Past = append(out.Past, row)
		}
	}
	return web.HTML(page.CouponsPage(out))
}

func stateMark(s State) ui.State {
	if s == Open {
		return ui.New
	}
	return ui.Done
}

func (h *Handlers) couponPage(r *web.Request, v CouponView) web.Answer {
	out := page.Coupon{
		Name: v.Name, Number: v.Number, Open: v.State == Open, Word: r.T(v.State.Label()), State: stateMark(v.State), Return: "/coupons/" + v.ID + "/return",
		Points: v.Points,
		Facts: []ui.Fact{
			{Term: r.T("在哪里用"), Text: whereText(r, v.Merchant, v.Place)},
			{Term: r.T("最后一天"), Text: ui.FullDate(r.Context(), v.LastDay.Start())},
			{Term: r.T("用了几分"), Text: r.T("%d 分", v.Points)},
		},
	}
	if v.Hours != "" {
		out.Facts = append(out.Facts, ui.Fact{Term: r.T("什么时候能用"), Text: v.Hours})
	}
	if out.Open {
		code, err := page.NewQR(origin(r) + "/till?c=" + url.QueryEscape(v.Code))
		if err != nil {
			return web.Failed(err)
		}
		out.QR = code
	}
	return web.HTML(page.CouponPage(out))
}

// origin is where the reader sees this site.
func origin(r *web.Request) string {
	if r.Secure() {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

func (h *Handlers) gaveBack(r *web.Request, v CouponView) web.Answer {
	return web.SeeWithNote("/me/coupons", r.T("退了，%d 分回到您的积分里。", v.Points))
}

func (h *Handlers) tillPage(r *web.Request, v TillView) web.Answer {
	return web.HTML(page.TillPage(tillOf(r, v, ui.Form{})))
}

// tillAgain shows the till although the code that was scanned is of no use.
func (h *Handlers) tillAgain(r *web.Request, _ tillInput, p *web.Problem) web.Answer {
	return h.tillWith(r, ui.Refused(r, p))
}

func (h *Handlers) redeemAgain(r *web.Request, _ Redemption, p *web.Problem) web.Answer {
	return h.tillWith(r, ui.Refused(r, p))
}

func (h *Handlers) tillWith(r *web.Request, form ui.Form) web.Answer {
	v, err := h.till(r, tillInput{})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.TillPage(tillOf(r, v, form)))
}

func tillOf(r *web.Request, v TillView, form ui.Form) page.Till {
	out := page.Till{Key: v.Key, Lists: strings.Join(v.Lists, " "), Form: form, Code: v.code, Recent: uses(r, v.Recent)}
	var names []string
	for _, t := range v.tills {
		names = append(names, t.Name)
		out.Keys = append(out.Keys, tillKey(t.Merchant, t.Place))
		if t.Merchant != "" {
			out.Statements = append(out.Statements, ui.Link{Text: r.T("%s的对账单", t.Name), Href: "/merchants/" + t.Merchant})
		}
	}
	out.Title = r.T("收券，%s", strings.Join(names, r.T("、")))
	if v.Seen != nil {
		out.Seen = &page.Seen{Name: v.Seen.Name, Number: v.Seen.Number, Open: v.Seen.State == Open, Word: r.T(v.Seen.State.Label()), State: stateMark(v.Seen.State),
			Until: r.T("能用到 %s", ui.FullDate(r.Context(), v.Seen.LastDay.Start()))}
	}
	return out
}

func uses(r *web.Request, all []UseView) (out []page.Use) {
	for _, u := range all {
		row := page.Use{ID: u.ID, Name: u.Name, Number: u.Number, When: ui.FullDate(r.Context(), u.At) + " " + hour(u.At), Points: r.T("%d 分", u.Points),
			Good: u.Outcome == Good, Word: r.T(u.Outcome.Label()), Offline: u.Offline, Settled: u.Settled, Words: u.Words}
		if u.Bearer != "" {
			row.Bearer, row.By = r.T(u.Bearer.Label()), string(u.Bearer)
		}
		if u.Merchant != nil {
			row.Merchant = u.Merchant.Name
		}
		if u.FirstAt != nil {
			row.First = r.T("第一次是 %s", ui.FullDate(r.Context(), *u.FirstAt)+" "+hour(*u.FirstAt))
		}
		out = append(out, row)
	}
	return out
}

func (h *Handlers) redeemed(r *web.Request, v UseView) web.Answer {
	if v.Outcome != Good {
		return web.SeeWithNote("/till", r.T("记下了，可这张券以前用过：%s。", r.T(v.Bearer.Label())))
	}
	return web.SeeWithNote("/till", r.T("收下了：%s。可以给东西了。", v.Name))
}

func (h *Handlers) statementPage(r *web.Request, st Statement) web.Answer {
	return web.HTML(page.StatementPage(statementOf(r, st, ui.Form{})))
}

func (h *Handlers) appointAgain(r *web.Request, in contactInput, p *web.Problem) web.Answer {
	st, err := h.statement(r, statementInput{ID: in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.StatementPage(statementOf(r, st, ui.Refused(r, p))))
}

func statementOf(r *web.Request, st Statement, form ui.Form) page.Statement {
	self := "/merchants/" + st.Merchant.ID
	out := page.Statement{
		Title: r.T("%[1]s，%[2]s对账单", st.Merchant.Name, ui.Written(r.Context(), st.Month)), Self: self, Month: st.Month, File: self + "/statement?month=" + st.Month,
		Coupons: r.T("%d 张券", st.Coupons), Points: r.T("%d 分", st.Points), Uses: uses(r, st.Uses), Form: form, May: st.may,
	}
	for _, l := range st.Lines {
		out.Lines = append(out.Lines, page.Line{Name: l.Name, Coupons: strconv.Itoa(l.Coupons), Points: ui.Number(l.Points)})
	}
	if from, _, err := monthOf(st.Month); err == nil {
		out.Before, out.After = self+"?month="+shift(from, -1), self+"?month="+shift(from, 1)
	}
	for _, c := range st.contacts {
		out.Contacts = append(out.Contacts, page.Contact{Name: c.Name, Dismiss: self + "/contacts/" + c.Person + "/removal", Said: r.T("去掉：%s", c.Name)})
	}
	return out
}

func shift(from time.Time, months int) string {
	return calendar.DayOf(from.AddDate(0, months, 0)).String()[:7]
}

func (h *Handlers) statementFile(r *web.Request, st Statement) web.Answer {
	name := statementForm().Title + " " + st.Merchant.Name + " " + st.Month + ".xlsx"
	return web.File(name, transfer.XLSX.MediaType(), func(w io.Writer) error { return st.write(r, w) })
}

func (h *Handlers) appointed(note string) func(*web.Request, Ref) web.Answer {
	return func(r *web.Request, m Ref) web.Answer { return web.SeeWithNote("/merchants/"+m.ID, r.T(note)) }
}

func (h *Handlers) wishesPage(r *web.Request, p polled) web.Answer {
	return web.HTML(page.WishesPage(wishesOf(r, p, ui.Form{})))
}

func (h *Handlers) wishAgain(r *web.Request, _ wishInput, problem *web.Problem) web.Answer {
	p, err := h.wishes(r, placeInput{})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.WishesPage(wishesOf(r, p, ui.Refused(r, problem))))
}

func wishesOf(r *web.Request, p polled, form ui.Form) page.Wishes {
	out := page.Wishes{Title: r.T("%s想换什么", p.poll.Place.Name), Form: form, Manages: p.poll.Manages}
	for _, w := range p.Items {
		row := page.Wish{Name: w.Name, Votes: r.T("%d 个人想要", w.Votes), Mine: w.Mine, Vote: "/wishes/" + w.ID + "/votes", Decline: "/wishes/" + w.ID + "/answer",
			Offer: "/rewards/new?place=" + url.QueryEscape(p.poll.Place.ID) + "&wish=" + w.ID + "&name=" + url.QueryEscape(w.Name), Open: w.State == WishOpen}
		switch w.State {
		case WishOffered:
			row.Answer = r.T("已经上架：%s", w.Answer)
		case WishDeclined:
			row.Answer = r.T("办不到：%s", w.Answer)
		}
		out.Items = append(out.Items, row)
	}
	return out
}

func (h *Handlers) wished(r *web.Request, _ WishView) web.Answer {
	return web.SeeWithNote("/wishes", r.T("记下了，谢谢您。"))
}

func (h *Handlers) owedPage(r *web.Request, o Owed) web.Answer {
	out := page.Owed{
		Title: r.T("%s：为积分欠着多少", o.Place.Name), Outstanding: ui.Number(o.Outstanding), Reserved: ui.Number(o.Reserved),
		Covered: ui.Number(o.Covered), Held: r.T("其中 %s 分还在公示", ui.Number(o.Held)), Share: ui.Percent(o.Covered, o.Outstanding),
		Redeemed: ui.Number(o.Redeemed), Lapsed: ui.Number(o.Lapsed), Place: o.Place.ID,
	}
	if o.Outstanding <= 0 {
		out.Share = ""
	}
	for _, g := range o.Growth {
		out.Growth = append(out.Growth, ui.Bar{Label: ui.Written(r.Context(), g.Month), Value: g.Points})
	}
	return web.HTML(page.OwedPage(out))
}

func (h *Handlers) findingsPage(r *web.Request, f found) web.Answer {
	out := page.Findings{Title: r.T("%s：用了两次的券", f.place.Name), Items: uses(r, f.Items), May: access.May(access.Of(r), access.ExchangeSettle, f.place.Target())}
	for _, b := range []Bearer{ByPlace, ByMerchant, ByHolder} {
		out.Bearers = append(out.Bearers, ui.Option{Value: string(b), Text: r.T(b.Label())})
	}
	return web.HTML(page.FindingsPage(out))
}

func (h *Handlers) settled(r *web.Request, _ UseView) web.Answer {
	return web.SeeWithNote("/coupons/findings", r.T("定下来了。"))
}
