package page

import "linli/internal/core/ui"

// Presence is the check-in and check-out page.
type Presence struct {
	Self            string // this page's own address
	Title, Question string
	In              bool
	State           ui.State
	Word            string
	Host, Where     string
	Action, Verb    string
	Form            ui.Form
	Since           string
	Phone           ui.Phone // of the host
	Notes           []string
	Back            ui.Link
	Done            string // where "办好了" is posted, after check-out
}

// Code is what the host shows to the volunteer.
type Code struct {
	Digits  string
	Left    string
	Self    string // where a fresh one comes from
	Seconds int
}

// Visit is one coming and going.
type Visit struct {
	Who, Text, Grade string
	Settle           string // where the leader's word is posted; empty when none is wanted
	ID               string
	Minutes          int
}
