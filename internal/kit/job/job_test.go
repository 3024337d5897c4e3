package job_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/job"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const here, there = 110105, 440304

var noon = time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC)

// bench is a database whose clock stands, and a runner on it.
type bench struct {
	t      *testing.T
	db     *db.DB
	clock  *clock.Manual
	runner *job.Runner
}

func each(t *testing.T, test func(b *bench)) {
	t.Helper()
	now := clock.NewManual(noon)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now.Set(noon)
		test(&bench{t: t, db: d, clock: now, runner: newRunner(d)})
	}, dbtest.Clock(now))
}

func newRunner(d *db.DB) *job.Runner {
	districts := func(*db.Tx) ([]int, error) { return []int{here, there}, nil }
	return job.NewRunner(d, districts, job.Options{
		Attempts: 3, Lease: time.Minute, Poll: time.Hour, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
}

func (b *bench) write(fn func(tx *db.Tx) error) {
	b.t.Helper()
	if err := b.db.Write(b.t.Context(), fn); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bench) enqueue(district int, kind, key string, at time.Time) {
	b.t.Helper()
	b.write(func(tx *db.Tx) error { return job.Enqueue(tx, district, kind, key, at, nil) })
}

func (b *bench) parked() (all []*job.Job) {
	b.t.Helper()
	b.write(func(tx *db.Tx) (err error) {
		all, err = job.Parked(tx, here, 10)
		return err
	})
	return all
}

// once runs what is due and compares their number.
func (b *bench) once(want int) {
	b.t.Helper()
	got, err := b.runner.Once(b.t.Context())
	if err != nil {
		b.t.Fatal(err)
	}
	if got != want {
		b.t.Errorf("ran %d jobs, want %d", got, want)
	}
}

var errRefused = errors.New("the gateway did not answer")

func TestAJobRunsOnceWhenItIsDue(t *testing.T) {
	each(t, func(b *bench) {
		var ran []string
		b.runner.Handle("greet", func(_ context.Context, j *job.Job) error {
			var name string
			if err := json.Unmarshal(j.Args, &name); err != nil {
				return err
			}
			ran = append(ran, name)
			return nil
		})
		for key, at := range map[string]time.Time{"later": noon.Add(2 * time.Hour), "soon": noon.Add(time.Hour), "now": noon} {
			b.write(func(tx *db.Tx) error { return job.Enqueue(tx, here, "greet", key, at, key+"“𠮷”") })
			b.write(func(tx *db.Tx) error { return job.Enqueue(tx, here, "greet", key, noon, "again") })
		}
		b.once(1)
		b.clock.Add(3 * time.Hour)
		b.once(2)
		b.enqueue(here, "greet", "now", noon)
		b.once(0)
		if want := []string{"now“𠮷”", "soon“𠮷”", "later“𠮷”"}; !slices.Equal(ran, want) {
			t.Errorf("ran %v, want %v", ran, want)
		}
	})
}

func TestARolledBackTransactionEnqueuesNothing(t *testing.T) {
	each(t, func(b *bench) {
		b.runner.Handle("greet", func(context.Context, *job.Job) error { return nil })
		err := b.db.Write(t.Context(), func(tx *db.Tx) error {
			return errors.Join(job.Enqueue(tx, here, "greet", "k", noon, nil), errRefused)
		})
		if !errors.Is(err, errRefused) {
			t.Fatal(err)
		}
		b.once(0)
	})
}

func TestDistrictsAndKindsHaveTheirOwnKeys(t *testing.T) {
	each(t, func(b *bench) {
		var ran []int
		nod := func(_ context.Context, j *job.Job) error { ran = append(ran, j.District); return nil }
		b.runner.Handle("greet", nod)
		b.runner.Handle("wave", nod)
		b.enqueue(here, "greet", "k", noon)
		b.enqueue(here, "wave", "k", noon)
		b.enqueue(there, "greet", "k", noon)
		b.enqueue(here, "unknown here", "k", noon)
		b.once(3)
		if slices.Sort(ran); !slices.Equal(ran, []int{here, here, there}) {
			t.Errorf("ran in %v", ran)
		}
	})
}

func TestAFailedJobComesBackLaterAndIsParkedAtLast(t *testing.T) {
	each(t, func(b *bench) {
		fail := true
		var attempts []int
		b.runner.Handle("send", func(_ context.Context, j *job.Job) error {
			attempts = append(attempts, j.Attempt)
			if j.Attempt == 2 && fail {
				panic("a mistake")
			}
			if fail {
				return errRefused
			}
			return nil
		})
		b.enqueue(here, "send", "k", noon)
		for _, pause := range []time.Duration{0, 10 * time.Second, 20 * time.Second} {
			b.clock.Add(pause - time.Millisecond)
			b.once(0)
			b.clock.Add(time.Millisecond)
			b.once(1)
		}
		b.clock.Add(24 * time.Hour)
		b.once(0)
		all := b.parked()
		if len(all) != 1 || all[0].Error != errRefused.Error() || !all[0].Since.Equal(noon.Add(30*time.Second)) {
			t.Fatalf("parked: %+v", all)
		}
		fail = false
		b.write(func(tx *db.Tx) error { _, err := job.Retry(tx, here, all[0].ID); return err })
		b.once(1)
		if len(b.parked()) != 0 || !slices.Equal(attempts, []int{1, 2, 3, 1}) {
			t.Errorf("attempts %v, parked %v", attempts, b.parked())
		}
	})
}

func TestAPanicIsAnErrorOfItsJob(t *testing.T) {
	each(t, func(b *bench) {
		b.runner.Handle("send", func(_ context.Context, j *job.Job) error {
			if j.Attempt == 2 && !strings.Contains(j.Error, "a mistake") {
				t.Errorf("the error kept is %q", j.Error)
			}
			panic("a mistake")
		})
		b.enqueue(here, "send", "k", noon)
		b.once(1)
		b.clock.Add(time.Minute)
		b.once(1)
	})
}

func TestDoneStandsAndFallsWithTheEffect(t *testing.T) {
	each(t, func(b *bench) {
		first := true
		b.runner.Handle("pay", func(ctx context.Context, j *job.Job) error {
			return b.db.Write(ctx, func(tx *db.Tx) error {
				if err := job.Enqueue(tx, here, "effect", j.Key, noon.Add(time.Hour), nil); err != nil {
					return err
				}
				if err := j.Done(tx); err != nil {
					return err
				}
				if first {
					first = false
					return errRefused
				}
				return nil
			})
		})
		effects := 0
		b.runner.Handle("effect", func(context.Context, *job.Job) error { effects++; return nil })
		b.enqueue(here, "pay", "k", noon)
		b.once(1)
		b.clock.Add(10 * time.Second)
		b.once(1)
		b.clock.Add(2 * time.Hour)
		b.once(1)
		if effects != 1 {
			t.Errorf("%d effects, want 1", effects)
		}
	})
}

func TestACancelledJobHasNoEffect(t *testing.T) {
	each(t, func(b *bench) {
		cancel := func() { b.write(func(tx *db.Tx) error { return job.Cancel(tx, here, "lapse", "k") }) }
		ran := 0
		b.runner.Handle("lapse", func(ctx context.Context, j *job.Job) error {
			ran++
			cancel() // while it runs
			return b.db.Write(ctx, func(tx *db.Tx) error { return j.Done(tx) })
		})
		b.enqueue(here, "lapse", "k", noon.Add(time.Hour))
		cancel()
		b.clock.Add(2 * time.Hour)
		b.once(0)
		b.enqueue(here, "lapse", "k", noon) // the name is free again
		b.once(1)
		b.clock.Add(24 * time.Hour)
		b.once(0)
		if ran != 1 || len(b.parked()) != 0 {
			t.Errorf("ran %d times, parked %v", ran, b.parked())
		}
	})
}

func TestAJobOfADeadProcessFallsDueAgain(t *testing.T) {
	each(t, func(b *bench) {
		var late *job.Job
		done := func(j *job.Job) error {
			return b.db.Write(t.Context(), func(tx *db.Tx) error { return j.Done(tx) })
		}
		wantGone := func(err error) {
			if !errors.Is(err, job.ErrGone) {
				t.Errorf("the late claimant was told %v", err)
			}
		}
		b.runner.Handle("count", func(_ context.Context, j *job.Job) error {
			if j.Attempt > 1 {
				wantGone(done(late))
				return done(j)
			}
			late = j
			b.clock.Add(2 * time.Minute) // longer than the lease: it is taken for dead
			b.once(1)
			return done(j)
		})
		b.enqueue(here, "count", "k", noon)
		b.once(1)
		wantGone(done(late))
		b.clock.Add(24 * time.Hour)
		b.once(0)
	})
}

func TestPeriodicJobsRunOncePerMoment(t *testing.T) {
	each(t, func(b *bench) {
		var slots []string
		nod := func(_ context.Context, j *job.Job) error {
			if j.District == here {
				slots = append(slots, j.Kind+" "+j.Key)
			}
			return nil
		}
		shanghai := time.FixedZone("CST", 8*3600)
		other := newRunner(b.db)
		for _, r := range []*job.Runner{b.runner, other} {
			r.Periodic("nightly", job.Daily(90*time.Minute, shanghai), nod)
			r.Periodic("hourly", job.Every(time.Hour), nod)
		}
		b.once(4) // two districts, two kinds
		if n, err := other.Once(t.Context()); n != 0 || err != nil {
			t.Errorf("the other process ran %d, %v", n, err)
		}
		b.clock.Add(59 * time.Minute)
		b.once(0)
		b.clock.Add(time.Minute)
		b.once(2)
		b.clock.Add(48 * time.Hour) // asleep: only the latest moment counts
		b.once(4)
		slices.Sort(slots)
		if want := []string{
			"hourly 2026-03-02T04:00:00Z", "hourly 2026-03-02T05:00:00Z", "hourly 2026-03-04T05:00:00Z",
			"nightly 2026-03-01T17:30:00Z", "nightly 2026-03-03T17:30:00Z",
		}; !slices.Equal(slots, want) {
			t.Errorf("ran at %v, want %v", slots, want)
		}
	})
}

func TestDoneJobsAreForgottenInTime(t *testing.T) {
	each(t, func(b *bench) {
		ran := 0
		b.runner.Handle("greet", func(context.Context, *job.Job) error { ran++; return nil })
		b.enqueue(here, "greet", "k", noon)
		b.once(1)
		b.clock.Add(6 * 24 * time.Hour)
		b.once(0)
		b.enqueue(here, "greet", "k", noon)
		b.once(0)
		b.clock.Add(2 * 24 * time.Hour)
		b.once(0)
		b.enqueue(here, "greet", "k", noon)
		b.once(1)
	})
}

func TestRunWakesOnACommitAndStopsGracefully(t *testing.T) {
	each(t, func(b *bench) {
		started, release, done := make(chan struct{}), make(chan struct{}), make(chan string, 10)
		b.runner.Handle("slow", func(ctx context.Context, j *job.Job) error {
			close(started)
			<-release
			done <- j.Key
			return ctx.Err()
		})
		b.runner.Handle("quick", func(_ context.Context, j *job.Job) error { done <- j.Key; return nil })
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { defer close(ended); b.runner.Run(ctx) }()
		for _, key := range []string{"a", "b", "c"} { // Poll is an hour: only the wake-up can bring them
			b.enqueue(here, "quick", key, noon)
			if got := <-done; got != key {
				t.Errorf("ran %s, want %s", got, key)
			}
		}
		b.enqueue(here, "slow", "s", noon)
		<-started
		stop()
		close(release)
		<-ended
		if len(done) != 1 {
			t.Error("Run ended before its job")
		}
		b.clock.Add(time.Hour)
		b.once(0)
	})
}

func TestSeveralProcessesShareTheWork(t *testing.T) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) { share(t, dbtest.DSN(t, engine)) })
	}
}

func share(t *testing.T, dsn string) {
	const processes, jobs = 3, 200
	var mu sync.Mutex
	ran := map[string]int{}
	var left atomic.Int64
	left.Store(jobs)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var all sync.WaitGroup
	for p := range processes {
		d, err := db.Open(t.Context(), dsn, db.Options{Synchronous: "OFF", Clock: clock.NewManual(noon)})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		if p == 0 {
			enqueueMany(t, d, jobs)
		}
		r := newRunner(d)
		r.Handle("share", func(_ context.Context, j *job.Job) error {
			mu.Lock()
			defer mu.Unlock()
			ran[j.Key]++
			if left.Add(-1) == 0 {
				stop()
			}
			return nil
		})
		all.Go(func() { r.Run(ctx) })
	}
	all.Wait()
	if len(ran) != jobs {
		t.Errorf("%d jobs ran, want %d", len(ran), jobs)
	}
	for key, n := range ran {
		if n != 1 {
			t.Errorf("job %s ran %d times", key, n)
		}
	}
}

func enqueueMany(t *testing.T, d *db.DB, n int) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for i := range n {
			if err := job.Enqueue(tx, here, "share", time.Duration(i).String(), noon, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
