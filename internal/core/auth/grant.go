package auth

import (
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Appointment is a role that somebody is given.
type Appointment struct {
	District int // of the person
	Person   string
	Role     access.Role
	Place    string    // id; empty for the whole country
	Org      string    // id, when the role is held in an organisation
	Since    time.Time // zero: from now on
	Until    time.Time // zero: without end
}

// Held is a role that somebody has, or will have.
type Held struct {
	ID        string
	District  int // of the person
	Person    string
	Grant     access.Grant
	GrantedBy string // person id; empty when the house did it
	Since     time.Time
	Until     time.Time // zero: without end
}

// Grant gives a role. Only an administrator of a place that holds the role's
// place may, and not to themselves. Somebody who has the role keeps it as it is.
func (s *Service) Grant(tx *db.Tx, by access.Who, a Appointment) (Held, error) {
	h, err := s.prepare(tx, by, a)
	if err != nil {
		return h, err
	}
	if err := mayDecide(by, h); err != nil {
		return h, err
	}
	return s.put(tx, by, h)
}

// Assign gives a role for a feature whose own step has the permission: agreeing
// to help makes a volunteer, being chosen makes a team leader. It knows only the
// roles that give no right over others.
func (s *Service) Assign(tx *db.Tx, by access.Who, a Appointment) (Held, error) {
	if isStaffRole(a.Role) {
		return Held{}, fault.Forbidden("这个身份只有管理员能给。")
	}
	h, err := s.prepare(tx, by, a)
	if err != nil {
		return h, err
	}
	return s.put(tx, by, h)
}

// Unassign takes back what Assign gave. A role that is not held is fine.
func (s *Service) Unassign(tx *db.Tx, by access.Who, a Appointment) error {
	if isStaffRole(a.Role) {
		return fault.Forbidden("这个身份只有管理员能收回。")
	}
	h, err := s.prepare(tx, by, a)
	if err != nil {
		return err
	}
	return s.take(tx, by, h)
}

// Revoke ends a role of a person, from now on.
func (s *Service) Revoke(tx *db.Tx, by access.Who, of person.Person, id string) error {
	h, found, err := findGrant(tx, of.District, id, tx.Now())
	if err != nil {
		return err
	}
	if !found || h.Person != of.ID {
		return fault.NotFound("这个身份已经收回了。")
	}
	if err := mayDecide(by, h); err != nil {
		return err
	}
	return s.take(tx, by, h)
}

// GrantsOf lists what roles a person holds now, the oldest first.
func GrantsOf(tx *db.Tx, district int, person string) ([]Held, error) {
	return grantsOf(tx, district, person, tx.Now())
}

// GrantsUnder lists who of a district holds a role at a place or below it.
// Somebody who lives in another district is found there.
func GrantsUnder(tx *db.Tx, district int, path string) ([]Held, error) {
	return grantsUnder(tx, district, path, tx.Now())
}

// Above lists the persons of a district who hold a role at the place with this path
// or at one above it.
func Above(tx *db.Tx, district int, path string, role access.Role) ([]string, error) {
	return holdersAbove(tx, district, path, role, tx.Now())
}

// prepare checks an appointment and finds its place.
func (s *Service) prepare(tx *db.Tx, by access.Who, a Appointment) (h Held, err error) {
	if !slices.Contains(access.Roles(), a.Role) {
		return h, fault.Invalid("role", "没有“%s”这个身份。", string(a.Role))
	}
	h = Held{ID: tx.NewID(), District: a.District, Person: a.Person, GrantedBy: by.Person, Since: a.Since, Until: a.Until}
	if h.Since.IsZero() {
		h.Since = tx.Now()
	}
	if !h.Until.IsZero() && !h.Until.After(h.Since) {
		return h, fault.Invalid("until", "结束的日子要在开始之后。")
	}
	if _, err = person.Get(tx, a.District, a.Person); err != nil {
		return h, err
	}
	h.Grant = access.Grant{Role: a.Role, District: person.Country, Path: place.Root, Org: a.Org}
	if a.Place != "" {
		var at place.Place
		at, err = place.Get(tx, a.Place)
		h.Grant.District, h.Grant.Place, h.Grant.Path = at.District, at.ID, at.Path
	}
	return h, err
}

func mayDecide(by access.Who, h Held) error {
	if by.Person == h.Person && !by.System {
		return fault.Forbidden("自己的身份要请别的管理员来改。")
	}
	return access.Check(by, access.RoleGrant, h.target())
}

func (h Held) target() access.Target {
	return access.Target{District: h.Grant.District, Path: h.Grant.Path}
}

// put writes a grant unless the same is held already.
func (s *Service) put(tx *db.Tx, by access.Who, h Held) (Held, error) {
	same, found, err := findSameGrant(tx, h, tx.Now())
	if err != nil || found {
		return same, err
	}
	s.recordGrant(tx, by, "role.grant", h)
	return h, insertGrant(tx, h)
}

// take ends a grant and whatever else gives the very same role.
func (s *Service) take(tx *db.Tx, by access.Who, h Held) error {
	n, err := endGrants(tx, h, tx.Now())
	if err == nil && n > 0 {
		s.recordGrant(tx, by, "role.revoke", h)
	}
	return err
}

func (s *Service) recordGrant(tx *db.Tx, by access.Who, act string, h Held) {
	event.Append(tx, event.Event{
		District: h.District, Community: place.CommunityOf(h.Grant.Place), Actor: by.Person,
		Act: act, Kind: "person", Subject: h.Person,
		Data: event.Data{"role": h.Grant.Role, "place": h.Grant.Place, "org": h.Grant.Org},
	})
	tx.AfterCommit(func() {
		s.cache.drop(func(e entry) bool { return e.session.Account == h.Person })
	})
}

// whoOf is an account's owner with the roles of this moment.
func whoOf(tx *db.Tx, h *holder) (access.Who, error) {
	who := access.Who{Person: h.id, Name: h.person.Name, District: h.district}
	held, err := grantsOf(tx, h.district, h.id, tx.Now())
	for _, g := range held {
		who.Grants = append(who.Grants, g.Grant)
	}
	return who, err
}

// isStaffRole says whether a role gives a right over others.
func isStaffRole(r access.Role) bool {
	return access.Who{Grants: []access.Grant{{Role: r}}}.Staff()
}
