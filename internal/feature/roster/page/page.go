package page

import "linli/internal/core/ui"

// Desk is where rosters are sent.
type Desk struct {
	Form   ui.Form
	Place  ui.Field
	Places []ui.Option
	Files  []Sent
	Export string // where rosters are fetched
}

// Sent is one roster that was sent lately.
type Sent struct {
	Href, Name, Line string
	Chip             string
	State            ui.State
}

// File is the page of one roster.
type File struct {
	Name, Line string
	Chip       string
	State      ui.State
	Progress   *ui.ProgressData // while it works
	Wrong      string           // why it cannot be read
	Good       string           // what was done
	Next       ui.Link          // what to do after that
	Numbers    []Number
	Confirm    *Confirm
	Filters    []Filter
	Found      []Found
	Pages      ui.Pages
	Downloads  []ui.Link
	Back       ui.Link
}

// Number is how many rows there are of one kind.
type Number struct{ Label, Value, Remark string }

// Confirm asks whether the rows are to be taken.
type Confirm struct {
	Form           ui.Form
	Action, Cancel string
	Verb           string
	LeaveOut       *ui.Field // when some rows are bad
	Nothing        string    // why there is nothing to take
}

// Filter is one kind of rows to look at.
type Filter struct {
	ui.Link
	Now bool
}

// Found is what is to be said of one row.
type Found struct {
	Row     string
	Chip    string
	State   ui.State
	Remarks []string
}

// Export asks for a roster to take along.
type Export struct {
	Place  ui.Field
	Places []ui.Option
	Kind   ui.Field
	Kinds  []ui.Option
	Form   ui.Form
	Whole  bool // the reader may have it whole, with a reason
	Reason ui.Field
	Back   ui.Link
}
