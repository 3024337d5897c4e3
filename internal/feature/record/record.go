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
	Category  string // slug of core/category
	Place     string // where it was; a place id
	Content   string
	StartedAt time.Time
	EndedAt   time.Time
	Minutes   int    // actually spent; 0 in the row that withdraws another
	Grade     string // A, B, C or M
	Kind      Kind   // how it came in
	Organiser string // place or organisation id
	InCharge  string // person id of who is in charge, or vouched; may be empty
	EnteredBy string // person id; empty: the process itself
	EnteredAt time.Time

	Replaces     string    // id of the row that this one corrects or withdraws; else empty
	Reason       string    // why
	Satisfaction string    // what the resident said: satisfied, fair, unsatisfied; empty: nothing
	CountsAt     time.Time // when its public notice ends; zero for rows of before there was one

	PlacePath string // whose rules hold when it is entered; not kept
}

// Kind is how a row came in (its source).
type Kind string

// The ways into the record. There is no other (TestEveryWayIntoTheRecord).
const (
	FromOrder    Kind = "order"    // closing an order
	FromActivity Kind = "activity" // an activity; nothing enters it before the house has activities
	FromHand     Kind = "manual"   // 补录: entered by hand, approved by another unit
)

// Kinds lists them.
func Kinds() []Kind { return []Kind{FromOrder, FromActivity, FromHand} }

// Label is the word on the page; it is also the id of its translation.
func (k Kind) Label() string {
	switch k {
	case FromOrder:
		return "服务单"
	case FromActivity:
		return "活动"
	case FromHand:
		return "补录"
	}
	return string(k)
}

// Withdraws says that the row is there only to withdraw another.
func (r Record) Withdraws() bool { return r.Replaces != "" && r.Minutes == 0 }

// Grades lists the grades of evidence, the strongest first.
func Grades() []string { return []string{"A", "B", "C", "M"} }

// GradeLabel says in plain words what a grade means; it is the id of its
// translation.
func GradeLabel(grade string) string {
	switch grade {
	case "A":
		return "码对上了，人也在那儿"
	case "B":
		return "码和位置，有一样对上了"
	case "C":
		return "主人后来说来过"
	case "M":
		return "事后补记的"
	}
	return grade
}

// Summary is a volunteer's time in minutes, of the rows that stand: neither
// replaced nor withdrawn.
type Summary struct {
	Total       int64
	Grade       map[string]int64 // of each grade
	Year        int64            // of the year that it is
	Count       int64            // records
	Counted     int64            // of the total: what is neither in public notice nor held
	CountedYear int64            // of the year
	Words       Words
}

// Words counts what residents said of the services.
type Words struct{ Satisfied, Fair, Unsatisfied int64 }

// Page is a volunteer's record, newest first.
type Page struct {
	Summary  Summary
	Items    []Record
	Standing map[string]Standing // of the items, by id
	More     bool                // there are older ones
}

// PageMost is how many rows one page holds at most.
const PageMost = 100

// Cursor is where a page of records starts: strictly older than this row. The zero
// cursor starts at the newest.
type Cursor struct {
	At int64  `json:"a"` // UTC milliseconds of StartedAt
	ID string `json:"i"`
}

// Next is where the following page starts.
func (p Page) Next() Cursor {
	last := p.Items[len(p.Items)-1]
	return Cursor{At: last.StartedAt.UnixMilli(), ID: last.ID}
}

// Day is the day of the record in the place's zone.
func (r Record) Day() calendar.Day { return calendar.DayOf(r.StartedAt) }
