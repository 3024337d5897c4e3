package person

import (
	"time"

	"linli/internal/core/access"
	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
)

const columns = `p.district, p.id, p.community, p.place, p.household, p.name, p.sex, p.birth, p.id_type, p.id_number,
	p.phone, p.address, p.note, p.lives_alone, p.created_at, p.version, h.door`

const tables = ` FROM person p LEFT JOIN household h ON h.district = p.district AND h.id = p.household `

// query reads persons and says of each where they live.
func query(tx *db.Tx, rest string, args ...any) ([]Person, error) {
	all, err := db.All(tx, scan, `SELECT `+columns+tables+rest, args...)
	if err != nil {
		return nil, err
	}
	known := map[string]Person{"": {}}
	for i, p := range all {
		if _, ok := known[p.Place]; !ok {
			if known[p.Place], err = located(tx, p.Place); err != nil {
				return nil, err
			}
		}
		all[i].PlacePath, all[i].Where = known[p.Place].PlacePath, known[p.Place].Where
	}
	return all, nil
}

// located is somebody who lives at a place, with nothing but the place's words.
func located(tx *db.Tx, id string) (Person, error) {
	at, err := place.Get(tx, id)
	if err != nil || at.Level.Official() {
		return Person{PlacePath: at.Path}, err
	}
	label, err := place.Label(tx, at)
	return Person{PlacePath: at.Path, Where: label}, err
}

// one is the first person of a query.
func one(tx *db.Tx, rest string, args ...any) (Person, bool, error) {
	all, err := query(tx, rest, args...)
	if err != nil || len(all) == 0 {
		return Person{}, false, err
	}
	return all[0], true, nil
}

// Get is one person of a district.
func Get(tx *db.Tx, district int, id string) (Person, error) {
	p, found, err := find(tx, district, id)
	if err == nil && !found {
		err = notFound()
	}
	return p, err
}

func notFound() error { return fault.NotFound("没有找到这位居民。") }

func find(tx *db.Tx, district int, id string) (Person, bool, error) {
	return one(tx, `WHERE p.district = $1 AND p.id = $2`, district, id)
}

// Seek finds a person by id alone, in the districts that who can see into.
func Seek(tx *db.Tx, who access.Who, id string) (Person, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return Person{}, err
	}
	for _, district := range districts {
		p, found, err := find(tx, district, id)
		if err != nil || found {
			return p, err
		}
	}
	return Person{}, notFound()
}

// Many gives the persons of a district that are wanted for a list, by id; those
// who are not there are left out.
func Many(tx *db.Tx, district int, ids []string) (map[string]Person, error) {
	out := make(map[string]Person, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	args := []any{district}
	for _, id := range ids {
		args = append(args, id)
	}
	all, err := query(tx, `WHERE p.district = $1 AND p.id IN (`+db.Places(2, len(ids))+`)`, args...)
	for _, p := range all {
		out[p.ID] = p
	}
	return out, err
}

// ByPhone lists the persons of a district who answer a phone; a landline often
// has several.
func ByPhone(tx *db.Tx, district int, phone string) ([]Person, error) {
	return query(tx, `WHERE p.district = $1 AND p.phone = $2 ORDER BY p.id`, district, phone)
}

// ByDocument is the person of a document number as it is stored.
func ByDocument(tx *db.Tx, district int, kind identity.DocumentKind, number string) (Person, bool, error) {
	return one(tx, `WHERE p.district = $1 AND p.id_type = $2 AND p.id_number = $3`, district, string(kind), number)
}

// Members lists who lives in a household, the eldest first.
func Members(tx *db.Tx, district int, household string) ([]Person, error) {
	return query(tx, `WHERE p.district = $1 AND p.household = $2 ORDER BY CASE WHEN p.birth = '' THEN 1 ELSE 0 END, p.birth, p.id`, district, household)
}

// Duplicates lists those of the district who are probably the same person: with
// the same document, or the same phone and name.
func Duplicates(tx *db.Tx, p Person) ([]Person, error) {
	var out []Person
	if p.IDNumber != "" {
		same, found, err := ByDocument(tx, p.District, p.IDType, p.IDNumber)
		if err != nil {
			return nil, err
		}
		if found && same.ID != p.ID {
			out = append(out, same)
		}
	}
	if p.Phone == "" {
		return out, nil
	}
	same, err := ByPhone(tx, p.District, p.Phone)
	for _, s := range same {
		if s.Name == p.Name && s.ID != p.ID && (len(out) == 0 || out[0].ID != s.ID) {
			out = append(out, s)
		}
	}
	return out, err
}

// Insert adds a person and counts it. District and Community follow from Place;
// a Door without a Household finds or makes the one behind that door. ID and
// CreatedAt are made here unless they are given.
func Insert(tx *db.Tx, p Person) (Person, error) {
	p.District, p.Community, p.Version = place.DistrictOf(p.Place), place.CommunityOf(p.Place), 1
	if p.Community == "" {
		return p, fault.Invalid("place", "请选到社区，或者社区里的楼。")
	}
	if p.ID == "" {
		p.ID = id.New()
	}
	if p.CreatedAt.IsZero() {
		p.CreatedAt = tx.Now()
	}
	if p.Household == "" && p.Door != "" {
		h, err := Behind(tx, p.Place, p.Door)
		if err != nil {
			return p, err
		}
		p.Household = h.ID
	}
	place.Count(tx, p.District, p.Community, residents, 1)
	return p, insert(tx, p)
}

func insert(tx *db.Tx, p Person) error {
	_, err := tx.Exec(`INSERT INTO person (district, id, community, place, household, name, sex, birth, id_type, id_number,
		phone, address, note, lives_alone, created_at, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
		p.District, p.ID, p.Community, p.Place, orNull(p.Household), p.Name, string(p.Sex), p.Birth.String(),
		string(p.IDType), orNull(p.IDNumber), p.Phone, p.Address, p.Note, p.LivesAlone, p.CreatedAt.UnixMilli(), p.Version)
	return err
}

// Save writes a changed person when nobody has changed it since it was read; the
// result is false otherwise. Another Place or Door moves the person, within the
// district.
func Save(tx *db.Tx, p Person) (bool, error) {
	was, err := Get(tx, p.District, p.ID)
	if err != nil || was.Version != p.Version {
		return false, err
	}
	if p, err = settle(tx, was, p); err != nil {
		return false, err
	}
	n, err := tx.Exec(`UPDATE person SET community = $4, place = $5, household = $6, name = $7, sex = $8, birth = $9,
		id_type = $10, id_number = $11, phone = $12, address = $13, note = $14, lives_alone = $15, version = version + 1
		WHERE district = $1 AND id = $2 AND version = $3`,
		p.District, p.ID, p.Version, p.Community, p.Place, orNull(p.Household), p.Name, string(p.Sex), p.Birth.String(),
		string(p.IDType), orNull(p.IDNumber), p.Phone, p.Address, p.Note, p.LivesAlone)
	if err != nil || n == 0 || p.Community == was.Community {
		return n > 0, err
	}
	place.Count(tx, p.District, was.Community, residents, -1)
	place.Count(tx, p.District, p.Community, residents, 1)
	return true, nil
}

// settle works out community and household of where the person lives now.
func settle(tx *db.Tx, was, p Person) (Person, error) {
	if p.Place == was.Place && p.Door == was.Door {
		p.Community, p.Household = was.Community, was.Household
		return p, nil
	}
	p.Community, p.Household = place.CommunityOf(p.Place), ""
	if p.Community == "" {
		return p, fault.Invalid("place", "请选到社区，或者社区里的楼。")
	}
	if place.DistrictOf(p.Place) != p.District {
		return p, elsewhere()
	}
	if p.Door == "" {
		return p, nil
	}
	h, err := Behind(tx, p.Place, p.Door)
	p.Household = h.ID
	return p, err
}

// elsewhere refuses a move that would change the storage key of a row.
func elsewhere() error {
	return fault.Invalid("place", "搬到别的区县去，要在那边重新登记。")
}

// orNull keeps "not known" as NULL.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func scan(s db.Scanner) (p Person, err error) {
	var household, number, door *string
	var birth string
	var created int64
	err = s.Scan(&p.District, &p.ID, &p.Community, &p.Place, &household, &p.Name, &p.Sex, &birth, &p.IDType, &number,
		&p.Phone, &p.Address, &p.Note, &p.LivesAlone, &created, &p.Version, &door)
	if err != nil {
		return p, err
	}
	p.Household, p.IDNumber, p.Door = text(household), text(number), text(door)
	p.CreatedAt = time.UnixMilli(created).UTC()
	return p, p.Birth.UnmarshalText([]byte(birth))
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
