package record

import (
	"math"

	"linli/internal/core/calendar"
	"linli/internal/feature/points"
	"linli/internal/kit/db"
)

// Period is a span of days, both included; an unknown day leaves that side open.
type Period struct{ From, To calendar.Day }

// since and until bound the period in UTC milliseconds, the end excluded.
func (p Period) since() int64 {
	if p.From.IsZero() {
		return math.MinInt64
	}
	return p.From.Start().UnixMilli()
}

func (p Period) until() int64 {
	if p.To.IsZero() {
		return math.MaxInt64
	}
	return p.To.End().UnixMilli()
}

// Counted lists the rows of a volunteer that count in a period, oldest first, and
// their minutes: rows that stand, whose public notice is over, and that nothing
// holds (an objection, a finding).
func Counted(tx *db.Tx, district int, volunteer string, from, to calendar.Day) (list []Record, minutes int64, err error) {
	in := Period{from, to}
	list, err = db.All(tx, scan, `SELECT `+columns+` FROM service_record r
		WHERE r.district = $1 AND r.volunteer = $2 AND r.started_at >= $3 AND r.started_at < $4 AND r.counts_at <= $5 AND `+stands+`
		  AND r.id NOT IN (SELECT record FROM record_hold WHERE district = $1 AND volunteer = $2 AND ended_at IS NULL)
		ORDER BY r.started_at, r.id`, district, volunteer, in.since(), in.until(), tx.Now().UnixMilli())
	for _, r := range list {
		minutes += int64(r.Minutes)
	}
	return list, minutes, err
}

// sumIn adds up the rows of a volunteer that stand in a period, and those of them
// that count.
func sumIn(tx *db.Tx, district int, volunteer string, in Period) (s PeriodSum, err error) {
	if _, err = tx.Get(`SELECT coalesce(sum(r.minutes), 0), count(*) FROM service_record r
		WHERE r.district = $1 AND r.volunteer = $2 AND r.started_at >= $3 AND r.started_at < $4 AND `+stands,
		[]any{district, volunteer, in.since(), in.until()}, &s.Minutes, &s.Count); err != nil {
		return s, err
	}
	_, err = tx.Get(`SELECT coalesce(sum(r.minutes), 0) FROM service_record r
		WHERE r.district = $1 AND r.volunteer = $2 AND r.started_at >= $3 AND r.started_at < $4 AND r.counts_at <= $5 AND `+stands+`
		  AND r.id NOT IN (SELECT record FROM record_hold WHERE district = $1 AND volunteer = $2 AND ended_at IS NULL)`,
		[]any{district, volunteer, in.since(), in.until(), tx.Now().UnixMilli()}, &s.Counted)
	return s, err
}

// waiting is the minutes of the rows that stand and do not count yet, of all years
// and of one. They are few: what was entered in the last days, and what is held.
func waiting(tx *db.Tx, district int, volunteer string, year int) (all, ofYear int64, err error) {
	type wait struct {
		id, day string
		minutes int64
	}
	list, err := db.All(tx, func(s db.Scanner) (w wait, err error) { return w, s.Scan(&w.id, &w.day, &w.minutes) },
		`SELECT r.id, r.day, r.minutes FROM service_record r
		WHERE r.district = $1 AND r.volunteer = $2 AND r.counts_at > $3 AND `+stands+`
		UNION SELECT r.id, r.day, r.minutes FROM record_hold h JOIN service_record r ON r.district = h.district AND r.id = h.record
		WHERE h.district = $1 AND h.volunteer = $2 AND h.ended_at IS NULL AND r.counts_at <= $3 AND `+stands,
		district, volunteer, tx.Now().UnixMilli())
	first, last := calendar.Day{Year: year, Month: 1, Day: 1}.String(), calendar.Day{Year: year, Month: 12, Day: 31}.String()
	for _, w := range list {
		all += w.minutes
		if first <= w.day && w.day <= last {
			ofYear += w.minutes
		}
	}
	return all, ofYear, err
}

// Hold keeps a row from counting, and its points from being spent, until the cause is
// Released: "objection:<id>", "finding:<id>".
func Hold(tx *db.Tx, r Record, cause string) error {
	if _, err := tx.Exec(`INSERT INTO record_hold (district, record, cause, volunteer, since, ended_at) VALUES ($1, $2, $3, $4, $5, NULL)
		ON CONFLICT (district, record, cause) DO NOTHING`, r.District, r.ID, cause, r.Volunteer, tx.Now().UnixMilli()); err != nil {
		return err
	}
	return points.Hold(tx, r.District, r.Source, tx.Now().AddDate(100, 0, 0)) // no end is known
}

// Release ends what a cause holds. The points can be spent when the notice of the row
// has ended, unless something else still holds it.
func Release(tx *db.Tx, r Record, cause string) error {
	if _, err := tx.Exec(`UPDATE record_hold SET ended_at = $4 WHERE district = $1 AND record = $2 AND cause = $3 AND ended_at IS NULL`,
		r.District, r.ID, cause, tx.Now().UnixMilli()); err != nil {
		return err
	}
	state, err := standing(tx, []Record{r})
	if err != nil || state[r.ID] == Held {
		return err
	}
	return points.Hold(tx, r.District, r.Source, r.CountsAt)
}
