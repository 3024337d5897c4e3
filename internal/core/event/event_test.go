package event

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	here  = 130104
	there = 430102
)

// each runs a test on both engines and checks the numbers at its end.
func each(t *testing.T, test func(*testing.T, *db.DB), opts ...dbtest.Option) {
	t.Helper()
	dbtest.Each(t, test, append(opts, dbtest.With(gapless))...)
}

func gapless(ctx context.Context, d *db.DB) error {
	return d.Read(ctx, func(tx *db.Tx) error {
		bad, err := CheckGapless(tx)
		if err == nil && len(bad) > 0 {
			err = fmt.Errorf("%v", bad)
		}
		return err
	})
}

func write(t *testing.T, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func since(t *testing.T, d *db.DB, district int, no int64) (events []Event) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		events, err = Since(tx, district, no, 1000)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return events
}

func TestAnEventIsReadBackAsWritten(t *testing.T) {
	now := time.Date(2026, 11, 23, 1, 2, 3, 4_000_000, time.UTC)
	each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error {
			Append(tx, Event{District: here, Community: "130104016001", Actor: "p1", Act: "order.request", Kind: "order", Subject: "o1", Data: Data{"minutes": 48, "to": []string{"a", "b"}}})
			Append(tx, Event{District: here, Act: "order.overdue", Kind: "order", Subject: "o1"})
			return nil
		})
		all := since(t, d, here, 0)
		if len(all) != 2 || all[0].No != 1 || all[1].No != 2 {
			t.Fatalf("numbers: %+v", all)
		}
		first := all[0]
		if !first.At.Equal(now) || first.Community != "130104016001" || first.Actor != "p1" || first.Act != "order.request" || first.Kind != "order" || first.Subject != "o1" {
			t.Errorf("read back: %+v", first)
		}
		if to, _ := first.Data["to"].([]any); first.Data["minutes"] != 48.0 || len(to) != 2 {
			t.Errorf("data: %v", first.Data)
		}
		if len(all[1].Data) != 0 {
			t.Errorf("data of one without: %v", all[1].Data)
		}
	}, dbtest.Clock(clock.NewManual(now)))
}

// TestNumbersFollowTheOrderOfCommits writes from many sides, some of which fail,
// while a reader looks on: what it sees always continues where it was, and a write
// that began after another had returned has the later number.
func TestNumbersFollowTheOrderOfCommits(t *testing.T) {
	const writers, rounds = 8, 25
	each(t, func(t *testing.T, d *db.DB) {
		done := make(chan struct{})
		var reader sync.WaitGroup
		reader.Go(func() { followed(t, d, done) })

		var tick atomic.Int64
		begun, ended := sync.Map{}, sync.Map{}
		var all sync.WaitGroup
		for w := range writers {
			all.Go(func() {
				for i := range rounds {
					subject := fmt.Sprintf("%d-%d", w, i)
					begun.Store(subject, tick.Add(1))
					if writeSome(t, d, subject, i%5 == 4) {
						ended.Store(subject, tick.Add(1))
					}
				}
			})
		}
		all.Wait()
		close(done)
		reader.Wait()

		events := since(t, d, here, 0)
		if want := writers * (rounds - rounds/5) * 2; len(events) != want {
			t.Fatalf("%d events, want %d", len(events), want)
		}
		inOrder(t, events, &begun, &ended)
	})
}

var errOnPurpose = errors.New("on purpose")

// writeSome appends two events, or fails after having appended them.
func writeSome(t *testing.T, d *db.DB, subject string, fail bool) bool {
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		Append(tx, Event{District: here, Act: "test.one", Kind: "test", Subject: subject})
		Append(tx, Event{District: here, Act: "test.two", Kind: "test", Subject: subject})
		if fail {
			return errOnPurpose
		}
		return nil
	})
	if fail != errors.Is(err, errOnPurpose) || !fail && err != nil {
		t.Errorf("write: %v", err)
	}
	return !fail
}

// followed reads on and on until done: numbers never jump.
func followed(t *testing.T, d *db.DB, done <-chan struct{}) {
	var last int64
	for {
		for _, e := range since(t, d, here, last) {
			if e.No != last+1 {
				t.Errorf("after %d came %d", last, e.No)
				return
			}
			last = e.No
		}
		select {
		case <-done:
			return
		default:
		}
	}
}

// inOrder holds the numbers against what happened: no event began after one with
// a later number had already been written.
func inOrder(t *testing.T, events []Event, begun, ended *sync.Map) {
	t.Helper()
	at := func(m *sync.Map, e Event) int64 {
		v, _ := m.Load(e.Subject)
		return v.(int64)
	}
	earliest := int64(1 << 62) // end of those with a later number
	for _, e := range slices.Backward(events) {
		if at(begun, e) > earliest {
			t.Errorf("number %d began after a later one had been written", e.No)
		}
		earliest = min(earliest, at(ended, e))
	}
}

// TestTwoDistrictsInEitherOrder lets two transactions reach their end together,
// which append to the same two districts in opposite orders: neither waits for the
// other, so that none has to run twice. SQLite has one writer.
func TestTwoDistrictsInEitherOrder(t *testing.T) {
	const rounds = 40
	d := dbtest.New(t, db.Postgres, dbtest.With(gapless))
	var runs atomic.Int64
	for range rounds {
		var ready, all sync.WaitGroup
		ready.Add(2)
		for _, order := range [][]int{{here, there}, {there, here}} {
			meet := sync.OnceFunc(func() { ready.Done(); ready.Wait() })
			all.Go(func() {
				if err := d.Write(t.Context(), func(tx *db.Tx) error {
					runs.Add(1)
					for _, district := range order {
						Append(tx, Event{District: district, Act: "test.move", Kind: "test", Subject: "x"})
					}
					meet()
					return nil
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
	}
	if n := runs.Load(); n != 2*rounds {
		t.Errorf("%d runs for %d writes", n, 2*rounds)
	}
	if n := len(since(t, d, there, 0)); n != 2*rounds {
		t.Errorf("%d events there", n)
	}
}

func TestWhatIsAppendedAtTheVeryEndIsKept(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error {
			Append(tx, Event{District: here, Act: "test.first", Kind: "test", Subject: "x"})
			tx.Last(func() error {
				Append(tx, Event{District: here, Act: "test.last", Kind: "test", Subject: "x"})
				return nil
			})
			return nil
		})
		all := since(t, d, here, 0)
		if len(all) != 2 || all[1].Act != "test.last" || all[1].No != 2 {
			t.Errorf("events: %+v", all)
		}
	})
}

func TestATransactionReadsItsOwnEvents(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error {
			Append(tx, Event{District: here, Act: "order.request", Kind: "order", Subject: "o1"})
			return nil
		})
		write(t, d, func(tx *db.Tx) error {
			Append(tx, Event{District: here, Act: "order.offers", Kind: "order", Subject: "o1", Data: Data{"to": []string{"a"}}})
			Append(tx, Event{District: here, Act: "order.offers", Kind: "order", Subject: "o2"})
			Append(tx, Event{District: there, Act: "order.offers", Kind: "order", Subject: "o1"})
			all, err := Of(tx, here, "o1")
			if len(all) != 2 || all[1].Act != "order.offers" || all[1].No != 0 {
				t.Fatalf("before the end: %+v", all)
			}
			if to, ok := all[1].Data["to"].([]any); !ok || len(to) != 1 {
				t.Errorf("data before the end: %#v", all[1].Data)
			}
			return err
		})
	})
}

func TestCursorsOnlyMoveOn(t *testing.T) {
	const reader = "test"
	each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error {
			for range 5 {
				Append(tx, Event{District: here, Act: "test.a", Kind: "test", Subject: "x"})
			}
			Append(tx, Event{District: there, Act: "test.a", Kind: "test", Subject: "x"})
			return nil
		})
		for _, step := range []struct{ to, want int64 }{{0, 0}, {3, 3}, {2, 3}, {5, 5}, {5, 5}} {
			write(t, d, func(tx *db.Tx) error { return Advance(tx, here, reader, step.to) })
			if err := d.Read(t.Context(), func(tx *db.Tx) error {
				no, err := Position(tx, here, reader)
				if no != step.want {
					t.Errorf("advanced to %d it stands at %d, want %d", step.to, no, step.want)
				}
				behind, err2 := Behind(tx, reader)
				if len(behind) == 0 || behind[len(behind)-1] != there || (len(behind) == 2) != (step.want < 5) {
					t.Errorf("at %d behind in %v", step.want, behind)
				}
				return errors.Join(err, err2)
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestTheCheckFindsWhatIsWrong(t *testing.T) {
	for name, spoil := range map[string]string{
		"a removed event":         `DELETE FROM event WHERE district = 130104 AND no = 2`,
		"the last event removed":  `DELETE FROM event WHERE district = 130104 AND no = 3`,
		"an event put in front":   `UPDATE event SET no = 0 WHERE district = 130104 AND no = 1`,
		"a counter set back":      `UPDATE event_counter SET no = 2 WHERE district = 130104`,
		"a counter lost":          `DELETE FROM event_counter WHERE district = 130104`,
		"a reader ahead of it":    `INSERT INTO event_cursor (district, reader, no) VALUES (130104, 'r', 4)`,
		"a reader where none was": `INSERT INTO event_cursor (district, reader, no) VALUES (430102, 'r', 1)`,
	} {
		t.Run(name, func(t *testing.T) {
			d := dbtest.New(t, db.SQLite)
			write(t, d, func(tx *db.Tx) error {
				for range 3 {
					Append(tx, Event{District: here, Act: "test.a", Kind: "test", Subject: "x"})
				}
				return nil
			})
			if err := gapless(t.Context(), d); err != nil {
				t.Fatalf("before: %v", err)
			}
			write(t, d, func(tx *db.Tx) error { _, err := tx.Exec(spoil); return err })
			if err := gapless(t.Context(), d); err == nil {
				t.Error("nothing found")
			}
		})
	}
}

func TestTheHubTellsItsWatchers(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		one := func() {
			write(t, d, func(tx *db.Tx) error {
				Append(tx, Event{District: here, Act: "test.a", Kind: "test", Subject: "x"})
				return nil
			})
		}
		one()
		hub := NewHub(d)
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { hub.Run(ctx) })
		defer running.Wait()
		defer stop()

		news, leave := hub.Watch(here)
		quiet, leaveQuiet := hub.Watch(there)
		defer leaveQuiet()
		if no := <-news; no != 1 {
			t.Errorf("told %d first, the district stands at 1", no)
		}
		one()
		if no := <-news; no != 2 {
			t.Errorf("told %d, want 2", no)
		}
		leave()
		late, leaveLate := hub.Watch(here)
		defer leaveLate()
		one()
		for no := range late {
			if no == 3 {
				break
			}
		}
		select {
		case no := <-news:
			t.Errorf("told %d after it had left", no)
		case no := <-quiet:
			t.Errorf("a district without events told %d", no)
		default:
		}
	})
}
