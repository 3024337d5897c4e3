package auth

import (
	"errors"
	"net/http"
	"strings"

	"linli/internal/core/access"
	"linli/internal/kit/web"
)

// cookieName holds the token of a browser. The server alone says when it ends, so
// the cookie lasts longer than any session.
const (
	cookieName = "session"
	cookieLife = 400 * 24 * 60 * 60 // seconds; browsers allow no more
)

// Gate tells a site who sends a request: by the bearer token of a program, or by
// the cookie of a browser, and neither in place of the other.
func (s *Service) Gate() web.Gate { return gate{s} }

type gate struct{ accounts *Service }

func (g gate) Authenticate(r *http.Request) (*web.Caller, error) {
	token, kind := tokenOf(r)
	if token == "" {
		return nil, nil
	}
	who, session, err := g.accounts.Authenticate(r.Context(), token)
	switch {
	case errors.Is(err, ErrSignedOut) || err == nil && session.Kind != kind:
		return nil, nil
	case err != nil:
		return nil, err
	}
	return &web.Caller{Key: who.Person, District: who.District, Identity: who}, nil
}

func (gate) Authorize(r *web.Request, permission string) error {
	p := access.Permission(permission)
	if access.MayAnywhere(access.Of(r), p) {
		return nil
	}
	return access.Check(access.Of(r), p, access.Target{})
}

// tokenOf is the token that a request carries, and what should be holding it.
func tokenOf(r *http.Request) (string, Kind) {
	scheme, token, found := strings.Cut(r.Header.Get("Authorization"), " ")
	if found && strings.EqualFold(scheme, "Bearer") {
		return strings.TrimSpace(token), API
	}
	if cookie, err := r.Cookie(cookieName); err == nil {
		return cookie.Value, Web
	}
	return "", ""
}

// client says where somebody signs in.
func client(r *web.Request) Client {
	kind := Web
	if r.API() {
		kind = API
	}
	return Client{Kind: kind, Device: r.UserAgent()}
}

// owner is who sends a request, with the session that it came by.
func owner(r *web.Request) Owner {
	token, _ := tokenOf(r.Request)
	_, hash, _ := parseToken(token)
	return Owner{Who: access.Of(r), Session: hash}
}
