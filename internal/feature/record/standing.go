package record

import (
	"strings"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/kit/db"
)

// Standing is what has become of a row.
type Standing string

// Where a row stands.
const (
	Counts    Standing = "counted"   // its notice is over, and nothing holds it
	InNotice  Standing = "notice"    // until its counts_at
	Held      Standing = "held"      // somebody objected, or something looks wrong
	Corrected Standing = "corrected" // another row stands for it
	Withdrawn Standing = "withdrawn"
)

// Label is the word on the page; it is also the id of its translation.
func (s Standing) Label() string {
	switch s {
	case Counts:
		return "已计入"
	case InNotice:
		return "公示中"
	case Held:
		return "先不算，有人在核实"
	case Corrected:
		return "已更正，看新的那条"
	case Withdrawn:
		return "已作废"
	}
	return string(s)
}

// standing is what has become of some rows of one volunteer, by id.
func standing(tx *db.Tx, items []Record) (map[string]Standing, error) {
	out := map[string]Standing{}
	if len(items) == 0 {
		return out, nil
	}
	args := []any{items[0].District}
	for _, r := range items {
		args = append(args, r.ID)
		out[r.ID] = atRest(r, tx.Now())
	}
	ids := db.Places(2, len(items))
	held, err := db.All(tx, func(s db.Scanner) (id string, err error) { return id, s.Scan(&id) },
		`SELECT record FROM record_hold WHERE district = $1 AND record IN (`+ids+`) AND ended_at IS NULL`, args...)
	if err != nil {
		return nil, err
	}
	for _, id := range held {
		out[id] = Held
	}
	next, err := db.All(tx, scan, `SELECT `+columns+` FROM service_record WHERE district = $1 AND replaces IN (`+ids+`) AND replaces <> ''`, args...)
	for _, r := range next {
		out[r.Replaces] = Corrected
		if r.Withdraws() {
			out[r.Replaces] = Withdrawn
		}
	}
	return out, err
}

// atRest is where a row stands that nobody has touched.
func atRest(r Record, now time.Time) Standing {
	if r.CountsAt.After(now) {
		return InNotice
	}
	return Counts
}

// Notice is a page of the rows of a community that are in public notice, those first
// whose notice ends first.
type Notice struct {
	Items    []Record
	Standing map[string]Standing
	More     bool
}

// InNoticeAt lists rows in public notice after a position: the moment at which one
// ends and its id; zero and empty for the first.
func InNoticeAt(tx *db.Tx, district int, community string, after Cursor, limit int) (n Notice, err error) {
	from := max(after.At, tx.Now().UnixMilli()+1)
	n.Items, err = db.All(tx, scan, `SELECT `+columns+` FROM service_record r
		WHERE r.district = $1 AND r.community = $2 AND r.counts_at >= $3 AND (r.counts_at > $3 OR r.id > $4) AND `+stands+`
		ORDER BY r.counts_at, r.id LIMIT $5`, district, community, from, after.ID, limit+1)
	if err != nil {
		return n, err
	}
	if len(n.Items) > limit {
		n.Items, n.More = n.Items[:limit], true
	}
	n.Standing, err = standing(tx, n.Items)
	return n, err
}

// EnteredIn gives every row of a community that was entered in a span of time, by id,
// with what the spot check asks of it; the end is excluded.
func EnteredIn(tx *db.Tx, district int, community string, from, to time.Time) ([]Record, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM service_record
		WHERE district = $1 AND community = $2 AND entered_at >= $3 AND entered_at < $4 ORDER BY id`,
		district, community, from.UnixMilli(), to.UnixMilli())
}

// Around lists the rows of the same person that stand and begin from the day before a
// row to the day after it, in the order of time.
func Around(tx *db.Tx, r Record) ([]Record, error) {
	day := r.Day()
	return db.All(tx, scan, `SELECT `+columns+` FROM service_record r
		WHERE r.district = $1 AND r.volunteer = $2 AND r.started_at >= $3 AND r.started_at < $4 AND `+stands+` ORDER BY r.started_at, r.id`,
		r.District, r.Volunteer, day.Add(-1).Start().UnixMilli(), day.Add(1).End().UnixMilli())
}

// TeamMinutes adds up what a team served in a community in the week of a Monday, and
// in the weeks before it.
func TeamMinutes(tx *db.Tx, district int, community, team string, monday calendar.Day, weeks int) (now, before int64, err error) {
	start := monday.Start().UnixMilli()
	_, err = tx.Get(`SELECT coalesce(sum(CASE WHEN r.started_at >= $4 THEN r.minutes ELSE 0 END), 0),
			coalesce(sum(CASE WHEN r.started_at < $4 THEN r.minutes ELSE 0 END), 0) FROM service_record r
		WHERE r.district = $1 AND r.community = $2 AND r.organiser = $3 AND r.started_at >= $5 AND r.started_at < $6 AND `+stands,
		[]any{district, community, team, start, monday.Add(-7 * weeks).Start().UnixMilli(), monday.Add(7).Start().UnixMilli()}, &now, &before)
	return now, before, err
}

// Teams lists the organisers of the rows of a community that stand in a period; the
// community itself may be one of them.
func Teams(tx *db.Tx, district int, community string, in Period) ([]string, error) {
	return db.All(tx, func(s db.Scanner) (id string, err error) { return id, s.Scan(&id) }, `SELECT DISTINCT r.organiser FROM service_record r
		WHERE r.district = $1 AND r.community = $2 AND r.started_at >= $3 AND r.started_at < $4 AND `+stands+` ORDER BY r.organiser`,
		district, community, in.since(), in.until())
}

// Superseded says whether another row stands in the place of this one.
func Superseded(tx *db.Tx, r Record) (bool, error) {
	state, err := standing(tx, []Record{r})
	return state[r.ID] == Corrected || state[r.ID] == Withdrawn, err
}

// Approver is who put a row into the record that was entered by hand; empty for
// others.
func Approver(tx *db.Tx, r Record) (who string, err error) {
	if r.Kind != FromHand {
		return "", nil
	}
	_, err = tx.Get(`SELECT decided_by FROM manual_entry WHERE district = $1 AND state = 'approved' AND (id = $2 OR replaces = $3 AND replaces <> '')`,
		[]any{r.District, strings.TrimPrefix(r.Source, "manual:"), r.Replaces}, &who)
	return who, err
}
