package place

import (
	"context"
	"errors"
	"fmt"
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

// BenchmarkSum adds up a dozen metrics of a county with 300 communities, as its
// page does.
func BenchmarkSum(b *testing.B) {
	dbtest.Bench(b, func(b *testing.B, d *db.DB) {
		var metrics []string
		for m := range 12 {
			metrics = append(metrics, fmt.Sprint("metric/", m))
		}
		county := Place{District: 130104, ID: "130104000000", Level: District, Path: "/130104000000/"}
		err := d.Write(b.Context(), func(tx *db.Tx) error {
			if err := insert(tx, county); err != nil {
				return err
			}
			for i := range 300 {
				id := fmt.Sprintf("130104%03d%03d", 1+i/20, 1+i%20)
				p := Place{District: 130104, ID: id, Parent: county.ID, Level: Community, Name: id, Path: county.Path + id + "/", ValidFrom: tx.Now()}
				if err := insert(tx, p); err != nil {
					return err
				}
				for _, m := range metrics {
					Count(tx, 130104, id, m, int64(i))
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			err := d.Read(b.Context(), func(tx *db.Tx) error {
				sums, err := Sum(tx, county, metrics...)
				if sums["metric/11"] != 300*299/2 {
					b.Errorf("%v", sums)
				}
				return err
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
}
