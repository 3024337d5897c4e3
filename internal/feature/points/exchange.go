package points

import (
	"linli/internal/core/ledger"
	"linli/internal/kit/db"
)

// The accounts of a place that has a catalogue: what is put by for coupons that are
// not used yet, and what was used. Together with what was issued and what lapsed
// they say what the place owes.
func Reserved(place string) ledger.Account {
	return ledger.Account{Owner: place, Book: "reserved", Unit: Points}
}

// Redeemed is what was handed over for points.
func Redeemed(place string) ledger.Account {
	return ledger.Account{Owner: place, Book: "redeemed", Unit: Points}
}

// Ticket is a coupon as the books see it.
type Ticket struct {
	District int
	Person   string
	Place    string // whose catalogue it is from; its chain carries the postings
	Coupon   string // id; each movement of it happens once
	Points   int64
	Memo     string // shown to the owner
}

// Reserve puts the points of a coupon by. What is held or owed cannot be used.
func Reserve(tx *db.Tx, t Ticket) error {
	_, err := spend(tx, t.Person, t.Points, t.posting("reserve", Earned(t.Person, Points), Reserved(t.Place)))
	return err
}

// Release gives the points of an unused coupon back to its owner.
func Release(tx *db.Tx, t Ticket) error {
	_, err := post(tx, t.posting("release", Reserved(t.Place), Earned(t.Person, Points)))
	return err
}

// Redeem books that the coupon was used.
func Redeem(tx *db.Tx, t Ticket) error {
	_, err := post(tx, t.posting("redeem", Reserved(t.Place), Redeemed(t.Place)))
	return err
}

// Bear lets the place stand for a coupon that was used once more than it was paid
// for: it issues what nobody earned, and the books say so.
func Bear(tx *db.Tx, t Ticket) error {
	_, err := post(tx, t.posting("bear", Issued(t.Place, Points), Redeemed(t.Place)))
	return err
}

// Unbear takes Bear back, when it is settled that somebody else stands for it.
func Unbear(tx *db.Tx, t Ticket) error {
	_, err := post(tx, t.posting("unbear", Redeemed(t.Place), Issued(t.Place, Points)))
	return err
}

// Charge lets its owner stand for it: from the balance as far as that goes, the rest
// as a debt which later awards pay first.
func Charge(tx *db.Tx, t Ticket) error {
	if _, err := ledger.Lock(tx, t.District, Owed(t.Person)); err != nil {
		return err
	}
	has, err := ledger.Lock(tx, t.District, Earned(t.Person, Points))
	if err != nil {
		return err
	}
	there := min(t.Points, has)
	p := t.posting("charge", Earned(t.Person, Points), Redeemed(t.Place))
	p.Entries = moved(
		ledger.Entry{Account: Earned(t.Person, Points), Amount: -there},
		ledger.Entry{Account: Owed(t.Person), Amount: there - t.Points},
		ledger.Entry{Account: Redeemed(t.Place), Amount: t.Points})
	_, err = post(tx, p)
	return err
}

// posting moves the ticket's points from one account to another.
func (t Ticket) posting(act string, from, to ledger.Account) ledger.Posting {
	return ledger.Posting{
		District: t.District, Source: "coupon:" + t.Coupon + ":" + act, Place: t.Place, Memo: t.Memo,
		Entries: []ledger.Entry{{Account: from, Amount: -t.Points}, {Account: to, Amount: t.Points}},
	}
}

// Standing is what a place's books say of the points in people's hands.
type Standing struct {
	Issued   int64 // given for deeds, after what was taken back
	Reserved int64 // in coupons that are not used
	Redeemed int64
	Lapsed   int64
	Held     int64 // of what is outstanding: in public notice
}

// Outstanding is what people can still come with.
func (s Standing) Outstanding() int64 { return s.Issued - s.Reserved - s.Redeemed - s.Lapsed }

// StandingOf adds up the books of some places of a district.
func StandingOf(tx *db.Tx, district int, places []string) (s Standing, err error) {
	for _, at := range places {
		for account, sum := range map[ledger.Account]*int64{
			Issued(at, Points): &s.Issued, Reserved(at): &s.Reserved, Redeemed(at): &s.Redeemed, Lapsed(at): &s.Lapsed,
		} {
			n, err := ledger.Balance(tx, district, account)
			if err != nil {
				return s, err
			}
			if account.Overdraft {
				n = -n
			}
			*sum += n
		}
		held, err := heldIn(tx, district, at)
		if err != nil {
			return s, err
		}
		s.Held += held
	}
	return s, nil
}
