package certificate

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/person"
	"linli/internal/feature/record"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/job"
)

// crowd moves in volunteers who have each served some times.
func (w *town) crowd(volunteers, services int) {
	w.t.Helper()
	const chunk = 100
	for begin := 0; begin < volunteers; begin += chunk {
		w.write(func(tx *db.Tx) error {
			for n := begin; n < min(begin+chunk, volunteers); n++ {
				if err := w.helper(tx, n, services); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func (w *town) helper(tx *db.Tx, n, services int) error {
	p, err := person.Insert(tx, person.Person{Name: fmt.Sprintf("志愿者%05d", n), Place: community})
	if err != nil {
		return err
	}
	v, err := volunteer.New(tx, p, volunteer.FromSelf)
	if err != nil {
		return err
	}
	v.Status = volunteer.Active
	if err := volunteer.Put(tx, v); err != nil {
		return err
	}
	for k := range services {
		begin := started.Add(time.Duration(k) * 24 * time.Hour)
		if _, err := record.Enter(tx, record.Record{
			District: district, Source: fmt.Sprintf("crowd:%d:%d", n, k), Kind: record.FromOrder, PlacePath: "/", Volunteer: p.ID, Community: community,
			Name: "理发", Category: "haircut", Place: community, StartedAt: begin, EndedAt: begin.Add(time.Hour), Minutes: 60, Grade: "A", Organiser: community,
		}); err != nil {
			return err
		}
	}
	return nil
}

// runner does the jobs that are due.
func (w *town) runner() *job.Runner {
	r := job.NewRunner(w.db, func(*db.Tx) ([]int, error) { return []int{district}, nil }, job.Options{Log: slog.New(slog.DiscardHandler)})
	for kind, h := range w.s.Jobs() {
		r.Handle(kind, h)
	}
	return r
}

// TestABatchIssuesForEverybodyOnce: everyone who served, each once, numbered without
// gaps, each of them verifiable; a second batch makes nothing new.
func TestABatchIssuesForEverybodyOnce(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		now := w.clock.Now()
		w.clock.Set(started)
		w.crowd(chunkSize+20, 1)
		w.clock.Set(now)
		own := w.ask(w.sun)
		q := w.thisYear()
		for what, who := range map[string]access.Who{"a volunteer": w.sun, "next door": w.foreign} {
			_, err := w.s.StartBatch(ctx, who, community, q)
			refused(t, what, err, fault.KindForbidden, "")
		}
		_, err := w.s.StartBatch(ctx, w.worker, "130104016000", q)
		refused(t, "a street by the worker of a community", err, fault.KindForbidden, "")
		b, err := w.s.StartBatch(ctx, w.worker, community, q)
		if err != nil || b.State != Running || b.Total != chunkSize+22 {
			t.Fatalf("%+v %v", b, err)
		}
		_, err = w.s.StartBatch(ctx, w.worker, community, q)
		refused(t, "twice at once", err, fault.KindConflict, "正在批量")
		if _, err := w.runner().Once(ctx); err != nil {
			t.Fatal(err)
		}
		b, err = w.s.ShowBatch(ctx, w.worker, b.ID)
		if err != nil || b.State != Done || b.Seen != b.Total || b.Made != chunkSize+21 {
			t.Errorf("%+v %v", b, err)
		}
		book, err := w.s.Register(ctx, w.worker, community, Cursor{}, 400)
		if err != nil || len(book.Items) != int(b.Made)+1 {
			t.Fatalf("%d in the register, %v", len(book.Items), err)
		}
		if mine, _ := w.s.Mine(ctx, w.sun); len(mine.List) != 1 || mine.List[0].ID != own.ID {
			t.Error("a second certificate that says the same")
		}
		for _, c := range book.Items[:5] {
			if _, err := w.verify(c); err != nil || c.Paper.Handler != "周敏" {
				t.Errorf("%s: %v", c.Number, err)
			}
		}
		again, err := w.s.StartBatch(ctx, w.worker, community, q)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.runner().Once(ctx); err != nil {
			t.Fatal(err)
		}
		if again, err = w.s.ShowBatch(ctx, w.worker, again.ID); err != nil || again.Made != 0 {
			t.Errorf("a second batch made %d, %v", again.Made, err)
		}
	})
}

// TestABatchShowsProgress: after every portion the page says how many were looked at and
// how many certificates there are.
func TestABatchShowsProgress(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		now := w.clock.Now()
		w.clock.Set(started)
		w.crowd(chunkSize, 1)
		w.clock.Set(now)
		b, err := w.s.StartBatch(ctx, w.worker, community, w.thisYear())
		if err != nil {
			t.Fatal(err)
		}
		sign, err := w.s.issuer.Ready(ctx)
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.s.prepare(ctx, sign, b, trail{})
		if err != nil {
			t.Fatal(err)
		}
		if p, err = w.s.advance(ctx, sign, p); err != nil {
			t.Fatal(err)
		}
		if b, err = w.s.ShowBatch(ctx, w.worker, b.ID); err != nil || b.State != Running || b.Seen != chunkSize || b.Made == 0 || b.Made >= b.Total {
			t.Errorf("after one portion: %+v %v", b, err)
		}
		if _, err = w.s.advance(ctx, sign, p); err != nil {
			t.Fatal(err)
		}
		if b, err = w.s.ShowBatch(ctx, w.worker, b.ID); err != nil || b.State != Done || b.Seen != b.Total || b.Made != chunkSize+2 {
			t.Errorf("after the last: %+v %v", b, err)
		}
	})
}

// TestABatchSharesTheNumbers: who asks while a batch is being signed takes the number that
// it counted on; the batch signs again with those that are left, and there is no gap.
func TestABatchSharesTheNumbers(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := context.Background()
		b, err := w.s.StartBatch(ctx, w.worker, community, w.thisYear())
		if err != nil {
			t.Fatal(err)
		}
		sign, err := w.s.issuer.Ready(ctx)
		if err != nil {
			t.Fatal(err)
		}
		p, err := w.s.prepare(ctx, sign, b, trail{})
		if err != nil || len(p.sealed) != 2 || p.sealed[0].Number != number(community, calendar.DayOf(w.clock.Now()), 1) {
			t.Fatalf("%d signed, %v", len(p.sealed), err)
		}
		q := w.thisYear()
		q.Remark = "用于升学"
		between, err := w.s.Ask(ctx, w.sun, q)
		if err != nil || between.Number != p.sealed[0].Number {
			t.Fatalf("%s %v", between.Number, err)
		}
		if err := w.s.writeAll(ctx, sign, &p); err != nil {
			t.Fatal(err)
		}
		book, err := w.s.Register(ctx, w.worker, community, Cursor{}, 10)
		if err != nil || len(book.Items) != 3 {
			t.Fatalf("%d in the register, %v", len(book.Items), err)
		}
		for _, c := range book.Items {
			if _, err := w.verify(c); err != nil {
				t.Errorf("%s: %v", c.Number, err)
			}
		}
	})
}
