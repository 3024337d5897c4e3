package points

import "linli/internal/core/ledger"

// The units of the books.
const (
	Points  = "points"
	Minutes = "minutes"
)

// Deed is something that earns points.
type Deed struct {
	District  int
	Person    string
	Community string // issues the points
	PlacePath string // whose rule holds
	Minutes   int
	Source    string // one source earns once
	Memo      string // shown to the volunteer
	Attests   string // digest of the row of the record, for the posting of the minutes
}

// Worth is the points of some minutes, to the nearest whole point, a half counting
// up; whoever served at all earns at least one where an hour earns anything.
func Worth(minutes int, perHour int64) int64 {
	if minutes <= 0 || perHour <= 0 {
		return 0
	}
	return max(1, (int64(minutes)*perHour+30)/60)
}

// Earned is a volunteer's account.
func Earned(person, unit string) ledger.Account {
	return ledger.Account{Owner: person, Book: "earned", Unit: unit}
}

// Issued is the account of the community that issues; it goes below zero by what
// it has given out.
func Issued(community, unit string) ledger.Account {
	return ledger.Account{Owner: community, Book: "issued", Unit: unit, Overdraft: true}
}

// Book is a page of an account, newest first.
type Book struct {
	Balance int64
	Lines   []ledger.Line
	More    bool
}

// PageMost is how many lines one page holds at most.
const PageMost = 100

// Next is where the following page starts.
func (b Book) Next() Cursor {
	last := b.Lines[len(b.Lines)-1]
	return Cursor{At: last.At.UnixMilli(), Posting: last.Posting}
}

// Cursor is where a page starts: strictly older than this line. The zero cursor
// starts at the newest.
type Cursor struct {
	At      int64  `json:"a"` // UTC milliseconds
	Posting string `json:"p"`
}
