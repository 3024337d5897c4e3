package points

import (
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
func takeDeed(tx *db.Tx, district int, source string) (d Deed, points int64, found bool, err error) {
	d = Deed{District: district, Source: source}
	found, err = tx.Get(`SELECT person, community, minutes, items, points FROM points_deed
		WHERE district = $1 AND source = $2 AND taken_at IS NULL`,
		[]any{district, source}, &d.Person, &d.Community, &d.Minutes, &d.Items, &points)
	if err != nil || !found {
		return d, 0, false, err
	}
	n, err := tx.Exec(`UPDATE points_deed SET taken_at = $3, points = 0, held_until = 0
		WHERE district = $1 AND source = $2 AND taken_at IS NULL`, district, source, tx.Now().UnixMilli())
	return d, points, n == 1, err
}

// heldOf is what of a person's points cannot be spent yet.
func heldOf(tx *db.Tx, district int, person string) (n int64, err error) {
	_, err = tx.Get(`SELECT coalesce(sum(points), 0) FROM points_deed WHERE district = $1 AND person = $2 AND held_until > $3`,
		[]any{district, person, tx.Now().UnixMilli()}, &n)
	return n, err
}
