package event

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"linli/internal/kit/db"
)

// Event is one thing that happened to one subject.
type Event struct {
	District  int
	No        int64 // set by the store
	At        time.Time
	Community string // whose board it belongs on; may be empty
	Actor     string // person id; empty when a deadline acted
	Act       string // "order.accept": the process and its step
	Kind      string // of the subject: "order", "person"
	Subject   string // its id
	Data      Data
}

// Data is what a reader of the event needs beyond its subject; never personal
// data, because events are kept for ever.
type Data map[string]any

// Topic is signalled after every commit that wrote an event (db.DB.Listen).
const Topic = "event"

// pending are the events of one transaction until its end.
type pending struct{ events []Event }

type pendingKey struct{}

// Append writes e at the end of tx. The time is that of the transaction now.
func Append(tx *db.Tx, e Event) {
	e.At = tx.Now()
	p := db.Value(tx, pendingKey{}, func() *pending { return &pending{} })
	if len(p.events) == 0 {
		tx.Last(func() error { return p.write(tx) })
		tx.Signal(Topic)
	}
	p.events = append(p.events, e)
}

// write numbers and stores what was collected, district by district. Districts are
// taken in their order, so that two transactions never wait for each other.
func (p *pending) write(tx *db.Tx) error {
	events := p.events
	p.events = nil // what is appended from here on is written by another round
	next, err := numbers(tx, events)
	if err != nil {
		return err
	}
	for _, e := range events {
		e.No = next[e.District]
		next[e.District]++
		if err := insert(tx, e); err != nil {
			return err
		}
	}
	return nil
}

// numbers takes as many as there are events, and gives the first of each district.
func numbers(tx *db.Tx, events []Event) (map[int]int64, error) {
	counts := map[int]int64{}
	for _, e := range events {
		counts[e.District]++
	}
	next := map[int]int64{}
	for _, district := range slices.Sorted(maps.Keys(counts)) {
		last, err := take(tx, district, counts[district])
		if err != nil {
			return nil, err
		}
		next[district] = last - counts[district] + 1
	}
	return next, nil
}

// take reserves n numbers and returns the last of them. The row stays locked
// until the commit, which makes the order of numbers the order of commits.
func take(tx *db.Tx, district int, n int64) (last int64, err error) {
	found, err := tx.Get(`INSERT INTO event_counter (district, no) VALUES ($1, $2)
		ON CONFLICT (district) DO UPDATE SET no = event_counter.no + excluded.no RETURNING no`,
		[]any{district, n}, &last)
	if err == nil && !found {
		err = fmt.Errorf("event: no counter for district %d", district)
	}
	return last, err
}

func insert(tx *db.Tx, e Event) error {
	data := []byte("{}")
	if len(e.Data) > 0 {
		var err error
		if data, err = json.Marshal(e.Data); err != nil {
			return fmt.Errorf("event %s: %w", e.Act, err)
		}
	}
	_, err := tx.Exec(`INSERT INTO event (district, no, at, community, actor, act, subject_kind, subject, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		e.District, e.No, e.At.UnixMilli(), e.Community, e.Actor, e.Act, e.Kind, e.Subject, string(data))
	return err
}

const columns = `district, no, at, community, actor, act, subject_kind, subject, data`

// Of lists the events of one subject, oldest first; those of this transaction,
// which have no numbers yet, stand at the end.
func Of(tx *db.Tx, district int, subject string) ([]Event, error) {
	written, err := db.All(tx, scan, `SELECT `+columns+` FROM event
		WHERE district = $1 AND subject = $2 ORDER BY no`, district, subject)
	if err != nil {
		return nil, err
	}
	for _, e := range db.Value(tx, pendingKey{}, func() *pending { return &pending{} }).events {
		if e.District != district || e.Subject != subject {
			continue
		}
		if e.Data, err = e.Data.asRead(); err != nil {
			return nil, err
		}
		written = append(written, e)
	}
	return written, nil
}

// asRead is the data with the types that it has when it comes out of the database.
func (d Data) asRead() (out Data, err error) {
	text, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	return out, json.Unmarshal(text, &out)
}

// Since lists at most limit events of a district after number no, oldest first.
func Since(tx *db.Tx, district int, no int64, limit int) ([]Event, error) {
	return db.All(tx, scan, `SELECT `+columns+` FROM event
		WHERE district = $1 AND no > $2 ORDER BY no LIMIT $3`, district, no, limit)
}

// Newest is the number of the district's last event, 0 before the first.
func Newest(tx *db.Tx, district int) (no int64, err error) {
	_, err = tx.Get(`SELECT no FROM event_counter WHERE district = $1`, []any{district}, &no)
	return no, err
}

// Districts lists the districts in which anything has happened.
func Districts(tx *db.Tx) ([]int, error) {
	return db.All(tx, scanDistrict, `SELECT district FROM event_counter ORDER BY district`)
}

func scan(s db.Scanner) (e Event, err error) {
	var at int64
	var data string
	if err = s.Scan(&e.District, &e.No, &at, &e.Community, &e.Actor, &e.Act, &e.Kind, &e.Subject, &data); err != nil {
		return e, err
	}
	e.At = time.UnixMilli(at).UTC()
	return e, json.Unmarshal([]byte(data), &e.Data)
}
