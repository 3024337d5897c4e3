package person

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"linli/e2e/browser"
	"linli/internal/core/access"
	"linli/internal/core/sitetest"
	"linli/internal/core/ui"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/id"
	"linli/internal/kit/web"
	"linli/internal/kit/webtest"
)

// people are the town's, with fixed ids.
func people() map[string]Person {
	at := func(serial uint64, p Person) Person {
		p.ID = id.At(time.UnixMilli(0), serial)
		return p
	}
	return map[string]Person{
		"meng":  at(1, meng()),
		"han":   at(2, Person{Name: "韩立新", Sex: "男", Place: house(2), Door: "2单元402", Phone: "13900139000"}),
		"child": at(3, Person{Name: "小孟", Birth: today().Add(-3650), Place: south}),
		"north": at(4, Person{Name: "北边的人", Place: north, Phone: "13900139009"}),
	}
}

// site is the town with its people, and one card that another room adds.
func site(t *testing.T) (http.Handler, map[string]string) {
	t.Helper()
	d := dbtest.New(t, db.SQLite, dbtest.With(invariants))
	build(t, d)
	vars := map[string]string{"south": south, "north_code": north, "house": house(2), "other": house(3)}
	for name, p := range people() {
		insertOne(t, d, p)
		vars[name] = p.ID
	}
	section := func(_ *web.Request, p Person) (web.Component, error) { return card(p.Name), nil }
	return sitetest.New(t, NewHandlers(NewService(d), section).Routes(), sitetest.People{
		"孟桂兰":  self(get(t, d, 130104, vars["meng"])),
		"站长":   holder(t, d, access.StationWorker, south),
		"街道":   holder(t, d, access.StreetOfficer, street),
		"审计":   holder(t, d, access.Auditor, street),
		"别处站长": holder(t, d, access.StationWorker, "120101004001"),
		"志愿者":  holder(t, d, access.Volunteer, south),
	}), vars
}

// card is a section that says for whom it was made.
type card string

func (c card) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, "<section class=\"card\"><h2>别处加的一块</h2></section>")
	return err
}

func TestRoutes(t *testing.T) {
	site, vars := site(t)
	webtest.Runner{Handler: site, Sign: sitetest.Sign, Vars: vars}.Files(t, "testdata/*.txt")
}

func TestPagesInBrowser(t *testing.T) {
	site, vars := site(t)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	chromium := browser.Start(t)
	for name, view := range map[string]browser.View{
		"phone":      {Width: 320, Height: 700, Cookies: map[string]string{"lang": "en"}},
		"desk.dark":  {Width: 1440, Height: 900, Cookies: map[string]string{"theme": "dark", "lang": "zh"}},
		"desk.large": {Width: 1280, Height: 900, Cookies: map[string]string{"size": "large", "lang": "zh"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			view.Cookies[sitetest.Cookie] = url.QueryEscape("站长")
			p := chromium.Open(t, server.URL, view)
			for shot, path := range map[string]string{
				"list":    "/persons?place=" + south,
				"nobody":  "/persons?q=xyz",
				"new":     "/persons/new",
				"person":  "/persons/" + vars["meng"],
				"child":   "/persons/" + vars["child"],
				"edit":    "/persons/" + vars["meng"] + "/edit",
				"unmask":  "/persons/" + vars["meng"] + "/disclosures/new",
				"move":    "/persons/" + vars["meng"] + "/household",
				"agree":   "/persons/" + vars["child"] + "/consents/new?purpose=photo",
				"my-seen": "/me/disclosures",
			} {
				p.Goto(server.URL + path)
				p.Check()
				p.FitsWidth()
				p.Screenshot(shot + "." + name)
			}
		})
	}
}

// TestUnmaskInBrowser: a worker opens what they need; the person reads who it was.
func TestUnmaskInBrowser(t *testing.T) {
	site, vars := site(t)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	chromium := browser.Start(t)
	as := func(name string) browser.View {
		v := browser.Phone()
		v.Cookies = map[string]string{sitetest.Cookie: url.QueryEscape(name), "lang": "zh"}
		return v
	}
	worker := chromium.Open(t, server.URL, as("站长"))
	worker.Goto(server.URL + "/persons/" + vars["meng"] + "/disclosures/new")
	worker.Follow("main form button.primary")
	worker.Check()
	if worker.Count(".err") == 0 {
		t.Error("no reason, and no word about it")
	}
	worker.Fill("#f-reason", "打电话约上门的时间")
	worker.Follow("main form button.primary")
	worker.Check()
	worker.Screenshot("unmasked")
	if worker.Text("h1") != "孟桂兰" {
		t.Errorf("the name is not open: %s", worker.Text("h1"))
	}
	resident := chromium.Open(t, server.URL, as("孟桂兰"))
	resident.Goto(server.URL + "/me/disclosures")
	resident.Check()
	resident.Screenshot("seen")
	if resident.Count(".log li") != 1 {
		t.Error("she cannot see who looked")
	}
	for _, path := range []string{"/persons/" + vars["meng"], "/persons/" + vars["meng"] + "/edit"} {
		resident.Goto(server.URL + path)
		resident.Check()
		resident.FitsWidth()
	}
}

// TestEveryWordHasEnglish: words that stand in no place where the catalogue's own
// test looks for them.
func TestEveryWordHasEnglish(t *testing.T) {
	words := []string{"身份证", "港澳台身份证", "护照", "%s邻居", "%s小朋友", "%s同学", "%s女士", "%s先生", "%s阿姨", "%s叔叔", "%s奶奶", "%s爷爷", "男", "女"}
	for _, term := range Terms() {
		words = append(words, term.Text)
	}
	for _, f := range Fields() {
		words = append(words, f.Label())
	}
	for _, route := range NewHandlers(nil).Routes() {
		words = append(words, route.Summary, route.Tag)
	}
	for _, word := range words {
		if word != "" && !ui.Catalogue().Has(word) {
			t.Errorf("no English for %q", word)
		}
	}
}
