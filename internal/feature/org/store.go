package org

import (
	"cmp"
	"slices"
	"time"

	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/match"
)

const columns = `district, id, kind, name, class, status, community, place, place_path, leader, phone, founded, purpose,
	lat, lng, capacity_week, created_at, version`

func scan(s db.Scanner) (o Org, err error) {
	var lat, lng *float64
	err = s.Scan(&o.District, &o.ID, &o.Kind, &o.Name, &o.Class, &o.Status, &o.Community, &o.Place, &o.PlacePath, &o.Leader,
		&o.Phone, &o.Founded, &o.Purpose, &lat, &lng, &o.CapacityWeek, &o.CreatedAt, &o.Version)
	if lat != nil && lng != nil {
		o.At = &match.Point{Lat: *lat, Lng: *lng}
	}
	return o, err
}

// Get reads an organisation with its services and the number of its members.
func Get(tx *db.Tx, district int, id string) (Org, bool, error) {
	o, found, err := db.One(tx, scan, `SELECT `+columns+` FROM org WHERE district = $1 AND id = $2`, district, id)
	if err != nil || !found {
		return o, found, err
	}
	services, err := services(tx, district, id)
	if err != nil {
		return o, true, err
	}
	members, err := memberCounts(tx, district, id)
	o.Services, o.Members = services[id], members[id]
	return o, true, err
}

// EachTeam calls fn for every team of a district that can be asked, in the order
// of ids.
func EachTeam(tx *db.Tx, district int, fn func(Org) error) error {
	services, err := services(tx, district)
	if err != nil {
		return err
	}
	members, err := memberCounts(tx, district)
	if err != nil {
		return err
	}
	teams, err := db.All(tx, scan, `SELECT `+columns+` FROM org
		WHERE district = $1 AND kind = 'team' AND status = 'active' AND leader <> ''`, district)
	if err != nil {
		return err
	}
	slices.SortFunc(teams, func(a, b Org) int { return cmp.Compare(a.ID, b.ID) })
	for _, t := range teams {
		t.Services, t.Members = services[t.ID], members[t.ID]
		if err := fn(t); err != nil {
			return err
		}
	}
	return nil
}

// LedBy lists the ids of the organisations that a person leads.
func LedBy(tx *db.Tx, district int, person string) ([]string, error) {
	ids, err := db.All(tx, scanID, `SELECT id FROM org WHERE district = $1 AND leader = $2 AND status = 'active'`, district, person)
	slices.Sort(ids) // a database without statistics would read all of a district in the order of ids
	return ids, err
}

// leads says whether a person leads a team in which another serves now.
func leads(tx *db.Tx, district int, leader, member string) (bool, error) {
	var n int
	_, err := tx.Get(`SELECT count(*) FROM org_member m JOIN org o ON o.district = m.district AND o.id = m.org
		WHERE m.district = $1 AND m.person = $2 AND m.until IS NULL AND o.leader = $3 AND o.status = 'active'`,
		[]any{district, member, leader}, &n)
	return n > 0, err
}

// Members lists the person ids of an organisation's members.
func Members(tx *db.Tx, district int, org string) ([]string, error) {
	return db.All(tx, scanID, `SELECT person FROM org_member
		WHERE district = $1 AND org = $2 AND until IS NULL ORDER BY since, person`, district, org)
}

// Names gives the names of some organisations, for lists that show them.
func Names(tx *db.Tx, district int, ids []string) (map[string]string, error) {
	out := map[string]string{}
	if len(ids) == 0 {
		return out, nil
	}
	args := []any{district}
	for _, id := range ids {
		args = append(args, id)
	}
	rows, err := tx.Query(`SELECT id, name FROM org WHERE district = $1 AND id IN (`+db.Places(2, len(ids))+`)`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		out[id] = name
	}
	return out, rows.Err()
}

func scanID(s db.Scanner) (id string, err error) { return id, s.Scan(&id) }

// services reads those of some organisations, or of all of a district.
func services(tx *db.Tx, district int, ids ...string) (map[string][]string, error) {
	among, args := among(district, ids)
	rows, err := tx.Query(`SELECT org, service FROM org_service WHERE district = $1`+among+` ORDER BY org, service`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string][]string{}
	for rows.Next() {
		var id, service string
		if err := rows.Scan(&id, &service); err != nil {
			return nil, err
		}
		out[id] = append(out[id], service)
	}
	return out, rows.Err()
}

// memberCounts counts who serves in some organisations, or in all of a district.
func memberCounts(tx *db.Tx, district int, ids ...string) (map[string]int, error) {
	among, args := among(district, ids)
	rows, err := tx.Query(`SELECT org, count(*) FROM org_member WHERE district = $1`+among+` AND until IS NULL GROUP BY org`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]int{}
	for rows.Next() {
		var id string
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return nil, err
		}
		out[id] = n
	}
	return out, rows.Err()
}

// among is the condition that a row is of one of the organisations; without any it
// holds for all.
func among(district int, ids []string) (string, []any) {
	args := []any{district}
	if len(ids) == 0 {
		return "", args
	}
	for _, id := range ids {
		args = append(args, id)
	}
	return ` AND org IN (` + db.Places(2, len(ids)) + `)`, args
}

// memberRows lists who serves in an organisation now, with nothing but since when.
func memberRows(tx *db.Tx, district int, org string) ([]MemberView, error) {
	return db.All(tx, func(s db.Scanner) (m MemberView, err error) {
		var since int64
		err = s.Scan(&m.ID, &since)
		m.Since = time.UnixMilli(since).UTC()
		return m, err
	}, `SELECT person, since FROM org_member WHERE district = $1 AND org = $2 AND until IS NULL ORDER BY since, person`, district, org)
}

// Put writes an organisation with its services, new or changed, and keeps the
// count of the place. The event is the caller's (see Record).
func Put(tx *db.Tx, o Org) error {
	if err := recount(tx, o); err != nil {
		return err
	}
	var lat, lng any
	if o.At != nil {
		lat, lng = o.At.Lat, o.At.Lng
	}
	if _, err := tx.Exec(`INSERT INTO org (`+columns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)
		ON CONFLICT (district, id) DO UPDATE SET kind = excluded.kind, name = excluded.name, class = excluded.class,
			status = excluded.status, community = excluded.community, place = excluded.place, place_path = excluded.place_path,
			leader = excluded.leader, phone = excluded.phone, founded = excluded.founded, purpose = excluded.purpose,
			lat = excluded.lat, lng = excluded.lng, capacity_week = excluded.capacity_week, version = org.version + 1`,
		o.District, o.ID, string(o.Kind), o.Name, o.Class, o.Status, o.Community, o.Place, o.PlacePath, o.Leader, o.Phone,
		o.Founded, o.Purpose, lat, lng, o.CapacityWeek, o.CreatedAt, o.Version); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM org_service WHERE district = $1 AND org = $2`, o.District, o.ID); err != nil {
		return err
	}
	for _, s := range o.Services {
		if _, err := tx.Exec(`INSERT INTO org_service (district, org, service) VALUES ($1, $2, $3)
			ON CONFLICT (district, org, service) DO NOTHING`, o.District, o.ID, s); err != nil {
			return err
		}
	}
	return nil
}

// recount counts o in, and out of where it was before.
func recount(tx *db.Tx, o Org) error {
	was, found, err := db.One(tx, scan, `SELECT `+columns+` FROM org WHERE district = $1 AND id = $2`, o.District, o.ID)
	if err != nil {
		return err
	}
	if found && was.counts() {
		place.Count(tx, was.District, was.Community, was.Kind.metric(), -1)
	}
	if o.counts() {
		place.Count(tx, o.District, o.Community, o.Kind.metric(), 1)
	}
	return nil
}

// Hold takes the rows of teams, so that whoever else holds one of them waits until this
// transaction has ended and sees what it did. They are taken by their ids.
func Hold(tx *db.Tx, district int, ids []string) error {
	for _, id := range slices.Sorted(slices.Values(ids)) {
		if _, err := tx.Exec(`UPDATE org SET version = version WHERE district = $1 AND id = $2`, district, id); err != nil {
			return err
		}
	}
	return nil
}

// AddMember lets a person serve in an organisation. The event is the caller's.
func AddMember(tx *db.Tx, district int, org, person string) error {
	_, err := tx.Exec(`INSERT INTO org_member (district, org, person, since, until) VALUES ($1, $2, $3, $4, NULL)
		ON CONFLICT (district, org, person) DO UPDATE SET until = NULL`, district, org, person, tx.Now().UnixMilli())
	return err
}

// EndMember ends a membership. The event is the caller's.
func EndMember(tx *db.Tx, district int, org, person string) error {
	_, err := tx.Exec(`UPDATE org_member SET until = $4 WHERE district = $1 AND org = $2 AND person = $3 AND until IS NULL`,
		district, org, person, tx.Now().UnixMilli())
	return err
}

// Membership is a person in an organisation, now or earlier.
type Membership struct {
	Org   string // id
	Name  string
	Ended bool
}

// MembershipsOf gives the organisations of some persons, also those that they have
// left, by person.
func MembershipsOf(tx *db.Tx, district int, persons []string) (map[string][]Membership, error) {
	out := map[string][]Membership{}
	if len(persons) == 0 {
		return out, nil
	}
	args := []any{district}
	for _, id := range persons {
		args = append(args, id)
	}
	rows, err := tx.Query(`SELECT m.person, o.id, o.name, m.until FROM org_member m
		JOIN org o ON o.district = m.district AND o.id = m.org
		WHERE m.district = $1 AND o.status = 'active' AND m.person IN (`+db.Places(2, len(persons))+`) ORDER BY m.since, o.id`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var person string
		var m Membership
		var until *int64
		if err := rows.Scan(&person, &m.Org, &m.Name, &until); err != nil {
			return nil, err
		}
		m.Ended = until != nil
		out[person] = append(out[person], m)
	}
	return out, rows.Err()
}

// TeamNamed finds a team of a community by its name.
func TeamNamed(tx *db.Tx, district int, community, name string) (Org, bool, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM org
		WHERE district = $1 AND community = $2 AND kind = 'team' AND name = $3 AND status = 'active' ORDER BY id LIMIT 1`,
		district, community, name)
}
