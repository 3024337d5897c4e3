//go:build unix

package certificate

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"

	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// BenchmarkBatch10000 issues to ten thousand volunteers with three services each, on
// PostgreSQL to a thousand.
// cores is the time of all processors by the time that went by.
func BenchmarkBatch10000(b *testing.B) {
	c := clock.NewManual(started)
	dbtest.Bench(b, func(b *testing.B, d *db.DB) {
		c.Set(started)
		w := settle(b, d, c)
		c.Set(started)
		many := int64(10_000)
		if d.Engine() == db.Postgres {
			many = 1_000 // moving in takes longest, and is not what is measured
		}
		w.crowd(int(many), 3)
		c.Set(started.AddDate(0, 0, 21))
		if err := d.Optimize(context.Background()); err != nil {
			b.Fatal(err)
		}
		for n := 0; b.Loop(); n++ {
			q := w.thisYear()
			q.Remark = fmt.Sprint("第 ", n, " 次")
			batch, err := w.s.StartBatch(context.Background(), w.worker, community, q)
			if err != nil {
				b.Fatal(err)
			}
			begun, busy := clock.System{}.Now(), processTime(b)
			if _, err := w.runner().Once(context.Background()); err != nil {
				b.Fatal(err)
			}
			took := clock.System{}.Now().Sub(begun)
			if batch, err = w.s.ShowBatch(context.Background(), w.worker, batch.ID); err != nil || batch.Made < many {
				b.Fatalf("%+v %v", batch, err)
			}
			b.ReportMetric(float64(batch.Made)/took.Seconds(), "certificates/s")
			b.ReportMetric(float64(processTime(b)-busy)/float64(took), "cores")
		}
	}, dbtest.Clock(c))
}

// processTime is the time that processors have worked for this process.
func processTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
