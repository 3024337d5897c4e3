package volunteer

import (
	"slices"
	"strings"
	"time"

	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/match"
)

const columns = `district, id, number, national_no, status, community, place, place_path, name, lat, lng, walk_minutes, limit_week,
	political, education, contact_name, contact_phone, guardian, guardian_phone, note, origin, registered_at, version`

func scan(s db.Scanner) (v Volunteer, err error) {
	var lat, lng *float64
	var registered int64
	err = s.Scan(&v.District, &v.ID, &v.Number, &v.NationalNo, &v.Status, &v.Community, &v.Place, &v.PlacePath, &v.Name, &lat, &lng,
		&v.WalkMinutes, &v.LimitWeek, &v.Political, &v.Education, &v.ContactName, &v.ContactPhone, &v.Guardian, &v.GuardianPhone,
		&v.Note, &v.Origin, &registered, &v.Version)
	v.RegisteredAt = time.UnixMilli(registered).UTC()
	if lat != nil && lng != nil {
		v.At = &match.Point{Lat: *lat, Lng: *lng}
	}
	return v, err
}

// Get reads a volunteer with skills and free time.
func Get(tx *db.Tx, district int, id string) (Volunteer, bool, error) {
	v, found, err := db.One(tx, scan, `SELECT `+columns+` FROM volunteer WHERE district = $1 AND id = $2`, district, id)
	if err != nil || !found {
		return v, found, err
	}
	skills, err := skills(tx, district, id)
	if err != nil {
		return v, true, err
	}
	free, err := freeTimes(tx, district, id)
	v.Skills, v.Free = skills[id], free[id]
	return v, true, err
}

// Each calls fn for every active volunteer of a district, in the order of ids.
func Each(tx *db.Tx, district int, fn func(Volunteer) error) error {
	skills, err := skills(tx, district)
	if err != nil {
		return err
	}
	free, err := freeTimes(tx, district)
	if err != nil {
		return err
	}
	rows, err := tx.Query(`SELECT `+columns+` FROM volunteer WHERE district = $1 AND status = 'active' ORDER BY id`, district)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return err
		}
		v.Skills, v.Free = skills[v.ID], free[v.ID]
		if err := fn(v); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Many gives those of the ids who are volunteers, by id.
func Many(tx *db.Tx, district int, ids []string) (map[string]Volunteer, error) {
	out := make(map[string]Volunteer, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	args := []any{district}
	for _, id := range ids {
		args = append(args, id)
	}
	all, err := db.All(tx, scan, `SELECT `+columns+` FROM volunteer
		WHERE district = $1 AND id IN (`+db.Places(2, len(ids))+`)`, args...)
	if err != nil {
		return nil, err
	}
	return out, fill(tx, district, all, func(v Volunteer) { out[v.ID] = v })
}

// Hold takes the rows of volunteers, so that whoever else holds one of them waits until
// this transaction has ended and sees what it did. They are taken by their ids.
func Hold(tx *db.Tx, district int, ids []string) error {
	for _, id := range slices.Sorted(slices.Values(ids)) {
		if _, err := tx.Exec(`UPDATE volunteer SET version = version WHERE district = $1 AND id = $2`, district, id); err != nil {
			return err
		}
	}
	return nil
}

// fill gives each of some volunteers with skills and free time.
func fill(tx *db.Tx, district int, all []Volunteer, each func(Volunteer)) error {
	ids := make([]string, len(all))
	for i, v := range all {
		ids[i] = v.ID
	}
	if len(ids) == 0 {
		return nil
	}
	skills, err := skills(tx, district, ids...)
	if err != nil {
		return err
	}
	free, err := freeTimes(tx, district, ids...)
	if err != nil {
		return err
	}
	for _, v := range all {
		v.Skills, v.Free = skills[v.ID], free[v.ID]
		each(v)
	}
	return nil
}

// skills reads the services of some volunteers, or of all of a district.
func skills(tx *db.Tx, district int, ids ...string) (map[string][]string, error) {
	out := map[string][]string{}
	among, args := among(district, ids)
	rows, err := tx.Query(`SELECT volunteer, service FROM volunteer_skill
		WHERE district = $1`+among+` ORDER BY volunteer, service`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id, service string
		if err := rows.Scan(&id, &service); err != nil {
			return nil, err
		}
		out[id] = append(out[id], service)
	}
	return out, rows.Err()
}

// freeTimes reads the weekly free time of some volunteers, or of all of a district.
func freeTimes(tx *db.Tx, district int, ids ...string) (map[string][]Slot, error) {
	out := map[string][]Slot{}
	among, args := among(district, ids)
	rows, err := tx.Query(`SELECT volunteer, weekday, from_minute, to_minute FROM volunteer_free
		WHERE district = $1`+among+` ORDER BY volunteer, weekday, from_minute`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		var weekday, from, to int
		if err := rows.Scan(&id, &weekday, &from, &to); err != nil {
			return nil, err
		}
		out[id] = append(out[id], Slot{time.Weekday(weekday % 7), from, to})
	}
	return out, rows.Err()
}

// among is the condition that a row is of one of the volunteers; without any it
// holds for all.
func among(district int, ids []string) (string, []any) {
	args := []any{district}
	if len(ids) == 0 {
		return "", args
	}
	for _, id := range ids {
		args = append(args, id)
	}
	return ` AND volunteer IN (` + db.Places(2, len(ids)) + `)`, args
}

// Put writes a volunteer with skills and free time, new or changed, and keeps the
// count of the place. The event is the caller's (see Record).
func Put(tx *db.Tx, v Volunteer) error {
	known, err := recount(tx, v)
	if err != nil {
		return err
	}
	var lat, lng any
	if v.At != nil {
		lat, lng = v.At.Lat, v.At.Lng
	}
	if _, err := tx.Exec(`INSERT INTO volunteer (`+columns+`) VALUES
		($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23)
		ON CONFLICT (district, id) DO UPDATE SET national_no = excluded.national_no, status = excluded.status,
			community = excluded.community, place = excluded.place, place_path = excluded.place_path, name = excluded.name,
			lat = excluded.lat, lng = excluded.lng, walk_minutes = excluded.walk_minutes, limit_week = excluded.limit_week,
			political = excluded.political, education = excluded.education, contact_name = excluded.contact_name,
			contact_phone = excluded.contact_phone, guardian = excluded.guardian, guardian_phone = excluded.guardian_phone,
			note = excluded.note, version = volunteer.version + 1`,
		v.District, v.ID, v.Number, v.NationalNo, string(v.Status), v.Community, v.Place, v.PlacePath, v.Name, lat, lng,
		v.WalkMinutes, v.LimitWeek, v.Political, v.Education, v.ContactName, v.ContactPhone, v.Guardian, v.GuardianPhone,
		v.Note, v.Origin, v.RegisteredAt.UnixMilli(), v.Version); err != nil {
		return err
	}
	if known {
		if err := clear(tx, v); err != nil {
			return err
		}
	}
	if err := putSkills(tx, v); err != nil {
		return err
	}
	return putFree(tx, v)
}

// recount counts v in, and out of where it was before, if it was known.
func recount(tx *db.Tx, v Volunteer) (known bool, err error) {
	was, known, err := db.One(tx, scan, `SELECT `+columns+` FROM volunteer WHERE district = $1 AND id = $2`, v.District, v.ID)
	if err != nil {
		return known, err
	}
	if known && was.Status.Counts() {
		place.Count(tx, was.District, was.Community, metric, -1)
	}
	if v.Status.Counts() {
		place.Count(tx, v.District, v.Community, metric, 1)
	}
	return known, nil
}

// clear deletes skills and free time, to be written anew.
func clear(tx *db.Tx, v Volunteer) error {
	if _, err := tx.Exec(`DELETE FROM volunteer_skill WHERE district = $1 AND volunteer = $2`, v.District, v.ID); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM volunteer_free WHERE district = $1 AND volunteer = $2`, v.District, v.ID)
	return err
}

func putSkills(tx *db.Tx, v Volunteer) error {
	if len(v.Skills) == 0 {
		return nil
	}
	args := []any{v.District, v.ID}
	for _, s := range v.Skills {
		args = append(args, s)
	}
	_, err := tx.Exec(`INSERT INTO volunteer_skill (district, volunteer, service) VALUES `+rows(len(v.Skills), 1)+`
		ON CONFLICT (district, volunteer, service) DO NOTHING`, args...)
	return err
}

func putFree(tx *db.Tx, v Volunteer) error {
	if len(v.Free) == 0 {
		return nil
	}
	args := []any{v.District, v.ID}
	for _, f := range TidyFree(v.Free) {
		args = append(args, isoDay(f.Weekday), f.From, f.To)
	}
	_, err := tx.Exec(`INSERT INTO volunteer_free (district, volunteer, weekday, from_minute, to_minute) VALUES `+
		rows((len(args)-2)/3, 3), args...)
	return err
}

// rows are the values of n rows that begin with $1 and $2 and have some more
// columns of their own.
func rows(n, columns int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = `($1, $2, ` + db.Places(3+i*columns, columns) + `)`
	}
	return strings.Join(all, `, `)
}

// takeSerial gives the next serial number of a district.
func takeSerial(tx *db.Tx, district int) (no int64, err error) {
	_, err = tx.Get(`INSERT INTO volunteer_serial (district, no) VALUES ($1, 1)
		ON CONFLICT (district) DO UPDATE SET no = volunteer_serial.no + 1 RETURNING no`, []any{district}, &no)
	return no, err
}

// ByNumber finds a volunteer by the platform's number.
func ByNumber(tx *db.Tx, district int, number string) (Volunteer, bool, error) {
	v, found, err := db.One(tx, scan, `SELECT `+columns+` FROM volunteer WHERE district = $1 AND number = $2`, district, number)
	if err != nil || !found {
		return v, found, err
	}
	return Get(tx, district, v.ID)
}
