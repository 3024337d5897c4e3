package points_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/points"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
	"linli/internal/kit/webtest"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Zone())

// here is the town with its clock and what tests ask of it.
type here struct {
	*town.Town
	*points.Service
	t     *testing.T
	clock *clock.Manual
	path  string
	deeds int
}

func each(t *testing.T, test func(*testing.T, *here)) {
	t.Helper()
	hand := clock.NewManual(monday)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		hand.Set(monday)
		h := &here{Town: town.Settle(t, d), Service: points.NewService(d), t: t, clock: hand}
		h.Write(func(tx *db.Tx) error {
			p, err := place.Get(tx, town.Community)
			h.path = p.Path
			return err
		})
		test(t, h)
	}, dbtest.Clock(hand), dbtest.With(town.Sound))
}

// who is one of the cast as they act.
func (h *here) who(name string) access.Who {
	h.t.Helper()
	h.Forget(name) // a session may be older than the clock allows
	who, _, err := h.App.Auth.Authenticate(h.t.Context(), h.Token(auth.API, name))
	if err != nil {
		h.t.Fatal(err)
	}
	return who
}

// serves lets somebody earn something for some minutes on a day.
func (h *here) serves(name, category string, minutes int, at time.Time) (source string) {
	h.t.Helper()
	h.deeds++
	source = fmt.Sprint("visit:", h.deeds)
	h.Write(func(tx *db.Tx) error {
		return points.Award(tx, points.Deed{District: 130104, Person: h.Person(name).ID, Community: town.Community, PlacePath: h.path,
			Category: category, At: at, Minutes: minutes, Source: source, Memo: "理发"})
	})
	return source
}

func (h *here) rule(name rule.Name, value int64) {
	h.t.Helper()
	h.Write(func(tx *db.Tx) error { return rule.Set(tx, 130104, town.Community, name, value, tx.Now(), "") })
}

func (h *here) balance(name string) (n int64) {
	h.t.Helper()
	h.Write(func(tx *db.Tx) (err error) {
		n, err = points.Balance(tx, 130104, h.Person(name).ID)
		return err
	})
	return n
}

func (h *here) factor(category string, percent int64, from calendar.Day) error {
	_, err := h.SetFactor(h.t.Context(), h.who("罗建平"), points.FactorDraft{Place: town.Community, Category: category, Percent: percent, From: from})
	return err
}

// TestAClassHasItsFactorFromItsDayOn: of a service before that of its category, and
// by the day on which it was done, not on which it is booked.
func TestAClassHasItsFactorFromItsDayOn(t *testing.T) {
	each(t, func(t *testing.T, h *here) {
		tomorrow := calendar.DayOf(monday).Add(1)
		if err := h.factor("haircut", 200, calendar.DayOf(monday).Add(-1)); fault.KindOf(err) != fault.KindInvalid {
			t.Errorf("a rule for yesterday: %v", err)
		}
		for category, percent := range map[string]int64{"community_service": 50, "haircut": 200} {
			if err := h.factor(category, percent, tomorrow); err != nil {
				t.Fatal(err)
			}
		}
		later := tomorrow.Start().Add(10 * time.Hour)
		for _, c := range []struct {
			category string
			at       time.Time
			want     int64
		}{
			{"haircut", monday, 4}, {"haircut", later, 8}, {"change_bulb", monday, 4}, {"change_bulb", later, 2},
			{"clinic_escort", later, 4}, {"", later, 4}, {"no such class", later, 4},
		} {
			before := h.balance("韩立新")
			h.serves("韩立新", c.category, 120, c.at)
			if got := h.balance("韩立新") - before; got != c.want {
				t.Errorf("two hours of %q at %v earn %d, want %d", c.category, c.at, got, c.want)
			}
		}
	})
}

// TestADeedEarnsByTheRulesOfItsDay: hours by those of the day on which they were
// served, items by the place's own price.
func TestADeedEarnsByTheRulesOfItsDay(t *testing.T) {
	each(t, func(t *testing.T, h *here) {
		h.clock.Add(24 * time.Hour)
		h.rule(rule.PointsPerHour, 10)
		h.rule(rule.PointsPerItem, 5)
		h.serves("韩立新", "", 60, monday)
		if n := h.balance("韩立新"); n != 2 {
			t.Errorf("an hour of the day before earns %d", n)
		}
		h.serves("韩立新", "", 60, h.clock.Now())
		if n := h.balance("韩立新"); n != 12 {
			t.Errorf("with an hour of today it is %d", n)
		}
		d, err := h.Donate(t.Context(), h.who("周敏"), points.DonationDraft{Phone: h.Person("韩立新").Phone, Item: "棉衣", Quantity: 3})
		if err != nil || d.Points != 15 || h.balance("韩立新") != 27 {
			t.Errorf("three items: %+v, %v", d, err)
		}
	})
}

// TestNobodyTakesInTheirOwnDonation: whoever writes it down is not the one who gets the
// points.
func TestNobodyTakesInTheirOwnDonation(t *testing.T) {
	each(t, func(t *testing.T, h *here) {
		_, err := h.Donate(t.Context(), h.who("周敏"), points.DonationDraft{Phone: h.Person("周敏").Phone, Item: "棉衣", Quantity: 3})
		if fault.KindOf(err) != fault.KindForbidden || h.balance("周敏") != 0 {
			t.Errorf("one's own: %v", err)
		}
	})
}

// TestAChangeOfRulesNeverRewritesWhatWasEarned: a property over random histories of
// deeds and changes.
func TestAChangeOfRulesNeverRewritesWhatWasEarned(t *testing.T) {
	each(t, func(t *testing.T, h *here) {
		dice := rand.New(rand.NewPCG(4, 2026))
		names := []rule.Name{rule.PointsPerHour, rule.PointsPerItem, rule.PointsDayCap, rule.PointsActivityCap, rule.PointsGate}
		earned := map[string]int64{}
		for range 60 {
			h.clock.Add(time.Duration(dice.IntN(48)) * time.Hour)
			before := h.balance("韩立新")
			switch dice.IntN(3) {
			case 0:
				h.rule(names[dice.IntN(len(names))], dice.Int64N(12))
			case 1:
				if err := h.factor([]string{"haircut", "community_service"}[dice.IntN(2)], dice.Int64N(300), calendar.DayOf(h.clock.Now())); err != nil {
					t.Fatal(err)
				}
			default:
				source := h.serves("韩立新", "haircut", 1+dice.IntN(300), h.clock.Now())
				earned[source] = h.balance("韩立新") - before
				continue
			}
			if after := h.balance("韩立新"); after != before {
				t.Fatalf("a change of rules made %d of %d points", after, before)
			}
		}
		for source, n := range earned {
			before := h.balance("韩立新")
			h.Write(func(tx *db.Tx) error { return points.TakeBack(tx, 130104, source, "更正") })
			if took := before - h.balance("韩立新"); took != n {
				t.Errorf("%s earned %d and %d were taken back", source, n, took)
			}
		}
	})
}

// TestATrialChangesNothingAndIsRight: the rules of today give what was earned, others
// what they would have given.
func TestATrialChangesNothingAndIsRight(t *testing.T) {
	each(t, func(t *testing.T, h *here) {
		for i := range 40 {
			at := monday.AddDate(0, 0, -1-i*5)
			h.serves([]string{"韩立新", "孙淑琴"}[i%2], "haircut", 90, at)
			h.serves([]string{"韩立新", "孙淑琴"}[i%2], "clinic_escort", 60, at)
		}
		h.serves("韩立新", "haircut", 600, monday.AddDate(-2, 0, 0)) // longer ago than a year
		try := func(p points.Proposal) points.Trial {
			t.Helper()
			_, out, err := h.Try(t.Context(), h.who("周敏"), town.Community, p)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		n := func(n int64) *int64 { return &n }
		if same := try(points.Proposal{}); same.Was != 200 || same.Would != same.Was || same.Same != 2 || same.Gated != 2 {
			t.Errorf("today's rules: %+v", same)
		}
		if double := try(points.Proposal{PerHour: n(4), Gate: n(250)}); double.Would != 400 || double.More != 2 || double.WouldBe != 0 || len(double.People) != 2 || double.People[0].Would != 200 {
			t.Errorf("double: %+v", double)
		}
		if capped := try(points.Proposal{DayCap: n(4)}); capped.Would != 160 || capped.Less != 2 {
			t.Errorf("capped: %+v", capped)
		}
		if half := try(points.Proposal{Category: "clinic_escort", Percent: n(50)}); half.Would != 160 {
			t.Errorf("half for the clinic: %+v", half)
		}
		if h.balance("韩立新")+h.balance("孙淑琴") != 220 {
			t.Error("a trial has moved points")
		}
		if _, _, err := h.Try(t.Context(), h.who("吴远"), town.Community, points.Proposal{}); fault.KindOf(err) != fault.KindForbidden {
			t.Errorf("somebody of elsewhere tries: %v", err)
		}
	})
}

// TestGiftsStayInTheFamily: to the household or a named elder, where the place allows
// it, within caps; what was given is not given on. There is no other way.
func TestGiftsStayInTheFamily(t *testing.T) {
	each(t, func(t *testing.T, h *here) {
		h.serves("韩立新", "haircut", 1200, monday)
		give := func(from, to string, n int64) error {
			_, err := h.Give(t.Context(), h.who(from), points.Gift{To: h.Person(to).ID, Amount: n})
			return err
		}
		no := func(what, says string, err error) {
			t.Helper()
			if err == nil || !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v", what, err)
			}
		}
		h.moveIn("韩立新", "孙淑琴")
		no("nothing is allowed yet", "只能送给", give("韩立新", "孙淑琴", 5))
		h.rule(rule.GiftHousehold, 1)
		if err := give("韩立新", "孙淑琴", 5); err != nil {
			t.Fatal(err)
		}
		no("a stranger", "只能送给", give("韩立新", "郭建民", 5))
		no("oneself", "只能送给", give("韩立新", "韩立新", 5))
		no("an elder who named nobody", "只能送给", give("韩立新", "孟桂兰", 5))
		no("given on", "不能再送出去", give("孙淑琴", "韩立新", 5))
		no("more than a month's", "一个月最多送出 20 分", give("韩立新", "孙淑琴", 16))
		h.rule(rule.GiftElder, 1)
		if _, err := h.App.Auth.RecordProxy(t.Context(), h.who("周敏"), 130104, h.Person("孟桂兰").ID, h.Person("韩立新").Phone, auth.Child, auth.ByPhone); err != nil {
			t.Fatal(err)
		}
		h.rule(rule.GiftGetYear, 8)
		no("more than a year's", "一年最多收到 8 分", give("韩立新", "孟桂兰", 9))
		if err := give("韩立新", "孟桂兰", 8); err != nil {
			t.Error(err)
		}
		h.rule(rule.GiftElderAge, 90)
		no("not old enough", "只能送给", give("韩立新", "孟桂兰", 1))
		if a, b, c := h.balance("韩立新"), h.balance("孙淑琴"), h.balance("孟桂兰"); a != 27 || b != 5 || c != 8 {
			t.Errorf("balances %d %d %d", a, b, c)
		}
	})
}

// TestPointsLapseOnlyAsTold: never without a rule, never before 60 days of notice,
// the oldest first, and not after the rule has gone.
func TestPointsLapseOnlyAsTold(t *testing.T) {
	each(t, func(t *testing.T, h *here) {
		night := func(days int) {
			t.Helper()
			h.clock.Add(time.Duration(days) * 24 * time.Hour)
			if err := h.Lapse(t.Context(), 130104); err != nil {
				t.Fatal(err)
			}
		}
		h.serves("韩立新", "haircut", 300, monday)
		night(400)
		if n := h.balance("韩立新"); n != 10 {
			t.Fatalf("without a rule %d are left", n)
		}
		h.rule(rule.PointsMonths, 6)
		h.serves("韩立新", "haircut", 60, h.clock.Now())
		night(0)
		night(59)
		if n := h.balance("韩立新"); n != 12 {
			t.Errorf("before the notice is over %d are left", n)
		}
		sheet, err := h.Mine(t.Context(), h.who("韩立新"), points.Cursor{}, 10)
		if err != nil || len(sheet.Lapses) != 1 || sheet.Lapses[0].Points != 10 {
			t.Errorf("told: %+v, %v", sheet.Lapses, err)
		}
		night(1)
		night(0)
		if n := h.balance("韩立新"); n != 2 {
			t.Errorf("after it %d are left", n)
		}
		night(70)
		h.rule(rule.PointsMonths, 0)
		night(200)
		if n := h.balance("韩立新"); n != 2 {
			t.Errorf("after the rule has gone %d are left", n)
		}
	})
}

// moveIn lets somebody live behind the door of another.
func (h *here) moveIn(with, who string) {
	h.t.Helper()
	h.Write(func(tx *db.Tx) error {
		host, err := person.Get(tx, 130104, h.Person(with).ID)
		if err != nil {
			return err
		}
		p, err := person.Get(tx, 130104, h.Person(who).ID)
		if err != nil {
			return err
		}
		p.Place, p.Door = host.Place, host.Door
		_, err = person.Save(tx, p)
		return err
	})
}

// TestPagesAndAPI plays the scripts.
func TestPagesAndAPI(t *testing.T) {
	w := town.Settle(t, dbtest.New(t, db.SQLite, dbtest.Clock(clock.NewManual(monday)), dbtest.With(town.Sound)))
	vars := map[string]string{"community": town.Community, "street": town.Street, "phone": w.Person("孙淑琴").Phone}
	webtest.Runner{Handler: w.App.Site, Sign: w.Sign, Vars: vars}.Files(t, "testdata/town/*.txt")
}
