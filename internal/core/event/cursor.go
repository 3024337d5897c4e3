package event

import "linli/internal/kit/db"

// Position is how far the named reader has read in a district.
func Position(tx *db.Tx, district int, reader string) (no int64, err error) {
	_, err = tx.Get(`SELECT no FROM event_cursor WHERE district = $1 AND reader = $2`,
		[]any{district, reader}, &no)
	return no, err
}

// Advance moves the named reader's cursor on to no; a cursor never goes back, so
// that of two processes that read the same events the slower one does no harm. It
// belongs in the transaction that did what the events asked for.
func Advance(tx *db.Tx, district int, reader string, no int64) error {
	_, err := tx.Exec(`INSERT INTO event_cursor (district, reader, no) VALUES ($1, $2, $3)
		ON CONFLICT (district, reader) DO UPDATE SET no = excluded.no WHERE event_cursor.no < excluded.no`,
		district, reader, no)
	return err
}

// Behind lists the districts that have events which the named reader has not read.
func Behind(tx *db.Tx, reader string) ([]int, error) {
	return db.All(tx, scanDistrict, `SELECT c.district FROM event_counter c
		LEFT JOIN event_cursor r ON r.district = c.district AND r.reader = $1
		WHERE c.no > coalesce(r.no, 0) ORDER BY c.district`, reader)
}

func scanDistrict(s db.Scanner) (district int, err error) { return district, s.Scan(&district) }

// CheckGapless is the invariant of this package: the numbers of every district
// run from 1 to its counter without a gap, and no reader is ahead of them.
func CheckGapless(tx *db.Tx) ([]string, error) {
	var bad []string
	for _, query := range []string{
		`SELECT 'event: district ' || CAST(c.district AS TEXT) || ' counts ' || CAST(c.no AS TEXT) || ' but holds ' || CAST(count(e.no) AS TEXT)
			FROM event_counter c LEFT JOIN event e ON e.district = c.district GROUP BY c.district, c.no
			HAVING count(e.no) <> c.no OR coalesce(max(e.no), 0) <> c.no OR coalesce(min(e.no), 1) <> 1`,
		`SELECT 'event: district ' || CAST(e.district AS TEXT) || ' has events and no counter'
			FROM event e LEFT JOIN event_counter c ON c.district = e.district WHERE c.district IS NULL GROUP BY e.district`,
		`SELECT 'event: reader ' || r.reader || ' is ahead of district ' || CAST(r.district AS TEXT)
			FROM event_cursor r LEFT JOIN event_counter c ON c.district = r.district WHERE r.no > coalesce(c.no, 0)`,
	} {
		lines, err := db.All(tx, func(s db.Scanner) (line string, err error) { return line, s.Scan(&line) }, query)
		if err != nil {
			return nil, err
		}
		bad = append(bad, lines...)
	}
	return bad, nil
}
