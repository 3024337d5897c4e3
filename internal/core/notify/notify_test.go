package notify

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/ui"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
	"linli/internal/kit/i18n"
	"linli/internal/kit/job"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const district = 130104

var started = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// house is a database on which meng and sun have accounts and zhao has none.
type house struct {
	t     *testing.T
	db    *db.DB
	clock *clock.Manual
}

func each(t *testing.T, test func(*testing.T, *house)) {
	t.Helper()
	c := clock.NewManual(started)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(started)
		h := &house{t: t, db: d, clock: c}
		h.write(func(tx *db.Tx) error {
			for _, id := range []string{"meng", "sun"} {
				if _, err := tx.Exec(`INSERT INTO account (district, id, phone, password_hash, created_at) VALUES ($1, $2, $3, '', 0)`, district, id, id); err != nil {
					return err
				}
			}
			return nil
		})
		test(t, h)
	}, dbtest.Clock(c))
}

func (h *house) write(fn func(*db.Tx) error) {
	h.t.Helper()
	if err := h.db.Write(h.t.Context(), fn); err != nil {
		h.t.Fatal(err)
	}
}

// happen writes events of one act about one subject.
func (h *house) happen(n int, act, actor, subject string) {
	h.t.Helper()
	h.write(func(tx *db.Tx) error {
		for range n {
			event.Append(tx, event.Event{District: district, Actor: actor, Act: act, Kind: "order", Subject: subject})
		}
		return nil
	})
}

func (h *house) reader(rules ...Rule) *Reader {
	return NewReader(h.db, slog.New(slog.NewTextHandler(h.t.Output(), nil)), rules...)
}

func (h *house) once(r *Reader) {
	h.t.Helper()
	if err := r.Once(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) of(person string) []Notice {
	h.t.Helper()
	p, err := NewService(h.db).Mine(h.t.Context(), access.Who{Person: person, District: district}, Cursor{}, PageMost)
	if err != nil {
		h.t.Fatal(err)
	}
	return p.Items
}

// to names persons for every event of an act.
func to(act, msg string, persons ...string) Rule {
	return Rule{Act: act, Msg: msg, To: func(_ *db.Tx, e event.Event) (Told, error) {
		return Told{Persons: persons, Args: []Arg{Text(e.Subject)}, Link: "/orders/" + e.Subject}, nil
	}}
}

func TestWhoIsToldWhat(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		r := h.reader(to("order.accept", "%s 号单有人接了", "meng", "sun", "zhao"), to("order.accept", "%s 号单人够了", "meng", "sun"), to("order.cancel", "%s 号单取消了", "sun"))
		h.happen(1, "order.accept", "meng", "261123-001")
		h.happen(1, "order.request", "meng", "261123-002")
		h.clock.Add(time.Hour)
		h.happen(1, "order.cancel", "", "261123-003")
		h.once(r)

		if list := h.of("meng"); len(list) != 0 {
			t.Errorf("told what she did herself: %+v", list)
		}
		if list := h.of("zhao"); len(list) != 0 {
			t.Errorf("told who has no account: %+v", list)
		}
		list := h.of("sun")
		if len(list) != 2 {
			t.Fatalf("sun: %+v", list)
		}
		first, last := list[1], list[0]
		if first.No != 1 || first.Say(t.Context()) != "261123-001 号单有人接了" || first.Link != "/orders/261123-001" || !first.At.Equal(started) || !first.ReadAt.IsZero() {
			t.Errorf("first: %+v", first)
		}
		if last.No != 3 || last.Say(t.Context()) != "261123-003 号单取消了" || !last.At.Equal(started.Add(time.Hour)) {
			t.Errorf("last: %+v", last)
		}
	})
}

// TestACrashChangesNothing breaks off after each stage of a batch and reads again.
func TestACrashChangesNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		r := h.reader(to("order.accept", "%s", "sun"))
		h.happen(2, "order.accept", "meng", "a")

		if _, last, _, err := r.gather(t.Context(), district); err != nil || last != 2 {
			t.Fatalf("gathered up to %d, %v", last, err)
		} // crashed before anything was written
		if n := len(h.of("sun")); n != 0 {
			t.Fatalf("%d notices of what was never written", n)
		}

		notices, _, _, err := r.gather(t.Context(), district)
		if err != nil {
			t.Fatal(err)
		}
		h.write(func(tx *db.Tx) error { return insert(tx, notices[0]) }) // crashed before the cursor moved
		h.happen(1, "order.accept", "meng", "b")

		h.once(h.reader(to("order.accept", "%s", "sun")))
		h.once(r) // the one that was believed dead
		if err := r.write(t.Context(), district, notices, 2); err != nil {
			t.Fatal(err)
		} // and an old batch of it
		list := h.of("sun")
		if len(list) != 3 || list[0].No != 3 || list[1].No != 2 || list[2].No != 1 {
			t.Errorf("notices: %+v", list)
		}
		h.write(func(tx *db.Tx) error {
			if no, err := event.Position(tx, district, reader); err != nil || no != 3 {
				t.Errorf("the cursor stands at %d, %v", no, err)
			}
			return nil
		})
	})
}

// TestSeveralReadAtOnce lets three processes read what four sides write: everybody
// is told everything once.
func TestSeveralReadAtOnce(t *testing.T) {
	const sides, rounds = 4, 30
	each(t, func(t *testing.T, h *house) {
		var writing, reading sync.WaitGroup
		for range sides {
			writing.Go(func() {
				for range rounds {
					if err := h.db.Write(t.Context(), func(tx *db.Tx) error {
						event.Append(tx, event.Event{District: district, Actor: "meng", Act: "order.accept", Kind: "order", Subject: "a"})
						return nil
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		for range 3 {
			r := h.reader(to("order.accept", "%s", "sun"))
			reading.Go(func() {
				for more := true; more; {
					select {
					case <-done:
						more = false
					default:
					}
					if err := r.Once(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writing.Wait()
		close(done)
		reading.Wait()
		var numbers []int64
		h.write(func(tx *db.Tx) error {
			all, err := list(tx, district, "sun", 1<<40, 1000)
			for _, n := range all {
				numbers = append(numbers, n.No)
			}
			return err
		})
		slices.Sort(numbers)
		if len(numbers) != sides*rounds || numbers[0] != 1 || numbers[len(numbers)-1] != sides*rounds {
			t.Errorf("%d notices: %v", len(numbers), numbers)
		}
	})
}

func TestMoreThanABatch(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.happen(2*batch, "order.request", "meng", "x")
		h.happen(1, "order.accept", "meng", "y")
		r := h.reader(to("order.accept", "%s", "sun"))
		h.once(r)
		if list := h.of("sun"); len(list) != 1 || list[0].No != 2*batch+1 {
			t.Errorf("notices: %+v", list)
		}
	})
}

func TestNobodyIsToldOfLongAgo(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.happen(1, "order.accept", "meng", "old")
		h.clock.Add(stale)
		h.happen(1, "order.accept", "meng", "new")
		h.clock.Add(time.Minute)
		h.once(h.reader(to("order.accept", "%s", "sun")))
		if list := h.of("sun"); len(list) != 1 || list[0].Link != "/orders/new" {
			t.Errorf("notices: %+v", list)
		}
	})
}

// TestARuleThatFails: what is gone is passed over; any other failure holds the
// cursor where it is, and nothing is lost when it has been mended.
func TestARuleThatFails(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var broken atomic.Pointer[error]
		fail := func(err error) { broken.Store(&err) }
		r := h.reader(Rule{Act: "order.accept", Msg: "%s", To: func(tx *db.Tx, e event.Event) (Told, error) {
			if e.Subject == "odd" {
				return Told{}, *broken.Load()
			}
			return to(e.Act, "%s", "sun").To(tx, e)
		}})
		h.happen(1, "order.accept", "meng", "a")
		h.happen(1, "order.accept", "meng", "odd")
		h.happen(1, "order.accept", "meng", "b")

		fail(errors.New("no such column"))
		if err := r.Once(t.Context()); err == nil {
			t.Fatal("the failure is not told")
		}
		if n := len(h.of("sun")); n != 0 {
			t.Fatalf("%d notices of a batch that failed", n)
		}
		fail(fault.NotFound("没有这一单"))
		h.once(r)
		if n := len(h.of("sun")); n != 2 {
			t.Errorf("%d notices after it was mended", n)
		}
	})
}

func TestRunReadsWhenSomethingHappens(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		seen := make(chan int64, 8)
		r := h.reader(Rule{Act: "order.accept", Msg: "%s", To: func(tx *db.Tx, e event.Event) (Told, error) {
			seen <- e.No
			return to(e.Act, "%s", "sun").To(tx, e)
		}})
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { r.Run(ctx) })
		for want := int64(1); want <= 2; want++ {
			h.happen(1, "order.accept", "meng", "a")
			if got := <-seen; got != want {
				t.Errorf("read number %d, want %d", got, want)
			}
		}
		stop()
		running.Wait()
		if list := h.of("sun"); len(list) == 0 || list[len(list)-1].No != 1 {
			t.Errorf("notices: %+v", list)
		}
	})
}

func TestLookingReadsWhatIsShown(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		s, sun := NewService(h.db), access.Who{Person: "sun", District: district}
		h.happen(5, "order.accept", "", "a")
		h.once(h.reader(to("order.accept", "%s", "sun", "meng")))

		unread := func(want int) Page {
			t.Helper()
			p, err := s.Mine(t.Context(), sun, Cursor{}, 10)
			if err != nil || p.Unread != want {
				t.Fatalf("unread %d, %v, want %d", p.Unread, err, want)
			}
			return p
		}
		unread(5)
		p, err := s.Look(t.Context(), sun, Cursor{}, 2)
		if err != nil || len(p.Items) != 2 || !p.More || !p.Items[0].ReadAt.IsZero() {
			t.Fatalf("first page: %+v %v", p, err)
		}
		unread(3)
		if p, err = s.Look(t.Context(), sun, Cursor{No: p.Items[1].No}, 2); err != nil || p.Items[0].No != 3 {
			t.Fatalf("second page: %+v %v", p, err)
		}
		all := unread(1)
		if all.More || all.Items[0].ReadAt.IsZero() || !all.Items[4].ReadAt.IsZero() {
			t.Errorf("read: %+v", all.Items)
		}
		if left, err := s.Read(t.Context(), sun, 5); err != nil || left.Unread != 0 {
			t.Errorf("left %+v, %v", left, err)
		}
		if n := len(h.of("meng")); n != 5 {
			t.Fatalf("meng has %d", n)
		}
		if p, err := s.Mine(t.Context(), access.Who{Person: "meng", District: district}, Cursor{}, 10); err != nil || p.Unread != 5 {
			t.Errorf("meng's were read by sun: %d %v", p.Unread, err)
		}
	})
}

func TestOldNoticesAreSwept(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.happen(1, "order.accept", "meng", "old")
		r := h.reader(to("order.accept", "%s", "sun"))
		h.once(r)
		h.clock.Add(keep + time.Hour)
		h.happen(1, "order.accept", "meng", "new")
		h.once(r)
		runner := job.NewRunner(h.db, event.Districts, job.Options{})
		r.Jobs(runner)
		if n, err := runner.Once(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d jobs, %v", n, err)
		}
		if list := h.of("sun"); len(list) != 1 || list[0].Link != "/orders/new" {
			t.Errorf("left: %+v", list)
		}
	})
}

func TestArgumentsAreSaidInTheReadersLanguage(t *testing.T) {
	n := Notice{Msg: "%s，%s，%d 分钟，%s", Args: []Arg{Text("261123-001"), Word("已办好"), Number(0), Moment(started)}}
	if got := n.Say(t.Context()); got != "261123-001，已办好，0 分钟，11月23日 周一 9:00" {
		t.Errorf("said %q", got)
	}
	english := ui.WithPrefs(t.Context(), ui.Prefs{Lang: i18n.En})
	if got := n.Args[1].say(english); got != "Done" {
		t.Errorf("in English %q", got)
	}
}
