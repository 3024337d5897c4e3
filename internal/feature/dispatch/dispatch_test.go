package dispatch_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/feature/dispatch"
	"linli/internal/feature/order"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// monday is nine in the morning in Beijing; the next days are working days.
var monday = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// station is the town with what a test of drafts needs.
type station struct {
	*town.Town
	t     testing.TB
	s     *dispatch.Service
	clock *clock.Manual
}

// each runs a test in a fresh town on both engines and holds the books afterwards.
func each(t *testing.T, fn func(*testing.T, *station)) {
	t.Helper()
	c := clock.NewManual(monday)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(monday)
		w := town.Settle(t, d)
		fn(t, &station{w, t, dispatch.NewService(d, w.App.Orders), c})
	}, dbtest.Clock(c), dbtest.With(town.Sound))
}

// who is one of the cast, as the gate would know them.
func (st *station) who(name string) access.Who {
	st.t.Helper()
	p := st.Person(name)
	out := access.Who{Person: p.ID, Name: p.Name, District: place.DistrictOf(p.Place)}
	st.Write(func(tx *db.Tx) error {
		at, err := place.Get(tx, p.Place)
		out.Grants = []access.Grant{{Role: p.Role, District: at.District, Place: at.ID, Path: at.Path}}
		return err
	})
	return out
}

// ask makes an order of the community that is ready to be sent.
func (st *station) ask(text string, people int, from time.Time) string {
	st.t.Helper()
	var id string
	st.Write(func(tx *db.Tx) error {
		in := order.Request{Text: text, PeopleNeeded: people}
		if !from.IsZero() {
			in.Window = &order.Window{From: from, To: from.Add(2 * time.Hour)}
		}
		o, err := st.App.Orders.RequestTx(tx, st.resident("孟桂兰"), in)
		if err != nil {
			return err
		}
		id = o.ID
		if o.NeedsCheck {
			err = st.App.Orders.VerifyTx(tx, access.System(), o, order.Verification{})
		}
		return err
	})
	return id
}

// resident is somebody without roles, for use within a transaction.
func (st *station) resident(name string) access.Who {
	p := st.Person(name)
	return access.Who{Person: p.ID, Name: p.Name, District: place.DistrictOf(p.Place)}
}

func (st *station) order(id string) order.View {
	st.t.Helper()
	return must(st.App.Orders.Show(st.t.Context(), st.who("周敏"), id))(st.t)
}

func (st *station) make() dispatch.View {
	st.t.Helper()
	return must(st.s.Make(st.t.Context(), st.who("周敏"), town.Community))(st.t)
}

// haircuts are orders of five kinds of time, some for two people: more than the five
// volunteers of the community can do at once.
func (st *station) haircuts(n int) (ids []string) {
	for i := range n {
		texts := []string{"想请人来家里理个发", "想请人陪我去医院复诊"}
		from := monday.Add(time.Duration(24*(1+i%2)+i%3*2) * time.Hour)
		if i%4 == 3 {
			from = time.Time{}
		}
		ids = append(ids, st.ask(texts[i%2], 1+i%5/4, from))
		st.clock.Add(time.Minute)
	}
	return ids
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// TestDraftToOffers is the way of a draft: made, looked at, confirmed; the offers stand
// in the orders' own process and their timelines say who planned them.
func TestDraftToOffers(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		ids := st.haircuts(4)
		v := st.make()
		if v.State != dispatch.Open || len(v.Proposals) != 4 || len(v.Left) != 0 || v.Plan.Served != 4 || v.Plan.Heaviest != 1 {
			t.Fatalf("%+v", v)
		}
		for _, p := range v.Proposals {
			if len(p.Reasons) < 3 || p.Volunteer.Name == "" || p.Order.Title == "" || p.Order.Changed {
				t.Errorf("%+v", p)
			}
		}
		for _, id := range ids {
			if o := st.order(id); len(o.Offers) != 0 || o.State == order.Dispatched {
				t.Errorf("something went out before it was confirmed: %+v", o.Offers)
			}
		}
		if _, err := st.s.Confirm(t.Context(), st.who("周敏"), v.ID, v.Version+1); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("another version is sent: %v", err)
		}
		done := must(st.s.Confirm(t.Context(), st.who("周敏"), v.ID, v.Version))(t)
		if done.State != dispatch.Confirmed || len(done.Sent) != 4 || len(done.Skipped) != 0 {
			t.Fatalf("%+v", done)
		}
		for _, p := range v.Proposals {
			o := st.order(p.Order.ID)
			if o.State != order.Dispatched || len(o.Offers) != 1 || o.Offers[0].To.ID != p.Volunteer.ID || !o.Offers[0].AnswerBy.After(monday) {
				t.Errorf("%s: %s, %+v", p.Order.Number, o.State, o.Offers)
			}
			last := o.Timeline[len(o.Timeline)-1]
			if last.Act != "offers" || last.Actor != "周敏" || last.Text != "周敏一键排单，问了 1 处" {
				t.Errorf("the timeline ends with %+v", last)
			}
		}
	})
}

// TestConfirmedOnce: however many confirm at once, each order is asked for once.
func TestConfirmedOnce(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.haircuts(4)
		v, worker := st.make(), st.who("周敏")
		var wg sync.WaitGroup
		errs := make([]error, 6)
		for i := range errs {
			wg.Go(func() { _, errs[i] = st.s.Confirm(t.Context(), worker, v.ID, v.Version) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case fault.KindOf(err) != fault.KindConflict:
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d of %d confirmed", won, len(errs))
		}
		for _, p := range v.Proposals {
			if o := st.order(p.Order.ID); len(o.Offers) != 1 {
				t.Errorf("%s was asked for %d times", p.Order.Number, len(o.Offers))
			}
		}
		if _, err := st.s.Choose(t.Context(), worker, v.ID, dispatch.Ban, v.Proposals[0].Order.ID, v.Proposals[0].Volunteer.ID); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("a confirmed draft is changed: %v", err)
		}
	})
}

// TestStaleIsSkipped: orders and volunteers that have changed meanwhile are left out and
// said so, the others go out.
func TestStaleIsSkipped(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.haircuts(5)
		v := st.make()
		if len(v.Proposals) < 5 {
			t.Fatalf("%+v", v)
		}
		cancelled, paused := v.Proposals[0], v.Proposals[1]
		must(st.App.Orders.Cancel(t.Context(), st.who("孟桂兰"), cancelled.Order.ID, order.Cancellation{Reason: "女儿回来了"}))(t)
		st.Write(func(tx *db.Tx) error {
			one, _, err := volunteer.Get(tx, 130104, paused.Volunteer.ID)
			if err != nil {
				return err
			}
			one.Status = volunteer.Paused
			volunteer.Record(tx, access.System(), one, "pause", nil)
			return volunteer.Put(tx, one)
		})
		now := must(st.s.Show(t.Context(), st.who("周敏"), v.ID))(t)
		if at := slices.IndexFunc(now.Proposals, func(p dispatch.ProposalView) bool { return p.Order.Changed }); now.Proposals[at].Order.ID != cancelled.Order.ID {
			t.Errorf("%+v is said to have changed", now.Proposals[at])
		}
		done := must(st.s.Confirm(t.Context(), st.who("周敏"), v.ID, v.Version))(t)
		why := map[string]string{}
		for _, k := range done.Skipped {
			why[k.Order.ID] = k.Why
		}
		if why[cancelled.Order.ID] != "这一单后来变了，没有发。" || why[paused.Order.ID] != "要派的人现在不接单了，没有发。" {
			t.Errorf("%+v", done.Skipped)
		}
		for _, p := range v.Proposals {
			sent, skipped := slices.Contains(done.Sent, p.Order.ID), why[p.Order.ID] != ""
			if o := st.order(p.Order.ID); sent == skipped || sent != (len(o.Offers) > 0) {
				t.Errorf("%s: sent %t, skipped %t, %d offers", p.Order.Number, sent, skipped, len(o.Offers))
			}
		}
	})
}

// TestChoicesHold pins, bans and releases at random; after each step the draft keeps to
// all that was said and not taken back.
func TestChoicesHold(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.haircuts(9)
		worker, r := st.who("周敏"), rand.New(rand.NewPCG(7, 7))
		v := st.make()
		orders := ordersOf(v)
		var helpers []string
		for _, name := range []string{"韩立新", "孙淑琴", "郭建民", "林小雨", "方国栋"} {
			helpers = append(helpers, st.Person(name).ID)
		}
		said := map[[2]string]dispatch.Act{}
		for range 25 {
			act := []dispatch.Act{dispatch.Pin, dispatch.Ban, dispatch.Release}[r.IntN(3)]
			pair := [2]string{orders[r.IntN(len(orders))], helpers[r.IntN(len(helpers))]}
			v = must(st.s.Choose(t.Context(), worker, v.ID, act, pair[0], pair[1]))(t)
			remember(said, st, act, pair)
			holds(t, v, said)
		}
	})
}

func ordersOf(v dispatch.View) (ids []string) {
	for _, p := range v.Proposals {
		ids = append(ids, p.Order.ID)
	}
	for _, l := range v.Left {
		ids = append(ids, l.Order.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// remember keeps what was said; who is kept beyond the room of an order gives way.
func remember(said map[[2]string]dispatch.Act, st *station, act dispatch.Act, pair [2]string) {
	delete(said, pair)
	if act == dispatch.Release {
		return
	}
	if act == dispatch.Pin && st.order(pair[0]).PeopleNeeded == 1 {
		for other, was := range said {
			if other[0] == pair[0] && was == dispatch.Pin {
				delete(said, other)
			}
		}
	}
	said[pair] = act
}

// holds looks for every choice in the draft.
func holds(t *testing.T, v dispatch.View, said map[[2]string]dispatch.Act) {
	t.Helper()
	busy := map[string]time.Time{}
	for _, p := range v.Proposals {
		if said[[2]string{p.Order.ID, p.Volunteer.ID}] == dispatch.Ban {
			t.Errorf("%s goes to %s although they are not to", p.Volunteer.Name, p.Order.Number)
		}
		if p.Kept != (said[[2]string{p.Order.ID, p.Volunteer.ID}] == dispatch.Pin) {
			t.Errorf("%s at %s: kept is %t", p.Volunteer.Name, p.Order.Number, p.Kept)
		}
		if p.From != nil {
			key := p.Volunteer.ID + p.From.String()
			if !busy[key].IsZero() {
				t.Errorf("%s is at two places at %s", p.Volunteer.Name, p.From)
			}
			busy[key] = *p.From
		}
	}
	for pair, act := range said {
		proposed := slices.ContainsFunc(v.Proposals, func(p dispatch.ProposalView) bool { return p.Order.ID == pair[0] && p.Volunteer.ID == pair[1] })
		cannot := slices.ContainsFunc(v.Left, func(l dispatch.LeftView) bool {
			return l.Order.ID == pair[0] && l.Kept != nil && l.Kept.ID == pair[1]
		})
		if act == dispatch.Pin && !proposed && !cannot && !gaveWay(said, pair) {
			t.Errorf("%v is kept, and neither proposed nor said why not", pair)
		}
	}
}

// gaveWay says whether an order of two has two others kept.
func gaveWay(said map[[2]string]dispatch.Act, pair [2]string) bool {
	n := 0
	for other, act := range said {
		if other[0] == pair[0] && act == dispatch.Pin {
			n++
		}
	}
	return n > 2
}

// TestTheSameChoicesTheSameDraft: pins and bans in any order, with detours, make the very
// same proposals.
func TestTheSameChoicesTheSameDraft(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.haircuts(8)
		worker := st.who("周敏")
		v := st.make()
		p, q := v.Proposals[0], v.Proposals[3]
		steps := func(v dispatch.View, list ...any) dispatch.View {
			for i := 0; i < len(list); i += 2 {
				of := list[i+1].(dispatch.ProposalView)
				v = must(st.s.Choose(t.Context(), worker, v.ID, list[i].(dispatch.Act), of.Order.ID, of.Volunteer.ID))(t)
			}
			return v
		}
		one := steps(v, dispatch.Pin, p, dispatch.Ban, q)
		two := steps(one, dispatch.Release, p, dispatch.Release, q)
		if a, b := said(v), said(two); a != b {
			t.Errorf("after all is released it is another draft:\n%s\n%s", a, b)
		}
		two = steps(two, dispatch.Ban, p, dispatch.Ban, q, dispatch.Release, p, dispatch.Pin, p)
		if a, b := said(one), said(two); a != b {
			t.Errorf("the same choices make another draft:\n%s\n%s", a, b)
		}
	})
}

// said is all that a draft proposes.
func said(v dispatch.View) string {
	out, _ := json.Marshal([]any{v.Proposals, v.Left, v.Missing, v.Plan, v.FirstCome, v.Loads})
	return string(out)
}

// TestForgottenAndLimits: who was asked lately is not forgotten any more, and nobody is
// sent beyond what they set.
func TestForgottenAndLimits(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.clock.Add(40 * 24 * time.Hour)
		han := st.Person("韩立新")
		st.Write(func(tx *db.Tx) error {
			for _, name := range []string{"韩立新", "孙淑琴", "郭建民", "林小雨", "方国栋"} {
				one, _, err := volunteer.Get(tx, 130104, st.Person(name).ID)
				if err != nil {
					return err
				}
				one.LimitWeek = 1
				if err := volunteer.Put(tx, one); err != nil {
					return err
				}
			}
			return nil
		})
		first := st.ask("想请人来家里理个发", 1, time.Time{})
		must(st.App.Orders.Offer(t.Context(), st.who("周敏"), first, order.Asking{To: []order.Candidate{{Kind: "volunteer", ID: han.ID}}}))(t)
		for range 7 {
			st.ask("想请人陪我去医院复诊", 1, time.Time{})
		}
		v := st.make()
		if v.Unasked != 4 || slices.ContainsFunc(v.Forgotten, func(r order.Ref) bool { return r.ID == han.ID }) {
			t.Errorf("%d are forgotten: %+v", v.Unasked, v.Forgotten)
		}
		if len(v.Proposals) != 4 || v.Plan.Unserved != 3 || v.Plan.Heaviest != 1 || len(v.Missing) == 0 || v.Missing[0].People != 3 || v.Missing[0].More < 2 || v.Missing[0].Saves == 0 {
			t.Errorf("%d proposals, %+v, %+v", len(v.Proposals), v.Plan, v.Missing)
		}
		for _, l := range v.Loads {
			if l.After > l.Limit || l.Before != 0 {
				t.Errorf("%+v", l)
			}
		}
	})
}

// TestTheNight makes a draft for each community, keeps what was chosen, and makes no
// second one.
func TestTheNight(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.haircuts(3)
		worker := st.who("周敏")
		night := func() dispatch.Overview {
			t.Helper()
			if err := st.s.Nightly(t.Context(), 130104); err != nil {
				t.Fatal(err)
			}
			return must(st.s.Overview(t.Context(), worker, town.Community))(t)
		}
		o := night()
		if len(o.Past) != 1 || !o.Past[0].ByNight || o.Past[0].Served != 3 {
			t.Fatalf("%+v", o.Past)
		}
		v := must(st.s.Show(t.Context(), worker, o.Past[0].ID))(t)
		p := v.Proposals[0]
		must(st.s.Choose(t.Context(), worker, v.ID, dispatch.Ban, p.Order.ID, p.Volunteer.ID))(t)
		st.ask("想请人来家里理个发", 1, time.Time{})
		if o = night(); len(o.Past) != 1 || o.Past[0].Served != 4 {
			t.Fatalf("%+v", o.Past)
		}
		if v = must(st.s.Show(t.Context(), worker, o.Past[0].ID))(t); len(v.Bans) != 1 || v.MadeBy != nil {
			t.Errorf("%+v", v)
		}
	})
}

// TestWhoMayPlan: the station and its street, nobody from elsewhere.
func TestWhoMayPlan(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.haircuts(2)
		v := st.make()
		for name, want := range map[string]fault.Kind{"吴远": fault.KindForbidden, "韩立新": fault.KindForbidden, "许文涛": fault.KindForbidden} {
			if _, err := st.s.Make(t.Context(), st.who(name), town.Community); fault.KindOf(err) != want {
				t.Errorf("%s makes one: %v", name, err)
			}
			if _, err := st.s.Confirm(t.Context(), st.who(name), v.ID, v.Version); fault.KindOf(err) != fault.KindNotFound {
				t.Errorf("%s confirms it: %v", name, err)
			}
		}
		street := must(st.s.Make(t.Context(), st.who("冯志远"), town.Street))(t)
		if len(street.Proposals) != 2 || street.Place.ID != town.Street {
			t.Fatalf("%+v", street)
		}
		must(st.s.Confirm(t.Context(), st.who("冯志远"), street.ID, street.Version))(t)
		done := must(st.s.Confirm(t.Context(), st.who("周敏"), v.ID, v.Version))(t)
		if len(done.Sent) != 0 || len(done.Skipped) != 2 {
			t.Errorf("what the street has sent goes out again: %+v", done)
		}
		for _, k := range done.Skipped {
			if k.Why != "这一单后来变了，没有发。" {
				t.Errorf("%s is said of an order that was sent already", k.Why)
			}
		}
	})
}

// TestRecruitment: a community asks for the same people once, and takes it back once.
func TestRecruitment(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		worker, want := st.who("周敏"), dispatch.Wanted{Place: town.Community, Category: "haircut", Part: "工作日上午", People: 2}
		n := must(st.s.Recruit(t.Context(), worker, want))(t)
		if _, err := st.s.Recruit(t.Context(), worker, want); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("asked for twice: %v", err)
		}
		for _, wrong := range []dispatch.Wanted{{Place: town.Street, Category: "haircut", Part: "工作日上午"}, {Place: town.Community, Category: "magic", Part: "工作日上午"},
			{Place: town.Community, Category: "haircut", Part: "某天"}} {
			if _, err := st.s.Recruit(t.Context(), st.who("冯志远"), wrong); fault.KindOf(err) != fault.KindInvalid {
				t.Errorf("%+v: %v", wrong, err)
			}
		}
		if list := must(st.s.Recruitments(t.Context(), town.Community))(t); len(list) != 1 || list[0].Category.Name != "理发" || !list[0].Open {
			t.Errorf("%+v", list)
		}
		if _, err := st.s.EndRecruitment(t.Context(), st.who("吴远"), n.ID); fault.KindOf(err) != fault.KindForbidden {
			t.Errorf("ended from elsewhere: %v", err)
		}
		must(st.s.EndRecruitment(t.Context(), worker, n.ID))(t)
		if _, err := st.s.EndRecruitment(t.Context(), worker, n.ID); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("ended twice: %v", err)
		}
		must(st.s.Recruit(t.Context(), worker, want))(t)
	})
}

// TestTwoWorkersAtOnce: of two who decide about the same draft at once nobody is lost.
func TestTwoWorkersAtOnce(t *testing.T) {
	each(t, func(t *testing.T, st *station) {
		st.haircuts(4)
		v, worker := st.make(), st.who("周敏")
		var wg sync.WaitGroup
		errs := make([]error, len(v.Proposals))
		for i, p := range v.Proposals {
			wg.Go(func() {
				_, errs[i] = st.s.Choose(context.WithoutCancel(t.Context()), worker, v.ID, dispatch.Ban, p.Order.ID, p.Volunteer.ID)
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			switch {
			case err == nil:
				won++
			case fault.KindOf(err) != fault.KindConflict:
				t.Error(err)
			}
		}
		now := must(st.s.Show(t.Context(), worker, v.ID))(t)
		if won == 0 || len(now.Bans) != won || now.Version != v.Version+int64(won) {
			t.Errorf("%d decided, %d bans in version %d", won, len(now.Bans), now.Version)
		}
	})
}
