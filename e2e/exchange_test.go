package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync/atomic"
	"testing"

	"linli/client"
	"linli/e2e/browser"
	"linli/e2e/town"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/org"
	"linli/internal/feature/points"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/id"
	"linli/internal/kit/webtest"
)

// bakery is a merchant for which 陈小梅 signs in, with breakfasts for ten points, and
// volunteers who have enough for some.
func (s *story) bakery() (merchant, breakfast string) {
	s.t.Helper()
	s.Write(func(tx *db.Tx) error {
		o, err := org.Found(tx, access.System(), org.Org{Kind: org.Merchant, Name: "庆丰包子铺", Place: town.Community})
		merchant = o.ID
		return err
	})
	ctx, worker := s.t.Context(), s.as("周敏")
	if err := worker.Appoint(ctx, merchant, s.Person("陈小梅").Phone); err != nil {
		s.t.Fatal(err)
	}
	s.Forget("陈小梅") // their next session knows the role
	breakfast = ok(worker.AddReward(ctx, client.NewReward{Place: town.Community, Merchant: merchant, Reward: client.Reward{Name: "早餐券", Points: 10, Stock: 20, Active: true}}))(s.t).ID
	ok(worker.AddReward(ctx, client.NewReward{Place: town.Community, Reward: client.Reward{Name: "理发券", Points: 20, Active: true}}))(s.t)
	for _, name := range []string{"韩立新", "孙淑琴"} {
		s.earns(name, 60)
	}
	return merchant, breakfast
}

// begin is an empty town that answers at an address, on SQLite.
func begin(t *testing.T) *story {
	t.Helper()
	c := clock.NewManual(monday)
	w := town.Settle(t, dbtest.New(t, db.SQLite, dbtest.Clock(c), dbtest.With(town.Sound)))
	s := &story{Town: w, t: t, clock: c, url: w.Serve()}
	s.http = &http.Client{Transport: webtest.Held(t, s.url)}
	return s
}

// earns gives somebody points for a service.
func (s *story) earns(name string, n int) {
	s.Write(func(tx *db.Tx) error {
		p, err := place.Get(tx, town.Community)
		if err != nil {
			return err
		}
		return points.Award(tx, points.Deed{District: 130104, Person: s.Person(name).ID, Community: town.Community, PlacePath: p.Path,
			Minutes: 30 * n, Source: "e2e:points:" + name + id.New(), Memo: "理发"})
	})
}

// exchanges are coupons in every state, one that was used twice, a wish, a donation, a
// star to be approved and a round of nominations.
func (p *past) exchanges() {
	p.Merchant, p.Reward = p.bakery()
	ctx, worker, till, taker := p.t.Context(), p.as("周敏"), p.as("陈小梅"), p.as("韩立新")
	used, back := ok(taker.TakeCoupon(ctx, p.Reward))(p.t), ok(taker.TakeCoupon(ctx, p.Reward))(p.t)
	open := ok(taker.TakeCoupon(ctx, p.Reward))(p.t)
	p.Coupon, p.UsedCoupon = open.ID, used.ID
	ok(till.Redeem(ctx, client.Redemption{Code: used.Number}))(p.t)
	at := p.clock.Now()
	ok(till.Redeem(ctx, client.Redemption{Code: used.Code, Use: id.New(), Offline: true, At: &at}))(p.t)
	ok(taker.ReturnCoupon(ctx, back.ID))(p.t)
	ok(taker.Wish(ctx, "洗车券"))(p.t)
	p.Donation = ok(worker.Donate(ctx, client.NewDonation{Item: "棉衣", Quantity: 3, Phone: p.Person("孙淑琴").Phone}))(p.t).ID
	p.Round = p.nominated("fairest").ID
	p.Star, p.Noticed = p.star("孙淑琴", "proposed"), p.star("林小雨", "notice")
	ok(p.as("孟桂兰").ObjectToStar(ctx, p.Noticed, "这些服务不是她做的"))(p.t)
	p.Voting, p.Chosen = p.nominated("idea").ID, p.chosen()
	p.Write(func(tx *db.Tx) error {
		if err := rule.Set(tx, 130104, town.Community, rule.GiftHousehold, 1, tx.Now(), ""); err != nil {
			return err
		}
		if _, err := tx.Exec(`UPDATE honour_round SET state = 'voting' WHERE district = $1 AND id = $2`, 130104, p.Voting); err != nil {
			return err
		}
		me, err := person.Get(tx, 130104, p.Person("韩立新").ID)
		if err == nil {
			_, err = person.Insert(tx, person.Person{Name: "韩老太", Place: town.Building, Door: me.Door})
		}
		return err
	})
}

// star is one on its way to somebody.
func (p *past) star(name, state string) (star string) {
	p.Write(func(tx *db.Tx) error {
		star = id.New()
		_, err := tx.Exec(`INSERT INTO star_case (district, id, version, volunteer, community, star, year, minutes, level, workdays, state, made_at, approved_by, notice_ends, answer)
			VALUES ($1, $2, 1, $3, $4, 1, 0, 6120, 'community', 5, $5, $6, '', $7, '')`,
			130104, star, p.Person(name).ID, town.Community, state, tx.Now().UnixMilli(), tx.Now().AddDate(0, 0, 7).UnixMilli())
		return err
	})
	return star
}

// chosen is a round of the street whose winner is in notice, and objected to.
func (p *past) chosen() string {
	ctx := p.t.Context()
	h := ok(p.as("冯志远").OpenHonour(ctx, town.Street, client.Honour{Kind: "fairest", Seats: 1, NominateTo: p.day(7), VoteTo: p.day(14)}))(p.t)
	h = ok(p.as("韩立新").Nominate(ctx, h.ID, p.Person("林小雨").Phone, "社区的事她都在"))(p.t)
	p.Write(func(tx *db.Tx) error {
		if _, err := tx.Exec(`UPDATE honour_nominee SET won = TRUE, votes = 3 WHERE district = $1 AND id = $2`, 130104, h.Nominees[0].ID); err != nil {
			return err
		}
		_, err := tx.Exec(`UPDATE honour_round SET state = 'notice', notice_ends = $3 WHERE district = $1 AND id = $2`, 130104, h.ID, tx.Now().AddDate(0, 0, 7).UnixMilli())
		return err
	})
	ok(p.as("陈小梅").ObjectToHonour(ctx, h.ID, h.Nominees[0].ID, "这件事不是她做的"))(p.t)
	return h.ID
}

// nominated is a round of an honour for which 孙淑琴 was put forward.
func (s *story) nominated(kind string) client.Honour {
	s.t.Helper()
	h := ok(s.as("周敏").OpenHonour(s.t.Context(), "", client.Honour{Kind: kind, Seats: 1, NominateTo: s.day(7), VoteTo: s.day(14)}))(s.t)
	return ok(s.as("韩立新").Nominate(s.t.Context(), h.ID, s.Person("孙淑琴").Phone, "每周陪老人看病"))(s.t)
}

func (p *past) exchangeShowings() []showing {
	return []showing{
		{route: "/exchange", by: "韩立新 孙淑琴 周敏"}, {route: "/rewards/new", by: "周敏"}, {route: "/rewards/{id}/edit", id: p.Reward, by: "周敏"},
		{route: "/me/coupons", by: "韩立新 孙淑琴"}, {route: "/coupons/{id}", id: p.Coupon, by: "韩立新"}, {route: "/coupons/{id}", id: p.UsedCoupon, by: "韩立新"},
		{route: "/till", by: "陈小梅 周敏"}, {route: "/merchants/{id}", id: p.Merchant, by: "陈小梅 周敏"}, {route: "/wishes", by: "韩立新 周敏"},
		{route: "/points/owed", by: "周敏 冯志远"}, {route: "/coupons/findings", by: "周敏"},
		{route: "/points/rules", by: "周敏 罗建平"}, {route: "/points/trial", query: "?per_hour=3", by: "周敏"}, {route: "/me/gifts", by: "韩立新"},
		{route: "/donations", by: "周敏"}, {route: "/donations/{id}", id: p.Donation, by: "周敏"},
		{route: "/stars", by: "周敏 孙淑琴"}, {route: "/stars/{id}", id: p.Star, by: "周敏 孙淑琴"}, {route: "/stars/{id}", id: p.Noticed, by: "周敏 陈小梅"}, {route: "/star-table", by: "罗建平 孟桂兰"},
		{route: "/honours", by: "周敏 孟桂兰"}, {route: "/honours/{id}", id: p.Round, by: "周敏 孟桂兰"},
		{route: "/honours/{id}", id: p.Voting, by: "孟桂兰"}, {route: "/honours/{id}", id: p.Chosen, by: "冯志远 孟桂兰"},
	}
}

// TestExchangeOnPages is the whole way on pages, without script: a volunteer takes a
// coupon, the merchant types its number, and it stands on the month's statement.
func TestExchangeOnPages(t *testing.T) {
	s := begin(t)
	chromium := browser.Start(t)
	merchant, _ := s.bakery()
	plain := func(name string) browser.View {
		v := browser.Phone()
		v.NoScript, v.Cookies = true, map[string]string{town.Cookie: s.Token(auth.Web, name), "lang": "zh"}
		return v
	}
	taker := chromium.Open(t, s.url+"/me/points", plain("韩立新"))
	taker.Follow(`a[href="/exchange"]`)
	taker.Check()
	taker.Follow("form[action$='/coupons'] button")
	taker.Check()
	number := strings.TrimSpace(taker.Text("#number"))
	coupon := taker.URL()
	till := chromium.Open(t, s.url+"/till", plain("陈小梅"))
	till.Fill("input[name=code]", number)
	till.Follow("form[data-till-form] button.primary")
	till.Check()
	if !strings.Contains(till.Text("main"), "收下了") {
		t.Errorf("the till says: %s", till.Text("main"))
	}
	till.Fill("input[name=code]", number)
	till.Follow("form[data-till-form] button.primary")
	if !strings.Contains(till.Text("main"), "已经用过了") {
		t.Errorf("the same coupon again: %s", till.Text("main"))
	}
	till.Goto(s.url + "/merchants/" + merchant)
	till.Check()
	if text := till.Text("main"); !strings.Contains(text, "早餐券") || !strings.Contains(text, "1 张券") {
		t.Errorf("the statement: %s", text)
	}
	taker.Goto(coupon)
	if !strings.Contains(taker.Text("main"), "不能再用") {
		t.Errorf("the used coupon: %s", taker.Text("main"))
	}
}

// TestATillWithoutANetwork: the page opens again, checks the signature of a scanned
// code and a typed number itself, takes each once, and sends them when there is a
// network; what another till took meanwhile is found then.
func TestATillWithoutANetwork(t *testing.T) {
	s := begin(t)
	chromium := browser.Start(t)
	s.bakery()
	url, cut := s.unreliable()
	ctx, taker := t.Context(), s.as("韩立新")
	reward := ok(taker.Rewards(ctx))(t)[0].ID
	listed := ok(taker.TakeCoupon(ctx, reward))(t)
	v := browser.Phone()
	v.Cookies = map[string]string{town.Cookie: s.Token(auth.Web, "陈小梅"), "lang": "zh"}
	till := chromium.Open(t, url+"/till", v)
	till.WaitFor(`!!(window.ready || (navigator.serviceWorker.ready.then(function () { window.ready = true; }), false))`)
	till.Goto(url + "/till") // now by way of the worker
	till.WaitFor(`!!navigator.serviceWorker.controller`)
	scanned := ok(taker.TakeCoupon(ctx, reward))(t) // after the list was fetched

	cut.Store(true)
	till.Goto(url + "/till")
	take := func(code, says string) {
		t.Helper()
		till.Fill("input[name=code]", code)
		till.Click("form[data-till-form] button.primary")
		till.WaitFor(fmt.Sprintf(`document.querySelector('[data-till-said]').textContent.indexOf(%q) >= 0`, says))
	}
	take("4821 0935 7710", "券号输错了")
	take(strings.Replace(scanned.Code, "2026", "2027", 1), "被改过")
	take(scanned.Number, "名单里没有这个号")
	take(scanned.Code, "手机核过了")
	take(scanned.Code, "刚收过")
	take(listed.Number, "对过名单了")
	till.Check()
	till.Screenshot("till.offline")
	if n := till.Count("[data-till-kept] li"); n != 2 {
		t.Errorf("%d are kept", n)
	}
	// Meanwhile another till, with a network, takes one of them.
	ok(s.as("陈小梅").Redeem(ctx, client.Redemption{Code: listed.Code}))(t)
	cut.Store(false)
	till.Goto(url + "/till")
	till.WaitFor(`document.querySelector('[data-till-kept]').hidden`)
	st := ok(s.as("周敏").Statement(ctx, path.Base(s.merchantOf("陈小梅")), ""))(t)
	outcomes := map[string]int{}
	for _, u := range st.Uses {
		outcomes[u.Outcome]++
	}
	if outcomes["good"] != 2 || outcomes["double"] != 1 {
		t.Errorf("uses %v", outcomes)
	}
}

// unreliable is another address of the same house, whose line can be cut: the browser's
// own switch does not reach its workers.
func (s *story) unreliable() (url string, cut *atomic.Bool) {
	cut = &atomic.Bool{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if cut.Load() {
			panic(http.ErrAbortHandler)
		}
		s.App.Site.ServeHTTP(w, r)
	}))
	s.t.Cleanup(server.Close)
	return server.URL, cut
}

// merchantOf is for whom somebody signs in.
func (s *story) merchantOf(name string) (id string) {
	who, _, err := s.App.Auth.Authenticate(s.t.Context(), s.Token(auth.API, name))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, g := range who.Grants {
		if g.Org != "" {
			id = g.Org
		}
	}
	return id
}
