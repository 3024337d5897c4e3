package auth

import (
	"fmt"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/person"
	"linli/internal/kit/db"
)

// login is a phone at the door: where it belongs, and its account if it has one.
type login struct {
	phone    string
	district int     // 0 while the phone has no account
	holder   *holder // nil while the phone has no account
}

// holder is an account with what is known of its person.
type holder struct {
	district int
	id       string // of the account and of the person
	phone    string
	hash     string // of the password; empty when there is none
	disabled bool
	person   person.Person
}

// findLogin looks a phone up in the registry.
func findLogin(tx *db.Tx, phone string) (login, error) {
	l := login{phone: phone}
	var account string
	found, err := tx.Get(`SELECT district, account FROM login WHERE phone = $1`, []any{phone}, &l.district, &account)
	if err != nil || !found {
		return l, err
	}
	h, found, err := findHolder(tx, l.district, account)
	if err == nil && !found {
		err = fmt.Errorf("auth: login leads to account %s in %d, which does not exist", account, l.district)
	}
	l.holder = &h
	return l, err
}

func findHolder(tx *db.Tx, district int, account string) (holder, bool, error) {
	h := holder{district: district, id: account}
	found, err := tx.Get(`SELECT phone, password_hash, disabled_at IS NOT NULL FROM account
		WHERE district = $1 AND id = $2`, []any{district, account}, &h.phone, &h.hash, &h.disabled)
	if err == nil && found {
		h.person, err = person.Get(tx, district, account)
	}
	return h, found, err
}

// hasRow says whether a person has an account, be it switched off.
func hasRow(tx *db.Tx, district int, person string) (bool, error) {
	return tx.Get(`SELECT 1 FROM account WHERE district = $1 AND id = $2`, []any{district, person}, new(int))
}

// HasAccount says whether a person can sign in.
func HasAccount(tx *db.Tx, district int, person string) (bool, error) {
	return tx.Get(`SELECT 1 FROM account WHERE district = $1 AND id = $2 AND disabled_at IS NULL`,
		[]any{district, person}, new(int))
}

// insertLogin takes a phone for an account; false when another account has it.
func insertLogin(tx *db.Tx, phone string, h *holder) (bool, error) {
	n, err := tx.Exec(`INSERT INTO login (phone, district, account) VALUES ($1, $2, $3)
		ON CONFLICT (phone) DO NOTHING`, phone, h.district, h.id)
	return n == 1, err
}

func deleteLogin(tx *db.Tx, phone string) error {
	_, err := tx.Exec(`DELETE FROM login WHERE phone = $1`, phone)
	return err
}

// insertAccount makes an account; false when the person has one.
func insertAccount(tx *db.Tx, h *holder) (bool, error) {
	n, err := tx.Exec(`INSERT INTO account (district, id, phone, password_hash, created_at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (district, id) DO NOTHING`,
		h.district, h.id, h.phone, h.hash, tx.Now().UnixMilli())
	return n == 1, err
}

func updatePassword(tx *db.Tx, h *holder, password Hashed) error {
	_, err := tx.Exec(`UPDATE account SET password_hash = $3 WHERE district = $1 AND id = $2`,
		h.district, h.id, password.phc)
	return err
}

func updatePhone(tx *db.Tx, h *holder, phone string) error {
	_, err := tx.Exec(`UPDATE account SET phone = $3 WHERE district = $1 AND id = $2`, h.district, h.id, phone)
	return err
}

// updateDisabled switches an account off, or on again with the zero time. False
// when it was so already.
func updateDisabled(tx *db.Tx, h *holder, at time.Time) (bool, error) {
	n, err := tx.Exec(`UPDATE account SET disabled_at = $3
		WHERE district = $1 AND id = $2 AND (disabled_at IS NULL) = $4`,
		h.district, h.id, db.Millis(at), !at.IsZero())
	return n == 1, err
}

// countFailure adds one failure and gives their number in a row; counted is false
// while the phone is locked.
func countFailure(tx *db.Tx, l login, now time.Time) (n int, counted bool, err error) {
	counted, err = tx.Get(`INSERT INTO sign_in_failure (district, phone, failures, last_at, locked_until)
		VALUES ($1, $2, 1, $3, 0)
		ON CONFLICT (district, phone) DO UPDATE SET last_at = excluded.last_at,
			failures = CASE WHEN sign_in_failure.last_at < $4 THEN 1 ELSE sign_in_failure.failures + 1 END
		WHERE sign_in_failure.locked_until <= excluded.last_at
		RETURNING failures`,
		[]any{l.district, l.phone, now.UnixMilli(), now.Add(-failureMemory).UnixMilli()}, &n)
	return n, counted, err
}

func lockUntil(tx *db.Tx, l login, until time.Time) error {
	_, err := tx.Exec(`UPDATE sign_in_failure SET locked_until = $3 WHERE district = $1 AND phone = $2`,
		l.district, l.phone, until.UnixMilli())
	return err
}

// lockOf is the moment until which the phone is locked; one in the past when it
// is not.
func lockOf(tx *db.Tx, l login) (time.Time, error) {
	var until int64
	_, err := tx.Get(`SELECT locked_until FROM sign_in_failure WHERE district = $1 AND phone = $2`,
		[]any{l.district, l.phone}, &until)
	return time.UnixMilli(until), err
}

// clearFailures forgets failures unless the phone is locked.
func clearFailures(tx *db.Tx, l login, now time.Time) error {
	_, err := tx.Exec(`DELETE FROM sign_in_failure WHERE district = $1 AND phone = $2 AND locked_until <= $3`,
		l.district, l.phone, now.UnixMilli())
	return err
}

// clearLock forgets failures and lock alike: another proof was given.
func clearLock(tx *db.Tx, l login) error {
	_, err := tx.Exec(`DELETE FROM sign_in_failure WHERE district = $1 AND phone = $2`, l.district, l.phone)
	return err
}

// putCode makes a new code the phone's only one; false when it is too soon or
// the day's number is used up. day is that of now.
func putCode(tx *db.Tx, l login, p Purpose, nonce string, now time.Time, day calendar.Day) (bool, error) {
	n, err := tx.Exec(`INSERT INTO phone_code (district, phone, purpose, nonce, tries, sent_at, expires_at, day, sent)
		VALUES ($1, $2, $3, $4, 0, $5, $6, $7, 1)
		ON CONFLICT (district, phone) DO UPDATE SET purpose = excluded.purpose, nonce = excluded.nonce, tries = 0,
			sent_at = excluded.sent_at, expires_at = excluded.expires_at, day = excluded.day,
			sent = CASE WHEN phone_code.day = excluded.day THEN phone_code.sent + 1 ELSE 1 END
		WHERE phone_code.sent_at <= $8 AND (phone_code.day <> excluded.day OR phone_code.sent < $9)`,
		l.district, l.phone, string(p), nonce, now.UnixMilli(), now.Add(codeLife).UnixMilli(), day.String(),
		now.Add(-codePause).UnixMilli(), codesPerDay)
	return n == 1, err
}

func lastCodeAt(tx *db.Tx, l login) (time.Time, error) {
	var at int64
	_, err := tx.Get(`SELECT sent_at FROM phone_code WHERE district = $1 AND phone = $2`,
		[]any{l.district, l.phone}, &at)
	return time.UnixMilli(at), err
}

// takeTry uses one try of a live code and gives its nonce.
func takeTry(tx *db.Tx, l login, p Purpose, now time.Time) (nonce string, found bool, err error) {
	found, err = tx.Get(`UPDATE phone_code SET tries = tries + 1
		WHERE district = $1 AND phone = $2 AND purpose = $3 AND nonce <> '' AND tries < $4 AND expires_at > $5
		RETURNING nonce`,
		[]any{l.district, l.phone, string(p), codeTries, now.UnixMilli()}, &nonce)
	return nonce, found, err
}

// spendCode ends a code; the row stays, because it counts the day's messages.
func spendCode(tx *db.Tx, l login) error {
	_, err := tx.Exec(`UPDATE phone_code SET nonce = '' WHERE district = $1 AND phone = $2`, l.district, l.phone)
	return err
}

// codeSentAt is the live code that was asked for at a moment.
func codeSentAt(tx *db.Tx, l login, at, now time.Time) (p Purpose, nonce string, found bool, err error) {
	found, err = tx.Get(`SELECT purpose, nonce FROM phone_code
		WHERE district = $1 AND phone = $2 AND sent_at = $3 AND nonce <> '' AND expires_at > $4`,
		[]any{l.district, l.phone, at.UnixMilli(), now.UnixMilli()}, &p, &nonce)
	return p, nonce, found, err
}

// CheckLogins is the invariant of this package: every account is found by its own
// phone, and every login leads to an account.
func CheckLogins(tx *db.Tx) ([]string, error) {
	return db.All(tx, func(s db.Scanner) (line string, err error) { return line, s.Scan(&line) },
		`SELECT 'auth: no login for account ' || a.id FROM account a
			LEFT JOIN login l ON l.phone = a.phone AND l.district = a.district AND l.account = a.id
			WHERE l.phone IS NULL
		UNION ALL SELECT 'auth: login without account ' || l.account FROM login l
			LEFT JOIN account a ON a.district = l.district AND a.id = l.account AND a.phone = l.phone
			WHERE a.id IS NULL`)
}

func sweep(tx *db.Tx, district int, codesBefore, sessionsBefore time.Time) error {
	for _, old := range []struct {
		query  string
		before time.Time
	}{
		{`DELETE FROM phone_code WHERE district = $1 AND sent_at < $2`, codesBefore},
		{`DELETE FROM sign_in_failure WHERE district = $1 AND last_at < $2`, codesBefore},
		{`DELETE FROM session WHERE district = $1 AND expires_at < $2`, sessionsBefore},
	} {
		if _, err := tx.Exec(old.query, district, old.before.UnixMilli()); err != nil {
			return err
		}
	}
	return nil
}
