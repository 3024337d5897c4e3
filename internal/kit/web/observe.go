package web

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"linli/internal/kit/fault"
)

// observe gives each request its id and language, catches panics, and counts and
// logs what came of it: the route, never the address, the query or the person.
func (s *Site) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, hr *http.Request) {
		begun := s.c.Clock.Now()
		out := &outcome{ResponseWriter: w}
		r := &Request{ID: newRequestID(), site: s, w: out, api: strings.HasPrefix(hr.URL.Path, "/api/")}
		ctx := context.WithValue(s.c.Localize(hr.Context(), hr), requestKey{}, r)
		r.Request = hr.WithContext(ctx)
		w.Header().Set("X-Request-Id", r.ID)
		defer s.done(r, out, begun)
		defer caught(r, out)
		next.ServeHTTP(out, r.Request)
	})
}

type requestKey struct{}

// requestOf is the request as observe has begun it, on its present writer.
func requestOf(w http.ResponseWriter, hr *http.Request) *Request {
	r := hr.Context().Value(requestKey{}).(*Request)
	r.Request, r.w = hr, w
	return r
}

// newRequestID is short enough to be read out over the phone: 40 random bits, by
// Crockford's alphabet without I, L, O and U.
func newRequestID() string {
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	for i := range b {
		b[i] = alphabet[b[i]&31]
	}
	return string(b[:4]) + "-" + string(b[4:])
}

// caught turns a panic into an internal error, or cuts the answer off when it
// has begun.
func caught(r *Request, out *outcome) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler {
		panic(p)
	}
	err := fault.Internal(fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
	if out.status != 0 {
		r.logFailure(err)
		panic(http.ErrAbortHandler)
	}
	r.w = out
	r.fail(err)
}

func (s *Site) done(r *Request, out *outcome, begun time.Time) {
	took := s.c.Clock.Now().Sub(begun)
	name := r.name()
	if name == "" {
		name = "other"
	}
	s.requests.Inc(name, method(r.Method), strconv.Itoa(out.code()))
	s.seconds.Observe(took, name, method(r.Method))
	s.c.Log.LogAttrs(r.Context(), level(name, out.code()), "request",
		slog.String("request", r.ID), slog.String("method", method(r.Method)), slog.String("route", name),
		slog.Int("status", out.code()), slog.Int64("bytes", out.bytes), slog.Float64("ms", float64(took.Microseconds())/1000))
}

// level keeps files and health checks out of the log while all is well.
func level(route string, status int) slog.Level {
	switch {
	case status >= http.StatusInternalServerError:
		return slog.LevelWarn
	case route == "other" && status < http.StatusBadRequest:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}

// method keeps invented methods out of the metrics.
func method(m string) string {
	switch m {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return m
	}
	return "other"
}

// outcome notes what was answered.
type outcome struct {
	http.ResponseWriter
	status int // 0 while nothing has been answered
	bytes  int64
}

func (o *outcome) WriteHeader(status int) {
	if o.status == 0 {
		o.status = status
	}
	o.ResponseWriter.WriteHeader(status)
}

func (o *outcome) Write(b []byte) (int, error) {
	if o.status == 0 {
		o.status = http.StatusOK
	}
	n, err := o.ResponseWriter.Write(b)
	o.bytes += int64(n)
	return n, err
}

// Flush is here because the compressor looks for it on the writer itself.
func (o *outcome) Flush() { _ = http.NewResponseController(o.ResponseWriter).Flush() }

// Unwrap leads http.ResponseController to the connection.
func (o *outcome) Unwrap() http.ResponseWriter { return o.ResponseWriter }

func (o *outcome) code() int {
	if o.status == 0 {
		return http.StatusOK
	}
	return o.status
}
