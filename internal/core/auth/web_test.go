package auth

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"linli/e2e/browser"
	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/ui"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
	"linli/internal/kit/i18n"
	"linli/internal/kit/web"
	"linli/internal/kit/webtest"
)

const demoKey = "open-sesame"

// serve is a house with a site in front of it.
func serve(t *testing.T) (*house, http.Handler) {
	t.Helper()
	now := clock.NewManual(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))
	d := dbtest.New(t, db.SQLite, dbtest.Clock(now), dbtest.With(dbtestCheck("gapless", event.CheckGapless), dbtestCheck("logins", CheckLogins)))
	h := newHouse(t, d, now)
	site, err := web.New(web.Config{
		Routes: append(NewHandlers(h.Service).Routes(), NewDemo(demoKey, h.console).Routes(h.Service)...),
		Gate:   h.Gate(), Title: "邻里", Translate: ui.T, Around: ui.Preferences,
		ErrorPage: func(_ *web.Request, p *web.Problem) web.Component {
			return ui.ErrorPage(&fault.Error{Kind: fault.Kind(p.Kind), Msg: "%s", Args: []any{p.Detail}}, p.RequestID)
		},
		Dress: func(r *web.Request) context.Context {
			return ui.WithShell(r.Context(), ui.Shell{Phone: "0311-5550-0126", Note: r.Note(), Reader: access.Of(r).Name})
		},
		Files: map[string]http.Handler{"GET /static/": ui.Static()},
		Clock: now, Log: slog.New(slog.NewTextHandler(h.log, nil)),
	})
	h.must(err)
	return h, site
}

func TestScripts(t *testing.T) {
	h, site := serve(t)
	h.account("孟桂兰", mother, community)
	kid := h.account("孟小军", son, community)
	h.account("周敏", worker, community, access.StationWorker)
	h.account("韩主任", "13800000006", community, access.Administrator)
	elder := h.person("陈秀英", "13800000009", community)
	outsider := h.person("别处的人", "", elsewhere)
	webtest.Runner{
		Handler: site, Sign: func(*http.Request, string) error { return nil },
		Vars: map[string]string{"son": kid.ID, "elder": elder.ID, "outsider": outsider.ID},
	}.Files(t, "testdata/*.txt")
}

// visitor is somebody with a browser that keeps cookies and runs no script.
type visitor struct {
	h      *house
	client *http.Client
	base   string
	path   string // of the page that is open
	page   string
}

func visit(t *testing.T) (*house, *visitor) {
	t.Helper()
	h, site := serve(t)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	jar, err := cookiejar.New(nil)
	h.must(err)
	return h, &visitor{h: h, client: &http.Client{Jar: jar}, base: server.URL}
}

func (v *visitor) take(resp *http.Response, err error) {
	v.h.t.Helper()
	v.h.must(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	v.h.must(err)
	v.path, v.page = resp.Request.URL.Path, string(body)
}

func (v *visitor) open(path string) {
	v.h.t.Helper()
	v.take(v.client.Get(v.base + path))
}

var hidden = regexp.MustCompile(`<input type="hidden" name="(\w+)" value="([^"]*)"`)

// fill posts the form of the open page that goes to action, with its hidden
// fields and what the visitor types.
func (v *visitor) fill(action string, typed ...string) {
	v.h.t.Helper()
	_, form, found := strings.Cut(v.page, `method="post" action="`+action+`"`)
	if !found {
		v.h.t.Fatalf("%s has no form to %s:\n%s", v.path, action, v.page)
	}
	form, _, _ = strings.Cut(form, "</form>")
	values := url.Values{}
	for _, m := range hidden.FindAllStringSubmatch(form, -1) {
		values.Set(m[1], m[2])
	}
	for i := 0; i < len(typed); i += 2 {
		if !strings.Contains(form, `name="`+typed[i]+`"`) {
			v.h.t.Fatalf("the form to %s has no field %s:\n%s", action, typed[i], form)
		}
		values.Set(typed[i], typed[i+1])
	}
	v.take(v.client.PostForm(v.base+action, values))
}

func (v *visitor) sees(text string) {
	v.h.t.Helper()
	if !strings.Contains(v.page, text) {
		v.h.t.Fatalf("%s does not say %q:\n%s", v.path, text, v.page)
	}
}

// code reads the latest code off a phone.
func (v *visitor) code(phone string) string {
	v.h.t.Helper()
	_, after, found := strings.Cut(v.h.sent(phone), "验证码 ")
	if !found {
		v.h.t.Fatalf("no code on %s", phone)
	}
	return after[:codeDigits]
}

func TestNewcomerRegisters(t *testing.T) {
	h, v := visit(t)
	v.open("/register?next=%2Faccount")
	v.fill("/register/message?next=%2Faccount", "phone", "138")
	v.sees("手机号是 11 位，现在只有 3 位。")
	v.fill("/register/message?next=%2Faccount", "phone", nobody)
	v.sees("验证码发到 " + nobody + " 了")
	v.sees("东风路南社区")
	v.sees("按规定至少存十年")
	v.fill("/register?next=%2Faccount", "code", v.code(nobody), "name", "<b>𠮷田</b>", "community", community)
	v.sees("同意了再注册")
	v.sees("&lt;b&gt;𠮷田&lt;/b&gt;")
	v.fill("/register/message?next=%2Faccount")
	v.sees("短信刚发过") // and the code can still be typed
	v.fill("/register?next=%2Faccount", "code", v.code(nobody), "name", "𠮷田㐂子", "community", community, "agreed", "1")
	if v.path != "/account" {
		h.t.Fatalf("led to %s: %s", v.path, v.page)
	}
	v.sees("𠮷田㐂子")
	v.sees("设一个密码")

	v.open("/account/password")
	h.clock.Add(codePause)
	v.fill("/account/password/message")
	v.fill("/account/password", "code", v.code(nobody), "new_password", secret)
	if v.path != "/account" {
		h.t.Fatalf("led to %s: %s", v.path, v.page)
	}
	h.signIn(nobody, phoneBrowser)
}

func TestTheWrongDoorLeadsToTheRightOne(t *testing.T) {
	h, v := visit(t)
	v.open("/sign-in/code")
	v.fill("/sign-in/code/message", "phone", nobody)
	code := v.code(nobody)
	v.fill("/sign-in/code", "code", code)
	v.sees("这个手机号还没有账号。先注册一个")
	v.fill("/register", "name", "新来的", "community", community, "agreed", "1", "code", code)
	if v.path != "/" {
		h.t.Fatalf("led to %s: %s", v.path, v.page)
	}
	h.account("孟桂兰", mother, community)
	v.open("/register")
	v.fill("/register/message", "phone", mother)
	code = v.code(mother)
	v.fill("/register", "code", code, "name", "孟桂兰", "community", community, "agreed", "1")
	v.sees("这个手机号已经有账号了")
	v.fill("/sign-in/code", "code", code)
	v.open("/account")
	v.sees("孟桂兰")
}

func TestForgottenPasswordOnThePage(t *testing.T) {
	h, v := visit(t)
	h.account("孟桂兰", mother, community)
	v.open("/forgot-password")
	v.fill("/forgot-password/message", "phone", mother)
	v.fill("/forgot-password", "code", v.code(mother), "password", "short")
	v.sees("密码至少 8 位")
	v.fill("/forgot-password", "code", v.code(mother), "password", newSecret)
	if v.path != "/sign-in" {
		h.t.Fatalf("led to %s", v.path)
	}
	v.fill("/sign-in", "phone", mother, "password", newSecret)
	v.open("/account")
	v.sees("孟桂兰")
}

func TestMovingToANewPhoneOnThePage(t *testing.T) {
	h, v := visit(t)
	h.account("孟桂兰", mother, community)
	v.open(NewDemo(demoKey, h.console).Link(mother))
	v.open("/account/phone")
	v.fill("/account/phone/message", "new_phone", nobody, "by", "code")
	v.fill("/account/phone", "new_code", v.code(nobody), "code", wrongCode(v.code(mother)))
	v.sees("验证码不对")
	v.fill("/account/phone", "new_code", v.code(nobody), "code", v.code(mother))
	v.sees(nobody)
	told := h.sent(mother)
	v.open("/demo/messages")
	v.sees(told)
	v.sees("尾号 9999")

	v.open("/account")
	v.fill("/sign-out")
	v.open("/sign-in")
	v.fill("/sign-in", "phone", mother, "password", secret)
	v.sees("手机号和密码对不上")
	v.fill("/sign-in", "phone", nobody, "password", secret)
	v.open("/account")
	v.sees("孟桂兰")
}

func TestAskingAnElderOnThePage(t *testing.T) {
	h, v := visit(t)
	h.person("陈秀英", mother, community)
	h.account("孟小军", son, community)
	v.open(NewDemo(demoKey, h.console).Link(son))
	v.open("/account/proxies/new")
	v.fill("/account/proxies/message", "name", "陈秀英", "phone", mother)
	v.fill("/account/proxies", "code", v.code(mother))
	v.sees("请选您是老人的什么人")
	v.fill("/account/proxies", "code", v.code(mother), "relation", "child")
	v.sees("陈秀英")
	v.sees("儿女")
	action := regexp.MustCompile(`/account/proxies/[0-9a-f-]+/end`).FindString(v.page)
	v.fill(action)
	if strings.Contains(v.page, "陈秀英") {
		h.t.Error("still acts for her")
	}
}

func TestDemoNeedsItsKey(t *testing.T) {
	h, v := visit(t)
	h.account("孟桂兰", mother, community)
	for _, path := range []string{"/demo/sign-in?as=" + mother, "/demo/sign-in?as=" + mother + "&key=x", NewDemo("", h.console).Link(mother)} {
		v.open(path)
		v.sees("这个链接不是这次演示的")
	}
	v.open(NewDemo(demoKey, h.console).Link(nobody))
	v.sees("演示里没有这个账号")
	v.open("/account")
	if v.path != "/sign-in" {
		h.t.Error("signed in all the same")
	}
}

// TestElderModeBeginsAtTheDoor: over 70 the pages are large from the first
// sign-in on, unless the reader has chosen.
func TestElderModeBeginsAtTheDoor(t *testing.T) {
	h, v := visit(t)
	p := h.account("陈秀英", mother, community)
	h.write(func(tx *db.Tx) error {
		now, err := person.Get(tx, p.District, p.ID)
		if err != nil {
			return err
		}
		now.Birth = calendar.Day{Year: 1948, Month: 10, Day: 1}
		_, err = person.Save(tx, now)
		return err
	})
	v.open(NewDemo(demoKey, h.console).Link(mother))
	v.open("/account")
	v.sees(`data-size="large"`)
	v.open("/account?size=standard")
	v.fill("/sign-out")
	v.open(NewDemo(demoKey, h.console).Link(mother))
	v.open("/account")
	if strings.Contains(v.page, `data-size="large"`) {
		h.t.Error("large against the reader's choice")
	}
}

func TestManyCommunitiesAreNarrowedDown(t *testing.T) {
	h, v := visit(t)
	h.write(func(tx *db.Tx) error {
		for i := range communitiesShown {
			p := place.Place{ID: fmt.Sprintf("130104006%03d", 100+i), Parent: street, Level: place.Community, Name: fmt.Sprint("社区", i)}
			if _, err := place.Insert(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
	v.open("/register")
	v.sees(`href="/register?place=130000000000"`)
	v.open("/register?place=130100000000")
	v.sees("新华区")
	v.open("/register?place=130105000000")
	v.fill("/register/message?place=130105000000", "phone", nobody)
	v.sees("别处社区")
	if strings.Contains(v.page, "东风路南社区") {
		h.t.Error("communities of another district are offered")
	}
}

// TestMessagesHaveEnglish looks where the test of the catalogue does not: at what
// is said by way of a request, and at labels that a switch gives.
func TestMessagesHaveEnglish(t *testing.T) {
	uses, err := i18n.Find(".", i18n.Rules{Calls: map[string]int{"r.T": 0, "h.backTo": 1}, Fields: []string{"Summary", "Label"}})
	if err != nil || len(uses) < 20 {
		t.Fatal(len(uses), err)
	}
	messages := []string{tag}
	for _, u := range uses {
		messages = append(messages, u.Msg)
	}
	for _, r := range Relations() {
		messages = append(messages, r.Label())
	}
	for _, a := range []Agreement{ByCode, ByPhone, OnPaper} {
		messages = append(messages, a.Label())
	}
	for _, msg := range messages {
		if !ui.Catalogue().Has(msg) {
			t.Errorf("no English for %q", msg)
		}
	}
}

func TestPagesInBrowser(t *testing.T) {
	h, site := serve(t)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	h.account("孟桂兰", mother, community)
	boss := h.account("韩主任", "13800000006", community, access.Administrator)
	elder := h.person("陈秀英", "13800000009", community)
	h.write(func(tx *db.Tx) error {
		_, err := h.putProxy(tx, access.System(), elder, Party{District: boss.District, Person: boss.ID}, Child, ByPhone)
		return err
	})
	chromium := browser.Start(t)
	for name, view := range map[string]browser.View{
		"phone":       {Width: 320, Height: 700},
		"desk.dark":   {Width: 1440, Height: 900, Cookies: map[string]string{"theme": "dark", "lang": "en"}},
		"phone.large": {Width: 390, Height: 844, Cookies: map[string]string{"size": "large"}},
		"noscript":    {Width: 390, Height: 844, NoScript: true},
	} {
		t.Run(name, func(t *testing.T) {
			p := chromium.Open(t, server.URL, view)
			look := func(shot string) {
				t.Helper()
				p.Check()
				p.FitsWidth()
				p.Screenshot(shot + "." + name)
			}
			for _, path := range []string{"/sign-in", "/sign-in/code", "/register", "/forgot-password"} {
				p.Goto(server.URL + path)
				look(strings.ReplaceAll(path[1:], "/", "-"))
			}
			p.Goto(server.URL + "/sign-in")
			p.Fill("[name=phone]", mother)
			p.Fill("[name=password]", "nope")
			p.Follow("form .primary")
			look("sign-in-wrong")
			p.Goto(server.URL + NewDemo(demoKey, h.console).Link("13800000006"))
			for shot, path := range map[string]string{
				"account": "/account", "password": "/account/password", "move": "/account/phone",
				"closure": "/account/closure", "elder": "/account/proxies/new",
				"file": "/persons/" + elder.ID + "/account", "messages": "/demo/messages",
			} {
				p.Goto(server.URL + path)
				look(shot)
			}
			h.clock.Add(codePause)
			p.Goto(server.URL + "/register")
			p.Fill("[name=phone]", nobody)
			p.Follow("form .primary")
			look("register-code")
		})
	}
}
