package client

import (
	"context"
	"time"
)

// Reward is something that a place gives for points.
type Reward struct {
	ID        string `json:"id,omitempty"`
	Name      string `json:"name"`
	About     string `json:"about,omitempty"`
	Points    int64  `json:"points"`
	Stock     int64  `json:"stock"`
	MonthMost int    `json:"month_most,omitempty"` // of one person; 0: no limit
	Hours     string `json:"hours,omitempty"`
	Merchant  *Ref   `json:"merchant,omitempty"` // nil: the station itself
	Active    bool   `json:"active"`
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
	Offline bool      `json:"offline"`
	Outcome string    `json:"outcome"` // good; double, returned, expired are findings
	Bearer  string    `json:"bearer"`  // place, merchant, holder; empty for a good one
	Settled bool      `json:"settled"`
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

// Rewards lists what one's points can be exchanged for.
func (c *Client) Rewards(ctx context.Context) ([]Reward, error) {
	return c.RewardsOf(ctx, "")
}

// RewardsOf lists what a place gives; one's own when place is empty.
func (c *Client) RewardsOf(ctx context.Context, place string) ([]Reward, error) {
	return list[Reward](ctx, c, "/rewards", given("place", place))
}

// NewReward is a reward for a catalogue.
type NewReward struct {
	Reward
	Place    string `json:"place,omitempty"`
	Merchant string `json:"merchant,omitempty"` // the station itself when empty
	Wish     string `json:"wish,omitempty"`     // that it answers
}

// AddReward puts something into the catalogue of a place.
func (c *Client) AddReward(ctx context.Context, r NewReward) (out Reward, err error) {
	r.ID = ""
	err = c.Post(ctx, "/rewards", r, &out)
	return out, err
}

// EditReward changes one; coupons that were taken stay as they were.
func (c *Client) EditReward(ctx context.Context, r Reward) (out Reward, err error) {
	path := at("rewards", r.ID)
	r.ID, r.Merchant = "", nil
	err = c.Post(ctx, path, r, &out)
	return out, err
}

// TakeCoupon exchanges points for a coupon.
func (c *Client) TakeCoupon(ctx context.Context, reward string) (out Coupon, err error) {
	err = c.Post(ctx, at("rewards", reward, "coupons"), struct{}{}, &out)
	return out, err
}

// Coupons lists one's own, the newest first.
func (c *Client) Coupons(ctx context.Context) ([]Coupon, error) {
	return list[Coupon](ctx, c, "/me/coupons", nil)
}

// Coupon is one of one's own.
func (c *Client) Coupon(ctx context.Context, id string) (out Coupon, err error) {
	err = c.Get(ctx, at("coupons", id), nil, &out)
	return out, err
}

// ReturnCoupon gives an unused coupon back for its points.
func (c *Client) ReturnCoupon(ctx context.Context, id string) (out Coupon, err error) {
	err = c.Post(ctx, at("coupons", id, "return"), struct{}{}, &out)
	return out, err
}

// Till is what a till needs, also while it has no network.
type Till struct {
	Key    string   `json:"key"`   // Ed25519, base64url
	Lists  []string `json:"lists"` // signed: what may be taken
	Recent []Use    `json:"recent"`
	Seen   *Coupon  `json:"seen"` // the coupon that was asked for
}

// Till is the till of the signed-in person; a code or number shows a coupon without
// using it.
func (c *Client) Till(ctx context.Context, code string) (out Till, err error) {
	err = c.Get(ctx, "/till", given("c", code), &out)
	return out, err
}

// Redeem takes a coupon at the till of the signed-in person.
func (c *Client) Redeem(ctx context.Context, r Redemption) (out Use, err error) {
	err = c.Post(ctx, "/redemptions", r, &out)
	return out, err
}

// Statement is a merchant's month: "2026-11", or this one when empty.
func (c *Client) Statement(ctx context.Context, merchant, month string) (out Statement, err error) {
	err = c.Get(ctx, at("merchants", merchant, "statement"), given("month", month), &out)
	return out, err
}

// Appoint lets somebody with an account sign in for a merchant.
func (c *Client) Appoint(ctx context.Context, merchant, phone string) error {
	return c.Post(ctx, at("merchants", merchant, "contacts"), map[string]string{"phone": phone}, nil)
}

// Dismiss takes that back.
func (c *Client) Dismiss(ctx context.Context, merchant, person string) error {
	return c.Post(ctx, at("merchants", merchant, "contacts", person, "removal"), struct{}{}, nil)
}

// DoubleUses lists what was handed over in a place without having been paid for.
func (c *Client) DoubleUses(ctx context.Context, place string) ([]Use, error) {
	return list[Use](ctx, c, "/coupons/findings", given("place", place))
}

// Settle says who bears one of them: "place", "merchant" or "holder".
func (c *Client) Settle(ctx context.Context, use, bearer, words string) (out Use, err error) {
	err = c.Post(ctx, at("redemptions", use, "settlement"), map[string]string{"bearer": bearer, "words": words}, &out)
	return out, err
}

// Wish is a reward that people would like.
type Wish struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Votes  int64  `json:"votes"`
	Mine   bool   `json:"mine"`
	State  string `json:"state"` // open, offered, declined
	Answer string `json:"answer"`
}

// Wishes lists those of a place; of one's own when place is empty.
func (c *Client) Wishes(ctx context.Context, place string) ([]Wish, error) {
	return list[Wish](ctx, c, "/wishes", given("place", place))
}

// Wish says what one would like; what was wished for already gets one's voice.
func (c *Client) Wish(ctx context.Context, name string) (out Wish, err error) {
	err = c.Post(ctx, "/wishes", map[string]string{"name": name}, &out)
	return out, err
}

// SupportWish adds one's voice to a wish, or takes it back.
func (c *Client) SupportWish(ctx context.Context, id string, on bool) (out Wish, err error) {
	err = c.Post(ctx, at("wishes", id, "votes"), map[string]bool{"off": !on}, &out)
	return out, err
}

// DeclineWish says why it will not be met; a reward that answers it says the other.
func (c *Client) DeclineWish(ctx context.Context, id, answer string) (out Wish, err error) {
	err = c.Post(ctx, at("wishes", id, "answer"), map[string]string{"answer": answer}, &out)
	return out, err
}
