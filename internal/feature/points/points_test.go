package points

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"linli/e2e/browser"
	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/ledger"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/core/sitetest"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/webtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	district  = 130104
	community = "130104016001"
	path      = "/130104000000/130104016000/130104016001/"
)

var started = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// each runs a test on both engines and checks the books at its end.
func each(t *testing.T, test func(*testing.T, *db.DB)) {
	t.Helper()
	dbtest.Each(t, test, dbtest.Clock(clock.NewManual(started)), dbtest.With(books))
}

func books(ctx context.Context, d *db.DB) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		for _, check := range []func(*db.Tx) ([]string, error){ledger.CheckBooks, event.CheckGapless} {
			bad, err := check(tx)
			if err == nil && len(bad) > 0 {
				err = fmt.Errorf("%v", bad)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func write(t testing.TB, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(context.Background(), fn); err != nil {
		t.Fatal(err)
	}
}

func deed(source, who string, minutes int) Deed {
	return Deed{District: district, Person: who, Community: community, PlacePath: path, Minutes: minutes, Source: source, Memo: "理发"}
}

func TestWorth(t *testing.T) {
	for _, c := range []struct {
		minutes int
		perHour int64
		want    int64
	}{
		{60, 2, 2}, {48, 2, 2}, {45, 2, 2}, {44, 2, 1}, {30, 2, 1}, {1, 2, 1}, {15, 2, 1}, {90, 2, 3}, {480, 2, 16},
		{60, 10, 10}, {3, 10, 1}, {9, 10, 2}, {60, 0, 0}, {0, 2, 0}, {-60, 2, 0},
	} {
		if got := Worth(c.minutes, c.perHour); got != c.want {
			t.Errorf("%d minutes at %d an hour are worth %d, want %d", c.minutes, c.perHour, got, c.want)
		}
	}
}

func TestADeedEarnsOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		for range 3 {
			write(t, d, func(tx *db.Tx) error { return Award(tx, deed("visit:1", "sun", 90)) })
		}
		write(t, d, func(tx *db.Tx) error {
			for account, want := range map[ledger.Account]int64{
				Earned("sun", Points): 3, Earned("sun", Minutes): 90, Issued(community, Points): -3, Issued(community, Minutes): -90, Earned("li", Points): 0,
			} {
				if got, err := ledger.Balance(tx, district, account); err != nil || got != want {
					t.Errorf("%v holds %d, %v, want %d", account, got, err, want)
				}
			}
			all, err := event.Of(tx, district, "sun")
			if err != nil || len(all) != 1 || all[0].Act != "points.award" || all[0].Data["points"] != 3.0 {
				t.Errorf("events %+v, %v", all, err)
			}
			return err
		})
	})
}

func TestThePlacesRuleHolds(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error { return rule.Set(tx, district, community, rule.PointsPerHour, 5, tx.Now(), "p") })
		write(t, d, func(tx *db.Tx) error { return Award(tx, deed("visit:1", "sun", 60)) })
		elsewhere := deed("visit:2", "sun", 60)
		elsewhere.Community, elsewhere.PlacePath = "130104016002", "/130104000000/130104016000/130104016002/"
		write(t, d, func(tx *db.Tx) error { return Award(tx, elsewhere) })
		write(t, d, func(tx *db.Tx) error {
			if err := rule.Set(tx, district, community, rule.PointsPerHour, 0, tx.Now(), "p"); err != nil {
				return err
			}
			return Award(tx, deed("visit:3", "sun", 60))
		})
		write(t, d, func(tx *db.Tx) error {
			if n, err := Balance(tx, district, "sun"); err != nil || n != 7 {
				t.Errorf("balance %d, %v", n, err)
			}
			minutes, err := ledger.Balance(tx, district, Earned("sun", Minutes))
			if minutes != 180 {
				t.Errorf("%d minutes: where an hour earns nothing it still counts", minutes)
			}
			return err
		})
	})
}

// TestManyAwardAtOnce lets many sides report the same deeds: each is booked once.
func TestManyAwardAtOnce(t *testing.T) {
	const sides, deeds = 8, 25
	each(t, func(t *testing.T, d *db.DB) {
		var all sync.WaitGroup
		for side := range sides {
			all.Go(func() {
				for i := range deeds {
					n := (i*7 + side*3) % deeds
					if err := d.Write(t.Context(), func(tx *db.Tx) error {
						return Award(tx, deed(fmt.Sprint("visit:", n), []string{"sun", "li"}[n%2], 30+n))
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		var want [2]int64
		for n := range deeds {
			want[n%2] += Worth(30+n, 2)
		}
		write(t, d, func(tx *db.Tx) error {
			for i, who := range []string{"sun", "li"} {
				if got, err := Balance(tx, district, who); err != nil || got != want[i] {
					t.Errorf("%s has %d, %v, want %d", who, got, err, want[i])
				}
			}
			return nil
		})
	})
}

func TestPagesOfABook(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		const all = 12
		write(t, d, func(tx *db.Tx) error {
			for i := range all {
				if err := Award(tx, deed(fmt.Sprint(i), "sun", 30)); err != nil {
					return err
				}
			}
			return nil
		})
		seen := map[string]bool{}
		before := Cursor{}
		write(t, d, func(tx *db.Tx) error {
			for range all {
				b, err := Of(tx, district, "sun", before, 5)
				if err != nil {
					return err
				}
				for _, l := range b.Lines {
					seen[l.Source] = true
				}
				if b.Balance != all {
					t.Errorf("balance %d", b.Balance)
				}
				if !b.More {
					break
				}
				before = b.Next()
			}
			return nil
		})
		if len(seen) != all {
			t.Errorf("saw %d of %d", len(seen), all)
		}
	})
}

// site is a community in which sun has earned 35 times and he never.
func site(t *testing.T) http.Handler {
	t.Helper()
	d := dbtest.New(t, db.SQLite, dbtest.Clock(clock.NewManual(started)), dbtest.With(books))
	people := sitetest.People{}
	write(t, d, func(tx *db.Tx) error {
		for _, p := range []place.Place{
			{ID: "130000000000", Level: place.Province, Name: "河北省"},
			{ID: "130100000000", Parent: "130000000000", Level: place.City, Name: "石家庄市"},
			{ID: "130104000000", Parent: "130100000000", Level: place.District, Name: "桥西区"},
			{ID: "130104016000", Parent: "130104000000", Level: place.Street, Name: "东风街道"},
			{ID: community, Parent: "130104016000", Level: place.Community, Name: "东风路南社区"},
		} {
			if _, err := place.Insert(tx, p); err != nil {
				return err
			}
		}
		for _, name := range []string{"孙淑琴", "何玉兰"} {
			p, err := person.Insert(tx, person.Person{Name: name, Place: community})
			if err != nil {
				return err
			}
			people[name] = access.Who{Person: p.ID, Name: name, District: district}
		}
		return nil
	})
	write(t, d, func(tx *db.Tx) error {
		for i := range 35 {
			if err := Award(tx, deed(fmt.Sprint("visit:", i), people["孙淑琴"].Person, 60)); err != nil {
				return err
			}
		}
		return nil
	})
	return sitetest.New(t, NewHandlers(NewService(d)).Routes(), people)
}

func TestRoutes(t *testing.T) {
	webtest.Runner{Handler: site(t), Sign: sitetest.Sign}.Files(t, "testdata/*.txt")
}

func TestPagesInBrowser(t *testing.T) {
	server := httptest.NewServer(site(t))
	t.Cleanup(server.Close)
	chromium := browser.Start(t)
	for name, view := range map[string]browser.View{
		"phone":       {Width: 320, Height: 700, Cookies: map[string]string{}},
		"desk.dark":   {Width: 1440, Height: 900, Cookies: map[string]string{"theme": "dark", "lang": "en"}},
		"phone.large": {Width: 390, Height: 844, Cookies: map[string]string{"size": "large"}},
	} {
		for shot, who := range map[string]string{"points": "孙淑琴", "none": "何玉兰"} {
			view.Cookies[sitetest.Cookie] = url.QueryEscape(who)
			p := chromium.Open(t, server.URL+"/me/points", view)
			p.Check()
			p.FitsWidth()
			p.Screenshot(shot + "." + name)
		}
	}
}

// BenchmarkAward books the minutes and points of one deed, by many callers.
func BenchmarkAward(b *testing.B) {
	dbtest.Bench(b, func(b *testing.B, d *db.DB) {
		var mu sync.Mutex
		next := 0
		b.SetParallelism(32)
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				mu.Lock()
				next++
				n := next
				mu.Unlock()
				write(b, d, func(tx *db.Tx) error { return Award(tx, deed(fmt.Sprint(n), fmt.Sprint("v", n%1000), 48)) })
			}
		})
	})
}
