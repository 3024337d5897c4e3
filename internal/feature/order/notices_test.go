package order

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/notify"
	"linli/internal/kit/db"
)

// listener reads the events with the rules of orders and says who was told what
// since it was last asked.
type listener struct {
	*town
	reader *notify.Reader
	names  map[string]access.Who
}

// listen gives everybody an account, also the others that are named.
func (w *town) listen(more ...map[string]access.Who) *listener {
	w.t.Helper()
	l := &listener{town: w, reader: notify.NewReader(w.db, slog.New(slog.DiscardHandler), Notices()...),
		names: map[string]access.Who{"elder": w.elder, "daughter": w.daughter, "worker": w.worker, "h0": w.helpers[0], "h1": w.helpers[1], "h2": w.helpers[2], "leader": w.leader}}
	for _, others := range more {
		maps.Copy(l.names, others)
	}
	w.write(func(tx *db.Tx) error {
		for _, who := range l.names {
			if _, err := tx.Exec(`INSERT INTO account (district, id, phone, password_hash, created_at) VALUES ($1, $2, $2, '', 0)`, district, who.Person); err != nil {
				return err
			}
		}
		return nil
	})
	return l
}

// told is "h0 有人请您帮忙; h1 …" of the notices that are new, by the words before
// the colon, and reads them.
func (l *listener) told() string {
	l.t.Helper()
	if err := l.reader.Once(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
	s := notify.NewService(l.db)
	var out []string
	for _, name := range slices.Sorted(maps.Keys(l.names)) {
		p, err := s.Look(l.t.Context(), l.names[name], notify.Cursor{}, notify.PageMost)
		if err != nil {
			l.t.Fatal(err)
		}
		for _, n := range slices.Backward(p.Items) {
			if !n.ReadAt.IsZero() {
				continue
			}
			if !strings.HasPrefix(n.Link, "/orders/") || strings.Contains(n.Say(l.t.Context()), "%!") {
				l.t.Errorf("%s is told %q, more at %q", name, n.Say(l.t.Context()), n.Link)
			}
			text, _, _ := strings.Cut(n.Say(l.t.Context()), "：")
			out = append(out, name+" "+text)
		}
	}
	return strings.Join(out, "; ")
}

func (l *listener) expect(want string) {
	l.t.Helper()
	if got := l.told(); got != want {
		l.t.Errorf("told %q, want %q", got, want)
	}
}

// TestWhoIsToldAlongTheWay walks an order and its detours.
func TestWhoIsToldAlongTheWay(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, l := context.Background(), w.listen()
		v := w.asked(1)
		l.expect("")
		must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, w.helpers[0].Person}, {KindVolunteer, w.helpers[1].Person}, {KindTeam, w.team}}}))(t)
		l.expect("h0 有人请您帮忙; h1 有人请您帮忙; leader 有人请您帮忙")
		must(w.s.Accept(ctx, w.helpers[0], v.ID, Acceptance{}))(t)
		l.expect("elder 有人接您的单了; h1 已经有人接了; leader 已经有人接了")
		must(w.s.Withdraw(ctx, w.helpers[0], v.ID, Refusal{Reason: "那天没空"}))(t)
		l.expect("elder 答应来的人来不了了，正在换人")
		w.clock.Add(time.Minute)
		must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindTeam, w.team}}}))(t)
		l.expect("leader 有人请您帮忙")
		must(w.s.Accept(ctx, w.leader, v.ID, Acceptance{People: []string{w.helpers[2].Person}}))(t)
		l.expect("elder 有人接您的单了; h2 队长派您去帮忙")
		must(w.s.CheckIn(ctx, w.helpers[2], v.ID, Presence{Position: v.Position}))(t)
		w.clock.Add(time.Hour)
		must(w.s.CheckOut(ctx, w.helpers[2], v.ID, Presence{}))(t)
		must(w.s.Complete(ctx, w.helpers[2], v.ID, Completion{}))(t)
		l.expect("elder 办好了，请您评一评")
	})
}

func TestWhoIsToldOfAnEnd(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, l := context.Background(), w.listen()
		accepted := func() View {
			v := w.asked(1)
			must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, w.helpers[0].Person}}}))(t)
			v = must(w.s.Accept(ctx, w.helpers[0], v.ID, Acceptance{}))(t)
			l.told()
			return v
		}
		v := accepted()
		must(w.s.Cancel(ctx, w.elder, v.ID, Cancellation{Reason: "好了"}))(t)
		l.expect("h0 取消了，不用去了")

		v = accepted()
		must(w.s.Return(ctx, w.worker, v.ID, Refusal{Reason: "家里没人"}))(t)
		l.expect("elder 退回服务站了，站里重新找人; h0 退回服务站了，不用去了")

		v = accepted()
		w.clock.Add(20 * 24 * time.Hour)
		w.overdue(v.ID)
		l.expect("h0 这一单超时了，去不了请说一声")

		v = w.asked(1)
		w.clock.Add(20 * 24 * time.Hour)
		w.overdue(v.ID)
		l.expect("elder 等久了，服务站在加急办")
	})
}

func (w *town) overdue(id string) {
	w.t.Helper()
	w.write(func(tx *db.Tx) error {
		o, _, err := lock(tx, district, id)
		if err != nil {
			return err
		}
		return w.s.OverdueTx(tx, o)
	})
}

// TestTheStationIsNotToldOfItsOwn: what the worker wrote at the door concerns the
// elder, not the worker.
func TestTheStationIsNotToldOfItsOwn(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, l := context.Background(), w.listen()
		v := must(w.s.Request(ctx, w.worker, Request{Text: "想请人来家里理个发", For: w.elder.Person, Source: SourceDoor}))(t)
		must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, w.helpers[0].Person}}}))(t)
		must(w.s.Accept(ctx, w.helpers[0], v.ID, Acceptance{}))(t)
		l.expect("elder 有人接您的单了")
	})
}

func TestAForgottenCheckOutIsTold(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, l := context.Background(), w.listen()
		v := w.asked(1)
		must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, w.helpers[0].Person}}}))(t)
		v = must(w.s.Accept(ctx, w.helpers[0], v.ID, Acceptance{}))(t)
		x := must(w.s.CheckIn(ctx, w.helpers[0], v.ID, Presence{Position: v.Position}))(t)
		l.told()
		w.clock.Add(5 * time.Hour)
		w.write(func(tx *db.Tx) error {
			o, _, err := lock(tx, district, v.ID)
			if err != nil {
				return err
			}
			return w.s.visitForgotten(tx, o, task{Visit: x.ID})
		})
		minutes := must(w.s.Show(ctx, w.worker, v.ID))(t).Visits[0].Minutes
		l.expect("h0 您忘了签退，先按 " + strconv.Itoa(minutes) + " 分钟记着，等队长或服务站确认。")
		must(w.s.Settle(ctx, w.worker, v.ID, Settlement{Visit: x.ID}))(t)
		l.expect("h0 您忘了签退的那一次，定下来是 " + strconv.Itoa(minutes) + " 分钟。")
	})
}
