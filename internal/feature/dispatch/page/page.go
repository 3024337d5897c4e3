package page

import (
	"strconv"

	"linli/internal/core/ui"
)

// Plan is a draft. Texts are in the reader's language.
type Plan struct {
	Title, Line  string
	Self         string // where its steps are sent below
	Place        string // to be planned again
	Version      int64
	Verb         string // sends it out; empty when there is nothing to be sent
	Open         bool
	Notes        []Note
	Figures      []Figure
	Proposals    []Proposal
	ProposalPart Part
	Left         []Left
	LeftPart     Part
	Bans         []Pair
	Skipped      []Line
	Missing      []Missing
	MoreMissing  string // how many kinds are not named
	Fair         []Note
	Loads        []Load
	MoreLoads    string
	Unasked      string // how many nobody has asked for a month
	Forgotten    []ui.Link
	Pick         *Pick
}

// Part is which part of a long list is shown; empty when it is all of it.
type Part struct{ Said, Before, Next string }

// Note is a sentence with what it is: good news, careful.
type Note struct {
	State ui.State
	Text  string
}

// Figure is one number of the plan beside that of first-come.
type Figure struct{ Label, Value, Remark string }

// Line is an order with one sentence.
type Line struct {
	Order ui.Link
	Text  string
}

// Proposal is one volunteer at one order.
type Proposal struct {
	Pair
	For, When, Why string
	Kept, Changed  bool
	Swap           string // where somebody else is chosen
}

// Pair is an order and a volunteer, as their steps name them.
type Pair struct {
	Order       ui.Link
	OrderID     string
	Volunteer   string
	VolunteerID string
	Said        string // both, for those who do not see the row of a button
}

// Left is an order for which people are missing.
type Left struct {
	Line
	OrderID          string
	For, When, Short string
	Swap             string
	Release          *Pair // who was to go there and cannot
}

// Missing is a kind of people who are missing.
type Missing struct {
	Name, When, Short, More string
	People                  int
	Place, Category, Part   string
	Asked                   bool
	Verb                    string
}

// Load is the orders of a volunteer before and after.
type Load struct{ Name, Week, Text string }

// Pick is the choice of somebody else for an order.
type Pick struct {
	Title, Text string
	OrderID     string
	Back        string
	Candidates  []Candidate
}

// Candidate is somebody who could go instead.
type Candidate struct {
	ID, Verb string
	Data     ui.CandidateData
}

// Start is the way to a draft, as the board shows it too.
type Start struct {
	Line        string
	Forms       []Form   // one a place
	Ready       *ui.Link // the draft that is open
	Said        string   // of that draft
	Places      []ui.Link
	Missing     []Missing
	MoreMissing string
	Past        []Line
}

// Form makes a draft of one place.
type Form struct {
	Place, Verb string
	First       bool
}

// Recruitments is whom a community looks for.
type Recruitments struct {
	List []Recruitment
	May  bool // take one back
}

// Recruitment is one asking.
type Recruitment struct{ Name, When, Join, End string }

// Number is a number as it stands in a text.
func Number(n int) string { return strconv.Itoa(n) }
