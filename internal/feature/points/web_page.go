package points

import (
	"net/url"
	"strconv"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/ui"
	"linli/internal/feature/points/page"
	"linli/internal/kit/web"
)

func (h *Handlers) minePage(r *web.Request, v View) web.Answer {
	out := page.Points{
		Balance: v.Balance, PerHour: v.PerHour, Spendable: v.Spendable, Held: v.Held, Owed: v.Owed, Year: v.Year, Gate: v.Gate, Gives: v.gives,
	}
	for _, l := range v.Lapses {
		out.Lapses = append(out.Lapses, r.T("有 %d 分到 %s 过期，请早点用。", l.Points, ui.FullDate(r.Context(), l.Due.Start())))
	}
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

func (h *Handlers) giftsPage(r *web.Request, v AllowanceView) web.Answer {
	return web.HTML(page.GiftsPage(giftsOf(r, v, ui.Form{})))
}

func (h *Handlers) giveAgain(r *web.Request, _ Gift, p *web.Problem) web.Answer {
	v, err := h.gifts(r, struct{}{})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.GiftsPage(giftsOf(r, v, ui.Refused(r, p))))
}

func giftsOf(r *web.Request, v AllowanceView, form ui.Form) page.Gifts {
	out := page.Gifts{Form: form, Left: v.Left, MonthCap: v.MonthCap, Given: v.Given}
	for _, n := range v.People {
		text := r.T("%s，同一户的家人", n.Name)
		if n.Kind == ToElder {
			text = r.T("%s，您照看的老人", n.Name)
		}
		out.People = append(out.People, ui.Option{Value: n.ID, Text: text})
	}
	return out
}

func (h *Handlers) given(r *web.Request, v GiftView) web.Answer {
	return web.SeeWithNote("/me/points", r.T("送出去了：%[1]s，%[2]d 分。", v.To, v.Amount))
}

func (h *Handlers) rulesPage(r *web.Request, v RulesView) web.Answer {
	return web.HTML(page.RulesPage(rulesOf(r, v, ui.Form{})))
}

func (h *Handlers) factorAgain(r *web.Request, in FactorDraft, p *web.Problem) web.Answer {
	v, err := h.points.Rules(r.Context(), access.Of(r), in.Place)
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.RulesPage(rulesOf(r, v, ui.Refused(r, p))))
}

func (h *Handlers) factorSet(r *web.Request, v RulesView) web.Answer {
	return web.SeeWithNote("/points/rules?place="+v.Place.ID, r.T("记下了。以前挣的积分一分不改。"))
}

func rulesOf(r *web.Request, v RulesView, form ui.Form) page.Rules {
	out := page.Rules{
		Title: r.T("%s的积分规矩", v.Place.Name), Place: v.Place.ID, Form: form, May: v.may(access.Of(r)), Classes: classOptions(r),
		Facts: []ui.Fact{
			{Term: r.T("服务 1 小时"), Text: r.T("%d 分", v.PerHour)},
			{Term: r.T("捐 1 件东西"), Text: r.T("%d 分", v.PerItem)},
			{Term: r.T("一天最多"), Text: capText(r, v.DayCap)},
			{Term: r.T("一次活动最多"), Text: capText(r, v.ActivityCap)},
			{Term: r.T("一年挣满几分能兑换"), Text: r.T("%d 分", v.Gate)},
			{Term: r.T("过期"), Text: monthsText(r, v.Months)},
		},
	}
	if access.May(access.Of(r), access.PlaceAdmin, v.target()) {
		out.Numbers = ui.Link{Text: r.T("改这些数"), Href: "/places/" + v.Place.ID + "/rules"}
	}
	for _, f := range v.Factors {
		row := page.Factor{Name: f.Name, Percent: strconv.FormatInt(f.Percent, 10) + "%", Place: f.Place.Name, From: ui.FullDate(r.Context(), f.From.Start()), Later: f.Later}
		out.Factors = append(out.Factors, row)
	}
	return out
}

func capText(r *web.Request, n int64) string {
	if n == 0 {
		return r.T("不封顶")
	}
	return r.T("%d 分", n)
}

func monthsText(r *web.Request, n int64) string {
	if n == 0 {
		return r.T("不过期")
	}
	return r.T("放 %[1]d 个月没用就过期，提前 %[2]d 天告诉本人", n, NoticeDays)
}

// classOptions lists every class, the official categories before their services.
func classOptions(r *web.Request) (out []ui.Option) {
	for _, s := range category.All() {
		name := r.T(s.Name)
		if s.IsTop() {
			name = r.T("%s（整个大类）", name)
		}
		out = append(out, ui.Option{Value: s.ID, Text: name})
	}
	return out
}

func (h *Handlers) trialPage(r *web.Request, v tried) web.Answer {
	out := page.Trial{
		Title: r.T("%s：换套规矩试算一下", v.Place.Name), Place: v.Place.ID, Classes: classOptions(r), Asked: r.URL.Query().Has("_go"),
		Span: r.T("%[1]s 到 %[2]s", ui.FullDate(r.Context(), v.From.Start()), ui.FullDate(r.Context(), v.To.Start())),
		Was:  v.Was, Would: v.Would, More: v.More, Less: v.Less, Same: v.Same, Gated: v.Gated, WouldBe: v.WouldBe,
		Values: map[string]string{"category": v.proposal.Category},
	}
	for name, value := range map[string]*int64{
		"per_hour": v.proposal.PerHour, "per_item": v.proposal.PerItem, "day_cap": v.proposal.DayCap,
		"activity_cap": v.proposal.ActivityCap, "gate": v.proposal.Gate, "percent": v.proposal.Percent,
	} {
		if value != nil {
			out.Values[name], out.Asked = strconv.FormatInt(*value, 10), true
		}
	}
	for _, m := range v.Months {
		out.Rows = append(out.Rows, page.Change{Name: ui.Written(r.Context(), m.Month), Was: ui.Number(m.Was), Would: ui.Number(m.Would)})
	}
	for _, p := range v.People {
		out.People = append(out.People, page.Change{Name: p.Name, Was: ui.Number(p.Was), Would: ui.Number(p.Would)})
	}
	return web.HTML(page.TrialPage(out))
}

func (h *Handlers) donationsPage(r *web.Request, l donationList) web.Answer {
	return web.HTML(page.DonationsPage(donationsOf(r, l, ui.Form{})))
}

func (h *Handlers) donateAgain(r *web.Request, in DonationDraft, p *web.Problem) web.Answer {
	l, err := h.donations(r, placeInput{in.Place})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.DonationsPage(donationsOf(r, l, ui.Refused(r, p))))
}

func donationsOf(r *web.Request, l donationList, form ui.Form) page.Donations {
	out := page.Donations{Title: r.T("%s收到的捐赠", l.place.Name), Place: l.place.ID, Form: form, Community: l.place.Community() != ""}
	for _, d := range l.Items {
		out.Items = append(out.Items, page.Donation{
			Href: "/donations/" + d.ID, Number: d.Number, Line: r.T("%[1]s %[2]d 件，%[3]s", d.Item, d.Quantity, donorText(r, d)),
			When: ui.FullDate(r.Context(), d.At), Points: pointsText(r, d), Withdrawn: d.Withdrawn,
		})
	}
	return out
}

func donorText(r *web.Request, d DonationView) string {
	if d.Donor == "" {
		return r.T("不留名")
	}
	return d.Donor
}

func pointsText(r *web.Request, d DonationView) string {
	if d.Points == 0 {
		return ""
	}
	return r.T("记 %d 分", d.Points)
}

func (h *Handlers) donationPage(r *web.Request, v DonationView) web.Answer {
	return web.HTML(page.ReceiptPage(receiptOf(r, v, ui.Form{})))
}

func (h *Handlers) withdrawAgain(r *web.Request, in withdrawInput, p *web.Problem) web.Answer {
	v, err := h.donation(r, byID{in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.ReceiptPage(receiptOf(r, v, ui.Refused(r, p))))
}

func receiptOf(r *web.Request, v DonationView, form ui.Form) page.Receipt {
	return page.Receipt{
		Title: r.T("捐赠收据 %s", v.Number), Self: "/donations/" + v.ID, Back: "/donations?place=" + v.Place.ID, Form: form, Withdrawn: v.Withdrawn, Reason: v.Reason,
		Facts: []ui.Fact{
			{Term: r.T("谁捐的"), Text: donorText(r, v)},
			{Term: r.T("捐了什么"), Text: r.T("%[1]s %[2]d 件", v.Item, v.Quantity)},
			{Term: r.T("谁收的"), Text: v.Place.Name},
			{Term: r.T("经手人"), Text: v.Handler},
			{Term: r.T("哪天"), Text: ui.FullDate(r.Context(), calendar.DayOf(v.At).Start())},
			{Term: r.T("积分"), Text: pointsText(r, v)},
		},
	}
}

func (h *Handlers) donated(r *web.Request, v DonationView) web.Answer {
	return web.SeeWithNote("/donations/"+v.ID, r.T("登记好了，收据在这里。"))
}

func (h *Handlers) withdrawn(r *web.Request, v DonationView) web.Answer {
	return web.SeeWithNote("/donations/"+v.ID, r.T("作废了，积分也退回了。"))
}
