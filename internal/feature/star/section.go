package star

import (
	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/core/ui"
	"linli/internal/kit/db"
	"linli/internal/kit/web"
)

// Section is the card of the star and the honours on a person's page.
func (h *Handlers) Section(r *web.Request, p person.Person) (web.Component, error) {
	return h.SectionOf(r, p.District, p.ID)
}

// SectionOf is Section for a page that knows the volunteer's id only; nil for somebody
// who has neither.
func (h *Handlers) SectionOf(r *web.Request, district int, volunteer string) (c web.Component, err error) {
	var st Standing
	if err := h.stars.db.Read(r.Context(), func(tx *db.Tx) (err error) {
		st, err = Of(tx, district, volunteer)
		return err
	}); err != nil || st.Star == 0 && len(st.Honours) == 0 {
		return nil, err
	}
	part := ui.PaperPart{ID: "stars", Title: r.T("星级和荣誉")}
	if st.Star > 0 {
		text := r.T("%d 星", st.Star)
		if st.Year != 0 {
			text = r.T("%[1]s，%[2]d 年", text, st.Year)
		}
		part.Facts = append(part.Facts, ui.Fact{Term: r.T("星级"), Text: text}, ui.Fact{Term: r.T("从哪天起"), Text: ui.FullDate(r.Context(), st.Since)})
	}
	for _, honour := range st.Honours {
		part.Facts = append(part.Facts, ui.Fact{Term: r.T("荣誉"), Text: r.T("%[1]d 年%[2]s", honour.Year, r.T(honour.Kind.Label()))})
	}
	if access.Of(r).District == district {
		part.Links = []ui.Link{{Text: r.T("看星级志愿者"), Href: "/stars"}}
	}
	return ui.PaperCard(ui.Form{}, part), nil
}
