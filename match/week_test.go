package match

import (
	"testing"
	"time"
)

func TestWeekWith(t *testing.T) {
	const h, m = time.Hour, time.Minute
	for _, c := range []struct {
		name     string
		week     Week
		from, to int // half hours since Monday 00:00
	}{
		{"Monday morning", Week{}.With(time.Monday, 8*h, 11*h), 16, 22},
		{"Sunday is the last day", Week{}.With(time.Sunday, 0, h), 288, 290},
		{"whole half hours only", Week{}.With(time.Monday, 8*h+10*m, 9*h+50*m), 17, 19},
		{"until midnight", Week{}.With(time.Saturday, 23*h, 24*h), 286, 288},
		{"not beyond the day", Week{}.With(time.Tuesday, -h, 30*h), 48, 96},
		{"reversed", Week{}.With(time.Monday, 11*h, 8*h), 0, 0},
		{"twice", Week{}.With(time.Monday, 8*h, 9*h).With(time.Monday, 9*h, 10*h), 16, 20},
	} {
		for bit := range weekCells {
			got := c.week[bit/64]>>(bit%64)&1 != 0
			if want := c.from <= bit && bit < c.to; got != want {
				t.Errorf("%s: half hour %d is %v", c.name, bit, got)
			}
		}
	}
}

func TestParts(t *testing.T) {
	if got := (&Week{}).parts(); got != everyPart {
		t.Errorf("a week of which nothing is said: %b", got)
	}
	w := Week{}.With(time.Monday, 11*time.Hour, 13*time.Hour).With(time.Sunday, 18*time.Hour, 19*time.Hour)
	if got, want := w.parts(), uint32(1<<1|1<<2|1<<27); got != want {
		t.Errorf("%b, want %b", got, want)
	}
}

func TestWindow(t *testing.T) {
	const h, m = time.Hour, time.Minute
	monday := worldMonday
	at := func(d time.Duration) time.Time { return monday.Add(d) }
	for _, c := range []struct {
		name               string
		ask                Ask
		first, cells, need int // first counted from Monday 00:00
	}{
		{"unknown", Ask{Now: at(9 * h)}, 0, 0, 0},
		{"whole window", Ask{From: at(8 * h), To: at(11 * h)}, 16, 6, 6},
		{"rounded outwards", Ask{From: at(8*h + 10*m), To: at(10*h + 10*m)}, 16, 5, 5},
		{"end unknown", Ask{From: at(8 * h)}, 16, 1, 1},
		{"end unknown, length known", Ask{From: at(8 * h), Length: 90 * m}, 16, 3, 3},
		{"reversed", Ask{From: at(8 * h), To: at(7 * h)}, 16, 1, 1},
		{"somewhere inside", Ask{From: at(8*h + 10*m), To: at(12*h + 10*m), Length: 50 * m}, 17, 7, 2},
		{"no full half hour inside", Ask{From: at(8*h + 10*m), To: at(9*h + 20*m), Length: h}, 16, 3, 3},
		{"until then", Ask{Now: at(8 * h), To: at(10 * h), Length: h}, 16, 4, 2},
		{"years", Ask{From: at(0), To: at(0).AddDate(9, 0, 0)}, 0, maxCells, maxCells},
	} {
		w := newWindow(&c.ask)
		if w.cells > 0 {
			w.first -= floorDiv(monday.Unix()+8*hourSeconds, cellSeconds)
		}
		if int(w.first) != c.first || w.cells != c.cells || w.need != c.need {
			t.Errorf("%s: first %d, cells %d, need %d", c.name, w.first, w.cells, w.need)
		}
	}
}

func TestWeeksOfTheCalendar(t *testing.T) {
	for day := time.Date(1969, 12, 1, 12, 0, 0, 0, time.UTC); day.Year() < 2031; day = day.AddDate(0, 0, 1) {
		year, week := day.ISOWeek()
		next := day.AddDate(0, 0, 1)
		nextYear, nextWeek := next.ISOWeek()
		if same := year == nextYear && week == nextWeek; same != (weekOf(day) == weekOf(next)) {
			t.Fatalf("%v and the next day: same week %v", day, same)
		}
	}
}
