package client

import (
	"context"
	"net/url"
)

// Star is a star on its way to somebody.
type Star struct {
	ID        string   `json:"id"`
	Volunteer Ref      `json:"volunteer"` // masked
	Star      int      `json:"star"`
	Minutes   int64    `json:"minutes"`
	State     string   `json:"state"` // proposed, notice, given, refused
	Level     string   `json:"level"` // who approves
	Actions   []string `json:"actions"`
}

// Stars lists the stars of a place; the reader's own when place is empty.
func (c *Client) Stars(ctx context.Context, place string) ([]Star, error) {
	var page struct {
		Items []Star `json:"items"`
	}
	query := url.Values{}
	if place != "" {
		query.Set("place", place)
	}
	err := c.Get(ctx, "/stars", query, &page)
	return page.Items, err
}

// DecideStar approves a star, which puts it into public notice, or refuses it with a
// word why.
func (c *Client) DecideStar(ctx context.Context, id string, agree bool, words string) (out Star, err error) {
	err = c.Post(ctx, "/stars/"+url.PathEscape(id)+"/decision", map[string]any{"agree": agree, "words": words}, &out)
	return out, err
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
