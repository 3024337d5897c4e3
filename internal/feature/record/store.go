package record

import (
	"time"

	"linli/internal/core/calendar"
	"linli/internal/kit/db"
)

const columns = `district, id, source, volunteer, community, order_id, number, name, category, place, content,
	started_at, ended_at, minutes, grade, organiser, in_charge, entered_by, entered_at, kind, replaces, reason, satisfaction, counts_at`

// stands holds for the rows r that are neither replaced nor there to withdraw another.
const stands = ` r.minutes > 0 AND NOT EXISTS (SELECT 1 FROM service_record x
	WHERE x.district = r.district AND x.replaces = r.id AND x.replaces <> '') `

// insert writes r unless its source was recorded before.
func insert(tx *db.Tx, r Record) (bool, error) {
	n, err := tx.Exec(`INSERT INTO service_record (`+columns+`, day) VALUES
		($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25)
		ON CONFLICT (district, source) DO NOTHING`,
		r.District, r.ID, r.Source, r.Volunteer, r.Community, r.Order, r.Number, r.Name, r.Category, r.Place, r.Content,
		r.StartedAt.UnixMilli(), r.EndedAt.UnixMilli(), r.Minutes, r.Grade, r.Organiser, r.InCharge, r.EnteredBy, r.EnteredAt.UnixMilli(),
		string(r.Kind), r.Replaces, r.Reason, r.Satisfaction, millis(r.CountsAt), r.Day().String())
	return n == 1, err
}

// whole is the year under which the sum of all years stands.
const whole = 0

// addTotal adds to one of a volunteer's sums, so that a page costs the same with
// ten rows of history or ten thousand.
func addTotal(tx *db.Tx, r Record, year int, n int64) error {
	minutes, words := map[string]int64{r.Grade: int64(r.Minutes) * n}, map[string]int64{r.Satisfaction: n}
	_, err := tx.Exec(`INSERT INTO record_total (district, volunteer, year, grade_a, grade_b, grade_c, grade_m, records, satisfied, fair, unsatisfied)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (district, volunteer, year) DO UPDATE SET
			grade_a = record_total.grade_a + excluded.grade_a, grade_b = record_total.grade_b + excluded.grade_b,
			grade_c = record_total.grade_c + excluded.grade_c, grade_m = record_total.grade_m + excluded.grade_m,
			records = record_total.records + excluded.records, satisfied = record_total.satisfied + excluded.satisfied,
			fair = record_total.fair + excluded.fair, unsatisfied = record_total.unsatisfied + excluded.unsatisfied`,
		r.District, r.Volunteer, year, minutes["A"], minutes["B"], minutes["C"], minutes["M"], n,
		words["satisfied"], words["fair"], words["unsatisfied"])
	return err
}

// takeTurn makes whoever else adds a record of this person wait for the end of
// this transaction.
func takeTurn(tx *db.Tx, r Record) error { return addTotal(tx, r, whole, 0) }

// overlapping is the number of another record of the same person in the same time.
// Records that stand do not overlap each other, so only the last that began before,
// and those that began since, need to be looked at.
func overlapping(tx *db.Tx, r Record) (number string, found bool, err error) {
	found, err = tx.Get(`SELECT r.number FROM service_record r
		WHERE r.district = $1 AND r.volunteer = $2 AND r.source <> $3 AND r.id <> $6 AND r.started_at < $4 AND r.ended_at > $5
		  AND `+stands+` AND r.started_at >= coalesce((SELECT max(r.started_at) FROM service_record r
			WHERE r.district = $1 AND r.volunteer = $2 AND r.source <> $3 AND r.id <> $6 AND r.started_at <= $5 AND `+stands+`), 0)
		ORDER BY r.started_at, r.id LIMIT 1`,
		[]any{r.District, r.Volunteer, r.Source, r.EndedAt.UnixMilli(), r.StartedAt.UnixMilli(), r.Replaces}, &number)
	return number, found, err
}

// Served lists who has at least some minutes, of all time or of the year that it is,
// also of those that do not count yet.
func Served(tx *db.Tx, district int, minutes int64) ([]string, error) {
	return db.All(tx, func(row db.Scanner) (id string, err error) { return id, row.Scan(&id) },
		`SELECT volunteer FROM record_total WHERE district = $1 AND year IN (0, $2) AND grade_a + grade_b + grade_c + grade_m >= $3
		GROUP BY volunteer ORDER BY volunteer`, district, calendar.DayOf(tx.Now()).Year, minutes)
}

// Sum is a volunteer's time by grade, and that of the year that it is.
func Sum(tx *db.Tx, district int, volunteer string) (s Summary, err error) {
	s.Grade = map[string]int64{}
	type total struct {
		year, records int64
		grades        [4]int64
		words         Words
	}
	year := calendar.DayOf(tx.Now()).Year
	totals, err := db.All(tx, func(row db.Scanner) (t total, err error) {
		return t, row.Scan(&t.year, &t.grades[0], &t.grades[1], &t.grades[2], &t.grades[3], &t.records,
			&t.words.Satisfied, &t.words.Fair, &t.words.Unsatisfied)
	}, `SELECT year, grade_a, grade_b, grade_c, grade_m, records, satisfied, fair, unsatisfied FROM record_total
		WHERE district = $1 AND volunteer = $2 AND year IN (0, $3)`, district, volunteer, year)
	for _, t := range totals {
		for i, grade := range Grades() {
			if t.year != whole {
				s.Year += t.grades[i]
				continue
			}
			s.Grade[grade] = t.grades[i]
			s.Total += t.grades[i]
			s.Count, s.Words = t.records, t.words
		}
	}
	if err != nil {
		return s, err
	}
	waits, waitsYear, err := waiting(tx, district, volunteer, year)
	s.Counted, s.CountedYear = s.Total-waits, s.Year-waitsYear
	return s, err
}

// get reads one record.
func get(tx *db.Tx, district int, id string) (Record, bool, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM service_record WHERE district = $1 AND id = $2`, district, id)
}

func list(tx *db.Tx, district int, volunteer string, in Period, before Cursor, limit int) ([]Record, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM service_record
		WHERE district = $1 AND volunteer = $2 AND started_at <= $3 AND (started_at < $3 OR id < $4)
		  AND started_at >= $5 AND started_at < $6 AND minutes > 0
		ORDER BY started_at DESC, id DESC LIMIT $7`, district, volunteer, before.At, before.ID, in.since(), in.until(), limit)
}

func scan(s db.Scanner) (r Record, err error) {
	var started, ended, entered, counts int64
	err = s.Scan(&r.District, &r.ID, &r.Source, &r.Volunteer, &r.Community, &r.Order, &r.Number, &r.Name, &r.Category, &r.Place, &r.Content,
		&started, &ended, &r.Minutes, &r.Grade, &r.Organiser, &r.InCharge, &r.EnteredBy, &entered, &r.Kind, &r.Replaces, &r.Reason,
		&r.Satisfaction, &counts)
	r.StartedAt, r.EndedAt, r.EnteredAt = time.UnixMilli(started).UTC(), time.UnixMilli(ended).UTC(), time.UnixMilli(entered).UTC()
	if counts > 0 {
		r.CountsAt = time.UnixMilli(counts).UTC()
	}
	return r, err
}
