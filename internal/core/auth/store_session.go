package auth

import (
	"slices"
	"time"

	"linli/internal/kit/db"
)

const sessionColumns = `district, token_hash, account, kind, device, created_at, seen_at, expires_at`

func insertSession(tx *db.Tx, v Session) error {
	_, err := tx.Exec(`INSERT INTO session (`+sessionColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		v.District, v.ID, v.Account, string(v.Kind), v.Device,
		v.CreatedAt.UnixMilli(), v.SeenAt.UnixMilli(), v.ExpiresAt.UnixMilli())
	return err
}

// findSession is a session that was not revoked; it may have run out.
func findSession(tx *db.Tx, district int, hash string) (Session, bool, error) {
	return db.One(tx, scanSession, `SELECT `+sessionColumns+` FROM session
		WHERE district = $1 AND token_hash = $2 AND revoked_at IS NULL`, district, hash)
}

// liveSessions looks only at the account's: asked for what expires later too, SQLite
// would go by that.
func liveSessions(tx *db.Tx, district int, account string, now time.Time) ([]Session, error) {
	all, err := db.All(tx, scanSession, `SELECT `+sessionColumns+` FROM session
		WHERE district = $1 AND account = $2 AND revoked_at IS NULL
		ORDER BY seen_at DESC, token_hash`, district, account)
	return slices.DeleteFunc(all, func(s Session) bool { return !s.ExpiresAt.After(now) }), err
}

// touchSession moves the end of a session that is in use, unless it was revoked.
func touchSession(tx *db.Tx, v *Session, now time.Time) error {
	_, err := tx.Exec(`UPDATE session SET seen_at = $3, expires_at = $4
		WHERE district = $1 AND token_hash = $2 AND revoked_at IS NULL`,
		v.District, v.ID, now.UnixMilli(), now.Add(sessionLife).UnixMilli())
	return err
}

func revokeSession(tx *db.Tx, district int, hash string, now time.Time) error {
	_, err := tx.Exec(`UPDATE session SET revoked_at = $3
		WHERE district = $1 AND token_hash = $2 AND revoked_at IS NULL`, district, hash, now.UnixMilli())
	return err
}

func revokeSessions(tx *db.Tx, district int, account, kept string, now time.Time) error {
	_, err := tx.Exec(`UPDATE session SET revoked_at = $4
		WHERE district = $1 AND account = $2 AND token_hash <> $3 AND revoked_at IS NULL`,
		district, account, kept, now.UnixMilli())
	return err
}

func scanSession(s db.Scanner) (v Session, err error) {
	var created, seen, expires int64
	err = s.Scan(&v.District, &v.ID, &v.Account, &v.Kind, &v.Device, &created, &seen, &expires)
	v.CreatedAt = time.UnixMilli(created).UTC()
	v.SeenAt = time.UnixMilli(seen).UTC()
	v.ExpiresAt = time.UnixMilli(expires).UTC()
	return v, err
}
