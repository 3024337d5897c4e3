package person

import (
	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
)

// Country is the storage key of those whose office is the whole country: its code
// in GB/T 2260.
const Country = 100000

// InsertOfficial adds somebody who is known by their office and not by where they
// live: an officer of a street or district, the first administrator. Place is that
// of the office, empty for the whole country. They belong to no community and are
// not counted among the residents of any.
func InsertOfficial(tx *db.Tx, p Person) (Person, error) {
	p.District, p.Community, p.Version = place.DistrictOf(p.Place), "", 1
	if p.Place == "" {
		p.District = Country
	}
	if p.District == 0 || p.Door != "" {
		return p, fault.Invalid("place", "没有这个地方，可能是链接不对。")
	}
	if p.ID == "" {
		p.ID = id.New()
	}
	if p.IDType == "" {
		p.IDType = identity.IDCard
	}
	if p.CreatedAt.IsZero() {
		p.CreatedAt = tx.Now()
	}
	return p, insert(tx, p)
}
