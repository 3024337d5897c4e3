package person

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

func TestCreate(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := NewService(d)
		worker := holder(t, d, access.StationWorker, south)
		draft := Draft{Name: "孟桂兰", IDNumber: "11010519491231002X", Phone: "13800138000", Place: house(2), Door: "402"}
		v, err := s.Create(ctx, worker, draft)
		if err != nil || v.Name != "孟**" || v.Address != "邮电园小区 3号楼" || v.Community != south {
			t.Fatalf("%+v, %v", v, err)
		}
		if e := events(t, d, v.ID); len(e) != 1 || e[0].Act != "person.add" || e[0].Community != south || e[0].Actor != worker.Person {
			t.Errorf("events %+v", e)
		}

		_, err = s.Create(ctx, worker, draft)
		wantFault(t, err, fault.KindConflict, "id_number")
		if strings.Contains(err.Error(), "桂兰") || !strings.Contains(err.Error(), "邮电园小区 3号楼") {
			t.Errorf("the conflict says %v", err)
		}
		_, err = s.Create(ctx, worker, Draft{Name: "孟桂兰", Phone: "138 0013 8000", Place: south})
		wantFault(t, err, fault.KindConflict, "phone")
		_, err = s.Create(ctx, holder(t, d, access.StationWorker, north), Draft{Name: "孟桂兰", Phone: "13800138000", Place: north})
		wantFault(t, err, fault.KindConflict, "phone")
		if strings.Contains(err.Error(), "邮电园") {
			t.Errorf("another community's worker is told where she lives: %v", err)
		}

		for id, kind := range map[string]fault.Kind{north: fault.KindForbidden, street: fault.KindInvalid, "nowhere": fault.KindInvalid, "": fault.KindInvalid} {
			_, err = s.Create(ctx, worker, Draft{Name: "王一", Place: id})
			if fault.KindOf(err) != kind {
				t.Errorf("at %q: %v, want %s", id, err, kind)
			}
		}
		_, err = s.Create(ctx, holder(t, d, access.Auditor, south), Draft{Name: "王一", Place: south})
		wantFault(t, err, fault.KindForbidden, "")
	})
}

func TestOneDocumentIsOnePerson(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		s := NewService(d)
		worker := holder(t, d, access.StationWorker, south)
		errs := make([]error, 8)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() {
				_, errs[i] = s.Create(context.Background(), worker, Draft{Name: fmt.Sprint("甲", i), IDNumber: "11010519491231002X", Place: south})
			})
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
			} else {
				wantFault(t, err, fault.KindConflict, "id_number")
			}
		}
		if won != 1 {
			t.Errorf("%d persons with one document", won)
		}
	})
}

func TestEditKeepsWhatIsLeftOut(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := NewService(d)
		worker := holder(t, d, access.StationWorker, street)
		p := insertOne(t, d, meng())
		no := false

		v, err := s.Edit(ctx, worker, p.ID, Change{Version: p.Version, Draft: Draft{Phone: "13900139000"}, LivesAlone: &no, Clear: []Field{FieldNote, FieldIDNumber}})
		if err != nil || v.Name != "孟**" {
			t.Fatalf("%+v, %v", v, err)
		}
		now := get(t, d, p.District, p.ID)
		want := p
		want.Phone, want.LivesAlone, want.Note, want.IDNumber, want.Version = "13900139000", false, "", "", 2
		if now != want {
			t.Errorf("now %+v\nwant %+v", now, want)
		}
		_, err = s.Edit(ctx, worker, p.ID, Change{Version: p.Version, Draft: Draft{Phone: "13900139001"}})
		wantFault(t, err, fault.KindConflict, "")
		_, err = s.Edit(ctx, worker, p.ID, Change{Draft: Draft{Phone: "139"}})
		wantFault(t, err, fault.KindInvalid, "phone")
		_, err = s.Edit(ctx, holder(t, d, access.StationWorker, south), p.ID, Change{Draft: Draft{Place: north}})
		wantFault(t, err, fault.KindForbidden, "")
		_, err = s.Edit(ctx, self(now), p.ID, Change{Draft: Draft{Place: "120101004001"}})
		wantFault(t, err, fault.KindInvalid, "place")

		if _, err = s.Edit(ctx, self(now), p.ID, Change{Draft: Draft{Place: north, Address: "北马路 5 号"}}); err != nil {
			t.Fatal(err)
		}
		if moved := get(t, d, p.District, p.ID); moved.Community != north || moved.Household != "" || moved.Door != "" {
			t.Errorf("moved %+v", moved)
		}
		e := events(t, d, p.ID)
		if len(e) != 2 || strings.Contains(fmt.Sprint(e), "1390013") {
			t.Errorf("events %+v", e)
		}
	})
}

func TestWhoMayReadIsOfThePlace(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := NewService(d)
		p := insertOne(t, d, meng())
		for _, c := range []struct {
			who  access.Who
			name string
			kind fault.Kind
		}{
			{holder(t, d, access.StationWorker, south), "孟**", ""},
			{holder(t, d, access.StreetOfficer, street), "孟**", ""},
			{holder(t, d, access.Auditor, "130000000000"), "孟**", ""},
			{access.Who{Person: "a", Grants: []access.Grant{{Role: access.Administrator, Path: place.Root}}}, "孟**", ""},
			{self(p), "孟桂兰", ""},
			{holder(t, d, access.StationWorker, north), "", fault.KindNotFound},
			{holder(t, d, access.Volunteer, south), "", fault.KindNotFound},
			{holder(t, d, access.StationWorker, "120101004001"), "", fault.KindNotFound},
		} {
			v, err := s.Show(ctx, c.who, p.ID)
			if v.Name != c.name || err != nil && fault.KindOf(err) != c.kind || (err == nil) != (c.kind == "") {
				t.Errorf("%v sees %q, %v, want %q %s", c.who.Grants, v.Name, err, c.name, c.kind)
			}
		}
	})
}

func TestListSearchesAndPages(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := NewService(d)
		worker := holder(t, d, access.StationWorker, south)
		insertOne(t, d, meng())
		insertOne(t, d, Person{Name: "𠮷㐂", Place: house(3), Door: "101", Phone: "0311-87654321"})
		insertOne(t, d, Person{Name: "O'Neil 100%_", Place: south})
		insertOne(t, d, Person{Name: "别处的孟", Place: north})
		for i := range 7 {
			insertOne(t, d, Person{Name: fmt.Sprint("同名", i/2), Place: house(1)})
		}
		for words, want := range map[string]int{
			"": 10, "孟": 1, "桂兰": 1, "8000": 1, "13800138000": 1, "800": 0, "4321": 1, "0311-87654321": 1, "3号楼": 1,
			"邮电园 孟": 1, "邮电园": 9, "a座": 1, "A座 101": 1, "2单元402": 1, "11010519491231002x": 1, "𠮷": 1, "㐂": 1,
			"%": 1, "_": 1, "'": 1, "o'neil": 1, "!": 0, "孟 王": 0, "' OR 1=1 --": 0,
		} {
			page, err := s.List(ctx, worker, Query{Place: south, Words: words, Limit: 50})
			if err != nil || len(page.Items) != want {
				t.Errorf("%q finds %d, %v, want %d", words, len(page.Items), err, want)
			}
		}
		page, err := s.List(ctx, worker, Query{Place: house(2), Limit: 50})
		if err != nil || len(page.Items) != 1 {
			t.Errorf("the house has %d, %v", len(page.Items), err)
		}

		var seen []string
		q := Query{Place: south, Limit: 3}
		for pages := 1; ; pages++ {
			page, err := s.List(ctx, worker, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page.Items {
				seen = append(seen, v.ID)
			}
			if !page.More {
				break
			}
			q.After = page.Last
			if pages > 4 {
				t.Fatal("no end")
			}
		}
		slices.Sort(seen)
		if len(slices.Compact(seen)) != 10 {
			t.Errorf("paging shows %d of 10", len(seen))
		}

		_, err = s.List(ctx, worker, Query{Place: north, Limit: 3})
		wantFault(t, err, fault.KindForbidden, "")
		_, err = s.List(ctx, holder(t, d, access.Volunteer, south), Query{Place: south, Limit: 3})
		wantFault(t, err, fault.KindForbidden, "")
		_, err = s.List(ctx, holder(t, d, access.StreetOfficer, street), Query{Place: street, Limit: 3})
		wantFault(t, err, fault.KindInvalid, "place")
	})
}

func TestMoveHousehold(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		s := NewService(d)
		p := insertOne(t, d, meng())
		husband := insertOne(t, d, Person{Name: "韩立新", Place: house(2), Door: "2单元402"})
		other := insertOne(t, d, Person{Name: "王一", Place: house(3), Door: "101"})
		worker := holder(t, d, access.StationWorker, street)

		move := func(who access.Who, id, door string) error {
			_, err := s.MoveHousehold(ctx, who, p.ID, id, door)
			return err
		}
		wantFault(t, move(worker, house(3), "101"), fault.KindConflict, "door")
		wantFault(t, move(worker, house(3), ""), fault.KindInvalid, "door")
		wantFault(t, move(worker, "120101004001", "1"), fault.KindInvalid, "place")
		wantFault(t, move(holder(t, d, access.StationWorker, north), north, "1"), fault.KindNotFound, "")
		wantFault(t, move(self(p), house(3), "301"), fault.KindForbidden, "")
		if err := move(worker, north, "9号院"); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{p.ID, husband.ID} {
			if now := get(t, d, 130104, id); now.Community != north || now.Door != "9号院" || now.Version != 2 {
				t.Errorf("%+v did not move", now)
			}
		}
		if now := get(t, d, 130104, other.ID); now != other {
			t.Errorf("%+v moved too", now)
		}
	})
}
