package place

import (
	"linli/internal/core/access"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Chosen is the place that a page of a place's own affairs is about: the one that
// was asked for, or the first at which who holds a role that may; what lies below a
// community stands for its community.
func Chosen(tx *db.Tx, who access.Who, permission access.Permission, id string) (Place, error) {
	if id == "" {
		held := access.Places(who, permission)
		if len(held) == 0 || held[0].Place == "" {
			return Place{}, fault.Invalid("place", "请选一个社区。")
		}
		id = held[0].Place
	}
	p, err := Get(tx, id)
	if err != nil {
		return p, err
	}
	if community := p.Community(); community != "" && community != p.ID {
		if p, err = Get(tx, community); err != nil {
			return p, err
		}
	}
	return p, access.Check(who, permission, p.Target())
}

// Own is the community in which somebody is at home, for pages that are about the
// reader's own neighbourhood.
func Own(tx *db.Tx, id string) (Place, error) {
	p, err := Get(tx, id)
	if err != nil || p.Community() == "" || p.Community() == p.ID {
		return p, err
	}
	return Get(tx, p.Community())
}
