package client

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Ref names another thing.
type Ref struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// Role is a role held at a place.
type Role struct {
	Role  string `json:"role"`
	Place Ref    `json:"place"`
}

// Me is who is signed in.
type Me struct {
	Token  string `json:"token"` // only from a call that signs in
	Person Ref    `json:"person"`
	Roles  []Role `json:"roles"`
}

// SignIn makes a session; the client uses its token from then on.
func (c *Client) SignIn(ctx context.Context, phone, password string) (Me, error) {
	return c.enter(ctx, "/sessions", map[string]string{"phone": phone, "password": password})
}

func (c *Client) enter(ctx context.Context, path string, body any) (me Me, err error) {
	if err = c.Post(ctx, path, body, &me); err == nil {
		c.Token = me.Token
	}
	return me, err
}

// Me says who the token belongs to.
func (c *Client) Me(ctx context.Context) (me Me, err error) {
	err = c.Get(ctx, "/me", nil, &me)
	return me, err
}

// Window is a span of time.
type Window struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to"`
}

// Request is what is asked for; only Text is needed.
type Request struct {
	Text         string  `json:"text"`
	Category     string  `json:"category,omitempty"`
	Place        string  `json:"place,omitempty"`
	For          string  `json:"for,omitempty"`
	Window       *Window `json:"window,omitempty"`
	PeopleNeeded int     `json:"people_needed,omitempty"`
	Risk         string  `json:"risk,omitempty"`
}

// Order is an order as the signed-in person may see it.
type Order struct {
	ID           string    `json:"id"`
	Number       string    `json:"number"`
	State        string    `json:"state"`
	Late         bool      `json:"late"`
	Category     Ref       `json:"category"`
	Title        string    `json:"title"`
	Place        Ref       `json:"place"`
	Position     *Position `json:"position"`
	Address      string    `json:"address"`
	Phone        string    `json:"phone"`
	For          Ref       `json:"for"`
	Window       *Window   `json:"window"`
	PeopleNeeded int       `json:"people_needed"`
	Taken        int       `json:"taken"`
	NeedsCheck   bool      `json:"needs_verification"`
	Offers       []Offer   `json:"offers"`
	Timeline     []Moment  `json:"timeline"`
	Actions      []string  `json:"actions"`
	Warnings     []string  `json:"warnings"`
}

// Moment is one line of an order's timeline.
type Moment struct {
	At   time.Time `json:"at"`
	Act  string    `json:"act"`
	Text string    `json:"text"`
}

// Position is a point in degrees, WGS-84.
type Position struct {
	Lat float64 `json:"lat"`
	Lng float64 `json:"lng"`
}

// Candidate names a volunteer or a team.
type Candidate struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// Offer is one asking of one candidate.
type Offer struct {
	ID       string    `json:"id"`
	Order    string    `json:"order"`
	To       Candidate `json:"to"`
	State    string    `json:"state"`
	AnswerBy time.Time `json:"answer_by"`
	Planned  *Window   `json:"planned"` // when they would come, by a plan; nil: as the order says
}

// Request files an order.
func (c *Client) Request(ctx context.Context, r Request) (o Order, err error) {
	err = c.Post(ctx, "/orders", r, &o)
	return o, err
}

// Order reads one order.
func (c *Client) Order(ctx context.Context, id string) (o Order, err error) {
	err = c.Get(ctx, "/orders/"+id, nil, &o)
	return o, err
}

// Orders is one page of a list.
type Orders struct {
	Items []Order `json:"items"`
	Next  string  `json:"next"` // cursor of the next page; empty at the end
}

// Orders lists orders by state and place, newest first.
func (c *Client) Orders(ctx context.Context, state, place, cursor string) (page Orders, err error) {
	err = c.Get(ctx, "/orders", given("state", state, "place", place, "cursor", cursor), &page)
	return page, err
}

// Verify is the station's check before anybody is sent.
func (c *Client) Verify(ctx context.Context, id, note string) (Order, error) {
	return c.step(ctx, id, "verification", map[string]string{"note": note})
}

// Reason is why somebody is, or is not, a candidate.
type Reason struct {
	Kind  string `json:"kind"`
	Text  string `json:"text"`
	Value int64  `json:"value"`
}

// Ranked is a candidate with reasons.
type Ranked struct {
	Candidate
	Name    string   `json:"name"`
	Score   int      `json:"score"`
	Reasons []Reason `json:"reasons"`
}

// Candidates are those who could be asked, best first, and those left out.
type Candidates struct {
	Items   []Ranked `json:"items"`
	LeftOut []Ranked `json:"left_out"`
}

// Candidates ranks who could be asked.
func (c *Client) Candidates(ctx context.Context, id string, limit int) (out Candidates, err error) {
	err = c.Get(ctx, "/orders/"+id+"/candidates", url.Values{"limit": {strconv.Itoa(limit)}}, &out)
	return out, err
}

// Offer asks candidates; a zero answerBy leaves the deadline to the place's rule.
func (c *Client) Offer(ctx context.Context, id string, answerBy time.Time, to ...Candidate) (Order, error) {
	body := map[string]any{"to": to}
	if !answerBy.IsZero() {
		body["answer_by"] = answerBy
	}
	return c.step(ctx, id, "offers", body)
}

// Offers lists what the signed-in person was asked.
func (c *Client) Offers(ctx context.Context) ([]Offer, error) {
	var out struct{ Items []Offer }
	err := c.Get(ctx, "/me/offers", nil, &out)
	return out.Items, err
}

// Accept says yes to an offer, or takes an open order.
func (c *Client) Accept(ctx context.Context, id string) (Order, error) {
	return c.step(ctx, id, "acceptance", struct{}{})
}

// Refuse says no, with a reason.
func (c *Client) Refuse(ctx context.Context, id, reason string) (Order, error) {
	return c.step(ctx, id, "refusal", map[string]string{"reason": reason})
}

// Presence is the evidence of a check-in or check-out.
type Presence struct {
	Code     string     `json:"code,omitempty"`
	Position *Position  `json:"position,omitempty"`
	At       *time.Time `json:"at,omitempty"` // for one that had to wait for a network
}

// Visit is one coming and going.
type Visit struct {
	ID      string     `json:"id"`
	State   string     `json:"state"`
	Grade   string     `json:"grade"`
	InAt    time.Time  `json:"in_at"`
	OutAt   *time.Time `json:"out_at"`
	Minutes int        `json:"minutes"`
}

// CheckIn says that the volunteer is at the door.
func (c *Client) CheckIn(ctx context.Context, id string, p Presence) (v Visit, err error) {
	err = c.Post(ctx, "/orders/"+id+"/check-in", p, &v)
	return v, err
}

// CheckOut says that the volunteer leaves.
func (c *Client) CheckOut(ctx context.Context, id string, p Presence) (v Visit, err error) {
	err = c.Post(ctx, "/orders/"+id+"/check-out", p, &v)
	return v, err
}

// Code is the code of the moment that the host shows.
func (c *Client) Code(ctx context.Context, id string) (string, error) {
	var out struct{ Code string }
	err := c.Get(ctx, "/orders/"+id+"/code", nil, &out)
	return out.Code, err
}

// Complete says that the work is done.
func (c *Client) Complete(ctx context.Context, id, note string) (Order, error) {
	return c.step(ctx, id, "completion", map[string]string{"note": note})
}

// Opinion is what one side says of the service.
type Opinion struct {
	Satisfaction string `json:"satisfaction"` // satisfied, fair or unsatisfied
	Solved       *bool  `json:"solved,omitempty"`
	Words        string `json:"words,omitempty"`
	Side         string `json:"side,omitempty"` // resident: typed by the worker who telephoned
}

// Evaluate is the word of one side.
func (c *Client) Evaluate(ctx context.Context, id string, o Opinion) (Order, error) {
	return c.step(ctx, id, "evaluation", o)
}

// Cancel ends an order that is not wanted any more.
func (c *Client) Cancel(ctx context.Context, id, reason string) (Order, error) {
	return c.step(ctx, id, "cancellation", map[string]string{"reason": reason})
}

func (c *Client) step(ctx context.Context, id, name string, body any) (o Order, err error) {
	err = c.Do(ctx, http.MethodPost, "/orders/"+id+"/"+name, NewKey(), body, &o)
	return o, err
}
