package record

import (
	"time"

	"linli/internal/kit/db"
)

const columns = `district, id, source, volunteer, community, order_id, number, name, category, place, content,
	started_at, ended_at, minutes, grade, organiser, in_charge, entered_by, entered_at`

func insert(tx *db.Tx, r Record) (bool, error) {
	n, err := tx.Exec(`INSERT INTO service_record (`+columns+`, day) VALUES
		($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20)
		ON CONFLICT (district, source) DO NOTHING`,
		r.District, r.ID, r.Source, r.Volunteer, r.Community, r.Order, r.Number, r.Name, r.Category, r.Place, r.Content,
		r.StartedAt.UnixMilli(), r.EndedAt.UnixMilli(), r.Minutes, r.Grade, r.Organiser, r.InCharge, r.EnteredBy, r.EnteredAt.UnixMilli(),
		r.Day().String())
	if err != nil || n == 0 {
		return false, err
	}
	return true, addTotal(tx, r)
}

// addTotal keeps the volunteer's sum, so that a page costs the same with ten rows
// of history or ten thousand.
func addTotal(tx *db.Tx, r Record) error {
	_, err := tx.Exec(`INSERT INTO record_total (district, volunteer, grade, minutes, rows_counted) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (district, volunteer, grade) DO UPDATE SET
			minutes = record_total.minutes + excluded.minutes, rows_counted = record_total.rows_counted + 1`,
		r.District, r.Volunteer, r.Grade, r.Minutes)
	return err
}

// Sum is a volunteer's time by grade.
func Sum(tx *db.Tx, district int, volunteer string) (s Summary, err error) {
	s.Grade = map[string]int64{}
	rows, err := tx.Query(`SELECT grade, minutes, rows_counted FROM record_total
		WHERE district = $1 AND volunteer = $2 ORDER BY grade`, district, volunteer)
	if err != nil {
		return s, err
	}
	defer rows.Close()
	for rows.Next() {
		var grade string
		var minutes, count int64
		if err := rows.Scan(&grade, &minutes, &count); err != nil {
			return s, err
		}
		s.Grade[grade] = minutes
		s.Total += minutes
		s.Count += count
	}
	return s, rows.Err()
}

func list(tx *db.Tx, district int, volunteer string, before Cursor, limit int) ([]Record, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM service_record
		WHERE district = $1 AND volunteer = $2 AND (started_at < $3 OR (started_at = $3 AND id < $4))
		ORDER BY started_at DESC, id DESC LIMIT $5`, district, volunteer, before.At, before.ID, limit)
}

func scan(s db.Scanner) (r Record, err error) {
	var started, ended, entered int64
	err = s.Scan(&r.District, &r.ID, &r.Source, &r.Volunteer, &r.Community, &r.Order, &r.Number, &r.Name, &r.Category, &r.Place, &r.Content,
		&started, &ended, &r.Minutes, &r.Grade, &r.Organiser, &r.InCharge, &r.EnteredBy, &entered)
	r.StartedAt, r.EndedAt, r.EnteredAt = time.UnixMilli(started).UTC(), time.UnixMilli(ended).UTC(), time.UnixMilli(entered).UTC()
	return r, err
}

// CheckTotals is the invariant of this package: every kept sum equals its rows.
func CheckTotals(tx *db.Tx) ([]string, error) {
	return db.All(tx, func(s db.Scanner) (l string, err error) { return l, s.Scan(&l) },
		`SELECT 'record: volunteer ' || r.volunteer || ' grade ' || r.grade || ' sums to ' || CAST(sum(r.minutes) AS TEXT)
		FROM service_record r
		LEFT JOIN record_total t ON t.district = r.district AND t.volunteer = r.volunteer AND t.grade = r.grade
		GROUP BY r.district, r.volunteer, r.grade, t.minutes HAVING sum(r.minutes) <> coalesce(t.minutes, 0)`)
}
