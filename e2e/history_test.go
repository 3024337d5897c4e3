package e2e

import (
	"bytes"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"
	"testing"
	"time"

	"linli/client"
	"linli/e2e/town"
	"linli/internal/app"
	"linli/internal/core/auth"
	"linli/internal/core/rule"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/webtest"
)

// past is a town in which something of every kind has happened, and what that was:
// ids for the paths of pages.
type past struct {
	*story
	Evaluated, Accepted, Open, Asked, Cancelled string // orders
	Requested, Serving, Finished, Called        string // further ones
	Checked, Taken, Checking                    string // rosters
	Elder, Call                                 string // a person without an account, and the call that is owed them
	Planned, Pick                               string // an open plan, and an order of it
	Merchant, Reward, Coupon, UsedCoupon        string // exchange
	Donation, Star, Round                       string
	Noticed, Voting, Chosen                     string // a star in notice; honours at the vote and in notice
	Row, Fresh, Objection, OwnWish, Entry       string // the record
	Finding, Spot, Training                     string
	Paper, Doubted, Wanted, Ready, Code, Batch  string // certificates: issued, in doubt, asked for, accepted; a check code; many at once
}

// remember lets it happen, once, on SQLite.
func remember(t *testing.T) *past {
	t.Helper()
	c := clock.NewManual(monday)
	w := town.Settle(t, dbtest.New(t, db.SQLite, dbtest.Clock(c), dbtest.With(town.Sound)), func(o *app.Options) { o.DemoKey = "open" })
	w.App.Welcome = []app.Door{{Role: "居民", Name: "孟桂兰", Place: "东风路南社区", Href: w.App.Demo.Link(w.Person("孟桂兰").Phone)}}
	s := &story{Town: w, t: t, clock: c, url: w.Serve()}
	s.http = &http.Client{Transport: webtest.Held(t, s.url)}
	p := &past{story: s}
	p.Evaluated = p.whole()
	p.orders()
	p.visits()
	p.papers()
	p.rosters()
	p.plans()
	p.certificates()
	p.exchanges()
	p.records()
	return p
}

// whole is one order from the sentence to the books.
func (p *past) whole() string {
	worker := p.as("周敏")
	o := p.ask(p.as("孟桂兰"))
	ok(worker.Verify(p.t.Context(), o.ID, ""))(p.t)
	p.dispatch(worker, o.ID)
	p.accept(o.ID)
	p.serve(p.as("韩立新"), p.as("孟桂兰"), o)
	p.evaluate(o)
	return o.ID
}

// orders stand in other states.
func (p *past) orders() {
	ctx, resident, worker, helper := p.t.Context(), p.as("孟桂兰"), p.as("周敏"), p.as("韩立新")
	p.Accepted, p.Open, p.Cancelled = p.request(resident, "想请人陪我去医院复诊", ""), p.request(resident, "想请人来家里理个发", ""), p.request(resident, "灯泡坏了，想请人换一个", "")
	ok(helper.Accept(ctx, p.Accepted))(p.t)
	ok(resident.Cancel(ctx, p.Cancelled, "女儿回来了"))(p.t)
	to := p.upload("孟桂兰", "/orders", map[string]string{"text": "想请人教我用手机", "category": "phone_lesson"}, "photos", "手机.png", picture())
	p.Asked = path.Base(to)
	ok(worker.Offer(ctx, p.Asked, time.Time{}, client.Candidate{Kind: "volunteer", ID: p.Person("韩立新").ID}))(p.t)
}

// request files an order, for another person or oneself, that the station has verified.
func (p *past) request(by *client.Client, text, whom string) string {
	p.t.Helper()
	o := ok(by.Request(p.t.Context(), client.Request{Text: text, For: whom, Risk: "耳背，敲门请大声些"}))(p.t)
	if o.NeedsCheck {
		ok(p.as("周敏").Verify(p.t.Context(), o.ID, ""))(p.t)
	}
	return o.ID
}

// visits are one that goes on, one whose end was forgotten, and one at somebody's who
// has no account and is to be called; one order has not been verified yet.
func (p *past) visits() {
	ctx, resident, worker, helper := p.t.Context(), p.as("陈小梅"), p.as("周敏"), p.as("林小雨")
	p.Elder = path.Base(p.post("周敏", "/persons", url.Values{"name": {"冯奶奶"}, "place": {town.Building}, "door": {"2单元202"}, "phone": {"031187654321"}}))
	p.Serving, p.Finished, p.Called = p.request(resident, "想请人来陪老人聊聊天", ""), p.request(resident, "想请人来家里理个发", ""), p.request(worker, "想请人来家里理个发", p.Elder)
	for _, id := range []string{p.Serving, p.Finished, p.Called} {
		ok(helper.Accept(ctx, id))(p.t)
	}
	var owed struct{ Items []struct{ ID string } }
	if err := worker.Get(ctx, "/calls", nil, &owed); err != nil || len(owed.Items) != 1 {
		p.t.Fatalf("calls owed: %+v %v", owed, err)
	}
	p.Call = owed.Items[0].ID
	ok(helper.CheckIn(ctx, p.Finished, client.Presence{}))(p.t)
	p.clock.Add(time.Hour)
	ok(helper.Complete(ctx, p.Finished, ""))(p.t)
	ok(helper.CheckIn(ctx, p.Serving, client.Presence{}))(p.t)
	p.Requested = ok(resident.Request(ctx, client.Request{Text: "想请人帮忙去银行交钱", Risk: "要带现金"}))(p.t).ID
}

// certificates are one that was issued, one that the station is asked for, and many
// at once; what they certify was entered before all this.
func (p *past) certificates() {
	ctx, worker := p.t.Context(), p.as("周敏")
	for _, name := range []string{"韩立新", "林小雨"} {
		p.enter(name, monday.AddDate(0, 0, -14), time.Hour)
	}
	p.Batch = ok(worker.IssueCertificates(ctx, town.Community, client.Period{From: "2026-10-01", To: "2026-11-15"}))(p.t).ID
	p.catchUp()
	c := ok(p.as("韩立新").AskCertificate(ctx, client.Period{Name: "this_year", Remark: "用于升学"}))(p.t)
	p.Paper, p.Code = c.ID, c.Code
	p.Write(func(tx *db.Tx) error {
		return rule.Set(tx, 130104, town.Community, rule.CertificateSelf, 0, tx.Now(), "")
	})
	p.clock.Add(time.Minute)
	asks := func(remark string) string {
		return ok(p.as("林小雨").AskCertificate(ctx, client.Period{Name: "all", Remark: remark}))(p.t).ID
	}
	p.Wanted, p.Ready = asks("用于升学"), asks("用于评优")
	ok(worker.CertificateStep(ctx, p.Ready, "acceptance", ""))(p.t)
	p.Doubted = ok(worker.CertificateRegister(ctx, town.Community, ""))(p.t).Items[3].ID
	p.Write(func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE certificate SET doubt = '261109-001' WHERE district = $1 AND id = $2`, 130104, p.Doubted)
		return err
	})
}

// rosters are one that is still being checked, one that waits for the station's
// word and one that was taken.
func (p *past) rosters() {
	upload := func(row string) string {
		table := "姓名,联系电话,专业技能,居住地址\n" + row + "盛开,154,弹钢琴,3号楼\n"
		return path.Base(p.upload("周敏", "/volunteers/imports", map[string]string{"place": town.Community}, "file", "志愿者名单.csv", []byte(table)))
	}
	p.Checked, p.Taken = upload("向梅,15400009001,理发,3号楼\n"), upload("向兰,15400009002,陪看病,3号楼\n")
	p.catchUp()
	p.post("周敏", "/imports/"+p.Taken+"/confirmation", url.Values{"leave_out": {"1"}})
	p.catchUp()
	p.Checking = upload("向竹,15400009003,理发,3号楼\n")
}

func (s *story) catchUp() {
	s.t.Helper()
	if err := s.App.CatchUp(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// papers are what stands on a person's file: who looked, who may act, what was agreed.
func (p *past) papers() {
	meng := "/persons/" + p.Person("孟桂兰").ID
	p.post("周敏", meng+"/disclosures", url.Values{"fields": {"phone", "address"}, "reason": {"约上门的时间"}})
	p.post("周敏", meng+"/consents", url.Values{"purpose": {"contact"}})
	p.post("罗建平", "/persons/"+p.Person("白海霞").ID+"/account/disable", url.Values{})
	p.post("孙淑琴", "/volunteers/"+p.Person("孙淑琴").ID+"/pause", url.Values{})
	p.post("周敏", meng+"/proxies", url.Values{"agent_phone": {p.Person("陈小梅").Phone}, "relation": {"child"}, "how": {"phone"}})
}

// post sends a form as a browser does and gives where it leads.
func (p *past) post(name, to string, form url.Values) string {
	p.t.Helper()
	return p.send(name, to, "application/x-www-form-urlencoded", strings.NewReader(form.Encode()))
}

// upload sends a form with a file.
func (p *past) upload(name, to string, form map[string]string, field, file string, data []byte) string {
	p.t.Helper()
	values := url.Values{}
	for key, value := range form {
		values.Set(key, value)
	}
	body, kind := parts(values, field, file, data)
	return p.send(name, to, kind, body)
}

// encoded is a form without files in one of the two encodings of a page.
func encoded(kind string, values url.Values) (io.Reader, string) {
	if kind == "multipart/form-data" {
		return parts(values, "", "", nil)
	}
	return strings.NewReader(values.Encode()), "application/x-www-form-urlencoded"
}

// parts is a form of several parts; writing into a buffer does not fail.
func parts(values url.Values, field, file string, data []byte) (io.Reader, string) {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for key, all := range values {
		for _, value := range all {
			_ = w.WriteField(key, value)
		}
	}
	if field != "" {
		part, _ := w.CreateFormFile(field, file)
		_, _ = part.Write(data)
	}
	_ = w.Close()
	return &body, w.FormDataContentType()
}

// send posts as somebody and gives where that leads.
func (p *past) send(name, to, kind string, body io.Reader) string {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url+to, body)
	if err != nil {
		p.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	answer := p.answer(r, name)
	if answer.StatusCode >= 400 {
		text, _ := io.ReadAll(answer.Body)
		p.t.Fatalf("%s as %s: %d: %s", to, name, answer.StatusCode, text)
	}
	return answer.Header.Get("Location")
}

// answer asks as a browser in which somebody is signed in; it follows nothing.
func (p *past) answer(r *http.Request, name string) *http.Response {
	p.t.Helper()
	if name != "" {
		r.AddCookie(&http.Cookie{Name: town.Cookie, Value: p.Token(auth.Web, name)})
	}
	r.Header.Set("Accept", "text/html")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { answer.Body.Close() })
	return answer
}

func picture() []byte {
	var b bytes.Buffer
	_ = png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))) // a buffer takes everything
	return b.Bytes()
}

// plans are one that is open, with somebody kept and somebody banned, and people whom the
// community looks for.
func (p *past) plans() {
	ctx, worker := p.t.Context(), p.as("周敏")
	p.request(p.as("陈小梅"), "想请人来家里理个发", "")
	p.request(p.as("孟桂兰"), "想请人陪我去医院复诊", "")
	p.request(p.as("孟桂兰"), "想请人帮我代买药", "") // nobody here does that: somebody is missing
	open := ok(worker.Plan(ctx, town.Community))(p.t)
	if len(open.Proposals) < 2 {
		p.t.Fatalf("%d proposals", len(open.Proposals))
	}
	one, two := open.Proposals[0], open.Proposals[1]
	ok(worker.Pin(ctx, open.ID, one.Order.ID, one.Volunteer.ID))(p.t)
	ok(worker.Ban(ctx, open.ID, two.Order.ID, two.Volunteer.ID))(p.t)
	p.Planned, p.Pick = open.ID, one.Order.ID
	var notice struct{ ID string }
	wanted := map[string]any{"place": town.Community, "category": "stove_check", "part": "时间不限", "people": 2}
	if err := worker.Post(ctx, "/recruitments", wanted, &notice); err != nil {
		p.t.Fatal(err)
	}
}
