package db_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

func openNotes(t testing.TB, o db.Options) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), filepath.Join(t.TempDir(), "notes.db"), o)
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	createNotes(t, d)
	return d
}

// together has the writer run closures in one group, in this order, and returns
// their answers. The first of the group holds the writer until all others wait.
func together(t *testing.T, d *db.DB, closures ...func(*db.Tx) error) []error {
	t.Helper()
	answers := make([]error, len(closures))
	held, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	var once sync.Once
	all.Go(func() {
		must(t, d.Write(context.Background(), func(*db.Tx) error {
			once.Do(func() { close(held); <-release })
			return nil
		}))
	})
	<-held
	for i, fn := range closures {
		all.Go(func() { answers[i] = d.Write(context.Background(), fn) })
		for d.Waiting() <= i {
			runtime.Gosched()
		}
	}
	close(release)
	all.Wait()
	return answers
}

func TestAClosureOfAGroupFailsAlone(t *testing.T) {
	d := openNotes(t, db.Options{})
	fails := map[string]func(tx *db.Tx) error{
		"before it writes":     func(*db.Tx) error { return errRefused },
		"after it has written": func(tx *db.Tx) error { return errors.Join(add(tx, 99), errRefused) },
		"by a panic":           func(tx *db.Tx) error { must(t, add(tx, 99)); panic("a mistake") },
		"by a constraint":      func(tx *db.Tx) error { must(t, add(tx, 99)); return add(tx, 99) },
		"by a wrong statement": func(tx *db.Tx) error { must(t, add(tx, 99)); _, err := tx.Exec("NONSENSE"); return err },
		"by its last work":     func(tx *db.Tx) error { tx.Last(func() error { return errRefused }); return add(tx, 99) },
		"by ending":            func(tx *db.Tx) error { must(t, add(tx, 99)); runtime.Goexit(); return nil },
	}
	var want []int64
	for how, fail := range fails {
		id := int64(len(want)) + 100
		answers := together(t, d, adding(id), fail, adding(id+1), fail, adding(id+2))
		for i, err := range answers {
			if failed := i%2 == 1; failed != (err != nil) {
				t.Errorf("%s: closure %d was answered with %v", how, i, err)
			}
		}
		want = append(want, id, id+1, id+2)
		wantIDs(t, d, want...)
	}
}

func TestARunAgainClosureCountsOnce(t *testing.T) {
	d := openNotes(t, db.Options{})
	committed := 0
	answers := together(t, d,
		func(tx *db.Tx) error { tx.AfterCommit(func() { committed++ }); return add(tx, 1) },
		func(tx *db.Tx) error { must(t, add(tx, 2)); return errRefused },
	)
	if answers[0] != nil || committed != 1 {
		t.Errorf("answered %v, committed %d times", answers[0], committed)
	}
	wantIDs(t, d, 1)
}

// TestEveryAnswerIsTrue lets many callers write in every way there is, and then
// compares what they were told with what is there.
func TestEveryAnswerIsTrue(t *testing.T) {
	d := openNotes(t, db.Options{})
	const callers, each = 16, 60
	var mu sync.Mutex
	var told []int64
	var all sync.WaitGroup
	for c := range callers {
		all.Go(func() {
			random := rand.New(rand.NewPCG(7, uint64(c)))
			for i := range each {
				id := int64(c*each + i)
				if d.Write(context.Background(), somehow(random.IntN(8), id)) == nil {
					mu.Lock()
					told = append(told, id)
					mu.Unlock()
				}
			}
		})
	}
	all.Wait()
	slices.Sort(told)
	wantIDs(t, d, told...)
	if len(told) == 0 || len(told) == callers*each {
		t.Errorf("%d of %d were told that it worked: nothing was tried", len(told), callers*each)
	}
}

func somehow(way int, id int64) func(*db.Tx) error {
	return func(tx *db.Tx) error {
		if way == 0 {
			return errRefused
		}
		if err := add(tx, id); err != nil {
			return err
		}
		switch way {
		case 1:
			return errRefused
		case 2:
			return add(tx, id)
		case 3:
			panic(fmt.Sprint("a mistake with ", id))
		}
		return nil
	}
}

func TestACallerWhoLeavesTheQueueHasNoEffect(t *testing.T) {
	d := openNotes(t, db.Options{})
	held, release := hold(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	go func() { left <- d.Write(ctx, adding(1)) }()
	for d.Waiting() == 0 {
		runtime.Gosched()
	}
	cancel()
	wantError(t, <-left, context.Canceled)
	release()
	must(t, <-held)
	must(t, d.Write(t.Context(), adding(2)))
	wantIDs(t, d, 2)
}

func TestACallerWhoseTimeIsOverIsNotRun(t *testing.T) {
	d := openNotes(t, db.Options{})
	held, release := hold(t, d)
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	go func() { left <- d.Write(ctx, adding(1)) }()
	for d.Waiting() == 0 {
		runtime.Gosched()
	}
	cancel()
	release() // before the caller looks up by itself
	must(t, <-held)
	wantError(t, <-left, context.Canceled)
	wantIDs(t, d)
}

func TestACallerWhoLeavesTooLateIsToldTheTruth(t *testing.T) {
	d := openNotes(t, db.Options{})
	ctx, cancel := context.WithCancel(t.Context())
	must(t, d.Write(ctx, func(tx *db.Tx) error {
		cancel()
		return add(tx, 1)
	}))
	wantIDs(t, d, 1)
	wantError(t, d.Write(ctx, adding(2)), context.Canceled)
}

// hold keeps the writer busy until release.
func hold(t *testing.T, d *db.DB) (held chan error, release func()) {
	t.Helper()
	held = make(chan error, 1)
	running, let := make(chan struct{}), make(chan struct{})
	go func() {
		held <- d.Write(context.Background(), func(*db.Tx) error {
			close(running)
			<-let
			return nil
		})
	}()
	<-running
	return held, func() { close(let) }
}

func TestNobodyWaitsForEver(t *testing.T) {
	d := openNotes(t, db.Options{Limit: 120 * time.Millisecond})
	held, release := hold(t, d)
	if err := d.Write(t.Context(), adding(1)); fault.KindOf(err) != fault.KindBusy {
		t.Errorf("behind a closure that does not end: %v", err)
	}
	release()
	must(t, <-held)
	wantIDs(t, d)
}

func TestAClosureThatWaitsForItselfIsRefused(t *testing.T) {
	d := openNotes(t, db.Options{})
	outer := t.Context()
	must(t, d.Write(outer, func(tx *db.Tx) error {
		wantError(t, d.Write(outer, adding(1)), db.ErrNested)
		return add(tx, 2)
	}))
	wantIDs(t, d, 2)
}

func TestASlowStatementIsStoppedAndNobodyElseSuffers(t *testing.T) {
	d := openNotes(t, db.Options{Limit: 400 * time.Millisecond})
	const counting = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1) INSERT INTO note (district, id, words) SELECT 1, max(i), '' FROM n`
	answers := together(t, d, adding(1), adding(2), func(tx *db.Tx) error {
		if _, err := tx.Exec(counting, 1<<15); err != nil { // long enough to be watched from here on
			return err
		}
		_, err := tx.Exec(counting, 1<<50)
		return err
	})
	if answers[0] != nil || answers[1] != nil || fault.KindOf(answers[2]) != fault.KindBusy {
		t.Errorf("answers are %v", answers)
	}
	wantIDs(t, d, 1, 2)
}

// TestAFullDiskIsToldToEverybody fills the file in the middle of a group: the
// engine rolls back the whole transaction by itself.
func TestAFullDiskIsToldToEverybody(t *testing.T) {
	d := openNotes(t, db.Options{})
	must(t, d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(`PRAGMA max_page_count = 60`); return err }))
	large := func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO note (district, id, words) VALUES ($1, $2, hex(zeroblob(200000)))`, district, 50)
		return err
	}
	answers := together(t, d, adding(1), large, adding(2), large)
	if answers[0] != nil || answers[2] != nil || answers[1] == nil || answers[3] == nil {
		t.Errorf("answers are %v", answers)
	}
	wantIDs(t, d, 1, 2)

	var many []func(*db.Tx) error
	for i := range 40 {
		many = append(many, func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO note (district, id, words) VALUES ($1, $2, hex(zeroblob(5000)))`, district, 100+i)
			return err
		})
	}
	told := []int64{1, 2}
	for i, err := range together(t, d, many...) {
		if err == nil {
			told = append(told, int64(100+i))
		}
	}
	wantIDs(t, d, told...)
	if len(told) < 3 || len(told) > 30 {
		t.Errorf("%d of 40 fitted on the disk", len(told)-2)
	}
}
