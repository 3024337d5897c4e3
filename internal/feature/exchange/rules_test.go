package exchange_test

import (
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/core/rule"
	"linli/internal/feature/exchange"
	"linli/internal/feature/org"
	"linli/internal/feature/points"
	"linli/internal/kit/db"
	"linli/internal/kit/id"
)

// shelved is a reward as the station sees it.
func (m *market) shelved(reward string) exchange.RewardView {
	m.t.Helper()
	return must(m.Reward(m.t.Context(), m.who("周敏"), reward))(m.t)
}

// draft is what a reward says now, to be changed.
func draft(v exchange.RewardView) exchange.RewardDraft {
	return exchange.RewardDraft{Name: v.Name, About: v.About, Points: v.Points, Stock: v.Stock, MonthMost: v.MonthMost, Hours: v.Hours, Active: v.Active}
}

// TestTheShelf: what is taken leaves it and what comes back is there again; what is
// not offered now, or of a merchant who has stopped, is not exchanged.
func TestTheShelf(t *testing.T) {
	each(t, func(t *testing.T, m *market) {
		ctx, worker := t.Context(), m.who("周敏")
		one, two := m.take("韩立新"), m.take("韩立新")
		if n := m.shelved(m.breakfast).Stock; n != 998 {
			t.Errorf("%d are left", n)
		}
		must(m.Return(ctx, m.who("韩立新"), one.ID))(t)
		if n := m.shelved(m.breakfast).Stock; n != 999 {
			t.Errorf("%d are left after one came back", n)
		}
		d := draft(m.shelved(m.breakfast))
		d.Points, d.MonthMost = 20, 2
		must(m.EditReward(ctx, worker, m.breakfast, d))(t)
		if c := must(m.Coupon(ctx, m.who("韩立新"), two.ID))(t); c.Points != 10 {
			t.Errorf("a coupon that was taken costs %d now", c.Points)
		}
		m.take("韩立新")
		_, err := m.Take(ctx, m.who("韩立新"), m.breakfast)
		refused(t, "a third in a month", "一个月最多换 2 张", err)
		d.Active = false
		must(m.EditReward(ctx, worker, m.breakfast, d))(t)
		_, err = m.Take(ctx, m.who("孙淑琴"), m.breakfast)
		refused(t, "not offered now", "现在不换了", err)
		d.Active = true
		must(m.EditReward(ctx, worker, m.breakfast, d))(t)
		must(org.NewService(m.App.DB, m.App.Auth).Close(ctx, worker, m.bakery))(t)
		_, err = m.Take(ctx, m.who("孙淑琴"), m.breakfast)
		refused(t, "the merchant has stopped", "现在不换了", err)
	})
}

// TestRewardsAreNoMoneyAndOfMerchantsAround: points do not turn into money, and who
// gives a reward is a merchant of these parts.
func TestRewardsAreNoMoneyAndOfMerchantsAround(t *testing.T) {
	each(t, func(t *testing.T, m *market) {
		add := func(by string, in exchange.NewReward) error {
			in.Points = 10
			_, err := m.AddReward(t.Context(), m.who(by), in)
			return err
		}
		for _, d := range []exchange.RewardDraft{{Name: "现金"}, {Name: "微信红包"}, {Name: "50 ¥ 代金"}, {Name: "心意", About: "换现金 20 元"}} {
			refused(t, d.Name, "不能换钱", add("周敏", exchange.NewReward{RewardDraft: d, Place: town.Community}))
		}
		breakfast := exchange.RewardDraft{Name: "豆浆券"}
		refused(t, "a team", "没有这家商户", add("周敏", exchange.NewReward{RewardDraft: breakfast, Place: town.Community, Merchant: m.Team}))
		refused(t, "a merchant of elsewhere", "不在这一片", add("吴远", exchange.NewReward{RewardDraft: breakfast, Merchant: m.bakery}))
	})
}

// TestWishesShapeTheCatalogue: one person has one voice, where they live; a reward
// that answers a wish says so, and so does whoever cannot meet it.
func TestWishesShapeTheCatalogue(t *testing.T) {
	each(t, func(t *testing.T, m *market) {
		ctx, worker := t.Context(), m.who("周敏")
		w := must(m.Wish(ctx, m.who("韩立新"), "洗车券"))(t)
		same := must(m.Wish(ctx, m.who("孙淑琴"), "洗车券"))(t)
		for range 2 {
			same = must(m.Vote(ctx, m.who("孙淑琴"), w.ID, true))(t)
		}
		if same.ID != w.ID || same.Votes != 2 || !same.Mine {
			t.Errorf("two people wish for it: %+v", same)
		}
		if back := must(m.Vote(ctx, m.who("孙淑琴"), w.ID, false))(t); back.Votes != 1 {
			t.Errorf("taken back: %+v", back)
		}
		_, err := m.Vote(ctx, m.who("康永福"), w.ID, true)
		refused(t, "who lives elsewhere", "没有这个心愿", err)
		_, err = m.AddReward(ctx, m.who("吴远"), exchange.NewReward{RewardDraft: exchange.RewardDraft{Name: "洗车券", Points: 10}, Wish: w.ID})
		refused(t, "another place answers it", "没有这个心愿", err)
		v := must(m.AddReward(ctx, worker, exchange.NewReward{RewardDraft: exchange.RewardDraft{Name: "洗车券", Points: 10, Stock: 3, Active: true}, Place: town.Community, Wish: w.ID}))(t)
		other := must(m.Wish(ctx, m.who("韩立新"), "电影票"))(t)
		_, err = m.Decline(ctx, worker, other.ID, " ")
		refused(t, "without a word", "为什么办不到", err)
		must(m.Decline(ctx, worker, other.ID, "附近没有电影院"))(t)
		states := map[string]string{}
		for _, w := range must(m.Wishes(ctx, m.who("韩立新"), ""))(t).Wishes {
			states[w.Name] = w.State
		}
		if !v.Wished || states["洗车券"] != exchange.WishOffered || states["电影票"] != exchange.WishDeclined {
			t.Errorf("%+v, reward %+v", states, v)
		}
	})
}

// TestWhatThePlaceOwes is what people can still come with, what the shelves could take
// in, and what was given month by month.
func TestWhatThePlaceOwes(t *testing.T) {
	each(t, func(t *testing.T, m *market) {
		ctx := t.Context()
		must(m.AddReward(ctx, m.who("周敏"), exchange.NewReward{RewardDraft: exchange.RewardDraft{Name: "理发券", Points: 20, Stock: 4, Active: true}, Place: town.Community}))(t)
		must(m.AddReward(ctx, m.who("周敏"), exchange.NewReward{RewardDraft: exchange.RewardDraft{Name: "以后再换", Points: 99, Stock: 9}, Place: town.Community}))(t)
		used := m.take("韩立新")
		m.take("孙淑琴")
		must(m.redeem("白海霞", exchange.Redemption{Code: used.Code}))(t)
		m.Write(func(tx *db.Tx) error { return points.Hold(tx, 130104, "visit:1", tx.Now().Add(time.Hour)) })
		o := must(m.Owed(ctx, m.who("周敏"), ""))(t)
		if o.Outstanding != 3*60-20 || o.Reserved != 10 || o.Redeemed != 10 || o.Held != 60 || o.Covered != 998*10+4*20 {
			t.Errorf("owed: %+v", o)
		}
		if last := o.Growth[len(o.Growth)-1]; len(o.Growth) != 12 || last.Month != "2026-11" || last.Points != 180 {
			t.Errorf("growth: %+v", o.Growth)
		}
	})
}

// TestATillSaysTheTruth: the id of a handing over belongs to one coupon, its moment lies
// between the coupon's and now, and only a finding is settled.
func TestATillSaysTheTruth(t *testing.T) {
	each(t, func(t *testing.T, m *market) {
		one, two, use := m.take("韩立新"), m.take("韩立新"), id.New()
		m.clock.Add(time.Hour)
		good := must(m.redeem("白海霞", exchange.Redemption{Code: one.Code, Use: use, Offline: true, At: monday.AddDate(0, 0, 2)}))(t)
		if !good.At.Equal(m.clock.Now()) {
			t.Errorf("handed over in the future: %v", good.At)
		}
		_, err := m.redeem("白海霞", exchange.Redemption{Code: two.Code, Use: use, Offline: true, At: monday})
		refused(t, "the id of another", "别的券", err)
		early := must(m.redeem("白海霞", exchange.Redemption{Code: two.Code, Use: id.New(), Offline: true, At: monday.AddDate(0, 0, -2)}))(t)
		if !early.At.Equal(m.clock.Now()) {
			t.Errorf("handed over before there was a coupon: %v", early.At)
		}
		_, err = m.Settle(t.Context(), m.who("周敏"), good.ID, exchange.Settlement{Bearer: exchange.ByHolder, Words: "x"})
		refused(t, "nothing to settle", "没有问题", err)
	})
}

// TestALateCouponOfATillOffline: what was handed over after its last day is a finding,
// as it would be refused at a till with a network.
func TestALateCouponOfATillOffline(t *testing.T) {
	each(t, func(t *testing.T, m *market) {
		m.rule(rule.CouponDays, 1)
		c := m.take("韩立新")
		m.clock.Add(49 * time.Hour)
		u := must(m.redeem("白海霞", exchange.Redemption{Code: c.Code, Use: id.New(), Offline: true, At: m.clock.Now().Add(-time.Minute)}))(t)
		if u.Outcome != exchange.AfterExpiring || u.Bearer != exchange.ByPlace {
			t.Errorf("handed over too late: %+v", u)
		}
		m.clock.Add(72 * time.Hour)
		if err := m.Expire(t.Context(), 130104); err != nil {
			t.Fatal(err)
		}
		if p := m.purse("韩立新"); p.Balance != 60 {
			t.Errorf("its points go back: %+v", p)
		}
	})
}
