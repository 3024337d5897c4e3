package page

import "linli/internal/core/ui"

// List is the page of the organisations of a place.
type List struct {
	Title string
	Place string
	Words string
	Kinds []Kind
	Kind  string
	New   string // where one is added; empty when the reader may not
	Rows  []Row
	Other ui.Link // the same of the next larger place; empty for none
	Pages ui.Pages
}

// Kind is one kind of organisation to look at.
type Kind struct {
	ui.Link
	Now bool
}

// Row is one organisation of a list.
type Row struct {
	Href, Name, Kind, Class, Where, People string
}

// Org is the page of one organisation.
type Org struct {
	Name, About string
	Closed      string // that it is no more
	Facts       []ui.Fact
	Services    []string
	Members     []Member
	Count       string // how many serve
	Hidden      bool   // who they are is not for the reader
	Buttons     []Button
	Enlist      *Enlist
}

// Member is one person of a team.
type Member struct {
	Href, Name, Line string
	Leader           bool
	Dismiss          string // where it is posted; empty when the reader may not
	DismissLabel     string
}

// Button is one thing that the reader may do: a link, or a form that is posted.
type Button struct {
	Text   string
	Href   string
	Action string
	Main   bool
	Dialog bool
}

// Enlist asks whom to take into a team.
type Enlist struct {
	Action string
	Form   ui.Form
	Field  ui.Field
}

// Form asks for an organisation, or for what a leader decides.
type Form struct {
	Title, Lead string
	Action      string
	Verb        string
	Back        ui.Link
	Form        ui.Form
	Place       string // kept for a new one
	Kind        *ui.Field
	Kinds       []ui.Option
	Lines       []ui.Field
	Purpose     *ui.Field
	Services    []Group
	Wrong       string
	Capacity    *ui.Field
}

// Group is a heading with services to tick.
type Group struct {
	Name    string
	Open    bool
	Choices []Tick
}

// Tick is one service to tick.
type Tick struct {
	Value, Text string
	Chosen      bool
}

// Teams is the card with somebody's teams on another page.
type Teams struct {
	Items []ui.Link
	All   ui.Link
}
