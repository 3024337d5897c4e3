package client

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Client is one caller of one server. It is safe for concurrent use once signed in.
type Client struct {
	Base     string       // "http://127.0.0.1:8080"
	HTTP     *http.Client // default http.DefaultClient
	Language string       // of sentences: "zh" (default) or "en"
	Token    string       // bearer token; SignIn sets it
	Tries    int          // how often a call that got no answer is made; default 1
	Pause    time.Duration
}

// New makes a client of a server.
func New(base string) *Client {
	return &Client{Base: strings.TrimSuffix(base, "/"), HTTP: http.DefaultClient, Language: "zh", Tries: 1}
}

// Error is a problem that the server answered with (RFC 9457).
type Error struct {
	Status int          `json:"status"`
	Kind   string       `json:"kind"`   // invalid, forbidden, not_found, conflict, busy, internal
	Detail string       `json:"detail"` // a sentence for people
	Fields []FieldError `json:"errors"`
	ID     string       `json:"request_id"`
}

// FieldError says what is wrong with one field.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// Error is the server's sentence with its status.
func (e *Error) Error() string {
	text := fmt.Sprintf("%d %s: %s", e.Status, e.Kind, e.Detail)
	for _, f := range e.Fields {
		text += fmt.Sprintf(" [%s: %s]", f.Field, f.Message)
	}
	return text
}

// IsKind says whether err is an answer of the kind.
func IsKind(err error, kind string) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == kind
}

// Get asks for a resource below /api/v1.
func (c *Client) Get(ctx context.Context, path string, query url.Values, into any) error {
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	return c.Do(ctx, http.MethodGet, path, "", nil, into)
}

// Post sends a body to a resource below /api/v1 with a fresh Idempotency-Key.
func (c *Client) Post(ctx context.Context, path string, body, into any) error {
	return c.Do(ctx, http.MethodPost, path, NewKey(), body, into)
}

// list asks for a list that comes on one page.
func list[T any](ctx context.Context, c *Client, path string, query url.Values) ([]T, error) {
	var page struct{ Items []T }
	err := c.Get(ctx, path, query, &page)
	return page.Items, err
}

// at is a path of words and ids, each id escaped.
func at(words ...string) string {
	path := ""
	for _, w := range words {
		path += "/" + url.PathEscape(w)
	}
	return path
}

// given is a query of names and values, without those that are empty.
func given(pairs ...string) url.Values {
	q := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	return q
}

// NewKey makes an Idempotency-Key.
func NewKey() string { return rand.Text() }

// Do makes a call, again with the same key when it got no answer or the server was
// busy, as often as Tries allows.
func (c *Client) Do(ctx context.Context, method, path, key string, body, into any) error {
	made := call{method: method, path: path, key: key}
	if body != nil {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		made.kind, made.body = "application/json", raw
	}
	return c.make(ctx, made, into)
}

// call is what is sent, as often as it takes.
type call struct {
	method, path, key string
	kind              string // of the body; empty when there is none
	body              []byte
	file              bool // it is a file beside the API
}

func (made call) root() string {
	if made.file {
		return ""
	}
	return "/api/v1"
}

// fetch gets a file that pages offer for taking along.
func (c *Client) fetch(ctx context.Context, path string) (data []byte, err error) {
	err = c.make(ctx, call{method: http.MethodGet, path: path, file: true}, &data)
	return data, err
}

func (c *Client) make(ctx context.Context, made call, into any) (err error) {
	for try := range max(c.Tries, 1) {
		if try > 0 {
			if err := sleep(ctx, c.Pause); err != nil {
				return err
			}
		}
		if err = c.once(ctx, made, into); !again(err) {
			return err
		}
	}
	return err
}

// again says whether the same call may succeed: no answer came, or it was too busy.
func again(err error) bool {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind == "busy"
	}
	return err != nil && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Client) once(ctx context.Context, made call, into any) error {
	req, err := http.NewRequestWithContext(ctx, made.method, c.Base+made.root()+made.path, bytes.NewReader(made.body))
	if err != nil {
		return err
	}
	c.head(req, made)
	res, err := c.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	switch raw, whole := into.(*[]byte); {
	case err != nil:
		return err
	case res.StatusCode >= 400:
		return problem(res.StatusCode, answer)
	case whole:
		*raw = answer
		return nil
	case into == nil || len(answer) == 0:
		return nil
	}
	return json.Unmarshal(answer, into)
}

func (c *Client) head(req *http.Request, made call) {
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Accept-Language", c.Language)
	if c.Token != "" {
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
	if made.key != "" {
		req.Header.Set("Idempotency-Key", made.key)
	}
	if made.kind != "" {
		req.Header.Set("Content-Type", made.kind)
	}
}

func problem(status int, body []byte) error {
	e := &Error{}
	if err := json.Unmarshal(body, e); err != nil || e.Kind == "" {
		e = &Error{Kind: "internal", Detail: "the server answered with status " + strconv.Itoa(status)}
	}
	e.Status = status
	return e
}
