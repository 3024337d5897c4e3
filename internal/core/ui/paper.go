package ui

import "github.com/a-h/templ"

// Paper is a page that is made of facts, lists and forms and nothing else: what an
// office works through. Texts are in the reader's language already.
type Paper struct {
	Title string
	Lead  string
	Back  Link
	Notes []PaperNote
	Form  Form // what was typed, and what is wrong with it
	Parts []PaperPart
	Pages Pages
}

// PaperNote is a sentence above the parts.
type PaperNote struct {
	State State
	Text  string
}

// PaperPart is one card: a heading, and below it whatever it has.
type PaperPart struct {
	ID    string // to link to it; may be empty
	Title string
	More  Link
	Text  string
	Facts []Fact
	Items []PaperItem
	Empty string // shown when the part is a list and nothing stands in it
	Links []Link // buttons
	Files []Link // to download
	Forms []PaperForm
}

// PaperItem is one line of a list.
type PaperItem struct {
	Text, Href string
	More       string
	Chip       State // empty: none
	ChipText   string
	End        string // stands at the right
	Forms      []PaperForm
}

// PaperForm is one form. A form without fields is a button.
type PaperForm struct {
	Title     string
	Action    string
	Verb      string
	Quiet     bool // not the first thing to do
	Danger    bool
	Multipart bool // it takes files
	Method    string
	Fields    []PaperField
	Key       string   // tells the fields of forms on one page apart; for AsInline, see Form.Under
	Choices   []Option // buttons in place of Verb, each with a value of Choice
	Choice    string   // the name under which the pressed one is sent
}

// Ways of a PaperField.
const (
	AsInput  = ""
	AsText   = "text"
	AsSelect = "select"
	AsHidden = "hidden"
	AsPicks  = "picks"
	AsInline = "inline" // one line without a visible label, in a list of many forms
)

// PaperField is one field and how it is shown.
type PaperField struct {
	Field
	As      string
	Options []Option
}

// inline are the fields that stand in one line, as they are known among those of many
// forms; they are sent under their own names.
func (f PaperForm) inline() (out []Field) {
	for _, field := range f.Fields {
		if field.As != AsInline {
			continue
		}
		d := field.Field
		d.Name, d.Attrs, d.Placeholder, d.Autocomplete = f.Key+field.Name, templ.Attributes{"name": field.Name}, field.Label, "off"
		out = append(out, d)
	}
	return out
}

// HiddenField carries a value.
func HiddenField(name, value string) PaperField {
	return PaperField{Field: Field{Name: name, Value: value}, As: AsHidden}
}

// class is the look of the button of a form.
func (f PaperForm) class() string {
	switch {
	case f.Danger:
		return "btn danger"
	case f.Quiet:
		return "btn"
	}
	return "btn primary"
}

// method is how the form is sent.
func (f PaperForm) method() string {
	if f.Method != "" {
		return f.Method
	}
	return "post"
}

// encoding is how its fields are written down.
func (f PaperForm) encoding() string {
	if f.Multipart {
		return "multipart/form-data"
	}
	return "application/x-www-form-urlencoded"
}
