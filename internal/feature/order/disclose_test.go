package order

import (
	"context"
	"slices"
	"testing"

	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// TestWhoWasShownTheDoor follows one order through all who see the elder's door:
// each of them stands in her list once, from the moment of the first answer that
// shows it, and lists of many orders show the station nothing.
func TestWhoWasShownTheDoor(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, helper := context.Background(), w.helpers[0]
		v := must(w.s.Request(ctx, w.elder, Request{Text: "想请人来家里理个发"}))(t)
		must(w.s.Show(ctx, w.elder, v.ID))(t)
		w.shownTo(nil, "the household itself")
		for _, one := range must2(w.s.List(ctx, w.worker, Filter{Limit: 10}))(t) {
			if one.Address != "" || one.Phone != "" {
				t.Errorf("the station's list shows %q %q", one.Address, one.Phone)
			}
		}
		w.shownTo(nil, "the station's list")
		must(w.s.Show(ctx, w.worker, v.ID))(t)
		must(w.s.Verify(ctx, w.worker, v.ID, Verification{}))(t)
		w.shownTo([]string{w.worker.Person}, "the station's look and step")
		must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: []Candidate{{KindVolunteer, helper.Person}}}))(t)
		must(w.s.Show(ctx, helper, v.ID))(t)
		w.shownTo([]string{w.worker.Person}, "before acceptance")
		if got := must(w.s.Accept(ctx, helper, v.ID, Acceptance{}))(t); got.Phone == "" {
			t.Error("who has accepted does not see where to go")
		}
		w.shownTo([]string{w.worker.Person, helper.Person}, "acceptance")
		must(w.s.Show(ctx, helper, v.ID))(t)
		for _, one := range must2(w.s.List(ctx, helper, Filter{Limit: 10}))(t) {
			if one.Address == "" {
				t.Error("the volunteer's list does not say where to go")
			}
		}
		w.shownTo([]string{w.worker.Person, helper.Person}, "looked again")
		must(w.s.Cancel(ctx, w.elder, v.ID, Cancellation{}))(t)
		if after := must(w.s.Show(ctx, w.worker, v.ID))(t); after.For.Name != "陈秀英" {
			t.Errorf("the station reads %q", after.For.Name)
		}
	})
}

// TestNameAfterClosing: who has served reads the name masked again.
func TestNameAfterClosing(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx, helper := context.Background(), w.helpers[0]
		v := w.asked(1)
		must(w.s.Accept(ctx, helper, v.ID, Acceptance{}))(t)
		must(w.s.CheckIn(ctx, helper, v.ID, Presence{}))(t)
		must(w.s.CheckOut(ctx, helper, v.ID, Presence{}))(t)
		must(w.s.Complete(ctx, helper, v.ID, Completion{}))(t)
		for _, who := range []access.Who{w.elder, w.worker, helper} {
			must(w.s.Evaluate(ctx, who, v.ID, Opinion{Satisfaction: Satisfied}))(t)
		}
		after := must(w.s.Show(ctx, helper, v.ID))(t)
		if after.State != Evaluated || after.For.Name != "陈**" || after.Address != "" || len(after.Visits) != 1 || after.People[0].Name != helper.Name {
			t.Errorf("after closing: %s %q %q %+v %+v", after.State, after.For.Name, after.Address, after.Visits, after.People)
		}
	})
}

// shownTo checks who stands under 谁看过我的信息 of the elder, first viewers first.
func (w *town) shownTo(want []string, when string) {
	w.t.Helper()
	list, _, err := person.NewService(w.db).Disclosures(context.Background(), w.elder, nil, 20)
	if err != nil {
		w.t.Fatal(err)
	}
	got := map[string]bool{}
	for _, d := range list {
		got[d.Viewer] = true
	}
	for _, id := range want {
		if !got[id] {
			w.t.Errorf("%s: %s is not in the list %+v", when, id, list)
		}
	}
	if len(list) != len(want) {
		w.t.Errorf("%s: %d lines, want %d: %+v", when, len(list), len(want), list)
	}
}

// must2 is must for a page of a list.
func must2[T, N any](v T, _ N, err error) func(*testing.T) T { return must(v, err) }

// TestTheCallListIsMasked: numbers of elders stand masked on the board and in the
// list; who goes to make a call sees the one number, and stands in her list once.
func TestTheCallListIsMasked(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		v := w.asked(1)
		must(w.s.Accept(ctx, w.helpers[0], v.ID, Acceptance{}))(t)
		before := len(must2(person.NewService(w.db).Disclosures(ctx, w.elder, nil, 20))(t))
		owed := must(w.s.Board(ctx, w.worker, BoardFilter{Place: community}))(t).Calls
		listed := must2(w.s.Calls(ctx, w.worker, community, Cursor{}, 20))(t)
		if len(owed) != 1 || !slices.Equal(owed, listed) || owed[0].Phone != "130****0001" {
			t.Fatalf("the board shows %+v, the list %+v", owed, listed)
		}
		call, version := owed[0], w.row(v.ID).Version
		for _, who := range []access.Who{w.foreign, w.helpers[0], w.daughter} {
			if got, err := w.s.Call(ctx, who, v.ID, call.ID); err == nil || got.Phone != "" {
				t.Errorf("%s sees %q", who.Name, got.Phone)
			}
		}
		for range 2 {
			if got := must(w.s.Call(ctx, w.worker, v.ID, call.ID))(t); got.Phone != "13000000001" {
				t.Errorf("who goes to call sees %+v", got)
			}
		}
		if is := w.row(v.ID).Version; is != version {
			t.Errorf("a look is no step, but version %d became %d", version, is)
		}
		seen := must2(person.NewService(w.db).Disclosures(ctx, w.elder, nil, 20))(t)
		if len(seen) != before+1 || seen[0].Viewer != w.worker.Person || !slices.Equal(seen[0].Fields, []person.Field{person.FieldPhone}) || seen[0].Order != v.ID {
			t.Errorf("%d more lines in her list: %+v", len(seen)-before, seen)
		}
		other := w.asked(1)
		if _, err := w.s.Called(ctx, w.worker, other.ID, call.ID); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("made by way of another order: %v", err)
		}
		must(w.s.Called(ctx, w.worker, v.ID, call.ID))(t)
		if _, err := w.s.Call(ctx, w.worker, v.ID, call.ID); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("called already: %v", err)
		}
	})
}

// TestACallWithoutANumber shows none, and nothing is noted as shown.
func TestACallWithoutANumber(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		v := w.asked(1)
		must(w.s.Accept(ctx, w.helpers[0], v.ID, Acceptance{}))(t)
		w.write(func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE service_order SET phone = '' WHERE district = $1 AND id = $2`, district, v.ID)
			if err == nil {
				_, err = tx.Exec(`UPDATE person SET phone = '' WHERE district = $1 AND id = $2`, district, w.elder.Person)
			}
			return err
		})
		before := len(must2(person.NewService(w.db).Disclosures(ctx, w.elder, nil, 20))(t))
		call := must2(w.s.Calls(ctx, w.worker, community, Cursor{}, 20))(t)[0]
		if got := must(w.s.Call(ctx, w.worker, v.ID, call.ID))(t); got.Phone != "" || got.Name != "陈秀英" {
			t.Errorf("who goes to call sees %+v", got)
		}
		if after := len(must2(person.NewService(w.db).Disclosures(ctx, w.elder, nil, 20))(t)); after != before {
			t.Errorf("%d more lines in her list", after-before)
		}
	})
}

// row is an order as it stands.
func (w *town) row(id string) (o *Order) {
	w.t.Helper()
	w.write(func(tx *db.Tx) (err error) {
		o, _, err = read(tx, district, id)
		return err
	})
	return o
}
