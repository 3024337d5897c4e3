package auth

import (
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/kit/db"
)

const grantColumns = `district, id, person, role, place_district, place, place_path, org, granted_by, since, until`

func insertGrant(tx *db.Tx, h Held) error {
	g := h.Grant
	_, err := tx.Exec(`INSERT INTO role_grant (`+grantColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		h.District, h.ID, h.Person, string(g.Role), g.District, g.Place, g.Path, g.Org, h.GrantedBy,
		h.Since.UnixMilli(), db.Millis(h.Until))
	return err
}

// findGrant is a grant that has not ended.
func findGrant(tx *db.Tx, district int, id string, now time.Time) (Held, bool, error) {
	return db.One(tx, scanGrant, `SELECT `+grantColumns+` FROM role_grant
		WHERE district = $1 AND id = $2 AND (until IS NULL OR until > $3)`, district, id, now.UnixMilli())
}

// findSameGrant is a grant of the same role for as long as h, in force now.
func findSameGrant(tx *db.Tx, h Held, now time.Time) (Held, bool, error) {
	return db.One(tx, scanGrant, `SELECT `+grantColumns+` FROM role_grant
		WHERE district = $1 AND person = $2 AND role = $3 AND place = $4 AND org = $5 AND since <= $6
			AND (until IS NULL OR until > $6 AND until >= $7) LIMIT 1`,
		h.District, h.Person, string(h.Grant.Role), h.Grant.Place, h.Grant.Org, now.UnixMilli(), endOf(h))
}

// endOf is the end of a grant in a form that compares.
func endOf(h Held) int64 {
	if h.Until.IsZero() {
		return 1<<62 - 1
	}
	return h.Until.UnixMilli()
}

// endGrants ends every grant of the same role and says how many there were.
func endGrants(tx *db.Tx, h Held, now time.Time) (int64, error) {
	return tx.Exec(`UPDATE role_grant SET until = $6
		WHERE district = $1 AND person = $2 AND role = $3 AND place = $4 AND org = $5
			AND (until IS NULL OR until > $6)`,
		h.District, h.Person, string(h.Grant.Role), h.Grant.Place, h.Grant.Org, now.UnixMilli())
}

func grantsOf(tx *db.Tx, district int, person string, now time.Time) ([]Held, error) {
	return db.All(tx, scanGrant, `SELECT `+grantColumns+` FROM role_grant
		WHERE district = $1 AND person = $2 AND since <= $3 AND (until IS NULL OR until > $3)
		ORDER BY since, id`, district, person, now.UnixMilli())
}

func grantsUnder(tx *db.Tx, district int, path string, now time.Time) ([]Held, error) {
	return db.All(tx, scanGrant, `SELECT `+grantColumns+` FROM role_grant
		WHERE district = $1 AND substr(place_path, 1, length($2)) = $2
			AND since <= $3 AND (until IS NULL OR until > $3)
		ORDER BY place_path, role, person, id`, district, path, now.UnixMilli())
}

// holdersAbove looks the role up at each place of the path, which is what the index
// is by; asked for an order too, SQLite would take another.
func holdersAbove(tx *db.Tx, district int, path string, role access.Role, now time.Time) ([]string, error) {
	args := []any{district, string(role), now.UnixMilli()}
	for i := range path {
		if path[i] == '/' {
			args = append(args, path[:i+1])
		}
	}
	all, err := db.All(tx, func(s db.Scanner) (id string, err error) { return id, s.Scan(&id) }, `SELECT person FROM role_grant
		WHERE district = $1 AND role = $2 AND since <= $3 AND (until IS NULL OR until > $3)
			AND place_path IN (`+db.Places(4, len(args)-3)+`)`, args...)
	slices.Sort(all)
	return slices.Compact(all), err
}

// hasHolder says whether anybody of a district holds a role now.
func hasHolder(tx *db.Tx, district int, role access.Role, now time.Time) (bool, error) {
	return tx.Get(`SELECT 1 FROM role_grant
		WHERE district = $1 AND role = $2 AND since <= $3 AND (until IS NULL OR until > $3) LIMIT 1`,
		[]any{district, string(role), now.UnixMilli()}, new(int))
}

func scanGrant(s db.Scanner) (h Held, err error) {
	var since int64
	var until *int64
	g := &h.Grant
	err = s.Scan(&h.District, &h.ID, &h.Person, &g.Role, &g.District, &g.Place, &g.Path, &g.Org, &h.GrantedBy, &since, &until)
	h.Since, h.Until = time.UnixMilli(since).UTC(), db.Moment(until)
	return h, err
}
