package person

import (
	"context"
	"testing"

	"linli/internal/core/access"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

func TestUnmaskLeavesATrace(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := NewService(d)
		p := insertOne(t, d, meng())
		worker := holder(t, d, access.StationWorker, south)

		for _, a := range []Ask{{Fields: []Field{FieldPhone}}, {Fields: []Field{FieldPhone}, Reason: " 看 "}} {
			_, err := s.Unmask(ctx, worker, p.ID, a)
			wantFault(t, err, fault.KindInvalid, "reason")
		}
		_, err := s.Unmask(ctx, worker, p.ID, Ask{Reason: "核对"})
		wantFault(t, err, fault.KindInvalid, "fields")
		_, err = s.Unmask(ctx, worker, p.ID, Ask{Reason: "核对", Fields: []Field{"salary"}})
		wantFault(t, err, fault.KindInvalid, "fields")
		_, err = s.Unmask(ctx, holder(t, d, access.Auditor, south), p.ID, Ask{Reason: "核对", Fields: []Field{FieldPhone}})
		wantFault(t, err, fault.KindForbidden, "")
		_, err = s.Unmask(ctx, holder(t, d, access.StationWorker, north), p.ID, Ask{Reason: "核对", Fields: []Field{FieldPhone}})
		wantFault(t, err, fault.KindNotFound, "")
		if e := events(t, d, p.ID); len(e) != 0 {
			t.Fatalf("refused, and yet %+v", e)
		}

		v, err := s.Unmask(ctx, worker, p.ID, Ask{Reason: "打电话约时间", Fields: []Field{FieldPhone, FieldName, FieldPhone}})
		if err != nil || v.Phone != p.Phone || v.Name != p.Name || v.Birth != "" {
			t.Fatalf("%+v, %v", v, err)
		}
		list, more, err := s.Disclosures(ctx, self(p), nil, 10)
		if err != nil || more || len(list) != 1 {
			t.Fatalf("%+v, %v, %v", list, more, err)
		}
		if got := list[0]; got.Name != "陈静" || got.Role != access.StationWorker || got.Reason != "打电话约时间" ||
			len(got.Fields) != 2 || !got.At.Equal(noon()) || got.Order != "" {
			t.Errorf("%+v", got)
		}
		e := events(t, d, p.ID)
		if len(e) != 1 || e[0].Act != "person.disclose" || e[0].Data["fields"] != "name,phone" || e[0].Data["reason"] != nil {
			t.Errorf("events %+v", e)
		}
		if list, _, _ := s.Disclosures(ctx, worker, nil, 10); len(list) != 0 {
			t.Errorf("the worker reads about others: %+v", list)
		}
	})
}

func TestDiscloseForAnOrderOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		p := insertOne(t, d, meng())
		helper := access.Who{Person: "helper", Name: "孙淑琴", District: 130104}
		ask := Ask{Fields: ForHelper(), Order: "order-1"}
		err := d.Write(context.Background(), func(tx *db.Tx) error { return Disclose(tx, helper, p, ask) })
		wantFault(t, err, fault.KindForbidden, "")

		ask.Relations = []access.Relation{access.Assigned}
		again := ask
		again.Fields = []Field{FieldAddress, FieldPhone, FieldName}
		second := ask
		second.Order = "order-2"
		for _, a := range []Ask{ask, again, second} {
			write(t, d, func(tx *db.Tx) error { return Disclose(tx, helper, p, a) })
		}
		for _, who := range []access.Who{self(p), access.System()} {
			write(t, d, func(tx *db.Tx) error { return Disclose(tx, who, p, ask) })
		}
		s := NewService(d)
		first, more, err := s.Disclosures(context.Background(), self(p), nil, 1)
		if err != nil || !more || len(first) != 1 || first[0].Role != access.Volunteer {
			t.Fatalf("%+v, %v, %v", first, more, err)
		}
		after := After{At: first[0].At.UnixMilli(), ID: first[0].ID}
		rest, more, err := s.Disclosures(context.Background(), self(p), &after, 5)
		if err != nil || more || len(rest) != 1 || rest[0].ID == first[0].ID {
			t.Errorf("%+v, %v, %v", rest, more, err)
		}
	})
}

func TestConsent(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := NewService(d)
		p := insertOne(t, d, meng())
		child := insertOne(t, d, Person{Name: "小孟", Birth: today().Add(-3650), Place: south})
		worker := holder(t, d, access.SocialWorker, south)
		holds := func(p Person, purpose Purpose, want bool) {
			t.Helper()
			if got := read(t, d, func(tx *db.Tx) (bool, error) { return Consented(tx, p.District, p.ID, purpose) }); got != want {
				t.Errorf("%s agrees to %s: %v", p.Name, purpose, got)
			}
		}
		give := func(who access.Who, p Person, purpose Purpose, by string) error {
			v, err := s.Give(ctx, who, p.ID, purpose, by)
			if err == nil && (!v.Agreed || v.Purpose != purpose) {
				t.Errorf("gave and got %+v", v)
			}
			return err
		}
		withdraw := func(who access.Who, p Person, purpose Purpose) error {
			v, err := s.Withdraw(ctx, who, p.ID, purpose)
			if err == nil && (v.Agreed || v.WithdrawnAt == nil) {
				t.Errorf("took back and got %+v", v)
			}
			return err
		}
		do := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		holds(p, Photo, false)
		do(give(worker, p, Photo, ""))
		do(give(self(p), p, Photo, p.ID))
		holds(p, Photo, true)
		holds(p, Publish, false)
		do(withdraw(self(p), p, Photo))
		do(withdraw(self(p), p, Photo))
		holds(p, Photo, false)
		do(give(self(p), p, Photo, ""))
		holds(p, Photo, true)
		all := read(t, d, func(tx *db.Tx) ([]Consent, error) { return Consents(tx, p.District, p.ID) })
		if len(all) != 2 || all[0].GivenBy != p.ID || all[0].WithdrawnAt.IsZero() == all[1].WithdrawnAt.IsZero() {
			t.Errorf("%+v", all)
		}
		if e := events(t, d, p.ID); len(e) != 3 || e[0].Actor != worker.Person || e[1].Act != "consent.withdraw" {
			t.Errorf("%+v", e)
		}

		wantFault(t, give(worker, child, Photo, ""), fault.KindInvalid, "by")
		wantFault(t, give(self(child), child, Photo, child.ID), fault.KindInvalid, "by")
		do(give(worker, child, Photo, "母亲 孟小兰"))
		holds(child, Photo, true)
		wantFault(t, give(worker, p, "marketing", ""), fault.KindInvalid, "purpose")
		wantFault(t, give(holder(t, d, access.Auditor, south), p, Publish, ""), fault.KindForbidden, "")
	})
}
