package event

import "linli/internal/kit/db"

// Position is how far the named reader has read in a district.
func Position(tx *db.Tx, district int, reader string) (no int64, err error) {
	_, err = tx.Get(`SELECT no FROM event_cursor WHERE district = $1 AND reader = $2`,
		[]any{district, reader}, &no)
	return no, err
}

// Advance moves the named reader's cursor to no. It belongs in the transaction
// that did what the events asked for.
func Advance(tx *db.Tx, district int, reader string, no int64) error {
	_, err := tx.Exec(`INSERT INTO event_cursor (district, reader, no) VALUES ($1, $2, $3)
		ON CONFLICT (district, reader) DO UPDATE SET no = excluded.no`, district, reader, no)
	return err
}

// CheckGapless is the invariant of this package: the numbers of every district
// run from 1 to its counter without a gap.
func CheckGapless(tx *db.Tx) ([]string, error) {
	return db.All(tx, func(s db.Scanner) (line string, err error) {
		return line, s.Scan(&line)
	}, `SELECT 'event: district ' || CAST(c.district AS TEXT) || ' counts ' || CAST(c.no AS TEXT) || ' but holds ' || CAST(count(e.no) AS TEXT)
		FROM event_counter c LEFT JOIN event e ON e.district = c.district
		GROUP BY c.district, c.no HAVING count(e.no) <> c.no OR coalesce(max(e.no), 0) <> c.no`)
}
