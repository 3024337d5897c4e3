package page

import (
	"fmt"
	"strings"

	"rsc.io/qr"

	"linli/internal/core/ui"
)

// Catalogue is what points can be exchanged for.
type Catalogue struct {
	Title, Place string
	Form         ui.Form
	Spendable    int64
	Year, Gate   int64
	Open         bool // enough was earned this year
	Own          bool // it is where the reader lives
	Manages      bool
	Items        []Reward
}

// Reward is one thing of it. Texts are in the reader's language.
type Reward struct {
	ID, Name, About, Points, Where, Hours, Left, Most, Verb string
	Short                                                   string // what the reader still lacks
	Wished, Off, Can                                        bool
}

// RewardForm is the form of a reward.
type RewardForm struct {
	Title, Action, Verb, Place, Wish string
	Form                             ui.Form
	New                              bool
	Values                           map[string]string
	Merchants                        []ui.Option
}

// Coupons is what somebody has.
type Coupons struct{ Open, Past []CouponRow }

// CouponRow is one of them.
type CouponRow struct {
	Href, Name, Where, When, Word string
	State                         ui.State
}

// Coupon is one coupon, to be shown at a till.
type Coupon struct {
	Name, Number, Word, Return string
	State                      ui.State
	Open                       bool
	Points                     int64
	Facts                      []ui.Fact
	QR                         QR
}

// QR is a code as a drawing: one path of its dark squares.
type QR struct {
	Box  string // viewBox, with the quiet zone of four squares
	Path string
}

// NewQR draws a text with error correction M: a cracked glass still reads.
func NewQR(text string) (QR, error) {
	code, err := qr.Encode(text, qr.M)
	if err != nil {
		return QR{}, err
	}
	var b strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&b, "M%d %dh1v1h-1z", x, y)
			}
		}
	}
	return QR{Box: fmt.Sprintf("-4 -4 %d %d", code.Size+8, code.Size+8), Path: b.String()}, nil
}

// Till is where coupons are taken, online and offline.
type Till struct {
	Title, Key, Lists, Code string
	Keys                    []string
	Form                    ui.Form
	Seen                    *Seen
	Recent                  []Use
	Statements              []ui.Link
}

// Seen is the coupon of a code, before it is used.
type Seen struct {
	Name, Number, Word, Until string
	State                     ui.State
	Open                      bool
}

// Use is one handing over.
type Use struct {
	ID, Name, Number, When, Points, Word, Bearer, By, Merchant, First, Words string
	Good, Offline, Settled                                                   bool
}

// Statement is a merchant's month.
type Statement struct {
	Title, Self, Month, File, Coupons, Points, Before, After string
	Lines                                                    []Line
	Uses                                                     []Use
	Contacts                                                 []Contact
	Form                                                     ui.Form
	May                                                      bool
}

// Line is one reward of a month.
type Line struct{ Name, Coupons, Points string }

// Contact is who signs in for a merchant.
type Contact struct{ Name, Dismiss, Said string }

// Wishes is what people would like.
type Wishes struct {
	Title   string
	Form    ui.Form
	Manages bool
	Items   []Wish
}

// Wish is one of them.
type Wish struct {
	Name, Votes, Vote, Decline, Offer, Answer string
	Mine, Open                                bool
}

// Owed is what a place owes.
type Owed struct {
	Title, Place, Outstanding, Held, Reserved, Covered, Share, Redeemed, Lapsed string
	Growth                                                                      []ui.Bar
}

// Findings are coupons that were used more than once.
type Findings struct {
	Title   string
	Items   []Use
	Bearers []ui.Option
	May     bool
}
