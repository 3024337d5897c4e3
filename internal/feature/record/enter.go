package record

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/ledger"
	"linli/internal/core/rule"
	"linli/internal/feature/points"
	"linli/internal/kit/db"
	"linli/internal/kit/digest"
)

// Enter writes rows that come in together, with the minutes and points that they
// earn, and gives those that were added.
//
// A row is left out when its source was recorded before, or when the same person has
// another row in the same time: nobody is in two places at once (domain.md, section
// 5). Then the event record.overlap says so to the person; the order that it came
// from can still be closed.
//
// All who enter take what they share in one order, so that none waits for another in
// a circle: the totals of the volunteers by their id, and only then the accounts.
func Enter(tx *db.Tx, rows ...Record) (added []Record, err error) {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b Record) int { return cmp.Compare(a.Volunteer, b.Volunteer) })
	for _, r := range rows {
		r, other, err := add(tx, r)
		if err != nil {
			return nil, err
		}
		switch {
		case other != "":
			tell(tx, r, "record.overlap", event.Data{"source": r.Source, "other": other})
		case r.ID != "":
			added = append(added, r)
		}
	}
	for _, r := range added {
		if err := award(tx, r); err != nil {
			return nil, err
		}
	}
	return added, nil
}

// add writes one row with its sums. The row comes back without an id when it was not
// added; other is the number of the row that it overlaps.
func add(tx *db.Tx, r Record) (_ Record, other string, err error) {
	if err := check(r); err != nil {
		return r, "", err
	}
	if err := takeTurn(tx, r); err != nil {
		return r, "", err
	}
	r.ID = ""
	other, overlaps, err := overlapping(tx, r)
	if err != nil || overlaps {
		return r, other, err
	}
	entered := r
	if err := stamp(tx, &entered); err != nil {
		return r, "", err
	}
	if fresh, err := insert(tx, entered); err != nil || !fresh {
		return r, "", err
	}
	tell(tx, entered, "record.add", event.Data{"minutes": r.Minutes, "grade": r.Grade, "kind": string(r.Kind)})
	return entered, "", tally(tx, entered, 1)
}

// check finds what no caller should send.
func check(r Record) error {
	span := r.EndedAt.Sub(r.StartedAt)
	begun := int((span + time.Minute - 1) / time.Minute)
	known := slices.Contains(Grades(), r.Grade) && slices.Contains(Kinds(), r.Kind) && (r.Grade == "M") == (r.Kind == FromHand)
	if r.Minutes <= 0 || r.Minutes > begun || r.Source == "" || r.Volunteer == "" || !known {
		return fmt.Errorf("record: %s, %s, has %d minutes of grade %q from %v to %v", r.Source, r.Kind, r.Minutes, r.Grade, r.StartedAt, r.EndedAt)
	}
	return nil
}

// stamp gives a row its id and the moments of its entry and of the end of its public
// notice.
func stamp(tx *db.Tx, r *Record) error {
	days, err := rule.Value(tx, r.District, r.PlacePath, rule.NoticeWorkdays)
	r.ID, r.EnteredAt, r.CountsAt = tx.NewID(), tx.Now(), calendar.AddWorkdays(tx.Now(), int(days))
	return err
}

// tally adds the row to every sum in which it stands, or with -1 takes it out.
func tally(tx *db.Tx, r Record, n int64) error {
	count(tx, r, n)
	if err := addTotal(tx, r, whole, n); err != nil {
		return err
	}
	return addTotal(tx, r, r.Day().Year, n)
}

// award books the minutes of a row and what they are worth. The posting of the
// minutes attests the row.
func award(tx *db.Tx, r Record) error {
	return points.Award(tx, points.Deed{
		District: r.District, Person: r.Volunteer, Community: r.Community, PlacePath: r.PlacePath,
		Category: r.Category, Activity: r.Order, At: r.StartedAt, Minutes: r.Minutes, Source: r.Source, Memo: r.Name,
		Attests: r.Digest(), HeldUntil: r.CountsAt,
	})
}

// attest chains a row that earns nothing: one that withdraws another, or one of
// before rows were attested. Amount is what becomes of the number of rows.
func attest(tx *db.Tx, r Record, amount int64) error {
	_, err := ledger.Post(tx, ledger.Posting{
		District: r.District, Source: "record:" + r.ID, Place: r.Community, Memo: "服务记录入账链", Attests: r.Digest(),
		Entries: []ledger.Entry{
			{Account: points.Issued(r.Community, rows), Amount: -amount},
			{Account: ledger.Account{Owner: r.Volunteer, Book: "recorded", Unit: rows, Overdraft: true}, Amount: amount},
		},
	})
	return err
}

// rows is the unit of the books in which rows without minutes are chained.
const rows = "records"

// Digest is SHA-256 over every field of the row as it is kept, each with its length
// before it. A posting of the place's chain carries it.
func (r Record) Digest() string {
	var room [1024]byte
	b := digest.Number(room[:0], int64(r.District))
	for _, s := range []string{
		r.ID, r.Source, r.Volunteer, r.Community, r.Order, r.Number, r.Name, r.Category, r.Place, r.Content, r.Day().String(),
	} {
		b = digest.Text(b, s)
	}
	for _, n := range []int64{r.StartedAt.UnixMilli(), r.EndedAt.UnixMilli(), int64(r.Minutes)} {
		b = digest.Number(b, n)
	}
	for _, s := range []string{r.Grade, r.Organiser, r.InCharge, r.EnteredBy} {
		b = digest.Text(b, s)
	}
	b = digest.Number(b, r.EnteredAt.UnixMilli())
	for _, s := range []string{string(r.Kind), r.Replaces, r.Reason, r.Satisfaction} {
		b = digest.Text(b, s)
	}
	return digest.Sum(digest.Number(b, millis(r.CountsAt)))
}

// millis keeps "no moment" as 0.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

func tell(tx *db.Tx, r Record, act string, data event.Data) {
	data["volunteer"], data["order"] = r.Volunteer, r.Order
	event.Append(tx, event.Event{
		District: r.District, Community: r.Community, Actor: r.EnteredBy, Act: act, Kind: "record", Subject: cmp.Or(r.ID, r.Source), Data: data,
	})
}
