package notify

import (
	"encoding/json"
	"time"

	"linli/internal/kit/db"
)

const columns = `district, person, event_no, at, msg, args, link, read_at`

// insert keeps a notice; one that is there already stays as it is.
func insert(tx *db.Tx, n Notice) error {
	args, err := json.Marshal(n.Args)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO notice (`+columns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)
		ON CONFLICT (district, person, event_no) DO NOTHING`,
		n.District, n.Person, n.No, n.At.UnixMilli(), n.Msg, string(args), n.Link)
	return err
}

// list gives a person's notices before a number, newest first.
func list(tx *db.Tx, district int, person string, before int64, limit int) ([]Notice, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM notice
		WHERE district = $1 AND person = $2 AND event_no < $3 ORDER BY event_no DESC LIMIT $4`,
		district, person, before, limit)
}

func scan(s db.Scanner) (n Notice, err error) {
	var at int64
	var read *int64
	var args string
	if err = s.Scan(&n.District, &n.Person, &n.No, &at, &n.Msg, &args, &n.Link, &read); err != nil {
		return n, err
	}
	n.At = time.UnixMilli(at).UTC()
	n.ReadAt = db.Moment(read)
	return n, json.Unmarshal([]byte(args), &n.Args)
}

// markRead notes that a person has read the notices from one number to another,
// both included.
func markRead(tx *db.Tx, district int, person string, from, to int64) error {
	_, err := tx.Exec(`UPDATE notice SET read_at = $5
		WHERE district = $1 AND person = $2 AND event_no >= $3 AND event_no <= $4 AND read_at IS NULL`,
		district, person, from, to, tx.Now().UnixMilli())
	return err
}

// unreadMost is as far as unread notices are counted.
const unreadMost = 99

// Unread is how many notices a person has not read, at most 99: the number at the
// menu.
func Unread(tx *db.Tx, district int, person string) (n int, err error) {
	_, err = tx.Get(`SELECT count(*) FROM (SELECT 1 FROM notice
		WHERE district = $1 AND person = $2 AND read_at IS NULL LIMIT $3) AS unread`,
		[]any{district, person, unreadMost}, &n)
	return n, err
}

// forget deletes at most limit notices from before a moment and returns how many
// it were.
func forget(tx *db.Tx, district int, before time.Time, limit int) (int64, error) {
	return tx.Exec(`DELETE FROM notice WHERE district = $1 AND (person, event_no) IN
		(SELECT person, event_no FROM notice WHERE district = $1 AND at < $2 LIMIT $3)`,
		district, before.UnixMilli(), limit)
}
