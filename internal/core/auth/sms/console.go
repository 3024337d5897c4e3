package sms

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
)

// kept is how many messages a Console remembers.
const kept = 20

// Console is for the demo: it prints messages instead of sending them and keeps
// the latest, so that a page can show the code that a phone would have got.
type Console struct {
	out io.Writer

	mu     sync.Mutex // guards latest
	latest []Message  // newest first
}

// NewConsole prints to out.
func NewConsole(out io.Writer) *Console { return &Console{out: out} }

// Send prints the message. One that comes again under its key is not repeated.
func (c *Console) Send(_ context.Context, m Message) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if slices.ContainsFunc(c.latest, func(had Message) bool { return had.Key == m.Key }) {
		return nil
	}
	if _, err := fmt.Fprintf(c.out, "短信 %s：%s\n", m.Phone, m.Text); err != nil {
		return err
	}
	c.latest = slices.Insert(c.latest, 0, m)
	c.latest = c.latest[:min(len(c.latest), kept)]
	return nil
}

// Latest are the messages of the last while, newest first, at most 20.
func (c *Console) Latest() []Message {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.latest)
}
