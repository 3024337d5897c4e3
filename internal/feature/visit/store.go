package visit

import (
	"time"

	"linli/internal/kit/db"
)

const columns = `id, order_id, volunteer, team, state, in_at, out_at, minutes, by_code, by_position, sent_later,
	claimed_at, distance, grade, confirmed_by, confirmed_at, booked, device`

func scan(s db.Scanner) (v Visit, err error) {
	var in int64
	var out, claimed, confirmed *int64
	var distance *int
	err = s.Scan(&v.ID, &v.OrderID, &v.Volunteer, &v.Team, &v.State, &in, &out, &v.Minutes, &v.ByCode, &v.ByPosition, &v.SentLater,
		&claimed, &distance, &v.Grade, &v.ConfirmedBy, &confirmed, &v.Booked, &v.Device)
	v.InAt, v.OutAt, v.ClaimedAt, v.ConfirmedAt = time.UnixMilli(in).UTC(), db.Moment(out), db.Moment(claimed), db.Moment(confirmed)
	v.Distance = -1
	if distance != nil {
		v.Distance = *distance
	}
	return v, err
}

// Of lists the visits of an order, in the order in which they began.
func Of(tx *db.Tx, district int, order string) ([]Visit, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM visit
		WHERE district = $1 AND order_id = $2 ORDER BY in_at, id`, district, order)
}

// Put writes a visit, new or changed.
func Put(tx *db.Tx, district int, v Visit) error {
	var distance any
	if v.Distance >= 0 {
		distance = v.Distance
	}
	_, err := tx.Exec(`INSERT INTO visit (district, `+columns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)
		ON CONFLICT (district, id) DO UPDATE SET state = excluded.state, out_at = excluded.out_at, minutes = excluded.minutes,
			by_code = excluded.by_code, by_position = excluded.by_position, sent_later = excluded.sent_later,
			distance = excluded.distance, grade = excluded.grade, confirmed_by = excluded.confirmed_by,
			confirmed_at = excluded.confirmed_at, booked = excluded.booked`,
		district, v.ID, v.OrderID, v.Volunteer, v.Team, string(v.State), v.InAt.UnixMilli(), db.Millis(v.OutAt), v.Minutes,
		v.ByCode, v.ByPosition, v.SentLater, db.Millis(v.ClaimedAt), distance, string(v.Grade), v.ConfirmedBy, db.Millis(v.ConfirmedAt), v.Booked, v.Device)
	return err
}

// OpenAt says whether the volunteer is checked in somewhere, and at which order.
func OpenAt(tx *db.Tx, district int, volunteer string) (order string, found bool, err error) {
	found, err = tx.Get(`SELECT order_id FROM visit WHERE district = $1 AND volunteer = $2 AND state = 'open' LIMIT 1`,
		[]any{district, volunteer}, &order)
	return order, found, err
}

// OnDevice lists the visits of a span of time that were checked in by one phone, at
// most limit of them.
func OnDevice(tx *db.Tx, district int, device string, from, to time.Time, limit int) ([]Visit, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM visit
		WHERE district = $1 AND device = $2 AND device <> '' AND in_at >= $3 AND in_at < $4 ORDER BY in_at, id LIMIT $5`,
		district, device, from.UnixMilli(), to.UnixMilli(), limit)
}

// Waiting lists visits of a district that ended in a span of time and are not in the
// record, those first that have waited longest.
func Waiting(tx *db.Tx, district int, from, to time.Time, limit int) ([]Visit, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM visit
		WHERE district = $1 AND NOT booked AND out_at >= $2 AND out_at < $3 ORDER BY out_at, id LIMIT $4`,
		district, from.UnixMilli(), to.UnixMilli(), limit)
}

// moment and millis keep "no time" as NULL in the row and as the zero time here.
// --- codes on paper ---

func endPaperCodes(tx *db.Tx, district int, person string) error {
	_, err := tx.Exec(`DELETE FROM paper_code WHERE district = $1 AND person = $2 AND used_at IS NULL`, district, person)
	return err
}

// addPaperCode writes a code down unless the person has had the same one before.
func addPaperCode(tx *db.Tx, district int, person, code string) (bool, error) {
	n, err := tx.Exec(`INSERT INTO paper_code (district, person, code, printed_at, used_at, used_order)
		VALUES ($1, $2, $3, $4, NULL, '') ON CONFLICT (district, person, code) DO NOTHING`,
		district, person, code, tx.Now().UnixMilli())
	return n == 1, err
}

// usePaperCode crosses out a printed code of the person who is helped.
func usePaperCode(tx *db.Tx, d Door, code string) (bool, error) {
	n, err := tx.Exec(`UPDATE paper_code SET used_at = $4, used_order = $5
		WHERE district = $1 AND person = $2 AND code = $3 AND used_at IS NULL`,
		d.District, d.Host, code, tx.Now().UnixMilli(), d.Order)
	return n == 1, err
}
