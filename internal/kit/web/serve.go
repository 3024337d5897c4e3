package web

import (
	"context"
	"net/http"
	"strings"
)

// route is the way of every request through its route: who, may they, what was
// sent, the call, the answer.
func (s *Site) route(rt *Route, api bool) http.Handler {
	attempts := newLimiter(rt.Limit, s.c.Clock)
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		r := requestOf(w, hr)
		r.Route, r.api = rt, api
		if err := s.admit(r, attempts); err != nil {
			r.fail(err)
			return
		}
		if err := s.answer(r); err != nil {
			r.fail(err)
		}
	})
}

// admit finds out who asks and whether they may, before anything is read.
func (s *Site) admit(r *Request, attempts *limiter) error {
	if err := s.checkClient(attempts, r.Request); err != nil {
		return err
	}
	caller, err := s.c.Gate.Authenticate(r.Request)
	if err != nil {
		return err
	}
	r.Caller = caller
	switch {
	case caller == nil && !r.Route.Public:
		return errSignIn()
	case caller == nil:
		return nil
	}
	if err := s.checkCaller(r); err != nil {
		return err
	}
	if r.Route.Public || r.Route.Permission == SignedIn {
		return nil
	}
	return s.c.Gate.Authorize(r, r.Route.Permission)
}

func (s *Site) checkCaller(r *Request) error {
	if r.ClientIP().IsLoopback() && !s.c.LimitSelf {
		return nil
	}
	return s.callers.check(r.Caller.Key)
}

func (s *Site) answer(r *Request) error {
	if r.Route.hasBody() {
		if err := r.readBody(r.w); err != nil {
			return err
		}
	}
	most := r.Route.Timeout
	if most == 0 {
		most = callTime
	}
	open := r.Context()
	ctx, cancel := context.WithTimeout(open, most)
	defer cancel()
	r.Request = r.WithContext(ctx)
	defer func() { r.Request = r.WithContext(open) }() // an error is answered after the call's time
	if r.api {
		return s.answerJSON(r)
	}
	r.takeNote()
	a, err := r.Route.Handle.answerPage(r)
	if err != nil {
		return err
	}
	if _, ok := a.(events); ok {
		r.Request = r.WithContext(open)
	}
	return a.send(r)
}

func (s *Site) answerJSON(r *Request) error {
	a, err := s.reply(r)
	if err != nil {
		return err
	}
	return r.sendJSON(a)
}

// reply makes the call, or finds the answer to the same call made before.
func (s *Site) reply(r *Request) (reply, error) {
	key := r.Header.Get("Idempotency-Key")
	if s.c.Once == nil || key == "" || r.Method != http.MethodPost {
		return call(r)
	}
	return s.c.Once.answer(r, key, call)
}

func call(r *Request) (reply, error) {
	v, err := r.Route.Handle.answerJSON(r)
	if err != nil {
		return reply{}, err
	}
	body, err := marshal(v)
	return reply{status: r.Route.status(), body: body}, err
}

// allowed are the methods that some route has for this address.
func (s *Site) allowed(r *http.Request) string {
	var methods []string
	for _, m := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		probe := &http.Request{Method: m, Host: r.Host, URL: r.URL}
		if _, pattern := s.mux.Handler(probe); pattern != "" && pattern != "/" {
			methods = append(methods, m)
		}
	}
	return strings.Join(methods, ", ")
}

func (s *Site) healthz(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) }

// readyz says no while the server drains or what it stands on is not there.
func (s *Site) readyz(w http.ResponseWriter, r *http.Request) {
	if s.draining.Err() != nil {
		http.Error(w, "draining", http.StatusServiceUnavailable)
		return
	}
	if err := s.c.Ready(r.Context()); err != nil {
		s.c.Log.Warn("not ready", "error", err)
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	_, _ = w.Write([]byte("ready\n"))
}

func (s *Site) serveMetrics(w http.ResponseWriter, r *http.Request) {
	if !networks(s.c.Observers).holds(networks(s.c.Proxies).client(r)) {
		requestOf(w, r).fail(notFound())
		return
	}
	s.c.Metrics.ServeHTTP(w, r)
}
