package dispatch

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/feature/dispatch/page"
	"linli/internal/feature/order"
	"linli/internal/kit/web"
	"linli/match"
)

func (h *Handlers) showPage(r *web.Request, s shown) web.Answer {
	v := s.View
	p := page.Plan{
		Title: r.T("一键排单，%s", v.Place.Name), Line: madeLine(r, v), Self: hrefOf(v.ID), Place: v.Place.ID, Version: v.Version,
		Open: v.State == Open, Notes: notes(r, v), Figures: figures(r, v), Missing: missing(r, v.Missing, v.p), MoreMissing: moreMissing(r, v.Missing), Fair: fair(r, v),
	}
	p.Verb = sendVerb(r, v.Proposals)
	for _, one := range part(v.Proposals, s.at) {
		p.Proposals = append(p.Proposals, proposalModel(r, v, one))
	}
	p.ProposalPart = partModel(r, s.at, len(v.Proposals), func(at int) string { return hrefAt(v.ID, at, s.left) + "#proposals" })
	for _, l := range part(v.Left, s.left) {
		p.Left = append(p.Left, leftModel(r, v, l))
	}
	p.LeftPart = partModel(r, s.left, len(v.Left), func(at int) string { return hrefAt(v.ID, s.at, at) + "#left" })
	for _, b := range v.Bans {
		p.Bans = append(p.Bans, pairModel(r, b.Order, b.Volunteer))
	}
	for _, k := range v.Skipped {
		p.Skipped = append(p.Skipped, page.Line{Order: orderLink(k.Order), Text: k.Why})
	}
	for _, l := range part(v.Loads, 0) {
		p.Loads = append(p.Loads, loadModel(r, v, l))
	}
	if more := len(v.Loads) - len(p.Loads); more > 0 {
		p.MoreLoads = r.T("还有 %d 位，都不比这些多。", more)
	}
	for _, f := range v.Forgotten {
		p.Forgotten = append(p.Forgotten, ui.Link{Text: f.Name, Href: "/volunteers/" + f.ID})
	}
	if v.Unasked > 0 {
		p.Unasked = r.T("一个月没人问过的 %d 位", v.Unasked)
	}
	if more := v.Unasked - len(v.Forgotten); more > 0 {
		p.Forgotten = append(p.Forgotten, ui.Link{Text: r.T("还有 %d 位", more), Href: "/volunteers"})
	}
	if s.pick != "" && v.State == Open {
		p.Pick = pickModel(r, s)
	}
	return web.HTML(page.PlanPage(p))
}

// partMost is how many of a list a page shows at once.
const partMost = 50

// part is what a page shows of a list from one on.
func part[T any](all []T, at int) []T {
	at = min(at, len(all))
	return all[at:min(at+partMost, len(all))]
}

// partModel says which part is shown of so many, and leads to the parts beside it.
func partModel(r *web.Request, at, of int, href func(at int) string) (p page.Part) {
	if of <= partMost {
		return p
	}
	p.Said = r.T("第 %[1]d 到 %[2]d 条，一共 %[3]d 条。", min(at+1, of), min(at+partMost, of), of)
	if at > 0 {
		p.Before = href(max(0, at-partMost))
	}
	if at+partMost < of {
		p.Next = href(at + partMost)
	}
	return p
}

func hrefAt(id string, at, left int) string {
	return hrefOf(id) + "?at=" + strconv.Itoa(at) + "&left=" + strconv.Itoa(left)
}

// hrefIn leads to an order in a draft, wherever in the lists it is.
func hrefIn(v View, orderID string) string {
	if i := slices.IndexFunc(v.Proposals, func(p ProposalView) bool { return p.Order.ID == orderID }); i >= 0 {
		return hrefAt(v.ID, i/partMost*partMost, 0) + "#o-" + orderID
	}
	if i := slices.IndexFunc(v.Left, func(l LeftView) bool { return l.Order.ID == orderID }); i >= 0 {
		return hrefAt(v.ID, 0, i/partMost*partMost) + "#l-" + orderID
	}
	return hrefOf(v.ID)
}

// madeLine says who made a draft, and when it was last solved anew.
func madeLine(r *web.Request, v View) string {
	when := func(t time.Time) string { return calendar.WhenText(ui.PrefsOf(r.Context()).Lang, t, v.now) }
	line := r.T("%s自动排的。", when(v.MadeAt))
	if v.MadeBy != nil {
		line = r.T("%[1]s排的，%[2]s。", when(v.MadeAt), v.MadeBy.Name)
	}
	if v.State == Open && v.Version > 1 {
		line = r.T("%[1]s%[2]s重新算过。", line, when(v.SolvedAt))
	}
	return line
}

// notes say where the draft stands and what is to be known of it.
func notes(r *web.Request, v View) (out []page.Note) {
	add := func(s ui.State, text string) { out = append(out, page.Note{State: s, Text: text}) }
	switch v.State {
	case Confirmed:
		add(ui.Done, r.T("已经发出去 %d 单，在等各位答复。", len(v.Sent)))
	case Dismissed:
		add(ui.New, r.T("这次没有用，什么也没发。"))
	}
	changed := 0
	for _, p := range v.Proposals {
		if p.Order.Changed {
			changed++
		}
	}
	if changed > 0 {
		add(ui.Doing, r.T("有 %d 处后来变了，发的时候会跳过。可以照现在的单子重新排。", changed))
	}
	if v.Beyond > 0 && v.State == Open {
		add(ui.Doing, r.T("这次排了最急的单，还有 %d 单排不下。发出去以后再排一次，就轮到它们。", v.Beyond))
	}
	if v.Unchecked > 0 && v.State == Open {
		add(ui.Doing, r.T("还有 %d 单要先核实，核实过了才能排。", v.Unchecked))
	}
	return out
}

// figures are the three numbers of the plan, each beside that of first-come.
func figures(r *web.Request, v View) []page.Figure {
	a, b := v.Plan, v.FirstCome
	return []page.Figure{
		{Label: r.T("还差"), Value: r.T("%d 位", a.Unserved), Remark: r.T("先来先派差 %d 位", b.Unserved)},
		{Label: r.T("一共走"), Value: ui.Duration(r.Context(), int64(a.Minutes)), Remark: r.T("先来先派走 %s", ui.Duration(r.Context(), int64(b.Minutes)))},
		{Label: r.T("最忙的一位"), Value: r.T("一周 %d 单", a.Heaviest), Remark: r.T("先来先派一周 %d 单", b.Heaviest)},
	}
}

// sendVerb says whom sending asks; empty when there is nobody.
func sendVerb(r *web.Request, all []ProposalView) string {
	asked := map[match.Kind]map[string]bool{match.Volunteer: {}, match.Team: {}}
	for _, p := range all {
		asked[p.Kind][p.Volunteer.ID] = true
	}
	people, teams := len(asked[match.Volunteer]), len(asked[match.Team])
	switch {
	case people > 0 && teams > 0:
		return r.T("发出去，问 %[1]d 位、%[2]d 支队伍", people, teams)
	case teams > 0:
		return r.T("发出去，问这 %d 支队伍", teams)
	case people > 0:
		return r.T("发出去，问这 %d 位", people)
	}
	return ""
}

func orderLink(o OrderView) ui.Link { return ui.Link{Text: o.Title, Href: "/orders/" + o.ID} }

func pairModel(r *web.Request, o OrderView, who order.Ref) page.Pair {
	return page.Pair{Order: orderLink(o), OrderID: o.ID, Volunteer: who.Name, VolunteerID: who.ID, Said: r.T("%[1]s，%[2]s", o.Title, who.Name)}
}

func proposalModel(r *web.Request, v View, p ProposalView) page.Proposal {
	return page.Proposal{
		Pair: pairModel(r, p.Order, p.Volunteer), For: p.Order.For.Name, When: visitText(r, v, p.From, p.To), Why: strings.Join(p.Reasons, r.T("，")),
		Kept: p.Kept, Changed: p.Order.Changed, Swap: hrefPick(v.ID, p.Order.ID),
	}
}

func hrefPick(id, orderID string) string { return hrefOf(id) + "?pick=" + orderID + "#pick" }

func visitText(r *web.Request, v View, from, to *time.Time) string {
	if from == nil || to == nil {
		return r.T("时间另约")
	}
	return calendar.SpanText(ui.PrefsOf(r.Context()).Lang, *from, *to, v.now)
}

func leftModel(r *web.Request, v View, l LeftView) page.Left {
	m := page.Left{
		Line: page.Line{Order: orderLink(l.Order), Text: l.Why}, OrderID: l.Order.ID, For: l.Order.For.Name, Short: r.T("差 %d 位", l.People),
		When: visitText(r, v, moment(l.Order.from), moment(l.Order.to)), Swap: hrefPick(v.ID, l.Order.ID),
	}
	if l.Kept != nil {
		pair := pairModel(r, l.Order, *l.Kept)
		m.Release = &pair
	}
	return m
}

// missing puts who is missing into words; of a street it says which community.
func missing(r *web.Request, all []MissingView, p place.Place) (out []page.Missing) {
	for _, m := range all[:min(len(all), missingMost)] {
		when := m.When
		if p.Level == place.Street && m.Place.Name != "" {
			when = r.T("%[1]s，%[2]s", m.Place.Name, m.When)
		}
		out = append(out, page.Missing{
			Name: m.Category.Name, When: when, Short: r.T("缺 %d 位", m.People), More: r.T("多一位会的人，能多办 %d 单。", m.More), People: m.People,
			Place: m.Place.ID, Category: m.Category.ID, Part: m.part, Asked: m.Asked, Verb: r.T("发招募：%s", m.Category.Name),
		})
	}
	return out
}

// missingMost is how many kinds of people a panel names: those who are missing most.
const missingMost = 20

func moreMissing(r *web.Request, all []MissingView) string {
	if len(all) <= missingMost {
		return ""
	}
	return r.T("还有 %d 种，缺得少一些。", len(all)-missingMost)
}

// fair says what the draft does to people.
func fair(r *web.Request, v View) []page.Note {
	over, forgotten := 0, 0
	for _, l := range v.Loads {
		if l.Limit > 0 && l.After > l.Limit && l.After > l.Before {
			over++
		}
	}
	for _, p := range v.Proposals {
		if p.Forgotten {
			forgotten++
		}
	}
	out := []page.Note{{State: ui.Done, Text: r.T("没有人超过自己定的单数。")}}
	if over > 0 {
		out[0] = page.Note{State: ui.Late, Text: r.T("有 %d 位超过了自己定的单数。", over)}
	}
	if forgotten > 0 {
		out = append(out, page.Note{State: ui.Done, Text: r.T("一个月没人问过的，这次问到 %d 位。", forgotten)})
	}
	return out
}

func loadModel(r *web.Request, v View, l LoadView) page.Load {
	m := page.Load{Name: l.Volunteer.Name, Text: r.T("%[1]d 单，变成 %[2]d 单，没定最多几单", l.Before, l.After)}
	if l.Limit > 0 {
		m.Text = r.T("%[1]d 单，变成 %[2]d 单，最多 %[3]d 单", l.Before, l.After, l.Limit)
	}
	if l.Week != calendar.DayOf(v.now).WeekStart() {
		m.Week = r.T("%s那周", calendar.DateText(ui.PrefsOf(r.Context()).Lang, l.Week, calendar.DayOf(v.now)))
	}
	return m
}

// pickModel is who could go to an order instead.
func pickModel(r *web.Request, s shown) *page.Pick {
	k := &page.Pick{Title: r.T("换一位"), Text: r.T("选了谁，谁就保留，别的跟着重排。"), OrderID: s.pick, Back: hrefIn(s.View, s.pick)}
	busy := map[string]int{}
	now := map[string]bool{}
	for _, p := range s.Proposals {
		busy[p.Volunteer.ID]++
		if p.Order.ID == s.pick {
			now[p.Volunteer.ID] = true
			k.Title = r.T("换一位：%s", p.Order.Title)
		}
	}
	for _, l := range s.Left {
		if l.Order.ID == s.pick {
			k.Title = r.T("换一位：%s", l.Order.Title)
		}
	}
	for _, c := range s.others {
		if now[c.ID] {
			continue
		}
		data := ui.CandidateData{Name: c.Name, Sub: r.T("这次还没排")}
		if n := busy[c.ID]; n > 0 {
			data.Sub = r.T("这次排了 %d 单", n)
		}
		for _, reason := range c.Reasons {
			data.Why = append(data.Why, ui.Reason{Label: r.T(order.ReasonLabel(reason.Kind)), Text: reason.Text, Full: reason.Full})
		}
		k.Candidates = append(k.Candidates, page.Candidate{ID: c.ID, Verb: r.T("改派给%s", c.Name), Data: data})
	}
	return k
}

func (h *Handlers) startPage(r *web.Request, l listed) web.Answer {
	m := startModel(r, l.overview)
	m.Missing, m.MoreMissing = missing(r, l.overview.missing, l.overview.p), moreMissing(r, l.overview.missing)
	for _, s := range l.Items {
		m.Past = append(m.Past, page.Line{
			Order: ui.Link{Text: calendar.WhenText(ui.PrefsOf(r.Context()).Lang, s.MadeAt, l.overview.now), Href: hrefOf(s.ID)}, Text: pastWords(r, s),
		})
	}
	for _, p := range l.overview.places {
		m.Places = append(m.Places, ui.Link{Text: p.Name, Href: "/plans?place=" + p.ID})
	}
	return web.HTML(page.StartPage(m))
}

func pastWords(r *web.Request, s Summary) string {
	switch {
	case s.State == Open:
		return r.T("还没发，能派 %d 位", s.Served)
	case s.State == Dismissed:
		return r.T("没有用")
	case s.Skipped > 0:
		return r.T("发了 %d 单，%s 单没有发", s.Sent, page.Number(s.Skipped))
	}
	return r.T("发了 %d 单", s.Sent)
}

// startModel is the button 一键排单 of a place, and the draft that is ready there.
func startModel(r *web.Request, o Overview) page.Start {
	m := page.Start{Line: r.T("%[1]s有 %[2]d 单等派。一起排：能去的都去上，少走路，谁也不多派。排好先给您看，您点了才发。", o.p.Name, o.waiting)}
	if o.waiting == 0 {
		m.Line = r.T("%s没有等派的单。", o.p.Name)
	}
	m.Forms = append(m.Forms, page.Form{Place: o.p.ID, Verb: r.T("一键排单"), First: o.waiting > 0})
	if o.street.ID != "" {
		m.Forms = append(m.Forms, page.Form{Place: o.street.ID, Verb: r.T("%s一起排", o.street.Name)})
	}
	if v := o.newest; v != nil && v.State == Open {
		m.Ready = &ui.Link{Text: r.T("看看建议"), Href: hrefOf(v.ID)}
		m.Said = readyWords(r, *v, o.now)
		m.Forms[0].Verb = r.T("重新排")
	}
	return m
}

func readyWords(r *web.Request, v Summary, now time.Time) string {
	when := calendar.WhenText(ui.PrefsOf(r.Context()).Lang, v.SolvedAt, now)
	said := r.T("%[1]s排好了一份建议，能派 %[2]d 位，还没发。", when, v.Served)
	if v.Unserved > 0 {
		said += r.T("还差 %d 位没人去。", v.Unserved)
	}
	return said
}

// BoardStart is 一键排单 above the columns of a community's board.
func (h *Handlers) BoardStart(r *web.Request, community string) (web.Component, error) {
	o, err := h.plans.boardOverview(r, community)
	if err != nil || o == nil {
		return nil, err
	}
	return page.StartCard(startModel(r, *o)), nil
}

// BoardMissing is 这周缺什么人 below them.
func (h *Handlers) BoardMissing(r *web.Request, community string) (web.Component, error) {
	o, err := h.plans.boardOverview(r, community)
	if err != nil || o == nil || len(o.missing) == 0 {
		return nil, err
	}
	return page.MissingCard(missing(r, o.missing, o.p), moreMissing(r, o.missing)), nil
}
