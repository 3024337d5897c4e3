package client

import (
	"context"
	"net/url"
	"time"
)

// Points is the signed-in person's account.
type Points struct {
	Balance   int64 `json:"balance"`
	Spendable int64 `json:"spendable"`
	Held      int64 `json:"held"` // in public notice
	Owed      int64 `json:"owed"` // to be made up first
	Year      int64 `json:"year"` // earned this year
	Gate      int64 `json:"gate"` // from which rewards and stars open
	Items     []struct {
		At      time.Time `json:"at"`
		Amount  int64     `json:"amount"`
		Balance int64     `json:"balance"`
		Memo    string    `json:"memo"`
		Source  string    `json:"source"`
	} `json:"items"`
	Next string `json:"next"` // cursor of the next page; empty at the end
}

// Points reads one's own points, newest first.
func (c *Client) Points(ctx context.Context) (Points, error) { return c.PointsPage(ctx, "") }

// PointsPage is the page that a cursor leads to.
func (c *Client) PointsPage(ctx context.Context, cursor string) (p Points, err error) {
	err = c.Get(ctx, "/me/points", given("cursor", cursor), &p)
	return p, err
}

// PointsRules are the rules of a place.
type PointsRules struct {
	Place       Ref   `json:"place"`
	PerHour     int64 `json:"per_hour"`
	PerItem     int64 `json:"per_item"`
	DayCap      int64 `json:"day_cap"`      // 0: none
	ActivityCap int64 `json:"activity_cap"` // 0: none
	Gate        int64 `json:"gate"`
	Months      int64 `json:"months"` // after which unused points lapse; 0: never
	Factors     []struct {
		Category string `json:"category"`
		Percent  int64  `json:"percent"`
		From     string `json:"from"`
		Later    bool   `json:"later"`
	} `json:"factors"`
}

// PointsRules reads them.
func (c *Client) PointsRules(ctx context.Context, place string) (r PointsRules, err error) {
	err = c.Get(ctx, "/points/rules", given("place", place), &r)
	return r, err
}

// SetFactor says what a class of service is worth, in percent of an ordinary hour,
// from a day on ("2026-12-01").
func (c *Client) SetFactor(ctx context.Context, place, category string, percent int64, from string) (r PointsRules, err error) {
	err = c.Post(ctx, "/points/factors", map[string]any{"place": place, "category": category, "percent": percent, "from": from}, &r)
	return r, err
}

// PointsTrial is what other rules of points would have done to the last year.
type PointsTrial struct {
	Was   int64 `json:"was"`
	Would int64 `json:"would"`
	More  int   `json:"more"`
	Less  int   `json:"less"`
	Same  int   `json:"same"`
}

// TryPoints works out what a proposal ("per_hour": "3") would have done at a place; it
// changes nothing.
func (c *Client) TryPoints(ctx context.Context, place string, proposal url.Values) (out PointsTrial, err error) {
	query := url.Values{"place": {place}}
	for name, values := range proposal {
		query[name] = values
	}
	err = c.Get(ctx, "/points/trial", query, &out)
	return out, err
}

// Owed is what a place owes for the points that it has given.
type Owed struct {
	Outstanding int64 `json:"outstanding"`
	Held        int64 `json:"held"`
	Reserved    int64 `json:"reserved"`
	Redeemed    int64 `json:"redeemed"`
	Lapsed      int64 `json:"lapsed"`
	Covered     int64 `json:"covered"` // what the shelves could take in
	Growth      []struct {
		Month  string `json:"month"`
		Points int64  `json:"points"`
	} `json:"growth"`
}

// Owed is what a place owes.
func (c *Client) Owed(ctx context.Context, place string) (out Owed, err error) {
	err = c.Get(ctx, "/points/owed", given("place", place), &out)
	return out, err
}

// Allowance is to whom one may give points, and how many.
type Allowance struct {
	People []struct {
		Ref
		Kind string `json:"kind"` // household, elder
	} `json:"people"`
	Left     int64 `json:"left"`
	MonthCap int64 `json:"month_cap"`
	Given    int64 `json:"given"`
}

// Allowance reads it.
func (c *Client) Allowance(ctx context.Context) (a Allowance, err error) {
	err = c.Get(ctx, "/me/gifts", nil, &a)
	return a, err
}

// Gift is points given to somebody of one's family, or to an elder one looks after.
type Gift struct {
	ID     string    `json:"id"`
	To     string    `json:"to"` // masked
	Kind   string    `json:"kind"`
	Amount int64     `json:"amount"`
	At     time.Time `json:"at"`
}

// Give gives points to one of the people of the allowance.
func (c *Client) Give(ctx context.Context, to string, amount int64, words string) (g Gift, err error) {
	err = c.Post(ctx, "/me/gifts", map[string]any{"to": to, "amount": amount, "words": words}, &g)
	return g, err
}

// NewDonation is what somebody brought. With a phone on file the points are theirs.
type NewDonation struct {
	Place     string `json:"place,omitempty"`
	Phone     string `json:"phone,omitempty"`
	Name      string `json:"name,omitempty"`
	Anonymous bool   `json:"anonymous,omitempty"`
	Item      string `json:"item"`
	Quantity  int    `json:"quantity"`
}

// Donation is a donation with its receipt.
type Donation struct {
	ID        string `json:"id"`
	Number    string `json:"number"`
	Donor     string `json:"donor"`
	Item      string `json:"item"`
	Quantity  int    `json:"quantity"`
	Points    int64  `json:"points"`
	Withdrawn bool   `json:"withdrawn"`
}

// Donate writes a donation down.
func (c *Client) Donate(ctx context.Context, d NewDonation) (out Donation, err error) {
	err = c.Post(ctx, "/donations", d, &out)
	return out, err
}

// Donations lists the newest of a community.
func (c *Client) Donations(ctx context.Context, place string) ([]Donation, error) {
	return list[Donation](ctx, c, "/donations", given("place", place))
}

// Donation is one of them.
func (c *Client) Donation(ctx context.Context, id string) (out Donation, err error) {
	err = c.Get(ctx, at("donations", id), nil, &out)
	return out, err
}

// WithdrawDonation takes back one that was written by mistake, with its points.
func (c *Client) WithdrawDonation(ctx context.Context, id, reason string) (out Donation, err error) {
	err = c.Post(ctx, at("donations", id, "withdrawal"), map[string]string{"reason": reason}, &out)
	return out, err
}
