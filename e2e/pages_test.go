package e2e

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"linli/e2e/browser"
	"linli/e2e/town"
	"linli/internal/core/auth"
)

// showing is a page as somebody sees it.
type showing struct {
	route string // as in the table of routes
	id    string // for the route's {id}
	part  string // for the route's {call} or {attainment}
	query string
	by    string // names, by spaces; empty for who is not signed in
}

func (s showing) path() string {
	return strings.NewReplacer("{id}", s.id, "{place}", s.id, "{code}", s.id, "{call}", s.part, "{attainment}", s.part).Replace(s.route) + s.query
}

// showings lists every page of the house, with what is worth seeing of it.
func (p *past) showings() []showing {
	meng, han := p.Person("孟桂兰").ID, p.Person("韩立新").ID
	return slices.Concat([]showing{
		{route: "/"}, {route: "/sign-in"}, {route: "/sign-in/code"}, {route: "/register"}, {route: "/forgot-password"}, {route: "/api/docs"}, {route: "/demo/messages"},
		{route: "/account", by: "孟桂兰"}, {route: "/account/closure", by: "孟桂兰"}, {route: "/account/password", by: "孟桂兰"},
		{route: "/account/phone", by: "孟桂兰"}, {route: "/account/proxies/new", by: "孟桂兰"},
		{route: "/home", by: "孟桂兰 陈小梅"}, {route: "/nearby", by: "韩立新 林小雨 孟桂兰"},
		{route: "/board", by: "周敏"}, {route: "/board", query: "?pick=" + p.Open, by: "周敏"}, {route: "/board", query: "?pick=" + p.Asked, by: "周敏"},
		{route: "/me", by: "孟桂兰 韩立新 周敏"}, {route: "/me/disclosures", by: "孟桂兰"}, {route: "/me/notices", by: "孟桂兰"},
		{route: "/me/points", by: "韩立新"}, {route: "/me/record", by: "韩立新 林小雨"},
	}, p.orderShowings(), p.certificateShowings(), p.exchangeShowings(), p.recordShowings(), []showing{
		{route: "/orgs", by: "孟桂兰 周敏"}, {route: "/orgs/new", by: "周敏"}, {route: "/orgs/{id}", id: p.Team, by: "孟桂兰 韩立新 郭建民 方国栋 周敏"},
		{route: "/orgs/{id}/close", id: p.Team, by: "周敏"}, {route: "/orgs/{id}/edit", id: p.Team, by: "周敏"}, {route: "/orgs/{id}/run", id: p.Team, by: "方国栋"},
		{route: "/persons", by: "周敏"}, {route: "/persons", query: "?q=没有这个人", by: "周敏"}, {route: "/persons/new", by: "周敏"},
		{route: "/persons/{id}", id: meng, by: "周敏"}, {route: "/persons/{id}", id: han, by: "周敏"},
		{route: "/persons/{id}/account", id: meng, by: "周敏 罗建平"}, {route: "/persons/{id}/account", id: p.Elder, by: "周敏"},
		{route: "/persons/{id}/account", id: p.Person("白海霞").ID, by: "罗建平"}, {route: "/persons/{id}/consents/new", id: meng, query: "?purpose=photo", by: "周敏"},
		{route: "/persons/{id}/disclosures/new", id: meng, by: "周敏"}, {route: "/persons/{id}/edit", id: meng, by: "周敏"},
		{route: "/persons/{id}/household", id: meng, by: "周敏"}, {route: "/persons/{id}/record", id: han, by: "周敏"},
		{route: "/places", by: "许文涛"}, {route: "/places/{id}", id: town.Community, by: "孟桂兰 周敏"}, {route: "/places/{id}", id: town.District, by: "许文涛"},
		{route: "/places/{id}/children/new", id: town.Community, query: "?level=building", by: "周敏"}, {route: "/places/{id}/closure", id: town.Community, by: "罗建平"},
		{route: "/places/{id}/edit", id: town.Community, by: "罗建平"}, {route: "/places/{id}/rules", id: town.Community, by: "罗建平"},
		{route: "/plans", by: "周敏 冯志远"}, {route: "/plans/{id}", id: p.Planned, by: "周敏"}, {route: "/plans/{id}", id: p.Planned, query: "?pick=" + p.Pick, by: "周敏"},
		{route: "/volunteer", by: "陈小梅"}, {route: "/volunteer", query: "?skill=stove_check", by: "陈小梅"}, {route: "/volunteers", by: "周敏"}, {route: "/volunteers/{id}", id: han, by: "周敏"}, {route: "/volunteers/{id}", id: p.Person("孙淑琴").ID, by: "孙淑琴"},
		{route: "/volunteers/{id}/confirm", id: han, by: "周敏"}, {route: "/volunteers/{id}/edit", id: han, by: "周敏"}, {route: "/volunteers/{id}/leave", id: han, by: "周敏"},
		{route: "/volunteers/export", by: "周敏"}, {route: "/volunteers/imports", by: "周敏"},
		{route: "/imports/{id}", id: p.Checked, by: "周敏"}, {route: "/imports/{id}", id: p.Taken, by: "周敏"}, {route: "/imports/{id}", id: p.Checking, by: "周敏"},
	})
}

func (p *past) certificateShowings() []showing {
	return []showing{
		{route: "/me/certificates", by: "韩立新 林小雨 孟桂兰"}, {route: "/certificates", by: "周敏 冯志远"},
		{route: "/certificates/{id}", id: p.Paper, by: "韩立新 周敏"}, {route: "/certificates/{id}", id: p.Wanted, by: "林小雨 周敏"},
		{route: "/certificates/{id}", id: p.Doubted, by: "周敏"}, {route: "/certificates/{id}", id: p.Ready, by: "周敏"},
		{route: "/certificate-batches/{id}", id: p.Batch, by: "周敏"}, {route: "/places/{place}/certificates", id: town.Community},
		{route: "/c/{code}", id: p.Code}, {route: "/check"},
	}
}

func (p *past) orderShowings() []showing {
	return []showing{
		{route: "/orders", by: "孟桂兰 韩立新 周敏"}, {route: "/orders/new", by: "孟桂兰 周敏"},
		{route: "/orders/new", query: "?text=想请人陪我去医院复诊", by: "孟桂兰"},
		{route: "/orders/{id}", id: p.Evaluated, by: "孟桂兰 韩立新 周敏"}, {route: "/orders/{id}", id: p.Accepted, by: "孟桂兰 韩立新 周敏"},
		{route: "/orders/{id}", id: p.Asked, by: "韩立新 周敏"}, {route: "/orders/{id}", id: p.Open, by: "林小雨 周敏"}, {route: "/orders/{id}", id: p.Cancelled, by: "孟桂兰"},
		{route: "/orders/{id}", id: p.Requested, by: "陈小梅 周敏"}, {route: "/orders/{id}", id: p.Serving, by: "陈小梅 林小雨"},
		{route: "/orders/{id}", id: p.Finished, by: "陈小梅 林小雨 周敏"}, {route: "/orders/{id}/presence", id: p.Serving, by: "林小雨"},
		{route: "/orders/{id}/cancel", id: p.Accepted, by: "孟桂兰"}, {route: "/orders/{id}/code", id: p.Accepted, by: "孟桂兰"},
		{route: "/orders/{id}/presence", id: p.Accepted, by: "韩立新"}, {route: "/orders/{id}/return", id: p.Accepted, by: "周敏"},
		{route: "/orders/{id}/calls/{call}", id: p.Called, part: p.Call, by: "周敏"}, {route: "/orders/{id}/withdraw", id: p.Accepted, by: "韩立新"},
	}
}

// noPages are routes that answer a browser with something else than a whole page:
// files, streams, a part of a page, a way to another page.
func noPages() []string {
	return []string{
		"/board/events", "/orders/{id}/events", "/orders/{id}/photos/{photo}", "/imports/{id}/progress", "/imports/{id}/remarks",
		"/certificates/{id}/pdf", "/certificates/{id}/credential", "/certificate-batches/{id}/progress", "/me/record/export", "/entries/{id}/photos/{photo}", "/places/{id}/draw", "/merchants/{id}/statement", "/volunteers/export/file", "/volunteers/imports/template", "/demo/sign-in", "/check-in",
	}
}

// modes are the ways in which every page is looked at. Four widths, two colours,
// two sizes and two languages would be 32; these eight hold every pair of choices
// (an orthogonal array of strength two), so that what goes wrong where two of them
// meet is seen.
func modes() map[string]browser.View {
	all := map[string]browser.View{}
	widths := []browser.View{browser.Phone(), browser.Desk(), {Width: 320, Height: 640}, {Width: 1920, Height: 1080}}
	for i, v := range widths {
		for other := range 2 {
			pick := func(bit int, choices ...string) string { return choices[(other^bit)&1] }
			theme, size, lang := pick(0, "light", "dark"), pick(i, "standard", "large"), pick(i>>1, "zh", "en")
			v.Cookies = map[string]string{"theme": theme, "size": size, "lang": lang}
			all[fmt.Sprintf("%d-%s-%s-%s", v.Width, theme, size, lang)] = v
		}
	}
	return all
}

// TestModesMeet holds the eight ways against what is said of them.
func TestModesMeet(t *testing.T) {
	seen := map[string]bool{}
	for name := range modes() {
		parts := strings.Split(name, "-")
		for i, a := range parts {
			for _, b := range parts[i+1:] {
				seen[a+" "+b] = true
			}
		}
	}
	if len(modes()) != 8 || len(seen) != 3*4*2+3*2*2 {
		t.Errorf("%d ways with %d pairs: %v", len(modes()), len(seen), slices.Sorted(maps.Keys(seen)))
	}
}

// TestEveryPage opens every page of the table of routes in every mode: nothing is wider
// than the window, no script complains, nothing is asked of another host, and in the
// modes of the phone and the desktop, where both colours meet both sizes, axe finds
// nothing. Whoever else reads a page sees it in the modes of the phone. A new route must
// be listed in showings or in noPages.
func TestEveryPage(t *testing.T) {
	chromium := browser.Start(t)
	p := remember(t)
	p.listed()
	everybody, first := byReader(p.showings()), byReader(firstReaders(p.showings()))
	for name, view := range modes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			readers := first
			if view.Width == browser.Phone().Width {
				readers = everybody
			}
			for reader, paths := range readers {
				t.Run(reader, func(t *testing.T) { p.look(t, chromium, view, reader, paths) })
			}
		})
	}
}

// listed compares the showings with the table of routes.
func (p *past) listed() {
	p.t.Helper()
	want, got := map[string]bool{"/api/docs": true}, map[string]bool{}
	for _, rt := range p.App.Site.Routes() {
		if rt.Method == http.MethodGet && rt.Page != "" {
			want[rt.Page] = true
		}
	}
	for _, s := range p.showings() {
		got[s.route] = true
	}
	for _, route := range noPages() {
		got[route] = true
	}
	for route := range want {
		if !got[route] {
			p.t.Errorf("the page %s is shown to nobody: add it to showings", route)
		}
	}
	for route := range got {
		if !want[route] {
			p.t.Errorf("there is no page %s any more", route)
		}
	}
}

// firstReaders leaves of each showing only the first who reads it.
func firstReaders(all []showing) []showing {
	for i := range all {
		all[i].by, _, _ = strings.Cut(all[i].by, " ")
	}
	return all
}

// byReader collects the paths by who opens them.
func byReader(all []showing) map[string][]string {
	out := map[string][]string{}
	for _, s := range all {
		for _, name := range strings.Split(s.by, " ") {
			out[name] = append(out[name], s.path())
		}
	}
	return out
}

// look opens pages one after the other in one way of looking.
func (p *past) look(t *testing.T, chromium *browser.Browser, view browser.View, reader string, paths []string) {
	view.Cookies = maps.Clone(view.Cookies)
	if reader != "" {
		view.Cookies[town.Cookie] = p.Token(auth.Web, reader)
	}
	page := chromium.Open(t, p.url+paths[0], view)
	for i, path := range paths {
		if i > 0 {
			page.Goto(p.url + path)
		}
		if page.Status() != http.StatusOK || page.URL() != p.url+path && !strings.Contains(path, "?") {
			t.Errorf("%s answers %d at %s", path, page.Status(), page.URL())
			continue
		}
		if view.Width == browser.Phone().Width || view.Width == browser.Desk().Width {
			page.Check()
		}
		page.FitsWidth()
	}
}
