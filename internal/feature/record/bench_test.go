package record

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/sitetest"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// BenchmarkOwnPage asks by turns for the page of somebody with 100 rows and of somebody
// with 10,000, and says how much more the second costs.
func BenchmarkOwnPage(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) {
			c := clock.NewManual(started)
			w := settle(b, dbtest.New(b, engine, dbtest.Clock(c)), c)
			w.load(w.li, 100)
			w.load(w.sun, 10_000)
			if err := w.db.Optimize(b.Context()); err != nil { // as the house does after imports and hourly
				b.Fatal(err)
			}
			c.Set(started.AddDate(0, 1, 0))
			site := sitetest.New(b, NewHandlers(w.s).Routes(), sitetest.People{"孙淑琴": w.sun, "李建国": w.li})
			for _, path := range []string{"/me/record", "/api/v1/me/record", "/me"} {
				b.Run(path, func(b *testing.B) { ownPage(b, site, path) })
			}
		})
	}
}

// load enters so many services of an hour each.
func (w *town) load(who access.Who, rows int) {
	w.t.Helper()
	const part = 250
	for done := 0; done < rows; done += part {
		w.write(func(tx *db.Tx) error {
			var all []Record
			for i := done; i < min(done+part, rows); i++ {
				all = append(all, served(fmt.Sprint(who.Name, i), who, -i*60-60, 60, "A"))
			}
			_, err := Enter(tx, all...)
			return err
		})
	}
}

func ownPage(b *testing.B, site http.Handler, path string) {
	took := map[string][]time.Duration{}
	for b.Loop() {
		for _, who := range []string{"李建国", "孙淑琴"} {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			if err := sitetest.Sign(r, who); err != nil {
				b.Fatal(err)
			}
			a, elapsed := httptest.NewRecorder(), clock.Stopwatch()
			site.ServeHTTP(a, r)
			if took[who] = append(took[who], elapsed()); a.Code != http.StatusOK {
				b.Fatalf("%d %.200s", a.Code, a.Body)
			}
		}
	}
	median := func(who string) float64 {
		slices.Sort(took[who])
		return float64(took[who][len(took[who])/2].Microseconds())
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median("李建国"), "µs/100")
	b.ReportMetric(median("孙淑琴"), "µs/10000")
	b.ReportMetric(median("孙淑琴")/median("李建国"), "x-cost")
}
