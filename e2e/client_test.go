package e2e

import (
	"bytes"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/client"
	"linli/e2e/town"
	"linli/internal/core/person"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/id"
)

// TestEveryCallThroughTheClient tells what the record, certificates, points, stars and
// exchange are for, by the client alone: each of their routes has a method, and each
// answer is what the API's own description says.
func TestEveryCallThroughTheClient(t *testing.T) {
	each(t, func(s *story) {
		heard := listen(s)
		p := &past{story: s}
		p.recordsByClient()
		p.entriesByClient()
		p.auditsByClient()
		p.certificatesByClient()
		p.couponsByClient()
		p.pointsByClient()
		p.starsByClient()
		p.honoursByClient()
		heard.miss(t)
	})
}

// ears notes which routes are asked for.
type ears struct {
	http.RoundTripper
	routes *http.ServeMux
	mu     sync.Mutex
	left   map[string]bool // patterns that nobody has asked for
}

// listen puts ears before the story's transport.
func listen(s *story) *ears {
	e := &ears{RoundTripper: s.http.Transport, routes: http.NewServeMux(), left: map[string]bool{}}
	about := []string{"record", "objection", "entry", "attainment", "finding", "red", "spot", "audit", "closing", "certificate",
		"points", "donation", "reward", "coupon", "till", "merchant", "wish", "star", "honour"}
	for _, rt := range s.App.Site.Routes() {
		if rt.API == "" {
			continue
		}
		e.routes.Handle(rt.Method+" "+rt.API, http.NotFoundHandler())
		if first, _, _ := strings.Cut(rt.Name, "."); slices.Contains(about, first) {
			e.left[rt.Method+" "+rt.API] = true
		}
	}
	s.http = &http.Client{Transport: e}
	return e
}

func (e *ears) RoundTrip(r *http.Request) (*http.Response, error) {
	_, pattern := e.routes.Handler(r)
	e.mu.Lock()
	delete(e.left, pattern)
	e.mu.Unlock()
	return e.RoundTripper.RoundTrip(r)
}

func (e *ears) miss(t *testing.T) {
	t.Helper()
	for _, pattern := range slices.Sorted(maps.Keys(e.left)) {
		t.Errorf("the client has no method for %s, or this test does not call it", pattern)
	}
}

// day is one from now, as the API writes it.
func (s *story) day(n int) string { return s.clock.Now().AddDate(0, 0, n).Format(time.DateOnly) }

// later sets the clock some days on and lets happen what is due.
func (s *story) later(days int) {
	s.t.Helper()
	s.clock.Add(time.Duration(days) * 24 * time.Hour)
	s.catchUp()
}

// recordsByClient: a row is read, objected to, corrected and withdrawn.
func (p *past) recordsByClient() {
	t, ctx, own, worker, other := p.t, p.t.Context(), p.as("韩立新"), p.as("周敏"), p.as("林小雨")
	p.spotted(monday.AddDate(0, 0, -24))
	for i := 1; i <= 3; i++ {
		p.enter("韩立新", monday.Add(-time.Duration(3*i)*time.Hour), time.Hour)
	}
	all := ok(own.Record(ctx))(t)
	if len(all.Items) != 4 || all.Counted != 60 || all.Items[0].Standing != "notice" {
		t.Fatalf("the record: %+v", all)
	}
	if part := ok(own.RecordOf(ctx, "", client.Span{From: p.day(-30), To: p.day(-10)}))(t); part.Period == nil || part.Period.Count != 1 {
		t.Errorf("some days of it: %+v", part.Period)
	}
	if of := ok(worker.RecordOf(ctx, p.Person("韩立新").ID, client.Span{}))(t); of.Count != 4 {
		t.Errorf("the worker sees %d", of.Count)
	}
	if whole := ok(own.WholeRecord(ctx))(t); len(whole.Items) != 4 || whole.Next != "" {
		t.Errorf("in one piece: %d", len(whole.Items))
	}
	for format, begins := range map[string]string{"xlsx": "PK", "csv": "\ufeff", "json": "{"} {
		if file := ok(own.ExportRecord(ctx, format))(t); !bytes.HasPrefix(file, []byte(begins)) {
			t.Errorf("%s begins with %q", format, file[:min(8, len(file))])
		}
	}
	said := ok(other.Object(ctx, all.Items[0].ID, "那天下午他在外地"))(t)
	if open := ok(worker.Objections(ctx, town.Community))(t); len(open) != 1 || open[0].ID != said.ID {
		t.Errorf("the station has %+v to answer", open)
	}
	if answered := ok(worker.AnswerObjection(ctx, said.ID, "rejection", "问过两边，来过", client.Correction{}))(t); answered.State != "rejected" {
		t.Errorf("answered: %+v", answered)
	}
	if read := ok(other.Objection(ctx, said.ID))(t); read.Answer != "问过两边，来过" {
		t.Errorf("whoever asked reads %q", read.Answer)
	}
	again := ok(p.as("孙淑琴").Object(ctx, all.Items[0].ID, "我记错了"))(t)
	if back := ok(p.as("孙淑琴").RetractObjection(ctx, again.ID))(t); back.State != "retracted" {
		t.Errorf("taken back: %s", back.State)
	}
	wish := ok(own.Object(ctx, all.Items[1].ID, "多记了十分钟"))(t)
	ok(worker.AnswerObjection(ctx, wish.ID, "correction", "对，早走了十分钟", client.Correction{Minutes: 50}))(t)
	if mine := ok(own.Objections(ctx, ""))(t); len(mine) != 1 || mine[0].State != "upheld" {
		t.Errorf("one's own: %+v", mine)
	}
	ok(worker.CorrectRow(ctx, all.Items[2].ID, client.Correction{Minutes: 40, Reason: "签退晚了"}))(t)
	ok(worker.WithdrawRow(ctx, all.Items[0].ID, "后来查清了，人没有来"))(t)
	old := ok(own.Row(ctx, all.Items[2].ID))(t)
	if old.Standing != "corrected" || ok(own.Row(ctx, old.Successor))(t).Minutes != 40 {
		t.Errorf("the corrected row: %+v", old)
	}
	if left := ok(own.Record(ctx))(t); left.Minutes != 60+50+40 {
		t.Errorf("%d minutes are left", left.Minutes)
	}
}

// entriesByClient: entries by hand are let in by another unit, refused, or taken back.
func (p *past) entriesByClient() {
	t, ctx, worker, street := p.t, p.t.Context(), p.as("周敏"), p.as("冯志远")
	enter := func(hours int) client.Entry {
		from := monday.AddDate(0, 0, -2).Add(time.Duration(hours) * time.Hour)
		return ok(worker.Enter(ctx, client.Manual{
			Volunteer: p.Person("林小雨").ID, Name: "社区大扫除", Category: "clean_public", Content: "打扫楼道",
			StartedAt: from, EndedAt: from.Add(time.Hour), Minutes: 45, Reason: "那天手机没电", Proof: "签到表上有她的签名",
		}, picture()))(t)
	}
	in, out, back := enter(0), enter(2), enter(4)
	if len(in.Photos) != 1 || in.Minutes != 45 {
		t.Errorf("entered: %+v", in)
	}
	if open := ok(street.Entries(ctx, town.Community))(t); len(open) != 3 {
		t.Errorf("%d wait", len(open))
	}
	if _, err := worker.ApproveEntry(ctx, in.ID, ""); !client.IsKind(err, "forbidden") {
		t.Errorf("whoever entered it approves it: %v", err)
	}
	ok(street.ApproveEntry(ctx, in.ID, "签到表对得上"))(t)
	ok(street.RefuseEntry(ctx, out.ID, "签到表上没有"))(t)
	ok(worker.RetractEntry(ctx, back.ID))(t)
	for id, state := range map[string]string{in.ID: "approved", out.ID: "refused", back.ID: "retracted"} {
		if e := ok(worker.Entry(ctx, id))(t); e.State != state {
			t.Errorf("the entry is %s, not %s", e.State, state)
		}
	}
	whom := p.Person("林小雨").ID
	a := ok(worker.Attain(ctx, whom, client.Attainment{Kind: "training", Name: "急救常识", Minutes: 90, Giver: "街道红十字会", Day: "2026-09-12", Proof: "结业证复印件"}))(t)
	ok(worker.WithdrawAttainment(ctx, whom, a.ID, "名字记错了"))(t)
	if r := ok(p.as("林小雨").Record(ctx))(t); len(r.Items) != 1 || r.Items[0].Source != "manual" || r.Items[0].Grade != "M" {
		t.Errorf("what was let in: %+v", r.Items)
	}
}

// auditsByClient: a long day is found and looked at, a drawn row is checked, and anybody
// reads what is public.
func (p *past) auditsByClient() {
	t, ctx, worker := p.t, p.t.Context(), p.as("周敏")
	p.enter("林小雨", monday.AddDate(0, 0, -1).Add(-2*time.Hour), 9*time.Hour)
	p.catchUp()
	found := ok(worker.Doubts(ctx, town.Community, ""))(t)
	if len(found) != 1 || found[0].Kind != "long_day" {
		t.Fatalf("findings: %+v", found)
	}
	ok(worker.DecideDoubt(ctx, found[0].ID, "clearing", "问过队长，那天是全天活动"))(t)
	if d := ok(worker.Doubt(ctx, found[0].ID))(t); d.State != "cleared" || d.Evidence["limit"] == nil {
		t.Errorf("looked at: %+v", d)
	}
	ok(worker.Overdue(ctx, town.Community))(t)
	anybody := client.New(p.url)
	anybody.HTTP = p.http
	notice := ok(anybody.PublicNotice(ctx, town.Community, ""))(t)
	if len(notice.Items) == 0 || notice.Head.Seq == 0 || strings.Contains(fmt.Sprint(notice), "韩立新") {
		t.Errorf("the public notice: %+v", notice)
	}
	month := monday.AddDate(0, 0, -24).Format("2006-01")
	draw := ok(anybody.Draw(ctx, town.Community, month))(t)
	if len(draw.Items) != 1 || !draw.Items[0].Drawn || draw.Seed != "5eed" {
		t.Errorf("the draw: %+v", draw)
	}
	drawn := ok(worker.Checks(ctx, town.Community, month))(t)
	ok(worker.CheckResult(ctx, drawn[0].ID, "passing", "给被帮的人打过电话，来过"))(t)
	if c := ok(worker.Check(ctx, drawn[0].ID))(t); c.State != "passed" {
		t.Errorf("checked: %+v", c)
	}
	if month := ok(worker.Closing(ctx, town.Community, month))(t); len(month.Findings) != 0 || month.Notice == 0 {
		t.Errorf("the month: %+v", month)
	}
}

// certificatesByClient: certificates are asked for, issued, refused and revoked, and
// anybody can look one up.
func (p *past) certificatesByClient() {
	t, ctx, worker, own := p.t, p.t.Context(), p.as("周敏"), p.as("韩立新")
	ok(p.as("罗建平").SetCertificateUnit(ctx, town.Community, client.CertificateUnit{Name: "东风路南社区服务站", Head: "周敏"}))(t)
	self := ok(own.AskCertificate(ctx, client.Period{Name: "this_year"}))(t)
	if c := ok(own.Certificate(ctx, self.ID))(t); c.State != "issued" || c.Minutes != 60 {
		t.Errorf("issued at once: %+v", c)
	}
	if file := ok(own.Credential(ctx, self.ID))(t); !bytes.Contains(file, []byte("eddsa-jcs-2022")) {
		t.Errorf("the credential: %.100s", file)
	}
	anybody := client.New(p.url)
	anybody.HTTP = p.http
	if notices := ok(anybody.CertificateNotices(ctx, town.Community))(t); len(notices) != 1 || notices[0].Number != self.Number {
		t.Errorf("announced: %+v", notices)
	}
	p.Write(func(tx *db.Tx) error {
		return rule.Set(tx, 130104, town.Community, rule.CertificateSelf, 0, tx.Now(), "")
	})
	p.clock.Add(time.Minute)
	step := func(id, name, reason, state string) {
		t.Helper()
		by := worker
		if name == "withdrawal" {
			by = own
		}
		if c := ok(by.CertificateStep(ctx, id, name, reason))(t); c.State != state {
			t.Errorf("after %s it is %s", name, c.State)
		}
	}
	asked := ok(worker.AskCertificateFor(ctx, p.Person("韩立新").ID, client.Period{Name: "all"}))(t)
	step(asked.ID, "acceptance", "", "accepted")
	step(asked.ID, "issue", "", "issued")
	p.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE certificate SET doubt = '261109-001' WHERE district = $1 AND id = $2`, 130104, asked.ID)
		return err
	})
	step(asked.ID, "confirmation", "", "issued")
	step(asked.ID, "revocation", "有一条服务记录撤回了", "revoked")
	unwanted := ok(own.AskCertificate(ctx, client.Period{Name: "all"}))(t)
	step(unwanted.ID, "withdrawal", "", "withdrawn")
	refused := ok(own.AskCertificate(ctx, client.Period{Name: "all"}))(t)
	step(refused.ID, "refusal", "还在核实", "refused")
	for code, stands := range map[string]bool{self.Code: true, ok(worker.Certificate(ctx, asked.ID))(t).Code: false} {
		if c := ok(anybody.CheckCertificate(ctx, code))(t); c.Stands != stands {
			t.Errorf("looked up: %+v", c)
		}
	}
	batch := ok(worker.IssueCertificates(ctx, town.Community, client.Period{From: "2026-10-01", To: "2026-11-15"}))(t)
	p.catchUp()
	if b := ok(worker.CertificateBatch(ctx, batch.ID))(t); b.State != "done" || b.Made != 1 {
		t.Errorf("many at once: %+v", b)
	}
	if all := ok(worker.CertificateRegister(ctx, town.Community, ""))(t); len(all.Items) < 3 {
		t.Errorf("the register: %d", len(all.Items))
	}
	ok(own.Certificates(ctx))(t)
}

// couponsByClient: from a wish to the merchant's statement, with a coupon that is
// returned and one that is used twice.
func (p *past) couponsByClient() {
	t, ctx, worker, till, taker := p.t, p.t.Context(), p.as("周敏"), p.as("陈小梅"), p.as("韩立新")
	merchant, breakfast := p.bakery()
	wish := ok(taker.Wish(ctx, "洗车券"))(t)
	ok(p.as("孙淑琴").SupportWish(ctx, wish.ID, true))(t)
	if all := ok(worker.Wishes(ctx, town.Community))(t); len(all) != 1 || all[0].Votes != 2 {
		t.Errorf("wishes: %+v", all)
	}
	ok(worker.AddReward(ctx, client.NewReward{Place: town.Community, Wish: wish.ID, Reward: client.Reward{Name: "洗车券", Points: 15, Stock: 5, Active: true}}))(t)
	unmet := ok(taker.Wish(ctx, "电影票"))(t)
	if w := ok(worker.DeclineWish(ctx, unmet.ID, "附近没有电影院"))(t); w.State != "declined" {
		t.Errorf("declined: %+v", w)
	}
	edited := ok(worker.EditReward(ctx, client.Reward{ID: breakfast, Name: "早餐券", About: "一份豆浆油条", Points: 10, Stock: 18, Active: true}))(t)
	if shelf := ok(taker.Rewards(ctx))(t); edited.Stock != 18 || !slices.ContainsFunc(shelf, func(r client.Reward) bool { return r.ID == breakfast && r.About != "" }) {
		t.Errorf("the shelf: %+v", shelf)
	}
	if shelf := ok(worker.RewardsOf(ctx, town.Community))(t); len(shelf) != 3 {
		t.Errorf("%d rewards", len(shelf))
	}
	used, back := ok(taker.TakeCoupon(ctx, breakfast))(t), ok(taker.TakeCoupon(ctx, breakfast))(t)
	if c := ok(taker.Coupon(ctx, used.ID))(t); c.State != "open" || c.Code == "" {
		t.Errorf("a coupon: %+v", c)
	}
	if seen := ok(till.Till(ctx, used.Number))(t); seen.Seen == nil || seen.Seen.ID != used.ID || len(seen.Lists) != 1 {
		t.Errorf("the till: %+v", seen)
	}
	ok(till.Redeem(ctx, client.Redemption{Code: used.Code}))(t)
	at := p.clock.Now()
	twice := client.Redemption{Code: used.Code, Use: id.New(), Offline: true, At: &at}
	double := ok(till.Redeem(ctx, twice))(t)
	if same := ok(till.Redeem(ctx, twice))(t); same.ID != double.ID || double.Outcome != "double" || double.Bearer != "place" {
		t.Errorf("used twice: %+v, sent again: %+v", double, same)
	}
	ok(taker.ReturnCoupon(ctx, back.ID))(t)
	if found := ok(worker.DoubleUses(ctx, town.Community))(t); len(found) != 1 {
		t.Errorf("findings: %+v", found)
	}
	if u := ok(worker.Settle(ctx, double.ID, "merchant", "两次都在同一家"))(t); !u.Settled || u.Bearer != "merchant" {
		t.Errorf("settled: %+v", u)
	}
	if st := ok(till.Statement(ctx, merchant, ""))(t); st.Coupons != 1 || st.Points != 10 || len(st.Uses) != 2 {
		t.Errorf("the month: %+v", st)
	}
	if mine := ok(taker.Coupons(ctx))(t); len(mine) != 2 || mine[0].State == "open" || mine[1].State == "open" {
		t.Errorf("one's coupons: %+v", mine)
	}
	if err := worker.Dismiss(ctx, merchant, p.Person("陈小梅").ID); err != nil {
		t.Fatal(err)
	}
	p.Forget("陈小梅")
	if _, err := p.as("陈小梅").Till(ctx, ""); !client.IsKind(err, "forbidden") {
		t.Errorf("who does not sign in for it any more: %v", err)
	}
}

// pointsByClient: the rules, what others would have done, gifts and donations.
func (p *past) pointsByClient() {
	t, ctx, worker, own := p.t, p.t.Context(), p.as("周敏"), p.as("韩立新")
	before := ok(own.Points(ctx))(t)
	if before.Balance != 2+2+1+60-10 || before.Gate != 30 || before.Items[0].Balance != before.Balance { // two hours, forty minutes, many hours, a breakfast
		t.Errorf("points: %+v", before)
	}
	ok(own.PointsPage(ctx, before.Next))(t)
	if r := ok(worker.PointsRules(ctx, town.Community))(t); r.PerHour != 2 || r.PerItem != 2 || r.Gate != 30 || r.Months != 0 {
		t.Errorf("rules: %+v", r)
	}
	if r := ok(p.as("罗建平").SetFactor(ctx, town.Community, "clinic_escort", 150, p.day(7)))(t); len(r.Factors) != 1 || !r.Factors[0].Later {
		t.Errorf("a factor: %+v", r.Factors)
	}
	p.later(1) // a trial is of the days before today
	if tried := ok(worker.TryPoints(ctx, town.Community, url.Values{"per_hour": {"4"}}))(t); tried.Was == 0 || tried.Would <= tried.Was || tried.More != 3 {
		t.Errorf("a trial: %+v", tried)
	}
	if owed := ok(worker.Owed(ctx, town.Community))(t); owed.Outstanding == 0 || owed.Covered == 0 || len(owed.Growth) != 12 {
		t.Errorf("owed: %+v", owed)
	}
	var mother person.Person
	p.Write(func(tx *db.Tx) (err error) {
		if err = rule.Set(tx, 130104, town.Community, rule.GiftHousehold, 1, tx.Now(), ""); err != nil {
			return err
		}
		me, err := person.Get(tx, 130104, p.Person("韩立新").ID)
		if err == nil {
			mother, err = person.Insert(tx, person.Person{Name: "韩老太", Place: town.Building, Door: me.Door})
		}
		return err
	})
	p.clock.Add(time.Minute)
	if a := ok(own.Allowance(ctx))(t); len(a.People) != 1 || a.People[0].Kind != "household" || a.Left == 0 {
		t.Errorf("an allowance: %+v", a)
	}
	if g := ok(own.Give(ctx, mother.ID, 5, "妈，您用"))(t); g.Amount != 5 {
		t.Errorf("a gift: %+v", g)
	}
	donated := ok(worker.Donate(ctx, client.NewDonation{Item: "棉衣", Quantity: 3, Phone: p.Person("韩立新").Phone}))(t)
	if d := ok(worker.Donation(ctx, donated.ID))(t); d.Points != 6 || d.Number == "" {
		t.Errorf("a donation: %+v", d)
	}
	ok(worker.WithdrawDonation(ctx, donated.ID, "登记错了"))(t)
	if all := ok(worker.Donations(ctx, town.Community))(t); len(all) != 1 || !all[0].Withdrawn {
		t.Errorf("donations: %+v", all)
	}
	if after := ok(own.Points(ctx))(t); after.Balance != before.Balance-5 {
		t.Errorf("%d points after giving five and a donation that was none", after.Balance)
	}
}

// starsByClient: a star is proposed, approved, objected to and given.
func (p *past) starsByClient() {
	t, ctx, worker := p.t, p.t.Context(), p.as("周敏")
	for i := range 13 {
		p.enter("孙淑琴", monday.AddDate(0, 0, -40-i), 8*time.Hour)
	}
	p.later(1)
	board := ok(worker.Stars(ctx, town.Community))(t)
	if len(board.Items) != 1 || board.Items[0].Star != 1 || board.Items[0].State != "proposed" {
		t.Fatalf("proposed: %+v", board.Items)
	}
	if month := ok(worker.Closing(ctx, town.Community, ""))(t); len(month.Stars) != 1 {
		t.Errorf("the month's closing has %d stars", len(month.Stars))
	}
	c := ok(worker.DecideStar(ctx, board.Items[0].ID, true, ""))(t)
	c = ok(p.as("林小雨").ObjectToStar(ctx, c.ID, "这些服务不是她做的"))(t)
	p.later(10)
	if held := ok(p.as("孙淑琴").Star(ctx, c.ID))(t); held.State != "notice" {
		t.Errorf("objected to, it is %s", held.State)
	}
	ok(worker.AnswerStarObjection(ctx, c.ID, c.Objections[0].ID, false, "查过了，服务是真的"))(t)
	p.later(1)
	if mine := ok(p.as("孙淑琴").Stars(ctx, ""))(t).Mine; mine == nil || mine.Star != 1 || mine.Minutes != 13*480 {
		t.Errorf("where she stands: %+v", mine)
	}
	table := ok(worker.StarTable(ctx, ""))(t).Now
	if !slices.Equal(table.Hours, []int64{100, 300, 600, 1000, 1500}) {
		t.Errorf("the table: %+v", table)
	}
	table.Hours, table.From = []int64{30, 60, 100, 200, 300}, p.day(5)
	if set := ok(p.as("罗建平").SetStarTable(ctx, town.Community, table))(t); len(set.Versions) != 1 || set.Now.Hours[0] != 100 {
		t.Errorf("a table from later on: %+v", set)
	}
}

// honoursByClient: a yearly honour from the nomination to the page.
func (p *past) honoursByClient() {
	t, ctx, worker := p.t, p.t.Context(), p.as("周敏")
	h := p.nominated("fairest")
	if all := ok(worker.Honours(ctx, town.Community))(t); len(all) != 1 || all[0].State != "nominating" {
		t.Errorf("rounds: %+v", all)
	}
	p.later(8)
	voted := ok(p.as("孟桂兰").Vote(ctx, h.ID, h.Nominees[0].ID))(t)
	if voted.Mine != h.Nominees[0].ID || voted.Nominees[0].Votes != nil {
		t.Errorf("voted: %+v", voted)
	}
	p.later(8)
	h = ok(p.as("林小雨").ObjectToHonour(ctx, h.ID, h.Nominees[0].ID, "这件事不是她做的"))(t)
	ok(worker.AnswerHonourObjection(ctx, h.ID, h.Nominees[0].ID, h.Nominees[0].Objections[0].ID, false, "问过三家，都说是她"))(t)
	p.later(10)
	if given := ok(p.as("孟桂兰").Honour(ctx, h.ID))(t); given.State != "given" || !given.Nominees[0].Won || *given.Nominees[0].Votes != 1 {
		t.Errorf("given: %+v", given)
	}
}
