package dispatch_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/core/place"
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
			b.ReportMetric(float64(st.page("/plans/"+v.ID))/1024, "KiB/page")
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

// page is how long a page of the worker is, in bytes.
func (st *station) page(path string) int {
	st.t.Helper()
	r, err := http.NewRequestWithContext(st.t.Context(), http.MethodGet, path, nil)
	if err != nil {
		st.t.Fatal(err)
	}
	if err := st.Sign(r, "周敏"); err != nil {
		st.t.Fatal(err)
	}
	a := httptest.NewRecorder()
	st.App.Site.ServeHTTP(a, r)
	if a.Code != http.StatusOK {
		st.t.Fatalf("%s: %d", path, a.Code)
	}
	return a.Body.Len()
}

var _ = place.Root
