package ui

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"linli/internal/kit/i18n"
)

// prefsFor runs the middleware and gives what the page would see.
func prefsFor(r *http.Request) (Prefs, *http.Response) {
	var seen Prefs
	w := httptest.NewRecorder()
	Preferences(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		seen = PrefsOf(r.Context())
	})).ServeHTTP(w, r)
	return seen, w.Result()
}

func TestPreferencesFromCookies(t *testing.T) {
	for _, tt := range []struct {
		cookies, accept string
		want            Prefs
	}{
		{"", "", Prefs{Lang: i18n.Zh}},
		{"", "en", Prefs{Lang: i18n.En}},
		{"lang=zh; size=large; theme=dark", "en", Prefs{Lang: i18n.Zh, Size: "large", Theme: "dark", SizeChosen: true}},
		{"size=standard; theme=auto", "", Prefs{Lang: i18n.Zh, SizeChosen: true}},
		{`size=huge; theme=<b>; lang=xx`, "", Prefs{Lang: i18n.Zh}},
	} {
		r := httptest.NewRequest(http.MethodGet, "/orders?pick=17", nil)
		r.Header.Set("Cookie", tt.cookies)
		r.Header.Set("Accept-Language", tt.accept)
		tt.want.Self = "/orders?pick=17"
		if got, _ := prefsFor(r); got != tt.want {
			t.Errorf("%q %q: %+v, want %+v", tt.cookies, tt.accept, got, tt.want)
		}
	}
}

func TestChoosingComesBack(t *testing.T) {
	for _, tt := range []struct{ target, cookie, location string }{
		{"/orders?size=large&pick=17", "size=large", "/orders?pick=17"},
		{"/?lang=en", "lang=en", "/"},
		{"/a%20b?theme=dark", "theme=dark", "/a%20b"},
		{"//evil.example/?size=standard", "size=standard", "/evil.example/"},
		{`/\evil.example?size=large`, "size=large", "/%5Cevil.example"},
	} {
		_, answer := prefsFor(httptest.NewRequest(http.MethodGet, "http://linli.example"+tt.target, nil))
		if answer.StatusCode != http.StatusSeeOther || answer.Header.Get("Location") != tt.location {
			t.Errorf("%s: %d %q, want %q", tt.target, answer.StatusCode, answer.Header.Get("Location"), tt.location)
		}
		if set := answer.Header.Get("Set-Cookie"); !strings.HasPrefix(set, tt.cookie+";") || !strings.Contains(set, "SameSite=Lax") {
			t.Errorf("%s: Set-Cookie %q", tt.target, set)
		}
	}
}

func TestOtherQueriesPass(t *testing.T) {
	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodGet, "/orders?size=40", nil),
		httptest.NewRequest(http.MethodPost, "/orders?size=large", nil),
	} {
		if _, answer := prefsFor(r); answer.StatusCode != http.StatusOK {
			t.Errorf("%s %s: %d", r.Method, r.URL, answer.StatusCode)
		}
	}
}

func TestSelfAfterPost(t *testing.T) {
	for referer, want := range map[string]string{
		"http://example.com/orders/new?say=x": "/orders/new?say=x",
		"http://elsewhere.example/orders":     "/",
		"":                                    "/",
		"::":                                  "/",
	} {
		r := httptest.NewRequest(http.MethodPost, "/orders", nil)
		r.Header.Set("Referer", referer)
		if got, _ := prefsFor(r); got.Self != want {
			t.Errorf("referer %q: %q, want %q", referer, got.Self, want)
		}
	}
}

func TestSwitchToKeepsTheQuery(t *testing.T) {
	ctx := WithPrefs(t.Context(), Prefs{Self: "/orders?pick=17&size=standard"})
	if got, want := switchTo(ctx, "size", "large"), "/orders?pick=17&size=large"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestSizeCookie(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.AddCookie(SizeCookie("large"))
	if got, _ := prefsFor(r); got.Size != "large" || !got.SizeChosen {
		t.Errorf("%+v", got)
	}
}
