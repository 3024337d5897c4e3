package record

import (
	"fmt"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/rule"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// counts is what counts of somebody's rows, and their sums.
func (w *town) counts(who access.Who, from, to calendar.Day) (rows int, minutes int64, s Summary) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		list, sum, err := Counted(tx, district, who.Person, from, to)
		if err != nil {
			return err
		}
		rows, minutes = len(list), sum
		s, err = Sum(tx, district, who.Person)
		return err
	})
	return rows, minutes, s
}

// TestARowCountsAfterItsPublicNotice: started is a Monday, so three working days end
// with Thursday.
func TestARowCountsAfterItsPublicNotice(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, -60, 48, "A"))
		thursday := calendar.Day{Year: 2026, Month: 11, Day: 26}
		for _, c := range []struct {
			at   time.Time
			want int64
		}{{started, 0}, {thursday.End().Add(-time.Millisecond), 0}, {thursday.End(), 48}} {
			w.clock.Set(c.at)
			rows, minutes, s := w.counts(w.sun, calendar.Day{}, calendar.Day{})
			if minutes != c.want || int64(rows)*48 != c.want || s.Counted != c.want || s.CountedYear != c.want || s.Total != 48 || s.Year != 48 {
				t.Errorf("at %v: %d rows, %d minutes, %+v", c.at, rows, minutes, s)
			}
		}
	})
}

func TestThePlaceSetsTheNotice(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.write(func(tx *db.Tx) error {
			return rule.Set(tx, district, community, rule.NoticeWorkdays, 1, tx.Now(), "x")
		})
		r := served("1", w.sun, -60, 48, "A")
		r.PlacePath = w.worker.Grants[0].Path
		w.add(r)
		w.clock.Set(calendar.DayOf(started).Add(2).Start())
		if _, minutes, _ := w.counts(w.sun, calendar.Day{}, calendar.Day{}); minutes != 48 {
			t.Errorf("%d minutes count after one working day", minutes)
		}
	})
}

// TestCountedInAPeriod: both ends of a period belong to it.
func TestCountedInAPeriod(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		for i := range 5 {
			w.add(served(fmt.Sprint(i), w.sun, i*24*60, 10, "A"))
		}
		w.clock.Set(started.AddDate(0, 1, 0))
		first := calendar.DayOf(started)
		for _, c := range []struct {
			from, to calendar.Day
			want     int64
		}{{first, first, 10}, {first.Add(1), first.Add(3), 30}, {first.Add(4), calendar.Day{}, 10}, {calendar.Day{}, first.Add(-1), 0}, {calendar.Day{}, calendar.Day{}, 50}} {
			if _, minutes, _ := w.counts(w.sun, c.from, c.to); minutes != c.want {
				t.Errorf("from %v to %v: %d, want %d", c.from, c.to, minutes, c.want)
			}
		}
	})
}

func TestAHeldRowDoesNotCount(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		w.add(served("1", w.sun, 0, 48, "A"))
		w.add(served("2", w.sun, 60, 30, "A"))
		w.clock.Set(started.AddDate(0, 1, 0))
		r := w.row("1")
		for _, c := range []struct {
			do   func(tx *db.Tx) error
			want int64
		}{
			{func(tx *db.Tx) error { return Hold(tx, r, "finding:1") }, 30},
			{func(tx *db.Tx) error { return Hold(tx, r, "objection:1") }, 30},
			{func(tx *db.Tx) error { return Release(tx, r, "finding:1") }, 30},
			{func(tx *db.Tx) error { return Release(tx, r, "objection:1") }, 78},
		} {
			w.write(c.do)
			if rows, minutes, s := w.counts(w.sun, calendar.Day{}, calendar.Day{}); minutes != c.want || s.Counted != c.want || s.Total != 78 {
				t.Errorf("%d rows, %d minutes, %+v; want %d", rows, minutes, s, c.want)
			}
		}
	})
}

// row finds a record by its source.
func (w *town) row(source string) (r Record) {
	w.t.Helper()
	w.write(func(tx *db.Tx) (err error) {
		found := false
		r, found, err = db.One(tx, scan, `SELECT `+columns+` FROM service_record WHERE district = $1 AND source = $2`, district, source)
		if !found {
			w.t.Errorf("no row of %s", source)
		}
		return err
	})
	return r
}

// TestOldRowsAreSealed: rows of before are attested when the house starts, once, and
// count.
func TestOldRowsAreSealed(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		const all = sealed + 7
		w.write(func(tx *db.Tx) error {
			for i := range all {
				r := served(fmt.Sprint(i), w.sun, i*60, 30, "A")
				r.ID, r.EnteredAt = tx.NewID(), tx.Now()
				if _, err := insert(tx, r); err != nil {
					return err
				}
				if err := tally(tx, r, 1); err != nil {
					return err
				}
				if _, err := tx.Exec(`INSERT INTO record_unsealed (district, id) VALUES ($1, $2)`, district, r.ID); err != nil {
					return err
				}
			}
			return nil
		})
		unsealed := func() (bad []string) {
			w.write(func(tx *db.Tx) (err error) { bad, err = CheckAttested(tx); return err })
			return bad
		}
		if bad := unsealed(); len(bad) != all {
			t.Errorf("before: %d rows are not attested", len(bad))
		}
		for range 2 {
			if err := Seal(t.Context(), w.db); err != nil {
				t.Fatal(err)
			}
		}
		if bad := unsealed(); len(bad) != 0 {
			t.Errorf("after: %v", bad)
		}
		if _, minutes, _ := w.counts(w.sun, calendar.Day{}, calendar.Day{}); minutes != 30*all {
			t.Errorf("%d minutes count", minutes)
		}
	})
}

// TestEveryColumnIsAttested changes each column of a row, removes it and puts another
// in: the check names it every time.
func TestEveryColumnIsAttested(t *testing.T) {
	c := clock.NewManual(started)
	w := settle(t, dbtest.New(t, db.SQLite, dbtest.Clock(c)), c)
	w.add(served("1", w.sun, 0, 48, "A"))
	w.add(served("2", w.sun, 60, 30, "B"))
	names := w.columnsOf("service_record")
	if len(names) != 25 {
		t.Fatalf("%d columns: %v", len(names), names)
	}
	forgeries := map[string]string{
		"a removed row": `DELETE FROM service_record WHERE source = '2'`,
		"a row put in": `INSERT INTO service_record (` + columns + `, day) SELECT district, 'new', 'new', volunteer, community, order_id, number, name, category, place, content,
			started_at + 86400000, ended_at + 86400000, minutes, grade, organiser, in_charge, entered_by, entered_at, kind, replaces, reason, satisfaction, counts_at, day
			FROM service_record WHERE source = '2'`,
	}
	for _, name := range names {
		forgeries["a changed "+name] = `UPDATE service_record SET ` + name + ` = CASE WHEN typeof(` + name + `) = 'integer' THEN ` + name + ` + 60000 ELSE ` + name + ` || 'x' END WHERE source = '2'`
	}
	for name, forge := range forgeries {
		var bad []string
		err := w.db.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(forge); err != nil {
				return err
			}
			var err error
			if bad, err = CheckAttested(tx); err != nil {
				return err
			}
			return errUndo
		})
		if len(bad) == 0 {
			t.Errorf("%s is not found (%v)", name, err)
		}
	}
}

var errUndo = fmt.Errorf("undo")

func (w *town) columnsOf(table string) (names []string) {
	w.t.Helper()
	rows, err := w.db.SQL().QueryContext(w.t.Context(), `SELECT * FROM `+table)
	if err != nil {
		w.t.Fatal(err)
	}
	defer rows.Close()
	names, err = rows.Columns()
	if err != nil {
		w.t.Fatal(err)
	}
	return names
}
