package page

import (
	"github.com/a-h/templ"

	"linli/internal/core/ui"
)

// List is the page of the volunteers of one community.
type List struct {
	Title    string
	Place    string
	Words    string
	Skill    string
	Status   string
	Others   []ui.Option // communities that could be looked at instead
	Skills   []ui.Option
	Statuses []ui.Option
	Import   string // where rosters are sent; empty when the reader may not
	Export   string
	Rows     []Row
	Filtered bool
	Pages    ui.Pages
}

// Row is one volunteer of a list.
type Row struct {
	Href, Name, Number, Where, Phone string
	Skills                           string
	Chip                             string
	State                            ui.State
}

// Choice asks which community is meant.
type Choice struct {
	Title string
	Items []ui.Link
}

// Volunteer is the page of one volunteer.
type Volunteer struct {
	Name, About string
	Chip        string
	State       ui.State
	Notice      string // what the reader should know or do first
	Facts       []ui.Fact
	Skills      []string
	Free        []ui.Fact
	Buttons     []Button
	Sections    []templ.Component
}

// Button is one thing that the reader may do: a link, or a form that is posted.
type Button struct {
	Text   string
	Href   string // of a link
	Action string // of a form
	Main   bool
	Dialog bool // the link opens as a dialog when there is script
}

// Form asks how somebody serves, and for the agreements of somebody new.
type Form struct {
	Title, Lead string
	Action      string
	Verb        string
	Back        ui.Link
	Form        ui.Form
	Skills      []Group
	SkillsWrong string
	Days        []Group
	FreeWrong   string
	Walk        ui.Field
	Walks       []ui.Option
	Limit       ui.Field
	Limits      []ui.Option
	Contact     [2]ui.Field // name and phone of whom to call in need
	Note        ui.Field
	More        []ui.Field
	Profile     bool // ask how they serve
	Agree       *Agree
	Decline     string // where a no is posted; empty when it cannot be
	Told        []ui.Fact
}

// Group is a heading with things to tick.
type Group struct {
	Name    string
	Open    bool
	Choices []Tick
}

// Tick is one thing to tick.
type Tick struct {
	Name, Value, Text, About string
	Chosen                   bool
}

// Agree is what has to be agreed to, and what must be known first.
type Agree struct {
	Terms    []Tick
	Wrong    string
	Birth    bool // ask for it
	Guardian bool // one is needed, or may be
	Minor    bool // one is needed for certain
	Papers   [2]ui.Field
	Guard    [2]ui.Field
	Word     ui.Field
}

// Standing is the card that says on a person's page whether they serve.
type Standing struct {
	Chip  string // empty for somebody who is no volunteer
	State ui.State
	Line  string
	Link  ui.Link
}
