package web

import (
	"context"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// Caller is who sends a request, as the Gate found out.
type Caller struct {
	Key      string // stable, the account's id: limits and Idempotency-Key are kept under it
	District int    // storage key under which this caller's rows live (storage.md, rule 1)
	Identity any    // whatever the gate knows; its package reads it back
}

// Request is one request on its way through a route.
type Request struct {
	*http.Request
	ID     string  // shown to the reader and logged, so that the two can be brought together
	Route  *Route  // nil while no route has been found
	Caller *Caller // nil when nobody is signed in

	site  *Site
	w     http.ResponseWriter
	api   bool       // answered as JSON
	body  []byte     // read whole, within the route's bound
	typed url.Values // of a form
	note  string     // left by the page before
}

// T is a message in the reader's language.
func (r *Request) T(msg string, args ...any) string {
	return r.site.c.Translate(r.Context(), msg, args...)
}

// API says whether the answer is JSON.
func (r *Request) API() bool { return r.api }

// Typed is what stood in a field of a form, whether or not it could be read.
func (r *Request) Typed(field string) string { return r.typed.Get(field) }

// TypedAll is every value of a field that may be given several times.
func (r *Request) TypedAll(field string) []string { return r.typed[field] }

// TypedForm is the whole form as it was typed, for showing it again.
func (r *Request) TypedForm() url.Values { return r.typed }

// Partial says whether htmx asks for a fragment to put into the page.
func (r *Request) Partial() bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-Boosted") != "true"
}

// Secure says whether the reader's browser came over TLS, here or at a trusted
// proxy; cookies are marked Secure by it.
func (r *Request) Secure() bool {
	if r.TLS != nil {
		return true
	}
	return networks(r.site.c.Proxies).trusts(r.Request) && r.Header.Get("X-Forwarded-Proto") == "https"
}

// backField names in a form the page to return to after it was sent.
const backField = "_back"

// Return is the page that a form asks to return to, when it is one of this site; else
// the usual one.
func (r *Request) Return(usual string) string {
	if back := r.typed.Get(backField); back != "" && Local(back) == back {
		return back
	}
	return usual
}

// ClientIP is the reader's address; proxies are believed only when configured.
func (r *Request) ClientIP() netip.Addr { return networks(r.site.c.Proxies).client(r.Request) }

// SetCookie adds a cookie to the answer, always HttpOnly and SameSite=Lax, and
// Secure when the connection is.
func (r *Request) SetCookie(c *http.Cookie) {
	c.HttpOnly = true
	c.SameSite = http.SameSiteLaxMode
	c.Secure = r.Secure()
	if c.Path == "" {
		c.Path = "/"
	}
	http.SetCookie(r.w, c)
}

// Note is the sentence that the page before left behind (See with a note).
func (r *Request) Note() string { return r.note }

// Back is where a reader who signs in now should go: a path on this site.
func (r *Request) Back() string {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return r.URL.RequestURI()
	}
	if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host {
		return Local(from.RequestURI())
	}
	return "/"
}

// Local gives path when it leads nowhere but to this site, and "/" otherwise:
// what came with a request must not send a reader elsewhere.
func Local(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") ||
		strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}

func (r *Request) withContext(ctx context.Context) *Request {
	with := *r
	with.Request = r.Request.WithContext(ctx)
	return &with
}
