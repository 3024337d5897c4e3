package app

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"linli/internal/core/auth/sms"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/web"
)

// TestTheDescriptionNamesEveryRouteWithItsFields holds the OpenAPI document against the
// routes that the house mounts: each is there with what it takes and what it answers,
// and nothing else is.
func TestTheDescriptionNamesEveryRouteWithItsFields(t *testing.T) {
	a, doc := described(t, "zh")
	left := map[string]bool{}
	for path, item := range doc.Paths {
		for method := range item {
			left[strings.ToUpper(method)+" "+path] = true
		}
	}
	for _, rt := range a.Site.Routes() {
		if rt.API == "" {
			continue
		}
		call := rt.Method + " " + rt.API
		if !left[call] {
			t.Errorf("the description has no %s", call)
			continue
		}
		delete(left, call)
		op := doc.Paths[rt.API][strings.ToLower(rt.Method)]
		if !han(op.Summary) || len(op.Tags) == 0 {
			t.Errorf("%s: summary %q, tags %v", call, op.Summary, op.Tags)
		}
		doc.takes(t, call, rt, op)
		doc.answers(t, call, rt, op)
	}
	for call := range left {
		t.Errorf("the description has %s, which is no route", call)
	}
}

// TestTheDescriptionSpeaksTheReadersLanguage: what stands in the document for people is
// Chinese for one reader and English for the other.
func TestTheDescriptionSpeaksTheReadersLanguage(t *testing.T) {
	latin := regexp.MustCompile(`(?i)[a-z]{2}`) // English quotes Chinese values: 男 (male)
	for language, reads := range map[string]func(string) bool{"zh": han, "en": latin.MatchString} {
		_, doc := described(t, language)
		var all any
		if err := json.Unmarshal(doc.raw, &all); err != nil {
			t.Fatal(err)
		}
		eachText(all, "", func(where, text string) {
			if !reads(text) {
				t.Errorf("in %s, %s: %s", language, where, text)
			}
		})
	}
}

// document is what this test reads of the OpenAPI document.
type document struct {
	raw        []byte
	Paths      map[string]map[string]operation
	Components struct{ Schemas map[string]shape }
}

type operation struct {
	Summary     string
	Tags        []string
	Parameters  []struct{ Name, In string }
	RequestBody struct{ Content map[string]media }
	Responses   map[string]struct{ Content map[string]media }
}

type media struct{ Schema shape }

type shape struct {
	Ref        string `json:"$ref"`
	Type       any
	Properties map[string]json.RawMessage
	Items      *shape
}

func described(t *testing.T, language string) (*App, document) {
	t.Helper()
	a, err := New(t.Context(), Options{DB: dbtest.New(t, db.SQLite), SMS: sms.NewConsole(io.Discard), Secret: []byte(strings.Repeat("k", 32))})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/api/openapi.json", nil)
	r.Header.Set("Accept-Language", language)
	w := httptest.NewRecorder()
	a.Site.ServeHTTP(w, r)
	d := document{raw: w.Body.Bytes()}
	if err := json.Unmarshal(d.raw, &d); err != nil {
		t.Fatal(err)
	}
	return a, d
}

// takes holds what an operation takes against a sample of the route's input.
func (d document) takes(t *testing.T, call string, rt web.Route, op operation) {
	t.Helper()
	known := map[string]bool{}
	for _, p := range op.Parameters {
		known[p.In+" "+p.Name] = true
	}
	for _, m := range op.RequestBody.Content {
		for name := range d.resolve(m.Schema).Properties {
			known["query "+name] = true // a body has its fields where a query would
		}
	}
	for _, name := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(rt.API, -1) {
		if !known["path "+name[1]] {
			t.Errorf("%s: no parameter %s", call, name[1])
		}
	}
	for name := range rt.Sample() {
		if !known["query "+name] {
			t.Errorf("%s: nothing about the field %s", call, name)
		}
	}
}

// answers asks for the fields of an answer that has any.
func (d document) answers(t *testing.T, call string, rt web.Route, op operation) {
	t.Helper()
	for status, response := range op.Responses {
		if status == "default" || status == strconv.Itoa(http.StatusNoContent) {
			continue
		}
		s := d.resolve(response.Content["application/json"].Schema)
		if len(s.Properties) == 0 {
			t.Errorf("%s: nothing about the fields of its answer: %+v", call, s)
		}
	}
}

func (d document) resolve(s shape) shape {
	if s.Ref != "" {
		return d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	return s
}

// eachText gives every text of a document that is for people.
func eachText(node any, where string, fn func(where, text string)) {
	switch n := node.(type) {
	case map[string]any:
		for key, value := range n {
			text, is := value.(string)
			if is && (key == "description" || key == "summary") {
				fn(where, text)
			}
			eachText(value, where+"/"+key, fn)
		}
	case []any:
		for i, value := range n {
			eachText(value, where+"/"+strconv.Itoa(i), fn)
		}
	}
}

func han(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}
