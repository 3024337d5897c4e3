package webtest

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// check holds one line against the answer.
func (s *session) check(a *answer, c check) error {
	want := s.fill(c.operand)
	switch c.verb {
	case "status":
		if got := strconv.Itoa(a.status); got != want {
			return fmt.Errorf("status is %s, not %s: %s", got, want, excerpt(a.body))
		}
	case "body":
		if strings.Contains(a.body, want) != (c.relation == "contains") {
			return fmt.Errorf("body %s %q is not so: %s", c.relation, want, excerpt(a.body))
		}
	case "header":
		got := a.header.Get(c.subject)
		if c.relation == "=" && got != want || !strings.Contains(got, want) {
			return fmt.Errorf("header %s is %q", c.subject, got)
		}
	case "json":
		return checkJSON(a, s.fill(c.subject), c.relation, want)
	case "save":
		return s.save(a, c.subject, want)
	}
	return nil
}

func checkJSON(a *answer, path, relation, want string) error {
	got, err := find(a.json, path)
	switch {
	case relation == "missing":
		if err == nil {
			return fmt.Errorf("%s is there: %s", path, show(got))
		}
		return nil
	case err != nil:
		return fmt.Errorf("%w in %s", err, excerpt(a.body))
	case relation == "=" && !equal(got, want),
		relation == "contains" && !strings.Contains(plain(got), want),
		relation == "has" && strconv.Itoa(count(got)) != want:
		return fmt.Errorf("%s is %s", path, show(got))
	}
	return nil
}

// equal compares with the operand as JSON, or as plain text where it is none.
func equal(got any, want string) bool {
	var v any
	if json.Unmarshal([]byte(want), &v) == nil && reflect.DeepEqual(got, v) {
		return true
	}
	text, ok := got.(string)
	return ok && text == want
}

func count(v any) int {
	switch v := v.(type) {
	case []any:
		return len(v)
	case map[string]any:
		return len(v)
	}
	return -1
}

func (s *session) save(a *answer, name, from string) error {
	if header, ok := strings.CutPrefix(from, "header "); ok {
		s.vars[name] = a.header.Get(strings.TrimSpace(header))
		if s.vars[name] == "" {
			return fmt.Errorf("no %s to save", from)
		}
		return nil
	}
	path, ok := strings.CutPrefix(from, "$.")
	if !ok {
		return fmt.Errorf("%q is neither $.PATH nor header NAME", from)
	}
	v, err := find(a.json, path)
	if err != nil {
		return fmt.Errorf("%w in %s", err, excerpt(a.body))
	}
	s.vars[name] = plain(v)
	return nil
}

// find walks a path like offers.0.state.
func find(v any, path string) (any, error) {
	if v == nil {
		return nil, errors.New("the answer is no JSON")
	}
	for _, name := range strings.Split(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			inner, ok := at[name]
			if !ok {
				return nil, fmt.Errorf("no %s of %s", name, path)
			}
			v = inner
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(at) {
				return nil, fmt.Errorf("no element %s of %s", name, path)
			}
			v = at[i]
		default:
			return nil, fmt.Errorf("no %s of %s", name, path)
		}
	}
	return v, nil
}

// plain is a text as it is, and anything else as JSON.
func plain(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return show(v)
}

func show(v any) string {
	b, _ := json.Marshal(v) // it came from JSON
	return string(b)
}

func excerpt(body string) string {
	const most = 600
	if runes := []rune(body); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return body
}
