package client

import (
	"context"
	"strconv"
	"time"
)

// Row is one service in somebody's record. It never changes: what corrects or
// withdraws it is a row of its own that names it.
type Row struct {
	ID        string     `json:"id"`
	Order     string     `json:"order"` // id; empty when it came from no order
	Number    string     `json:"number"`
	Name      string     `json:"name"`
	Day       string     `json:"day"` // "2026-11-21"
	StartedAt time.Time  `json:"started_at"`
	EndedAt   time.Time  `json:"ended_at"`
	Minutes   int        `json:"minutes"`
	Grade     string     `json:"grade"` // A, B, C, M
	Content   string     `json:"content"`
	Source    string     `json:"source"` // order, activity, manual
	Organiser Ref        `json:"organiser"`
	InCharge  Ref        `json:"in_charge"`
	EnteredBy Ref        `json:"entered_by"`
	Standing  string     `json:"standing"`  // counted, notice, held, corrected, withdrawn
	CountsAt  *time.Time `json:"counts_at"` // end of the public notice
	Replaces  string     `json:"replaces"`  // id of the row that it corrects or withdraws
	Reason    string     `json:"reason"`
}

// Record is what somebody has served, newest first, and what stands beside it.
type Record struct {
	Minutes   int64            `json:"minutes"`
	ThisYear  int64            `json:"this_year"`
	Counted   int64            `json:"counted"` // minutes whose public notice is over
	Count     int64            `json:"count"`
	ByGrade   map[string]int64 `json:"by_grade"`
	Items     []Row            `json:"items"`
	Next      string           `json:"next"` // cursor of the next page; empty at the end
	Trainings []Attainment     `json:"trainings"`
	Awards    []Attainment     `json:"awards"`
	Period    *struct {
		Minutes int64 `json:"minutes"`
		Counted int64 `json:"counted"`
		Count   int64 `json:"count"`
	} `json:"period"` // only when some days were asked for
}

// Span asks for some days of a record, both included, and for the page that a cursor
// leads to. The zero Span is the first page of everything.
type Span struct{ From, To, Cursor string }

// Record reads one's own service record.
func (c *Client) Record(ctx context.Context) (Record, error) { return c.RecordOf(ctx, "", Span{}) }

// RecordOf reads the record of a person; one's own when person is empty.
func (c *Client) RecordOf(ctx context.Context, person string, s Span) (r Record, err error) {
	path := "/me/record"
	if person != "" {
		path = at("persons", person, "record")
	}
	err = c.Get(ctx, path, given("from", s.From, "to", s.To, "cursor", s.Cursor), &r)
	return r, err
}

// WholeRecord reads one's own record in one piece.
func (c *Client) WholeRecord(ctx context.Context) (r Record, err error) {
	err = c.Get(ctx, "/me/record/whole", nil, &r)
	return r, err
}

// ExportRecord is one's own record as a file: "xlsx", "csv" or "json".
func (c *Client) ExportRecord(ctx context.Context, format string) ([]byte, error) {
	return c.fetch(ctx, "/me/record/export?"+given("format", format).Encode())
}

// RowHistory is a row with what was said of it and what came after it.
type RowHistory struct {
	Row
	Volunteer  Ref         `json:"volunteer"`
	Successor  string      `json:"successor"`
	Objections []Objection `json:"objections"`
}

// Row reads one row of a record.
func (c *Client) Row(ctx context.Context, id string) (r RowHistory, err error) {
	err = c.Get(ctx, at("records", id), nil, &r)
	return r, err
}

// Correction says what was really so; what is left out stays. It can only take
// minutes away: more needs an entry by hand.
type Correction struct {
	StartedAt *time.Time `json:"started_at,omitempty"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Minutes   int        `json:"minutes,omitempty"`
	Content   string     `json:"content,omitempty"`
	Reason    string     `json:"reason,omitempty"`
}

// CorrectRow writes the row that takes the place of another.
func (c *Client) CorrectRow(ctx context.Context, id string, k Correction) (r RowHistory, err error) {
	err = c.Post(ctx, at("records", id, "correction"), k, &r)
	return r, err
}

// WithdrawRow writes the row that says that another does not hold.
func (c *Client) WithdrawRow(ctx context.Context, id, reason string) (r RowHistory, err error) {
	err = c.Post(ctx, at("records", id, "withdrawal"), map[string]string{"reason": reason}, &r)
	return r, err
}

// Objection is what somebody says against a row in public notice, or the wish of its
// owner to have it corrected.
type Objection struct {
	ID        string    `json:"id"`
	Kind      string    `json:"kind"` // objection, correction
	Record    Row       `json:"record"`
	Volunteer Ref       `json:"volunteer"`
	Words     string    `json:"words"`
	State     string    `json:"state"` // open, upheld, rejected, retracted
	DueAt     time.Time `json:"due_at"`
	Late      bool      `json:"late"`
	Answer    string    `json:"answer"`
}

// Object says what is wrong with a row.
func (c *Client) Object(ctx context.Context, row, words string) (o Objection, err error) {
	err = c.Post(ctx, "/objections", map[string]string{"record": row, "words": words}, &o)
	return o, err
}

// Objections lists what a place has to answer, the urgent first; one's own when place
// is empty.
func (c *Client) Objections(ctx context.Context, place string) ([]Objection, error) {
	path := "/me/objections"
	if place != "" {
		path = at("places", place, "objections")
	}
	return list[Objection](ctx, c, path, nil)
}

// Objection reads one of them.
func (c *Client) Objection(ctx context.Context, id string) (o Objection, err error) {
	err = c.Get(ctx, at("objections", id), nil, &o)
	return o, err
}

// AnswerObjection decides one: "rejection", "withdrawal", or "correction" with what
// was really so.
func (c *Client) AnswerObjection(ctx context.Context, id, outcome, answer string, k Correction) (o Objection, err error) {
	k.Reason, k.Content = "", "" // the answer is the reason
	err = c.Post(ctx, at("objections", id, "answer"), struct {
		Outcome string `json:"outcome"`
		Answer  string `json:"answer"`
		Correction
	}{outcome, answer, k}, &o)
	return o, err
}

// RetractObjection takes one's own back.
func (c *Client) RetractObjection(ctx context.Context, id string) (o Objection, err error) {
	err = c.Post(ctx, at("objections", id, "retraction"), struct{}{}, &o)
	return o, err
}

// Manual is a service that was not recorded when it happened.
type Manual struct {
	Volunteer string
	Name      string
	Category  string
	Place     string // of the volunteer when empty
	Content   string
	StartedAt time.Time
	EndedAt   time.Time
	Minutes   int    // all of it when 0
	Replaces  string // id of a row to which it adds
	Reason    string // why it was not recorded then
	Proof     string
}

func (m Manual) fields() map[string]string {
	all := map[string]string{
		"volunteer": m.Volunteer, "name": m.Name, "category": m.Category, "place": m.Place, "content": m.Content, "replaces": m.Replaces,
		"started_at": m.StartedAt.Format(time.RFC3339), "ended_at": m.EndedAt.Format(time.RFC3339), "reason": m.Reason, "proof": m.Proof,
	}
	if m.Minutes > 0 {
		all["minutes"] = strconv.Itoa(m.Minutes)
	}
	return all
}

// Entry is an entry by hand on its way into the record.
type Entry struct {
	ID        string    `json:"id"`
	State     string    `json:"state"` // open, approved, refused, retracted
	Volunteer Ref       `json:"volunteer"`
	Name      string    `json:"name"`
	Minutes   int       `json:"minutes"`
	Reason    string    `json:"reason"`
	Proof     string    `json:"proof"`
	Photos    []string  `json:"photos"` // ids
	EnteredBy Ref       `json:"entered_by"`
	DueAt     time.Time `json:"due_at"`
	Answer    string    `json:"answer"`
}

// Enter proposes an entry by hand, with photos as its proof or words; another unit
// approves it.
func (c *Client) Enter(ctx context.Context, m Manual, photos ...[]byte) (e Entry, err error) {
	var files []attached
	for i, data := range photos {
		files = append(files, attached{"photos", strconv.Itoa(i+1) + ".jpg", data})
	}
	err = c.send(ctx, "/entries", m.fields(), files, &e)
	return e, err
}

// Entries lists what waits for another unit in a community.
func (c *Client) Entries(ctx context.Context, place string) ([]Entry, error) {
	return list[Entry](ctx, c, at("places", place, "entries"), nil)
}

// Entry reads one of them.
func (c *Client) Entry(ctx context.Context, id string) (e Entry, err error) {
	err = c.Get(ctx, at("entries", id), nil, &e)
	return e, err
}

// ApproveEntry lets it into the record; it stays marked.
func (c *Client) ApproveEntry(ctx context.Context, id, words string) (e Entry, err error) {
	err = c.Post(ctx, at("entries", id, "approval"), map[string]string{"answer": words}, &e)
	return e, err
}

// RefuseEntry says why it is not let in.
func (c *Client) RefuseEntry(ctx context.Context, id, words string) (e Entry, err error) {
	err = c.Post(ctx, at("entries", id, "refusal"), map[string]string{"answer": words}, &e)
	return e, err
}

// RetractEntry takes back what one entered and nobody has decided.
func (c *Client) RetractEntry(ctx context.Context, id string) (e Entry, err error) {
	err = c.Post(ctx, at("entries", id, "retraction"), struct{}{}, &e)
	return e, err
}

// Attainment is a training or an award in somebody's record.
type Attainment struct {
	ID      string `json:"id,omitempty"`
	Kind    string `json:"kind"` // training, award
	Name    string `json:"name"`
	Content string `json:"content,omitempty"`
	Minutes int    `json:"minutes,omitempty"` // of a training
	Giver   string `json:"giver"`
	Day     string `json:"day"` // "2026-03-05"
	Proof   string `json:"proof"`
}

// Attain writes one down.
func (c *Client) Attain(ctx context.Context, person string, a Attainment) (out Attainment, err error) {
	a.ID = ""
	err = c.Post(ctx, at("persons", person, "attainments"), a, &out)
	return out, err
}

// WithdrawAttainment marks one that was written by mistake.
func (c *Client) WithdrawAttainment(ctx context.Context, person, id, reason string) (out Attainment, err error) {
	err = c.Post(ctx, at("persons", person, "attainments", id, "withdrawal"), map[string]string{"reason": reason}, &out)
	return out, err
}
