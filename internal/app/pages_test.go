package app_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/feature/order"
	"linli/internal/feature/record"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/web"
)

// The sizes between which BenchmarkPages compares. A million orders take minutes
// to load and gigabytes to keep, so the usual run stays small.
var (
	fewOrders  = flag.Int("few", 10_000, "orders in the smaller town of BenchmarkPages")
	manyOrders = flag.Int("many", 0, "orders in the larger town of BenchmarkPages (1000000 for BENCHMARKS.md); 0 for none")
)

// page is what is asked for, by whom.
type page struct{ name, path, by string }

func pages() []page {
	middle := monday.AddDate(0, -18, 0).UnixMilli() // of the years of a bulk
	deep := string(web.EncodeCursor(order.Cursor{At: middle, ID: "x"}))
	first, open := "01930000-0000-7000-8000-000000000019", "01930000-0000-7000-8000-000000000060"
	return []page{
		{"board", "/board", "周敏"},
		{"order page", "/orders/" + first, "周敏"},
		{"open order page", "/orders/" + open, "周敏"},
		{"my record", "/me/record", "韩立新"},
		{"place page", "/places/" + town.Community, "周敏"},
		{"me", "/me", "韩立新"},
		{"my orders", "/orders", "韩立新"},
		{"all orders", "/orders", "周敏"},
		{"orders of a district", "/orders", "许文涛"},
		{"open orders of a district", "/orders?state=requested", "许文涛"},
		{"nearby", "/nearby", "韩立新"},
		{"home", "/home", "孟桂兰"},
		{"list: newest", "/api/v1/orders", "周敏"},
		{"list: a state of a place", "/api/v1/orders?state=requested&place=" + town.Community, "周敏"},
		{"list: a closed state", "/api/v1/orders?state=evaluated", "许文涛"},
		{"list: deep in a place", "/api/v1/orders?cursor=" + deep, "周敏"},
		{"list: deep in some states", "/api/v1/orders?state=requested&state=evaluated&cursor=" + deep, "许文涛"},
		{"list: deep in one's own", "/api/v1/orders?cursor=" + deep, "韩立新"},
		{"list: one's offers", "/api/v1/me/offers", "韩立新"},
		{"list: deep in one's record", "/api/v1/me/record?cursor=" + string(web.EncodeCursor(record.Cursor{At: middle, ID: "x"})), "韩立新"},
	}
}

// BenchmarkPages measures whole pages, rendered to the last byte, in a town with few
// orders and, when asked, in one with many, by turns: µs/few, µs/many, and how much
// more a page costs with many.
func BenchmarkPages(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			sizes := []int{*fewOrders}
			if *manyOrders > 0 {
				sizes = append(sizes, *manyOrders)
			}
			var towns []*town.Town
			for _, n := range sizes {
				w := town.Settle(b, dbtest.New(b, engine, dbtest.Clock(clock.NewManual(monday))))
				elapsed := clock.Stopwatch()
				bulk(b, w, n)
				b.Logf("%d orders loaded in %.0f s", n, elapsed().Seconds())
				towns = append(towns, w)
			}
			for _, p := range pages() {
				b.Run(p.name, func(b *testing.B) { measure(b, towns, p) })
			}
		})
	}
}

// measure asks each town for the page by turns and reports the medians.
func measure(b *testing.B, towns []*town.Town, p page) {
	took := make([][]time.Duration, len(towns))
	for _, w := range towns {
		ask(b, w, p) // what is read once only: the index of the volunteers
	}
	for b.Loop() {
		for i, w := range towns {
			elapsed := clock.Stopwatch()
			ask(b, w, p)
			took[i] = append(took[i], elapsed())
		}
	}
	b.ReportMetric(0, "ns/op") // of all towns together: says nothing
	few := median(took[0])
	b.ReportMetric(few, "µs/few")
	if len(towns) > 1 {
		many := median(took[1])
		b.ReportMetric(many, "µs/many")
		b.ReportMetric(many/few, "x-cost")
	}
}

func ask(b testing.TB, w *town.Town, p page) {
	b.Helper()
	r := httptest.NewRequest(http.MethodGet, p.path, nil)
	r.RemoteAddr = "127.0.0.1:1"
	if err := w.Sign(r, p.by); err != nil {
		b.Fatal(err)
	}
	rec := httptest.NewRecorder()
	w.App.Site.ServeHTTP(rec, r)
	if rec.Code != http.StatusOK {
		b.Fatalf("%s as %s: %d\n%.300s", p.path, p.by, rec.Code, rec.Body)
	}
}

func median(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2].Microseconds())
}

// TestBulkIsSound holds the rows of the bulk against what the house itself would
// have written, as far as pages read them.
func TestBulkIsSound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := town.Settle(t, d)
		bulk(t, w, 400)
		for _, p := range pages() {
			t.Run(fmt.Sprint(p.name), func(t *testing.T) { ask(t, w, p) })
		}
	}, dbtest.Clock(clock.NewManual(monday)))
}
