package webtest

import (
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// spec is the site's own OpenAPI document.
type spec struct {
	doc   any
	paths []specPath
}

type specPath struct {
	pattern *regexp.Regexp
	item    map[string]any
}

// learn reads the document, where the site has one.
func (s *session) learn() error {
	req, err := http.NewRequest(http.MethodGet, s.base()+"/api/openapi.json", nil)
	if err != nil {
		return err
	}
	a, err := s.do(req, "")
	if err != nil || a.status != http.StatusOK {
		return err
	}
	s.spec = &spec{doc: a.json}
	paths, err := find(a.json, "paths")
	if err != nil {
		return err
	}
	braces := regexp.MustCompile(`\\\{[^}]*\\\}`)
	for path, item := range paths.(map[string]any) {
		text := braces.ReplaceAllString(regexp.QuoteMeta(path), "[^/]+")
		s.spec.paths = append(s.spec.paths, specPath{regexp.MustCompile("^" + text + "$"), item.(map[string]any)})
	}
	slices.SortFunc(s.spec.paths, func(a, b specPath) int { // fixed words before wildcards
		return strings.Compare(b.pattern.String(), a.pattern.String())
	})
	return nil
}

// check holds an answer of the API against the document.
func (sp *spec) check(a *answer) error {
	if sp == nil || !strings.HasPrefix(a.path, "/api/v1/") || a.status == http.StatusNotFound || a.status == http.StatusMethodNotAllowed {
		return nil
	}
	op := sp.operation(a)
	if op == nil {
		return fmt.Errorf("%s %s is not in the OpenAPI document", a.method, a.path)
	}
	responses, _ := find(op, "responses")
	response, err := find(responses, strconv.Itoa(a.status))
	if err != nil {
		if a.status < http.StatusBadRequest {
			return fmt.Errorf("status %d is not in the OpenAPI document", a.status)
		}
		if response, err = find(responses, "default"); err != nil {
			return err
		}
	}
	contents, ok := sp.resolve(response)["content"].(map[string]any)
	if !ok {
		if a.body != "" {
			return fmt.Errorf("an answer without content, says the OpenAPI document: %s", excerpt(a.body))
		}
		return nil
	}
	content, ok := contents[a.header.Get("Content-Type")].(map[string]any)
	if !ok {
		return fmt.Errorf("content type %q is not in the OpenAPI document", a.header.Get("Content-Type"))
	}
	return sp.value(content["schema"], a.json, "$")
}

func (sp *spec) operation(a *answer) any {
	for _, p := range sp.paths {
		if op := p.item[strings.ToLower(a.method)]; op != nil && p.pattern.MatchString(a.path) {
			return op
		}
	}
	return nil
}

// resolve follows a reference.
func (sp *spec) resolve(v any) map[string]any {
	m, _ := v.(map[string]any)
	ref, ok := m["$ref"].(string)
	if !ok {
		return m
	}
	at := sp.doc
	for _, name := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") { // names hold dots, so not by find
		inner, _ := at.(map[string]any)
		at = inner[name]
	}
	m, _ = at.(map[string]any)
	return m
}

// value holds a value against the part of JSON Schema that package web writes.
func (sp *spec) value(schema, v any, at string) error {
	s := sp.resolve(schema)
	if any, ok := s["anyOf"].([]any); ok {
		return sp.one(any, v, at)
	}
	if want, ok := s["type"].(string); ok && !isType(want, v) {
		return fmt.Errorf("%s is %s, and should be of type %s", at, show(v), want)
	}
	if enum, ok := s["enum"].([]any); ok && !slices.Contains(enum, v) {
		return fmt.Errorf("%s is %s, which is none of %s", at, show(v), show(enum))
	}
	switch v := v.(type) {
	case string:
		if _, err := time.Parse(time.RFC3339, v); s["format"] == "date-time" && err != nil {
			return fmt.Errorf("%s is %q, which is no RFC 3339 time", at, v)
		}
	case []any:
		for i, item := range v {
			if err := sp.value(s["items"], item, fmt.Sprintf("%s.%d", at, i)); err != nil {
				return err
			}
		}
	case map[string]any:
		return sp.members(s, v, at)
	}
	return nil
}

func (sp *spec) one(schemas []any, v any, at string) (err error) {
	for _, s := range schemas {
		if err = sp.value(s, v, at); err == nil {
			return nil
		}
	}
	return err
}

func (sp *spec) members(s, v map[string]any, at string) error {
	required, _ := s["required"].([]any)
	for _, name := range required {
		if _, ok := v[name.(string)]; !ok {
			return fmt.Errorf("%s has no %s", at, name)
		}
	}
	properties, _ := s["properties"].(map[string]any)
	for name, inner := range v {
		schema, ok := properties[name]
		if !ok {
			if schema = s["additionalProperties"]; schema == false {
				return fmt.Errorf("%s.%s is not in the OpenAPI document", at, name)
			}
		}
		if err := sp.value(schema, inner, at+"."+name); err != nil {
			return err
		}
	}
	return nil
}

func isType(want string, v any) bool {
	switch v := v.(type) {
	case nil:
		return want == "null"
	case bool:
		return want == "boolean"
	case string:
		return want == "string"
	case float64:
		return want == "number" || want == "integer" && v == math.Trunc(v)
	case []any:
		return want == "array"
	}
	return want == "object"
}
