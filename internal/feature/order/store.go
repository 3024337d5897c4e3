package order

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/core/process"
	"linli/internal/kit/db"
)

const orderColumns = `district, id, number, version, state, category, title, words, urgency, risk, flags, needs_check,
	community, place, place_path, address, phone, lat, lng, for_person, requester, acting, source,
	window_from, window_to, people_needed, taken, wave, returns, code_secret, code_failures,
	satisfaction, solved, note, in_time, due_at, late, escalated, created_at, dispatched_at, accepted_at, started_at, finished_at, closed_at`

func scanOrder(s db.Scanner) (*Order, error) {
	var o Order
	var flags string
	var lat, lng *float64
	var from, to, due, dispatched, accepted, started, finished, closed *int64
	var created int64
	err := s.Scan(&o.District, &o.ID, &o.Number, &o.Version, &o.State, &o.Category, &o.Title, &o.Words, &o.Urgency, &o.Risk, &flags, &o.NeedsCheck,
		&o.Community, &o.Place, &o.PlacePath, &o.Address, &o.Phone, &lat, &lng, &o.For, &o.Requester, &o.Acting, &o.Source,
		&from, &to, &o.PeopleNeeded, &o.Taken, &o.Wave, &o.Returns, &o.CodeSecret, &o.CodeFailures,
		&o.Satisfaction, &o.Solved, &o.Note, &o.InTime, &due, &o.Late, &o.Escalated, &created, &dispatched, &accepted, &started, &finished, &closed)
	if err != nil {
		return nil, err
	}
	o.was = o.counted()
	o.Flags = splitList(flags)
	if lat != nil && lng != nil {
		o.At = &Position{*lat, *lng}
	}
	o.From, o.To, o.DueAt, o.CreatedAt = db.Moment(from), db.Moment(to), db.Moment(due), time.UnixMilli(created).UTC()
	o.DispatchedAt, o.AcceptedAt, o.StartedAt = db.Moment(dispatched), db.Moment(accepted), db.Moment(started)
	o.FinishedAt, o.ClosedAt = db.Moment(finished), db.Moment(closed)
	return &o, nil
}

// moment and millis keep "no time" as NULL in the row and as the zero time here.
func insertOrder(tx *db.Tx, o *Order) error {
	var lat, lng any
	if o.At != nil {
		lat, lng = o.At.Lat, o.At.Lng
	}
	_, err := tx.Exec(`INSERT INTO service_order (`+orderColumns+`) VALUES
		($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32,$33,$34,$35,$36,$37,$38,$39,$40,$41,$42,$43,$44)`,
		o.District, o.ID, o.Number, o.Version, string(o.State), o.Category, o.Title, o.Words, o.Urgency, o.Risk, strings.Join(o.Flags, ","), o.NeedsCheck,
		o.Community, o.Place, o.PlacePath, o.Address, o.Phone, lat, lng, o.For, o.Requester, string(o.Acting), o.Source,
		db.Millis(o.From), db.Millis(o.To), o.PeopleNeeded, o.Taken, o.Wave, o.Returns, o.CodeSecret, o.CodeFailures,
		string(o.Satisfaction), string(o.Solved), o.Note, o.InTime, db.Millis(o.DueAt), o.Late, o.Escalated, o.CreatedAt.UnixMilli(),
		db.Millis(o.DispatchedAt), db.Millis(o.AcceptedAt), db.Millis(o.StartedAt), db.Millis(o.FinishedAt), db.Millis(o.ClosedAt))
	if err == nil {
		count(tx, o)
	}
	return err
}

// read loads an order as it is committed.
func read(tx *db.Tx, district int, id string) (*Order, bool, error) {
	return db.One(tx, scanOrder, `SELECT `+orderColumns+` FROM service_order WHERE district = $1 AND id = $2`, district, id)
}

// Find loads an order for whoever only asks where it stands.
func Find(tx *db.Tx, district int, id string) (*Order, bool, error) { return read(tx, district, id) }

// lock loads an order for a step. Raising the version takes the row's lock first,
// so that on PostgreSQL too the steps of one order follow each other and exactly
// as many volunteers win as are needed.
func lock(tx *db.Tx, district int, id string) (*Order, bool, error) {
	return db.One(tx, scanOrder, `UPDATE service_order SET version = version + 1
		WHERE district = $1 AND id = $2 RETURNING `+orderColumns, district, id)
}

// save writes what steps change, if nobody else was first.
func save(tx *db.Tx, o *Order, to process.State) (bool, error) {
	n, err := tx.Exec(`UPDATE service_order SET version = version + 1, state = $4, needs_check = $5, people_needed = $6,
		taken = $7, wave = $8, returns = $9, code_failures = $10, satisfaction = $11, solved = $12, note = $13,
		due_at = $14, late = $15, dispatched_at = $16, accepted_at = $17, started_at = $18, finished_at = $19, closed_at = $20, in_time = $21, escalated = $22
		WHERE district = $1 AND id = $2 AND version = $3`,
		o.District, o.ID, o.Version, string(to), o.NeedsCheck, o.PeopleNeeded,
		o.Taken, o.Wave, o.Returns, o.CodeFailures, string(o.Satisfaction), string(o.Solved), o.Note,
		db.Millis(o.DueAt), o.Late, db.Millis(o.DispatchedAt), db.Millis(o.AcceptedAt), db.Millis(o.StartedAt), db.Millis(o.FinishedAt), db.Millis(o.ClosedAt), o.InTime, o.Escalated)
	if err != nil || n == 0 {
		return false, err
	}
	o.State = to
	o.Version++
	count(tx, o)
	return true, nil
}

// nextNumber takes the next serial of the district's day: "261121-017".
func nextNumber(tx *db.Tx, district int, day string) (string, error) {
	var last int
	_, err := tx.Get(`INSERT INTO order_serial (district, day, last) VALUES ($1, $2, 1)
		ON CONFLICT (district, day) DO UPDATE SET last = order_serial.last + 1 RETURNING last`,
		[]any{district, day}, &last)
	return fmt.Sprintf("%s-%03d", day, last), err
}

// hasOpenTwin says whether the household already waits for the same service.
func hasOpenTwin(tx *db.Tx, o *Order, persons []string) (number string, found bool, err error) {
	args := []any{o.District, o.Category, o.ID}
	for _, p := range persons {
		args = append(args, p)
	}
	found, err = tx.Get(`SELECT number FROM service_order WHERE district = $1 AND category = $2 AND id <> $3
		AND state IN ('requested', 'verified', 'dispatched', 'accepted', 'serving', 'returned')
		AND for_person IN (`+db.Places(4, len(persons))+`) ORDER BY created_at DESC LIMIT 1`, args, &number)
	return number, found, err
}

func countOrdersFor(tx *db.Tx, district int, person string) (n int, err error) {
	_, err = tx.Get(`SELECT count(*) FROM (SELECT 1 FROM service_order WHERE district = $1 AND for_person = $2 LIMIT 1) AS any_order`,
		[]any{district, person}, &n)
	return n, err
}

// in is the binds of a district and a list of ids.
func in(district int, ids []string) []any {
	args := []any{district}
	for _, id := range ids {
		args = append(args, id)
	}
	return args
}

// --- offers ---

const offerColumns = `id, order_id, wave, kind, candidate, asked, state, sent_at, answer_by, answered_at, answered_by, reason, visit_from, visit_to`

func scanOffer(s db.Scanner) (f Offer, err error) {
	var sent, by int64
	var answered, from, to *int64
	err = s.Scan(&f.ID, &f.OrderID, &f.Wave, &f.Kind, &f.Candidate, &f.Asked, &f.State, &sent, &by, &answered, &f.AnsweredBy, &f.Reason, &from, &to)
	f.SentAt, f.AnswerBy, f.AnsweredAt = time.UnixMilli(sent).UTC(), time.UnixMilli(by).UTC(), db.Moment(answered)
	f.From, f.To = db.Moment(from), db.Moment(to)
	return f, err
}

func insertOffer(tx *db.Tx, district int, f Offer) error {
	_, err := tx.Exec(`INSERT INTO offer (district, `+offerColumns+`) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`,
		district, f.ID, f.OrderID, f.Wave, f.Kind, f.Candidate, f.Asked, string(f.State),
		f.SentAt.UnixMilli(), f.AnswerBy.UnixMilli(), db.Millis(f.AnsweredAt), f.AnsweredBy, f.Reason, db.Millis(f.From), db.Millis(f.To))
	return err
}

// offersOf sorts by itself: asked for the order of sending, SQLite takes an index that
// has it and reads the district's offers from end to end, until it knows its tables.
func offersOf(tx *db.Tx, district int, orders ...string) ([]Offer, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	all, err := db.All(tx, scanOffer, `SELECT `+offerColumns+` FROM offer
		WHERE district = $1 AND order_id IN (`+db.Places(2, len(orders))+`)`, in(district, orders)...)
	slices.SortFunc(all, func(a, b Offer) int { return cmp.Or(a.SentAt.Compare(b.SentAt), cmp.Compare(a.ID, b.ID)) })
	return all, err
}

// answerOffer closes one open offer.
func answerOffer(tx *db.Tx, district int, id string, to OfferState, by, reason string) (bool, error) {
	n, err := tx.Exec(`UPDATE offer SET state = $3, answered_at = $4, answered_by = $5, reason = $6
		WHERE district = $1 AND id = $2 AND state = 'open'`,
		district, id, string(to), tx.Now().UnixMilli(), by, reason)
	return n == 1, err
}

// closeOffers closes all open offers of an order at once.
func closeOffers(tx *db.Tx, district int, order string, to OfferState) error {
	_, err := tx.Exec(`UPDATE offer SET state = $3, answered_at = $4 WHERE district = $1 AND order_id = $2 AND state = 'open'`,
		district, order, string(to), tx.Now().UnixMilli())
	return err
}

// --- assignments ---

func scanAssignment(s db.Scanner) (a Assignment, err error) {
	var since int64
	err = s.Scan(&a.OrderID, &a.Volunteer, &a.Team, &a.State, &since)
	a.Since = time.UnixMilli(since).UTC()
	return a, err
}

// assignmentsOf lists who serves, or has served, at an order, in the order in which
// they came. They are sorted here: a database without statistics would rather read
// all of a district from an index that is in this order.
func assignmentsOf(tx *db.Tx, district int, orders ...string) ([]Assignment, error) {
	if len(orders) == 0 {
		return nil, nil
	}
	all, err := db.All(tx, scanAssignment, `SELECT order_id, volunteer, team, state, since FROM assignment
		WHERE district = $1 AND order_id IN (`+db.Places(2, len(orders))+`)`, in(district, orders)...)
	slices.SortFunc(all, func(a, b Assignment) int {
		return cmp.Or(a.Since.Compare(b.Since), strings.Compare(a.Volunteer, b.Volunteer))
	})
	return all, err
}

// putAssignment makes or renews an assignment. When the order was asked for and
// when it is to be served are kept in the row, so that a volunteer's own list and
// load are read from one index.
func putAssignment(tx *db.Tx, o *Order, volunteer, team string, state AssignmentState) error {
	_, err := tx.Exec(`INSERT INTO assignment (district, order_id, volunteer, team, state, for_person, asked_at, busy_from, busy_to, since, ended_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,NULL)
		ON CONFLICT (district, order_id, volunteer) DO UPDATE SET team = excluded.team, state = excluded.state,
			busy_from = excluded.busy_from, busy_to = excluded.busy_to, since = excluded.since, ended_at = NULL`,
		o.District, o.ID, volunteer, team, string(state), o.For, o.CreatedAt.UnixMilli(), db.Millis(o.From), db.Millis(o.To), tx.Now().UnixMilli())
	return err
}

func setAssignment(tx *db.Tx, district int, order, volunteer string, state AssignmentState) error {
	_, err := tx.Exec(`UPDATE assignment SET state = $4, ended_at = $5 WHERE district = $1 AND order_id = $2 AND volunteer = $3`,
		district, order, volunteer, string(state), tx.Now().UnixMilli())
	return err
}

// endAssignments releases everybody of an order that is cancelled or sent back.
func endAssignments(tx *db.Tx, district int, order string, from, to AssignmentState) error {
	all, err := assignmentsOf(tx, district, order)
	for _, a := range all {
		if err == nil && a.State == from {
			err = setAssignment(tx, district, order, a.Volunteer, to)
		}
	}
	return err
}

// --- evaluations ---

func evaluationsOf(tx *db.Tx, district int, order string, round int) ([]Evaluation, error) {
	return db.All(tx, func(s db.Scanner) (e Evaluation, err error) {
		var reasons string
		var at int64
		err = s.Scan(&e.Side, &e.Person, &e.EnteredBy, &e.Satisfaction, &e.Solved, &reasons, &e.Words, &at)
		e.Reasons, e.At = splitList(reasons), time.UnixMilli(at).UTC()
		return e, err
	}, `SELECT side, person, entered_by, satisfaction, solved, reasons, words, at FROM evaluation
		WHERE district = $1 AND order_id = $2 AND round = $3 ORDER BY at, side`, district, order, round)
}

func insertEvaluation(tx *db.Tx, district int, order string, round int, e Evaluation) error {
	_, err := tx.Exec(`INSERT INTO evaluation (district, order_id, side, person, round, entered_by, satisfaction, solved, reasons, words, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
		district, order, string(e.Side), e.Person, round, e.EnteredBy, string(e.Satisfaction), string(e.Solved),
		strings.Join(e.Reasons, ","), e.Words, e.At.UnixMilli())
	return err
}

// metMost is how far meetings are counted: nobody needs to know whether it was the
// hundredth or the thousandth time, and a page must not cost more for it.
const metMost = 100

// met counts how often a volunteer has served the same person before.
func met(tx *db.Tx, o *Order, volunteer string) (n int, err error) {
	_, err = tx.Get(`SELECT count(*) FROM (SELECT 1 FROM assignment WHERE district = $1 AND for_person = $2 AND state = 'served'
		AND volunteer = $3 AND order_id <> $4 LIMIT $5) AS times`, []any{o.District, o.For, volunteer, o.ID, metMost}, &n)
	return n, err
}

// promisedBeside lists what the volunteer has promised for hours that overlap with those of
// an order, the earliest first, at most so many.
func promisedBeside(tx *db.Tx, o *Order, volunteer string, most int) ([]promise, error) {
	return db.All(tx, scanPromise, `SELECT o.number, o.category, a.busy_from, a.busy_to FROM assignment a
		JOIN service_order o ON o.district = a.district AND o.id = a.order_id
		WHERE a.district = $1 AND a.volunteer = $2 AND a.state = 'active' AND a.order_id <> $3
		  AND a.busy_from < $5 AND a.busy_to > $4
		  AND o.state IN ('dispatched', 'accepted', 'serving') ORDER BY a.busy_from, o.number LIMIT $6`,
		o.District, volunteer, o.ID, o.From.UnixMilli(), o.To.UnixMilli(), most)
}

func scanPromise(s db.Scanner) (promise, error) {
	var o Order
	var from, to int64
	err := s.Scan(&o.Number, &o.Category, &from, &to)
	o.From, o.To = time.UnixMilli(from).UTC(), time.UnixMilli(to).UTC()
	return promiseOf(&o), err
}
