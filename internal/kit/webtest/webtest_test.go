package webtest

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"linli/internal/kit/fault"
	"linli/internal/kit/id"
	"linli/internal/kit/web"
)

type gate struct{}

func (gate) Authenticate(r *http.Request) (*web.Caller, error) {
	if who := r.Header.Get("Authorization"); who != "" {
		return &web.Caller{Key: who}, nil
	}
	return nil, nil
}

func (gate) Authorize(*web.Request, string) error { return nil }

func sign(r *http.Request, who string) error {
	if who == "nobody" {
		return fault.NotFound("没有这个人。")
	}
	r.Header.Set("Authorization", who)
	return nil
}

type text string

func (t text) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(t))
	return err
}

type one struct {
	Name string `json:"name"`
}

type newNeed struct {
	Text   string `json:"text" required:"true"`
	People []one  `json:"people"`
}

type need struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	Open   bool   `json:"open"`
	People []one  `json:"people"`
}

// needs is the site under the scripts; it keeps what it is told in memory.
func needs(t *testing.T) http.Handler {
	kept := map[string]need{}
	add := func(_ *web.Request, in newNeed) (need, error) {
		n := need{ID: id.New(), Text: in.Text, Open: true, People: in.People}
		if in.Text == "忘了人" {
			n.People = nil
		}
		kept[n.ID] = n
		return n, nil
	}
	show := func(_ *web.Request, in struct {
		ID string `path:"id"`
	}) (need, error) {
		return kept[in.ID], nil
	}
	s, err := web.New(web.Config{
		Routes: []web.Route{
			{Name: "need.add", Method: "POST", Page: "/needs", API: "/api/v1/needs", Permission: "add", Status: 201,
				Handle: web.Action(add).
					Page(func(_ *web.Request, n need) web.Answer { return web.SeeWithNote("/needs/"+n.ID, "记下了") }).
					Form(func(_ *web.Request, _ newNeed, p *web.Problem) web.Answer { return web.HTML(text(p.For("text"))) })},
			{Name: "need.show", Method: "GET", Page: "/needs/{id}", API: "/api/v1/needs/{id}", Permission: "see",
				Handle: web.Action(show).
					Page(func(r *web.Request, n need) web.Answer { return web.HTML(text(r.Note() + n.Text)) })},
		},
		Gate:      gate{},
		ErrorPage: func(_ *web.Request, p *web.Problem) web.Component { return text(p.Detail) },
		Translate: func(_ context.Context, msg string, args ...any) string { return fmt.Sprintf(msg, args...) },
		Log:       slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestScriptsInProcess(t *testing.T) {
	Runner{Handler: needs(t), Sign: sign}.Files(t, "testdata/*.txt")
}

func TestScriptsOverTheNetwork(t *testing.T) {
	server := httptest.NewServer(needs(t))
	defer server.Close()
	Runner{URL: server.URL, Sign: sign}.Files(t, "testdata/*.txt")
}

// A check that cannot fail is worth nothing: each of these must, at its line.
func TestFailuresNameTheirLine(t *testing.T) {
	const head = "POST /api/v1/needs as 王奶奶\n{\"text\": \"灯\", \"people\": []}\n"
	for _, c := range []struct{ script, want string }{
		{head + "status 200", "x.txt:3: status is 201, not 200"},
		{head + "json text = 水管", `x.txt:3: text is "灯"`},
		{head + "json open = \"true\"", "x.txt:3: open is true"},
		{head + "json text contains 水", "x.txt:3: text is"},
		{head + "json people has 2", "x.txt:3: people is []"},
		{head + "json people.0.name exists", "x.txt:3: no element 0"},
		{head + "json colour exists", "x.txt:3: no colour"},
		{head + "json text missing", "x.txt:3: text is there"},
		{head + "body contains 水", "x.txt:3: body contains"},
		{head + "body lacks 灯", "x.txt:3: body lacks"},
		{head + "header Content-Type = text/html", `x.txt:3: header Content-Type is "application/json"`},
		{head + "header Content-Type contains html", "x.txt:3: header"},
		{head + "save x = $.colour", "x.txt:3: no colour"},
		{head + "save x = header Location", "x.txt:3: no header Location"},
		{head + "save x = colour", "x.txt:3: \"colour\" is neither"},
		{head + "stauts 201", "x.txt:3: \"stauts 201\" is none of the known lines"},
		{"status 200", "x.txt:1: \"status 200\" stands before"},
		{"POST /x\n{\"a\": ", "x.txt:2: a JSON body begins"},
		{"# a\n\nGET /api/v1/needs/1 as nobody", "x.txt:3: as nobody"},
		{"POST /api/v1/needs as 王奶奶\n{\"text\": \"忘了人\"}\nstatus 201", "x.txt:1: $.people is null, and should be of type array"},
	} {
		failures := Runner{Handler: needs(t), Sign: sign}.run("x.txt", c.script)
		if len(failures) == 0 || !strings.HasPrefix(failures[0].Error(), c.want) {
			t.Errorf("%q gives %v, want %s", c.script, failures, c.want)
		}
	}
}

func TestAnswersAreHeldAgainstTheDocument(t *testing.T) {
	sp := &spec{doc: map[string]any{}}
	object := map[string]any{"type": "object", "additionalProperties": false, "required": []any{"a"},
		"properties": map[string]any{
			"a": map[string]any{"type": "integer"},
			"b": map[string]any{"anyOf": []any{map[string]any{"type": "string", "format": "date-time"}, map[string]any{"type": "null"}}},
			"c": map[string]any{"type": "array", "items": map[string]any{"enum": []any{"x", "y"}}},
		}}
	for _, c := range []struct {
		value map[string]any
		want  string
	}{
		{map[string]any{"a": 1.0, "b": nil, "c": []any{"x", "y"}}, ""},
		{map[string]any{"a": 1.0, "b": "2026-09-26T09:00:00+08:00"}, ""},
		{map[string]any{}, "$ has no a"},
		{map[string]any{"a": 1.5}, "$.a is 1.5"},
		{map[string]any{"a": 1.0, "b": "yesterday"}, "$.b is \"yesterday\""},
		{map[string]any{"a": 1.0, "b": 5.0}, "$.b is 5"},
		{map[string]any{"a": 1.0, "c": []any{"x", "z"}}, "$.c.1 is \"z\""},
		{map[string]any{"a": 1.0, "d": 1.0}, "$.d is not in"},
	} {
		err := sp.value(object, c.value, "$")
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%v: %v, want %q", c.value, err, c.want)
		}
	}
}
