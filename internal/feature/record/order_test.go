package record

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"linli/internal/core/access"
	"linli/internal/core/ledger"
	"linli/internal/feature/points"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// TestAwardsToCrossingPairsNeverWaitInACircle: many transactions award several people
// at once, two communities name the same people the other way round, and gifts go
// between them. None has to be run again: on PostgreSQL a circle of waiting costs a
// second and a retry.
func TestAwardsToCrossingPairsNeverWaitInACircle(t *testing.T) {
	const rounds = 20
	c := clock.NewManual(started)
	w := settle(t, dbtest.New(t, db.Postgres, dbtest.Clock(c), dbtest.With(invariants)), c)
	pair := []access.Who{w.sun, w.li, w.he}
	for i, who := range pair { // something to give, and the accounts
		w.add(served(fmt.Sprint("start:", i), who, -1000, 600, "A"))
	}
	var runs atomic.Int64
	for n := range rounds {
		var ready, all sync.WaitGroup
		together := func(fn func(tx *db.Tx) error) {
			ready.Add(1)
			meet := sync.OnceFunc(func() { ready.Done(); ready.Wait() })
			all.Go(func() {
				if err := w.db.Write(t.Context(), func(tx *db.Tx) error {
					runs.Add(1)
					meet()
					return fn(tx)
				}); err != nil {
					t.Error(err)
				}
			})
		}
		for at, home := range []string{community, nextDoor} {
			var rows []Record
			for i, who := range pair {
				r := served(fmt.Sprint(home, n, i), who, 120*n+60*at, 50, "A")
				r.Community = home
				rows = append(rows, r)
			}
			if at == 1 {
				slices.Reverse(rows)
			}
			together(func(tx *db.Tx) error {
				_, err := Enter(tx, rows...)
				return err
			})
		}
		from, to := pair[n%3].Person, pair[(n+1+n%2)%3].Person
		together(func(tx *db.Tx) error {
			_, err := ledger.Post(tx, ledger.Posting{District: district, Source: fmt.Sprint("gift:", n), Place: community, Entries: []ledger.Entry{
				{Account: points.Earned(from, points.Points), Amount: -1}, {Account: points.Earned(to, points.Points), Amount: 1}}})
			return err
		})
		all.Wait()
	}
	if got := runs.Load(); got != 3*rounds {
		t.Errorf("%d runs of %d transactions", got, 3*rounds)
	}
}
