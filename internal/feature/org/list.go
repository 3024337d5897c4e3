package org

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Query is what a list of organisations is asked for.
type Query struct {
	Place string // a district, a street, a community or a place in one; empty: where who is at home
	Kind  Kind   // empty: all
	Words string // of name or class; all of them must fit
	After Spot
	Limit int
}

// Spot is where a list goes on: after this name and id.
type Spot struct {
	Name string `json:"name"`
	ID   string `json:"id"`
}

// Page is a part of a list of organisations.
type Page struct {
	Place place.Place
	Items []View
	Next  *Spot // where the next part begins; nil at the end
}

// List gives the organisations of a place, by name.
func (s *Service) List(ctx context.Context, who access.Who, q Query) (page Page, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		page, err = list(tx, who, q)
		return err
	})
	return page, err
}

func list(tx *db.Tx, who access.Who, q Query) (page Page, err error) {
	if page.Place, err = where(tx, who, q.Place); err != nil {
		return page, err
	}
	if err := access.Check(who, access.OrgRead, page.Place.Target()); err != nil {
		return page, err
	}
	size := q.Limit
	q.Limit++
	found, err := search(tx, page.Place, q)
	if err != nil {
		return page, err
	}
	if len(found) > size {
		found = found[:size]
		page.Next = &Spot{found[size-1].Name, found[size-1].ID}
	}
	page.Items, err = views(tx, page.Place.District, found)
	return page, err
}

// where is the place that a list is of.
func where(tx *db.Tx, who access.Who, id string) (place.Place, error) {
	for _, g := range who.Grants {
		if id == "" {
			id = g.Place
		}
	}
	if id == "" {
		return place.Place{}, fault.Invalid("place", "请选一个区县、街道或社区。")
	}
	at, err := place.Get(tx, id)
	if err == nil && (at.Level == place.Province || at.Level == place.City) {
		err = fault.Invalid("place", "请选一个区县、街道或社区。")
	}
	return at, err
}

// wordsMost is how many words a search looks for; further ones are ignored.
const wordsMost = 4

func search(tx *db.Tx, at place.Place, q Query) ([]Org, error) {
	args := []any{at.District, q.After.Name, q.After.ID}
	bind := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(len(args))
	}
	where := `district = $1 AND (name, id) > ($2, $3) AND status = 'active'`
	if c := at.Community(); c != "" {
		where += ` AND community = ` + bind(c)
	}
	if at.Level != place.Community && at.Level != place.District {
		path := bind(at.Path)
		where += ` AND substr(place_path, 1, length(` + path + `)) = ` + path
	}
	if q.Kind != "" {
		where += ` AND kind = ` + bind(string(q.Kind))
	}
	words := strings.Fields(strings.ToLower(identity.CleanLine(q.Words)))
	for _, word := range words[:min(len(words), wordsMost)] {
		like := bind("%" + escape(word) + "%")
		where += ` AND (LOWER(name) LIKE ` + like + ` ESCAPE '!' OR LOWER(class) LIKE ` + like + ` ESCAPE '!')`
	}
	return db.All(tx, scan, `SELECT `+columns+` FROM org WHERE `+where+` ORDER BY name, id LIMIT `+bind(q.Limit), args...)
}

// escape takes the meaning from the signs of LIKE.
func escape(s string) string {
	return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s)
}

// views puts out some organisations for a list: without members and actions.
func views(tx *db.Tx, district int, found []Org) ([]View, error) {
	ids, places := make([]string, len(found)), make([]string, len(found))
	for i, o := range found {
		ids[i], places[i] = o.ID, o.Place
	}
	if len(ids) == 0 {
		return []View{}, nil
	}
	services, err := services(tx, district, ids...)
	if err != nil {
		return nil, err
	}
	members, err := memberCounts(tx, district, ids...)
	if err != nil {
		return nil, err
	}
	names, err := place.Names(tx, places...)
	out := make([]View, len(found))
	for i, o := range found {
		o.Services, o.Members = services[o.ID], members[o.ID]
		out[i] = o.view()
		out[i].PlaceName = names[o.Place]
	}
	return out, err
}

// MerchantsAround lists the active merchants of a place, below it and around it, by
// their names: those that may give something for its points.
func MerchantsAround(tx *db.Tx, at place.Place) ([]Org, error) {
	all, err := db.All(tx, scan, `SELECT `+columns+` FROM org WHERE district = $1 AND kind = $2 AND status = $3 ORDER BY name, id LIMIT 500`,
		at.District, string(Merchant), Active)
	return slices.DeleteFunc(all, func(o Org) bool {
		return !strings.HasPrefix(o.PlacePath, at.Path) && !strings.HasPrefix(at.Path, o.PlacePath)
	}), err
}
