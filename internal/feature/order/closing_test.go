package order

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/kit/db"
)

// TestClosingsNeverWaitInACircle closes orders at once that the same people served,
// whose visits stand in every order. A closing that PostgreSQL had to break off
// would have been tried again.
func TestClosingsNeverWaitInACircle(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		const orders = 12
		var ids []string
		for i := range orders {
			crew := slices.Clone(w.helpers[:3])
			slices.Reverse(crew[:2+i%2])
			ids = append(ids, w.servedBy(crew).ID)
		}
		w.clock.Add(20 * 24 * time.Hour)
		var tried atomic.Int64
		var wg sync.WaitGroup
		for _, id := range ids {
			wg.Go(func() {
				err := w.db.Write(context.Background(), func(tx *db.Tx) error {
					tried.Add(1)
					o, _, err := lock(tx, district, id)
					if err != nil {
						return err
					}
					return w.s.CloseTx(tx, o)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if tried.Load() != orders {
			t.Errorf("%d closings were tried %d times", orders, tried.Load())
		}
		for _, h := range w.helpers[:3] {
			w.books(h, 30*orders, orders)
		}
	})
}

// servedBy is an order that these people have served one after the other, finished
// and not evaluated yet.
func (w *town) servedBy(crew []access.Who) View {
	w.t.Helper()
	ctx := context.Background()
	v := w.asked(len(crew))
	var to []Candidate
	for _, h := range crew {
		to = append(to, Candidate{KindVolunteer, h.Person})
	}
	must(w.s.Offer(ctx, w.worker, v.ID, Asking{To: to}))(w.t)
	for _, h := range crew {
		v = must(w.s.Accept(ctx, h, v.ID, Acceptance{}))(w.t)
	}
	for _, h := range crew {
		must(w.s.CheckIn(ctx, h, v.ID, Presence{Position: v.Position}))(w.t)
		w.clock.Add(30 * time.Minute)
		must(w.s.CheckOut(ctx, h, v.ID, Presence{}))(w.t)
		w.clock.Add(time.Minute)
	}
	return must(w.s.Complete(ctx, crew[0], v.ID, Completion{}))(w.t)
}
