package person

import (
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/id"
)

const householdColumns = `district, id, community, place, door`

// Behind is the household of a door, made when there is none yet.
func Behind(tx *db.Tx, placeID, door string) (Household, error) {
	h, found, err := db.One(tx, scanHousehold, `SELECT `+householdColumns+` FROM household
		WHERE district = $1 AND place = $2 AND door = $3`, place.DistrictOf(placeID), placeID, door)
	if err != nil || found {
		return h, err
	}
	return InsertHousehold(tx, Household{Place: placeID, Door: door})
}

// InsertHousehold adds a household and counts it. District and Community follow
// from Place; the ID is made here unless it is given. When another transaction
// was first behind the same door, its household is the result.
func InsertHousehold(tx *db.Tx, h Household) (Household, error) {
	h.District, h.Community = place.DistrictOf(h.Place), place.CommunityOf(h.Place)
	if h.ID == "" {
		h.ID = id.New()
	}
	wanted := h.ID
	_, err := tx.Get(`INSERT INTO household (`+householdColumns+`) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (district, place, door) DO UPDATE SET door = excluded.door RETURNING id`,
		[]any{h.District, h.ID, h.Community, h.Place, h.Door}, &h.ID)
	if err == nil && h.ID == wanted {
		place.Count(tx, h.District, h.Community, households, 1)
	}
	return h, err
}

// GetHousehold is one household of a district.
func GetHousehold(tx *db.Tx, district int, id string) (Household, bool, error) {
	return db.One(tx, scanHousehold, `SELECT `+householdColumns+` FROM household
		WHERE district = $1 AND id = $2`, district, id)
}

// move puts a household and everybody in it behind another door of the district.
func (h Household) move(tx *db.Tx, to Household) error {
	_, err := tx.Exec(`UPDATE household SET community = $3, place = $4, door = $5 WHERE district = $1 AND id = $2`,
		h.District, h.ID, to.Community, to.Place, to.Door)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE person SET community = $3, place = $4, version = version + 1
		WHERE district = $1 AND household = $2`, h.District, h.ID, to.Community, to.Place)
	if err != nil || to.Community == h.Community {
		return err
	}
	place.Count(tx, h.District, h.Community, households, -1)
	place.Count(tx, h.District, to.Community, households, 1)
	place.Count(tx, h.District, h.Community, residents, -n)
	place.Count(tx, h.District, to.Community, residents, n)
	return nil
}

func scanHousehold(s db.Scanner) (h Household, err error) {
	return h, s.Scan(&h.District, &h.ID, &h.Community, &h.Place, &h.Door)
}
