package place

import (
	"slices"
	"time"

	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

const columns = `district, id, parent, level, name, path, lat, lng, phone, valid_from, valid_to`

// seen are the places that a transaction has read: nearly everything stands at some
// place, so the same ones are asked for again and again.
type seen map[string]Place

type seenKey struct{}

func seenBy(tx *db.Tx) seen { return db.Value(tx, seenKey{}, func() seen { return seen{} }) }

// forget is for whoever changes places.
func forget(tx *db.Tx) { clear(seenBy(tx)) }

// find is one row as it stands.
func find(tx *db.Tx, id string) (Place, bool, error) {
	known := seenBy(tx)
	if p, found := known[id]; found {
		return p, true, nil
	}
	p, found, err := db.One(tx, scan, `SELECT `+columns+` FROM place WHERE district = $1 AND id = $2`, DistrictOf(id), id)
	if found && err == nil {
		known[id] = p
	}
	return p, found, err
}

const codeHops = 10 // how often a code may have been replaced

// Get is the place of an id. An id whose code was replaced leads to the place
// that it is now; a place that ended otherwise is given as it was.
func Get(tx *db.Tx, id string) (Place, error) {
	for range codeHops {
		p, found, err := find(tx, id)
		if err != nil || found && p.Open() {
			return p, err
		}
		next, replaced, err := successor(tx, id)
		switch {
		case err != nil || found && !replaced:
			return p, err
		case !replaced:
			return p, notFound()
		}
		id = next
	}
	return Place{}, notFound()
}

func notFound() error { return fault.NotFound("没有这个地方，可能是链接不对。") }

func successor(tx *db.Tx, id string) (next string, found bool, err error) {
	found, err = tx.Get(`SELECT new_id FROM place_code WHERE district = $1 AND old_id = $2`,
		[]any{DistrictOf(id), id}, &next)
	return next, found, err
}

// Children lists what stands directly below a place and still exists, in the
// order of codes or names; an empty id lists the provinces.
func Children(tx *db.Tx, id string) ([]Place, error) {
	all, err := db.All(tx, scan, `SELECT `+columns+` FROM place WHERE parent = $1 AND valid_to IS NULL`, id)
	slices.SortFunc(all, inTreeOrder)
	return all, err
}

// Below lists a place and everything that stands below it and still exists. It is
// meant for a community or less.
func Below(tx *db.Tx, p Place) ([]Place, error) {
	all, frontier := []Place{p}, []Place{p}
	for len(frontier) > 0 {
		parents := make([]any, len(frontier))
		for i, above := range frontier {
			parents[i] = above.ID
		}
		var err error
		frontier, err = db.All(tx, scan, `SELECT `+columns+` FROM place
			WHERE parent IN (`+db.Places(1, len(parents))+`) AND valid_to IS NULL`, parents...)
		if err != nil {
			return nil, err
		}
		all = append(all, frontier...)
	}
	return all, nil
}

// Label is how people call a place below a community: with the estate that it
// stands in, 邮电园小区 3号楼.
func Label(tx *db.Tx, p Place) (string, error) {
	if p.Level.Official() {
		return p.Name, nil
	}
	above, found, err := find(tx, p.Parent)
	if err != nil || !found || above.Level != Estate {
		return p.Name, err
	}
	return above.Name + " " + p.Name, nil
}

// Chain is the place and its ancestors, from the top.
func Chain(tx *db.Tx, p Place) ([]Place, error) {
	var out []Place
	for _, id := range p.ids() {
		above, found, err := find(tx, id)
		if err != nil {
			return nil, err
		}
		if found {
			out = append(out, above)
		}
	}
	return out, nil
}

// Locate is the position of a place, or of the nearest place above it that has
// one; found is false when none has.
func Locate(tx *db.Tx, id string) (at Position, found bool, err error) {
	p, err := nearest(tx, id, func(p Place) bool { return p.Position != nil })
	if err != nil || p.Position == nil {
		return Position{}, false, err
	}
	return *p.Position, true, nil
}

// Phone is the number of the service station that is responsible for a place:
// its own, or that of the nearest place above it; empty when none has one.
func Phone(tx *db.Tx, id string) (string, error) {
	p, err := nearest(tx, id, func(p Place) bool { return p.Phone != "" })
	return p.Phone, err
}

// nearest is the first place with what is wanted, going up from id; the zero
// Place when there is none.
func nearest(tx *db.Tx, id string, has func(Place) bool) (Place, error) {
	p, err := Get(tx, id)
	for err == nil && !has(p) {
		var found bool
		if p, found, err = find(tx, p.Parent); err == nil && !found {
			return Place{}, nil
		}
	}
	return p, err
}

// CommunitiesUnder lists the communities of one district whose path begins with
// path, by their codes; also those that ended, because rows may still name them.
func CommunitiesUnder(tx *db.Tx, district int, path string) ([]Place, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM place
		WHERE district = $1 AND level = 'community' AND substr(path, 1, length($2)) = $2 ORDER BY id`, district, path)
}

// Names gives the name of each of the places, by id.
func Names(tx *db.Tx, ids ...string) (map[string]string, error) {
	out := map[string]string{}
	for _, id := range ids {
		if _, known := out[id]; known || id == "" {
			continue
		}
		p, found, err := find(tx, id)
		if err != nil {
			return nil, err
		}
		if found {
			out[id] = p.Name
		}
	}
	return out, nil
}

// districts lists the storage keys under which rows of the place may stand: its
// own, those of the counties below it, and those of the codes that lead to it.
func districts(tx *db.Tx, p Place) ([]int, error) {
	return db.All(tx, func(s db.Scanner) (d int, err error) { return d, s.Scan(&d) },
		`SELECT district FROM place WHERE district = $1 AND id = $2
		UNION SELECT district FROM place_code WHERE new_id = $2
		UNION SELECT district FROM place WHERE parent = $2 AND level = 'district'
		UNION SELECT c.district FROM place c JOIN place p ON c.parent = p.id
			WHERE p.parent = $2 AND c.level = 'district'`, p.District, p.ID)
}

// Insert adds a place. Its District, and its Path from the parent's, are worked
// out here; ValidFrom is the moment of the transaction unless it is given.
func Insert(tx *db.Tx, p Place) (Place, error) {
	above := Place{Path: Root}
	if p.Parent != "" {
		var err error
		if above, err = Get(tx, p.Parent); err != nil {
			return p, err
		}
	}
	p.District, p.Path = DistrictOf(p.ID), above.Path+p.ID+"/"
	if p.ValidFrom.IsZero() {
		p.ValidFrom = tx.Now()
	}
	return p, insert(tx, p)
}

func insert(tx *db.Tx, p Place) error {
	lat, lng := p.degrees()
	_, err := tx.Exec(`INSERT INTO place (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		p.District, p.ID, p.Parent, string(p.Level), p.Name, p.Path, lat, lng, p.Phone,
		p.ValidFrom.UnixMilli(), db.Millis(p.ValidTo))
	return err
}

// update writes everything of a place that may change but its path.
func update(tx *db.Tx, p Place) error {
	forget(tx)
	lat, lng := p.degrees()
	_, err := tx.Exec(`UPDATE place SET name = $3, lat = $4, lng = $5, phone = $6, valid_to = $7
		WHERE district = $1 AND id = $2`, p.District, p.ID, p.Name, lat, lng, p.Phone, db.Millis(p.ValidTo))
	return err
}

// degrees are the bound values of a position that may be unknown.
func (p Place) degrees() (lat, lng any) {
	if p.Position == nil {
		return nil, nil
	}
	return p.Position.Lat, p.Position.Lng
}

func scan(s db.Scanner) (p Place, err error) {
	var from int64
	var to *int64
	var lat, lng *float64
	err = s.Scan(&p.District, &p.ID, &p.Parent, &p.Level, &p.Name, &p.Path, &lat, &lng, &p.Phone, &from, &to)
	if err != nil {
		return p, err
	}
	if lat != nil && lng != nil {
		p.Position = &Position{Lat: *lat, Lng: *lng}
	}
	p.ValidFrom = time.UnixMilli(from).UTC()
	p.ValidTo = db.Moment(to)
	return p, nil
}
