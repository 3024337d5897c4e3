package record

import (
	"time"

	"linli/internal/core/calendar"
)

// Record is one service of one volunteer.
type Record struct {
	District  int
	ID        string
	Source    string // what it came from, "visit:<id>"; one source, one record
	Volunteer string
	Community string
	Order     string // id; empty when it did not come from an order
	Number    string // of the order
	Name      string
	Category  string
	Place     string
	Content   string
	StartedAt time.Time
	EndedAt   time.Time
	Minutes   int    // actually spent
	Grade     string // A, B, C or M
	Organiser string // place or organisation id
	InCharge  string // person id of who vouched; may be empty
	EnteredBy string // person id; empty: the process itself
	EnteredAt time.Time
}

// Summary is a volunteer's time by grade, in minutes.
type Summary struct {
	Total int64
	Grade map[string]int64
	Count int64
}

// Page is a volunteer's record, newest first.
type Page struct {
	Summary Summary
	Items   []Record
	More    bool // there are older ones
}

// PageMost is how many rows one page holds at most.
const PageMost = 100

// Cursor is where a page of records starts: strictly older than this row. The zero
// cursor starts at the newest.
type Cursor struct {
	At int64  `json:"a"` // UTC milliseconds of StartedAt
	ID string `json:"i"`
}

// Day is the day of the record in the place's zone.
func (r Record) Day() calendar.Day { return calendar.DayOf(r.StartedAt) }
