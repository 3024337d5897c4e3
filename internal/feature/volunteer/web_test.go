package volunteer

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
	"linli/internal/core/auth"
	"linli/internal/core/auth/sms"
	"linli/internal/core/calendar"
	"linli/internal/core/person"
	"linli/internal/core/sitetest"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/id"
	"linli/internal/kit/web"
	"linli/internal/kit/webtest"
)

// site is the town with people of fixed ids: han is no volunteer yet, he stands in
// a roster, lin serves, zhou is a child.
func site(t *testing.T) (http.Handler, map[string]string) {
	t.Helper()
	d := dbtest.New(t, db.SQLite, dbtest.Clock(clock.NewManual(noon())), dbtest.With(invariants))
	roles, err := auth.New(auth.Options{DB: d, SMS: sms.NewConsole(io.Discard), Secret: make([]byte, 32), Cost: auth.Cost{MemoryKiB: 64, Passes: 1}})
	if err != nil {
		t.Fatal(err)
	}
	town := &town{T: t, db: d, ctx: context.Background(), s: NewService(d, roles)}
	town.build()
	grown := calendar.Day{Year: 1980, Month: 5, Day: 6}
	people := map[string]person.Person{
		"han":  {Name: "韩立新", Phone: "13800138000", Place: house(2), Birth: grown},
		"he":   {Name: "何玉兰", Phone: "13800138001", Place: south, Birth: grown},
		"lin":  {Name: "林小满", Phone: "13800138002", Place: house(2), Birth: grown},
		"zhou": {Name: "周小", Phone: "13800138003", Place: south, Birth: calendar.Day{Year: 2015, Month: 1, Day: 1}},
		"qin":  {Name: "秦爱华", Phone: "13800138004", Place: south},
	}
	vars, who := map[string]string{"south": south, "north_code": north}, sitetest.People{
		"站长": town.worker(access.StationWorker, south), "街道": town.worker(access.StreetOfficer, street),
		"审计": town.worker(access.Auditor, street), "别处站长": town.worker(access.StationWorker, north),
	}
	serial := uint64(0)
	for _, name := range []string{"han", "he", "lin", "zhou", "qin"} {
		p := people[name]
		serial++
		p.ID = id.At(time.UnixMilli(0), serial)
		p = town.person(p)
		vars[name], who[p.Name] = p.ID, self(p)
		if name == "he" {
			town.imported(p)
		}
		if name == "lin" {
			if _, err := town.s.Register(town.ctx, self(p), agreed()); err != nil {
				t.Fatal(err)
			}
		}
	}
	section := func(_ *web.Request, v View) (web.Component, error) { return card(v.Name), nil }
	h := NewHandlers(town.s, section)
	routes := append(h.Routes(), person.NewHandlers(person.NewService(d), h.PersonSection).Routes()...)
	return sitetest.New(t, routes, who), vars
}

// card is a section that another room adds.
type card string

func (c card) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, "<section class=\"card\"><h2>别处加的一块</h2></section>")
	return err
}

func TestRoutes(t *testing.T) {
	site, vars := site(t)
	webtest.Runner{Handler: site, Sign: sitetest.Sign, Vars: vars}.Files(t, "testdata/*.txt")
}

// TestPagesInBrowser looks at every page as every kind of reader sees it.
func TestPagesInBrowser(t *testing.T) {
	site, vars := site(t)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	chromium := browser.Start(t)
	for name, view := range map[string]browser.View{
		"phone":       {Width: 320, Height: 700, Cookies: map[string]string{"lang": "en"}},
		"phone.large": {Width: 360, Height: 780, Cookies: map[string]string{"size": "large", "lang": "zh"}},
		"desk.dark":   {Width: 1440, Height: 900, Cookies: map[string]string{"theme": "dark", "lang": "zh"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, look := range []struct{ who, shot, path string }{
				{"站长", "list", "/volunteers"},
				{"站长", "nobody", "/volunteers?q=xyz"},
				{"街道", "choice", "/volunteers"},
				{"站长", "pending", "/volunteers/" + vars["he"]},
				{"站长", "confirm", "/volunteers/" + vars["he"] + "/confirm"},
				{"站长", "edit", "/volunteers/" + vars["lin"] + "/edit"},
				{"林小满", "own", "/volunteers/" + vars["lin"]},
				{"林小满", "leave", "/volunteers/" + vars["lin"] + "/leave"},
				{"何玉兰", "asked", "/volunteers/" + vars["he"] + "/confirm"},
				{"韩立新", "register", "/volunteer"},
				{"秦爱华", "unknown-age", "/volunteer"},
				{"周小", "child", "/volunteer"},
				{"秦爱华", "person", "/persons/" + vars["qin"]},
			} {
				v := view
				v.Cookies = map[string]string{sitetest.Cookie: url.QueryEscape(look.who)}
				for k, c := range view.Cookies {
					v.Cookies[k] = c
				}
				p := chromium.Open(t, server.URL, v)
				p.Goto(server.URL + look.path)
				p.Check()
				p.FitsWidth()
				p.Screenshot(look.shot + "." + name)
			}
		})
	}
}

// TestRegisterWithoutScript: a resident becomes a volunteer by ticking boxes; a
// form that comes back has kept what was ticked.
func TestRegisterWithoutScript(t *testing.T) {
	site, _ := site(t)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	v := browser.Phone()
	v.NoScript = true
	v.Cookies = map[string]string{sitetest.Cookie: url.QueryEscape("韩立新"), "lang": "zh"}
	p := browser.Start(t).Open(t, server.URL, v)
	p.Goto(server.URL + "/volunteer")
	p.Click("input[value=haircut]")
	p.Click(`input[value="6 08:00-12:00"]`)
	p.Follow("form button.primary")
	p.Check()
	if n := p.Count("input[value=haircut]:checked") + p.Count(`input[value="6 08:00-12:00"]:checked`); n != 2 || p.Count(".note[data-s=late]") != 1 {
		t.Fatalf("the form came back with %d of 2 ticks", n)
	}
	for _, purpose := range Purposes() {
		p.Click("input[value=" + string(purpose) + "]")
	}
	p.Follow("form button.primary")
	if got := p.Text("h1"); got != "韩立新" {
		t.Errorf("after registering the page is called %q", got)
	}
	p.Check()
}
