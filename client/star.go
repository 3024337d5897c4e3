package client

import (
	"context"
	"time"
)

// Star is a star on its way to somebody.
type Star struct {
	ID         string          `json:"id"`
	Volunteer  Ref             `json:"volunteer"` // masked
	Star       int             `json:"star"`
	Minutes    int64           `json:"minutes"`
	State      string          `json:"state"` // proposed, notice, given, refused
	Level      string          `json:"level"` // who approves
	Actions    []string        `json:"actions"`
	Objections []StarObjection `json:"objections"`
}

// StarBoard is the stars of a place, and where the reader stands.
type StarBoard struct {
	Place Ref    `json:"place"`
	Items []Star `json:"items"`
	Mine  *struct {
		Star    int      `json:"star"`
		Minutes int64    `json:"minutes"` // that count
		Missing int64    `json:"missing"` // to the next star
		Honours []string `json:"honours"`
	} `json:"mine"` // nil for whoever is no volunteer
}

// Stars lists the stars of a place; the reader's own when place is empty.
func (c *Client) Stars(ctx context.Context, place string) (out StarBoard, err error) {
	err = c.Get(ctx, "/stars", given("place", place), &out)
	return out, err
}

// Star is one of them.
func (c *Client) Star(ctx context.Context, id string) (out Star, err error) {
	err = c.Get(ctx, at("stars", id), nil, &out)
	return out, err
}

// DecideStar approves a star, which puts it into public notice, or refuses it with a
// word why.
func (c *Client) DecideStar(ctx context.Context, id string, agree bool, words string) (out Star, err error) {
	err = c.Post(ctx, at("stars", id, "decision"), map[string]any{"agree": agree, "words": words}, &out)
	return out, err
}

// StarObjection is what somebody says against a star or an honour in public notice.
type StarObjection struct {
	ID      string    `json:"id"`
	Words   string    `json:"words"`
	Due     time.Time `json:"due"`
	Decided bool      `json:"decided"`
	Upheld  bool      `json:"upheld"`
	Answer  string    `json:"answer"`
}

// ObjectToStar says what is wrong with a star; it is not given before that is answered.
func (c *Client) ObjectToStar(ctx context.Context, id, words string) (out Star, err error) {
	err = c.Post(ctx, at("stars", id, "objections"), map[string]string{"words": words}, &out)
	return out, err
}

// AnswerStarObjection decides an objection; upheld, the star is not given.
func (c *Client) AnswerStarObjection(ctx context.Context, id, objection string, uphold bool, words string) (out Star, err error) {
	err = c.Post(ctx, at("stars", id, "objections", objection, "answer"), ruling{uphold, words}, &out)
	return out, err
}

type ruling struct {
	Uphold bool   `json:"uphold"`
	Words  string `json:"words"`
}

// StarTable says what the stars ask for from a day on.
type StarTable struct {
	From      string   `json:"from"` // "2026-12-01"
	Yearly    bool     `json:"yearly"`
	Hours     []int64  `json:"hours"`     // of one to five stars
	Approvers []string `json:"approvers"` // community, street, district
	Workdays  int      `json:"workdays"`  // of public notice
}

// StarTables are what holds at a place and every version of it.
type StarTables struct {
	Now      StarTable   `json:"now"`
	Versions []StarTable `json:"versions"` // newest first
}

// StarTable reads what holds at a place; at one's own when place is empty.
func (c *Client) StarTable(ctx context.Context, place string) (out StarTables, err error) {
	err = c.Get(ctx, "/star-table", given("place", place), &out)
	return out, err
}

// SetStarTable adds a version; stars that were given stay.
func (c *Client) SetStarTable(ctx context.Context, place string, t StarTable) (out StarTables, err error) {
	err = c.Post(ctx, "/star-table", struct {
		Place string `json:"place"`
		StarTable
	}{place, t}, &out)
	return out, err
}

// Honour is a yearly honour of a place: nomination, vote, public notice.
type Honour struct {
	ID         string    `json:"id,omitempty"`
	Kind       string    `json:"kind"` // fairest, idea
	Year       int       `json:"year,omitempty"`
	Seats      int       `json:"seats"`
	State      string    `json:"state,omitempty"` // nominating, voting, notice, given, none
	NominateTo string    `json:"nominate_to"`
	VoteTo     string    `json:"vote_to"`
	Nominees   []Nominee `json:"nominees,omitempty"`
	Mine       string    `json:"mine,omitempty"` // whom one has voted for
}

// Nominee is somebody who was put forward.
type Nominee struct {
	ID         string          `json:"id"`
	Name       string          `json:"name"` // masked
	Words      string          `json:"words"`
	Votes      *int64          `json:"votes"` // once they are counted
	Won        bool            `json:"won"`
	Objections []StarObjection `json:"objections"`
}

// Honours lists those of a place and of those around it.
func (c *Client) Honours(ctx context.Context, place string) ([]Honour, error) {
	return list[Honour](ctx, c, "/honours", given("place", place))
}

// Honour is one of them.
func (c *Client) Honour(ctx context.Context, id string) (out Honour, err error) {
	err = c.Get(ctx, at("honours", id), nil, &out)
	return out, err
}

// OpenHonour begins one for this year.
func (c *Client) OpenHonour(ctx context.Context, place string, h Honour) (out Honour, err error) {
	err = c.Post(ctx, "/honours", map[string]any{
		"place": place, "kind": h.Kind, "seats": h.Seats, "nominate_to": h.NominateTo, "vote_to": h.VoteTo,
	}, &out)
	return out, err
}

// Nominate puts a volunteer forward, by number or phone.
func (c *Client) Nominate(ctx context.Context, honour, volunteer, words string) (out Honour, err error) {
	err = c.Post(ctx, at("honours", honour, "nominees"), map[string]string{"volunteer": volunteer, "words": words}, &out)
	return out, err
}

// Vote gives one's vote to a nominee, or moves it.
func (c *Client) Vote(ctx context.Context, honour, nominee string) (out Honour, err error) {
	err = c.Post(ctx, at("honours", honour, "votes"), map[string]string{"nominee": nominee}, &out)
	return out, err
}

// ObjectToHonour says what is wrong with a winner in public notice.
func (c *Client) ObjectToHonour(ctx context.Context, honour, nominee, words string) (out Honour, err error) {
	err = c.Post(ctx, at("honours", honour, "nominees", nominee, "objections"), map[string]string{"words": words}, &out)
	return out, err
}

// AnswerHonourObjection decides an objection; upheld, the nominee wins nothing.
func (c *Client) AnswerHonourObjection(ctx context.Context, honour, nominee, objection string, uphold bool, words string) (out Honour, err error) {
	err = c.Post(ctx, at("honours", honour, "nominees", nominee, "objections", objection, "answer"), ruling{uphold, words}, &out)
	return out, err
}
