package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"linli/internal/kit/db"
)

// Handler does a job. It may be called more than once for the same job and by
// several processes at a time when a lease runs out; j.Done settles who counts.
type Handler func(ctx context.Context, j *Job) error

// Options tune a Runner; the zero value is right for production.
type Options struct {
	Workers  int           // jobs at a time; default 4
	Lease    time.Duration // longest time of one attempt; default 5 min
	Attempts int           // before a job is parked; default 10
	Keep     time.Duration // how long a done job keeps its name; default 7 days
	Poll     time.Duration // how often to look for what other processes enqueued; default 1 s
	Grace    time.Duration // how long jobs may go on after Run was told to stop; default 10 s
	Log      *slog.Logger  // default slog.Default()
}

// Runner claims and runs jobs. Handlers and schedules are registered before the
// first Run or Once.
type Runner struct {
	db        *db.DB
	districts func(*db.Tx) ([]int, error)
	o         Options
	handlers  map[string]Handler
	kinds     []any // of the handlers; other kinds are left to other processes
	periodic  map[string]Schedule

	mu      sync.Mutex // guards planned and swept
	planned map[slot]time.Time
	swept   time.Time
}

type slot struct {
	district int
	kind     string
}

// NewRunner makes a runner for the districts that the function lists.
func NewRunner(d *db.DB, districts func(*db.Tx) ([]int, error), o Options) *Runner {
	o.Workers = or(o.Workers, 4)
	o.Lease = or(o.Lease, 5*time.Minute)
	o.Attempts = or(o.Attempts, 10)
	o.Keep = or(o.Keep, 7*24*time.Hour)
	o.Poll = or(o.Poll, time.Second)
	o.Grace = or(o.Grace, 10*time.Second)
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return &Runner{
		db: d, districts: districts, o: o,
		handlers: map[string]Handler{}, periodic: map[string]Schedule{}, planned: map[slot]time.Time{},
	}
}

func or[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// Handle registers the handler of a kind.
func (r *Runner) Handle(kind string, h Handler) {
	if r.handlers[kind] == nil {
		r.kinds = append(r.kinds, kind)
	}
	r.handlers[kind] = h
}

// Periodic enqueues a kind in every district at each moment of the schedule. All
// processes do; kind and moment are the name under which it happens once.
func (r *Runner) Periodic(kind string, s Schedule, h Handler) {
	r.Handle(kind, h)
	r.periodic[kind] = s
}

// Run works until ctx ends, then lets the jobs at work finish.
func (r *Runner) Run(ctx context.Context) {
	woken, stop := r.db.Listen(topic)
	defer stop()
	tick := time.NewTicker(r.o.Poll)
	defer tick.Stop()
	crew := r.hire(ctx)
	for ctx.Err() == nil {
		r.logged("plan", r.plan(ctx))
		r.logged("start", r.start(ctx, crew))
		select {
		case <-ctx.Done():
		case <-woken:
		case <-tick.C:
		}
	}
	crew.dismiss(r.o.Grace)
}

// Once runs everything that is due now, one after the other, and returns how many
// that were. Tests and the loading of a past call it between steps of the clock.
func (r *Runner) Once(ctx context.Context) (ran int, err error) {
	if err := r.plan(ctx); err != nil {
		return 0, err
	}
	for {
		districts, err := r.due(ctx)
		if err != nil || len(districts) == 0 {
			return ran, err
		}
		for _, district := range districts {
			jobs, err := r.claim(ctx, district, 1)
			if err != nil {
				return ran, err
			}
			for _, j := range jobs {
				r.work(ctx, j)
				ran++
			}
		}
	}
}

// crew is the workers of one Run.
type crew struct {
	ctx   context.Context // of the jobs: outlives the runner's by the grace
	end   context.CancelFunc
	seats chan struct{} // one token per idle worker
	busy  sync.WaitGroup
}

func (r *Runner) hire(ctx context.Context) *crew {
	c := &crew{seats: make(chan struct{}, r.o.Workers)}
	c.ctx, c.end = context.WithCancel(context.WithoutCancel(ctx))
	for range r.o.Workers {
		c.seats <- struct{}{}
	}
	return c
}

// idle waits for a worker and returns how many there are then, 0 when ctx ends.
func (c *crew) idle(ctx context.Context) int {
	select {
	case <-c.seats:
		c.seats <- struct{}{}
		return max(1, len(c.seats))
	case <-ctx.Done():
		return 0
	}
}

func (c *crew) dismiss(grace time.Duration) {
	late := time.AfterFunc(grace, c.end)
	c.busy.Wait()
	late.Stop()
	c.end()
}

// start claims what is due and hands it out, until nothing is.
func (r *Runner) start(ctx context.Context, c *crew) error {
	for {
		districts, err := r.due(ctx)
		if err != nil || len(districts) == 0 {
			return err
		}
		claimed := 0
		for _, district := range districts {
			idle := c.idle(ctx)
			if idle == 0 {
				return ctx.Err()
			}
			jobs, err := r.claim(ctx, district, idle)
			if err != nil {
				return err
			}
			for _, j := range jobs {
				r.hand(c, j)
			}
			claimed += len(jobs)
		}
		if claimed == 0 { // other processes were quicker
			return nil
		}
	}
}

func (r *Runner) hand(c *crew, j *Job) {
	<-c.seats
	c.busy.Go(func() {
		defer func() { c.seats <- struct{}{} }()
		r.work(c.ctx, j)
	})
}

// due lists the districts with something to claim.
func (r *Runner) due(ctx context.Context) (found []int, err error) {
	if len(r.kinds) == 0 {
		return nil, nil
	}
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		found = nil
		all, err := r.districts(tx)
		if err != nil {
			return err
		}
		for _, district := range all {
			any, err := due(tx, district, r.kinds)
			if err != nil {
				return err
			}
			if any {
				found = append(found, district)
			}
		}
		return nil
	})
	return found, err
}

func (r *Runner) claim(ctx context.Context, district, limit int) (jobs []*Job, err error) {
	err = r.db.Write(ctx, func(tx *db.Tx) (err error) {
		jobs, err = claim(tx, district, r.kinds, limit, tx.Now().Add(r.o.Lease))
		return err
	})
	for _, j := range jobs {
		j.keep = r.o.Keep
	}
	return jobs, err
}

// work runs a job and records how it went. When that cannot be recorded, the end
// of the lease brings the job back.
func (r *Runner) work(ctx context.Context, j *Job) {
	err := r.call(ctx, j)
	if j.done || errors.Is(err, ErrGone) {
		return
	}
	failed := r.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { return r.settle(tx, j, err) })
	if err != nil {
		r.o.Log.Warn("job failed", "kind", j.Kind, "district", j.District, "key", j.Key, "attempt", j.Attempt, "error", err)
	}
	r.logged("record", failed)
}

// call runs the handler; its time is over a little before its lease.
func (r *Runner) call(ctx context.Context, j *Job) (err error) {
	ctx, cancel := context.WithTimeout(ctx, r.o.Lease*9/10)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("job: panic: %v\n%s", p, debug.Stack())
		}
	}()
	return r.handlers[j.Kind](ctx, j)
}

func (r *Runner) settle(tx *db.Tx, j *Job, err error) error {
	switch {
	case err == nil:
		_, err := complete(tx, j, tx.Now().Add(r.o.Keep))
		return err
	case j.Attempt >= r.o.Attempts:
		return park(tx, j, brief(err))
	default:
		return postpone(tx, j, tx.Now().Add(backoff(j.Attempt)), brief(err))
	}
}

// backoff is 10 s after the first attempt and doubles up to an hour.
func backoff(attempt int) time.Duration {
	return min(10*time.Second<<min(attempt-1, 10), time.Hour)
}

// brief is what of an error is kept with its job.
func brief(err error) string {
	const most = 500
	text := []rune(err.Error())
	return string(text[:min(len(text), most)])
}

// plan enqueues the periodic jobs whose moment has come, and forgets old ones
// once an hour.
func (r *Runner) plan(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var districts []int
	err := r.db.Read(ctx, func(tx *db.Tx) (err error) {
		districts, err = r.districts(tx)
		return err
	})
	now := r.db.Clock().Now()
	hour := Every(time.Hour)(now)
	sweep := !hour.Equal(r.swept)
	for _, district := range districts {
		err = errors.Join(err, r.enqueue(ctx, district, now))
		if sweep {
			err = errors.Join(err, r.sweep(ctx, district))
		}
	}
	r.swept = hour
	return err
}

func (r *Runner) enqueue(ctx context.Context, district int, now time.Time) error {
	fresh := map[string]time.Time{}
	for kind, schedule := range r.periodic {
		if moment := schedule(now); !moment.Equal(r.planned[slot{district, kind}]) {
			fresh[kind] = moment
		}
	}
	if len(fresh) == 0 {
		return nil
	}
	err := r.db.Write(ctx, func(tx *db.Tx) error {
		for kind, moment := range fresh {
			if err := Enqueue(tx, district, kind, moment.UTC().Format(time.RFC3339), moment, nil); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for kind, moment := range fresh {
		r.planned[slot{district, kind}] = moment
	}
	return nil
}

func (r *Runner) sweep(ctx context.Context, district int) error {
	for {
		var n int64
		err := r.db.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = forget(tx, district)
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}

func (r *Runner) logged(what string, err error) {
	if err != nil && !errors.Is(err, context.Canceled) {
		r.o.Log.Error("job runner", "step", what, "error", err)
	}
}
