package volunteer

import (
	"context"
	"strconv"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/category"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Query is what a list of volunteers is asked for.
type Query struct {
	Place  string // a community, or a place in one; empty for the first that who works for
	Words  string // name, volunteer number or whole phone; all of them must fit
	Skill  string // a service, or an official category with all below it
	Status Status // empty: everybody but those who left
	After  Spot
	Limit  int
}

// Spot is where a list goes on: after this name and id.
type Spot struct {
	Name string `json:"name"`
	ID   string `json:"id"`
}

// Page is a part of a list of volunteers.
type Page struct {
	Place place.Place
	Items []View
	Next  *Spot // where the next part begins; nil at the end
}

// List gives the volunteers of a community in which who may read them.
func (s *Service) List(ctx context.Context, who access.Who, q Query) (page Page, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		page, err = list(tx, who, q)
		return err
	})
	return page, err
}

// Choices lists the communities whose volunteers who may list.
func (s *Service) Choices(ctx context.Context, who access.Who) (out []place.Place, err error) {
	const most = 200
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = place.Mine(tx, who, access.VolunteerRead, most)
		return err
	})
	return out, err
}

func list(tx *db.Tx, who access.Who, q Query) (Page, error) {
	at, err := Where(tx, who, q.Place, access.VolunteerRead)
	if err != nil {
		return Page{Place: at}, err
	}
	size := q.Limit
	q.Limit++
	found, err := search(tx, at, q)
	if err != nil {
		return Page{Place: at}, err
	}
	page := Page{Place: at}
	if len(found) > size {
		found = found[:size]
		page.Next = &Spot{found[size-1].Name, found[size-1].ID}
	}
	page.Items, err = views(tx, who, at.District, found)
	return page, err
}

// Where is the community, or the place in one, that a list is of: the one that was
// asked for, or the first in which who has the permission.
func Where(tx *db.Tx, who access.Who, id string, permission access.Permission) (place.Place, error) {
	if id == "" {
		mine, err := place.Mine(tx, who, permission, 1)
		if err != nil {
			return place.Place{}, err
		}
		if len(mine) == 0 {
			return place.Place{}, fault.Invalid("place", "请选一个社区。")
		}
		return mine[0], nil
	}
	at, err := place.Get(tx, id)
	if err != nil {
		return at, err
	}
	if err := access.Check(who, permission, at.Target()); err != nil {
		return at, err
	}
	if at.Community() == "" {
		return at, fault.Invalid("place", "请选一个社区。")
	}
	return at, nil
}

// views puts out some volunteers with their masked phones and buildings.
func views(tx *db.Tx, who access.Who, district int, found []Volunteer) ([]View, error) {
	ids := make([]string, len(found))
	for i, v := range found {
		ids[i] = v.ID
	}
	persons, err := person.Many(tx, district, ids)
	if err != nil {
		return nil, err
	}
	out := make([]View, 0, len(found))
	err = fill(tx, district, found, func(v Volunteer) {
		view := v.view()
		view.Phone, view.Where = identity.MaskPhone(persons[v.ID].Phone), persons[v.ID].Where
		view.ContactName, view.ContactPhone = "", ""
		view.Actions = v.actions(who)
		out = append(out, view)
	})
	return out, err
}

// wordsMost is how many words a search looks for; further ones are ignored.
const wordsMost = 4

// search lists volunteers by name from the query's spot on.
func search(tx *db.Tx, at place.Place, q Query) ([]Volunteer, error) {
	f := finder{args: []any{at.District, at.Community(), q.After.Name, q.After.ID}}
	where := `district = $1 AND community = $2 AND (name, id) > ($3, $4)`
	if at.Level != place.Community {
		where += ` AND substr(place_path, 1, length(` + f.bind(at.Path) + `)) = ` + f.again()
	}
	if q.Status != "" {
		where += ` AND status = ` + f.bind(string(q.Status))
	} else {
		where += ` AND status <> 'left'`
	}
	if q.Skill != "" {
		where += ` AND id IN (SELECT volunteer FROM volunteer_skill WHERE district = $1 AND service IN ` + f.skill(q.Skill) + `)`
	}
	words := strings.Fields(strings.ToLower(identity.CleanLine(q.Words)))
	for _, word := range words[:min(len(words), wordsMost)] {
		fits, err := f.fits(tx, at.District, word)
		if err != nil {
			return nil, err
		}
		where += ` AND ` + fits
	}
	return db.All(tx, scan, `SELECT `+columns+` FROM volunteer WHERE `+where+`
		ORDER BY name, id LIMIT `+f.bind(q.Limit), f.args...)
}

// Batch reads the next volunteers of a community who have not left, by name, for
// whoever goes through all of them.
func Batch(tx *db.Tx, community string, after Spot, limit int) ([]Volunteer, error) {
	at, err := place.Get(tx, community)
	if err != nil {
		return nil, err
	}
	found, err := search(tx, at, Query{After: after, Limit: limit})
	if err != nil {
		return nil, err
	}
	out := make([]Volunteer, 0, len(found))
	err = fill(tx, at.District, found, func(v Volunteer) { out = append(out, v) })
	return out, err
}

// finder makes the condition of a search and collects what it binds.
type finder struct{ args []any }

func (f *finder) bind(v any) string {
	f.args = append(f.args, v)
	return f.again()
}

// again is the bind that was made last.
func (f *finder) again() string { return "$" + strconv.Itoa(len(f.args)) }

// skill is the list of a service and of those below it.
func (f *finder) skill(id string) string {
	binds := []string{f.bind(id)}
	if s, known := category.ByID(id); known && s.IsTop() {
		for _, below := range category.Children(s.Code) {
			binds = append(binds, f.bind(below.ID))
		}
	}
	return `(` + strings.Join(binds, `, `) + `)`
}

// fits is the condition that a word says something of a volunteer.
func (f *finder) fits(tx *db.Tx, district int, word string) (string, error) {
	or := []string{
		`LOWER(name) LIKE ` + f.bind("%"+escape(word)+"%") + ` ESCAPE '!'`,
		`number = ` + f.bind(word),
		`national_no = ` + f.bind(word),
	}
	if phone, err := identity.Phone("", word); err == nil {
		persons, err := person.ByPhone(tx, district, phone)
		if err != nil {
			return "", err
		}
		for _, p := range persons {
			or = append(or, `id = `+f.bind(p.ID))
		}
	}
	return `(` + strings.Join(or, ` OR `) + `)`, nil
}

// escape takes the meaning from the signs of LIKE.
func escape(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}
