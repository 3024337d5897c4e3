package points

import (
	"time"

	"linli/internal/core/ledger"
)

// The units of the books.
const (
	Points  = "points"
	Minutes = "minutes"
	Items   = "items"
)

// Deed is something that earns points: some minutes of service or some donated
// items.
type Deed struct {
	District  int
	Person    string
	Community string    // issues the points
	PlacePath string    // whose rule holds
	Category  string    // of the service: its factor holds; empty for items
	Activity  string    // the order or activity in which it was done; empty when it stands alone
	At        time.Time // when it was done: the rules of that moment hold; zero: now
	Minutes   int
	Items     int
	Source    string // one source earns once
	Memo      string // shown to the volunteer
	Attests   string // digest of the row of the record, for the posting of the minutes

	// HeldUntil is when the points may be spent: until then they count in the balance
	// and cannot be used, because what they are for is in public notice. Zero: at once.
	HeldUntil time.Time
}

// Terms are the rules of a place by which a deed is worth something.
type Terms struct {
	PerHour, PerItem    int64
	Percent             int64 // factor of the service's class; 100 changes nothing
	DayCap, ActivityCap int64 // 0: no cap
}

// Worth is the points of some minutes, to the nearest whole point, a half counting
// up; whoever served at all earns at least one where an hour earns anything.
func Worth(minutes int, perHour int64) int64 {
	return Terms{PerHour: perHour, Percent: 100}.worth(Deed{Minutes: minutes})
}

// worth is what a deed earns before caps.
func (t Terms) worth(d Deed) int64 {
	items := int64(max(0, d.Items)) * t.PerItem
	if d.Minutes <= 0 || t.PerHour <= 0 || t.Percent <= 0 {
		return items
	}
	return items + max(1, (int64(d.Minutes)*t.PerHour*t.Percent+3000)/6000)
}

// capped is what is left of n for somebody who has earned some today and in the
// activity before.
func (t Terms) capped(n, today, activity int64) int64 {
	if t.DayCap > 0 {
		n = min(n, t.DayCap-today)
	}
	if t.ActivityCap > 0 {
		n = min(n, t.ActivityCap-activity)
	}
	return max(0, n)
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

// Owed is what somebody has spent of points that were taken back afterwards; it
// goes below zero by the debt, which later awards pay first.
func Owed(person string) ledger.Account {
	return ledger.Account{Owner: person, Book: "owed", Unit: Points, Overdraft: true}
}

// Purse is what somebody has and what of it can be spent.
type Purse struct {
	Balance int64
	Held    int64 // in public notice, or objected to
	Owed    int64 // to be paid first by what is earned next
}

// Spendable is what can be used now.
func (p Purse) Spendable() int64 { return max(0, p.Balance-p.Held-p.Owed) }

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
