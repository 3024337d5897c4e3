package client

import (
	"context"
	"time"
)

// PublicNotice is what a place publishes: rows before they count, the head of its
// chain, the seeds of spot checks and their results.
type PublicNotice struct {
	Place Ref `json:"place"`
	Items []struct {
		ID        string    `json:"id"`
		Volunteer string    `json:"volunteer"` // masked
		Day       string    `json:"day"`
		Minutes   int       `json:"minutes"`
		Source    string    `json:"source"`
		Until     time.Time `json:"until"`
		Held      bool      `json:"held"`
	} `json:"items"`
	Next  string `json:"next"` // cursor of the next page; empty at the end
	Head  Head   `json:"head"`
	Heads []Head `json:"heads"` // of each day, newest first
	Seeds []struct {
		Month string `json:"month"`
		Seed  string `json:"seed"`
	} `json:"seeds"`
}

// Head is the end of a place's chain on a day.
type Head struct {
	Day  string `json:"day"`
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
}

// PublicNotice reads it; nobody needs to be signed in.
func (c *Client) PublicNotice(ctx context.Context, place, cursor string) (n PublicNotice, err error) {
	err = c.Get(ctx, at("places", place, "notice"), given("cursor", cursor), &n)
	return n, err
}

// Draw is the spot check of a month with all that is needed to do it again.
type Draw struct {
	Month   string `json:"month"`
	Seed    string `json:"seed"`
	Percent int    `json:"percent"`
	Items   []struct {
		ID     string `json:"id"`
		Manual bool   `json:"manual"`
		Rank   string `json:"rank"` // SHA-256 of "seed:id"
		Drawn  bool   `json:"drawn"`
		Result string `json:"result"` // open, passed, failed; empty when not drawn
	} `json:"items"`
}

// Draw reads the draw of a month ("2026-10"); nobody needs to be signed in.
func (c *Client) Draw(ctx context.Context, place, month string) (d Draw, err error) {
	err = c.Get(ctx, at("places", place, "draw"), given("month", month), &d)
	return d, err
}

// Doubt is something about the record that somebody has to look at, with its evidence.
type Doubt struct {
	ID       string         `json:"id"`
	Kind     string         `json:"kind"`  // too_far, one_device, bulk_entry, team_jump, long_day, very_long_day
	Level    string         `json:"level"` // unit, street: who looks
	Person   *Ref           `json:"person"`
	Team     *Ref           `json:"team"`
	Evidence map[string]any `json:"evidence"`
	State    string         `json:"state"` // open, cleared, upheld
	Answer   string         `json:"answer"`
}

// Doubts lists those of a community by state; the open ones when state is empty.
func (c *Client) Doubts(ctx context.Context, place, state string) ([]Doubt, error) {
	return list[Doubt](ctx, c, at("places", place, "findings"), given("state", state))
}

// Doubt is one of them.
func (c *Client) Doubt(ctx context.Context, id string) (d Doubt, err error) {
	err = c.Get(ctx, at("findings", id), nil, &d)
	return d, err
}

// DecideDoubt ends one: "clearing", or "upholding", which withdraws what was held.
func (c *Client) DecideDoubt(ctx context.Context, id, outcome, answer string) (d Doubt, err error) {
	err = c.Post(ctx, at("findings", id, "decision"), map[string]string{"outcome": outcome, "answer": answer}, &d)
	return d, err
}

// Overdue is a service that is not in the record although its time runs out.
type Overdue struct {
	Volunteer Ref       `json:"volunteer"`
	Name      string    `json:"name"`
	EndedAt   time.Time `json:"ended_at"`
	DueAt     time.Time `json:"due_at"`
	Workdays  int       `json:"workdays"`
	Late      bool      `json:"late"`
	Order     string    `json:"order"`
	Entry     string    `json:"entry"`
}

// Overdue is the red list of a community.
func (c *Client) Overdue(ctx context.Context, place string) ([]Overdue, error) {
	return list[Overdue](ctx, c, at("places", place, "overdue"), nil)
}

// Check is a row that was drawn for a spot check.
type Check struct {
	ID        string `json:"id"`
	Month     string `json:"month"`
	Why       string `json:"why"` // drawn, manual
	Record    string `json:"record"`
	Volunteer Ref    `json:"volunteer"`
	Minutes   int    `json:"minutes"`
	State     string `json:"state"` // open, passed, failed
	Answer    string `json:"answer"`
}

// Checks lists those of a community and month.
func (c *Client) Checks(ctx context.Context, place, month string) ([]Check, error) {
	return list[Check](ctx, c, at("places", place, "checks"), given("month", month))
}

// Check is one of them.
func (c *Client) Check(ctx context.Context, id string) (k Check, err error) {
	err = c.Get(ctx, at("checks", id), nil, &k)
	return k, err
}

// CheckResult says what came of one: "passing" or "failing", and how it was checked.
func (c *Client) CheckResult(ctx context.Context, id, outcome, answer string) (k Check, err error) {
	err = c.Post(ctx, at("checks", id, "result"), map[string]string{"outcome": outcome, "answer": answer}, &k)
	return k, err
}

// Closing is all that a month of a community still needs.
type Closing struct {
	Month      string      `json:"month"`
	Left       int         `json:"left"`
	Findings   []Doubt     `json:"findings"`
	Notice     int         `json:"notice"` // rows in public notice, counted to 100
	Objections []Objection `json:"objections"`
	Entries    []Entry     `json:"entries"`
	Overdue    []Overdue   `json:"overdue"`
	Checks     []Check     `json:"checks"`
	Stars      []Star      `json:"stars"`
}

// Closing reads it for a month; for the last one when month is empty.
func (c *Client) Closing(ctx context.Context, place, month string) (out Closing, err error) {
	err = c.Get(ctx, at("places", place, "closing"), given("month", month), &out)
	return out, err
}
