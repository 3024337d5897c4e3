package page

import (
	"github.com/a-h/templ"

	"linli/internal/core/ui"
)

// Sheet is the page of one place. Texts are in the reader's language.
type Sheet struct {
	Title   string
	Kind    string // level and code
	Ended   string // when it ended; empty while it exists
	Above   []ui.Link
	Facts   []Fact
	Groups  []Group
	Phone   ui.Phone
	Buttons []Button

	Sections []templ.Component
}

// Fact is one number.
type Fact struct {
	Label          string
	Value          int64
	Rate           bool
	Of, Unanswered int64
}

// Group lists the places of one level below.
type Group struct {
	Title string
	Items []ui.Link
}

// Button leads to something that the reader may do.
type Button struct {
	ui.Link
	Icon   ui.Glyph
	Dialog bool
}

// Index is where the tree begins.
type Index struct {
	Mine      []ui.Link // communities of the reader's roles
	Provinces []ui.Link
}

// Draft is the form of a new place, or of one that changes.
type Draft struct {
	Title      string
	Action     string
	Back       ui.Link
	Verb       string
	Form       ui.Form
	Level      string // of a new place, carried along
	Code       bool   // ask for the official code
	CodeStart  string
	Name       string
	Phone      string
	Lat, Lng   string
	Station    bool // ask for the station's phone
	NameSample string
}

// Rules is the page of a place's rules.
type Rules struct {
	Title  string
	Action string
	Back   ui.Link
	Form   ui.Form
	Today  string // ISO
	Rows   []RuleRow
}

// RuleRow is one rule.
type RuleRow struct {
	Name     string
	Label    string
	Value    string
	From     string
	Versions []string
}

func ruleOptions(rows []RuleRow) []ui.Option {
	var out []ui.Option
	for _, r := range rows {
		out = append(out, ui.Option{Value: r.Name, Text: r.Label})
	}
	return out
}
