package exchange

import (
	"time"

	"linli/internal/core/calendar"
	"linli/internal/feature/points"
)

// State is where a coupon stands.
type State string

// The states of a coupon.
const (
	Open     State = "open"
	Used     State = "redeemed"
	Returned State = "returned"
	Expired  State = "expired"
)

// Label is the word on the page; id of its translation.
func (s State) Label() string {
	switch s {
	case Open:
		return "没用"
	case Used:
		return "用了"
	case Returned:
		return "退了"
	}
	return "过期退分"
}

// Outcome is what came of handing something over for a coupon.
type Outcome string

// The outcomes: all but the first are findings.
const (
	Good          Outcome = "good"
	Double        Outcome = "double"   // it had been used already
	AfterReturn   Outcome = "returned" // its owner had returned it
	AfterExpiring Outcome = "expired"  // its points had gone back
)

// Label is the word on the page; id of its translation.
func (o Outcome) Label() string {
	switch o {
	case Good:
		return "对"
	case Double:
		return "用了两次"
	case AfterReturn:
		return "退了又用"
	}
	return "过期了还用"
}

// Bearer is who stands for a use that nobody paid for.
type Bearer string

// The bearers.
const (
	ByPlace    Bearer = "place"
	ByMerchant Bearer = "merchant"
	ByHolder   Bearer = "holder"
)

// Enum lists the values for the decoder of requests.
func (Bearer) Enum() []string { return []string{string(ByPlace), string(ByMerchant), string(ByHolder)} }

// Label is the word on the page; id of its translation.
func (b Bearer) Label() string {
	switch b {
	case ByPlace:
		return "社区担"
	case ByMerchant:
		return "商户担"
	}
	return "持券人担"
}

// Reward is something that a place gives for points.
type Reward struct {
	District  int
	ID        string
	Version   int64
	Place     string
	Merchant  string // org; empty when the station itself gives it
	Name      string
	About     string
	Points    int64
	Stock     int64
	MonthMost int    // of one person; 0: no limit
	Hours     string // when it is handed over
	Wish      string // that it answers
	Active    bool
}

// Coupon is a right to one reward.
type Coupon struct {
	District int
	ID       string
	Number   string // twelve digits
	Reward   string
	Name     string // of the reward, as it was
	Place    string
	Merchant string
	Person   string
	Points   int64
	State    State
	IssuedAt time.Time
	LastDay  calendar.Day // on which it can be used
	EndsAt   time.Time    // unused, its points go back then
	EndedAt  time.Time    // zero while it is open
}

// ticket is the coupon as the books see it.
func (c Coupon) ticket(memo string) points.Ticket {
	return points.Ticket{District: c.District, Person: c.Person, Place: c.Place, Coupon: c.ID, Points: c.Points, Memo: memo}
}

// code is what a phone reads.
func (c Coupon) code() Code {
	return Code{District: c.District, Number: c.Number, Till: tillKey(c.Merchant, c.Place), LastDay: c.LastDay}
}

// Use is one handing over for a coupon.
type Use struct {
	District  int
	ID        string
	Coupon    string
	Place     string
	Merchant  string
	Cashier   string
	At        time.Time
	BookedAt  time.Time
	Offline   bool
	Outcome   Outcome
	Bearer    Bearer
	Points    int64
	Name      string
	SettledBy string
	SettledAt time.Time
	Words     string
}

// ticket is the use as the books see it: each is borne once.
func (u Use) ticket(person, memo string) points.Ticket {
	return points.Ticket{District: u.District, Person: person, Place: u.Place, Coupon: u.Coupon + ":" + u.ID, Points: u.Points, Memo: memo}
}

// Wish is a reward that people would like.
type Wish struct {
	District int
	ID       string
	Place    string
	Name     string
	AskedBy  string
	AskedAt  time.Time
	State    string // open, offered, declined
	Answer   string
	Votes    int64
	Mine     bool // the reader would like it too
}

// The states of a wish.
const (
	WishOpen     = "open"
	WishOffered  = "offered"
	WishDeclined = "declined"
)
