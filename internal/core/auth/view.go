package auth

import (
	"cmp"
	"context"
	"slices"

	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// Me is who is signed in, as the API shows it.
type Me struct {
	Person PersonView `json:"person" doc:"登录的人"`
	Roles  []RoleView `json:"roles" doc:"他的身份"`
}

// PersonView is somebody as they see themselves.
type PersonView struct {
	ID    string    `json:"id" doc:"编号"`
	Name  string    `json:"name" doc:"姓名" example:"孟桂兰"`
	Phone string    `json:"phone" doc:"登录用的手机号"`
	Place *PlaceRef `json:"place,omitempty" doc:"住在哪个社区"`
}

// RoleView is a role and where it holds.
type RoleView struct {
	Role  access.Role `json:"role" doc:"身份" example:"resident"`
	Place PlaceRef    `json:"place" doc:"在哪里；管到它下面的每一处"`
	Org   string      `json:"org,omitempty" doc:"在哪个组织里，不在组织里就没有"`
}

// PlaceRef names a place. The whole country has no id.
type PlaceRef struct {
	ID   string `json:"id" doc:"代码" example:"130104016001"`
	Name string `json:"name" doc:"名字" example:"东风路南社区"`
}

// SessionView is a new session.
type SessionView struct {
	Token string `json:"token" doc:"放进 Authorization: Bearer 里用，只在这里给一次"`
	Me
}

// Me shows who is signed in, with their roles.
func (s *Service) Me(ctx context.Context, who access.Who) (me Me, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		h, found, err := findHolder(tx, who.District, who.Person)
		if err != nil || !found {
			return signedOut(err)
		}
		me, err = meOf(tx, h, who.Grants)
		return err
	})
	return me, err
}

func meOf(tx *db.Tx, h holder, grants []access.Grant) (Me, error) {
	ids := []string{h.person.Community}
	for _, g := range grants {
		ids = append(ids, g.Place)
	}
	names, err := place.Names(tx, ids...)
	me := Me{Person: PersonView{ID: h.id, Name: h.person.Name, Phone: h.phone}, Roles: []RoleView{}}
	if id := h.person.Community; id != "" {
		me.Person.Place = &PlaceRef{id, names[id]}
	}
	for _, g := range grants {
		me.Roles = append(me.Roles, RoleView{Role: g.Role, Place: placeRef(g.Place, names), Org: g.Org})
	}
	return me, err
}

func placeRef(id string, names map[string]string) PlaceRef {
	if id == "" {
		return PlaceRef{Name: "全国"}
	}
	return PlaceRef{id, names[id]}
}

// Sheet is what one's own account page shows.
type Sheet struct {
	Me
	HasPassword bool
	Sessions    []Session
	Principals  []Proxy // for whom I act
	Agents      []Proxy // who acts for me
}

// Account gathers one's own account page.
func (s *Service) Account(ctx context.Context, who access.Who) (sheet Sheet, err error) {
	sheet.Sessions, err = s.Sessions(ctx, who)
	if err != nil {
		return sheet, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		h, found, err := findHolder(tx, who.District, who.Person)
		if err != nil || !found {
			return signedOut(err)
		}
		sheet.HasPassword = h.hash != ""
		if sheet.Me, err = meOf(tx, h, who.Grants); err != nil {
			return err
		}
		if sheet.Principals, err = Principals(tx, who); err != nil {
			return err
		}
		sheet.Agents, err = Agents(tx, who.District, who.Person)
		return err
	})
	return sheet, err
}

// File is somebody's account as their station sees it.
type File struct {
	Person   person.Person
	Phone    string // that signs in; empty without an account
	Disabled bool
	Held     []HeldView
	Agents   []Proxy
	Places   []PlaceRef // at which the reader may give roles; none when they may not at all
	MaySwap  bool       // the reader may switch the account off and on
}

// HeldView is a role that somebody holds, with what the reader may do about it.
type HeldView struct {
	ID        string      `json:"id" doc:"这一条身份"`
	Role      access.Role `json:"role" doc:"身份" example:"resident"`
	Place     PlaceRef    `json:"place" doc:"在哪里；管到它下面的每一处"`
	MayRevoke bool        `json:"may_revoke" doc:"您能不能收回"`
}

// File gathers a person's account for who may write at their place.
func (s *Service) File(ctx context.Context, by access.Who, id string) (f File, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		f, err = file(tx, by, id)
		return err
	})
	return f, err
}

func file(tx *db.Tx, by access.Who, id string) (f File, err error) {
	if f.Person, err = person.Seek(tx, by, id); err != nil {
		return f, err
	}
	at := stationTarget(f.Person)
	if err := access.Check(by, access.PersonWrite, at); err != nil {
		return f, err
	}
	h, found, err := findHolder(tx, f.Person.District, id)
	if err != nil {
		return f, err
	}
	if found {
		f.Phone, f.Disabled = h.phone, h.disabled
	}
	f.MaySwap = found && by.Person != id && access.May(by, access.RoleGrant, at)
	if f.Agents, err = Agents(tx, f.Person.District, id); err != nil {
		return f, err
	}
	if f.Held, err = heldViews(tx, by, f.Person); err != nil || by.Person == id {
		return f, err
	}
	f.Places, err = appointable(tx, by, f.Person)
	return f, err
}

func heldViews(tx *db.Tx, by access.Who, p person.Person) ([]HeldView, error) {
	held, err := GrantsOf(tx, p.District, p.ID)
	if err != nil {
		return nil, err
	}
	var out []HeldView
	for _, h := range held {
		v, err := heldView(tx, by, h)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func heldView(tx *db.Tx, by access.Who, h Held) (HeldView, error) {
	names, err := place.Names(tx, h.Grant.Place)
	return HeldView{ID: h.ID, Role: h.Grant.Role, Place: placeRef(h.Grant.Place, names), MayRevoke: mayDecide(by, h) == nil}, err
}

// appointable are the places at which by may give somebody a role: those above
// where they live, and by's own.
func appointable(tx *db.Tx, by access.Who, p person.Person) ([]PlaceRef, error) {
	var out []PlaceRef
	seen := map[string]bool{}
	add := func(at place.Place) {
		if !seen[at.ID] && access.May(by, access.RoleGrant, at.Target()) {
			seen[at.ID] = true
			out = append(out, PlaceRef{at.ID, at.Name})
		}
	}
	for _, id := range placesFor(by, p) {
		at, err := place.Get(tx, id)
		if err != nil {
			return nil, err
		}
		chain, err := place.Chain(tx, at)
		if err != nil {
			return nil, err
		}
		for i := range chain {
			add(chain[len(chain)-1-i])
		}
	}
	return out, nil
}

// placesFor are the places whose ancestors are offered.
func placesFor(by access.Who, p person.Person) []string {
	ids := []string{cmp.Or(p.Community, p.Place)}
	for _, g := range access.Places(by, access.RoleGrant) {
		ids = append(ids, g.Place)
	}
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}
