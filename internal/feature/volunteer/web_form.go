package volunteer

import (
	"net/url"
	"slices"
	"strconv"

	"linli/internal/core/access"
	"linli/internal/core/category"
	"linli/internal/core/person"
	"linli/internal/core/ui"
	"linli/internal/feature/volunteer/page"
	"linli/internal/kit/web"
)

// asked is somebody who may become a volunteer, with what the form must ask.
type asked struct {
	View
	known   bool // they stand in the volunteers already
	birth   bool // the day of birth is not known
	age     int
	ageSure bool
}

type mineInput struct {
	Skill string `json:"skill" label:"会做什么" maxLength:"64" doc:"预先勾上的服务，从招募来的 a service to begin with"`
}

// mine is who acts, as a volunteer or as somebody who may become one; whoever comes from
// a recruitment finds its service ticked.
func (h *Handlers) mine(r *web.Request, in mineInput) (asked, error) {
	who := access.Of(r)
	a, err := h.volunteers.Asked(r.Context(), who, who.Person)
	if _, known := category.ByID(in.Skill); known && !a.known {
		a.Skills = TidySkills(append(a.Skills, in.Skill))
	}
	return a, err
}

func (h *Handlers) asked(r *web.Request, in byID) (asked, error) {
	return h.volunteers.Asked(r.Context(), access.Of(r), in.ID)
}

// minePage leads volunteers to their page and asks all others to become one.
func (h *Handlers) minePage(r *web.Request, a asked) web.Answer {
	if a.known && a.Status != Left {
		return web.See(hrefOf(a.ID))
	}
	return web.HTML(page.FormPage(registerForm(r, a, ui.Form{}, nil)))
}

func (h *Handlers) registered(r *web.Request, v View) web.Answer {
	if v.Status == Pending {
		return web.SeeWithNote(hrefOf(v.ID), r.T("记下了。服务站会打电话给监护人，说好了就能接单。"))
	}
	return web.SeeWithNote(hrefOf(v.ID), r.T("登记好了，欢迎您！有合适的单子就来问您。"))
}

// registerAgain shows the form again with what was typed and what is wrong.
func (h *Handlers) registerAgain(r *web.Request, _ Registration, p *web.Problem) web.Answer {
	a, err := h.mine(r, mineInput{})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.FormPage(registerForm(r, a, ui.Refused(r, p), p)))
}

func registerForm(r *web.Request, a asked, form ui.Form, p *web.Problem) page.Form {
	f := profileForm(r, a.View, form, p)
	f.Title, f.Lead = r.T("当志愿者"), r.T("会什么、什么时候有空、走多远，您自己定。随时可以歇，随时可以退。")
	f.Action, f.Verb, f.Back = "/volunteers", r.T("登记成志愿者"), ui.Link{Text: r.T("先不登记"), Href: "/"}
	f.Agree = agreeForm(r, a, p)
	return f
}

func (h *Handlers) editPage(r *web.Request, v View) web.Answer {
	return web.HTML(page.FormPage(editForm(r, v, ui.Form{}, nil)))
}

func (h *Handlers) editAgain(r *web.Request, in profileInput, p *web.Problem) web.Answer {
	v, err := h.show(r, byID{in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.FormPage(editForm(r, v, ui.Refused(r, p), p)))
}

func editForm(r *web.Request, v View, form ui.Form, p *web.Problem) page.Form {
	f := profileForm(r, v, form, p)
	f.Title = r.T("会做什么、什么时候有空")
	if access.Of(r).Person != v.ID {
		f.Title = r.T("%s会做什么、什么时候有空", v.Name)
	}
	f.Action, f.Verb, f.Back = hrefOf(v.ID)+"/profile", r.T("就这样改"), ui.Link{Text: r.T("不改了"), Href: hrefOf(v.ID)}
	return f
}

func (h *Handlers) confirmPage(r *web.Request, a asked) web.Answer {
	return web.HTML(page.FormPage(confirmForm(r, a, ui.Form{}, nil)))
}

func (h *Handlers) confirmAgain(r *web.Request, in confirmInput, p *web.Problem) web.Answer {
	a, err := h.asked(r, byID{in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.FormPage(confirmForm(r, a, ui.Refused(r, p), p)))
}

func confirmForm(r *web.Request, a asked, form ui.Form, p *web.Problem) page.Form {
	f := page.Form{
		Title: r.T("愿不愿意当志愿者？"), Lead: r.T("服务站的花名册里有您，是这样写的。同意下面几条，就登记成志愿者；不愿意，就按最下面的。"),
		Action: hrefOf(a.ID) + "/confirmation", Verb: r.T("我同意，来当志愿者"),
		Back: ui.Link{Text: r.T("以后再说"), Href: hrefOf(a.ID)}, Form: form, Agree: agreeForm(r, a, p),
		Decline: hrefOf(a.ID) + "/refusal",
	}
	if access.Of(r).Person != a.ID {
		f.Title, f.Verb = r.T("%s同意当志愿者吗？", a.Name), r.T("本人同意了，登记")
		f.Lead = r.T("请当面或打电话，把下面几条念给本人听，同意一条勾一条。")
	}
	if skills := skillNames(r, a.Skills, len(a.Skills)); len(skills) > 0 {
		f.Told = append(f.Told, ui.Fact{Term: r.T("会做什么"), Text: joined(r, skills)})
	}
	f.Told = append(f.Told, freeFacts(r, a.Free)...)
	return f
}

func joined(r *web.Request, words []string) string {
	out := ""
	for i, w := range words {
		if i > 0 {
			out += r.T("、")
		}
		out += w
	}
	return out
}

// profileForm asks how somebody serves.
func profileForm(r *web.Request, v View, form ui.Form, p *web.Problem) page.Form {
	typed := r.TypedForm()
	if !form.Failed() {
		typed = nil
	}
	return page.Form{
		Form: form, Profile: true,
		Skills: skillGroups(r, chosen(typed, "skills", v.Skills)), SkillsWrong: p.For("skills"),
		Days: dayGroups(r, v.Free, chosen(typed, "free", texts(v.Free))), FreeWrong: p.For("free"),
		Walk:   ui.Field{Name: "walk_minutes", Label: r.T("最远走几分钟"), Value: strconv.Itoa(walkOf(v))},
		Walks:  numbers(walkOf(v), []int{5, 10, 15, 20, 30, 45, 60}, func(n int) string { return r.T("走 %d 分钟以内", n) }),
		Limit:  ui.Field{Name: "limit_week", Label: r.T("一周最多接几单"), Value: strconv.Itoa(v.LimitWeek)},
		Limits: numbers(v.LimitWeek, []int{0, 1, 2, 3, 5, 7, 10}, func(n int) string { return limitText(r, n) }),
		Note:   ui.Field{Name: "note", Label: r.T("还想说的"), Value: v.Note, Placeholder: r.T("比如：腰不好，不搬重东西")},
		Contact: [2]ui.Field{
			own(r, v, ui.Field{Name: "contact_name", Label: r.T("姓名"), Value: v.ContactName, Autocomplete: "off"}),
			own(r, v, ui.Field{Name: "contact_phone", Label: r.T("电话"), Value: v.ContactPhone, Type: "tel", Autocomplete: "off"}),
		},
		More: []ui.Field{
			{Name: "political", Label: r.T("政治面貌"), Value: v.Political, Autocomplete: "off"},
			{Name: "education", Label: r.T("文化程度"), Value: v.Education, Autocomplete: "off"},
		},
	}
}

// own is a field whose value only the person sees whole; to others it is a hint,
// so that they do not send its stars back.
func own(r *web.Request, v View, f ui.Field) ui.Field {
	if access.Of(r).Person != v.ID && f.Value != "" {
		f.Hint, f.Value = r.T("现在是 %s，不改就空着。", f.Value), ""
	}
	return f
}

// chosen are the values of a field as typed, or as they stand.
func chosen(typed url.Values, name string, now []string) []string {
	if typed != nil {
		return typed[name]
	}
	return now
}

func texts(free []Slot) []string {
	out := make([]string, len(free))
	for i, s := range free {
		out[i] = s.String()
	}
	return out
}

func walkOf(v View) int {
	if v.ID == "" || v.Number == "" {
		return DefaultWalk
	}
	return v.WalkMinutes
}

// numbers are the usual choices and the one that stands.
func numbers(now int, usual []int, say func(int) string) []ui.Option {
	if !slices.Contains(usual, now) {
		usual = append(usual, now)
		slices.Sort(usual)
	}
	var out []ui.Option
	for _, n := range usual {
		out = append(out, ui.Option{Value: strconv.Itoa(n), Text: say(n)})
	}
	return out
}

// skillGroups are the services by official category; open is what holds a choice,
// and the first.
func skillGroups(r *web.Request, now []string) []page.Group {
	var out []page.Group
	for _, top := range category.Top() {
		g := page.Group{Name: serviceName(r, top), Open: len(out) == 0}
		below := category.Children(top.Code)
		if len(below) == 0 || slices.Contains(now, top.ID) {
			below = append([]category.Service{top}, below...)
		}
		for _, s := range below {
			has := slices.Contains(now, s.ID)
			if slices.Contains(s.Risks, category.NotVolunteerJob) && !has {
				continue
			}
			g.Choices = append(g.Choices, page.Tick{Name: "skills", Value: s.ID, Text: serviceName(r, s), Chosen: has})
			g.Open = g.Open || has
		}
		out = append(out, g)
	}
	return out
}

// dayGroups are the parts of each day, and what else was said for it.
func dayGroups(r *web.Request, said []Slot, now []string) []page.Group {
	var out []page.Group
	for _, d := range Weekdays() {
		g := page.Group{Name: r.T(DayName(d))}
		add := func(s Slot, text string) {
			g.Choices = append(g.Choices, page.Tick{Name: "free", Value: s.String(), Text: text, Chosen: slices.Contains(now, s.String())})
		}
		for _, p := range Parts() {
			add(Slot{d, p.From, p.To}, r.T(p.Name))
		}
		for _, s := range said {
			if _, usual := s.Part(); s.Weekday == d && !usual {
				add(s, s.Clock())
			}
		}
		out = append(out, g)
	}
	return out
}

// agreeForm asks for what somebody new has to agree to.
func agreeForm(r *web.Request, a asked, p *web.Problem) *page.Agree {
	out := &page.Agree{
		Wrong: p.For("consent"), Birth: a.birth,
		Guardian: !a.ageSure || a.age < Adult, Minor: a.ageSure && a.age < Adult,
		Papers: [2]ui.Field{
			{Name: "birth", Label: r.T("出生日期"), Placeholder: "1958-03-02", Autocomplete: "bday"},
			{Name: "id_number", Label: r.T("身份证号"), Autocomplete: "off"},
		},
		Guard: [2]ui.Field{
			{Name: "guardian", Label: r.T("监护人姓名"), Autocomplete: "off"},
			{Name: "guardian_phone", Label: r.T("监护人电话"), Type: "tel", Autocomplete: "off"},
		},
		Word: ui.Field{Name: "guardian_agrees", Label: r.T("监护人看过，同意")},
	}
	for _, purpose := range Purposes() {
		term, _ := person.TermOf(purpose)
		out.Terms = append(out.Terms, page.Tick{Name: "consent", Value: string(purpose), Text: r.T(term.Label), About: r.T(term.Text),
			Chosen: slices.Contains(r.TypedAll("consent"), string(purpose))})
	}
	return out
}
