package person

import (
	"slices"
	"strconv"
	"strings"

	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/kit/db"
)

// Query is what a list of persons is asked for.
type Query struct {
	Place string // a community, or a place in one
	Words string // name, phone or its end, ID number, building or door; all of them must fit
	After Spot
	Limit int
}

// Spot is where a list of persons goes on: after this name and id.
type Spot struct {
	Name string `json:"name"`
	ID   string `json:"id"`
}

// wordsMost is how many words a search looks for; further ones are ignored.
const wordsMost = 4

// search lists persons by name from the query's spot on.
func search(tx *db.Tx, p place.Place, q Query) ([]Person, error) {
	below, err := place.Below(tx, p)
	if err != nil {
		return nil, err
	}
	f := finder{below: below, args: []any{p.District, p.Community(), q.After.Name, q.After.ID}}
	where := `WHERE p.district = $1 AND p.community = $2 AND (p.name, p.id) > ($3, $4)`
	if p.Level != place.Community {
		where += ` AND p.place IN ` + f.places(func(place.Place) bool { return true })
	}
	words := strings.Fields(strings.ToLower(identity.CleanLine(q.Words)))
	for _, word := range words[:min(len(words), wordsMost)] {
		where += ` AND ` + f.fits(word)
	}
	return query(tx, where+` ORDER BY p.name, p.id LIMIT `+f.bind(q.Limit), f.args...)
}

// finder makes the condition of a search and collects what it binds.
type finder struct {
	below []place.Place // the place that is searched, and all below it
	args  []any
}

func (f *finder) bind(v any) string {
	f.args = append(f.args, v)
	return "$" + strconv.Itoa(len(f.args))
}

// phoneEnd is how many digits at least are taken for the end of a phone number.
const phoneEnd = 4

// fits is the condition that a word says something of a person.
func (f *finder) fits(word string) string {
	or := []string{
		`LOWER(p.name) LIKE ` + f.bind("%"+escape(word)+"%") + ` ESCAPE '!'`,
		`LOWER(h.door) = ` + f.bind(word),
		`p.id_number = ` + f.bind(strings.ToUpper(word)),
		`p.place IN ` + f.places(func(p place.Place) bool {
			return !p.Level.Official() && strings.Contains(strings.ToLower(p.Name), word)
		}),
	}
	if len(word) >= phoneEnd && strings.Trim(word, "0123456789-") == "" {
		or = append(or, `p.phone LIKE `+f.bind("%"+escape(word))+` ESCAPE '!'`)
	}
	return `(` + strings.Join(or, ` OR `) + `)`
}

// places is the list of the places that are wanted and of those below them.
func (f *finder) places(wanted func(place.Place) bool) string {
	var ids []string
	for _, p := range f.below {
		if wanted(p) || slices.ContainsFunc(f.below, func(above place.Place) bool {
			return wanted(above) && strings.HasPrefix(p.Path, above.Path)
		}) {
			ids = append(ids, f.bind(p.ID))
		}
	}
	if len(ids) == 0 {
		return `(NULL)`
	}
	return `(` + strings.Join(ids, `, `) + `)`
}

// escape takes the meaning from the signs of LIKE.
func escape(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}
