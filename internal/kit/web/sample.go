package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"strconv"
)

// Sample is an input that fits the route as far as its tags tell: every field that
// is required, has an example or is one of a list. Tests that try every route send
// it, so that what is refused is refused for who asks and not for what was typed.
func (rt Route) Sample() map[string]any { return sampleOf(rt.Handle.input()) }

// SampleForm is the Sample as a form or a query.
func (rt Route) SampleForm() url.Values {
	out := url.Values{}
	flatten(out, "", rt.Sample())
	return out
}

func sampleOf(s *shape) map[string]any {
	out := map[string]any{}
	for _, f := range s.fields {
		if v := f.sample(); f.path == "" && v != nil {
			out[f.name] = v
		}
	}
	return out
}

// sample is a value of the field; nil for one that may be left out.
func (f *field) sample() any {
	v := f.one()
	if _, whole := v.([]any); whole {
		return v
	}
	if v != nil && indirect(f.typ).Kind() == reflect.Slice && !isScalar(indirect(f.typ)) {
		return []any{v}
	}
	return v
}

// one is a value of the field, or of one element when it is a list.
func (f *field) one() any {
	switch {
	case element(f.typ) == uploadType:
		return nil
	case f.shape != nil:
		if inner := sampleOf(f.shape); len(inner) > 0 {
			return inner
		}
		return nil
	case len(f.rule.enum) > 0:
		return f.rule.enum[len(f.rule.enum)-1]
	case f.example != "":
		return f.parsed(f.example)
	case !f.rule.required:
		return nil
	}
	return f.plain()
}

// parsed is an example as JSON has it: a number where the field is one.
func (f *field) parsed(text string) any {
	var v any
	if e := element(f.typ); (text[0] == '[' || e.Kind() != reflect.String && !isScalar(e)) && json.Unmarshal([]byte(text), &v) == nil {
		return v
	}
	return text
}

// plain is the simplest value of the field's type.
func (f *field) plain() any {
	switch element(f.typ).Kind() {
	case reflect.Bool:
		return true
	case reflect.String:
		return "Lantern 9421"
	case reflect.Struct:
		return nil
	}
	if f.rule.minimum != nil {
		return *f.rule.minimum
	}
	return 1.0
}

func indirect(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t
}

// flatten writes nested values under the dotted names that forms use.
func flatten(out url.Values, at string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, inner := range v {
			flatten(out, join(at, name), inner)
		}
	case []any:
		for i, inner := range v {
			if _, nested := inner.(map[string]any); nested {
				flatten(out, join(at, strconv.Itoa(i)), inner)
				continue
			}
			out.Add(at, fmt.Sprint(inner))
		}
	default:
		out.Add(at, fmt.Sprint(v))
	}
}
