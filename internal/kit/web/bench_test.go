package web_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"

	"linli/internal/kit/web"
)

func quiet(b testing.TB, routes ...web.Route) *web.Site {
	s, err := web.New(web.Config{
		Routes: routes, Gate: gate{},
		ErrorPage: func(_ *web.Request, p *web.Problem) web.Component { return text(p.Detail) },
		Translate: func(_ context.Context, msg string, _ ...any) string { return msg },
		Log:       slog.New(slog.DiscardHandler),
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func benchmark(b *testing.B, s *web.Site, method, path, body string, headers ...string) {
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer mei")
		for _, h := range headers {
			name, value, _ := strings.Cut(h, ": ")
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		if s.ServeHTTP(w, r); w.Code >= 400 {
			b.Fatalf("%d %s", w.Code, w.Body)
		}
	}
}

func BenchmarkJSONPost(b *testing.B) {
	benchmark(b, quiet(b, greetingRoute()), "POST", "/api/v1"+person, `{"name": "梅", "age": 70}`, "Content-Type: application/json")
}

func BenchmarkFormPost(b *testing.B) {
	benchmark(b, quiet(b, greetingRoute()), "POST", person, "name=梅&age=70", onForm)
}

func BenchmarkPage(b *testing.B) {
	benchmark(b, quiet(b, get("look", nil)), "GET", "/look", "")
}

func BenchmarkOpenAPI(b *testing.B) {
	benchmark(b, quiet(b, documented()...), "GET", "/api/openapi.json", "")
}
