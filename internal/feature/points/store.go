package points

import (
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/person"
	"linli/internal/kit/db"
)

func insertDeed(tx *db.Tx, d Deed, worth, points int64) error {
	var held int64
	if !d.HeldUntil.IsZero() {
		held = d.HeldUntil.UnixMilli()
	}
	_, err := tx.Exec(`INSERT INTO points_deed (district, source, person, community, category, activity, day, minutes, items, worth, points, held_until)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		d.District, d.Source, d.Person, d.Community, d.Category, d.Activity, dayText(d.At), d.Minutes, d.Items, worth, points, held)
	return err
}

// earnedIn is what the person has earned on the day and in the activity of d.
func earnedIn(tx *db.Tx, d Deed) (today, activity int64, err error) {
	if _, err = tx.Get(`SELECT coalesce(sum(points), 0) FROM points_deed WHERE district = $1 AND person = $2 AND day = $3`,
		[]any{d.District, d.Person, dayText(d.At)}, &today); err != nil || d.Activity == "" {
		return today, 0, err
	}
	_, err = tx.Get(`SELECT coalesce(sum(points), 0) FROM points_deed WHERE district = $1 AND person = $2 AND activity = $3`,
		[]any{d.District, d.Person, d.Activity}, &activity)
	return today, activity, err
}

// takeDeed marks the deed of a source as taken back and says what it had earned.
func takeDeed(tx *db.Tx, district int, source string) (d Deed, day string, points int64, found bool, err error) {
	d = Deed{District: district, Source: source}
	found, err = tx.Get(`SELECT person, community, day, minutes, items, points FROM points_deed
		WHERE district = $1 AND source = $2 AND taken_at IS NULL`,
		[]any{district, source}, &d.Person, &d.Community, &day, &d.Minutes, &d.Items, &points)
	if err != nil || !found {
		return d, day, 0, false, err
	}
	n, err := tx.Exec(`UPDATE points_deed SET taken_at = $3, points = 0, held_until = 0
		WHERE district = $1 AND source = $2 AND taken_at IS NULL`, district, source, tx.Now().UnixMilli())
	return d, day, points, n == 1, err
}

// heldOf is what of a person's points cannot be spent yet.
func heldOf(tx *db.Tx, district int, person string) (n int64, err error) {
	_, err = tx.Get(`SELECT coalesce(sum(points), 0) FROM points_deed WHERE district = $1 AND person = $2 AND held_until > $3`,
		[]any{district, person, tx.Now().UnixMilli()}, &n)
	return n, err
}

func insertFactor(tx *db.Tx, district int, f Factor, by string) error {
	_, err := tx.Exec(`INSERT INTO points_factor (district, place, category, since, percent, set_by) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (district, place, category, since) DO UPDATE SET percent = excluded.percent, set_by = excluded.set_by`,
		district, f.Place, f.Category, f.Since.UnixMilli(), f.Percent, by)
	return err
}

// factorVersions lists the factors of a district that held by a moment, oldest first.
func factorVersions(tx *db.Tx, district int, by time.Time) ([]Factor, error) {
	return db.All(tx, func(s db.Scanner) (f Factor, err error) {
		var since int64
		err = s.Scan(&f.Place, &f.Category, &since, &f.Percent)
		f.Since = time.UnixMilli(since).UTC()
		return f, err
	}, `SELECT place, category, since, percent FROM points_factor WHERE district = $1 AND since <= $2 ORDER BY since, place, category`,
		district, by.UnixMilli())
}

// done is what somebody did, as a trial of other rules looks at it.
type done struct {
	Person, Category, Activity, Day string
	Minutes, Items                  int
	Points                          int64
}

// doneIn lists what was done in a community on the days of a period, in their order;
// what was taken back is left out.
func doneIn(tx *db.Tx, district int, community, from, to string) ([]done, error) {
	return db.All(tx, func(s db.Scanner) (d done, err error) {
		return d, s.Scan(&d.Person, &d.Category, &d.Activity, &d.Day, &d.Minutes, &d.Items, &d.Points)
	}, `SELECT person, category, activity, day, minutes, items, points FROM points_deed
		WHERE district = $1 AND community = $2 AND day >= $3 AND day <= $4 AND taken_at IS NULL ORDER BY day, source`,
		district, community, from, to)
}

// earnedBetween is what a person earned for the days of a period.
func earnedBetween(tx *db.Tx, district int, person, from, to string) (n int64, err error) {
	_, err = tx.Get(`SELECT coalesce(sum(points), 0) FROM points_deed WHERE district = $1 AND person = $2 AND day >= $3 AND day <= $4`,
		[]any{district, person, from, to}, &n)
	return n, err
}

func insertGift(tx *db.Tx, me person.Person, id string, to Near, amount int64, words string) error {
	_, err := tx.Exec(`INSERT INTO points_gift (district, id, giver, receiver, kind, amount, words, day, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		me.District, id, me.ID, to.Person.ID, to.Kind, amount, words, dayText(tx.Now()), tx.Now().UnixMilli())
	return err
}

// givenSince is what a person has given away from a day on.
func givenSince(tx *db.Tx, district int, giver, day string) (n int64, err error) {
	_, err = tx.Get(`SELECT coalesce(sum(amount), 0) FROM points_gift WHERE district = $1 AND giver = $2 AND day >= $3`,
		[]any{district, giver, day}, &n)
	return n, err
}

// gotSince is what a person was given from a day on.
func gotSince(tx *db.Tx, district int, receiver, day string) (n int64, err error) {
	_, err = tx.Get(`SELECT coalesce(sum(amount), 0) FROM points_gift WHERE district = $1 AND receiver = $2 AND day >= $3`,
		[]any{district, receiver, day}, &n)
	return n, err
}

const donationColumns = `district, id, number, place, donor, donor_name, item, quantity, points, handler_name, at, withdrawn_at, reason`

func insertDonation(tx *db.Tx, d Donation, handler string) error {
	_, err := tx.Exec(`INSERT INTO donation (district, id, number, place, donor, donor_name, item, quantity, points, handler, handler_name, day, at, withdrawn_by, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', '')`,
		d.District, d.ID, d.Number, d.Place, d.Donor, d.DonorName, d.Item, d.Quantity, d.Points, handler, d.Handler, dayText(d.At), d.At.UnixMilli())
	return err
}

func scanDonation(s db.Scanner) (d Donation, err error) {
	var at int64
	var withdrawn *int64
	err = s.Scan(&d.District, &d.ID, &d.Number, &d.Place, &d.Donor, &d.DonorName, &d.Item, &d.Quantity, &d.Points, &d.Handler, &at, &withdrawn, &d.Reason)
	d.At, d.Withdrawn = time.UnixMilli(at).UTC(), withdrawn != nil
	return d, err
}

func readDonation(tx *db.Tx, district int, id string) (Donation, bool, error) {
	return db.One(tx, scanDonation, `SELECT `+donationColumns+` FROM donation WHERE district = $1 AND id = $2`, district, id)
}

// donationsAt lists the newest donations of a community.
func donationsAt(tx *db.Tx, district int, at string, limit int) ([]Donation, error) {
	return db.All(tx, scanDonation, `SELECT `+donationColumns+` FROM donation WHERE district = $1 AND place = $2 ORDER BY at DESC, id DESC LIMIT $3`,
		district, at, limit)
}

// receipts counts the receipts of a place and a year, for the next number.
func receipts(tx *db.Tx, district int, at, year string) (n int64, err error) {
	_, err = tx.Get(`SELECT count(*) FROM donation WHERE district = $1 AND place = $2 AND number >= $3 AND number < $4`,
		[]any{district, at, year + "-", year + "."}, &n)
	return n, err
}

func withdrawDonation(tx *db.Tx, d Donation, by, reason string) (bool, error) {
	n, err := tx.Exec(`UPDATE donation SET withdrawn_by = $3, withdrawn_at = $4, reason = $5 WHERE district = $1 AND id = $2 AND withdrawn_at IS NULL`,
		d.District, d.ID, by, tx.Now().UnixMilli(), reason)
	return n == 1, err
}

// Lapse is what of somebody's points lapses on a day, and was told.
type Lapse struct {
	Person string
	Due    calendar.Day
	Points int64
}

func scanLapse(s db.Scanner) (l Lapse, err error) {
	var due string
	if err = s.Scan(&l.Person, &due, &l.Points); err == nil {
		err = l.Due.UnmarshalText([]byte(due))
	}
	return l, err
}

// announced lists what is told to a person and not done, the earliest first.
func announced(tx *db.Tx, district int, person string) ([]Lapse, error) {
	return db.All(tx, scanLapse, `SELECT person, due, points FROM points_lapse
		WHERE district = $1 AND person = $2 AND done_at IS NULL ORDER BY due`, district, person)
}

func announce(tx *db.Tx, district int, l Lapse) (bool, error) {
	n, err := tx.Exec(`INSERT INTO points_lapse (district, person, due, points, told_at, lapsed) VALUES ($1, $2, $3, $4, $5, 0)
		ON CONFLICT (district, person, due) DO NOTHING`, district, l.Person, l.Due.String(), l.Points, tx.Now().UnixMilli())
	return n == 1, err
}

func endLapse(tx *db.Tx, district int, l Lapse, lapsed int64) (bool, error) {
	n, err := tx.Exec(`UPDATE points_lapse SET lapsed = $4, done_at = $5 WHERE district = $1 AND person = $2 AND due = $3 AND done_at IS NULL`,
		district, l.Person, l.Due.String(), lapsed, tx.Now().UnixMilli())
	return n == 1, err
}

// earners lists people who have earned or were given anything, after one of them.
func earners(tx *db.Tx, district int, after string, limit int) ([]string, error) {
	return db.All(tx, func(s db.Scanner) (id string, err error) { return id, s.Scan(&id) },
		`SELECT person FROM points_deed WHERE district = $1 AND person > $2 GROUP BY person
		UNION SELECT receiver FROM points_gift WHERE district = $1 AND receiver > $2 GROUP BY receiver
		ORDER BY 1 LIMIT $3`, district, after, limit)
}

// earnedBy is what a source earned.
func earnedBy(tx *db.Tx, district int, source string) (n int64, err error) {
	_, err = tx.Get(`SELECT points FROM points_deed WHERE district = $1 AND source = $2`, []any{district, source}, &n)
	return n, err
}

// heldIn is what of the points that a community has given cannot be spent yet.
func heldIn(tx *db.Tx, district int, community string) (n int64, err error) {
	_, err = tx.Get(`SELECT coalesce(sum(points), 0) FROM points_deed WHERE district = $1 AND community = $2 AND held_until > $3`,
		[]any{district, community, tx.Now().UnixMilli()}, &n)
	return n, err
}
