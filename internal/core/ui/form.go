package ui

import (
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"linli/internal/kit/fault"
)

// Form is what was typed and what is wrong with it; the zero Form is one that
// nobody has filled in yet.
type Form struct {
	values url.Values
	faults []*fault.Error
}

// FormOf keeps what was typed and the answer to it. A fault belongs to the
// field whose Name is the fault's Field.
func FormOf(values url.Values, err error) Form {
	f := Form{values: values}
	if err != nil {
		f.faults = fault.As(err).All()
	}
	return f
}

// Failed tells whether something is wrong.
func (f Form) Failed() bool { return len(f.faults) > 0 }

// Under is the form as one of several on a page: its fields are known by a key before
// their names.
func (f Form) Under(key string) Form {
	out := Form{values: url.Values{}}
	for name, values := range f.values {
		out.values[key+name] = values
	}
	for _, e := range f.faults {
		under := *e
		if under.Field != "" {
			under.Field = key + e.Field
		}
		out.faults = append(out.faults, &under)
	}
	return out
}

// fault is what is wrong with one field, nil when nothing is.
func (f Form) fault(name string) *fault.Error {
	for _, e := range f.faults {
		if e.Field == name {
			return e
		}
	}
	return nil
}

// value is what was typed, or what the field holds by itself.
func (f Form) value(d Field) string {
	if f.values.Has(d.Name) {
		return f.values.Get(d.Name)
	}
	return d.Value
}

// chosen tells whether a choice is made: by the reader, or else by the field.
func (f Form) chosen(d Field, value string) bool {
	if f.values != nil {
		return slices.Contains(f.values[d.Name], value)
	}
	return d.Value == value && value != "" || slices.Contains(d.Values, value)
}

// Field is one question of a form.
type Field struct {
	Name   string // also the path by which a fault names it
	Label  string
	Hint   string
	Value  string
	Values []string // of a field with several choices

	Type         string // of an input; "text" when empty
	InputMode    string
	Autocomplete string
	Placeholder  string // an example, never the label
	Rows         int    // of a text area; 2 when 0
	Required     bool
	Tall, Even   bool // picks: the icon above the text; as many beside each other as fit
	Lead         bool // the one question of a page: larger label and text area
	Extra        bool // not shown in 长辈版

	Attrs templ.Attributes // what is seldom needed: hx-…, accept, maxlength
}

// Option is one choice.
type Option struct {
	Value, Text string
	Icon        Glyph // of a pick; may be empty
}

// ID is the id of the field's element, for links to it.
func (d Field) ID() string { return "f-" + d.Name }

func (d Field) class() string {
	if d.Extra {
		return "field extra"
	}
	return "field"
}

func (d Field) picksClass() string {
	if d.Even {
		return "picks even"
	}
	return "picks"
}

func (d Field) pickClass() string {
	if d.Tall {
		return "pick tall"
	}
	return "pick"
}

// describe names the hint and the error for those who hear the page.
func (f Form) describe(d Field) string {
	ids := ""
	if d.Hint != "" {
		ids = d.ID() + "-hint"
	}
	if f.fault(d.Name) != nil {
		ids += " " + d.ID() + "-err"
	}
	return ids
}

// marks are the attributes that every kind of control has.
func (f Form) marks(d Field) templ.Attributes {
	all := templ.Attributes{"id": d.ID(), "name": d.Name}
	optional := map[string]string{
		"aria-describedby": f.describe(d),
		"autocomplete":     d.Autocomplete,
		"inputmode":        d.InputMode,
		"placeholder":      d.Placeholder,
	}
	for name, value := range optional {
		if value != "" {
			all[name] = value
		}
	}
	if d.Required {
		all["required"] = true
	}
	if f.fault(d.Name) != nil {
		all["aria-invalid"] = "true"
	}
	for name, value := range d.Attrs {
		all[name] = value
	}
	return all
}

// inputMarks adds what only an input has. A file cannot be typed again for the
// reader: browsers forbid it.
func (f Form) inputMarks(d Field) templ.Attributes {
	all := f.marks(d)
	all["type"] = or(d.Type, "text")
	if value := f.value(d); value != "" && d.Type != "file" && d.Type != "password" {
		all["value"] = value
	}
	return all
}
