package access

import (
	"slices"
	"strings"

	"linli/internal/kit/fault"
)

// Role is what somebody is at a place.
type Role string

// The roles of the field, by the names that the API uses.
const (
	Resident        Role = "resident"
	Volunteer       Role = "volunteer"
	TeamLeader      Role = "team_leader"
	StationWorker   Role = "station_worker"
	SocialWorker    Role = "social_worker"
	StreetOfficer   Role = "street_officer"
	DistrictOfficer Role = "district_officer"
	UnitContact     Role = "unit_contact"
	Auditor         Role = "auditor"
	Administrator   Role = "administrator"
)

// Roles lists all of them, in the order of the page.
func Roles() []Role {
	return []Role{Resident, Volunteer, TeamLeader, StationWorker, SocialWorker,
		StreetOfficer, DistrictOfficer, UnitContact, Auditor, Administrator}
}

// Label is the word on the page; it is also the id of its translation.
func (r Role) Label() string {
	switch r {
	case Resident:
		return "居民"
	case Volunteer:
		return "志愿者"
	case TeamLeader:
		return "队长"
	case StationWorker:
		return "服务站工作人员"
	case SocialWorker:
		return "社工"
	case StreetOfficer:
		return "街道工作人员"
	case DistrictOfficer:
		return "区里工作人员"
	case UnitContact:
		return "单位联系人"
	case Auditor:
		return "审计员"
	case Administrator:
		return "管理员"
	}
	return string(r)
}

// Relation is what somebody is to one thing.
type Relation string

const (
	Self      Relation = "self"      // it is about me
	Requester Relation = "requester" // I asked for it, for myself or another
	Candidate Relation = "candidate" // it is offered to me or to the team I lead
	Assigned  Relation = "assigned"  // I do it
	Leader    Relation = "leader"    // I lead the team that does it
	Neighbour Relation = "neighbour" // I am a volunteer near an open one
	Everyone  Relation = "everyone"  // whoever is signed in
)

// Grant is a role held at a place and below, or in an organisation.
type Grant struct {
	Role     Role
	District int
	Place    string
	Path     string // of the place, "/130000000000/130100000000/…"
	Org      string // organisation id when the role is held there; else empty
}

// Who is the person who acts.
type Who struct {
	Person   string // id; empty for the system itself
	Name     string
	District int // where the account lives
	Grants   []Grant
	System   bool // a deadline or a night job acts, not a person
}

// System acts for the house: deadlines, night work, the demo's past.
func System() Who { return Who{System: true, Name: "系统"} }

// Target is what is acted on: where it is, and what the actor is to it.
type Target struct {
	District  int
	Path      string
	Relations []Relation
}

// May says whether who has the permission for the target.
func May(who Who, p Permission, at Target) bool {
	if who.System {
		return true
	}
	r := rules[p]
	if r.public {
		return true
	}
	for _, rel := range at.Relations {
		if slices.Contains(r.relations, rel) {
			return true
		}
	}
	for _, g := range who.Grants {
		if slices.Contains(r.roles, g.Role) && g.covers(at) {
			return true
		}
	}
	return who.Person != "" && slices.Contains(r.relations, Everyone)
}

// Check is May as an error. What the actor may not even know of should be asked
// for with a reading permission first and answered as not found.
func Check(who Who, p Permission, at Target) error {
	if May(who, p, at) {
		return nil
	}
	return fault.Forbidden("您的身份不能办这件事。要办的话，请找服务站。")
}

// MayAnywhere says whether the permission could be had somewhere: by a role that
// is held, or by a relation that only the thing itself can tell. It is the coarse
// check before a request is read; Check decides.
func MayAnywhere(who Who, p Permission) bool {
	if who.System {
		return true
	}
	r := rules[p]
	if r.public {
		return true
	}
	if who.Person == "" {
		return false
	}
	if len(r.relations) > 0 {
		return true
	}
	return slices.ContainsFunc(who.Grants, func(g Grant) bool { return slices.Contains(r.roles, g.Role) })
}

// Known says whether the table has the permission; routes are checked with it.
func Known(p Permission) bool { _, ok := rules[p]; return ok }

// Places lists the places at which who has the permission by role, for lists
// that show "mine".
func Places(who Who, p Permission) []Grant {
	var out []Grant
	for _, g := range who.Grants {
		if slices.Contains(rules[p].roles, g.Role) {
			out = append(out, g)
		}
	}
	return out
}

// Has says whether who holds the role anywhere.
func (w Who) Has(r Role) bool {
	return slices.ContainsFunc(w.Grants, func(g Grant) bool { return g.Role == r })
}

// Staff says whether who works for the place: those whose first page is the board
// or the overview rather than their own orders.
func (w Who) Staff() bool {
	return slices.ContainsFunc(w.Grants, func(g Grant) bool {
		return slices.Contains(readers, g.Role)
	})
}

// covers says whether the target lies in the grant's place or below it. Paths end
// with a slash, so that one code is never the prefix of another; a path that does
// not covers nothing.
func (g Grant) covers(at Target) bool {
	return strings.HasSuffix(g.Path, "/") && strings.HasPrefix(at.Path, g.Path)
}
