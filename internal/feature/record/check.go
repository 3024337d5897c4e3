package record

import "linli/internal/kit/db"

// CheckTotals is the invariant of this package: every kept sum equals its rows, of
// each year and of all, and no two records of one person overlap. It returns one
// line per finding.
func CheckTotals(tx *db.Tx) ([]string, error) {
	var bad []string
	for _, query := range []string{
		`SELECT 'record: the sums of ' || volunteer || ' in ' || CAST(year AS TEXT) || ' are not those of the rows'
			FROM (` + bookedOf("0") + ` UNION ALL ` + bookedOf("CAST(substr(day, 1, 4) AS INTEGER)") + `
				UNION ALL SELECT district, volunteer, year, -grade_a, -grade_b, -grade_c, -grade_m, -records FROM record_total) AS booked
			GROUP BY district, volunteer, year HAVING sum(a) <> 0 OR sum(b) <> 0 OR sum(c) <> 0 OR sum(m) <> 0 OR sum(n) <> 0`,
		`SELECT 'record: ' || id || ' of ' || volunteer || ' overlaps the one before' FROM (SELECT id, volunteer, started_at,
				lag(ended_at) OVER (PARTITION BY district, volunteer ORDER BY started_at, id) AS before FROM service_record) AS lined_up
			WHERE before > started_at`,
	} {
		lines, err := db.All(tx, func(s db.Scanner) (l string, err error) { return l, s.Scan(&l) }, query)
		if err != nil {
			return nil, err
		}
		bad = append(bad, lines...)
	}
	return bad, nil
}

// bookedOf spreads the minutes of every row by grade, under a year.
func bookedOf(year string) string {
	grade := func(name string) string {
		return `CASE WHEN grade = '` + name + `' THEN minutes ELSE 0 END`
	}
	return `SELECT district, volunteer, ` + year + ` AS year, ` + grade("A") + ` AS a, ` + grade("B") + ` AS b, ` +
		grade("C") + ` AS c, ` + grade("M") + ` AS m, 1 AS n FROM service_record`
}
