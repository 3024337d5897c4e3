package certificate

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"linli/e2e/browser"
	"linli/internal/core/rule"
	"linli/internal/core/sitetest"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/webtest"
)

// site is the town on the web.
func site(t *testing.T) (http.Handler, *town) {
	t.Helper()
	c := clock.NewManual(started)
	w := settle(t, dbtest.New(t, db.SQLite, dbtest.Clock(c), dbtest.With(invariants)), c)
	return sitetest.New(t, NewHandlers(w.s).Routes(), sitetest.People{
		"孙淑琴": w.sun, "李建国": w.li, "何玉兰": w.he, "周敏": w.worker, "吴远": w.foreign,
	}), w
}

func TestRoutes(t *testing.T) {
	site, _ := site(t)
	webtest.Runner{Handler: site, Sign: sitetest.Sign}.Files(t, "testdata/*.txt")
}

// TestPublishedFiles: the issuer's document and the status lists are for everybody,
// and there is nothing else beside them.
func TestPublishedFiles(t *testing.T) {
	_, w := site(t)
	mux := http.NewServeMux()
	for pattern, h := range NewHandlers(w.s).Files() {
		mux.Handle(pattern, h)
	}
	ask := func(path string) *httptest.ResponseRecorder {
		answer := httptest.NewRecorder()
		mux.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
		return answer
	}
	if a := ask("/.well-known/did.json"); a.Code != http.StatusNotFound {
		t.Errorf("before the first key: %d", a.Code)
	}
	w.ask(w.sun)
	for path, kind := range map[string]string{"/.well-known/did.json": "application/did+json", "/credentials/status/130104-1": "application/vc"} {
		a := ask(path)
		if a.Code != http.StatusOK || a.Header().Get("Content-Type") != kind || !json.Valid(a.Body.Bytes()) {
			t.Errorf("%s: %d %v", path, a.Code, a.Header())
		}
	}
	for _, path := range []string{"130104-2", "130104-0", "130104--1", "x", "130104", "130104-x", "999999-9"} {
		if a := ask("/credentials/status/" + path); a.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, a.Code)
		}
	}
}

// TestPagesInBrowser looks at every page: at phone and desktop size, in large type,
// dark and English.
func TestPagesInBrowser(t *testing.T) {
	site, w := site(t)
	ctx := context.Background()
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	paper := w.ask(w.sun)
	b, err := w.s.StartBatch(ctx, w.worker, community, w.thisYear())
	if err != nil {
		t.Fatal(err)
	}
	w.rule(rule.CertificateSelf, 0)
	w.clock.Add(1)
	wanted := w.ask(w.li)
	chromium := browser.Start(t)
	for name, view := range map[string]browser.View{
		"phone":       {Width: 320, Height: 700, Cookies: map[string]string{}},
		"desk.dark":   {Width: 1440, Height: 900, Cookies: map[string]string{"theme": "dark", "lang": "en"}},
		"phone.large": {Width: 390, Height: 844, Cookies: map[string]string{"size": "large"}},
	} {
		for shot, at := range map[string]struct{ who, path string }{
			"own":       {"孙淑琴", "/me/certificates"},
			"none":      {"何玉兰", "/me/certificates"},
			"paper":     {"孙淑琴", "/certificates/" + paper.ID},
			"station":   {"周敏", "/certificates/" + paper.ID},
			"wanted":    {"周敏", "/certificates/" + wanted.ID},
			"register":  {"周敏", "/certificates"},
			"batch":     {"周敏", "/certificate-batches/" + b.ID},
			"announced": {"", "/places/" + community + "/certificates"},
			"check":     {"", "/c/" + paper.Code},
			"typed":     {"", "/check"},
		} {
			view.Cookies[sitetest.Cookie] = url.QueryEscape(at.who)
			p := chromium.Open(t, server.URL+at.path, view)
			p.Check()
			p.FitsWidth()
			p.Screenshot(shot + "." + name)
			if strings.HasPrefix(shot, "check") && strings.Contains(p.Text("main"), "孙") {
				t.Error("the public page names the volunteer")
			}
		}
	}
}
