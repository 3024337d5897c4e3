package dispatch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/feature/dispatch"
	"linli/internal/feature/order"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/match"
)

// crowd moves volunteers of several services into the community, a few minutes apart.
func (st *station) crowd(volunteers int) {
	st.t.Helper()
	st.Write(func(tx *db.Tx) error {
		for i := range volunteers {
			p, err := person.Insert(tx, person.Person{Name: fmt.Sprintf("志愿者%d", i), Phone: fmt.Sprintf("155%08d", i), Place: town.Community})
			if err != nil {
				return err
			}
			v, err := volunteer.New(tx, p, volunteer.FromStation)
			if err != nil {
				return err
			}
			v.Status, v.Skills, v.LimitWeek = volunteer.Active, []string{services()[i%5], services()[(i+1+i/5%4)%5]}, 1+i%3
			v.At = &match.Point{Lat: town.Lat + float64(i%53-26)/3000, Lng: town.Lng + float64(i%47-23)/2500}
			for day := range 3 {
				v.Free = append(v.Free, volunteer.Slot{Weekday: time.Weekday((i + 2*day) % 7), From: 60 * (8 + i%3*4), To: 60 * (12 + i%3*4)})
			}
			if err := volunteer.Put(tx, v); err != nil {
				return err
			}
			volunteer.Record(tx, access.System(), v, "register", nil)
		}
		return nil
	})
}

func services() []string {
	return []string{"haircut", "clinic_escort", "change_bulb", "fix_water", "clean_home"}
}

// queue is a street's orders of a few weeks that wait.
func (st *station) queue(orders int) {
	st.t.Helper()
	elder := st.resident("孟桂兰")
	st.Write(func(tx *db.Tx) error {
		for i := range orders {
			in := order.Request{
				Text: "想请人来帮个忙", Category: services()[i%5], PeopleNeeded: 1 + i%9/8, Urgency: []string{"normal", "normal", "soon", "urgent"}[i%4],
			}
			if i%5 > 0 {
				from := monday.Add(time.Duration(24*(1+i%6)+i%4*2) * time.Hour)
				in.Window = &order.Window{From: from, To: from.Add(2 * time.Hour)}
			}
			o, err := st.App.Orders.RequestTx(tx, elder, in)
			if err == nil && o.NeedsCheck {
				err = st.App.Orders.VerifyTx(tx, access.System(), o, order.Verification{})
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// BenchmarkDraft is a draft of 2,000 orders and 5,000 volunteers: made, one choice, shown
// as page, confirmed.
func BenchmarkDraft(b *testing.B) {
	c := clock.NewManual(monday)
	dbtest.Bench(b, func(b *testing.B, d *db.DB) {
		w := town.Settle(b, d)
		st := &station{w, b, dispatch.NewService(d, w.App.Orders), c}
		st.crowd(5000)
		st.queue(2000)
		worker := st.who("周敏")
		for b.Loop() {
			lap := clock.Stopwatch()
			took := func(what string) {
				b.ReportMetric(float64(lap().Microseconds())/1000, what)
				lap = clock.Stopwatch()
			}
			v, err := st.s.Make(b.Context(), worker, town.Community)
			if err != nil {
				b.Fatal(err)
			}
			took("ms/make")
			v, err = st.s.Choose(b.Context(), worker, v.ID, dispatch.Ban, v.Proposals[0].Order.ID, v.Proposals[0].Volunteer.ID)
			if err != nil {
				b.Fatal(err)
			}
			took("ms/choice")
			b.ReportMetric(float64(len(v.Proposals)), "visits")
			b.ReportMetric(float64(len(st.page("/plans/"+v.ID)))/1024, "KiB/page")
			took("ms/page")
			st.page("/board")
			took("ms/board")
			v, err = st.s.Confirm(b.Context(), worker, v.ID, v.Version)
			if err != nil {
				b.Fatal(err)
			}
			took("ms/confirm")
			b.ReportMetric(float64(len(v.Sent)), "sent")
		}
	}, dbtest.Clock(c))
}

// page is a page as the worker sees it.
func (st *station) page(path string) string {
	st.t.Helper()
	return st.pageOf("周敏", path)
}

// pageOf is a page as somebody sees it.
func (st *station) pageOf(name, path string) string {
	st.t.Helper()
	r, err := http.NewRequestWithContext(st.t.Context(), http.MethodGet, path, nil)
	if err != nil {
		st.t.Fatal(err)
	}
	if err := st.Sign(r, name); err != nil {
		st.t.Fatal(err)
	}
	a := httptest.NewRecorder()
	st.App.Site.ServeHTTP(a, r)
	if a.Code != http.StatusOK {
		st.t.Fatalf("%s: %d", path, a.Code)
	}
	return a.Body.String()
}

// TestLongDraftsInParts: a page shows fifty at once and leads to the others; a choice leads
// back to the part in which it was made.
func TestLongDraftsInParts(t *testing.T) {
	c := clock.NewManual(monday)
	d := dbtest.New(t, db.SQLite, dbtest.Clock(c), dbtest.With(town.Sound))
	w := town.Settle(t, d)
	st := &station{w, t, dispatch.NewService(d, w.App.Orders), c}
	st.crowd(100)
	st.queue(150)
	v := st.make()
	if len(v.Proposals) <= 100 || len(v.Proposals) > 150 || len(v.Left) == 0 || len(v.Left) > 50 {
		t.Fatalf("%d proposals, %d left: not what is tested here", len(v.Proposals), len(v.Left))
	}
	seen := 0
	for at, more := 0, true; more; at += 50 {
		page := st.page(fmt.Sprintf("/plans/%s?at=%d", v.ID, at))
		shown := strings.Count(page, `id="o-`)
		seen += shown
		more = strings.Contains(page, `rel="next"`)
		if more != (at+50 < len(v.Proposals)) || more && shown != 50 || strings.Contains(page, `rel="prev"`) != (at > 0) {
			t.Errorf("from %d on: %d are shown, next: %t", at, shown, more)
		}
	}
	if seen != len(v.Proposals) {
		t.Errorf("%d of %d are seen", seen, len(v.Proposals))
	}
	path, anchor, _ := strings.Cut(dispatch.HrefIn(v, v.Proposals[77].Order.ID), "#")
	if !strings.Contains(st.page(path), `id="`+anchor+`"`) {
		t.Errorf("%s is not on %s", anchor, path)
	}
	if page := st.page("/plans/" + v.ID + "?at=1000&left=1000"); !strings.Contains(page, `rel="prev"`) {
		t.Error("no way back from behind the end")
	}
}
