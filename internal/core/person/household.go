package person

import (
	"context"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
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

// HouseholdView is a household as the API shows it, without its door.
type HouseholdView struct {
	ID        string `json:"id" doc:"住户编号"`
	Community string `json:"community" doc:"所在社区"`
	Place     string `json:"place" doc:"所在的楼"`
}

// MoveHousehold moves everybody who lives with a person behind another door.
func (s *Service) MoveHousehold(ctx context.Context, who access.Who, id, placeID, door string) (HouseholdView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (HouseholdView, error) {
		p, err := seekFor(tx, who, id, access.PersonWrite)
		if err != nil {
			return HouseholdView{}, err
		}
		return moveHousehold(tx, who, p, placeID, door)
	})
}

func moveHousehold(tx *db.Tx, who access.Who, p Person, placeID, door string) (HouseholdView, error) {
	h, found, err := GetHousehold(tx, p.District, p.Household)
	if err != nil {
		return HouseholdView{}, err
	}
	if !found {
		return HouseholdView{}, fault.Invalid("door", "还没登记门牌，先在资料里填上。")
	}
	if err := mayMoveAll(tx, who, h); err != nil {
		return HouseholdView{}, err
	}
	to, err := newDoor(tx, who, p, placeID, door)
	if err != nil {
		return HouseholdView{}, err
	}
	if err := h.move(tx, to); db.IsUnique(err) {
		return HouseholdView{}, field("door", fault.Conflict("那一户已经登记了人家。要住到一起，请一位一位改住址。"))
	} else if err != nil {
		return HouseholdView{}, err
	}
	note(tx, who, p, "household.move", event.Data{"household": h.ID})
	return HouseholdView{ID: h.ID, Community: to.Community, Place: to.Place}, nil
}

// mayMoveAll asks for everybody in the household: a resident moves themselves and
// not whoever lives with them.
func mayMoveAll(tx *db.Tx, who access.Who, h Household) error {
	members, err := Members(tx, h.District, h.ID)
	for _, m := range members {
		if err := access.Check(who, access.PersonWrite, m.Target(who)); err != nil {
			return err
		}
	}
	return err
}

// newDoor checks where a household wants to live.
func newDoor(tx *db.Tx, who access.Who, p Person, placeID, door string) (Household, error) {
	clean, err := Draft{Name: p.Name, Place: placeID, Door: door}.Check(calendar.DayOf(tx.Now()))
	if err != nil {
		return Household{}, err
	}
	if clean.Door == "" {
		return Household{}, fault.Invalid("door", "请填新的门牌，比如 2单元402。")
	}
	p.Place = placeID
	if err := mayLive(tx, who, &p); err != nil {
		return Household{}, err
	}
	return Household{District: p.District, Community: p.Community, Place: p.Place, Door: clean.Door}, nil
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
