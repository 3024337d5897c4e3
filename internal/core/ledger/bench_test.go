package ledger

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// BenchmarkPost books one award each time: by itself, by many callers at once, and
// a hundred in one transaction (per award).
func BenchmarkPost(b *testing.B) {
	var next atomic.Int64
	one := func(tx *db.Tx) error {
		n := next.Add(1)
		_, err := Post(tx, award(here, fmt.Sprintf("visit:%d", n), fmt.Sprintf("v%d", n%1000), 2))
		return err
	}
	b.Run("alone", func(b *testing.B) {
		dbtest.Bench(b, func(b *testing.B, d *db.DB) {
			for b.Loop() {
				if err := d.Write(context.Background(), one); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
	b.Run("together", func(b *testing.B) {
		dbtest.Bench(b, func(b *testing.B, d *db.DB) {
			b.SetParallelism(32)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := d.Write(context.Background(), one); err != nil {
						b.Error(err)
					}
				}
			})
		})
	})
	b.Run("hundred", func(b *testing.B) {
		dbtest.Bench(b, func(b *testing.B, d *db.DB) {
			for b.Loop() {
				if err := d.Write(context.Background(), func(tx *db.Tx) error {
					for range 100 {
						if err := one(tx); err != nil {
							return err
						}
					}
					return nil
				}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/100, "ns/award")
		})
	})
}
