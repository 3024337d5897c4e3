package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// gate lets in whoever says a name: "Authorization: Bearer NAME". "guest" may
// nothing but what needs no permission.
type gate struct{}

func (gate) Authenticate(r *http.Request) (*web.Caller, error) {
	name, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, nil
	}
	return &web.Caller{Key: name, District: 130102, Identity: name}, nil
}

func (gate) Authorize(r *web.Request, permission string) error {
	if r.Caller.Identity == "guest" {
		return fault.Forbidden("这件事由服务站来做。")
	}
	return nil
}

// text is the simplest component; like those of templ it is not rendered for
// somebody who has gone.
type text string

func (t text) Render(ctx context.Context, w io.Writer) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := io.WriteString(w, string(t))
	return err
}

func config(t *testing.T, routes ...web.Route) web.Config {
	return web.Config{
		Routes: routes,
		Gate:   gate{},
		ErrorPage: func(_ *web.Request, p *web.Problem) web.Component {
			return text("<h1>" + p.Title + "</h1><p>" + p.Detail)
		},
		Translate: func(_ context.Context, msg string, args ...any) string { return fmt.Sprintf(msg, args...) },
		Log:       slog.New(slog.NewTextHandler(t.Output(), nil)),
	}
}

func site(t *testing.T, c web.Config) *web.Site {
	t.Helper()
	s, err := web.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// ask sends one request; headers are "Name: value".
func ask(h http.Handler, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if strings.HasPrefix(path, "/api/") && body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func problem(t *testing.T, w *httptest.ResponseRecorder) web.Problem {
	t.Helper()
	if got := w.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Fatalf("content type %q, body %s", got, w.Body)
	}
	var p web.Problem
	if err := json.NewDecoder(bytes.NewReader(w.Body.Bytes())).Decode(&p); err != nil {
		t.Fatal(err)
	}
	return p
}

type greeting struct {
	ID   string `path:"id"`
	Name string `json:"name" label:"名字" required:"true" maxLength:"5"`
	Age  int    `json:"age" minimum:"0" maximum:"150"`
}

type greeted struct {
	Text string `json:"text"`
}

func greet(r *web.Request, in greeting) (greeted, error) {
	if in.Name == "老虎" {
		return greeted{}, fault.Conflict("老虎已经来过了。")
	}
	return greeted{Text: "您好，" + in.Name}, nil
}

func greetingRoute() web.Route {
	return web.Route{
		Name: "greet", Method: "POST", Page: "/people/{id}/greeting", API: "/api/v1/people/{id}/greeting",
		Permission: "greet", Status: 201, Summary: "打个招呼",
		Handle: web.Action(greet).
			Page(func(r *web.Request, out greeted) web.Answer { return web.SeeWithNote("/", out.Text) }).
			Form(func(r *web.Request, in greeting, p *web.Problem) web.Answer {
				return web.HTML(text("again " + r.Typed("age") + " " + p.For("age") + p.For("name")))
			}),
	}
}

const (
	somebody = "Authorization: Bearer mei"
	onForm   = "Content-Type: application/x-www-form-urlencoded"
	person   = "/people/0195f3a0-0000-7000-8000-000000000001/greeting"
)

func TestOneCallTwoRenderers(t *testing.T) {
	s := site(t, config(t, greetingRoute()))
	w := ask(s, "POST", "/api/v1"+person, `{"name": "𠮷㐂"}`, somebody)
	if w.Code != 201 || w.Body.String() != "{\"text\":\"您好，𠮷㐂\"}\n" {
		t.Errorf("JSON: %d %s", w.Code, w.Body)
	}
	w = ask(s, "POST", person, "name=梅&age=70", somebody, onForm)
	if w.Code != 303 || w.Header().Get("Location") != "/" {
		t.Errorf("page: %d %v", w.Code, w.Header())
	}
	w = ask(s, "POST", person, "name=梅&age=old", somebody, onForm)
	if w.Code != 422 || !strings.Contains(w.Body.String(), "again old “age”要填整数。") {
		t.Errorf("form again: %d %s", w.Code, w.Body)
	}
}

func send(h http.Handler, r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// unsized is a JSON post that does not say how long it is.
func unsized(path string, body io.Reader) *http.Request {
	r := httptest.NewRequest("POST", path, body)
	r.ContentLength = -1
	r.Header.Set("Content-Type", "application/json")
	return r
}
