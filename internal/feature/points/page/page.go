package page

import (
	"context"

	"linli/internal/core/ui"
)

// Points is what somebody has earned, the newest movements first.
type Points struct {
	Balance   int64
	Spendable int64
	Held      int64
	Owed      int64
	PerHour   int64 // what an hour earns where the reader lives
	Year      int64
	Gate      int64
	Gives     bool     // points may be given here
	Lapses    []string // what lapses soon, said
	Items     []Entry
	Pages     ui.Pages
}

// Entry is one movement. Texts are in the reader's language.
type Entry struct {
	Memo, When string
	Amount     int64
	Balance    string // after it
}

// signed is an amount with its sign, as people write it.
func (e Entry) signed() string {
	if e.Amount > 0 {
		return "+" + ui.Number(e.Amount)
	}
	return ui.Number(e.Amount)
}

// earns says what an hour is worth; nothing where it earns nothing.
func earns(ctx context.Context, p Points) string {
	if p.PerHour == 0 {
		return ""
	}
	return ui.T(ctx, "服务 1 小时记 %d 分", p.PerHour)
}

// usable says why not all of it can be used.
func usable(ctx context.Context, p Points) string {
	switch {
	case p.Owed > 0:
		return ui.T(ctx, "先补上退回的 %d 分", p.Owed)
	case p.Held > 0:
		return ui.T(ctx, "%d 分还在公示", p.Held)
	}
	return ""
}

// gated says how far the gate is.
func gated(ctx context.Context, p Points) string {
	if p.Year >= p.Gate {
		return ui.T(ctx, "满 %d 分，可以评星级、兑换了", p.Gate)
	}
	return ui.T(ctx, "再挣 %d 分就能评星级、兑换", p.Gate-p.Year)
}

// Gifts is the form for giving points.
type Gifts struct {
	Form     ui.Form
	People   []ui.Option
	Left     int64
	MonthCap int64
	Given    int64
}

// Rules is the rules of points at a place.
type Rules struct {
	Title, Place string
	Facts        []ui.Fact
	Factors      []Factor
	Classes      []ui.Option
	Form         ui.Form
	May          bool    // change what classes are worth
	Numbers      ui.Link // to where the numbers are changed; empty for who may not
}

// Factor is what a class is worth, from a day on.
type Factor struct {
	Name, Percent, Place, From string
	Later                      bool
}

// Trial is what other rules would have done.
type Trial struct {
	Title, Place, Span string
	Values             map[string]string // of the form
	Classes            []ui.Option
	Asked              bool
	Was, Would         int64
	More, Less, Same   int
	Gated, WouldBe     int
	Rows               []Change
	People             []Change
}

// Change is one line of a trial.
type Change struct{ Name, Was, Would string }

// Donations is what a community was given, and the form for more.
type Donations struct {
	Title, Place string
	Community    bool // items are taken in here
	Form         ui.Form
	Items        []Donation
}

// Donation is one line of it.
type Donation struct {
	Href, Number, Line, When, Points string
	Withdrawn                        bool
}

// Receipt is the receipt of a donation.
type Receipt struct {
	Title, Self, Back string
	Facts             []ui.Fact
	Form              ui.Form
	Withdrawn         bool
	Reason            string
}
