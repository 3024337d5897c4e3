package web_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

type mood string

func (mood) Enum() []string { return []string{"good", "bad"} }

type span struct {
	From time.Time `json:"from" label:"开始时间"`
	To   time.Time `json:"to"`
}

type guest struct {
	Kind string `json:"kind" enum:"volunteer,team"`
	ID   string `json:"id" required:"true"`
}

// day reads itself, with a sentence of its own.
type day struct{ time.Time }

func (d *day) UnmarshalText(b []byte) (err error) {
	if d.Time, err = time.Parse("2006-01-02", string(b)); err != nil {
		return fault.Invalid("", "日子要写成 2026-09-26 这样。")
	}
	return nil
}

type everything struct {
	Code    string         `path:"code,code"`
	Text    string         `json:"text" lines:"true" maxLength:"10"`
	Secret  string         `json:"secret" verbatim:"true" minLength:"4"`
	Mood    mood           `json:"mood"`
	Yes     bool           `json:"yes"`
	Small   int8           `json:"small"`
	Big     *int64         `json:"big"`
	Real    float64        `json:"real" maximum:"90"`
	Window  *span          `json:"window"`
	Guests  []guest        `json:"guests" maxItems:"3"`
	Words   []string       `json:"words"`
	Scores  map[string]int `json:"scores"`
	Day     day            `json:"day"`
	Ignored string         `json:"-"`
}

func (in everything) Check() error {
	if in.Window != nil && in.Window.To.Before(in.Window.From) {
		return fault.Invalid("window.to", "结束要晚于开始。")
	}
	return nil
}

type seen struct {
	Saw string `json:"saw"`
}

func everythingRoute() web.Route {
	return web.Route{
		Name: "everything", Method: "POST", Page: "/all/{code}", API: "/api/v1/all/{code}", Public: true,
		Handle: web.Action(func(r *web.Request, in everything) (seen, error) {
			b, err := json.Marshal(in)
			return seen{string(b)}, err
		}).Page(func(r *web.Request, out seen) web.Answer { return web.HTML(text(out.Saw)) }),
	}
}

func TestBadJSON(t *testing.T) {
	s := site(t, config(t, everythingRoute()))
	deep := strings.Repeat(`{"window":`, 5000) + "1" + strings.Repeat("}", 5000)
	for _, c := range []struct {
		name, body string
		status     int
		field      string // of the first error; empty for none
	}{
		{"nothing", ``, 200, ""},
		{"empty", `{}`, 200, ""},
		{"null is none", `{"text": null, "window": null}`, 200, ""},
		{"duplicate keys", `{"text": "a", "text": "b"}`, 400, "text"},
		{"duplicate keys, one escaped", `{"text": "a", "te\u0078t": "b"}`, 400, "text"},
		{"duplicate keys after null", `{"text": null, "text": "b"}`, 400, "text"},
		{"duplicate keys inside", `{"guests": [{"id": "a"}, {"id": "b", "id": "c"}]}`, 400, "guests.1.id"},
		{"the same key in two objects", `{"guests": [{"id": "a"}, {"id": "b"}]}`, 200, ""},
		{"half a pair", `{"text": "a\ud83d"}`, 400, "text"},
		{"the other half", `{"text": "\udc00a"}`, 400, "text"},
		{"two first halves", `{"text": "\ud83d\ud83d\udc00"}`, 400, "text"},
		{"halves apart", `{"text": "\ud83d \udc00"}`, 400, "text"},
		{"half a pair in a list", `{"words": ["a", "\uD800"]}`, 400, "words.1"},
		{"half a pair in a key", `{"\ud800": 1}`, 400, ""},
		{"half a pair in a map's key", `{"scores": {"a\ud800": 1}}`, 400, "scores"},
		{"a whole pair", `{"text": "\ud842\udfb7 \\ud800"}`, 200, ""},
		{"cut off", `{"text": "a`, 400, ""},
		{"cut off after a value", `{"text": "a"`, 400, ""},
		{"cut off inside a list", `{"words": ["a",`, 400, ""},
		{"trailing garbage", `{} x`, 400, ""},
		{"two objects", `{}{}`, 400, ""},
		{"a list", `[]`, 400, ""},
		{"a word", `"text"`, 400, ""},
		{"not UTF-8", "{\"text\": \"\xff\xfe\"}", 400, ""},
		{"overlong UTF-8", "{\"text\": \"\xc0\x80\"}", 400, ""},
		{"too deep", deep, 400, ""},
		{"deep list", strings.Repeat("[", 60000), 400, ""},
		{"unknown field", `{"txet": "a"}`, 422, "txet"},
		{"unknown nested field", `{"window": {"form": "a"}}`, 422, "window.form"},
		{"capital letters", `{"Text": "a"}`, 422, "Text"},
		{"a field that is not for the outside", `{"Ignored": "a"}`, 422, "Ignored"},
		{"a path field in the body", `{"Code": "a"}`, 422, "Code"},
		{"number for text", `{"text": 5}`, 422, "text"},
		{"text for number", `{"small": "5"}`, 422, "small"},
		{"fraction for whole", `{"small": 1.5}`, 422, "small"},
		{"out of the type's range", `{"small": 128}`, 422, "small"},
		{"out of any range", `{"big": 99999999999999999999}`, 422, "big"},
		{"huge exponent", `{"real": 1e999}`, 422, "real"},
		{"above the maximum", `{"real": 91}`, 422, "real"},
		{"text for bool", `{"yes": "yes"}`, 422, "yes"},
		{"object for list", `{"guests": {"0": {"id": "a"}}}`, 422, "guests"},
		{"list for object", `{"window": []}`, 422, "window"},
		{"text for object", `{"window": "now"}`, 422, "window"},
		{"bad item", `{"guests": [{"id": "a"}, {"id": 5}]}`, 422, "guests.1.id"},
		{"item without what it needs", `{"guests": [{"kind": "team"}]}`, 422, "guests.0.id"},
		{"too many items", `{"guests": [{"id":"a"},{"id":"b"},{"id":"c"},{"id":"d"}]}`, 422, "guests"},
		{"not one of", `{"mood": "angry"}`, 422, "mood"},
		{"not one of, by tag", `{"guests": [{"kind": "dog", "id": "a"}]}`, 422, "guests.0.kind"},
		{"too long", `{"text": "一二三四五六七八九十甲"}`, 422, "text"},
		{"just right", `{"text": "一二三四五六七八九𠮷"}`, 200, ""},
		{"too short", `{"secret": "abc"}`, 422, "secret"},
		{"time without zone", `{"window": {"from": "2026-09-26T09:00:00"}}`, 422, "window.from"},
		{"time of another age", `{"window": {"from": "0001-01-01T09:00:00Z"}}`, 422, "window.from"},
		{"reversed window", `{"window": {"from": "2026-09-26T09:00:00+08:00", "to": "2026-09-26T08:00:00+08:00"}}`, 422, "window.to"},
		{"its own reader", `{"day": "26.9."}`, 422, "day"},
		{"NUL", `{"text": "a\u0000b"}`, 422, "text"},
		{"escape sequence", `{"text": "a\u001b[2J"}`, 422, "text"},
		{"turned writing", `{"text": "a\u202eb"}`, 422, "text"},
		{"NUL in a map's key", `{"scores": {"\u0000": 1}}`, 422, "scores.·"},
		{"HTML is text", `{"words": ["<script>alert(1)</script>", "'; DROP TABLE x; --"]}`, 200, ""},
		{"emoji and rare characters", `{"words": ["👨‍👩‍👧 𠮷㐂"]}`, 200, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := ask(s, "POST", "/api/v1/all/x", c.body, "Content-Type: application/json")
			if w.Code != c.status {
				t.Fatalf("status %d, want %d: %s", w.Code, c.status, w.Body)
			}
			if c.status == 200 {
				return
			}
			p := problem(t, w)
			if p.Kind != "invalid" || p.Detail == "" || p.RequestID == "" {
				t.Errorf("%+v", p)
			}
			if c.field != "" && (len(p.Errors) == 0 || p.Errors[0].Field != c.field) {
				t.Errorf("errors %+v, want field %q", p.Errors, c.field)
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	s := site(t, config(t, everythingRoute()))
	p := problem(t, ask(s, "POST", "/api/v1/all/x", `{"yes": 1, "small": 500, "nope": 1, "window": {"from": 5}}`))
	var fields []string
	for _, e := range p.Errors {
		fields = append(fields, e.Field)
	}
	if got := strings.Join(fields, " "); got != "nope yes small window.from" {
		t.Errorf("fields %q", got)
	}
	if got := p.For("window.from"); !strings.HasPrefix(got, "“开始时间”") {
		t.Errorf("the label names the field: %q", got)
	}
}

func TestTextIsKeptWhole(t *testing.T) {
	s := site(t, config(t, everythingRoute()))
	w := ask(s, "POST", "/api/v1/all/x", `{"text": "  一\r\n二 ", "words": ["a\nb"], "secret": " pass word "}`)
	for _, want := range []string{`\"text\":\"一\\n二\"`, `\"words\":[\"a b\"]`, `\"secret\":\" pass word \"`} {
		if !strings.Contains(w.Body.String(), want) {
			t.Errorf("%s lacks %s", w.Body, want)
		}
	}
}

func TestForms(t *testing.T) {
	s := site(t, config(t, everythingRoute()))
	for _, c := range []struct {
		name, body string
		status     int
		want       string
	}{
		{"texts become values", "yes=on&small=5&big=&real=1.5&mood=good", 200, `"yes":true`},
		{"nested and numbered", "window.from=2026-09-26T09:00&window.to=2026-09-26T10:00:30&guests.0.id=a&guests.1.id=b&guests.10.id=c", 200, `"2026-09-26T09:00:00+08:00"`},
		{"single value for a list", "words=a", 200, `"words":["a"]`},
		{"several values for a list", "words=a&words=b", 200, `"words":["a","b"]`},
		{"the page's own names", "_button=x", 200, ""},
		{"unknown name", "nope=1", 422, "nope"},
		{"a value and a group at once", "window=1&window.from=2", 422, "window"},
		{"two values for one", "text=a&text=b", 422, "text"},
		{"not UTF-8", "text=%ff", 400, ""},
		{"broken escape", "text=%zz", 400, ""},
		{"very deep name", strings.Repeat("a.", 1000) + "b=1", 422, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := ask(s, "POST", "/all/x", c.body, onForm)
			if w.Code != c.status || !strings.Contains(w.Body.String(), c.want) {
				t.Errorf("status %d, want %d with %s: %s", w.Code, c.status, c.want, w.Body)
			}
		})
	}
}

func TestContentTypes(t *testing.T) {
	s := site(t, config(t, everythingRoute()))
	for _, c := range []struct {
		path, kind string
		status     int
	}{
		{"/api/v1/all/x", "application/json; charset=utf-8", 200},
		{"/api/v1/all/x", "text/plain", 415},
		{"/api/v1/all/x", "application/x-www-form-urlencoded", 415},
		{"/api/v1/all/x", "multipart/form-data; boundary=x", 415},
		{"/api/v1/all/x", ";;;", 415},
		{"/all/x", "application/json", 415},
	} {
		if w := ask(s, "POST", c.path, "{}", "Content-Type: "+c.kind); w.Code != c.status {
			t.Errorf("%s %s: %d, want %d", c.path, c.kind, w.Code, c.status)
		}
	}
}

func TestPathValues(t *testing.T) {
	s := site(t, config(t, everythingRoute(), greetingRoute()))
	for path, status := range map[string]int{
		"/api/v1/all/130102001001":     200,
		"/api/v1/all/a%00b":            404,
		"/api/v1/all/a%2e%2e%2fb":      404,
		"/api/v1/all/%3Cscript%3E":     404,
		"/api/v1/people/5/greeting":    404,
		"/api/v1/people/'/greeting":    404,
		"/api/v1/all/" + long('a', 65): 404,
	} {
		if w := ask(s, "POST", path, "", somebody); w.Code != status {
			t.Errorf("%s: %d, want %d", path, w.Code, status)
		}
	}
}

func long(c rune, n int) string { return strings.Repeat(string(c), n) }

type search struct {
	web.Paging
	State mood `json:"state"`
}

func TestQueries(t *testing.T) {
	s := site(t, config(t, web.Route{
		Name: "search", Method: "GET", Page: "/found", API: "/api/v1/found", Public: true,
		Handle: web.Action(func(_ *web.Request, in search) (seen, error) {
			return seen{fmt.Sprintf("%d-%s", in.Size(50), in.State)}, nil
		}).Page(func(_ *web.Request, out seen) web.Answer { return web.HTML(text(out.Saw)) }),
	}))
	for path, want := range map[string]string{
		"/api/v1/found":                    `200 {"saw":"50-"}`,
		"/api/v1/found?state=&cursor=":     `200 {"saw":"50-"}`,
		"/api/v1/found?state=good&limit=5": `200 {"saw":"5-good"}`,
		"/found?utm=1":                     `200 50-`,
		"/api/v1/found?limit=0":            `422`,
		"/api/v1/found?limit=1e9":          `422`,
		"/api/v1/found?stat=good":          `422`,
		"/api/v1/found?state=%zz":          `400`,
		"/api/v1/found?a;b":                `400`,
	} {
		w := ask(s, "GET", path, "")
		if got := fmt.Sprint(w.Code, " ", w.Body); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

// Whatever is sent, it is answered, and never as our own failure.
func FuzzBody(f *testing.F) {
	for _, seed := range []string{`{}`, `{"text": "灯", "window": {"from": "2026-09-26T09:00:00+08:00"}}`, `{"guests": [{"id": "a"}]}`, `{"scores": {"a": 1}}`, "text=a&window.from=b"} {
		f.Add(seed)
	}
	s := quiet(f, everythingRoute())
	f.Fuzz(func(t *testing.T, body string) {
		for _, w := range []*httptest.ResponseRecorder{
			ask(s, "POST", "/api/v1/all/x", body, "Content-Type: application/json"),
			ask(s, "POST", "/all/x", body, onForm),
		} {
			if w.Code >= 500 {
				t.Errorf("%q: %d", body, w.Code)
			}
		}
	})
}
