package place

import (
	"strconv"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/place/page"
	"linli/internal/core/ui"
	"linli/internal/kit/web"
)

func href(id string) string { return "/places/" + id }

func links(places []Place) []ui.Link {
	var out []ui.Link
	for _, p := range places {
		out = append(out, ui.Link{Text: p.Name, Href: href(p.ID)})
	}
	return out
}

func (h *Handlers) listPage(r *web.Request, _ web.List[View]) web.Answer {
	provinces, mine, err := h.places.Begin(r.Context(), access.Of(r))
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.IndexPage(page.Index{Mine: links(mine), Provinces: links(provinces)}))
}

func (h *Handlers) showPage(r *web.Request, s shown) web.Answer {
	p := s.sheet.Place
	out := page.Sheet{
		Title: p.Name, Kind: r.T(p.Level.Label()), Above: links(s.sheet.Chain[:len(s.sheet.Chain)-1]),
		Phone: ui.Phone(s.sheet.Phone), Groups: groups(r, s.sheet.Children), Buttons: buttons(r, s.sheet),
	}
	if p.Level.Official() {
		out.Kind = r.T("%s，代码 %s", r.T(p.Level.Label()), p.ID)
	}
	if !p.Open() {
		out.Ended = r.T("这里 %s 起停用了，以前的记录还在。", ui.FullDate(r.Context(), p.ValidTo))
	}
	for _, f := range s.sheet.Facts {
		out.Facts = append(out.Facts, page.Fact{Label: r.T(f.Label), Value: f.Value, Rate: f.Rate, Of: f.Of, Unanswered: f.Unanswered})
	}
	for _, section := range h.sections {
		c, err := section(r, p)
		if err != nil {
			return web.Failed(err)
		}
		if c != nil {
			out.Sections = append(out.Sections, c)
		}
	}
	return web.HTML(page.SheetPage(out))
}

// groups puts the places below into one group for each level.
func groups(r *web.Request, children []Place) []page.Group {
	var out []page.Group
	for _, level := range Levels() {
		var items []Place
		for _, p := range children {
			if p.Level == level {
				items = append(items, p)
			}
		}
		if len(items) > 0 {
			title := r.T("下面的%s，%d 个", r.T(level.Label()), len(items))
			out = append(out, page.Group{Title: title, Items: links(items)})
		}
	}
	return out
}

func buttons(r *web.Request, s Sheet) []page.Button {
	self := href(s.Place.ID)
	var out []page.Button
	add := func(text, to string, icon ui.Glyph, dialog bool) {
		out = append(out, page.Button{Link: ui.Link{Text: text, Href: self + to}, Icon: icon, Dialog: dialog})
	}
	if s.People {
		out = append(out, page.Button{Link: ui.Link{Text: r.T("看这里的居民"), Href: "/persons?place=" + s.Place.ID}, Icon: ui.GlyphPeople})
	}
	for _, level := range s.Add {
		add(r.T("加一个%s", r.T(level.Label())), "/children/new?level="+string(level), ui.GlyphPlus, false)
	}
	if s.Edit {
		add(r.T("改名字和位置"), "/edit", ui.GlyphPin, false)
	}
	if s.Rules {
		add(r.T("定规矩"), "/rules", ui.GlyphLists, false)
	}
	if s.Edit && len(s.Children) == 0 {
		add(r.T("停用这里"), "/closure", ui.GlyphX, true)
	}
	return out
}

type addFormInput struct {
	ID    string `path:"id,code"`
	Level Level  `json:"level" label:"哪一级" required:"true"`
}

// adding is a place and the level of what is to be added below it.
type adding struct {
	parent Place
	level  Level
}

func (h *Handlers) addForm(r *web.Request, in addFormInput) (adding, error) {
	parent, err := h.places.MayAdd(r.Context(), access.Of(r), in.ID, in.Level)
	return adding{parent: parent, level: in.Level}, err
}

func (h *Handlers) addFormPage(r *web.Request, a adding) web.Answer {
	return web.HTML(page.DraftPage(addDraft(r, a, ui.Form{})))
}

func (h *Handlers) addAgain(r *web.Request, in addInput, p *web.Problem) web.Answer {
	parent, err := h.places.MayAdd(r.Context(), access.Of(r), in.ID, in.Level)
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.DraftPage(addDraft(r, adding{parent: parent, level: in.Level}, ui.Refused(r, p))))
}

func addDraft(r *web.Request, a adding, form ui.Form) page.Draft {
	d := page.Draft{
		Title:  r.T("在%s加一个%s", a.parent.Name, r.T(a.level.Label())),
		Action: href(a.parent.ID) + "/children", Back: ui.Link{Text: r.T("先不加了"), Href: href(a.parent.ID)},
		Verb: r.T("加上"), Form: form, Level: string(a.level), NameSample: sample(a.level),
	}
	if a.level == Community {
		d.Code, d.Station, d.CodeStart = true, true, strings.TrimSuffix(a.parent.ID, "000")
	}
	return d
}

// sample is an example of a name; names are not translated.
func sample(l Level) string {
	switch l {
	case Community:
		return "东风路南社区"
	case Grid:
		return "第一网格"
	case Estate:
		return "邮电园小区"
	}
	return "3号楼"
}

func (h *Handlers) added(r *web.Request, v View) web.Answer {
	return web.SeeWithNote(href(v.ID), r.T("加上了。"))
}

func (h *Handlers) editPage(r *web.Request, s shown) web.Answer {
	return web.HTML(page.DraftPage(editDraft(r, s.sheet.Place, ui.Form{})))
}

func (h *Handlers) editAgain(r *web.Request, in editInput, p *web.Problem) web.Answer {
	sheet, err := h.places.Show(r.Context(), access.Of(r), in.ID)
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.DraftPage(editDraft(r, sheet.Place, ui.Refused(r, p))))
}

func editDraft(r *web.Request, p Place, form ui.Form) page.Draft {
	d := page.Draft{
		Title: r.T("改%s的名字和位置", p.Name), Action: href(p.ID) + "/details",
		Back: ui.Link{Text: r.T("先不改了"), Href: href(p.ID)}, Verb: r.T("就这样改"), Form: form,
		Name: p.Name, Phone: p.Phone, Station: p.Level.Official(),
	}
	if p.Position != nil {
		d.Lat = strconv.FormatFloat(p.Position.Lat, 'f', -1, 64)
		d.Lng = strconv.FormatFloat(p.Position.Lng, 'f', -1, 64)
	}
	return d
}

func (h *Handlers) edited(r *web.Request, v View) web.Answer {
	return web.SeeWithNote(href(v.ID), r.T("改好了。"))
}

func (h *Handlers) closePage(r *web.Request, s shown) web.Answer {
	p := s.sheet.Place
	return web.HTML(page.ClosePage(ui.ConfirmData{
		Action: href(p.ID) + "/closure", Title: r.T("停用%s？", p.Name),
		Text: r.T("停用以后不能再选它，以前的记录还在。"), Verb: r.T("停用"), Danger: true,
		Back: ui.Link{Text: r.T("先不停用"), Href: href(p.ID)},
	}))
}

func (h *Handlers) closed(r *web.Request, v View) web.Answer {
	return web.SeeWithNote(href(v.Parent), r.T("%s停用了。", v.Name))
}

func (h *Handlers) rulesPage(r *web.Request, d ruled) web.Answer {
	return web.HTML(page.RulesPage(rulesOf(r, d, ui.Form{})))
}

func (h *Handlers) rulesAgain(r *web.Request, in ruleInput, p *web.Problem) web.Answer {
	d, err := h.rules(r, byCode{in.ID})
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.RulesPage(rulesOf(r, d, ui.Refused(r, p))))
}

func rulesOf(r *web.Request, d ruled, form ui.Form) page.Rules {
	out := page.Rules{
		Title: r.T("%s的规矩", d.place.Name), Action: href(d.place.ID) + "/rules",
		Back: ui.Link{Text: r.T("回到%s", d.place.Name), Href: href(d.place.ID)},
		Form: form, Today: d.today.String(),
	}
	for _, s := range d.states {
		row := page.RuleRow{Name: string(s.Rule.Name), Label: r.T(s.Rule.Label), Value: strconv.FormatInt(s.Value, 10), From: s.From}
		if s.From == "" {
			row.From = r.T("一般都这样")
		}
		for _, v := range s.Versions {
			row.Versions = append(row.Versions, r.T("%s 从 %s 起：%d", v.Place, ui.FullDate(r.Context(), v.Since), v.Value))
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func (h *Handlers) ruleSet(r *web.Request, v SettingView) web.Answer {
	day := ui.FullDate(r.Context(), calendar.DayOf(v.Since).Start())
	return web.SeeWithNote(href(v.Place)+"/rules", r.T("记下了，从 %s 起这样算。", day))
}
