package dispatch

import (
	"cmp"
	"encoding/json"
	"fmt"
	"time"

	"linli/internal/kit/db"
	"linli/match"
)

const draftColumns = `district, id, place, state, version, made_by, made_at, solved_at, ended_by, ended_at, body`

func scanDraft(s db.Scanner) (d Draft, err error) {
	var made, solved int64
	var ended *int64
	var body string
	err = s.Scan(&d.District, &d.ID, &d.Place, &d.State, &d.Version, &d.MadeBy, &made, &solved, &d.EndedBy, &ended, &body)
	if err != nil {
		return d, err
	}
	d.MadeAt, d.SolvedAt = time.UnixMilli(made).UTC(), time.UnixMilli(solved).UTC()
	d.EndedAt = db.Moment(ended)
	if err := json.Unmarshal([]byte(body), &d.Body); err != nil {
		return d, fmt.Errorf("draft %s: %w", d.ID, err)
	}
	for i := range d.Visits { // written before teams were planned
		v := &d.Visits[i]
		v.Kind, v.People = cmp.Or(v.Kind, match.Volunteer), max(v.People, 1)
	}
	return d, nil
}

// readDraft loads a draft with its choices.
func readDraft(tx *db.Tx, district int, id string) (d Draft, found bool, err error) {
	d, found, err = db.One(tx, scanDraft, `SELECT `+draftColumns+` FROM plan_draft WHERE district = $1 AND id = $2`, district, id)
	return withChoices(tx, d, found, err)
}

// openDraft is the one that is open for a place.
func openDraft(tx *db.Tx, district int, place string) (d Draft, found bool, err error) {
	d, found, err = db.One(tx, scanDraft, `SELECT `+draftColumns+` FROM plan_draft
		WHERE district = $1 AND place = $2 AND state = 'open'`, district, place)
	return withChoices(tx, d, found, err)
}

// draftsOf lists the drafts of a place, the newest first, without their choices.
func draftsOf(tx *db.Tx, district int, place string, most int) ([]Draft, error) {
	return db.All(tx, scanDraft, `SELECT `+draftColumns+` FROM plan_draft
		WHERE district = $1 AND place = $2 ORDER BY made_at DESC, id DESC LIMIT $3`, district, place, most)
}

func withChoices(tx *db.Tx, d Draft, found bool, err error) (Draft, bool, error) {
	if err != nil || !found {
		return d, found, err
	}
	d.Choices, err = db.All(tx, scanChoice, `SELECT order_id, volunteer, keep, visit_from, visit_to FROM plan_choice
		WHERE district = $1 AND draft = $2 ORDER BY order_id, volunteer`, d.District, d.ID)
	return d, true, err
}

func scanChoice(s db.Scanner) (c Choice, err error) {
	var from, to *int64
	err = s.Scan(&c.Order, &c.Volunteer, &c.Keep, &from, &to)
	c.From, c.To = db.Moment(from), db.Moment(to)
	return c, err
}

// insertDraft writes a new draft, unless one is open for its place already.
func insertDraft(tx *db.Tx, d Draft) (made bool, err error) {
	body, err := json.Marshal(d.Body)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`INSERT INTO plan_draft (`+draftColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', NULL, $9)
		ON CONFLICT (district, place) WHERE state = 'open' DO NOTHING`,
		d.District, d.ID, d.Place, string(d.State), d.Version, d.MadeBy, d.MadeAt.UnixMilli(), d.SolvedAt.UnixMilli(), string(body))
	return n == 1, err
}

// saveDraft writes what was solved anew, if nobody else was first.
func saveDraft(tx *db.Tx, d *Draft) (saved bool, err error) {
	body, err := json.Marshal(d.Body)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(`UPDATE plan_draft SET version = version + 1, solved_at = $4, body = $5
		WHERE district = $1 AND id = $2 AND version = $3 AND state = 'open'`,
		d.District, d.ID, d.Version, d.SolvedAt.UnixMilli(), string(body))
	if err != nil || n == 0 {
		return false, err
	}
	d.Version++
	return true, nil
}

// endDraft closes a draft that is open and as it was seen.
func endDraft(tx *db.Tx, d *Draft) (ended bool, err error) {
	n, err := tx.Exec(`UPDATE plan_draft SET version = version + 1, state = $4, ended_by = $5, ended_at = $6
		WHERE district = $1 AND id = $2 AND version = $3 AND state = 'open'`,
		d.District, d.ID, d.Version, string(d.State), d.EndedBy, d.EndedAt.UnixMilli())
	if err != nil || n == 0 {
		return false, err
	}
	d.Version++
	return true, nil
}

// noteOutcome keeps what was sent of a confirmed draft.
func noteOutcome(tx *db.Tx, d *Draft) error {
	body, err := json.Marshal(d.Body)
	if err == nil {
		_, err = tx.Exec(`UPDATE plan_draft SET body = $3 WHERE district = $1 AND id = $2`, d.District, d.ID, string(body))
	}
	return err
}

// putChoices replaces the choices of a draft.
func putChoices(tx *db.Tx, d *Draft, by string) error {
	if _, err := tx.Exec(`DELETE FROM plan_choice WHERE district = $1 AND draft = $2`, d.District, d.ID); err != nil {
		return err
	}
	for _, c := range d.Choices {
		_, err := tx.Exec(`INSERT INTO plan_choice (district, draft, order_id, volunteer, keep, visit_from, visit_to, chosen_by, chosen_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			d.District, d.ID, c.Order, c.Volunteer, c.Keep, db.Millis(c.From), db.Millis(c.To), by, tx.Now().UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

// Recruitment is a place's asking in public for people who are missing.
type Recruitment struct {
	District int
	ID       string
	Place    string
	Category string
	Part     string // of the week, a message id
	People   int
	MadeBy   string
	MadeAt   time.Time
	Closed   bool
}

const recruitmentColumns = `district, id, place, category, part, people, made_by, made_at, closed_at`

func scanRecruitment(s db.Scanner) (n Recruitment, err error) {
	var made int64
	var closed *int64
	err = s.Scan(&n.District, &n.ID, &n.Place, &n.Category, &n.Part, &n.People, &n.MadeBy, &made, &closed)
	n.MadeAt, n.Closed = time.UnixMilli(made).UTC(), closed != nil
	return n, err
}

// insertRecruitment writes one, unless the place asks for the same already.
func insertRecruitment(tx *db.Tx, n Recruitment) (made bool, err error) {
	rows, err := tx.Exec(`INSERT INTO recruitment (district, id, place, category, part, people, made_by, made_at, closed_by, closed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', NULL)
		ON CONFLICT (district, place, category, part) WHERE closed_at IS NULL DO NOTHING`,
		n.District, n.ID, n.Place, n.Category, n.Part, n.People, n.MadeBy, n.MadeAt.UnixMilli())
	return rows == 1, err
}

func readRecruitment(tx *db.Tx, district int, id string) (Recruitment, bool, error) {
	return db.One(tx, scanRecruitment, `SELECT `+recruitmentColumns+` FROM recruitment WHERE district = $1 AND id = $2`, district, id)
}

// recruitmentsAt lists what a community asks for, the newest first.
func recruitmentsAt(tx *db.Tx, district int, community string, most int) ([]Recruitment, error) {
	return db.All(tx, scanRecruitment, `SELECT `+recruitmentColumns+` FROM recruitment
		WHERE district = $1 AND place = $2 AND closed_at IS NULL ORDER BY made_at DESC, id LIMIT $3`, district, community, most)
}

func endRecruitment(tx *db.Tx, n Recruitment, by string) (ended bool, err error) {
	rows, err := tx.Exec(`UPDATE recruitment SET closed_at = $3, closed_by = $4 WHERE district = $1 AND id = $2 AND closed_at IS NULL`,
		n.District, n.ID, tx.Now().UnixMilli(), by)
	return rows == 1, err
}
