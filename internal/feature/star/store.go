package star

import (
	"time"

	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/kit/db"
)

func insertTable(tx *db.Tx, district int, t Table, by string) error {
	_, err := tx.Exec(`INSERT INTO star_table (district, place, since, yearly, hours, approvers, workdays, set_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (district, place, since) DO UPDATE SET yearly = excluded.yearly, hours = excluded.hours, approvers = excluded.approvers,
			workdays = excluded.workdays, set_by = excluded.set_by`,
		district, t.Place, t.Since.UnixMilli(), t.Yearly, t.hoursText(), t.approversText(), t.Workdays, by)
	return err
}

// tables lists the versions of a district that held by a moment, oldest first.
func tables(tx *db.Tx, district int, by time.Time) ([]Table, error) {
	return db.All(tx, func(s db.Scanner) (t Table, err error) {
		var since int64
		var hours, approvers string
		err = s.Scan(&t.Place, &since, &t.Yearly, &hours, &approvers, &t.Workdays)
		t.Since = time.UnixMilli(since).UTC()
		t.read(hours, approvers)
		return t, err
	}, `SELECT place, since, yearly, hours, approvers, workdays FROM star_table WHERE district = $1 AND since <= $2 ORDER BY since, place`,
		district, by.UnixMilli())
}

const caseColumns = `district, id, version, volunteer, community, star, year, minutes, level, workdays, state, made_at, approved_by,
	coalesce(approved_at, 0), coalesce(notice_ends, 0), coalesce(ended_at, 0), answer`

func scanCase(s db.Scanner) (c Case, err error) {
	var made, approved, ends, ended int64
	err = s.Scan(&c.District, &c.ID, &c.Version, &c.Volunteer, &c.Community, &c.Star, &c.Year, &c.Minutes, &c.Level, &c.Workdays, &c.State, &made,
		&c.ApprovedBy, &approved, &ends, &ended, &c.Answer)
	c.MadeAt, c.ApprovedAt, c.NoticeEnds, c.EndedAt = moment(made), moment(approved), moment(ends), moment(ended)
	return c, err
}

func moment(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func orNull(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMilli()
}

// insertCase proposes, unless the same star was proposed before.
func insertCase(tx *db.Tx, c Case) (bool, error) {
	n, err := tx.Exec(`INSERT INTO star_case (district, id, version, volunteer, community, star, year, minutes, level, workdays, state, made_at, approved_by, answer)
		VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', '') ON CONFLICT (district, volunteer, year, star) DO NOTHING`,
		c.District, c.ID, c.Volunteer, c.Community, c.Star, c.Year, c.Minutes, string(c.Level), c.Workdays, string(c.State), c.MadeAt.UnixMilli())
	return n == 1, err
}

// saveCase writes a case if nobody else has changed it.
func saveCase(tx *db.Tx, c *Case, to process.State) (bool, error) {
	n, err := tx.Exec(`UPDATE star_case SET version = version + 1, state = $5, approved_by = $6, approved_at = $7, notice_ends = $8, ended_at = $9, answer = $10
		WHERE district = $1 AND id = $2 AND version = $3 AND state = $4`,
		c.District, c.ID, c.Version, string(c.State), string(to), c.ApprovedBy, orNull(c.ApprovedAt), orNull(c.NoticeEnds), orNull(c.EndedAt), c.Answer)
	c.Version, c.State = c.Version+1, to
	return n == 1, err
}

func readCase(tx *db.Tx, district int, id string) (Case, bool, error) {
	return db.One(tx, scanCase, `SELECT `+caseColumns+` FROM star_case WHERE district = $1 AND id = $2`, district, id)
}

// casesIn lists the cases of some communities, those that wait first.
func casesIn(tx *db.Tx, district int, communities []string, limit int) ([]Case, error) {
	return db.All(tx, scanCase, `SELECT `+caseColumns+` FROM star_case WHERE district = $1 AND community IN (`+db.Places(3, len(communities))+`)
		ORDER BY CASE state WHEN 'proposed' THEN 0 WHEN 'notice' THEN 1 ELSE 2 END, id DESC LIMIT $2`, binds([]any{district, limit}, communities)...)
}

// casesOf lists the stars of somebody, the highest first.
func casesOf(tx *db.Tx, district int, volunteer string) ([]Case, error) {
	return db.All(tx, scanCase, `SELECT `+caseColumns+` FROM star_case WHERE district = $1 AND volunteer = $2 ORDER BY star DESC, year DESC`, district, volunteer)
}

// ripe lists the cases whose notice is over.
func ripe(tx *db.Tx, district, limit int, after string) ([]Case, error) {
	return db.All(tx, scanCase, `SELECT `+caseColumns+` FROM star_case WHERE district = $1 AND state = 'notice' AND notice_ends <= $2 AND id > $4
		ORDER BY id LIMIT $3`, district, tx.Now().UnixMilli(), limit, after)
}

const objectionColumns = `district, id, subject, person, words, at, due_at, decided_at IS NOT NULL, coalesce(upheld, FALSE), answer`

func scanObjection(s db.Scanner) (o Objection, err error) {
	var at, due int64
	err = s.Scan(&o.District, &o.ID, &o.Subject, &o.Person, &o.Words, &at, &due, &o.Decided, &o.Upheld, &o.Answer)
	o.At, o.Due = moment(at), moment(due)
	return o, err
}

func insertObjection(tx *db.Tx, o Objection) (bool, error) {
	n, err := tx.Exec(`INSERT INTO star_objection (district, id, subject, person, words, at, due_at, answer, decided_by) VALUES ($1, $2, $3, $4, $5, $6, $7, '', '')
		ON CONFLICT (district, subject, person) DO NOTHING`, o.District, o.ID, o.Subject, o.Person, o.Words, o.At.UnixMilli(), o.Due.UnixMilli())
	return n == 1, err
}

func objectionsTo(tx *db.Tx, district int, subject string) ([]Objection, error) {
	return db.All(tx, scanObjection, `SELECT `+objectionColumns+` FROM star_objection WHERE district = $1 AND subject = $2 ORDER BY at, id`, district, subject)
}

func readObjection(tx *db.Tx, district int, id string) (Objection, bool, error) {
	return db.One(tx, scanObjection, `SELECT `+objectionColumns+` FROM star_objection WHERE district = $1 AND id = $2`, district, id)
}

func decideObjection(tx *db.Tx, o Objection, by string) (bool, error) {
	n, err := tx.Exec(`UPDATE star_objection SET upheld = $3, answer = $4, decided_by = $5, decided_at = $6 WHERE district = $1 AND id = $2 AND decided_at IS NULL`,
		o.District, o.ID, o.Upheld, o.Answer, by, tx.Now().UnixMilli())
	return n == 1, err
}

const roundColumns = `district, id, version, place, kind, year, seats, state, nominate_to, vote_to, coalesce(notice_ends, 0), coalesce(ended_at, 0)`

func scanRound(s db.Scanner) (r Round, err error) {
	var nominate, vote string
	var ends, ended int64
	if err = s.Scan(&r.District, &r.ID, &r.Version, &r.Place, &r.Kind, &r.Year, &r.Seats, &r.State, &nominate, &vote, &ends, &ended); err != nil {
		return r, err
	}
	r.NoticeEnds, r.EndedAt = moment(ends), moment(ended)
	if err = r.NominateTo.UnmarshalText([]byte(nominate)); err == nil {
		err = r.VoteTo.UnmarshalText([]byte(vote))
	}
	return r, err
}

func insertRound(tx *db.Tx, r Round) (bool, error) {
	n, err := tx.Exec(`INSERT INTO honour_round (district, id, version, place, kind, year, seats, state, opened_at, nominate_to, vote_to)
		VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (district, place, kind, year) DO NOTHING`,
		r.District, r.ID, r.Place, string(r.Kind), r.Year, r.Seats, string(r.State), tx.Now().UnixMilli(), r.NominateTo.String(), r.VoteTo.String())
	return n == 1, err
}

func saveRound(tx *db.Tx, r *Round, to process.State) (bool, error) {
	n, err := tx.Exec(`UPDATE honour_round SET version = version + 1, state = $5, notice_ends = $6, ended_at = $7 WHERE district = $1 AND id = $2 AND version = $3 AND state = $4`,
		r.District, r.ID, r.Version, string(r.State), string(to), orNull(r.NoticeEnds), orNull(r.EndedAt))
	r.Version, r.State = r.Version+1, to
	return n == 1, err
}

func readRound(tx *db.Tx, district int, id string) (Round, bool, error) {
	return db.One(tx, scanRound, `SELECT `+roundColumns+` FROM honour_round WHERE district = $1 AND id = $2`, district, id)
}

// roundsAt lists the rounds of some places, the newest first.
func roundsAt(tx *db.Tx, district int, places []string) ([]Round, error) {
	return db.All(tx, scanRound, `SELECT `+roundColumns+` FROM honour_round WHERE district = $1 AND place IN (`+db.Places(2, len(places))+`) ORDER BY year DESC, id DESC LIMIT 50`, binds([]any{district}, places)...)
}

// openRounds lists the rounds of a district that wait for a day.
func openRounds(tx *db.Tx, district int) ([]Round, error) {
	return db.All(tx, scanRound, `SELECT `+roundColumns+` FROM honour_round WHERE district = $1 AND state IN ('nominating', 'voting', 'notice') ORDER BY state, id LIMIT 500`, district)
}

func insertNominee(tx *db.Tx, n Nominee) (bool, error) {
	rows, err := tx.Exec(`INSERT INTO honour_nominee (district, id, round, volunteer, words, nominated_by, at, votes, won) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, FALSE)
		ON CONFLICT (district, round, volunteer) DO NOTHING`, n.District, n.ID, n.Round, n.Volunteer, n.Words, n.NominatedBy, tx.Now().UnixMilli())
	return rows == 1, err
}

// nominees lists who was put forward, with the votes as they stand now.
func nominees(tx *db.Tx, district int, round string) ([]Nominee, error) {
	return db.All(tx, func(s db.Scanner) (n Nominee, err error) {
		return n, s.Scan(&n.District, &n.ID, &n.Round, &n.Volunteer, &n.Words, &n.NominatedBy, &n.Won, &n.Votes)
	}, `SELECT n.district, n.id, n.round, n.volunteer, n.words, n.nominated_by, n.won, count(v.person) AS votes
		FROM honour_nominee n LEFT JOIN honour_vote v ON v.district = n.district AND v.round = n.round AND v.nominee = n.id
		WHERE n.district = $1 AND n.round = $2 GROUP BY n.district, n.id, n.round, n.volunteer, n.words, n.nominated_by, n.won ORDER BY votes DESC, n.id`, district, round)
}

func countNominee(tx *db.Tx, n Nominee) error {
	_, err := tx.Exec(`UPDATE honour_nominee SET votes = $3, won = $4 WHERE district = $1 AND id = $2`, n.District, n.ID, n.Votes, n.Won)
	return err
}

// castVote gives a person's one vote, or moves it.
func castVote(tx *db.Tx, r Round, person, nominee string) error {
	_, err := tx.Exec(`INSERT INTO honour_vote (district, round, person, nominee, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (district, round, person) DO UPDATE SET nominee = excluded.nominee, at = excluded.at`, r.District, r.ID, person, nominee, tx.Now().UnixMilli())
	return err
}

func voteOf(tx *db.Tx, district int, round, person string) (nominee string, err error) {
	_, err = tx.Get(`SELECT nominee FROM honour_vote WHERE district = $1 AND round = $2 AND person = $3`, []any{district, round, person}, &nominee)
	return nominee, err
}

// givenTo lists the stars that some have, of all time or of a year and later, the
// highest of each last.
func givenTo(tx *db.Tx, district, since int, volunteers []string) ([]Case, error) {
	return db.All(tx, scanCase, `SELECT `+caseColumns+` FROM star_case
		WHERE district = $1 AND state = 'given' AND (year = 0 OR year >= $2) AND volunteer IN (`+db.Places(3, len(volunteers))+`)
		ORDER BY volunteer, star, year`, binds([]any{district, since}, volunteers)...)
}

// honourOf is whose honour it is.
type honourOf struct {
	volunteer string
	Honour
}

// honoursOf lists what some were given, the newest first.
func honoursOf(tx *db.Tx, district int, volunteers []string) ([]honourOf, error) {
	return db.All(tx, func(s db.Scanner) (h honourOf, err error) { return h, s.Scan(&h.volunteer, &h.Kind, &h.Year) },
		`SELECT n.volunteer, r.kind, r.year FROM honour_nominee n JOIN honour_round r ON r.district = n.district AND r.id = n.round
		WHERE n.district = $1 AND n.won AND r.state = 'given' AND n.volunteer IN (`+db.Places(2, len(volunteers))+`)
		ORDER BY r.year DESC, r.kind`, binds([]any{district}, volunteers)...)
}

func binds(args []any, more []string) []any {
	for _, m := range more {
		args = append(args, m)
	}
	return args
}

// nearest is the newest version of the nearest place on a path.
func nearest(all []Table, ids []string) Table {
	best, at := Default(), -1
	for _, t := range all {
		for i, id := range ids {
			if t.Place == id && i >= at {
				best, at = t, i
			}
		}
	}
	return best
}

// holds says whether a place of this level is high enough for an approver.
func holds(has, needs place.Level) bool {
	levels := place.Levels()
	index := func(l place.Level) int {
		for i, x := range levels {
			if x == l {
				return i
			}
		}
		return len(levels)
	}
	return index(has) <= index(needs)
}
