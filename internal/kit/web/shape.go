package web

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// Bounds of input that its field does not set itself.
const (
	textMost  = 2000 // characters of a text
	itemsMost = 500  // elements of a list
	depthMost = 16   // of JSON
)

// Enum is a named text type that has only these values.
type Enum interface{ Enum() []string }

// shape is what reflection learns of a struct once, when its route is declared:
// the decoder and the API documentation both work from it.
type shape struct {
	typ    reflect.Type
	fields []*field
}

// field is one member of an input or a view.
type field struct {
	name  string // in JSON, forms and queries
	index []int
	typ   reflect.Type
	shape *shape // of a struct, of a list's or a pointer's struct; else nil

	path string // wildcard of the path it comes from; else empty
	code bool   // the path value is a code, not an id

	label    string // its name in messages; default the path of names
	doc      string
	example  string
	optional bool // JSON may leave it out (omitempty, omitzero)
	rule     rule
}

// rule is what a value must be, beyond its type.
type rule struct {
	required  bool
	verbatim  bool // a password: nothing is trimmed or refused
	lines     bool // may have line breaks
	minLength int  // characters
	maxLength int
	minimum   *float64
	maximum   *float64
	maxItems  int
	enum      []string
	accept    []string // content types of an upload
	maxBytes  int64    // of an upload
}

var (
	timeType   = reflect.TypeFor[time.Time]()
	uploadType = reflect.TypeFor[Upload]()
	nextType   = reflect.TypeFor[Next]()
	textType   = reflect.TypeFor[encoding.TextUnmarshaler]()
	saysType   = reflect.TypeFor[encoding.TextMarshaler]()
	enumType   = reflect.TypeFor[Enum]()
)

// shapeOf reads a struct type; a tag that cannot be read is a programming error
// and panics where the route is declared.
func shapeOf(t reflect.Type) *shape { return (&reader{seen: map[reflect.Type]*shape{}}).shape(t) }

// reader remembers the types on the way, because a view may hold its own kind.
type reader struct{ seen map[reflect.Type]*shape }

func (rd *reader) shape(t reflect.Type) *shape {
	if s, ok := rd.seen[t]; ok {
		return s
	}
	s := &shape{typ: t}
	rd.seen[t] = s
	if t.Kind() == reflect.Struct {
		rd.add(s, t, nil)
	}
	return s
}

func (rd *reader) add(s *shape, t reflect.Type, index []int) {
	for i := range t.NumField() {
		sf := t.Field(i)
		at := append(append([]int{}, index...), i)
		if sf.Anonymous && sf.Tag.Get("json") == "" && sf.Type.Kind() == reflect.Struct {
			rd.add(s, sf.Type, at)
			continue
		}
		if f := rd.field(sf, at); f != nil {
			s.fields = append(s.fields, f)
		}
	}
}

// field reads one member, or gives nil when it is not for the outside.
func (rd *reader) field(sf reflect.StructField, index []int) *field {
	name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
	path, code, _ := strings.Cut(sf.Tag.Get("path"), ",")
	if !sf.IsExported() || path == "" && name == "-" {
		return nil
	}
	if path == "" && name == "" {
		panic(fmt.Sprintf("web: field %s needs a json or a path tag", sf.Name))
	}
	f := &field{
		name: name, index: index, typ: sf.Type, path: path, code: code == "code",
		label: sf.Tag.Get("label"), doc: sf.Tag.Get("doc"), example: sf.Tag.Get("example"),
		optional: strings.Contains(options, "omit"),
		rule:     ruleOf(sf),
	}
	if t := element(sf.Type); t.Kind() == reflect.Struct && !isScalar(t) {
		f.shape = rd.shape(t)
	}
	return f
}

func ruleOf(sf reflect.StructField) rule {
	tag := func(name string) string { return sf.Tag.Get(name) }
	r := rule{
		required:  tag("required") == "true",
		verbatim:  tag("verbatim") == "true",
		lines:     tag("lines") == "true",
		minLength: number(sf, "minLength", 0),
		maxLength: number(sf, "maxLength", textMost),
		maxItems:  number(sf, "maxItems", itemsMost),
		maxBytes:  int64(number(sf, "maxBytes", 5<<20)),
		minimum:   bound(sf, "minimum"),
		maximum:   bound(sf, "maximum"),
		enum:      split(tag("enum")),
		accept:    split(tag("accept")),
	}
	if t := element(sf.Type); len(r.enum) == 0 && t.Implements(enumType) {
		r.enum = reflect.Zero(t).Interface().(Enum).Enum()
	}
	return r
}

func number(sf reflect.StructField, tag string, otherwise int) int {
	s := sf.Tag.Get(tag)
	if s == "" {
		return otherwise
	}
	n, err := strconv.Atoi(s)
	if err != nil {
		panic(fmt.Sprintf("web: field %s: tag %s: %v", sf.Name, tag, err))
	}
	return n
}

func bound(sf reflect.StructField, tag string) *float64 {
	s := sf.Tag.Get(tag)
	if s == "" {
		return nil
	}
	n, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(fmt.Sprintf("web: field %s: tag %s: %v", sf.Name, tag, err))
	}
	return &n
}

func split(tag string) []string {
	if tag == "" {
		return nil
	}
	return strings.Split(tag, ",")
}

// element is the type inside pointers, lists and maps.
func element(t reflect.Type) reflect.Type {
	for {
		switch t.Kind() {
		case reflect.Pointer, reflect.Slice, reflect.Map:
			t = t.Elem()
		default:
			return t
		}
	}
}

// isScalar says whether a value of the type is one text or one upload, whatever
// it is made of.
func isScalar(t reflect.Type) bool {
	return t == timeType || t == uploadType || reflect.PointerTo(t).Implements(textType) || t.Implements(saysType)
}

// wildcards are the path values that the input wants.
func (s *shape) wildcards() []string {
	var names []string
	for _, f := range s.fields {
		if f.path != "" {
			names = append(names, f.path)
		}
	}
	return names
}

// named finds the field of that name which is not from the path.
func (s *shape) named(name string) *field {
	for _, f := range s.fields {
		if f.path == "" && f.name == name {
			return f
		}
	}
	return nil
}

// uploads says whether a form of this shape carries files.
func (s *shape) uploads() bool {
	for _, f := range s.fields {
		if element(f.typ) == uploadType {
			return true
		}
	}
	return false
}
