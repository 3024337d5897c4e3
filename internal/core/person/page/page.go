package page

import (
	"github.com/a-h/templ"

	"linli/internal/core/ui"
)

// List is the page of the persons of one community. Texts are in the reader's
// language.
type List struct {
	Title  string
	Place  string
	Words  string
	Others []ui.Option // communities that could be looked at instead; nil for only one
	New    string      // where one is registered; empty when the reader may not
	Rows   []Row
	Pages  ui.Pages
}

// Row is one person of a list.
type Row struct {
	Href, Name, About, Address, Phone string
	Alone                             bool
}

// Choice asks which community is meant.
type Choice struct {
	Title string
	Items []ui.Link
}

// Person is the page of one person.
type Person struct {
	Title    string
	Initial  string
	About    string
	Alone    bool
	Self     bool
	Opened   string   // what was just opened, and that the person can see it
	Call     ui.Phone // when it is open
	Facts    []ui.Fact
	Members  []Row
	Consents []Consent
	Agree    string // where agreements are posted; empty when the reader may not
	Guardian bool   // a guardian has to agree
	Buttons  []Button
	Sections []templ.Component
}

// Button leads to something that the reader may do.
type Button struct {
	ui.Link
	Icon ui.Glyph
	Main bool
}

// Consent is one purpose.
type Consent struct {
	Purpose, Label, Text string
	State                string // in words
	Agreed               bool
}

// Agree asks which guardian agreed to a purpose.
type Agree struct {
	Purpose, Label, Text string
	Action               string
	Back                 ui.Link
	Form                 ui.Form
}

// Form asks for a new person, or for what changes of one.
type Form struct {
	Title, Lead string
	Action      string
	Back        ui.Link
	Verb        string
	Form        ui.Form
	Edit        bool // what is left empty stays; some fields can be emptied
	Version     string
	Now         Now
	Homes       []ui.Option
	Documents   []ui.Option
	Clear       []ui.Option
}

// Now is what stands there already: values of one's own page, masked hints on
// those of others.
type Now struct {
	Name, Sex, Birth, IDType, IDNumber, Phone, Place, Door, Address, Note, Alone             string
	NameHint, BirthHint, IDNumberHint, PhoneHint, PlaceHint, DoorHint, AddressHint, NoteHint string
}

// Unmask asks what to open and why.
type Unmask struct {
	Title  string
	Action string
	Back   ui.Link
	Form   ui.Form
	Fields []ui.Option
	Chosen []string
}

// Move asks where a household lives now.
type Move struct {
	Title, Lead string
	Action      string
	Back        ui.Link
	Form        ui.Form
	Homes       []ui.Option
}

// Seen is the page 谁看过我的信息.
type Seen struct {
	Entries []ui.LogEntry
	Pages   ui.Pages
}
