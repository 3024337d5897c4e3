package page

import (
	"github.com/a-h/templ"

	"linli/internal/core/ui"
)

// Desk is the reader's own page.
type Desk struct {
	Name     string
	About    string // roles and place
	Helps    bool   // the reader is a volunteer, or was
	Time     Time
	Points   string
	Sections []templ.Component // what others add
	Ways     []Way
	SignOut  string // where a form is posted; empty when nobody is signed in
}

// Time is how long somebody has served.
type Time struct {
	Year, Total, Count string
	Counted            string // of the total, what counts already; empty when all does
	Grades             []Grade
}

// Grade is the part of it with one kind of evidence.
type Grade struct {
	Mark string // A, B, C or M
	Text string // what it means
	Time string
}

// Way leads to another page about oneself.
type Way struct {
	Href, Text, More string
	Icon             ui.Glyph
	Count            int // unread
}

// Record is one page of somebody's service record.
type Record struct {
	Title   string
	Lead    string
	Time    Time
	Items   []Item
	Pages   ui.Pages
	Printed string    // where the page to print is
	Files   []ui.Link // to take it along; nil when it is not one's own
	Back    ui.Link

	Print    bool   // as it goes on paper
	Self     string // the path of the page, for the query by days
	From, To string // the days that were asked for
	Sum      string // what stands in them
	Form     ui.Form
	Basic    []ui.Fact
	Groups   []ui.PaperPart // trainings, awards, evaluation
	Ways     []ui.Link      // what staff can do
}

// Item is one service.
type Item struct {
	Name, Href string // of its order; Href may be empty
	Day, Hours string
	Where      string
	Time       string
	Mark, Text string // of the grade
	Source     string // 补录 stays marked; empty for what came by itself
	State      string // where it stands when it does not simply count
	Gone       bool   // corrected or withdrawn
}

// Section is the card of service on a person's page.
type Section struct {
	Time   Time
	Points string // empty when the reader may not see them
	Items  []Item
	All    ui.Link
}
