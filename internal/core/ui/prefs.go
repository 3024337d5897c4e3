package ui

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"linli/internal/kit/i18n"
)

// Prefs is how one reader reads.
type Prefs struct {
	Lang  i18n.Lang
	Size  string // "large" is 长辈版, "" standard
	Theme string // "light", "dark", or "" for what the device says

	// SizeChosen says that the reader has chosen a size, be it the standard
	// one. Without it a person over 70 may be given the large one.
	SizeChosen bool

	// Self is the path and query of the page, for links that come back to it.
	Self string
}

type prefsKey struct{}

// WithPrefs puts the preferences where the components find them.
func WithPrefs(ctx context.Context, p Prefs) context.Context {
	return context.WithValue(ctx, prefsKey{}, p)
}

// PrefsOf is how the reader reads; Chinese, standard size, when nobody said.
func PrefsOf(ctx context.Context) Prefs {
	if p, ok := ctx.Value(prefsKey{}).(Prefs); ok {
		return p
	}
	return Prefs{Lang: i18n.Zh, Self: "/"}
}

// choice is one preference that a plain link can set: the query parameter and
// the cookie have the same name.
type choice struct {
	name   string
	values []string
}

// choices are all of them. "standard" and "auto" are kept as chosen.
func choices() []choice {
	return []choice{
		{"lang", []string{string(i18n.Zh), string(i18n.En)}},
		{"size", []string{"large", "standard"}},
		{"theme", []string{"light", "dark", "auto"}},
	}
}

// pick is the value when it is one that is offered.
func (c choice) pick(value string) (string, bool) {
	for _, v := range c.values {
		if v == value {
			return v, true
		}
	}
	return "", false
}

// Preferences reads the reader's cookies into the context. A GET with
// ?lang=zh|en, ?size=large|standard or ?theme=light|dark|auto keeps the choice
// in a cookie and comes back to the same page without it, so that plain links
// do what switches would.
func Preferences(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if choose(w, r) {
			return
		}
		p := readPrefs(r)
		next.ServeHTTP(w, r.WithContext(WithPrefs(r.Context(), p)))
	})
}

// choose stores what the query chooses and sends the reader back.
func choose(w http.ResponseWriter, r *http.Request) bool {
	if r.Method != http.MethodGet || r.URL.RawQuery == "" {
		return false
	}
	query, chosen := r.URL.Query(), false
	for _, c := range choices() {
		if value, ok := c.pick(query.Get(c.name)); ok {
			remember(w, c.name, value)
			query.Del(c.name)
			chosen = true
		}
	}
	if chosen {
		http.Redirect(w, r, local(r.URL.EscapedPath(), query), http.StatusSeeOther)
	}
	return chosen
}

// local makes a target that cannot lead to another host.
func local(path string, query url.Values) string {
	target := "/" + strings.TrimLeft(path, "/\\")
	if encoded := query.Encode(); encoded != "" {
		target += "?" + encoded
	}
	return target
}

// remember keeps a choice for a year. It is no secret: scripts may read it.
func remember(w http.ResponseWriter, name, value string) { http.SetCookie(w, kept(name, value)) }

func kept(name, value string) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: 365 * 24 * 3600, SameSite: http.SameSiteLaxMode,
	}
}

// SizeCookie keeps a size for the reader, "large" or "standard": the sign-in
// gives it to a person over 70 who has not chosen one.
func SizeCookie(size string) *http.Cookie { return kept("size", size) }

func readPrefs(r *http.Request) Prefs {
	chosen := map[string]string{}
	for _, c := range choices() {
		if cookie, err := r.Cookie(c.name); err == nil {
			chosen[c.name], _ = c.pick(cookie.Value)
		}
	}
	p := Prefs{
		Lang:       i18n.Match(chosen["lang"], r.Header.Get("Accept-Language")),
		SizeChosen: chosen["size"] != "",
		Self:       self(r),
	}
	if chosen["size"] == "large" {
		p.Size = "large"
	}
	if chosen["theme"] != "auto" {
		p.Theme = chosen["theme"]
	}
	return p
}

// self is the page to come back to. A form that is shown again with its
// mistakes stands at the path it was posted to, where there may be nothing to
// get: then it is the page that posted it.
func self(r *http.Request) string {
	from := r.URL
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		referer, err := url.Parse(r.Referer())
		if err != nil || referer.Host != r.Host {
			return "/"
		}
		from = referer
	}
	return local(from.EscapedPath(), from.Query())
}

// switchTo is a link that sets one preference and comes back.
func switchTo(ctx context.Context, name, value string) string {
	u, err := url.Parse(PrefsOf(ctx).Self)
	if err != nil {
		return "/"
	}
	query := u.Query()
	query.Set(name, value)
	return local(u.EscapedPath(), query)
}
