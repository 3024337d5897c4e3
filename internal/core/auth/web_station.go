package auth

import (
	"cmp"

	"linli/internal/core/access"
	"linli/internal/core/auth/page"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/ui"
	"linli/internal/kit/db"
	"linli/internal/kit/web"
)

func (h *Handlers) file(r *web.Request, in byID) (File, error) {
	return h.accounts.File(r.Context(), access.Of(r), in.ID)
}

func (h *Handlers) filePage(r *web.Request, f File) web.Answer {
	return web.HTML(page.FilePage(fileView(r, f, ui.Form{})))
}

func (h *Handlers) fileChanged(r *web.Request, in byID) web.Answer {
	return web.SeeWithNote("/persons/"+in.ID+"/account", r.T("改好了。"))
}

// fileInput is any of the forms of the page about somebody's account.
type fileInput interface{ person() string }

func (in byID) person() string { return in.ID }

// fileAgain shows the page with the form that was refused.
func fileAgain[In fileInput](h *Handlers) func(*web.Request, In, *web.Problem) web.Answer {
	return func(r *web.Request, in In, p *web.Problem) web.Answer {
		f, err := h.accounts.File(r.Context(), access.Of(r), in.person())
		if err != nil {
			return web.Failed(err)
		}
		return web.HTML(page.FilePage(fileView(r, f, ui.Refused(r, p))))
	}
}

func fileView(r *web.Request, f File, form ui.Form) page.File {
	v := page.File{
		ID: f.Person.ID, Name: identity.MaskName(f.Person.Name), Phone: identity.MaskPhone(f.Phone), Disabled: f.Disabled, MaySwap: f.MaySwap,
		Agents:    proxyViews(r, f.Agents, func(p Proxy) string { return identity.MaskName(p.Agent.Name) }),
		Relations: relations(r), Form: form,
	}
	for _, how := range []Agreement{ByPhone, OnPaper} {
		v.Agreements = append(v.Agreements, ui.Option{Value: string(how), Text: r.T(how.Label())})
	}
	for _, held := range f.Held {
		v.Roles = append(v.Roles, page.Role{ID: held.ID, Name: r.T(held.Role.Label()), Place: held.Place.Name, MayRevoke: held.MayRevoke})
	}
	if len(f.Places) == 0 {
		return v
	}
	for _, role := range access.Roles() {
		v.RoleChoices = append(v.RoleChoices, ui.Option{Value: string(role), Text: r.T(role.Label())})
	}
	for _, at := range f.Places {
		v.Places = append(v.Places, ui.Option{Value: at.ID, Text: at.Name})
	}
	return v
}

// at is the district of a person whom the reader can see.
func (h *Handlers) at(r *web.Request, id string) (district int, err error) {
	err = h.accounts.db.Read(r.Context(), func(tx *db.Tx) error {
		p, err := person.Seek(tx, access.Of(r), id)
		district = p.District
		return err
	})
	return district, err
}

// with runs a change of a person whom the reader can see, in one transaction.
func (h *Handlers) with(r *web.Request, in byID, change func(tx *db.Tx, by access.Who, p person.Person) error) (byID, error) {
	return in, h.accounts.db.Write(r.Context(), func(tx *db.Tx) error {
		p, err := person.Seek(tx, access.Of(r), in.ID)
		if err != nil {
			return err
		}
		return change(tx, access.Of(r), p)
	})
}

type openInput struct {
	byID
	Phone string `json:"phone" label:"手机号" maxLength:"40"`
}

// openFor opens an account on the phone that was typed, or else on the one that
// the person is called on.
func (h *Handlers) openFor(r *web.Request, in openInput) (byID, error) {
	return h.with(r, in.byID, func(tx *db.Tx, by access.Who, p person.Person) error {
		return h.accounts.OpenAccount(tx, by, p.District, p.ID, cmp.Or(in.Phone, p.Phone), Hashed{})
	})
}

type lostInput struct {
	byID
	NewPhone string `json:"new_phone" label:"新手机号" maxLength:"40"`
}

func (h *Handlers) changePhoneFor(r *web.Request, in lostInput) (byID, error) {
	district, err := h.at(r, in.ID)
	if err != nil {
		return in.byID, err
	}
	return in.byID, h.accounts.ChangePhoneFor(r.Context(), access.Of(r), district, in.ID, in.NewPhone)
}

func (h *Handlers) disable(r *web.Request, in byID) (byID, error) {
	district, err := h.at(r, in.ID)
	if err != nil {
		return in, err
	}
	return in, h.accounts.Disable(r.Context(), access.Of(r), district, in.ID)
}

func (h *Handlers) enable(r *web.Request, in byID) (byID, error) {
	district, err := h.at(r, in.ID)
	if err != nil {
		return in, err
	}
	return in, h.accounts.Enable(r.Context(), access.Of(r), district, in.ID)
}

type recordInput struct {
	byID
	AgentPhone string    `json:"agent_phone" label:"家人的手机号" maxLength:"40"`
	Relation   Relation  `json:"relation" label:"是老人的什么人"`
	How        Agreement `json:"how" label:"怎么同意的"`
}

func (h *Handlers) recordProxy(r *web.Request, in recordInput) (byID, error) {
	district, err := h.at(r, in.ID)
	if err != nil {
		return in.byID, err
	}
	_, err = h.accounts.RecordProxy(r.Context(), access.Of(r), district, in.ID, in.AgentPhone, in.Relation, in.How)
	return in.byID, err
}

type endProxyInput struct {
	byID
	Proxy string `path:"proxy"`
}

func (h *Handlers) endProxyFor(r *web.Request, in endProxyInput) (byID, error) {
	district, err := h.at(r, in.ID)
	if err != nil {
		return in.byID, err
	}
	return in.byID, h.accounts.EndProxy(r.Context(), access.Of(r), district, in.Proxy)
}

type grantInput struct {
	byID
	Role  access.Role  `json:"role" label:"身份" maxLength:"40"`
	Place string       `json:"place" label:"在哪里" maxLength:"40"`
	Until calendar.Day `json:"until" label:"到哪天为止"`
}

func (h *Handlers) grant(r *web.Request, in grantInput) (byID, error) {
	return h.with(r, in.byID, func(tx *db.Tx, by access.Who, p person.Person) error {
		_, err := h.accounts.Grant(tx, by, in.appointment(p))
		return err
	})
}

func (in grantInput) appointment(p person.Person) Appointment {
	a := Appointment{District: p.District, Person: p.ID, Role: in.Role, Place: in.Place}
	if !in.Until.IsZero() {
		a.Until = in.Until.End()
	}
	return a
}

type revokeInput struct {
	byID
	Grant string `path:"grant"`
}

func (h *Handlers) revoke(r *web.Request, in revokeInput) (byID, error) {
	return h.with(r, in.byID, func(tx *db.Tx, by access.Who, p person.Person) error {
		return h.accounts.Revoke(tx, by, p, in.Grant)
	})
}
