package roster

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/kit/db"
)

const columns = `district, id, place, name, state, row_no, rows_read, rows_all, added, changed, same, bad, taken, leave_out,
	problem, sent_by, sent_at, ended_at`

func scan(s db.Scanner) (f File, err error) {
	var sent int64
	var ended *int64
	var problem string
	c := &f.Counts
	err = s.Scan(&f.District, &f.ID, &f.Place, &f.Name, &f.State, &f.Row, &f.Read, &f.All, &c.New, &c.Changed, &c.Same, &c.Bad,
		&f.Taken, &f.LeaveOut, &problem, &f.SentBy, &sent, &ended)
	if err != nil {
		return f, err
	}
	f.SentAt = time.UnixMilli(sent).In(calendar.Zone())
	f.EndedAt = db.Moment(ended)
	if problem != "" {
		all, err := decode(problem)
		f.Problem = all[0]
		return f, err
	}
	return f, nil
}

func insert(tx *db.Tx, f File, content []byte) error {
	_, err := tx.Exec(`INSERT INTO roster_file (district, id, place, name, bytes, state, row_no, rows_read, rows_all,
		added, changed, same, bad, taken, leave_out, problem, sent_by, sent_at, ended_at)
		VALUES ($1, $2, $3, $4, $5, $6, 0, 0, 0, 0, 0, 0, 0, 0, FALSE, '', $7, $8, NULL)`,
		f.District, f.ID, f.Place, f.Name, content, string(f.State), f.SentBy, f.SentAt.UnixMilli())
	return err
}

func find(tx *db.Tx, district int, id string) (File, bool, error) {
	return db.One(tx, scan, `SELECT `+columns+` FROM roster_file WHERE district = $1 AND id = $2`, district, id)
}

func content(tx *db.Tx, district int, id string) (data []byte, err error) {
	_, err = tx.Get(`SELECT bytes FROM roster_file WHERE district = $1 AND id = $2`, []any{district, id}, &data)
	return data, err
}

// recent lists the latest rosters of a district, newest first.
func recent(tx *db.Tx, district, limit int) ([]File, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM roster_file
		WHERE district = $1 ORDER BY sent_at DESC, id DESC LIMIT $2`, district, limit)
}

// advance writes how far a file has come, unless somebody else has moved it since
// it was read; the result is false then.
func advance(tx *db.Tx, was, f File) (bool, error) {
	problem := ""
	if f.Problem.Msg != "" {
		problem = encode([]Remark{f.Problem})
	}
	c := f.Counts
	n, err := tx.Exec(`UPDATE roster_file SET state = $5, row_no = $6, rows_read = $7, rows_all = $8, added = $9, changed = $10,
		same = $11, bad = $12, taken = $13, leave_out = $14, problem = $15, ended_at = $16
		WHERE district = $1 AND id = $2 AND state = $3 AND row_no = $4`,
		f.District, f.ID, string(was.State), was.Row, string(f.State), f.Row, f.Read, f.All, c.New, c.Changed, c.Same, c.Bad,
		f.Taken, f.LeaveOut, problem, db.Millis(f.EndedAt))
	return n > 0, err
}

// note keeps what is to be said of a row; a later finding takes its place.
func note(tx *db.Tx, f File, found Finding) error {
	_, err := tx.Exec(`INSERT INTO roster_remark (district, file, row_no, verdict, remarks) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (district, file, row_no) DO UPDATE SET verdict = excluded.verdict, remarks = excluded.remarks`,
		f.District, f.ID, found.Row, string(found.Verdict), encode(found.Remarks))
	return err
}

// findings lists what is to be said of the rows after one, those of one verdict or
// of all.
func findings(tx *db.Tx, f File, verdict Verdict, after, limit int) ([]Finding, error) {
	return db.All(tx, func(s db.Scanner) (n Finding, err error) {
		var text string
		if err = s.Scan(&n.Row, &n.Verdict, &text); err != nil {
			return n, err
		}
		n.Remarks, err = decode(text)
		return n, err
	}, `SELECT row_no, verdict, remarks FROM roster_remark
		WHERE district = $1 AND file = $2 AND row_no > $3 AND ($4 = '' OR verdict = $4) ORDER BY row_no LIMIT $5`,
		f.District, f.ID, after, string(verdict), limit)
}

// forget deletes files that were sent before a moment: a list of people is not
// kept for longer than it is worked on.
func forget(tx *db.Tx, district int, before time.Time) error {
	if _, err := tx.Exec(`DELETE FROM roster_remark WHERE district = $1 AND file IN
		(SELECT id FROM roster_file WHERE district = $1 AND sent_at < $2)`, district, before.UnixMilli()); err != nil {
		return err
	}
	_, err := tx.Exec(`DELETE FROM roster_file WHERE district = $1 AND sent_at < $2`, district, before.UnixMilli())
	return err
}

// stored is a remark in the database.
type stored struct {
	Heading string `json:"h,omitempty"`
	Msg     string `json:"m"`
	Args    []any  `json:"a,omitempty"`
}

func encode(remarks []Remark) string {
	all := make([]stored, len(remarks))
	for i, r := range remarks {
		all[i] = stored(r)
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(all); err != nil {
		panic("roster: a remark cannot be written: " + err.Error()) // its arguments are texts and numbers
	}
	return b.String()
}

// decode reads remarks back; whole numbers come back as int64, for the verbs.
func decode(text string) ([]Remark, error) {
	var all []stored
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	if err := d.Decode(&all); err != nil {
		return []Remark{{}}, err
	}
	out := make([]Remark, len(all))
	for i, s := range all {
		for j, a := range s.Args {
			if n, ok := a.(json.Number); ok {
				s.Args[j], _ = strconv.ParseInt(string(n), 10, 64)
			}
		}
		out[i] = Remark(s)
	}
	return out, nil
}
