package place

import (
	"context"
	"errors"
	"sync"
	"testing"

	"linli/internal/core/event"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

func TestCountsAreKeptUnderConcurrency(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		town(t, d)
		const callers, each = 8, 20
		var wg sync.WaitGroup
		for range callers {
			wg.Go(func() {
				for i := range each {
					err := d.Write(context.Background(), func(tx *db.Tx) error {
						Count(tx, 130104, community, "orders/2026-11", 1)
						event.Append(tx, event.Event{District: 130104, Act: "test.one", Kind: "test", Subject: "x"})
						Count(tx, 130104, community, "orders", 2)
						Count(tx, 130104, community, "orders", -1)
						Count(tx, 130104, community, "nothing", 0)
						if i%4 == 3 {
							return errors.New("taken back")
						}
						return nil
					})
					if (err != nil) != (i%4 == 3) {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		const want = callers * each * 3 / 4
		got := read(t, d, func(tx *db.Tx) (map[string]int64, error) {
			return Sum(tx, mustFind(tx, community), "orders", "orders/2026-11", "never")
		})
		if got["orders"] != want || got["orders/2026-11"] != want || got["never"] != 0 {
			t.Errorf("%v, want %d", got, want)
		}
	})
}

func TestCheckCountsNamesDifferences(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error {
			Count(tx, 130104, community, "right", 3)
			Count(tx, 130104, community, "wrong", 3)
			Count(tx, 130104, community, "nobody's", 1)
			Count(tx, 130104, community, "back to none", 1)
			return nil
		})
		write(t, d, func(tx *db.Tx) error {
			Count(tx, 130104, community, "back to none", -1)
			return nil
		})
		recount := func(tx *db.Tx) ([]Tally, error) {
			return []Tally{{130104, community, "right", 1}, {130104, community, "right", 2},
				{130104, community, "wrong", 4}, {130104, community, "missing", 1}}, nil
		}
		bad := read(t, d, CheckCounts(recount))
		want := []string{
			"place: missing of 130104016001 in 130104 is kept as 0 but there are 1",
			"place: nobody's of 130104016001 in 130104 is kept as 1 but there are 0",
			"place: wrong of 130104016001 in 130104 is kept as 3 but there are 4",
		}
		if len(bad) != len(want) {
			t.Fatalf("%q", bad)
		}
		for i := range want {
			if bad[i] != want[i] {
				t.Errorf("%q, want %q", bad[i], want[i])
			}
		}
	})
}
