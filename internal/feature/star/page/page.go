package page

import "linli/internal/core/ui"

// Board is the stars of a place. Texts are in the reader's language.
type Board struct {
	Title, Place           string
	Mine                   *Mine
	Waiting, Notice, Given []Row
}

// Mine is where the reader stands.
type Mine struct{ Stars, Hours, Next, Honours string }

// Row is one star or honour.
type Row struct {
	Href, Name, Stars, Line, Word string
	State                         ui.State
}

// Case is a star on its way to somebody.
type Case struct {
	Title, Self, Back, Word string
	State                   ui.State
	Facts                   []ui.Fact
	Form                    ui.Form
	Decide, Object          bool
	Objections              []Objection
}

// Objection is what somebody said, with the way to answer it.
type Objection struct{ Words, Line, Answer string }

// Table is a place's table.
type Table struct {
	Title, Place, Now, Workdays string
	Yearly, May                 bool
	Form                        ui.Form
	Rows                        []StarRow
	Levels                      []ui.Option
	Versions, Examples          []string
}

// StarRow is one star of it.
type StarRow struct{ Stars, Name, Hours, ApproverName, Approver, ApproverWord string }

// Honours is the rounds of a place.
type Honours struct {
	Title, Place string
	Runs         bool
	Form         ui.Form
	Kinds        []ui.Option
	Items        []Row
}

// Round is one of them.
type Round struct {
	Title, Self, Back, Word string
	State                   ui.State
	Facts                   []ui.Fact
	Form                    ui.Form
	Nominate, Vote, Object  bool
	Nominees                []Nominee
}

// Nominee is somebody who was put forward.
type Nominee struct {
	ID, Name, Words, Votes, Object string
	Won, Mine                      bool
	Objections                     []Objection
}
