package client

import (
	"context"
	"time"
)

// Plan is what is proposed for all waiting orders of a place at once; nothing of it is
// sent before it is confirmed.
type Plan struct {
	ID        string     `json:"id"`
	Place     Ref        `json:"place"`
	State     string     `json:"state"` // open, confirmed, dismissed
	Version   int64      `json:"version"`
	SolvedAt  time.Time  `json:"solved_at"`
	Proposals []Proposal `json:"proposals"`
	Left      []Unserved `json:"left"`
	Missing   []Missing  `json:"missing"`
	Beyond    int        `json:"beyond"` // orders that did not fit in, the least urgent ones
	Plan      Sums       `json:"plan"`
	FirstCome Sums       `json:"first_come"` // what first come, first served would have done
	Sent      []string   `json:"sent"`       // ids of orders
	Skipped   []Skipped  `json:"skipped"`
}

// Planned is an order in a plan.
type Planned struct {
	ID      string `json:"id"`
	Number  string `json:"number"`
	Title   string `json:"title"`
	Changed bool   `json:"changed"` // since it was planned: it will be skipped
}

// Proposal is one volunteer or team at one order, with the reasons in words.
type Proposal struct {
	Order     Planned    `json:"order"`
	Kind      string     `json:"kind"` // volunteer, team
	Volunteer Ref        `json:"volunteer"`
	People    int        `json:"people"` // who come
	From      *time.Time `json:"from"`   // nil: to be agreed
	To        *time.Time `json:"to"`
	Minutes   *int       `json:"minutes"` // on foot; nil: not known
	Reasons   []string   `json:"reasons"`
	Kept      bool       `json:"kept"`
}

// Unserved is an order for which people are missing.
type Unserved struct {
	Order  Planned `json:"order"`
	People int     `json:"people"`
	Why    string  `json:"why"`
}

// Missing is a kind of people who are missing, and what one more of them would serve.
type Missing struct {
	Category Ref    `json:"category"`
	Place    Ref    `json:"place"`
	When     string `json:"when"`
	People   int    `json:"people"`
	More     int    `json:"more"`
}

// Sums tell how good a plan is.
type Sums struct {
	Served   int `json:"served"`
	Unserved int `json:"unserved"`
	Minutes  int `json:"minutes"`
	Heaviest int `json:"heaviest"` // orders of one volunteer in a week
}

// Skipped is an order that was not sent.
type Skipped struct {
	Order Planned `json:"order"`
	Why   string  `json:"why"`
}

// Plan plans all waiting orders of a community or a street; a plan that is open there is
// made anew and keeps its pins and bans.
func (c *Client) Plan(ctx context.Context, place string) (p Plan, err error) {
	err = c.Post(ctx, "/plans", map[string]string{"place": place}, &p)
	return p, err
}

// PlanOf asks for a plan.
func (c *Client) PlanOf(ctx context.Context, id string) (p Plan, err error) {
	err = c.Get(ctx, "/plans/"+id, nil, &p)
	return p, err
}

// Pin has a volunteer go to an order; the rest of the plan follows.
func (c *Client) Pin(ctx context.Context, plan, order, volunteer string) (Plan, error) {
	return c.choose(ctx, plan, "pins", order, volunteer)
}

// Ban has a volunteer not go to an order; the rest of the plan follows.
func (c *Client) Ban(ctx context.Context, plan, order, volunteer string) (Plan, error) {
	return c.choose(ctx, plan, "bans", order, volunteer)
}

// Release takes a pin or a ban back.
func (c *Client) Release(ctx context.Context, plan, order, volunteer string) (Plan, error) {
	return c.choose(ctx, plan, "releases", order, volunteer)
}

func (c *Client) choose(ctx context.Context, plan, act, order, volunteer string) (p Plan, err error) {
	err = c.Post(ctx, "/plans/"+plan+"/"+act, map[string]string{"order": order, "volunteer": volunteer}, &p)
	return p, err
}

// SendPlan sends a plan as it was seen: the volunteers are asked.
func (c *Client) SendPlan(ctx context.Context, seen Plan) (p Plan, err error) {
	err = c.Post(ctx, "/plans/"+seen.ID+"/confirmation", map[string]int64{"version": seen.Version}, &p)
	return p, err
}
