package rule

import (
	"testing"
	"time"

	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	district  = 130104
	county    = "130104000000"
	street    = "130104016000"
	community = "130104016001"
	path      = "/130000000000/130100000000/130104000000/130104016000/130104016001/"
	nextDoor  = "/130000000000/130100000000/130104000000/130104016000/130104016002/"
	elsewhere = "/130000000000/130100000000/130104000000/130104017000/130104017001/"
)

var monday = time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)

// setting is one version that a place sets.
type setting struct {
	place string
	value int64
	since time.Duration // from monday
}

func TestTheNearestPlaceAboveHolds(t *testing.T) {
	for name, c := range map[string]struct {
		set  []setting
		at   time.Duration
		want map[string]int64
	}{
		"nobody set it": {want: map[string]int64{path: 24, "/": 24, "": 24}},
		"the county": {
			set:  []setting{{county, 12, 0}},
			want: map[string]int64{path: 12, elsewhere: 12, "/130000000000/130100000000/": 24}},
		"the street before the county": {
			set:  []setting{{street, 6, 0}, {county, 12, time.Hour}},
			at:   time.Hour,
			want: map[string]int64{path: 6, nextDoor: 6, elsewhere: 12}},
		"the community before the street": {
			set:  []setting{{street, 6, 0}, {community, 3, 0}},
			want: map[string]int64{path: 3, nextDoor: 6, elsewhere: 24}},
		"the newest version": {
			set:  []setting{{community, 3, 0}, {community, 4, time.Hour}, {community, 5, 2 * time.Hour}},
			at:   time.Hour,
			want: map[string]int64{path: 4}},
		"not before its day": {
			set:  []setting{{community, 3, time.Hour}},
			at:   time.Hour - time.Millisecond,
			want: map[string]int64{path: 24}},
		"set twice for one moment": {
			set:  []setting{{community, 3, time.Hour}, {community, 4, time.Hour}},
			at:   time.Hour,
			want: map[string]int64{path: 4}},
	} {
		t.Run(name, func(t *testing.T) {
			now := clock.NewManual(monday)
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				now.Set(monday)
				write(t, d, func(tx *db.Tx) error {
					for _, s := range c.set {
						if err := Set(tx, district, s.place, AcceptHours, s.value, monday.Add(s.since), "p1"); err != nil {
							return err
						}
					}
					return nil
				})
				now.Set(monday.Add(c.at))
				write(t, d, func(tx *db.Tx) error {
					for at, want := range c.want {
						if got, err := Value(tx, district, at, AcceptHours); err != nil || got != want {
							t.Errorf("at %s: %d, %v, want %d", at, got, err, want)
						}
					}
					return nil
				})
			}, dbtest.Clock(now))
		})
	}
}

func write(t *testing.T, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), fn); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsSetHoldsInTheSameTransaction(t *testing.T) {
	d := dbtest.New(t, db.SQLite, dbtest.Clock(clock.NewManual(monday)))
	write(t, d, func(tx *db.Tx) error {
		for _, want := range []int64{24, 5, 9} {
			if got, err := Value(tx, district, path, AcceptHours); err != nil || got != want {
				t.Errorf("%d, %v, want %d", got, err, want)
			}
			next := map[int64]int64{24: 5, 5: 9, 9: 9}[want]
			if err := Set(tx, district, community, AcceptHours, next, tx.Now(), "p1"); err != nil {
				return err
			}
		}
		if got, err := Value(tx, 430102, path, AcceptHours); err != nil || got != 24 {
			t.Errorf("another district: %d, %v", got, err)
		}
		return nil
	})
}

func TestWhatCannotBeSet(t *testing.T) {
	d := dbtest.New(t, db.SQLite, dbtest.Clock(clock.NewManual(monday)))
	for _, c := range []struct {
		name  Name
		value int64
		since time.Time
		field string // empty: it can
	}{
		{AcceptHours, 1, monday, ""},
		{AcceptHours, 168, monday, ""},
		{AcceptHours, 0, monday, "value"},
		{AcceptHours, 169, monday, "value"},
		{AcceptHours, -5, monday, "value"},
		{"speed_limit", 5, monday, "name"},
		{AcceptHours, 5, monday.Add(-time.Millisecond), "since"},
	} {
		err := d.Write(t.Context(), func(tx *db.Tx) error { return Set(tx, district, community, c.name, c.value, c.since, "p1") })
		if c.field == "" && err != nil || c.field != "" && (fault.KindOf(err) != fault.KindInvalid || fault.As(err).Field != c.field) {
			t.Errorf("%s = %d from %s: %v, want a fault of %q", c.name, c.value, c.since, err, c.field)
		}
	}
}

func TestAnUnknownRuleIsNoRule(t *testing.T) {
	d := dbtest.New(t, db.SQLite)
	write(t, d, func(tx *db.Tx) error {
		if v, err := Value(tx, district, path, "speed_limit"); err == nil {
			t.Errorf("an unknown rule is %d", v)
		}
		return nil
	})
}

func TestVersionsKeepTheHistory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error {
			for _, s := range []setting{{community, 3, 0}, {street, 6, time.Hour}, {community, 4, 2 * time.Hour}, {"130104017001", 9, 0}} {
				if err := Set(tx, district, s.place, AcceptHours, s.value, monday.Add(s.since), "p1"); err != nil {
					return err
				}
			}
			all, err := Versions(tx, district, []string{street, community})
			if err != nil || len(all) != 3 {
				t.Fatalf("%+v %v", all, err)
			}
			want := Version{Name: AcceptHours, Place: community, Since: monday.Add(2 * time.Hour), Value: 4}
			if all[0] != want || all[2].Value != 3 {
				t.Errorf("versions %+v", all)
			}
			return nil
		})
	}, dbtest.Clock(clock.NewManual(monday)))
}

// TestDefaultsLieInTheirBounds looks at the table itself.
func TestDefaultsLieInTheirBounds(t *testing.T) {
	seen, labels := map[Name]bool{}, map[string]bool{}
	for _, r := range All() {
		if r.Default < r.Min || r.Default > r.Max || r.Label == "" || seen[r.Name] || labels[r.Label] {
			t.Errorf("%+v", r)
		}
		seen[r.Name], labels[r.Label] = true, true
		if found, ok := Find(r.Name); !ok || found != r {
			t.Errorf("%s is not found", r.Name)
		}
	}
	// domain.md, section 6
	for name, want := range map[Name]int64{AnswerWorkdays: 1, AcceptHours: 24, FinishWorkdays: 5, PointsPerHour: 2} {
		if r, _ := Find(name); r.Default != want {
			t.Errorf("%s is %d by default, want %d", name, r.Default, want)
		}
	}
}
