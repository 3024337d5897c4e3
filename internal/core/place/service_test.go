package place

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/rule"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

const (
	street    = "130104016000"
	community = "130104016001"
)

// town loads the embedded places and one community with a position and a phone.
func town(t *testing.T, d *db.DB) {
	t.Helper()
	files, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	mustImport(t, Importer{DB: d}, files, nil)
	write(t, d, func(tx *db.Tx) error {
		_, err := Insert(tx, Place{ID: community, Parent: street, Level: Community, Name: "东风路南社区",
			Position: &Position{Lat: 38.03, Lng: 114.48}, Phone: "0311-55500126"})
		return err
	})
}

// holder has a role at a place.
func holder(t *testing.T, d *db.DB, r access.Role, id string) access.Who {
	t.Helper()
	p := mustGet(t, d, id)
	return access.Who{Person: "who", Name: "陈静", District: p.District,
		Grants: []access.Grant{{Role: r, District: p.District, Place: p.ID, Path: p.Path}}}
}

func wantKind(t *testing.T, err error, kind fault.Kind, field string) {
	t.Helper()
	if err == nil || fault.KindOf(err) != kind || fault.As(err).Field != field {
		t.Fatalf("error %v, want %s of %q", err, kind, field)
	}
}

func TestStaffKeepTheLowerTree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		town(t, d)
		s := NewService(d)
		worker := holder(t, d, access.StationWorker, community)

		estate, err := s.Add(ctx, worker, Draft{Parent: community, Level: Estate, Name: " 邮电园小区 "})
		if got := mustGet(t, d, estate.ID); err != nil || estate.Name != "邮电园小区" || got.Community() != community || got.District != 130104 {
			t.Fatalf("%+v, %v", estate, err)
		}
		house, err := s.Add(ctx, worker, Draft{Parent: estate.ID, Level: Building, Name: "3号楼", Position: &Position{Lat: 38.031, Lng: 114.481}})
		if err != nil {
			t.Fatal(err)
		}

		_, err = s.Add(ctx, worker, Draft{Parent: estate.ID, Level: Building, Name: "3号楼"})
		wantKind(t, err, fault.KindInvalid, "name")
		_, err = s.Add(ctx, worker, Draft{Parent: house.ID, Level: Estate, Name: "里面"})
		wantKind(t, err, fault.KindInvalid, "level")
		_, err = s.Add(ctx, worker, Draft{Parent: street, Level: Community, Name: "新社区", Code: "130104016009"})
		wantKind(t, err, fault.KindForbidden, "")
		_, err = s.Add(ctx, holder(t, d, access.StationWorker, "130104002000"), Draft{Parent: community, Level: Grid, Name: "一网格"})
		wantKind(t, err, fault.KindForbidden, "")
		_, err = s.Add(ctx, worker, Draft{Parent: community, Level: Grid, Name: "", Phone: "12", Position: &Position{Lat: 91}})
		if e := fault.As(err); len(e.All()) != 3 {
			t.Errorf("want all three mistakes at once, got %v", err)
		}

		_, err = s.Close(ctx, worker, estate.ID)
		wantKind(t, err, fault.KindConflict, "")
		if _, err := s.Edit(ctx, worker, house.ID, Edit{Name: "三号楼"}); err != nil {
			t.Fatal(err)
		}
		if got := mustGet(t, d, house.ID); got.Name != "三号楼" || got.Position != nil {
			t.Errorf("after the edit %+v", got)
		}
		if _, err := s.Close(ctx, worker, house.ID); err != nil {
			t.Fatal(err)
		}
		_, err = s.Edit(ctx, worker, house.ID, Edit{Name: "四号楼"})
		wantKind(t, err, fault.KindConflict, "")
		if got, err := s.List(ctx, estate.ID); err != nil || len(got) != 0 {
			t.Errorf("closed houses are listed: %v, %v", got, err)
		}
		if got := mustGet(t, d, house.ID); got.Open() || got.Name != "三号楼" {
			t.Errorf("what ended is gone or open: %+v", got)
		}
	}, dbtest.With(checkTree))
}

func TestAdministratorsAddCommunitiesByCode(t *testing.T) {
	d := dbtest.New(t, db.SQLite)
	ctx := context.Background()
	town(t, d)
	s := NewService(d)
	officer := holder(t, d, access.DistrictOfficer, "130104000000")
	for _, code := range []string{"", "130104017001", "130104016000", "1301040160001", "13010401600x"} {
		_, err := s.Add(ctx, officer, Draft{Parent: street, Level: Community, Name: "新社区", Code: code})
		wantKind(t, err, fault.KindInvalid, "code")
	}
	_, err := s.Add(ctx, officer, Draft{Parent: street, Level: Community, Name: "新社区", Code: community})
	wantKind(t, err, fault.KindConflict, "")
	p, err := s.Add(ctx, officer, Draft{Parent: street, Level: Community, Name: "新社区", Code: "130104016002"})
	if err != nil || p.ID != "130104016002" || !strings.HasSuffix(mustGet(t, d, p.ID).Path, street+"/130104016002/") {
		t.Fatalf("%+v, %v", p, err)
	}
}

func TestNearestAbove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		town(t, d)
		estate := Place{ID: IDBelow(community, 1), Parent: community, Level: Estate, Name: "邮电园", Position: &Position{Lat: 1, Lng: 2}}
		house := Place{ID: IDBelow(community, 2), Parent: estate.ID, Level: Building, Name: "1号楼"}
		grid := Place{ID: IDBelow(community, 3), Parent: community, Level: Grid, Name: "一网格"}
		write(t, d, func(tx *db.Tx) error {
			for _, p := range []Place{estate, house, grid} {
				if _, err := Insert(tx, p); err != nil {
					return err
				}
			}
			return nil
		})
		for id, want := range map[string]Position{house.ID: {1, 2}, grid.ID: {38.03, 114.48}, street: {}} {
			got := read(t, d, func(tx *db.Tx) (p Position, err error) { p, _, err = Locate(tx, id); return p, err })
			if got != want {
				t.Errorf("%s is at %v, want %v", id, got, want)
			}
		}
		for id, want := range map[string]string{house.ID: "0311-55500126", street: ""} {
			if got := read(t, d, func(tx *db.Tx) (string, error) { return Phone(tx, id) }); got != want {
				t.Errorf("%s rings %q, want %q", id, got, want)
			}
		}
		chain := read(t, d, func(tx *db.Tx) ([]Place, error) { return Chain(tx, mustFind(tx, house.ID)) })
		if len(chain) != 7 || chain[0].Level != Province || chain[6].ID != house.ID {
			t.Errorf("chain %+v", chain)
		}
	})
}

func mustFind(tx *db.Tx, id string) Place {
	p, _, _ := find(tx, id)
	return p
}

func TestScope(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		town(t, d)
		write(t, d, func(tx *db.Tx) error {
			_, err := Insert(tx, Place{ID: "120101004001", Parent: "120101004000", Level: Community, Name: "朝阳里社区"})
			return err
		})
		everywhere := access.Who{District: 110106, Grants: []access.Grant{{Role: access.Administrator, Path: Root}}}
		for _, c := range []struct {
			who       access.Who
			districts []int
			mine      int
		}{
			{holder(t, d, access.StationWorker, community), []int{130104}, 1},
			{holder(t, d, access.StreetOfficer, street), []int{130104}, 1},
			{holder(t, d, access.Auditor, "130000000000"), []int{130000, 130104}, 1},
			{holder(t, d, access.Auditor, "110000000000"), []int{110000, 110106}, 0},
			{holder(t, d, access.Resident, community), []int{130104}, 0},
			{everywhere, []int{110106, 120101, 130104}, 2},
		} {
			got := read(t, d, func(tx *db.Tx) ([]int, error) { return Reach(tx, c.who) })
			if !slices.Equal(got, c.districts) {
				t.Errorf("%v reaches %v, want %v", c.who.Grants, got, c.districts)
			}
			mine := read(t, d, func(tx *db.Tx) ([]Place, error) { return Mine(tx, c.who, access.PersonRead, 10) })
			if len(mine) != c.mine {
				t.Errorf("%v has %d communities, want %d", c.who.Grants, len(mine), c.mine)
			}
		}
	})
}

func TestRulesHoldFromTheirDay(t *testing.T) {
	now := clock.NewManual(time.Date(2026, 9, 1, 10, 0, 0, 0, calendar.Zone()))
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now.Set(time.Date(2026, 9, 1, 10, 0, 0, 0, calendar.Zone()))
		ctx := context.Background()
		town(t, d)
		s := NewService(d)
		officer := holder(t, d, access.DistrictOfficer, "130104000000")
		set := func(id string, value int64, day calendar.Day) error {
			_, err := s.SetRule(ctx, officer, id, rule.PointsPerHour, value, day)
			return err
		}
		today := calendar.DayOf(now.Now())
		if err := set("130104000000", 3, today); err != nil {
			t.Fatal(err)
		}
		if err := set(community, 4, today.Add(7)); err != nil {
			t.Fatal(err)
		}
		wantKind(t, set(community, 4, today.Add(-1)), fault.KindInvalid, "since")
		wantKind(t, set(community, 999, today), fault.KindInvalid, "value")
		wantKind(t, set("130100000000", 1, today), fault.KindForbidden, "")

		for day, want := range map[int]struct {
			value int64
			from  string
		}{0: {3, "桥西区"}, 7: {4, "东风路南社区"}} {
			now.Set(today.Add(day).Start().Add(12 * time.Hour))
			_, states, _, err := s.Rules(ctx, officer, community)
			if err != nil {
				t.Fatal(err)
			}
			for _, state := range states {
				if state.Rule.Name != rule.PointsPerHour {
					if state.Value != state.Rule.Default || state.From != "" || state.Versions != nil {
						t.Errorf("%s: %+v", state.Rule.Name, state)
					}
					continue
				}
				if state.Value != want.value || state.From != want.from || len(state.Versions) != 2 {
					t.Errorf("day %d: %+v, want %+v", day, state, want)
				}
			}
		}
	}, dbtest.Clock(now))
}

func TestShow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		town(t, d)
		facts := func(tx *db.Tx, p Place) ([]Fact, error) {
			n, err := Sum(tx, p, "residents")
			return []Fact{{Label: "居民", Value: n["residents"]}}, err
		}
		write(t, d, func(tx *db.Tx) error {
			Count(tx, 130104, community, "residents", 5327)
			return nil
		})
		s := NewService(d, facts)
		sheet, err := s.Show(context.Background(), holder(t, d, access.DistrictOfficer, "130104000000"), street)
		if err != nil {
			t.Fatal(err)
		}
		if len(sheet.Chain) != 4 || len(sheet.Children) != 1 || sheet.Facts[0].Value != 5327 ||
			len(sheet.Add) != 1 || !sheet.Edit || !sheet.Rules {
			t.Errorf("%+v", sheet)
		}
		sheet, err = s.Show(context.Background(), holder(t, d, access.Resident, community), community)
		if err != nil || sheet.Phone != "0311-55500126" || len(sheet.Add) > 0 || sheet.Edit || sheet.Rules {
			t.Errorf("%+v, %v", sheet, err)
		}
		_, err = s.Show(context.Background(), access.Who{}, community)
		wantKind(t, err, fault.KindForbidden, "")
		_, err = s.Show(context.Background(), access.System(), "999999999999")
		wantKind(t, err, fault.KindNotFound, "")
	})
}
