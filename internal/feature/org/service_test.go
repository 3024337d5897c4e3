package org

import (
	"fmt"
	"slices"
	"testing"

	"linli/internal/core/access"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

func TestCreateATeam(t *testing.T) {
	each(t, func(t *town) {
		v := t.team()
		if v.LeaderName != "方国栋" || v.Members != 1 || len(v.MemberList) != 1 || !v.MemberList[0].Leader || v.PlaceName != "东风路南社区" ||
			!slices.Equal(v.Actions, []string{CanEdit, CanClose, CanRun, CanEnlist}) {
			t.Errorf("view %+v", v)
		}
		o := t.get(v.ID)
		if !o.Serves() || o.At == nil || o.At.Lat != 38.04 || len(o.Candidate().Skills) != 1 || o.Candidate().LimitWeek != 8 || !t.leads(t.fang.ID, v.ID) {
			t.Errorf("team %+v", o)
		}
		if t.facts(south) != [2]int64{1, 0} || t.facts(street) != [2]int64{1, 0} || t.facts(county) != [2]int64{1, 0} || t.facts(north) != [2]int64{0, 0} {
			t.Error("the counts are wrong")
		}
		if acts := t.acts(v.ID); !slices.Equal(acts, []string{"found", "lead"}) {
			t.Errorf("events %v", acts)
		}
		t.read(func(tx *db.Tx) error {
			var ids []string
			err := EachTeam(tx, district, func(o Org) error { ids = append(ids, o.ID); return nil })
			if !slices.Equal(ids, []string{v.ID}) {
				t.Errorf("to be asked: %v", ids)
			}
			return err
		})
	})
}

func TestWrongDrafts(t *testing.T) {
	each(t, func(t *town) {
		t.team()
		worker := t.worker(access.StationWorker, south)
		for name, c := range map[string]struct {
			who   access.Who
			a     Addition
			kind  fault.Kind
			field string
		}{
			"no name":       {worker, Addition{Kind: Team, Place: south}, fault.KindInvalid, "name"},
			"name taken":    {worker, Addition{Kind: Team, Place: south, Draft: Draft{Name: ptr("银发爱心义剪队")}}, fault.KindInvalid, "name"},
			"no day":        {worker, Addition{Kind: Unit, Place: south, Draft: Draft{Name: ptr("药店"), Founded: ptr("2018-13")}}, fault.KindInvalid, "founded"},
			"no phone":      {worker, Addition{Kind: Unit, Place: south, Draft: Draft{Name: ptr("药店"), Phone: ptr("12")}}, fault.KindInvalid, "phone"},
			"no service":    {worker, Addition{Kind: Team, Place: south, Draft: Draft{Name: ptr("队"), Running: Running{Services: []string{"fly"}}}}, fault.KindInvalid, "services"},
			"too much":      {worker, Addition{Kind: Team, Place: south, Draft: Draft{Name: ptr("队"), Running: Running{CapacityWeek: ptr(201)}}}, fault.KindInvalid, "capacity_week"},
			"led by nobody": {worker, Addition{Kind: Team, Place: south, Draft: Draft{Name: ptr("队"), Leader: ptr("13800138004")}}, fault.KindInvalid, "leader"},
			"led unit":      {worker, Addition{Kind: Unit, Place: south, Draft: Draft{Name: ptr("药店"), Leader: ptr("13800138001")}}, fault.KindInvalid, "leader"},
			"elsewhere":     {worker, Addition{Kind: Team, Place: north, Draft: Draft{Name: ptr("队")}}, fault.KindForbidden, ""},
			"by a resident": {self(t.fang), Addition{Kind: Team, Place: south, Draft: Draft{Name: ptr("队")}}, fault.KindForbidden, ""},
			"nowhere":       {worker, Addition{Kind: Team, Place: "x", Draft: Draft{Name: ptr("队")}}, fault.KindNotFound, ""},
			"above":         {t.worker(access.Administrator, "130000000000"), Addition{Kind: Team, Place: "130000000000", Draft: Draft{Name: ptr("队")}}, fault.KindInvalid, "place"},
		} {
			_, err := t.s.Create(t.ctx, c.who, c.a)
			if fault.KindOf(err) != c.kind || fault.As(err).Field != c.field {
				t.Errorf("%s: %v, want %s of %q", name, err, c.kind, c.field)
			}
		}
		if t.facts(county) != [2]int64{1, 0} {
			t.Error("a refused one counts")
		}
	})
}

func TestAnotherLeader(t *testing.T) {
	each(t, func(t *town) {
		v := t.team()
		worker := t.worker(access.StreetOfficer, street)
		got, err := t.s.Edit(t.ctx, worker, v.ID, Draft{Leader: &t.han.ID, Purpose: ptr("剪发")})
		if err != nil || got.LeaderName != "韩立新" || got.Members != 2 || got.Name != v.Name || got.CapacityWeek != 8 {
			t.Fatalf("%+v, %v", got, err)
		}
		if t.leads(t.fang.ID, v.ID) || !t.leads(t.han.ID, v.ID) {
			t.Error("the roles did not follow")
		}
		if got, err = t.s.Edit(t.ctx, worker, v.ID, Draft{Leader: ptr("")}); err != nil || got.Leader != "" || t.leads(t.han.ID, v.ID) || t.get(v.ID).Serves() {
			t.Errorf("without a leader: %+v, %v", got, err)
		}
		if got, err = t.s.Close(t.ctx, worker, v.ID); err != nil || got.Status != Closed || len(got.Actions) != 0 || t.facts(south) != [2]int64{0, 0} {
			t.Errorf("closed: %+v, %v", got, err)
		}
		_, err = t.s.Edit(t.ctx, worker, v.ID, Draft{Name: ptr("x")})
		t.wants(err, fault.KindConflict, "")
	})
}

func TestLeadersRunTheirTeam(t *testing.T) {
	each(t, func(t *town) {
		v := t.team()
		fang := self(t.fang)
		got, err := t.s.Run(t.ctx, fang, v.ID, Running{Services: []string{"mend_clothes", "haircut"}, CapacityWeek: ptr(3)})
		if err != nil || !slices.Equal(got.Services, []string{"haircut", "mend_clothes"}) || got.CapacityWeek != 3 {
			t.Errorf("%+v, %v", got, err)
		}
		if got, err = t.s.Enlist(t.ctx, fang, v.ID, "138 0013 8002"); err != nil || got.Members != 2 {
			t.Errorf("%+v, %v", got, err)
		}
		_, err = t.s.Enlist(t.ctx, fang, v.ID, "13800138004")
		t.wants(err, fault.KindInvalid, "volunteer")
		_, err = t.s.Enlist(t.ctx, fang, v.ID, "")
		t.wants(err, fault.KindInvalid, "volunteer")
		for _, who := range []access.Who{self(t.han), self(t.qin), t.worker(access.StationWorker, north), t.worker(access.Auditor, south)} {
			_, err = t.s.Run(t.ctx, who, v.ID, Running{})
			t.wants(err, fault.KindForbidden, "")
			_, err = t.s.Enlist(t.ctx, who, v.ID, "13800138003")
			t.wants(err, fault.KindForbidden, "")
		}
		_, err = t.s.Edit(t.ctx, fang, v.ID, Draft{Name: ptr("我的队")})
		t.wants(err, fault.KindForbidden, "")
		_, err = t.s.Dismiss(t.ctx, fang, v.ID, t.fang.ID)
		t.wants(err, fault.KindConflict, "")
		if got, err = t.s.Dismiss(t.ctx, fang, v.ID, t.han.ID); err != nil || got.Members != 1 {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestJoinAndQuit(t *testing.T) {
	each(t, func(t *town) {
		v := t.team()
		seen, err := t.s.Show(t.ctx, self(t.qin), v.ID)
		if err != nil || seen.MemberList != nil || seen.LeaderName != "方**" || len(seen.Actions) != 0 {
			t.Errorf("a neighbour sees %+v, %v", seen, err)
		}
		_, err = t.s.Enter(t.ctx, self(t.qin), v.ID)
		t.wants(err, fault.KindConflict, "")
		if seen, err = t.s.Show(t.ctx, self(t.lin), v.ID); err != nil || !slices.Equal(seen.Actions, []string{CanJoin}) {
			t.Errorf("a volunteer may %v, %v", seen.Actions, err)
		}
		if seen, err = t.s.Enter(t.ctx, self(t.lin), v.ID); err != nil || seen.Members != 2 || seen.LeaderName != "方国栋" || !slices.Equal(seen.Actions, []string{CanQuit}) {
			t.Errorf("a member sees %+v, %v", seen, err)
		}
		if page, err := t.volunteers.Show(t.ctx, self(t.fang), t.lin.ID); err != nil || page.Phone == t.lin.Phone || len(page.Actions) != 0 {
			t.Errorf("the leader sees of a member %+v, %v", page, err)
		}
		_, err = t.s.Quit(t.ctx, self(t.fang), v.ID)
		t.wants(err, fault.KindConflict, "")
		if seen, err = t.s.Quit(t.ctx, self(t.lin), v.ID); err != nil || seen.Members != 1 || seen.MemberList != nil {
			t.Errorf("after quitting %+v, %v", seen, err)
		}
		_, err = t.volunteers.Show(t.ctx, self(t.fang), t.lin.ID)
		t.wants(err, fault.KindNotFound, "")
		if seen, err = t.s.Enter(t.ctx, self(t.lin), v.ID); err != nil || seen.Members != 2 {
			t.Errorf("back again %+v, %v", seen, err)
		}
		if acts := t.acts(v.ID); !slices.Equal(acts, []string{"found", "lead", "join", "part", "join"}) {
			t.Errorf("events %v", acts)
		}
		_, err = t.s.Show(t.ctx, access.Who{Person: "x", District: 120101}, v.ID)
		t.wants(err, fault.KindNotFound, "")
	})
}

// TestMembershipsEndWithTheVolunteer: who leaves the volunteers leaves the teams,
// once the events have been read; a team without its leader is not asked.
func TestMembershipsEndWithTheVolunteer(t *testing.T) {
	each(t, func(t *town) {
		v := t.team()
		if _, err := t.s.Enter(t.ctx, self(t.han), v.ID); err != nil {
			t.Fatal(err)
		}
		for _, p := range []access.Who{self(t.fang), self(t.han)} {
			if _, err := t.volunteers.Leave(t.ctx, p, p.Person); err != nil {
				t.Fatal(err)
			}
		}
		for range 2 { // again, nothing more happens
			if err := t.s.Follow(t.ctx, district); err != nil {
				t.Fatal(err)
			}
		}
		if o := t.get(v.ID); o.Members != 0 || o.Leader != "" || o.Serves() || t.leads(t.fang.ID, v.ID) {
			t.Errorf("%+v", o)
		}
		if acts := t.acts(v.ID); len(acts) != 6 {
			t.Errorf("events %v", acts)
		}
	})
}

func TestListFiltersAndPages(t *testing.T) {
	each(t, func(t *town) {
		t.write(func(tx *db.Tx) error {
			for i := range 25 {
				kind := []Kind{CommunityOrg, Team, Unit}[i%3]
				at := []string{south, north, street, county}[i%4]
				if _, err := Found(tx, access.System(), Org{Kind: kind, Name: fmt.Sprintf("组织%02d 100%%", i/2), Class: "文体活动类", Place: at}); err != nil {
					return err
				}
			}
			return nil
		})
		who := self(t.qin)
		for _, c := range []struct {
			q    Query
			want int
		}{
			{Query{Place: county}, 25}, {Query{Place: street}, 19}, {Query{Place: south}, 7}, {Query{Place: north}, 6},
			{Query{Place: county, Kind: Team}, 8}, {Query{Place: county, Words: "组织03"}, 2}, {Query{Place: county, Words: "文体 组织00"}, 2},
			{Query{Place: county, Words: "%"}, 25}, {Query{Place: county, Words: "_"}, 0}, {Query{Place: county, Kind: Merchant}, 0},
		} {
			c.q.Limit = 100
			page, err := t.s.List(t.ctx, who, c.q)
			if err != nil || len(page.Items) != c.want {
				t.Errorf("%+v finds %d, %v, want %d", c.q, len(page.Items), err, c.want)
			}
		}
		if t.facts(county) != [2]int64{8, 17} || t.facts("130000000000") != [2]int64{8, 17} || t.facts(street) != [2]int64{6, 13} {
			t.Errorf("county %v, street %v", t.facts(county), t.facts(street))
		}
		var seen []string
		for q := (Query{Place: county, Limit: 4}); ; {
			page, err := t.s.List(t.ctx, who, q)
			if err != nil {
				t.Fatal(err)
			}
			for _, v := range page.Items {
				seen = append(seen, v.ID)
			}
			if page.Next == nil {
				break
			}
			q.After = *page.Next
		}
		if slices.Sort(seen); len(slices.Compact(seen)) != 25 {
			t.Errorf("paging shows %d of 25", len(seen))
		}
		_, err := t.s.List(t.ctx, who, Query{Limit: 3})
		t.wants(err, fault.KindInvalid, "place")
		_, err = t.s.List(t.ctx, who, Query{Place: "130000000000", Limit: 3})
		t.wants(err, fault.KindInvalid, "place")
		if page, err := t.s.List(t.ctx, t.worker(access.StationWorker, south), Query{Limit: 3}); err != nil || page.Place.ID != south {
			t.Errorf("at home: %+v, %v", page.Place, err)
		}
	})
}
