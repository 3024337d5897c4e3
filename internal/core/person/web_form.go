package person

import (
	"strconv"

	"linli/internal/core/access"
	"linli/internal/core/person/page"
	"linli/internal/core/ui"
	"linli/internal/kit/web"
)

func (h *Handlers) addFormPage(r *web.Request, c choice) web.Answer {
	return h.newForm(r, c.at.ID, ui.Form{})
}

func (h *Handlers) addAgain(r *web.Request, in draftInput, p *web.Problem) web.Answer {
	return h.newForm(r, in.Place, ui.Refused(r, p))
}

func (h *Handlers) newForm(r *web.Request, at string, form ui.Form) web.Answer {
	community, homes, err := h.persons.Homes(r.Context(), at)
	if err != nil {
		return web.Failed(err)
	}
	return web.HTML(page.FormPage(page.Form{
		Title: r.T("登记一位居民"), Action: "/persons", Verb: r.T("登记"), Form: form,
		Back: ui.Link{Text: r.T("先不登记"), Href: listHref(community.ID, "", "")},
		Now:  page.Now{Place: at}, Homes: homeOptions(community, homes, ""), Documents: documents(r),
	}))
}

func (h *Handlers) added(r *web.Request, v View) web.Answer {
	return web.SeeWithNote(href(v.ID), r.T("登记好了。"))
}

func (h *Handlers) editPage(r *web.Request, s shown) web.Answer {
	return h.editForm(r, s.sheet, ui.Form{})
}

func (h *Handlers) editAgain(r *web.Request, in editInput, p *web.Problem) web.Answer {
	sheet, err := h.persons.Show(r.Context(), access.Of(r), in.ID)
	if err != nil {
		return web.Failed(err)
	}
	return h.editForm(r, sheet, ui.Refused(r, p))
}

func (h *Handlers) editForm(r *web.Request, s Sheet, form ui.Form) web.Answer {
	community, homes, err := h.persons.Homes(r.Context(), s.Place)
	if err != nil {
		return web.Failed(err)
	}
	out := page.Form{
		Title: r.T("改%s的资料", s.Name), Lead: r.T("不改的空着就行。"), Action: href(s.ID) + "/details", Verb: r.T("就这样改"),
		Back: ui.Link{Text: r.T("先不改了"), Href: href(s.ID)}, Form: form, Edit: true,
		Version: strconv.FormatInt(s.Version, 10), Now: hints(r, s), Documents: documents(r), Clear: clearable(r),
		Homes: homeOptions(community, homes, r.T("没搬")),
	}
	if s.Self {
		out.Lead, out.Now = r.T("要清空一项，在最下面勾上。"), values(s.Person)
	}
	return web.HTML(page.FormPage(out))
}

// hints say what stands there without opening it.
func hints(r *web.Request, s Sheet) page.Now {
	now := func(text string) string {
		if text == "" {
			return ""
		}
		return r.T("现在是 %s", text)
	}
	return page.Now{
		NameHint: now(s.Name), PhoneHint: now(s.Phone), IDNumberHint: now(s.IDNumber), PlaceHint: now(s.Address),
		IDType: string(s.IDType),
	}
}

// values are one's own, to be changed where they stand.
func values(p Person) page.Now {
	return page.Now{
		Name: p.Name, Sex: string(p.Sex), Birth: p.Birth.String(), IDType: string(p.IDType), IDNumber: p.IDNumber,
		Phone: p.Phone, Place: p.Place, Door: p.Door, Address: p.Address, Note: p.Note, Alone: strconv.FormatBool(p.LivesAlone),
	}
}

// clearable are the fields that may be emptied.
func clearable(r *web.Request) []ui.Option {
	var out []ui.Option
	for _, f := range Fields() {
		if f != FieldName {
			out = append(out, ui.Option{Value: string(f), Text: r.T(f.Label())})
		}
	}
	return out
}

func (h *Handlers) edited(r *web.Request, v View) web.Answer {
	return web.SeeWithNote(href(v.ID), r.T("改好了。"))
}
