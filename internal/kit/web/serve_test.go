package web_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"linli/internal/kit/clock"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// get is a page and JSON route whose call fails with err, or answers its text.
func get(name string, err error, change ...func(*web.Route)) web.Route {
	rt := web.Route{
		Name: name, Method: "GET", Page: "/" + name, API: "/api/v1/" + name, Permission: "look",
		Handle: web.Action(func(*web.Request, web.None) (seen, error) { return seen{name}, err }).
			Page(func(_ *web.Request, out seen) web.Answer { return web.HTML(text(out.Saw)) }),
	}
	for _, c := range change {
		c(&rt)
	}
	return rt
}

func public(rt *web.Route) { rt.Public, rt.Permission = true, "" }

func TestErrorsBecomeAnswers(t *testing.T) {
	several := fault.Join(fault.Invalid("a", "甲不对。"), fault.Invalid("b", "乙不对。"))
	for _, c := range []struct {
		err    error
		status int
		kind   string
		retry  bool
	}{
		{several, 422, "invalid", false},
		{fault.Forbidden("不行。"), 403, "forbidden", false},
		{fault.NotFound("没有。"), 404, "not_found", false},
		{fault.Conflict("晚了一步。"), 409, "conflict", false},
		{fault.Busy("等一下。"), 503, "busy", true},
		{fmt.Errorf("wrapped: %w", fault.Conflict("晚了一步。")), 409, "conflict", false},
		{errors.New("SELECT secret"), 500, "internal", false},
		{context.DeadlineExceeded, 503, "busy", true},
	} {
		s := site(t, config(t, get("fails", c.err)))
		w := ask(s, "GET", "/api/v1/fails", "", somebody)
		p := problem(t, w)
		if w.Code != c.status || p.Status != c.status || p.Kind != c.kind || (w.Header().Get("Retry-After") != "") != c.retry {
			t.Errorf("%v: %d %+v %v", c.err, w.Code, p, w.Header())
		}
		if p.RequestID != w.Header().Get("X-Request-Id") || strings.Contains(w.Body.String(), "SELECT") {
			t.Errorf("%v: %+v", c.err, p)
		}
		if errors.Is(c.err, several) && len(p.Errors) != 2 {
			t.Errorf("%+v", p.Errors)
		}
		page := ask(s, "GET", "/fails", "", somebody)
		if page.Code != c.status || !strings.Contains(page.Body.String(), "<h1>"+p.Title) {
			t.Errorf("page of %v: %d %s", c.err, page.Code, page.Body)
		}
	}
}

func TestWhoMay(t *testing.T) {
	s := site(t, config(t, get("look", nil), get("own", nil, func(rt *web.Route) { rt.Permission = web.SignedIn }), get("open", nil, public)))
	for _, c := range []struct {
		who, path string
		status    int
	}{
		{"mei", "look", 200}, {"guest", "look", 403}, {"", "look", 401},
		{"mei", "own", 200}, {"guest", "own", 200}, {"", "own", 401},
		{"mei", "open", 200}, {"guest", "open", 200}, {"", "open", 200},
	} {
		var headers []string
		if c.who != "" {
			headers = []string{"Authorization: Bearer " + c.who}
		}
		if w := ask(s, "GET", "/api/v1/"+c.path, "", headers...); w.Code != c.status {
			t.Errorf("%s asks for %s: %d, want %d", c.who, c.path, w.Code, c.status)
		}
	}
	w := ask(s, "GET", "/look?pick=1", "")
	if w.Code != 303 || w.Header().Get("Location") != "/sign-in?next=%2Flook%3Fpick%3D1" {
		t.Errorf("the page sends to the sign-in: %d %v", w.Code, w.Header())
	}
	if w := ask(s, "GET", "/api/v1/look", ""); w.Header().Get("WWW-Authenticate") != "Bearer" {
		t.Error("401 says how to sign in")
	}
}

func TestNoSuchAddressOrMethod(t *testing.T) {
	s := site(t, config(t, get("look", nil), everythingRoute()))
	for _, c := range []struct {
		method, path, kind, allow string
		status                    int
	}{
		{"GET", "/api/v1/nothing", "application/problem+json", "", 404},
		{"GET", "/nothing", "text/html; charset=utf-8", "", 404},
		{"DELETE", "/api/v1/look", "application/problem+json", "GET, HEAD", 405},
		{"GET", "/all/x", "text/html; charset=utf-8", "POST", 405},
		{"BREW", "/api/v1/all/x", "application/problem+json", "POST", 405},
		{"GET", "/metrics", "text/html; charset=utf-8", "", 404}, // from 192.0.2.1
	} {
		w := ask(s, c.method, c.path, "")
		if w.Code != c.status || w.Header().Get("Content-Type") != c.kind || w.Header().Get("Allow") != c.allow {
			t.Errorf("%s %s: %d %v", c.method, c.path, w.Code, w.Header())
		}
	}
	if w := ask(s, "HEAD", "/look", "", somebody); w.Code != 200 {
		t.Errorf("HEAD: %d", w.Code)
	}
}

func TestHeadersKeepTheBrowserHere(t *testing.T) {
	s := site(t, config(t, get("look", nil, public)))
	for _, path := range []string{"/look", "/nothing", "/api/docs", "/api/v1/look"} {
		h := ask(s, "GET", path, "").Header()
		csp := h.Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'self'") || strings.Contains(csp, "unsafe") || !strings.Contains(csp, "frame-ancestors 'none'") {
			t.Errorf("%s: CSP %q", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" || !strings.Contains(h.Get("Permissions-Policy"), "geolocation=(self)") {
			t.Errorf("%s: %v", path, h)
		}
	}
}

func TestCrossOriginPostsAreRefused(t *testing.T) {
	s := site(t, config(t, everythingRoute()))
	for _, c := range []struct {
		path, header string
		status       int
	}{
		{"/all/x", "Sec-Fetch-Site: cross-site", 403},
		{"/all/x", "Sec-Fetch-Site: same-site", 403},
		{"/all/x", "Origin: https://elsewhere.example", 403},
		{"/api/v1/all/x", "Sec-Fetch-Site: cross-site", 403},
		{"/api/v1/all/x", "Origin: null", 403},
		{"/all/x", "Sec-Fetch-Site: same-origin", 200},
		{"/all/x", "Origin: http://example.com", 200},
		{"/api/v1/all/x", "X-Nothing: said", 200},
	} {
		if w := ask(s, "POST", c.path, "", c.header, somebody); w.Code != c.status {
			t.Errorf("%s with %s: %d, want %d", c.path, c.header, w.Code, c.status)
		}
	}
}

// TestLargeBodyIsAnswered sends as most programs do: everything first, and only
// then do they look for an answer.
func TestLargeBodyIsAnswered(t *testing.T) {
	server := httptest.NewServer(site(t, config(t, everythingRoute())))
	defer server.Close()
	body := `{"words": {"text": "` + strings.Repeat("x", 10<<20) + `"}}`
	for _, who := range []string{"Bearer mei", "nobody"} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "POST /api/v1/all/x HTTP/1.1\r\nHost: x\r\nAuthorization: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", who, len(body))
		if _, err := io.WriteString(conn, body); err != nil {
			t.Fatalf("%q: %v", who, err)
		}
		w, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil || w.StatusCode != 413 && w.StatusCode != 401 {
			t.Errorf("%q: %v %v", who, w, err)
		}
		conn.Close()
	}
}

func TestBodyIsBounded(t *testing.T) {
	s := site(t, config(t, everythingRoute()))
	large := `{"text": "` + strings.Repeat("大", 10<<20/3) + `"}`
	p := problem(t, ask(s, "POST", "/api/v1/all/x", large))
	if p.Status != 413 || p.Kind != "invalid" || len(p.Errors) != 1 || p.Errors[0].Field != "text" {
		t.Errorf("%+v", p)
	}
	if w := ask(s, "POST", "/all/x", "text="+large, onForm); w.Code != 413 {
		t.Errorf("form: %d", w.Code)
	}
	r := unsized("/api/v1/all/x", strings.NewReader(large))
	if w := send(s, r); w.Code != 413 {
		t.Errorf("without a declared length: %d", w.Code)
	}
	r = unsized("/api/v1/all/x", io.MultiReader(strings.NewReader(`{"te`), failing{}))
	if w := send(s, r); w.Code != 400 {
		t.Errorf("half sent: %d", w.Code)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestPanicIsAnInternalError(t *testing.T) {
	var log bytes.Buffer
	c := config(t, web.Route{Name: "panics", Method: "GET", API: "/api/v1/panics", Public: true,
		Handle: web.Action(func(*web.Request, web.None) (seen, error) { panic("at the disco") })})
	c.Log = slog.New(slog.NewTextHandler(&log, nil))
	w := ask(site(t, c), "GET", "/api/v1/panics", "")
	if p := problem(t, w); p.Status != 500 || strings.Contains(w.Body.String(), "disco") {
		t.Errorf("%+v", p)
	}
	if !strings.Contains(log.String(), "disco") || !strings.Contains(log.String(), w.Header().Get("X-Request-Id")) {
		t.Errorf("log: %s", log.String())
	}
}

func TestLogHasNoPersonInIt(t *testing.T) {
	var log bytes.Buffer
	c := config(t, everythingRoute(), get("look", nil))
	c.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := site(t, c)
	ask(s, "POST", "/api/v1/all/13800001111", `{"text": "13800001111"}`, "Authorization: Bearer 13800001111")
	ask(s, "GET", "/look?phone=13800001111", "", "Authorization: Bearer 13800001111", "User-Agent: 13800001111")
	ask(s, "GET", "/13800001111", "", "X-Forwarded-For: 13800001111")
	if strings.Contains(log.String(), "13800001111") || strings.Contains(log.String(), "192.0.2.1") {
		t.Errorf("log: %s", log.String())
	}
	if strings.Count(log.String(), "route=everything") != 1 || !strings.Contains(log.String(), "status=404") {
		t.Errorf("log: %s", log.String())
	}
}

func TestLimits(t *testing.T) {
	now := clock.NewManual(time.Date(2026, 9, 26, 1, 0, 0, 0, time.UTC))
	limited := get("slow", nil, func(rt *web.Route) { rt.Limit = web.Limit{Every: time.Minute, Burst: 2} })
	c := config(t, limited, get("look", nil))
	c.Clock = now
	c.PerClient = web.Limit{Every: time.Second, Burst: 5}
	c.PerCaller = web.Limit{Every: time.Second, Burst: 4}
	c.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	s := site(t, c)
	from := func(ip, path, who string) int {
		return ask(s, "GET", path, "", "X-Forwarded-For: "+ip, "Authorization: Bearer "+who).Code
	}
	for i, want := range []int{200, 200, 429} {
		if got := from("198.51.100.1", "/api/v1/slow", "a"); got != want {
			t.Errorf("route limit, %d: %d", i, got)
		}
	}
	if got := from("198.51.100.2", "/api/v1/slow", "a"); got != 200 {
		t.Errorf("another address: %d", got)
	}
	for i, want := range []int{200, 429} {
		if got := from(fmt.Sprint("203.0.113.", i), "/api/v1/look", "a"); got != want {
			t.Errorf("the account's limit, wherever it comes from, %d: %d", i, got)
		}
	}
	for i := range 6 {
		if got := from(fmt.Sprintf("2001:db8::%d", i), "/api/v1/look", fmt.Sprint("b", i)); (got == 429) != (i == 5) {
			t.Errorf("one IPv6 household, %d: %d", i, got)
		}
	}
	now.Add(time.Minute)
	if got := from("198.51.100.1", "/api/v1/slow", "a"); got != 200 {
		t.Errorf("a minute later: %d", got)
	}
	w := ask(s, "GET", "/api/v1/slow", "", "X-Forwarded-For: 198.51.100.1", somebody)
	w = ask(s, "GET", "/api/v1/slow", "", "X-Forwarded-For: 198.51.100.1", somebody)
	if w.Code != 429 || w.Header().Get("Retry-After") != "60" || problem(t, w).Kind != "busy" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestForwardedAddressNeedsTrust(t *testing.T) {
	var got []string
	c := config(t, web.Route{Name: "ip", Method: "GET", API: "/api/v1/ip", Public: true,
		Handle: web.Action(func(r *web.Request, _ web.None) (seen, error) {
			got = append(got, fmt.Sprint(r.ClientIP(), " ", r.Secure()))
			return seen{}, nil
		})})
	far := []string{"X-Forwarded-For: 1.1.1.1, 198.51.100.7, 10.0.0.2", "X-Forwarded-Proto: https"}
	ask(site(t, c), "GET", "/api/v1/ip", "", far...)
	c.Proxies = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("10.0.0.0/8")}
	c.Metrics = nil
	ask(site(t, c), "GET", "/api/v1/ip", "", far...)
	ask(site(t, c), "GET", "/api/v1/ip", "", "X-Forwarded-For: nonsense")
	if want := "192.0.2.1 false|198.51.100.7 true|192.0.2.1 false"; strings.Join(got, "|") != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestCompression(t *testing.T) {
	big := strings.Repeat("服务单", 2000)
	s := site(t, config(t, get("big", nil, public, func(rt *web.Route) {
		rt.Handle = web.Action(func(*web.Request, web.None) (seen, error) { return seen{big}, nil }).
			Page(func(_ *web.Request, out seen) web.Answer { return web.HTML(text(out.Saw)) })
	})))
	for _, path := range []string{"/big", "/api/v1/big"} {
		w := ask(s, "GET", path, "", "Accept-Encoding: gzip")
		if w.Header().Get("Content-Encoding") != "gzip" || w.Body.Len() > len(big)/10 {
			t.Fatalf("%s: %v, %d bytes", path, w.Header(), w.Body.Len())
		}
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(z); err != nil || !strings.Contains(string(b), big) {
			t.Errorf("%s: %v, %d bytes", path, err, len(b))
		}
	}
}

func TestNoteIsShownOnce(t *testing.T) {
	s := site(t, config(t, greetingRoute(), web.Route{Name: "home", Method: "GET", Page: "/", Public: true,
		Handle: web.Action(func(r *web.Request, _ web.None) (seen, error) { return seen{r.Note()}, nil }).
			Page(func(_ *web.Request, out seen) web.Answer { return web.HTML(text("note:" + out.Saw)) })}))
	w := ask(s, "POST", person, "name=梅", somebody, onForm)
	c := w.Result().Cookies()[0]
	if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie %+v", c)
	}
	w = ask(s, "GET", "/", "", "Cookie: "+c.Name+"="+c.Value)
	if w.Body.String() != "note:您好，梅" || w.Result().Cookies()[0].MaxAge >= 0 {
		t.Errorf("%s %v", w.Body, w.Header())
	}
	if w = ask(s, "GET", "/", "", "Cookie: note=!!!"); w.Body.String() != "note:" {
		t.Errorf("a damaged note is none: %s", w.Body)
	}
	if w = ask(s, "GET", "/elsewhere", ""); w.Code != 404 {
		t.Errorf("the path / is only itself: %d", w.Code)
	}
}

func TestLocal(t *testing.T) {
	for path, want := range map[string]string{
		"/orders/1?x=y": "/orders/1?x=y", "https://evil.example/": "/", "//evil.example": "/",
		"/\\evil.example": "/", "javascript:alert(1)": "/", "": "/", "orders": "/", "/a\r\nSet-Cookie: x": "/",
	} {
		if got := web.Local(path); got != want {
			t.Errorf("Local(%q) = %q, want %q", path, got, want)
		}
	}
}

func TestFiles(t *testing.T) {
	download := func(write func(io.Writer) error) web.Route {
		return web.Route{Name: "list", Method: "GET", Page: "/list.csv", Public: true,
			Handle: web.Action(func(*web.Request, web.None) (web.None, error) { return web.None{}, nil }).
				Page(func(*web.Request, web.None) web.Answer {
					return web.File("志愿者花名册.csv", "text/csv; charset=utf-8", write)
				})}
	}
	s := site(t, config(t, download(func(w io.Writer) error { _, err := io.WriteString(w, "姓名\n"); return err })))
	w := ask(s, "GET", "/list.csv", "")
	if w.Code != 200 || w.Body.String() != "姓名\n" || !strings.Contains(w.Header().Get("Content-Disposition"), "filename*=utf-8''%E5%BF%97") {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	s = site(t, config(t, download(func(io.Writer) error { return errors.New("no") })))
	if w := ask(s, "GET", "/list.csv", ""); w.Code != 500 || w.Header().Get("Content-Disposition") != "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestHealth(t *testing.T) {
	sick := errors.New("sick")
	c := config(t)
	c.Ready = func(context.Context) error { return sick }
	s := site(t, c)
	if w := ask(s, "GET", "/healthz", ""); w.Code != 200 {
		t.Errorf("alive: %d", w.Code)
	}
	if w := ask(s, "GET", "/readyz", ""); w.Code != 503 || strings.Contains(w.Body.String(), "sick") {
		t.Errorf("not ready: %d %s", w.Code, w.Body)
	}
	sick = nil
	if w := ask(s, "GET", "/readyz", ""); w.Code != 200 {
		t.Errorf("ready: %d", w.Code)
	}
	s.Drain()
	if w := ask(s, "GET", "/readyz", ""); w.Code != 503 {
		t.Errorf("draining: %d", w.Code)
	}
}

func TestBadRoutesAreReportedTogether(t *testing.T) {
	c := config(t,
		get("a", nil), get("a", nil),
		get("b", nil, func(rt *web.Route) { rt.Permission = "" }),
		get("c", nil, func(rt *web.Route) { rt.API = "/v1/c" }),
		get("d", nil, func(rt *web.Route) { rt.Page = "" }),
		get("e", nil, func(rt *web.Route) { rt.Page = "/e/{id}" }),
		web.Route{Name: "f"})
	_, err := web.New(c)
	for _, want := range []string{`"a" is declared twice`, `"b": is either`, `"c": API path`, `"d": a page path`, "`path:\"id\"`", `"f": needs`} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v lacks %s", err, want)
		}
	}
	if _, err := web.New(config(t, get("a", nil), get("b", nil, func(rt *web.Route) { rt.Page = "/a" }))); err == nil {
		t.Error("two routes on one address")
	}
}
