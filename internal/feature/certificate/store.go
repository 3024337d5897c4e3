package certificate

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/feature/record"
	"linli/internal/kit/db"
)

const columns = `district, id, code, state, version, volunteer, community, from_day, to_day, remark, number, minutes, paper, credential,
	handler, head, batch, status_list, status_index, applied_at, accepted_at, issued_at, notice_until, ended_at, ended_by, reason, doubt`

func scan(s db.Scanner) (c Certificate, err error) {
	var from, to, paper string
	var applied int64
	var accepted, issued, notice, ended *int64
	if err := s.Scan(&c.District, &c.ID, &c.Code, &c.State, &c.Version, &c.Volunteer, &c.Community, &from, &to, &c.Remark, &c.Number,
		&c.Minutes, &paper, &c.Credential, &c.Handler, &c.Head, &c.Batch, &c.List, &c.Index, &applied, &accepted, &issued, &notice, &ended,
		&c.EndedBy, &c.Reason, &c.Doubt); err != nil {
		return c, err
	}
	c.AppliedAt, c.AcceptedAt, c.IssuedAt = time.UnixMilli(applied).UTC(), db.Moment(accepted), db.Moment(issued)
	c.NoticeUntil, c.EndedAt = db.Moment(notice), db.Moment(ended)
	if err := c.From.UnmarshalText([]byte(from)); err != nil {
		return c, err
	}
	if err := c.To.UnmarshalText([]byte(to)); err != nil {
		return c, err
	}
	return c, json.Unmarshal([]byte(paper), &c.Paper)
}

func (c Certificate) values() ([]any, error) {
	paper, err := json.Marshal(c.Paper)
	return []any{c.District, c.ID, c.Code, string(c.State), c.Version, c.Volunteer, c.Community, c.From.String(), c.To.String(), c.Remark,
		c.Number, c.Minutes, string(paper), c.Credential, c.Handler, c.Head, c.Batch, c.List, c.Index, c.AppliedAt.UnixMilli(),
		db.Millis(c.AcceptedAt), db.Millis(c.IssuedAt), db.Millis(c.NoticeUntil), db.Millis(c.EndedAt), c.EndedBy, c.Reason, c.Doubt}, err
}

func insert(tx *db.Tx, c Certificate) error {
	values, err := c.values()
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO certificate (`+columns+`) VALUES
		($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27)`, values...)
	return err
}

// save writes what may change, if nobody else did in between.
func save(tx *db.Tx, c *Certificate) (bool, error) {
	paper, err := json.Marshal(c.Paper)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`UPDATE certificate SET state = $4, version = version + 1, number = $5, minutes = $6, paper = $7, credential = $8,
			handler = $9, head = $10, status_list = $11, status_index = $12, accepted_at = $13, issued_at = $14, notice_until = $15,
			ended_at = $16, ended_by = $17, reason = $18, doubt = $19
		WHERE district = $1 AND id = $2 AND version = $3`,
		c.District, c.ID, c.Version, string(c.State), c.Number, c.Minutes, string(paper), c.Credential, c.Handler, c.Head, c.List, c.Index,
		db.Millis(c.AcceptedAt), db.Millis(c.IssuedAt), db.Millis(c.NoticeUntil), db.Millis(c.EndedAt), c.EndedBy, c.Reason, c.Doubt)
	c.Version++
	return n == 1, err
}

func insertRows(tx *db.Tx, district int, certificate string, records []string) error {
	for _, id := range records {
		if _, err := tx.Exec(`INSERT INTO certificate_row (district, certificate, record) VALUES ($1, $2, $3)`, district, certificate, id); err != nil {
			return err
		}
	}
	return nil
}

// followRows lets a certificate stand on the rows that came in the place of those it was
// made of: only what is replaced after this puts it in doubt again.
func followRows(tx *db.Tx, c Certificate) error {
	rows, err := db.All(tx, func(s db.Scanner) (id string, err error) { return id, s.Scan(&id) },
		`SELECT record FROM certificate_row WHERE district = $1 AND certificate = $2`, c.District, c.ID)
	if err != nil {
		return err
	}
	replaced, err := record.Replaced(tx, c.District)
	if err != nil {
		return err
	}
	for _, r := range replaced {
		if !slices.Contains(rows, r.ID) {
			continue
		}
		latest, err := record.Latest(tx, r)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE certificate_row SET record = $4 WHERE district = $1 AND certificate = $2 AND record = $3`,
			c.District, c.ID, r.ID, latest); err != nil {
			return err
		}
	}
	return nil
}

func get(tx *db.Tx, district int, id string) (Certificate, bool, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM certificate WHERE district = $1 AND id = $2`, district, id)
}

func byCode(tx *db.Tx, district int, code string) (Certificate, bool, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM certificate WHERE district = $1 AND code = $2`, district, code)
}

// mostOfOne is how many certificates the page of one volunteer shows.
const mostOfOne = 50

func ofVolunteer(tx *db.Tx, district int, volunteer string) ([]Certificate, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM certificate WHERE district = $1 AND volunteer = $2
		ORDER BY applied_at DESC, id DESC LIMIT $3`, district, volunteer, mostOfOne)
}

// Cursor is where a page of a list begins: strictly before it, newest first.
type Cursor struct {
	At int64  `json:"a"`
	ID string `json:"i"`
}

func (c Cursor) bounded() Cursor {
	if c.ID == "" {
		c.At = 1 << 62
	}
	return c
}

func register(tx *db.Tx, district int, communities []string, before Cursor, limit int) ([]Certificate, error) {
	before = before.bounded()
	return db.All(tx, scan, `SELECT `+columns+` FROM certificate
		WHERE district = $1 AND community IN (`+db.Places(5, len(communities))+`) AND applied_at <= $2 AND (applied_at < $2 OR id < $3)
		ORDER BY applied_at DESC, id DESC LIMIT $4`, binds([]any{district, before.At, before.ID, limit}, communities)...)
}

// waiting lists what somebody has to do something about, the oldest first.
func waiting(tx *db.Tx, district int, communities []string, limit int) ([]Certificate, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM certificate
		WHERE district = $1 AND community IN (`+db.Places(3, len(communities))+`) AND (state IN ('applied', 'accepted') OR doubt <> '')
		ORDER BY applied_at, id LIMIT $2`, binds([]any{district, limit}, communities)...)
}

func announced(tx *db.Tx, district int, communities []string, now time.Time, limit int) ([]Certificate, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM certificate
		WHERE district = $1 AND community IN (`+db.Places(4, len(communities))+`) AND state = 'issued' AND notice_until > $2
		ORDER BY notice_until DESC, id DESC LIMIT $3`, binds([]any{district, now.UnixMilli(), limit}, communities)...)
}

func binds(args []any, more []string) []any {
	for _, m := range more {
		args = append(args, m)
	}
	return args
}

// standingOn lists the certificates that stand, are not in doubt yet, and were made
// of one of these rows of the record.
func standingOn(tx *db.Tx, district int, records []string) ([]doubted, error) {
	return db.All(tx, func(s db.Scanner) (d doubted, err error) { return d, s.Scan(&d.certificate, &d.record) },
		`SELECT r.certificate, r.record FROM certificate_row r JOIN certificate c ON c.district = r.district AND c.id = r.certificate
		WHERE r.district = $1 AND c.state = 'issued' AND c.doubt = '' AND r.record IN (`+db.Places(2, len(records))+`)
		ORDER BY r.certificate, r.record`, binds([]any{district}, records)...)
}

// doubted is a certificate and the row of the record that it stood on.
type doubted struct{ certificate, record string }

// --- numbers and places in lists ---

func lastSerial(tx *db.Tx, district int, community, day string) (last int64, err error) {
	_, err = tx.Get(`SELECT last FROM certificate_serial WHERE district = $1 AND place = $2 AND day = $3`, []any{district, community, day}, &last)
	return last, err
}

// takeSerials moves the serial on from what it was; false when somebody else has.
func takeSerials(tx *db.Tx, district int, community, day string, from, n int64) (bool, error) {
	if _, err := tx.Exec(`INSERT INTO certificate_serial (district, place, day, last) VALUES ($1, $2, $3, 0)
		ON CONFLICT (district, place, day) DO NOTHING`, district, community, day); err != nil {
		return false, err
	}
	moved, err := tx.Exec(`UPDATE certificate_serial SET last = last + $5 WHERE district = $1 AND place = $2 AND day = $3 AND last = $4`,
		district, community, day, from, n)
	return moved == 1, err
}

func lastList(tx *db.Tx, district int) (list int, err error) {
	_, err = tx.Get(`SELECT coalesce(max(status_list), 1) FROM certificate WHERE district = $1 AND number <> ''`, []any{district}, &list)
	return max(list, 1), err
}

func taken(tx *db.Tx, district, list, index int) (found bool, err error) {
	var one int
	return tx.Get(`SELECT 1 FROM certificate WHERE district = $1 AND status_list = $2 AND status_index = $3 AND number <> ''`,
		[]any{district, list, index}, &one)
}

func revokedIn(tx *db.Tx, district, list int) ([]int, error) {
	return db.All(tx, func(s db.Scanner) (i int, err error) { return i, s.Scan(&i) },
		`SELECT status_index FROM certificate WHERE district = $1 AND status_list = $2 AND number <> '' AND state = 'revoked'`, district, list)
}

// --- units ---

// Unit is who issues at a place.
type Unit struct {
	Name     string // as printed; empty: the station of the community
	Head     string // person in charge, as printed
	Ministry string // number in the ministry's system; empty: a platform record
}

func setUnit(tx *db.Tx, at place.Place, u Unit, by string) error {
	_, err := tx.Exec(`INSERT INTO certificate_unit (district, place, since, name, head, ministry, set_by) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (district, place, since) DO UPDATE SET name = excluded.name, head = excluded.head, ministry = excluded.ministry, set_by = excluded.set_by`,
		at.District, at.ID, tx.Now().UnixMilli(), u.Name, u.Head, u.Ministry, by)
	return err
}

// unitOf is the newest unit of the nearest place on the path that has one.
func unitOf(tx *db.Tx, at place.Place) (u Unit, err error) {
	type row struct {
		place string
		Unit
	}
	ids := strings.Split(strings.Trim(at.Path, "/"), "/")
	rows, err := db.All(tx, func(s db.Scanner) (r row, err error) { return r, s.Scan(&r.place, &r.Name, &r.Head, &r.Ministry) },
		`SELECT place, name, head, ministry FROM certificate_unit WHERE district = $1 AND since <= $2 AND place IN (`+db.Places(3, len(ids))+`)
		ORDER BY since`, binds([]any{at.District, tx.Now().UnixMilli()}, ids)...)
	nearest := -1
	for _, r := range rows {
		for i, id := range ids {
			if id == r.place && i >= nearest {
				nearest, u = i, r.Unit
			}
		}
	}
	return u, err
}

// --- many at once ---

const batchColumns = `district, id, place, from_day, to_day, remark, state, wanted, seen, made, spot, begun_by, begun_at, ended_at`

func scanBatch(s db.Scanner) (b Batch, err error) {
	var from, to, spot string
	var begun int64
	var ended *int64
	if err := s.Scan(&b.District, &b.ID, &b.Place, &from, &to, &b.Remark, &b.State, &b.Total, &b.Seen, &b.Made, &spot, &b.BegunBy, &begun, &ended); err != nil {
		return b, err
	}
	b.BegunAt, b.EndedAt = time.UnixMilli(begun).UTC(), db.Moment(ended)
	if b.From, err = readDay(from); err != nil {
		return b, err
	}
	if b.To, err = readDay(to); err != nil {
		return b, err
	}
	return b, json.Unmarshal([]byte(spot), &b.spot)
}

func readDay(text string) (d calendar.Day, err error) { return d, d.UnmarshalText([]byte(text)) }

func putBatch(tx *db.Tx, b Batch) error {
	spot, err := json.Marshal(b.spot)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO certificate_batch (`+batchColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)
		ON CONFLICT (district, id) DO UPDATE SET state = excluded.state, wanted = excluded.wanted, seen = excluded.seen, made = excluded.made,
			spot = excluded.spot, ended_at = excluded.ended_at`,
		b.District, b.ID, b.Place, b.From.String(), b.To.String(), b.Remark, string(b.State), b.Total, b.Seen, b.Made, string(spot), b.BegunBy,
		b.BegunAt.UnixMilli(), db.Millis(b.EndedAt))
	return err
}

func getBatch(tx *db.Tx, district int, id string) (Batch, bool, error) {
	return db.One(tx, scanBatch, `SELECT `+batchColumns+` FROM certificate_batch WHERE district = $1 AND id = $2`, district, id)
}

// mostBatches is how many earlier batches a page shows.
const mostBatches = 5

func batchesOf(tx *db.Tx, district int, place string) ([]Batch, error) {
	return db.All(tx, scanBatch, `SELECT `+batchColumns+` FROM certificate_batch WHERE district = $1 AND place = $2
		ORDER BY begun_at DESC, id DESC LIMIT $3`, district, place, mostBatches)
}

func runningBatch(tx *db.Tx, district int, place string) (Batch, bool, error) {
	return db.One(tx, scanBatch, `SELECT `+batchColumns+` FROM certificate_batch WHERE district = $1 AND place = $2 AND state = 'running'
		ORDER BY begun_at DESC LIMIT 1`, district, place)
}
