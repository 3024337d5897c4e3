package client

import (
	"context"
	"time"
)

// Roster is an uploaded file of volunteers: it is checked, confirmed, then taken in.
type Roster struct {
	ID       string       `json:"id"`
	Place    string       `json:"place"`
	Name     string       `json:"name"`  // of the file
	State    string       `json:"state"` // checking, checked, importing, done, cancelled or broken
	Read     int          `json:"rows_read"`
	Rows     int          `json:"rows"` // an estimate while it is being checked
	Counts   RosterCounts `json:"counts"`
	Taken    int          `json:"taken"`
	LeaveOut bool         `json:"leave_out"`
	SentAt   time.Time    `json:"sent_at"`
}

// RosterCounts are the rows of a roster by what becomes of them.
type RosterCounts struct {
	New     int `json:"new"`
	Changed int `json:"changed"`
	Same    int `json:"same"`
	Bad     int `json:"bad"`
}

// Upload sends a roster, an XLSX or CSV file, for a community, street or district.
// The server checks it in its own time: ask with Roster until it is no longer checking.
func (c *Client) Upload(ctx context.Context, place, name string, file []byte) (r Roster, err error) {
	err = c.send(ctx, "/imports", map[string]string{"place": place}, []attached{{"file", name, file}}, &r)
	return r, err
}

// Rosters lists the latest rosters of the places that the signed-in person looks
// after, newest first.
func (c *Client) Rosters(ctx context.Context) ([]Roster, error) {
	var out struct{ Items []Roster }
	err := c.Get(ctx, "/imports", nil, &out)
	return out.Items, err
}

// Roster says how far a roster has come.
func (c *Client) Roster(ctx context.Context, id string) (r Roster, err error) {
	err = c.Get(ctx, "/imports/"+id, nil, &r)
	return r, err
}

// Finding is what is to be said of one row of a roster.
type Finding struct {
	Row     int      `json:"row"`     // as the sheet counts them
	Verdict string   `json:"verdict"` // new, changed, same or bad
	Remarks []string `json:"remarks"`
}

// Findings is one page of what is to be said of a roster.
type Findings struct {
	Items []Finding `json:"items"`
	Next  string    `json:"next"` // cursor of the next page; empty at the end
}

// Findings lists the rows of which there is something to say; verdict picks those of
// one kind.
func (c *Client) Findings(ctx context.Context, id, verdict, cursor string) (page Findings, err error) {
	err = c.Get(ctx, "/imports/"+id+"/findings", given("show", verdict, "cursor", cursor), &page)
	return page, err
}

// Confirm lets a checked roster be taken in, if need be without its bad rows.
func (c *Client) Confirm(ctx context.Context, id string, leaveOut bool) (r Roster, err error) {
	err = c.Post(ctx, "/imports/"+id+"/confirmation", map[string]bool{"leave_out": leaveOut}, &r)
	return r, err
}

// Withdraw gives up a roster that was not taken in.
func (c *Client) Withdraw(ctx context.Context, id string) (r Roster, err error) {
	err = c.Post(ctx, "/imports/"+id+"/cancellation", struct{}{}, &r)
	return r, err
}

// Export is a part of the roster of a place, with the headings of the file.
type Export struct {
	Headings []string   `json:"headings"`
	Items    [][]string `json:"items"` // may be empty although more follow
	Next     string     `json:"next"`  // cursor of the next part; empty at the end
}

// Export reads the volunteers of a place, masked, part by part.
func (c *Client) Export(ctx context.Context, place, cursor string) (e Export, err error) {
	err = c.Get(ctx, "/volunteers/export", given("place", place, "cursor", cursor), &e)
	return e, err
}
