package sitetest

import (
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"testing"

	"linli/internal/core/access"
	"linli/internal/core/ui"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// People are those who may come, by the name that scripts use.
type People map[string]access.Who

// Cookie says who sends a request: the name of one of the People, escaped.
const Cookie = "who"

// New is a site with the given routes and the static files of pages.
func New(t testing.TB, routes []web.Route, people People) http.Handler {
	t.Helper()
	site, err := web.New(web.Config{
		Routes:    routes,
		Gate:      gate{people},
		Title:     "邻里",
		ErrorPage: errorPage,
		Translate: ui.T,
		Files:     map[string]http.Handler{"GET /static/": ui.Static()},
		Log:       slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return ui.Preferences(site)
}

// Sign makes a request one of this person; it is the Sign of webtest.Runner.
func Sign(r *http.Request, who string) error {
	r.AddCookie(&http.Cookie{Name: Cookie, Value: url.QueryEscape(who)})
	return nil
}

func errorPage(_ *web.Request, p *web.Problem) web.Component {
	return ui.ErrorPage(&fault.Error{Kind: fault.Kind(p.Kind), Msg: "%s", Args: []any{p.Detail}}, p.RequestID)
}

type gate struct{ people People }

func (g gate) Authenticate(r *http.Request) (*web.Caller, error) {
	cookie, err := r.Cookie(Cookie)
	if errors.Is(err, http.ErrNoCookie) {
		return nil, nil
	}
	name, err := url.QueryUnescape(cookie.Value)
	if err != nil {
		return nil, err
	}
	who, known := g.people[name]
	if !known {
		return nil, nil
	}
	return &web.Caller{Key: name, District: who.District, Identity: who}, nil
}

func (g gate) Authorize(r *web.Request, permission string) error {
	if access.MayAnywhere(access.Of(r), access.Permission(permission)) {
		return nil
	}
	return access.Check(access.Of(r), access.Permission(permission), access.Target{})
}
