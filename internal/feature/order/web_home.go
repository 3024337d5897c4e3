package order

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/person"
	"linli/internal/core/process"
	"linli/internal/core/ui"
	"linli/internal/feature/order/page"
	"linli/internal/kit/web"
)

// pages lists the routes that only people look at.
func (h *Handlers) pages() []web.Route {
	return []web.Route{
		{Name: "order.home", Method: "GET", Page: "/home", Permission: string(access.SignedIn), Handle: web.Action(h.home).Page(h.homePage)},
		{Name: "order.ask", Method: "GET", Page: "/orders/new", Permission: string(access.OrderRequest), Handle: web.Action(h.ask).Page(h.askPage)},
		{Name: "order.mine", Method: "GET", Page: "/orders", Permission: string(access.SignedIn), Handle: web.Action(h.mine).Page(h.minePage)},
		{Name: "order.near", Method: "GET", Page: "/nearby", Permission: string(access.SignedIn), Handle: web.Action(h.near).Page(h.nearPage)},
		{Name: "order.door", Method: "GET", Page: "/check-in", Permission: string(access.SignedIn), Handle: web.Action(h.door).Page(h.doorPage)},
		{Name: "order.presence", Method: "GET", Page: "/orders/{id}/presence", Permission: string(access.OrderVisit), Handle: web.Action(h.visiting).Page(h.presencePage)},
		{Name: "order.codecard", Method: "GET", Page: "/orders/{id}/code", Permission: string(access.OrderCode), Handle: web.Action(h.codeOf).Page(h.codeCard)},
		{Name: "order.canceling", Method: "GET", Page: "/orders/{id}/cancel", Permission: string(access.OrderCancel), Handle: web.Action(h.showFor(StepCancellation)).Page(h.cancelPage)},
		{Name: "order.withdrawing", Method: "GET", Page: "/orders/{id}/withdraw", Permission: string(access.OrderVisit), Handle: web.Action(h.showFor(StepWithdrawal)).Page(h.withdrawPage)},
		{Name: "order.returning", Method: "GET", Page: "/orders/{id}/return", Permission: string(access.OrderReturn), Handle: web.Action(h.showFor(StepReturn)).Page(h.returnPage)},
		{Name: "order.photo", Method: "GET", Page: "/orders/{id}/photos/{photo}", Permission: string(access.SignedIn), Handle: web.Action(h.photo).Page(h.photoPage)},
		{Name: "order.events", Method: "GET", Page: "/orders/{id}/events", Permission: string(access.SignedIn), Handle: web.Action(h.show).Page(h.orderEvents)},
		{Name: "board.show", Method: "GET", Page: "/board", Permission: string(access.OrderDispatch), Handle: web.Action(h.board).Page(h.boardPage)},
		{Name: "board.events", Method: "GET", Page: "/board/events", Permission: string(access.OrderDispatch), Handle: web.Action(h.watch).Page(h.boardEvents)},
	}
}

// homeData is what the resident's first page shows.
type homeData struct {
	Me    person.Person
	Mine  []View
	All   int
	Asked int
	Lit   int
	Now   time.Time
}

const homeMost = 3 // orders under way that the first page shows in full

func (h *Handlers) home(r *web.Request, _ struct{}) (d homeData, err error) {
	return h.orders.Home(r.Context(), access.Of(r))
}

func (h *Handlers) homePage(r *web.Request, d homeData) web.Answer {
	p := page.Home{
		Hero: ui.HeroData{
			Greeting: greeting(r, d), Title: r.T("有事说一句，邻居来帮忙"),
			Line: r.T("这个月办好 %d 件，办好一件亮一盏灯。", d.Lit), Lit: d.Lit,
		},
		Popular: popular(r), All: d.All, Offers: d.Asked,
	}
	for _, v := range d.Mine {
		p.Active = append(p.Active, brief(r, v, ui.Resident))
	}
	return web.HTML(page.HomePage(p))
}

// greeting is the day and a good morning, by name.
func greeting(r *web.Request, d homeData) string {
	local := d.Now.In(calendar.Zone())
	word := "晚上好"
	switch hour := local.Hour(); {
	case hour < 11 && hour >= 5:
		word = "上午好"
	case hour >= 11 && hour < 13:
		word = "中午好"
	case hour >= 13 && hour < 18:
		word = "下午好"
	}
	msg, surname := d.Me.Called(calendar.DayOf(d.Now))
	return r.T("%s，%s，%s", ui.Date(r.Context(), d.Now), r.T(word), r.T(msg, surname))
}

// popular are the tiles of the first page: what neighbours ask for most.
func popular(r *web.Request) []page.Service {
	var out []page.Service
	for _, id := range []string{"haircut", "repair_appliance", "clinic_escort", "buy_medicine", "clean_home", "chat"} {
		if s, ok := category.ByID(id); ok {
			out = append(out, page.Service{ID: s.ID, Name: r.T(s.Name), Icon: ui.Glyph(s.Icon)})
		}
	}
	return out
}

// Ways of writing "any day".
const whenAny = "any"

type askInput struct {
	Text     string `json:"text" lines:"true" maxLength:"1000"`
	Category string `json:"category"`
	For      string `json:"for"`
	Source   string `json:"source"`
}

// askData is a sentence with what it was taken to mean.
type askData struct {
	In      askInput
	Guess   category.Suggestion
	For     person.Person
	Persons []auth.Proxy
	Twin    string
	Now     time.Time
}

func (h *Handlers) ask(r *web.Request, in askInput) (askData, error) {
	return h.orders.Understand(r.Context(), access.Of(r), in)
}

func (h *Handlers) askPage(r *web.Request, d askData) web.Answer {
	return web.HTML(page.AskPage(askModel(r, d, ui.Form{})))
}

// requestAgain shows the form again with what was typed and what is wrong.
func (h *Handlers) requestAgain(r *web.Request, in requestInput, p *web.Problem) web.Answer {
	d, err := h.orders.Understand(r.Context(), access.Of(r), askInput{Text: in.Text, Category: in.Category, For: in.For, Source: in.Source})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.AskPage(askModel(r, d, ui.Refused(r, p))))
}

func askModel(r *web.Request, d askData, form ui.Form) page.Ask {
	a := page.Ask{
		Form: form, Words: d.In.Text, For: d.For.ID, ForName: d.For.Name, Source: d.In.Source,
		Kind:    ui.Field{Name: "category", Label: r.T("做什么"), Tall: true},
		From:    ui.Field{Name: "from", Label: r.T("从几点"), Type: "datetime-local"},
		To:      ui.Field{Name: "to", Label: r.T("到几点"), Type: "datetime-local"},
		Address: ui.Field{Name: "address", Label: r.T("上哪儿"), Rows: 2, Value: doorOf(d.For), Autocomplete: "street-address"},
		Tel:     ui.Field{Name: "phone", Label: r.T("打哪个电话"), Type: "tel", InputMode: "tel", Value: d.For.Phone, Autocomplete: "tel"},
		Risk:    ui.Field{Name: "risk", Label: r.T("有什么要当心的"), Rows: 2, Placeholder: r.T("比如：耳背，敲门请大声些；家里有狗")},
		People:  ui.Field{Name: "people_needed", Label: r.T("要几个人"), InputMode: "numeric", Value: r.T("%d", d.Guess.People)},
		Who:     ui.Field{Name: "for", Label: r.T("给谁"), Value: d.For.ID},
		Back:    ui.Link{Text: r.T("先不点了"), Href: "/"},
	}
	a.Services, a.Kind.Value = serviceTiles(r, d)
	a.Others = allServices(r)
	a.When = whenTiles(r, d)
	a.Persons = persons(r, d)
	if d.Guess.Advice != "" {
		a.Advice = r.T(d.Guess.Advice)
	}
	for _, risk := range d.Guess.Risks {
		a.Notices = append(a.Notices, r.T(risk.Notice()))
	}
	if d.Twin != "" {
		a.Warning = r.T("您家的 %s 号单也是这件事，正在办。要是另一件，就接着点。", d.Twin)
	}
	return a
}

// serviceTiles are the services that the words sound like, the best first; without
// words the one whose tile was pressed.
func serviceTiles(r *web.Request, d askData) (tiles []ui.Option, chosen string) {
	add := func(s category.Service) {
		if !slices.ContainsFunc(tiles, func(o ui.Option) bool { return o.Value == s.ID }) {
			tiles = append(tiles, ui.Option{Value: s.ID, Text: r.T(s.Name), Icon: ui.Glyph(s.Icon)})
		}
	}
	if s, ok := category.ByID(d.In.Category); ok {
		add(s)
	}
	for _, c := range d.Guess.Services {
		if len(tiles) < 3 {
			add(c.Service)
		}
	}
	if len(tiles) == 0 {
		for _, s := range popular(r) {
			tiles = append(tiles, ui.Option{Value: s.ID, Text: s.Name, Icon: s.Icon})
		}
		return tiles, ""
	}
	return tiles, tiles[0].Value
}

func allServices(r *web.Request) []ui.Option {
	out := []ui.Option{{Value: "", Text: r.T("就按上面的")}}
	for _, s := range category.All() {
		if !s.IsTop() {
			out = append(out, ui.Option{Value: s.ID, Text: r.T(s.Name)})
		}
	}
	return out
}

// whenTiles offers the time that was said, else tomorrow morning and afternoon,
// and always any day.
func whenTiles(r *web.Request, d askData) []ui.Option {
	lang := ui.PrefsOf(r.Context()).Lang
	tile := func(w Window) ui.Option {
		return ui.Option{Value: spanText(w), Text: calendar.SpanText(lang, w.From, w.To, d.Now)}
	}
	any := ui.Option{Value: whenAny, Text: r.T("哪天都行")}
	if w := d.Guess.Window; w.To.After(d.Now) {
		return []ui.Option{tile(Window{w.From, w.To}), any}
	}
	tomorrow := calendar.DayOf(d.Now).Add(1).Start()
	return []ui.Option{
		any,
		tile(Window{tomorrow.Add(9 * time.Hour), tomorrow.Add(11 * time.Hour)}),
		tile(Window{tomorrow.Add(14 * time.Hour), tomorrow.Add(17 * time.Hour)}),
	}
}

// persons are those for whom the reader may ask: oneself and whose proxy one is.
func persons(r *web.Request, d askData) []ui.Option {
	if d.For.ID != access.Of(r).Person {
		return nil
	}
	out := []ui.Option{{Value: d.For.ID, Text: r.T("我自己")}}
	for _, p := range d.Persons {
		out = append(out, ui.Option{Value: p.Principal.Person, Text: p.Principal.Name})
	}
	return out
}

func (h *Handlers) requested(r *web.Request, v View) web.Answer {
	return web.SeeWithNote("/orders/"+v.ID, r.T("收到了，单号 %s。服务站正在找人。", v.Number))
}

type mineData struct {
	In        listInput
	Items     []View
	Next      web.Next
	Escalated int // orders of the reader's places that were reported to the street
}

func (h *Handlers) mine(r *web.Request, in listInput) (mineData, error) {
	d := mineData{In: in}
	f, err := in.filter(12)
	if err != nil {
		return d, err
	}
	f.Mine = f.Mine || !access.Of(r).Staff()
	items, next, err := h.orders.List(r.Context(), access.Of(r), f)
	d.Items = items
	if next != nil {
		d.Next = web.EncodeCursor(*next)
	}
	if err == nil && access.Of(r).Staff() {
		d.Escalated, err = h.orders.EscalatedFor(r.Context(), access.Of(r))
	}
	return d, err
}

func (h *Handlers) minePage(r *web.Request, d mineData) web.Answer {
	m := page.Mine{Title: r.T("我的单子"), Staff: access.Of(r).Staff(), Place: d.In.Place}
	if m.Staff {
		m.Title = r.T("单子")
		m.States = []ui.Option{{Value: "", Text: r.T("全部状态")}}
		for _, s := range Process.States {
			m.States = append(m.States, ui.Option{Value: string(s.Name), Text: r.T(s.Label)})
		}
	}
	keep := url.Values{}
	if len(d.In.State) > 0 {
		m.State = string(d.In.State[0])
		keep.Set("state", m.State)
	}
	if d.In.Escalated {
		m.Title, m.Escalated = r.T("报到街道的单子"), true
		keep.Set("escalated", "true")
	}
	if m.Staff && !m.Escalated && d.Escalated > 0 {
		m.Alarm = r.T("%d 单超过期限还没办，已经报到街道。", d.Escalated)
	}
	if d.In.Place != "" {
		keep.Set("place", d.In.Place)
	}
	if d.In.Cursor != "" {
		m.Pages.First = "/orders?" + keep.Encode()
	}
	if d.Next != "" {
		keep.Set("cursor", string(d.Next))
		m.Pages.Next = "/orders?" + keep.Encode()
	}
	for _, v := range d.Items {
		m.Items = append(m.Items, brief(r, v, audience(r, v)))
	}
	return web.HTML(page.MinePage(m))
}

// audience is as whom the reader looks at an order.
func audience(r *web.Request, v View) ui.Audience {
	who := access.Of(r)
	switch {
	case v.For.ID == who.Person || v.Requester.ID == who.Person && v.Acting != ActingStation:
		return ui.Resident
	case slices.ContainsFunc(v.People, func(p PersonView) bool { return p.ID == who.Person }) || v.mine != nil:
		return ui.Volunteer
	case who.Staff():
		return ui.Station
	}
	return ui.Volunteer
}

// brief is an order as a card in a list.
func brief(r *web.Request, v View, to ui.Audience) page.Brief {
	state := ui.StateOf(string(v.State))
	b := page.Brief{
		Href: "/orders/" + v.ID, Number: v.Number, Title: v.Title, State: state, Word: state.Word(r.Context(), to),
		Late: v.Late && !v.ended(), When: whenText(r, v), Steps: stepsOf(r, v, to), Risk: v.Risk,
	}
	if b.Late && to != ui.Volunteer {
		b.Word = ui.Late.Word(r.Context(), to)
	}
	if v.Escalated && to == ui.Station {
		b.Word = r.T("超时，报街道了")
	}
	if to != ui.Resident {
		b.Line = strings.Join([]string{v.For.Name, v.Place.Name}, r.T("，"))
	}
	if n := v.PeopleNeeded - v.Taken; n > 1 {
		b.People = r.T("还差 %d 个人", n)
	}
	if to == ui.Resident && len(v.People) > 0 {
		b.Helper = helperOf(r, v.People[0])
		b.Line = comes(r, v)
	}
	return b
}

// comes says who comes, or has come; when stands beside it.
func comes(r *web.Request, v View) string {
	if v.served() {
		return r.T("%s来过了", v.People[0].Name)
	}
	return r.T("%s来", v.People[0].Name)
}

func (v View) served() bool { return v.State == Finished || v.State == Evaluated }

func (v View) ended() bool { return v.State == Evaluated || v.State == Cancelled }

func helperOf(r *web.Request, p PersonView) *page.Helper {
	sub := r.T("志愿者")
	if p.Team != nil {
		sub = p.Team.Name
	}
	if p.Met > 0 {
		sub += r.T("，") + r.T("来过 %d 次", p.Met)
	}
	return &page.Helper{Name: p.Name, Sub: sub, Phone: ui.Phone(p.Phone)}
}

func whenText(r *web.Request, v View) string {
	switch {
	case v.Planned != nil:
		return windowText(r, v, *v.Planned)
	case v.Window == nil && v.served():
		return ""
	case v.Window == nil:
		return r.T("哪天都行")
	}
	return windowText(r, v, *v.Window)
}

func windowText(r *web.Request, v View, w Window) string {
	return calendar.SpanText(ui.PrefsOf(r.Context()).Lang, w.From, w.To, v.now)
}

// stepsOf draws 点派接服评 with the days on which they happened.
func stepsOf(r *web.Request, v View, _ ui.Audience) []ui.Step {
	lit := map[process.State]int{Requested: 1, Verified: 1, Returned: 1, Dispatched: 2, Accepted: 3, Serving: 3, Finished: 4, Evaluated: 5, Cancelled: 0}[v.State]
	steps := []ui.Step{
		{Glyph: r.T("点"), Label: r.T("点单"), When: dayText(r, &v.CreatedAt)},
		{Glyph: r.T("派"), Label: r.T("派单"), When: momentOf(r, v, "offers")},
		{Glyph: r.T("接"), Label: r.T("接单"), When: dayText(r, v.AcceptedAt)},
		{Glyph: r.T("服"), Label: r.T("服务"), When: dayText(r, v.FinishedAt)},
		{Glyph: r.T("评"), Label: r.T("评单"), When: dayText(r, v.ClosedAt)},
	}
	for i := range steps {
		steps[i].Done = i < lit
		steps[i].Current = i == lit && v.State != Cancelled
		if !steps[i].Done && !steps[i].Current {
			steps[i].When = ""
		}
	}
	return steps
}

func dayText(r *web.Request, t *time.Time) string {
	if t == nil || t.IsZero() {
		return ""
	}
	return ui.Day(r.Context(), *t)
}

// momentOf is the day of the last event of a kind.
func momentOf(r *web.Request, v View, act string) string {
	for _, m := range slices.Backward(v.Timeline) {
		if m.Act == act {
			return ui.Day(r.Context(), m.At)
		}
	}
	return ""
}
