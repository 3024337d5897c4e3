package dispatch_test

import (
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/notify"
	"linli/internal/feature/dispatch"
	"linli/internal/feature/order"
	"linli/internal/feature/org"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// only leaves one volunteer who serves, with so many orders a week, and no team.
func (st *station) only(name string, limit int) {
	st.t.Helper()
	st.Write(func(tx *db.Tx) error {
		team, _, err := org.Get(tx, 130104, st.Team)
		if err != nil {
			return err
		}
		team.Leader = ""
		org.Record(tx, access.System(), team, "change", nil)
		if err := org.Put(tx, team); err != nil {
			return err
		}
		for _, other := range []string{"韩立新", "孙淑琴", "郭建民", "林小雨", "方国栋"} {
			one, _, err := volunteer.Get(tx, 130104, st.Person(other).ID)
			if err != nil {
				return err
			}
			one.LimitWeek = limit
			if other != name {
				one.Status = volunteer.Paused
			}
			volunteer.Record(tx, access.System(), one, "change", nil)
			if err := volunteer.Put(tx, one); err != nil {
				return err
			}
		}
		return nil
	})
}

// window makes an order of the community with a window.
func (st *station) window(text string, people int, from time.Time, length time.Duration) string {
	st.t.Helper()
	o := must(st.App.Orders.Request(st.t.Context(), st.who("孟桂兰"), order.Request{Text: text, PeopleNeeded: people, Window: &order.Window{From: from, To: from.Add(length)}}))(st.t)
	must(st.App.Orders.Verify(st.t.Context(), st.who("周敏"), o.ID, order.Verification{}))(st.t)
	return o.ID
}

func (st *station) confirm(v dispatch.View) dispatch.View {
	st.t.Helper()
	return must(st.s.Confirm(st.t.Context(), st.who("周敏"), v.ID, v.Version))(st.t)
}

// TestEarlierWeeksDoNotFillThisOne: who has served last week is not full this week.
func TestEarlierWeeksDoNotFillThisOne(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.only("韩立新", 1)
		st.ask("想请人来家里理个发", 1, time.Time{})
		sent := st.confirm(st.make()).Sent
		must(st.App.Orders.Accept(t.Context(), st.who("韩立新"), sent[0], order.Acceptance{}))(t)
		st.clock.Add(7 * 24 * time.Hour)
		st.ask("想请人来家里理个发", 1, time.Time{})
		v := st.make()
		if len(v.Proposals) != 1 {
			t.Fatalf("%+v", v)
		}
		if done := st.confirm(v); len(done.Sent) != 1 {
			t.Errorf("%+v", done.Skipped)
		}
	})
}

// TestTheTimeIsOver: a draft that was left lying sends nothing for a time that is over.
func TestTheTimeIsOver(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.window("想请人来家里理个发", 1, monday.Add(24*time.Hour), 2*time.Hour)
		v := st.make()
		st.clock.Add(30 * time.Hour)
		if done := st.confirm(v); len(done.Sent) != 0 || done.Skipped[0].Why != "排的时间已经过了，没有发。" {
			t.Errorf("%+v, %+v", done.Sent, done.Skipped)
		}
	})
}

// TestWhoIsAskedAlready: who has not answered yet counts as coming, for the hours and for
// the week, when no more are asked than are needed.
func TestWhoIsAskedAlready(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.only("韩立新", 2)
		at := monday.Add(24 * time.Hour)
		st.ask("想请人来家里理个发", 1, at)
		if done := st.confirm(st.make()); len(done.Sent) != 1 {
			t.Fatalf("%+v", done)
		}
		st.window("想请人来家里理个发", 1, at, time.Hour)
		v := st.make()
		if len(v.Proposals) != 0 || len(v.Left) != 1 {
			t.Errorf("asked for the same hours twice: %+v", v.Proposals)
		}
		st.ask("想请人来家里理个发", 1, at.Add(4*time.Hour))
		st.ask("想请人来家里理个发", 1, at.Add(8*time.Hour))
		if v = st.make(); len(v.Proposals) != 1 || v.Plan.Heaviest != 2 {
			t.Errorf("%d asked for, heaviest %d", len(v.Proposals), v.Plan.Heaviest)
		}
	})
}

// TestTheyComeTogether: an order for two has one time, whoever is kept.
func TestTheyComeTogether(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.Write(func(tx *db.Tx) error {
			one, _, err := volunteer.Get(tx, 130104, st.Person("郭建民").ID)
			one.Free = []volunteer.Slot{{Weekday: time.Tuesday, From: 14 * 60, To: 18 * 60}}
			volunteer.Record(tx, access.System(), one, "change", nil)
			return errors.Join(err, volunteer.Put(tx, one))
		})
		st.window("想请人来家里理个发", 2, monday.Add(24*time.Hour), 10*time.Hour)
		v := st.make()
		for _, name := range []string{"韩立新", "孙淑琴", "郭建民", "林小雨", "方国栋"} {
			v = must(st.s.Choose(t.Context(), st.who("周敏"), v.ID, dispatch.Pin, v.Proposals[0].Order.ID, st.Person(name).ID))(t)
			if len(v.Proposals) == 2 && !v.Proposals[0].From.Equal(*v.Proposals[1].From) {
				t.Errorf("%s is kept, and they come at %s and %s", name, v.Proposals[0].From, v.Proposals[1].From)
			}
		}
	})
}

// TestTwoInOneMorning: what is proposed can be accepted.
func TestTwoInOneMorning(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.only("韩立新", 5)
		for range 2 {
			st.window("想请人来家里理个发", 1, monday.Add(24*time.Hour), 6*time.Hour)
		}
		v := st.make()
		if len(v.Proposals) != 2 || v.Proposals[0].From.Equal(*v.Proposals[1].From) {
			t.Fatalf("%+v", v.Proposals)
		}
		done := st.confirm(v)
		for _, id := range done.Sent {
			must(st.App.Orders.Accept(t.Context(), st.who("韩立新"), id, order.Acceptance{}))(t)
		}
		st.window("想请人来家里理个发", 1, monday.Add(26*time.Hour), 2*time.Hour)
		if v = st.make(); len(v.Proposals) != 1 || v.Loads[0].Before != 2 {
			t.Errorf("a morning that is half promised is taken for full: %+v", v.Left)
		}
	})
}

// TestOnlyVolunteersAreChosen: nobody learns a name by deciding about somebody who is no
// volunteer.
func TestOnlyVolunteersAreChosen(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.ask("想请人来家里理个发", 1, time.Time{})
		v := st.make()
		for _, act := range []dispatch.Act{dispatch.Pin, dispatch.Ban} {
			for _, id := range []string{"nobody", st.Person("陈小梅").ID} {
				_, err := st.s.Choose(t.Context(), st.who("周敏"), v.ID, act, v.Proposals[0].Order.ID, id)
				if fault.KindOf(err) != fault.KindInvalid {
					t.Errorf("%s of %s: %v", act, id, err)
				}
			}
		}
	})
}

// TestTwoDraftsOneVolunteer: drafts of a community and of its street that are confirmed at
// once do not ask somebody for two orders of the same hours.
func TestTwoDraftsOneVolunteer(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.only("韩立新", 0)
		han, worker, officer := st.Person("韩立新").ID, st.who("周敏"), st.who("冯志远")
		for day := range 6 {
			at := monday.Add(time.Duration(1+day) * 24 * time.Hour)
			first := st.window("想请人来家里理个发", 1, at, time.Hour)
			v := st.make()
			second := st.window("想请人来家里理个发", 1, at, time.Hour)
			u := must(st.s.Make(t.Context(), officer, town.Street))(t)
			u = must(st.s.Choose(t.Context(), officer, u.ID, dispatch.Pin, second, han))(t)
			var wg sync.WaitGroup
			for who, draft := range map[*access.Who]dispatch.View{&worker: v, &officer: u} {
				wg.Go(func() {
					if _, err := st.s.Confirm(t.Context(), *who, draft.ID, draft.Version); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			asked := 0
			for _, id := range []string{first, second} {
				for _, f := range st.order(id).Offers {
					if f.To.ID == han {
						asked++
					}
				}
				must(st.App.Orders.Cancel(t.Context(), st.who("孟桂兰"), id, order.Cancellation{Reason: "女儿回来了"}))(t)
			}
			if asked != 1 {
				t.Errorf("day %d: one volunteer is asked for %d orders of the same hours", day, asked)
			}
		}
	})
}

// TestTheMostUrgentFirst: when more orders wait than a draft holds, the most urgent are in
// it, then those who have waited longest; how many wait for the next one is said.
func TestTheMostUrgentFirst(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		var ids []string
		for _, urgency := range []string{"normal", "soon", "normal", "emergency", "urgent"} {
			o := must(st.App.Orders.Request(t.Context(), st.resident("孟桂兰"), order.Request{Text: "想请人来家里理个发", Urgency: urgency}))(t)
			ids = append(ids, o.ID)
			st.clock.Add(time.Minute)
		}
		for most, want := range map[int][]string{10: {ids[3], ids[4], ids[1], ids[2]}, 3: {ids[3], ids[4], ids[1]}, 1: {ids[3]}} {
			st.s.AtMost(most)
			v := st.make()
			var got []string
			for _, p := range v.Proposals {
				got = append(got, p.Order.ID)
			}
			if !slices.Equal(got, want) || v.Beyond != 4-len(want) || v.Unchecked != 1 {
				t.Errorf("of %d: %v, not %v; %d wait, %d unchecked", most, got, want, v.Beyond, v.Unchecked)
			}
		}
	})
}

// told are the notices of somebody.
func (st *station) told(name string) []notify.Notice {
	st.t.Helper()
	if err := notify.NewReader(st.App.DB, slog.New(slog.DiscardHandler), order.Notices()...).Once(st.t.Context()); err != nil {
		st.t.Fatal(err)
	}
	return must(notify.NewService(st.App.DB).Look(st.t.Context(), st.who(name), notify.Cursor{}, notify.PageMost))(st.t).Items
}

// TestTheHoursAreInTheOffer: who is asked sees when they would come, and in a notice; once
// they have accepted, so do the resident and the station; when they cannot come after all,
// nothing of it is left.
func TestTheHoursAreInTheOffer(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.only("韩立新", 0)
		id := st.window("想请人来家里理个发", 1, monday.Add(23*time.Hour), 10*time.Hour)
		v := st.make()
		from, to := *v.Proposals[0].From, *v.Proposals[0].To
		st.confirm(v)
		show := func(name string) order.View {
			t.Helper()
			return must(st.App.Orders.Show(t.Context(), st.who(name), id))(t)
		}
		planned := func(name string) bool {
			t.Helper()
			w := show(name).Planned
			return w != nil && w.From.Equal(from) && w.To.Equal(to)
		}
		if !planned("韩立新") || planned("孟桂兰") || planned("周敏") {
			t.Errorf("asked: the volunteer %t, the resident %t, the station %t", planned("韩立新"), planned("孟桂兰"), planned("周敏"))
		}
		if w := show("周敏").Offers[0].Planned; w == nil || !w.From.Equal(from) {
			t.Errorf("the station sees %+v", w)
		}
		if page := st.pageOf("韩立新", "/orders/"+id); !strings.Contains(page, "站里给您排在这个时候") || !strings.Contains(page, calendar.SpanText("zh", from, to, st.clock.Now())) {
			t.Error("the hours are not on the page of who is asked")
		}
		if page := st.pageOf("周敏", "/orders/"+id); !strings.Contains(page, "排的 "+calendar.SpanText("zh", from, to, st.clock.Now())) {
			t.Error("the hours are not on the page of the station")
		}
		if told := st.told("韩立新"); len(told) != 1 || !slices.Contains(told[0].Args, notify.Moment(from)) {
			t.Errorf("the volunteer is told %+v", told)
		}
		must(st.App.Orders.Accept(t.Context(), st.who("韩立新"), id, order.Acceptance{}))(t)
		if told := st.told("孟桂兰"); len(told) != 1 || !slices.Contains(told[0].Args, notify.Moment(from)) {
			t.Errorf("the resident is told %+v", told)
		}
		if !planned("韩立新") || !planned("孟桂兰") || !planned("周敏") {
			t.Errorf("accepted: the volunteer %t, the resident %t, the station %t", planned("韩立新"), planned("孟桂兰"), planned("周敏"))
		}
		must(st.App.Orders.Withdraw(t.Context(), st.who("韩立新"), id, order.Refusal{Reason: "那天没空"}))(t)
		if show("韩立新").Planned != nil || show("孟桂兰").Planned != nil {
			t.Error("hours are left of who does not come")
		}
	})
}
