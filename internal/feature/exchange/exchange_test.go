package exchange_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/exchange"
	"linli/internal/feature/org"
	"linli/internal/feature/points"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Zone())

// market is the town with two merchants, a breakfast for ten points at one of them,
// and volunteers who have earned sixty.
type market struct {
	*town.Town
	*exchange.Service
	t         *testing.T
	clock     *clock.Manual
	signer    exchange.Signer
	bakery    string // 白海霞 signs in for it
	barber    string // 郭建民 does
	breakfast string // reward of the bakery, 10 points
	path      string
	deeds     atomic.Int64
	whos      sync.Map
}

func open(t *testing.T, d *db.DB, hand *clock.Manual) *market {
	hand.Set(monday)
	m := &market{Town: town.Settle(t, d), t: t, clock: hand}
	m.signer = must(exchange.NewSigner(town.Secret()))(t)
	m.Service = exchange.NewService(d, m.App.Auth, m.signer)
	m.Write(func(tx *db.Tx) error {
		p, err := place.Get(tx, town.Community)
		m.path = p.Path
		if err != nil {
			return err
		}
		for name, at := range map[string]*string{"庆丰包子铺": &m.bakery, "老街理发店": &m.barber} {
			o, err := org.Found(tx, access.System(), org.Org{Kind: org.Merchant, Name: name, Place: town.Community})
			if err != nil {
				return err
			}
			*at = o.ID
		}
		return nil
	})
	for name, merchant := range map[string]string{"白海霞": m.bakery, "郭建民": m.barber} {
		must(m.Appoint(t.Context(), m.who("周敏"), merchant, m.Person(name).Phone))(t)
		m.whos.Delete(name)
	}
	m.breakfast = m.offer("早餐券", m.bakery, 10, 1000)
	for _, name := range []string{"韩立新", "孙淑琴", "林小雨"} {
		m.earns(name, 60)
	}
	return m
}

func each(t *testing.T, test func(*testing.T, *market)) {
	t.Helper()
	hand := clock.NewManual(monday)
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, open(t, d, hand)) }, dbtest.Clock(hand), dbtest.With(town.Sound))
}

func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// who is one of the cast as they act.
func (m *market) who(name string) access.Who {
	if known, ok := m.whos.Load(name); ok {
		return known.(access.Who)
	}
	m.Forget(name)
	who, _, err := m.App.Auth.Authenticate(m.t.Context(), m.Token(auth.API, name))
	if err != nil {
		m.t.Error(err)
	}
	m.whos.Store(name, who)
	return who
}

func (m *market) offer(name, merchant string, price, stock int64) string {
	m.t.Helper()
	v := must(m.AddReward(m.t.Context(), m.who("周敏"), exchange.NewReward{
		RewardDraft: exchange.RewardDraft{Name: name, Points: price, Stock: stock, Active: true}, Place: town.Community, Merchant: merchant}))(m.t)
	return v.ID
}

// earns gives somebody points for a service of today.
func (m *market) earns(name string, n int) {
	m.Write(func(tx *db.Tx) error {
		return points.Award(tx, points.Deed{District: 130104, Person: m.Person(name).ID, Community: town.Community, PlacePath: m.path,
			Minutes: 30 * n, Source: fmt.Sprint("visit:", m.deeds.Add(1)), Memo: "理发"})
	})
}

func (m *market) rule(name rule.Name, value int64) {
	m.t.Helper()
	m.Write(func(tx *db.Tx) error { return rule.Set(tx, 130104, town.Community, name, value, tx.Now(), "") })
}

func (m *market) purse(name string) (p points.Purse) {
	m.t.Helper()
	m.Write(func(tx *db.Tx) (err error) {
		p, err = points.PurseOf(tx, 130104, m.Person(name).ID)
		return err
	})
	return p
}

func (m *market) take(name string) exchange.CouponView {
	m.t.Helper()
	return must(m.Take(m.t.Context(), m.who(name), m.breakfast))(m.t)
}

func (m *market) redeem(by string, in exchange.Redemption) (exchange.UseView, error) {
	return m.Redeem(m.t.Context(), m.who(by), in)
}

func refused(t *testing.T, what, says string, err error) {
	t.Helper()
	if err == nil || fault.KindOf(err) == fault.KindInternal || !strings.Contains(err.Error(), says) {
		t.Errorf("%s: %v, want %q", what, err, says)
	}
}

// TestOneCouponOnce: points go, the coupon is used once, by number or by code, at its
// own till only.
func TestOneCouponOnce(t *testing.T) {
	each(t, func(t *testing.T, m *market) {
		c := m.take("韩立新")
		if p := m.purse("韩立新"); p.Balance != 50 {
			t.Errorf("after taking one: %+v", p)
		}
		_, err := m.redeem("郭建民", exchange.Redemption{Code: c.Number})
		refused(t, "another merchant", "庆丰包子铺", err)
		_, err = m.redeem("周敏", exchange.Redemption{Code: c.Number})
		refused(t, "the station", "庆丰包子铺", err)
		_, err = m.redeem("孙淑琴", exchange.Redemption{Code: c.Number})
		refused(t, "somebody", "庆丰包子铺", err)
		wrong := []byte(strings.ReplaceAll(c.Number, " ", ""))
		wrong[3] = '0' + (wrong[3]-'0'+1)%10
		_, err = m.redeem("白海霞", exchange.Redemption{Code: string(wrong)})
		refused(t, "a wrong digit", "输错", err)
		_, err = m.redeem("白海霞", exchange.Redemption{Code: strings.Replace(c.Code, "2026", "2027", 1)})
		refused(t, "a changed code", "被改过", err)
		must(m.redeem("白海霞", exchange.Redemption{Code: c.Number}))(t)
		_, err = m.redeem("白海霞", exchange.Redemption{Code: c.Code})
		refused(t, "a second time", "11月23日 周一 9:00 已经用过了", err)
		_, err = m.Return(t.Context(), m.who("韩立新"), c.ID)
		refused(t, "returning what was used", "已经用了", err)

		c = m.take("韩立新")
		must(m.redeem("白海霞", exchange.Redemption{Code: c.Code}))(t)
		st := must(m.Statement(t.Context(), m.who("白海霞"), m.bakery, "2026-11"))(t)
		if st.Coupons != 2 || st.Points != 20 || len(st.Lines) != 1 {
			t.Errorf("the month's statement: %+v", st)
		}
		_, err = m.Statement(t.Context(), m.who("郭建民"), m.bakery, "2026-11")
		refused(t, "another merchant's statement", "不归您看", err)
	})
}

// TestTwoTillsAtTheSameMoment: of many that redeem one coupon at once one gets it.
func TestTwoTillsAtTheSameMoment(t *testing.T) {
	each(t, func(t *testing.T, m *market) {
		for range 3 {
			c := m.take("韩立新")
			var good, late atomic.Int64
			var all sync.WaitGroup
			for range 8 {
				all.Go(func() {
					_, err := m.redeem("白海霞", exchange.Redemption{Code: c.Code})
					switch {
					case err == nil:
						good.Add(1)
					case fault.KindOf(err) == fault.KindConflict:
						late.Add(1)
					default:
						t.Error(err)
					}
				})
			}
			all.Wait()
			if good.Load() != 1 || late.Load() != 7 {
				t.Errorf("%d tills got it, %d were told", good.Load(), late.Load())
			}
		}
	})
}

// TestATillOffline: what it sends later counts once; a coupon that was used, returned
// or has expired meanwhile is a finding that the rule gives to somebody and staff may
// settle otherwise.
func TestATillOffline(t *testing.T) {
	each(t, func(t *testing.T, m *market) {
		sent := func(c exchange.CouponView, at time.Time) exchange.UseView {
			t.Helper()
			return must(m.redeem("白海霞", exchange.Redemption{Code: c.Code, Use: id.New(), Offline: true, At: at}))(t)
		}
		c := m.take("韩立新")
		m.clock.Add(24 * time.Hour)
		use := exchange.Redemption{Code: c.Code, Use: id.New(), Offline: true, At: monday.Add(time.Hour)}
		for range 3 { // sent three times because the answers got lost
			if u := must(m.redeem("白海霞", use))(t); u.Outcome != exchange.Good || !u.At.Equal(monday.Add(time.Hour)) {
				t.Errorf("%+v", u)
			}
		}
		double := sent(c, monday.Add(2*time.Hour))
		if double.Outcome != exchange.Double || double.Bearer != exchange.ByPlace || double.FirstAt == nil {
			t.Errorf("used twice: %+v", double)
		}
		returned := m.take("孙淑琴")
		at := m.clock.Now().Add(time.Minute)
		m.clock.Add(time.Hour)
		must(m.Return(t.Context(), m.who("孙淑琴"), returned.ID))(t)
		after := sent(returned, at)
		if after.Outcome != exchange.AfterReturn {
			t.Errorf("used after it was returned: %+v", after)
		}
		m.rule(rule.CouponBearer, 2)
		if third := sent(c, at); third.Bearer != exchange.ByMerchant {
			t.Errorf("by the other rule: %+v", third)
		}
		st := must(m.Statement(t.Context(), m.who("周敏"), m.bakery, "2026-11"))(t)
		if st.Coupons != 3 || len(st.Uses) != 4 {
			t.Errorf("the statement has %d of %d", st.Coupons, len(st.Uses))
		}
		_, err := m.Settle(t.Context(), m.who("白海霞"), after.ID, exchange.Settlement{Bearer: exchange.ByPlace, Words: "x"})
		refused(t, "the merchant settles", "身份", err)
		must(m.Settle(t.Context(), m.who("周敏"), after.ID, exchange.Settlement{Bearer: exchange.ByHolder, Words: "退了又拿去用"}))(t)
		if p := m.purse("孙淑琴"); p.Balance != 50 {
			t.Errorf("who used what they had returned has %+v", p)
		}
		must(m.Settle(t.Context(), m.who("周敏"), double.ID, exchange.Settlement{Bearer: exchange.ByMerchant, Words: "没看清"}))(t)
		_, err = m.Settle(t.Context(), m.who("周敏"), double.ID, exchange.Settlement{Bearer: exchange.ByPlace, Words: "再想想"})
		refused(t, "settled twice", "已经定过了", err)
		if _, all, err := m.Findings(t.Context(), m.who("周敏"), ""); err != nil || len(all) != 3 {
			t.Errorf("findings: %+v, %v", all, err)
		}
	})
}

// TestUnusedCouponsGiveTheirPointsBack: by their owner, and when nobody came; not
// before a till that was offline has had its days.
func TestUnusedCouponsGiveTheirPointsBack(t *testing.T) {
	each(t, func(t *testing.T, m *market) {
		one, two := m.take("韩立新"), m.take("韩立新")
		_, err := m.Return(t.Context(), m.who("孙淑琴"), one.ID)
		refused(t, "somebody else's", "没有这张券", err)
		must(m.Return(t.Context(), m.who("韩立新"), one.ID))(t)
		_, err = m.redeem("白海霞", exchange.Redemption{Code: one.Number})
		refused(t, "returned", "退了", err)
		night := func(days int) {
			t.Helper()
			m.clock.Add(time.Duration(days) * 24 * time.Hour)
			if err := m.Expire(t.Context(), 130104); err != nil {
				t.Fatal(err)
			}
		}
		night(31)
		_, err = m.redeem("白海霞", exchange.Redemption{Code: two.Code})
		refused(t, "after its last day", "12月23日 周三 就到期了", err)
		night(2)
		if p := m.purse("韩立新"); p.Balance != 50 {
			t.Errorf("during the grace: %+v", p)
		}
		night(1)
		if p := m.purse("韩立新"); p.Balance != 60 {
			t.Errorf("after it: %+v", p)
		}
	})
}

// TestWhoMayExchange: the gate of the year, only spendable points, the limits of one
// person, what is on the shelf, and where one lives.
func TestWhoMayExchange(t *testing.T) {
	each(t, func(t *testing.T, m *market) {
		take := func(name string) error {
			_, err := m.Take(t.Context(), m.who(name), m.breakfast)
			return err
		}
		m.earns("方国栋", 29)
		refused(t, "below the gate", "还差 1 分", take("方国栋"))
		m.earns("方国栋", 1)
		if err := take("方国栋"); err != nil {
			t.Error(err)
		}
		m.Write(func(tx *db.Tx) error { return points.Hold(tx, 130104, "visit:1", tx.Now().Add(time.Hour)) })
		held := []string{"韩立新", "孙淑琴", "林小雨"}[0]
		refused(t, "held points", "公示", take(held))
		m.rule(rule.CouponsOpen, 2)
		for range 2 {
			if err := take("孙淑琴"); err != nil {
				t.Error(err)
			}
		}
		refused(t, "too many in hand", "最多 2 张", take("孙淑琴"))
		last := m.offer("理发券", m.barber, 10, 1)
		if _, err := m.Take(t.Context(), m.who("林小雨"), last); err != nil {
			t.Error(err)
		}
		_, err := m.Take(t.Context(), m.who("林小雨"), last)
		refused(t, "an empty shelf", "换完了", err)
		m.earns("康永福", 60)
		refused(t, "who lives elsewhere", "没有这样能换的", take("康永福"))
		_, err = m.AddReward(t.Context(), m.who("周敏"), exchange.NewReward{RewardDraft: exchange.RewardDraft{Name: "现金红包", Points: 1}, Place: town.Community})
		refused(t, "money as a reward", "不能换钱", err)
	})
}

// TestRandomDealingsKeepTheBooks is the property of the whole: whatever people, tills
// and stations do at the same time, every balance equals its entries, all sums to
// zero, nothing is overdrawn, no coupon is used twice and none is lost. The checks of
// the house run at its end.
func TestRandomDealingsKeepTheBooks(t *testing.T) {
	sides, rounds := 8, 400
	if testing.Short() {
		rounds = 30
	}
	each(t, func(t *testing.T, m *market) {
		for _, name := range []rule.Name{rule.CouponsOpen, rule.GiftMonthCap, rule.GiftGetYear} {
			m.rule(name, 50)
		}
		m.rule(rule.GiftHousehold, 1)
		m.moveIn("韩立新", "孙淑琴")
		m.moveIn("韩立新", "林小雨")
		x := &dealings{market: m, gifts: points.NewService(m.App.DB)}
		for _, name := range []string{"韩立新", "孙淑琴", "林小雨", "白海霞", "周敏"} {
			m.who(name)
		}
		var all sync.WaitGroup
		for side := range sides {
			all.Go(func() {
				dice := rand.New(rand.NewPCG(2026, uint64(side)))
				for range rounds {
					if err := x.one(dice); err != nil && fault.KindOf(err) != fault.KindConflict && fault.KindOf(err) != fault.KindInvalid {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		t.Logf("%d deeds, %d coupons, %d uses", m.deeds.Load(), x.count.Load(), x.uses.Load())
		if x.count.Load() < 20 || x.uses.Load() < 10 {
			t.Error("hardly anything happened")
		}
	})
}

// dealings are what many sides do at once.
type dealings struct {
	*market
	gifts       *points.Service
	mu          sync.Mutex
	coupons     []exchange.CouponView
	count, uses atomic.Int64
}

func (x *dealings) one(dice *rand.Rand) error {
	name := []string{"韩立新", "孙淑琴", "林小雨"}[dice.IntN(3)]
	other := []string{"韩立新", "孙淑琴", "林小雨"}[dice.IntN(3)]
	ctx := x.t.Context()
	switch dice.IntN(8) {
	case 0, 1:
		return x.App.DB.Write(ctx, func(tx *db.Tx) error {
			return points.Award(tx, points.Deed{District: 130104, Person: x.Person(name).ID, Community: town.Community, PlacePath: x.path,
				Minutes: 1 + dice.IntN(300), Source: fmt.Sprint("visit:", x.deeds.Add(1)), Memo: "理发", HeldUntil: tx.Now().Add(time.Duration(dice.IntN(3)-1) * time.Hour)})
		})
	case 2:
		return x.App.DB.Write(ctx, func(tx *db.Tx) error {
			return points.TakeBack(tx, 130104, fmt.Sprint("visit:", 1+dice.Int64N(x.deeds.Load())), "更正")
		})
	case 3:
		_, err := x.gifts.Give(ctx, x.who(name), points.Gift{To: x.Person(other).ID, Amount: 1 + dice.Int64N(5)})
		return err
	case 4, 5:
		c, err := x.Take(ctx, x.who(name), x.breakfast)
		if err == nil {
			x.count.Add(1)
			x.mu.Lock()
			x.coupons = append(x.coupons, c)
			x.mu.Unlock()
		}
		return err
	}
	return x.withCoupon(dice)
}

// withCoupon redeems one, online or offline, returns it, or settles what was used
// twice.
func (x *dealings) withCoupon(dice *rand.Rand) error {
	x.mu.Lock()
	if len(x.coupons) == 0 {
		x.mu.Unlock()
		return nil
	}
	c := x.coupons[dice.IntN(len(x.coupons))]
	x.mu.Unlock()
	ctx := x.t.Context()
	if dice.IntN(3) == 0 {
		var errs []error
		for _, name := range []string{"韩立新", "孙淑琴", "林小雨"} {
			if _, err := x.Return(ctx, x.who(name), c.ID); err == nil || fault.KindOf(err) != fault.KindNotFound {
				errs = append(errs, err)
			}
		}
		return errors.Join(errs...)
	}
	u, err := x.redeem("白海霞", exchange.Redemption{Code: c.Code, Use: id.New(), Offline: dice.IntN(2) == 0, At: x.clock.Now()})
	if err != nil {
		return err
	}
	x.uses.Add(1)
	if u.Outcome == exchange.Good || dice.IntN(2) == 0 {
		return nil
	}
	bearer := []exchange.Bearer{exchange.ByPlace, exchange.ByMerchant, exchange.ByHolder}[dice.IntN(3)]
	_, err = x.Settle(ctx, x.who("周敏"), u.ID, exchange.Settlement{Bearer: bearer, Words: "查过了"})
	return err
}

// moveIn lets somebody live behind the door of another.
func (m *market) moveIn(with, who string) {
	m.t.Helper()
	m.Write(func(tx *db.Tx) error {
		host, err := person.Get(tx, 130104, m.Person(with).ID)
		if err != nil {
			return err
		}
		p, err := person.Get(tx, 130104, m.Person(who).ID)
		if err != nil {
			return err
		}
		p.Place, p.Door = host.Place, host.Door
		_, err = person.Save(tx, p)
		return err
	})
}

// TestACodeIsSignedForEverybody checks a code with nothing but the public key, as a
// phone does.
func TestACodeIsSignedForEverybody(t *testing.T) {
	s := must(exchange.NewSigner(town.Secret()))(t)
	code := s.Sign(exchange.Code{District: 130104, Number: "482109357716", Till: "9f86d081", LastDay: calendar.Day{Year: 2026, Month: 12, Day: 31}})
	if len(code) > 140 || !strings.HasPrefix(code, "L1.130104.482109357716.9f86d081.2026-12-31.") {
		t.Errorf("%d characters: %s", len(code), code)
	}
	key := must(base64.RawURLEncoding.DecodeString(s.Public()))(t)
	at := strings.LastIndexByte(code, '.')
	if !ed25519.Verify(key, []byte(code[:at]), must(base64.RawURLEncoding.DecodeString(code[at+1:]))(t)) {
		t.Error("the signature does not hold")
	}
	for i := range code {
		changed := []byte(code)
		changed[i] ^= 1
		if c, err := s.Open(string(changed)); err == nil && i < at {
			t.Errorf("changed at %d and read as %+v", i, c)
		}
	}
	if other := must(exchange.NewSigner([]byte("another secret of another house!")))(t); other.Public() == s.Public() {
		t.Error("two houses have one key")
	}
}
