package client

import (
	"context"
	"net/url"
	"time"
)

// Reward is something that a place gives for points.
type Reward struct {
	ID       string `json:"id,omitempty"`
	Name     string `json:"name"`
	Points   int64  `json:"points"`
	Stock    int64  `json:"stock"`
	Merchant *Ref   `json:"merchant,omitempty"`
	Active   bool   `json:"active"`
}

// Coupon is a right to one reward: people type its number, phones read its code.
type Coupon struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Number  string `json:"number"`
	Code    string `json:"code"` // signed; empty once it has ended
	Points  int64  `json:"points"`
	State   string `json:"state"`    // open, redeemed, returned, expired
	LastDay string `json:"last_day"` // ISO day
}

// Use is one redemption of a coupon.
type Use struct {
	ID      string    `json:"id"`
	Name    string    `json:"name"`
	Points  int64     `json:"points"`
	At      time.Time `json:"at"`
	Outcome string    `json:"outcome"` // good; double, returned, expired are findings
	Bearer  string    `json:"bearer"`  // place, merchant, holder; empty for a good one
}

// Redemption is a till that hands something over. A till that was offline sends the
// same Use as often as it needs to: it counts once.
type Redemption struct {
	Code    string     `json:"code"`
	Use     string     `json:"use,omitempty"`
	Offline bool       `json:"offline,omitempty"`
	At      *time.Time `json:"at,omitempty"`
}

// Statement is a merchant's month, in coupons and points.
type Statement struct {
	Month   string `json:"month"`
	Coupons int    `json:"coupons"`
	Points  int64  `json:"points"`
	Lines   []struct {
		Name    string `json:"name"`
		Coupons int    `json:"coupons"`
		Points  int64  `json:"points"`
	} `json:"lines"`
	Uses []Use `json:"uses"`
}

// Owed is what a place owes for the points that it has given.
type Owed struct {
	Outstanding int64 `json:"outstanding"`
	Held        int64 `json:"held"`
	Reserved    int64 `json:"reserved"`
	Redeemed    int64 `json:"redeemed"`
	Covered     int64 `json:"covered"` // what the shelves could take in
}

// Rewards lists what one's points can be exchanged for.
func (c *Client) Rewards(ctx context.Context) ([]Reward, error) {
	var page struct {
		Items []Reward `json:"items"`
	}
	err := c.Get(ctx, "/rewards", nil, &page)
	return page.Items, err
}

// AddReward puts something into the catalogue of a place; an empty merchant is the
// station itself.
func (c *Client) AddReward(ctx context.Context, place, merchant string, r Reward) (out Reward, err error) {
	err = c.Post(ctx, "/rewards", map[string]any{
		"place": place, "merchant": merchant, "name": r.Name, "points": r.Points, "stock": r.Stock, "active": r.Active,
	}, &out)
	return out, err
}

// TakeCoupon exchanges points for a coupon.
func (c *Client) TakeCoupon(ctx context.Context, reward string) (out Coupon, err error) {
	err = c.Post(ctx, "/rewards/"+url.PathEscape(reward)+"/coupons", struct{}{}, &out)
	return out, err
}

// Coupons lists one's own, the newest first.
func (c *Client) Coupons(ctx context.Context) ([]Coupon, error) {
	var page struct {
		Items []Coupon `json:"items"`
	}
	err := c.Get(ctx, "/me/coupons", nil, &page)
	return page.Items, err
}

// ReturnCoupon gives an unused coupon back for its points.
func (c *Client) ReturnCoupon(ctx context.Context, id string) (out Coupon, err error) {
	err = c.Post(ctx, "/coupons/"+url.PathEscape(id)+"/return", struct{}{}, &out)
	return out, err
}

// Redeem takes a coupon at the till of the signed-in person.
func (c *Client) Redeem(ctx context.Context, r Redemption) (out Use, err error) {
	err = c.Post(ctx, "/redemptions", r, &out)
	return out, err
}

// Statement is a merchant's month: "2026-11", or this one when empty.
func (c *Client) Statement(ctx context.Context, merchant, month string) (out Statement, err error) {
	query := url.Values{}
	if month != "" {
		query.Set("month", month)
	}
	err = c.Get(ctx, "/merchants/"+url.PathEscape(merchant)+"/statement", query, &out)
	return out, err
}

// Appoint lets somebody with an account sign in for a merchant.
func (c *Client) Appoint(ctx context.Context, merchant, phone string) error {
	return c.Post(ctx, "/merchants/"+url.PathEscape(merchant)+"/contacts", map[string]string{"phone": phone}, &Ref{})
}

// Owed is what a place owes.
func (c *Client) Owed(ctx context.Context, place string) (out Owed, err error) {
	err = c.Get(ctx, "/points/owed", url.Values{"place": {place}}, &out)
	return out, err
}
