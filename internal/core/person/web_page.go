package person

import (
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/core/access"
	"linli/internal/core/identity"
	"linli/internal/core/person/page"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/kit/web"
)

func href(id string) string { return "/persons/" + id }

func listHref(placeID, words, cursor string) string {
	q := url.Values{"place": {placeID}}
	if words != "" {
		q.Set("q", words)
	}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	return "/persons?" + q.Encode()
}

func (h *Handlers) listPage(r *web.Request, l listed) web.Answer {
	if l.at.ID == "" {
		c := page.Choice{Title: r.T("看哪个社区的居民？")}
		for _, p := range l.choices {
			c.Items = append(c.Items, ui.Link{Text: p.Name, Href: listHref(p.ID, "", "")})
		}
		return web.HTML(page.ChoicePage(c))
	}
	out := page.List{Title: r.T("%s的居民", l.at.Name), Place: l.at.ID, Words: l.words}
	if l.write {
		out.New = "/persons/new?place=" + l.at.ID
	}
	for _, p := range l.choices {
		out.Others = append(out.Others, ui.Option{Value: p.ID, Text: p.Name})
	}
	for _, v := range l.Items {
		out.Rows = append(out.Rows, row(r, v))
	}
	if !l.first {
		out.Pages.First = listHref(l.at.ID, l.words, "")
	}
	if l.Next != "" {
		out.Pages.Next = listHref(l.at.ID, l.words, string(l.Next))
	}
	return web.HTML(page.ListPage(out))
}

func row(r *web.Request, v View) page.Row {
	return page.Row{Href: href(v.ID), Name: v.Name, About: about(r, v), Address: v.Address, Phone: v.Phone, Alone: v.LivesAlone}
}

// about is sex and age, as far as they are known.
func about(r *web.Request, v View) string {
	var parts []string
	if v.Sex != "" {
		parts = append(parts, r.T(string(v.Sex)))
	}
	if v.Age != nil {
		parts = append(parts, r.T("%d 岁", *v.Age))
	}
	return strings.Join(parts, r.T("，"))
}

func (h *Handlers) showPage(r *web.Request, s shown) web.Answer {
	return h.personPage(r, s.sheet, "")
}

// personPage is the page of a person with the fields that are open in the sheet's
// view; opened says that they were just opened.
func (h *Handlers) personPage(r *web.Request, s Sheet, opened string) web.Answer {
	out := page.Person{
		Title: s.Name, Initial: s.Name, About: about(r, s.View), Alone: s.LivesAlone, Self: s.Self, Opened: opened,
		Facts: facts(r, s), Consents: consentRows(r, s), Buttons: personButtons(r, s),
	}
	if s.Shows(FieldPhone) && !s.Self {
		out.Call = ui.Phone(s.Phone)
	}
	for _, m := range s.Members {
		out.Members = append(out.Members, row(r, m))
	}
	if s.MayWrite {
		out.Agree = href(s.ID) + "/consents"
	}
	out.Guardian = s.Age != nil && *s.Age < guarded
	sections, err := Cards(r, s.Person, h.sections)
	if err != nil {
		return web.Failed(err)
	}
	out.Sections = sections
	return web.HTML(page.PersonPage(out))
}

// Cards are those that sections add about a person.
func Cards(r *web.Request, p Person, sections []Section) (cards []templ.Component, err error) {
	for _, section := range sections {
		c, err := section(r, p)
		if err != nil {
			return nil, err
		}
		if c != nil {
			cards = append(cards, templ.ComponentFunc(c.Render))
		}
	}
	return cards, nil
}

func facts(r *web.Request, s Sheet) []ui.Fact {
	var out []ui.Fact
	add := func(term, text string) {
		if text != "" {
			out = append(out, ui.Fact{Term: term, Text: text})
		}
	}
	add(r.T("电话"), s.Phone)
	add(r.T("社区"), s.Community.Name)
	add(r.T("住哪儿"), s.Address)
	if s.IDNumber != "" {
		add(r.T("证件号码"), r.T(string(s.IDType))+" "+s.IDNumber)
	}
	add(r.T("出生日期"), s.Birth)
	add(r.T("备注"), s.Note)
	return out
}

func personButtons(r *web.Request, s Sheet) []page.Button {
	var out []page.Button
	add := func(text, to string, icon ui.Glyph, main bool) {
		out = append(out, page.Button{Link: ui.Link{Text: text, Href: to}, Icon: icon, Main: main})
	}
	if s.MayUnmask && len(s.Open) == 0 {
		add(r.T("看全的资料"), href(s.ID)+"/disclosures/new", ui.GlyphShield, true)
	}
	if s.MayWrite {
		add(r.T("改资料"), href(s.ID)+"/edit", ui.GlyphMe, false)
	}
	if s.MayWrite && !s.Self && s.Household != "" {
		add(r.T("全家搬了"), href(s.ID)+"/household", ui.GlyphHouse, false)
	}
	if s.Self {
		add(r.T("谁看过我的信息"), "/me/disclosures", ui.GlyphShield, false)
	}
	return out
}

func consentRows(r *web.Request, s Sheet) []page.Consent {
	var out []page.Consent
	for _, v := range s.Consents {
		term, _ := TermOf(v.Purpose)
		out = append(out, page.Consent{Purpose: string(v.Purpose), Label: r.T(term.Label), Text: r.T(term.Text),
			State: consentState(r, v), Agreed: v.Agreed})
	}
	return out
}

func consentState(r *web.Request, v ConsentView) string {
	switch {
	case v.Agreed:
		return r.T("%s 同意的", ui.FullDate(r.Context(), *v.GivenAt))
	case v.WithdrawnAt != nil:
		return r.T("%s 撤回了", ui.FullDate(r.Context(), *v.WithdrawnAt))
	}
	return r.T("还没问过")
}

func (h *Handlers) unmaskPage(r *web.Request, s shown) web.Answer {
	u := unmaskForm(r, s.ID, s.Name)
	u.Chosen = []string{string(FieldName), string(FieldPhone)}
	return web.HTML(page.UnmaskPage(u))
}

func (h *Handlers) unmaskAgain(r *web.Request, in unmaskInput, p *web.Problem) web.Answer {
	sheet, err := h.persons.Show(r.Context(), access.Of(r), in.ID)
	if err != nil {
		return web.Failed(err)
	}
	u := unmaskForm(r, in.ID, sheet.Name)
	u.Form = ui.Refused(r, p)
	return web.HTML(page.UnmaskPage(u))
}

func unmaskForm(r *web.Request, id, name string) page.Unmask {
	u := page.Unmask{Title: r.T("看%s全的资料", name), Action: href(id) + "/disclosures", Back: ui.Link{Text: r.T("先不看了"), Href: href(id)}}
	for _, f := range Fields() {
		u.Fields = append(u.Fields, ui.Option{Value: string(f), Text: r.T(f.Label())})
	}
	return u
}

// unmasked shows the fields at once: nothing of them is kept for another page.
func (h *Handlers) unmasked(r *web.Request, v View) web.Answer {
	sheet, err := h.persons.Show(r.Context(), access.Of(r), v.ID)
	if err != nil {
		return web.Failed(err)
	}
	if !sheet.Self {
		sheet.View = v
	}
	return h.personPage(r, sheet, r.T("打开了。这次查看已经记下，本人看得到。离开这一页就又收起来。"))
}

func (h *Handlers) movePage(r *web.Request, s shown) web.Answer {
	return h.moveForm(r, s.sheet, ui.Form{})
}

func (h *Handlers) moveAgain(r *web.Request, in moveInput, p *web.Problem) web.Answer {
	sheet, err := h.persons.Show(r.Context(), access.Of(r), in.ID)
	if err != nil {
		return web.Failed(err)
	}
	return h.moveForm(r, sheet, ui.Refused(r, p))
}

func (h *Handlers) moveForm(r *web.Request, s Sheet, form ui.Form) web.Answer {
	community, homes, err := h.persons.Homes(r.Context(), s.Place)
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.MovePage(page.Move{
		Title: r.T("%s全家搬到哪儿？", s.Name), Lead: r.T("同一户的 %d 个人一起搬。", len(s.Members)+1),
		Action: href(s.ID) + "/household", Back: ui.Link{Text: r.T("先不搬"), Href: href(s.ID)},
		Form: form, Homes: homeOptions(community, homes, ""),
	}))
}

func (h *Handlers) moved(r *web.Request, _ HouseholdView) web.Answer {
	return web.SeeWithNote(href(r.PathValue("id")), r.T("记下了，全家都搬过去了。"))
}

type agreeInput struct {
	ID      string  `path:"id"`
	Purpose Purpose `json:"purpose" label:"为了什么" required:"true"`
}

// agreeing is the purpose that a guardian is asked about.
type agreeing struct {
	id      string
	purpose Purpose
}

func (h *Handlers) agreeForm(r *web.Request, in agreeInput) (agreeing, error) {
	return agreeing{in.ID, in.Purpose}, h.persons.Allowed(r.Context(), access.Of(r), in.ID, access.PersonWrite)
}

func (h *Handlers) agreePage(r *web.Request, a agreeing) web.Answer {
	return web.HTML(page.AgreePage(agreement(r, a, ui.Form{})))
}

func (h *Handlers) giveAgain(r *web.Request, in giveInput, p *web.Problem) web.Answer {
	return web.HTML(page.AgreePage(agreement(r, agreeing{in.ID, in.Purpose}, ui.Refused(r, p))))
}

func agreement(r *web.Request, a agreeing, form ui.Form) page.Agree {
	term, _ := TermOf(a.purpose)
	return page.Agree{Purpose: string(a.purpose), Label: r.T(term.Label), Text: r.T(term.Text), Form: form,
		Action: href(a.id) + "/consents", Back: ui.Link{Text: r.T("先不填了"), Href: href(a.id)}}
}

func (h *Handlers) consented(r *web.Request, v ConsentView) web.Answer {
	note := r.T("记下了：不同意%s。", r.T(v.Label))
	if v.Agreed {
		note = r.T("记下了：同意%s。", r.T(v.Label))
	}
	return web.SeeWithNote(href(r.PathValue("id"))+"#consents", note)
}

func (h *Handlers) seenPage(r *web.Request, s seen) web.Answer {
	out := page.Seen{}
	for _, d := range s.rows {
		entry := ui.LogEntry{Title: r.T("%s，%s", d.Name, r.T(d.Role.Label())), When: ui.When(r.Context(), d.At), Text: sawWhat(r, d)}
		if d.Order != "" {
			entry.Action = page.ToOrder(d.Order)
		}
		out.Entries = append(out.Entries, entry)
	}
	if !s.first {
		out.Pages.First = "/me/disclosures"
	}
	if s.Next != "" {
		out.Pages.Next = "/me/disclosures?cursor=" + url.QueryEscape(string(s.Next))
	}
	return web.HTML(page.SeenPage(out))
}

// sawWhat names the fields and the reason. One for an order is the house's own
// sentence, and has a translation.
func sawWhat(r *web.Request, d Disclosure) string {
	var names []string
	for _, f := range d.Fields {
		names = append(names, r.T(f.Label()))
	}
	fields := strings.Join(names, r.T("、"))
	switch {
	case d.Reason != "" && d.Order != "":
		return r.T("看了%s，因为：%s", fields, r.T(d.Reason))
	case d.Reason != "":
		return r.T("看了%s，因为：%s", fields, d.Reason)
	case d.Order != "":
		return r.T("看了%s，因为接了您的单子。", fields)
	}
	return r.T("看了%s。", fields)
}

// documents are the kinds of papers that a form offers.
func documents(r *web.Request) []ui.Option {
	var out []ui.Option
	for _, kind := range []identity.DocumentKind{identity.IDCard, identity.HMTCard, identity.Passport} {
		out = append(out, ui.Option{Value: string(kind), Text: r.T(string(kind))})
	}
	return out
}

// homeOptions offer the community itself, for whom no more is known, and what
// stands in it; with stay, first of all that nothing changes.
func homeOptions(community place.Place, homes []Home, stay string) []ui.Option {
	var out []ui.Option
	if stay != "" {
		out = append(out, ui.Option{Text: stay})
	}
	out = append(out, ui.Option{Value: community.ID, Text: community.Name})
	for _, home := range homes {
		out = append(out, ui.Option{Value: home.ID, Text: home.Label})
	}
	return out
}
