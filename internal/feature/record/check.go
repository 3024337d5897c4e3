package record

import (
	"maps"
	"slices"

	"linli/internal/core/calendar"
	"linli/internal/core/ledger"
	"linli/internal/kit/db"
)

// CheckTotals is the invariant of this package: every kept sum equals its rows, of
// each year and of all, and no two records of one person overlap. It returns one
// line per finding.
func CheckTotals(tx *db.Tx) ([]string, error) {
	var bad []string
	for _, query := range []string{
		`SELECT 'record: the sums of ' || volunteer || ' in ' || CAST(year AS TEXT) || ' are not those of the rows'
			FROM (` + bookedOf("0") + ` UNION ALL ` + bookedOf("CAST(substr(day, 1, 4) AS INTEGER)") + `
				UNION ALL SELECT district, volunteer, year, -grade_a, -grade_b, -grade_c, -grade_m, -records,
					-satisfied, -fair, -unsatisfied FROM record_total) AS booked
			GROUP BY district, volunteer, year HAVING sum(a) <> 0 OR sum(b) <> 0 OR sum(c) <> 0 OR sum(m) <> 0 OR sum(n) <> 0
				OR sum(good) <> 0 OR sum(fair) <> 0 OR sum(bad) <> 0`,
		`SELECT 'record: ' || id || ' of ' || volunteer || ' overlaps the one before' FROM (SELECT id, volunteer, started_at,
				lag(ended_at) OVER (PARTITION BY district, volunteer ORDER BY started_at, id) AS before
				FROM service_record r WHERE ` + stands + `) AS lined_up
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
	word := func(name string) string {
		return `CASE WHEN satisfaction = '` + name + `' THEN 1 ELSE 0 END`
	}
	return `SELECT district, volunteer, ` + year + ` AS year, ` + grade("A") + ` AS a, ` + grade("B") + ` AS b, ` +
		grade("C") + ` AS c, ` + grade("M") + ` AS m, 1 AS n, ` +
		word("satisfied") + ` AS good, ` + word("fair") + ` AS fair, ` + word("unsatisfied") + ` AS bad FROM service_record r WHERE ` + stands
}

// CheckAttested holds every row against the posting that attests it: a row that was
// changed or put in is attested by none, and a posting whose row was changed or taken
// away attests nothing. With the chains (ledger.CheckBooks) that covers the record.
func CheckAttested(tx *db.Tx) (bad []string, err error) {
	attested := map[string]string{}
	if err := ledger.EachAttested(tx, func(source, digest string) { attested[digest] = source }); err != nil {
		return nil, err
	}
	rows, err := tx.Query(`SELECT ` + columns + `, day FROM service_record ORDER BY district, id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		r, day, err := scanKept(rows)
		if err != nil {
			return nil, err
		}
		digest := r.Digest()
		if _, known := attested[digest]; !known || day != calendar.DayOf(r.StartedAt).String() {
			bad = append(bad, "record: the row "+r.ID+", "+r.Source+", is not as it was entered")
		}
		delete(attested, digest)
	}
	for _, source := range slices.Sorted(maps.Values(attested)) {
		bad = append(bad, "record: the row that "+source+" stands for is gone or changed")
	}
	return bad, rows.Err()
}

// scanKept reads a row with its day as it is kept.
func scanKept(s db.Scanner) (r Record, day string, err error) {
	r, err = scan(extended{s, &day})
	return r, day, err
}

// extended scans one column more than it is asked for.
type extended struct {
	db.Scanner
	last any
}

// Scan adds the last column.
func (e extended) Scan(dest ...any) error { return e.Scanner.Scan(append(dest, e.last)...) }
