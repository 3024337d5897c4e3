package ui

import "github.com/a-h/templ"

// Col is one column of a board.
type Col struct {
	ID       string // for swaps; may be empty
	State    State
	Title    string
	Count    int    // all that are in this state, shown or not
	More     int    // how many are not shown
	MoreHref string // where they are
	Shut     bool   // only its name and count, upright
	Href     string // what the name of a shut column opens
}

// TicketData is one card on a board.
type TicketData struct {
	Href    string
	Title   string
	Line    string          // for whom
	Soft    string          // when, or with whom
	Chip    templ.Component // only where the column does not say it; nil for none
	Current bool            // the one that is open beside the board
}

// CandidateData is one who could be asked.
type CandidateData struct {
	Name string
	Sub  string // the team, or what else is known
	Best bool
	Why  []Reason // in fixed order: skill, way, load, continuity
}

// Reason says one thing in favour or against.
type Reason struct {
	Label string // 2 or 3 characters
	Text  string
	Full  int // 2 full, 1 half, 0 empty
}

// Passed is one who was left out, and why.
type Passed struct {
	Name, Why string
}
