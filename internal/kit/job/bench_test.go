package job_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/job"
)

// BenchmarkJobs has jobs enqueued one by one and run by a Runner beside it, each
// completing in a transaction of its own.
func BenchmarkJobs(b *testing.B) {
	dbtest.Bench(b, func(b *testing.B, d *db.DB) {
		var left atomic.Int64
		left.Store(int64(b.N))
		ctx, stop := context.WithCancel(b.Context())
		defer stop()
		r := newRunner(d)
		r.Handle("count", func(ctx context.Context, j *job.Job) error {
			defer func() {
				if left.Add(-1) == 0 {
					stop()
				}
			}()
			return d.Write(ctx, func(tx *db.Tx) error { return j.Done(tx) })
		})
		ended := make(chan struct{})
		b.ResetTimer()
		go func() { defer close(ended); r.Run(ctx) }()
		for i := range b.N {
			err := d.Write(b.Context(), func(tx *db.Tx) error {
				return job.Enqueue(tx, here, "count", strconv.Itoa(i), tx.Now(), nil)
			})
			if err != nil {
				b.Fatal(err)
			}
		}
		<-ended
	})
}
