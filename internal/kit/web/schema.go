package web

import (
	"reflect"
	"strings"
)

// object is a JSON object of the OpenAPI document.
type object = map[string]any

// schemas writes JSON schemas of shapes. Views become named components, because
// many operations answer with them; inputs stand where they are used.
type schemas struct {
	say        func(msg string, args ...any) string // in the reader's language
	components object
}

// view is the schema of what is answered.
func (b *schemas) view(t reflect.Type) object {
	return b.of(t, &field{shape: viewShape(t)}, true)
}

func viewShape(t reflect.Type) *shape {
	if e := element(t); e.Kind() == reflect.Struct && !isScalar(e) {
		return shapeOf(e)
	}
	return nil
}

// input is the schema of a body: every member that is not from the path.
func (b *schemas) input(s *shape) object { return b.members(s, false) }

// of is the schema of one type; f brings the shape of its structs and its rules.
func (b *schemas) of(t reflect.Type, f *field, view bool) object {
	switch {
	case t.Kind() == reflect.Pointer:
		return b.of(t.Elem(), f, view)
	case t == timeType:
		return object{"type": "string", "format": "date-time"}
	case t == uploadType:
		return object{"type": "string", "format": "binary"}
	case t == nextType:
		return object{"type": []string{"string", "null"}}
	case isScalar(t):
		return text(f.rule)
	}
	switch t.Kind() {
	case reflect.String:
		return text(f.rule)
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return amount("integer", f.rule)
	case reflect.Float32, reflect.Float64:
		return amount("number", f.rule)
	case reflect.Slice:
		return b.list(t, f, view)
	case reflect.Map:
		return object{"type": "object", "additionalProperties": b.of(t.Elem(), f, view)}
	case reflect.Struct:
		return b.structure(f.shape, view)
	}
	return object{}
}

func (b *schemas) list(t reflect.Type, f *field, view bool) object {
	if t.Elem().Kind() == reflect.Uint8 {
		return object{"type": "string", "contentEncoding": "base64"}
	}
	s := object{"type": "array", "items": b.of(t.Elem(), f, view)}
	if !view {
		s["maxItems"] = f.rule.maxItems
	}
	return s
}

func text(r rule) object {
	s := object{"type": "string"}
	if len(r.enum) > 0 {
		s["enum"] = r.enum
		return s
	}
	if r.minLength > 0 {
		s["minLength"] = r.minLength
	}
	if r.maxLength != textMost {
		s["maxLength"] = r.maxLength
	}
	return s
}

func amount(kind string, r rule) object {
	s := object{"type": kind}
	if r.minimum != nil {
		s["minimum"] = *r.minimum
	}
	if r.maximum != nil {
		s["maximum"] = *r.maximum
	}
	return s
}

// structure gives a named view its component; what has no plain name (generic
// and anonymous structs) and inputs are written in place.
func (b *schemas) structure(s *shape, view bool) object {
	name := componentName(s.typ)
	if !view || name == "" {
		return b.members(s, view)
	}
	if _, ok := b.components[name]; !ok {
		b.components[name] = nil // a view that holds its own kind meets itself here
		b.components[name] = b.members(s, view)
	}
	return object{"$ref": "#/components/schemas/" + name}
}

// componentName is package.Type, without a repeated word (order.Order is Order).
func componentName(t reflect.Type) string {
	if t.Name() == "" || strings.Contains(t.Name(), "[") {
		return ""
	}
	pkg := t.PkgPath()[strings.LastIndexByte(t.PkgPath(), '/')+1:]
	if strings.EqualFold(pkg, t.Name()) {
		return t.Name()
	}
	return pkg + "." + t.Name()
}

func (b *schemas) members(s *shape, view bool) object {
	properties := object{}
	var required []string
	for _, f := range s.fields {
		if f.path != "" {
			continue
		}
		properties[f.name] = b.property(f, view)
		if view && !f.optional || !view && f.rule.required {
			required = append(required, f.name)
		}
	}
	out := object{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		out["required"] = required
	}
	return out
}

// property is a member with what is said about it.
func (b *schemas) property(f *field, view bool) object {
	p := b.of(f.typ, f, view)
	if view && f.typ.Kind() == reflect.Pointer && !f.optional {
		p = object{"anyOf": []any{p, object{"type": "null"}}}
	}
	if f.doc != "" {
		p["description"] = b.say(f.doc)
	}
	if f.example != "" {
		p["examples"] = []any{f.parsed(f.example)}
	}
	return p
}
