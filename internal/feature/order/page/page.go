package page

import (
	"github.com/a-h/templ"

	"linli/internal/core/ui"
	visit "linli/internal/feature/visit/page"
)

// Home is the resident's first page.
type Home struct {
	Hero    ui.HeroData
	Ask     ui.Form
	Popular []Service
	Active  []Brief // what is under way for this resident
	All     int     // how many there are in all
	Offers  int     // asked of the reader as a volunteer
}

// Service is one tile of what is often asked for.
type Service struct {
	ID, Name string
	Icon     ui.Glyph
}

// Brief is an order in a list.
type Brief struct {
	Href    string
	Number  string
	Title   string
	State   ui.State
	Word    string // the state in the reader's words
	Late    bool
	When    string
	Line    string // whom it is for, or who comes
	Soft    string
	Way     string // minutes on foot
	Steps   []ui.Step
	Helper  *Helper
	Offer   string // by when an answer is wanted; empty when none is
	Risk    string
	People  string // "还差 2 个人"
	Lasts   string // "约 40 分钟"
	Buttons []Button
}

// Button is one thing that can be pressed.
type Button struct {
	Label   string
	Action  string // a form posts here; empty: Href is a link
	Href    string
	Primary bool
	Danger  bool
	Icon    ui.Glyph
	Fields  map[string]string
	Dialog  bool // the link opens as a dialog when there is script
	Geo     bool // asks the phone for its position first
}

// Helper is who comes.
type Helper struct {
	Name, Sub string
	Phone     ui.Phone
}

// Ask is the page that shows what a sentence was taken to mean.
type Ask struct {
	Form     ui.Form
	Words    string
	For      string // person id when asked for another
	ForName  string
	Source   string
	Services []ui.Option
	Kind     ui.Field
	Others   []ui.Option // the whole list, for when none fits
	When     []ui.Option
	WhenHint string
	From, To ui.Field
	Address  ui.Field
	Tel      ui.Field
	Risk     ui.Field
	People   ui.Field
	Persons  []ui.Option // for whom the reader may ask
	Who      ui.Field
	Notices  []string
	Warning  string // the household already waits for the same
	Advice   string // in an emergency
	Back     ui.Link
}

// Order is the page of one order.
type Order struct {
	Title, Number string
	State         ui.State
	Word          string
	Late          bool
	Steps         []ui.Step
	Words         string
	Notices       []string
	Answer        *Answer // the reader is asked whether they come
	Buttons       []Button
	Evaluate      *Evaluate
	Said          []Said
	Helpers       []Helper
	Facts         []ui.Fact
	Log           []ui.LogEntry
	Code          *visit.Code
	Visits        []visit.Visit
	Offers        []Asked
	Live          string // address of the events; empty when nothing is to be waited for
	Self          string
}

// Answer is the question to a volunteer who was offered the order.
type Answer struct {
	Title   string
	By      string
	Wide    string // that the order has more time than the plan needs
	Accept  string // where yes is posted
	Refuse  string
	Reasons []string
	Members []ui.Option // whom a leader may send
	Form    ui.Form
}

// Evaluate is the form of one side.
type Evaluate struct {
	Action  string
	Legend  string
	Form    ui.Form
	Reasons []ui.Option
	Solved  bool // ask whether it was solved
	ByPhone bool // the worker may type the resident's words
	Call    bool // offer the telephone instead
}

// Said is the word of one side.
type Said struct {
	Name, Role, Text string
	Chip             string
	State            ui.State
}

// Asked is one offer, for the station.
type Asked struct {
	Name, Text, State string
	Kind              ui.State
}

// Nearby is the volunteer's list.
type Nearby struct {
	Mine  []Brief // accepted, next first
	Asked []Brief // offers that wait for an answer
	Open  []Brief
	Skill bool // filters
	Close bool
	Phone ui.Phone
}

// Mine is the list of one's own orders.
type Mine struct {
	Title  string
	Staff  bool
	State  string // that is shown; empty for all
	States []ui.Option
	Place  string
	Items  []Brief
	Pages  ui.Pages

	Escalated bool   // only those that were reported to the street
	Alarm     string // that there are some; empty when there are none, or they are shown
}

// Board is the station's board.
type Board struct {
	Title, Line string
	Late        string
	Query       string
	Kind        string
	Kinds       []ui.Option
	Place       string
	Places      []ui.Option
	Columns     []Column
	Pick        *Pick
	Calls       []Call
	Rates       []Rate
	New         string // where the worker writes an order
	Events      string
	Self        string

	Above, Below []templ.Component // of plans
}

// Column is one state with its tickets.
type Column struct {
	Col     ui.Col
	Tickets []Ticket
}

// Ticket is one order on the board.
type Ticket struct {
	Data ui.TicketData
	Late string // "等了 26 小时"; empty when in time
	Word string // the state, where the column does not say it
	At   ui.State
}

// Pick is the order that is open beside the board, with its candidates.
type Pick struct {
	Href, Title, Text string
	Notices           []string
	Risk              string
	Buttons           []Button
	Offers            string // where offers are posted; empty when nobody is to be asked now
	Candidates        []Candidate
	LeftOut           []ui.Passed
	Asked             []Asked
	Note              string
}

// Candidate is somebody who could be asked.
type Candidate struct {
	Data  ui.CandidateData
	Value string // "volunteer:<id>"
	Verb  string
	Phone ui.Phone // of a team
	Look  string   // where a volunteer's number is shown, and the look recorded
	Name  string
}

// Call is a telephone call that the station owes.
type Call struct {
	Name, Why, Href string
	Masked          string   // in the list
	Phone           ui.Phone // on the call's own page
	Make            string   // path of that page, and of the note that it was made
}

// Rate is one of the three rates, with its numerator and denominator.
type Rate struct {
	Label      string
	N, Of      int64
	Unanswered int64
}

// Section is the card of orders on a person's page.
type Section struct {
	New    string // where the station writes an order for them; empty for others
	Codes  string // where a sheet of one-time codes is printed
	Orders []Brief
}
