package e2e

import (
	"cmp"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"linli/e2e/browser"
	"linli/e2e/town"
	"linli/internal/core/auth"
)

// firstLoad is how many bytes the resident's home may bring over the network, with
// all that it needs, to somebody who has never been here.
const firstLoad = 60_000

func TestFirstLoadOfHome(t *testing.T) {
	chromium := browser.Start(t)
	p := remember(t)
	view := browser.Phone()
	view.Cookies = map[string]string{town.Cookie: p.Token(auth.Web, "孟桂兰")}
	page := chromium.Open(t, p.url+"/home", view)
	t.Logf("%d bytes in %d requests", page.Bytes(), len(page.Requests()))
	if page.Bytes() > firstLoad {
		t.Errorf("%d bytes, at most %d: %v", page.Bytes(), firstLoad, page.Requests())
	}
}

// plain is what a page without script offers.
type plain struct {
	Wrong []string   // what does nothing when it is pressed
	Links []string   // paths with their queries
	Forms []sentForm // those that post
}

// sentForm is a form as it would be sent at once.
type sentForm struct {
	Action, Kind string
	Fields       [][2]string
	by           string
}

const plainScript = `(() => {
	const out = {Wrong: [], Links: [], Forms: []}, seen = e => e.checkVisibility(), wrong = e => out.Wrong.push(e.outerHTML.slice(0, 300))
	for (const f of document.forms) {
		if (seen(f) && ![...f.elements].some(e => e.type === 'submit' && seen(e))) wrong(f)
		if (f.method !== 'post') continue
		out.Forms.push({Action: f.getAttribute('action'), Kind: f.enctype, Fields: [...new FormData(f)].filter(([, v]) => typeof v === 'string')})
	}
	for (const b of document.querySelectorAll('button[formaction]')) out.Forms.push({Action: b.getAttribute('formaction'), Kind: b.formEnctype, Fields: [...new FormData(b.form)]})
	for (const b of document.querySelectorAll('button')) if (seen(b) && (b.type === 'button' || !b.form)) wrong(b)
	for (const a of document.querySelectorAll('a')) {
		const to = a.getAttribute('href') || '#'
		if (to.startsWith('#') ? !document.getElementById(to.slice(1)) : false) wrong(a)
		else if (a.protocol.startsWith('http')) out.Links.push(a.origin === location.origin ? a.pathname + a.search : a.href)
	}
	return out
})()`

// TestEveryPageWithoutScript opens every page with script off: whatever can be
// pressed does something, every link leads to an answer for who reads it, and every
// form is understood by the server as it stands. Each route that takes a form has
// a page with that form.
func TestEveryPageWithoutScript(t *testing.T) {
	chromium := browser.Start(t)
	p := remember(t)
	var forms []sentForm
	all := byReader(p.showings())
	for _, reader := range slices.Sorted(maps.Keys(all)) {
		t.Run(reader, func(t *testing.T) { forms = append(forms, p.plain(t, chromium, reader, all[reader])...) })
	}
	p.sendAll(forms)
}

// plain opens the pages of one reader.
func (p *past) plain(t *testing.T, chromium *browser.Browser, reader string, paths []string) (forms []sentForm) {
	view := browser.Phone()
	view.NoScript, view.Cookies = true, map[string]string{}
	if reader != "" {
		view.Cookies[town.Cookie] = p.Token(auth.Web, reader)
	}
	page, links := chromium.Open(t, p.url+paths[0], view), map[string]string{}
	for _, path := range paths {
		page.Goto(p.url + path)
		found := browser.Eval[plain](page, plainScript)
		for _, wrong := range found.Wrong {
			t.Errorf("%s: does nothing without script: %s", path, wrong)
		}
		for _, to := range found.Links {
			links[to] = path
		}
		for _, f := range found.Forms {
			f.by = reader
			forms = append(forms, f)
		}
	}
	for to, path := range links {
		if status, text := p.asks(http.MethodGet, to, "", nil, reader); status >= 400 {
			t.Errorf("%s: the link to %s answers %d: %.200s", path, to, status, text)
		}
	}
	return forms
}

// sendAll sends every form once, those that end a session last. What was possible
// when the page was shown may be too late by then, or wrong as it stands; it is never
// misunderstood.
func (p *past) sendAll(forms []sentForm) {
	p.t.Helper()
	slices.SortStableFunc(forms, func(a, b sentForm) int { return cmp.Compare(a.ends(), b.ends()) })
	taken, sent := p.postRoutes(), map[string]bool{}
	for _, f := range forms {
		if !sent[f.Action] {
			sent[f.Action] = true
			p.sendOne(f)
		}
		r, _ := http.NewRequest(http.MethodPost, f.Action, nil)
		_, pattern := taken.Handler(r)
		sent[pattern] = true
	}
	for _, rt := range p.App.Site.Routes() {
		if rt.Method != http.MethodGet && rt.Page != "" && !sent[rt.Method+" "+rt.Page] && !slices.Contains(secondSteps(), rt.Page) {
			p.t.Errorf("no page that is shown has a form for %s %s", rt.Method, rt.Page)
		}
	}
}

// secondSteps are forms of pages that are shown only when the form before them was
// sent: a code went to the phone.
func secondSteps() []string {
	return []string{"/sign-in/code", "/register", "/forgot-password", "/account/phone", "/account/proxies"}
}

// ends orders forms by how much they put an end to: a step, a thing, a session.
func (f sentForm) ends() int {
	switch last := f.Action[strings.LastIndexByte(f.Action, '/'):]; {
	case f.Action == "/sign-out" || strings.HasPrefix(f.Action, "/account/"):
		return 2
	case slices.Contains([]string{"/closure", "/end", "/removal", "/cancellation", "/departure", "/pause", "/refusal", "/disable"}, last):
		return 1
	}
	return 0
}

func (p *past) sendOne(f sentForm) {
	p.t.Helper()
	values := url.Values{}
	for _, field := range f.Fields {
		values.Add(field[0], field[1])
	}
	body, kind := encoded(f.Kind, values)
	status, text := p.asks(http.MethodPost, f.Action, kind, body, f.by)
	if !slices.Contains([]int{http.StatusOK, http.StatusSeeOther, http.StatusConflict, http.StatusUnprocessableEntity}, status) {
		p.t.Errorf("%s of %s with %v answers %d: %.300s", f.Action, f.by, values, status, text)
	}
}

// postRoutes knows which route a form is for.
func (p *past) postRoutes() *http.ServeMux {
	mux := http.NewServeMux()
	for _, rt := range p.App.Site.Routes() {
		if rt.Method == http.MethodPost && rt.Page != "" {
			mux.Handle(rt.Method+" "+rt.Page, http.NotFoundHandler())
		}
	}
	return mux
}

// asks gives the status of an answer and its words.
func (p *past) asks(method, to, kind string, body io.Reader, name string) (int, string) {
	p.t.Helper()
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.url+to, body)
	if err != nil {
		p.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	answer := p.answer(r, name)
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body) // what cannot be read is not shown
	return answer.StatusCode, string(text)
}
