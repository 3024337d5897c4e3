package notify

import (
	"context"
	"time"

	"linli/internal/core/event"
	"linli/internal/core/ui"
	"linli/internal/kit/db"
)

// Rule says who is told what when something has happened. Several rules may name
// one act; a person whom several of them name is told by the first.
type Rule struct {
	Act string // of the event: "order.acceptance"
	Msg string // id of the sentence; Told.Args fill its verbs
	To  func(tx *db.Tx, e event.Event) (Told, error)
}

// Told is whom a rule names for one event. The zero Told names nobody. The event
// lies in the past: To looks at what has become of it and names nobody whom it
// does not concern any more.
type Told struct {
	Persons []string // ids, of the event's district
	Args    []Arg
	Link    string // page that shows more
}

// Notice is what one person is told.
type Notice struct {
	District int
	Person   string
	No       int64 // of the event, which orders the notices of a district
	At       time.Time
	Msg      string
	Args     []Arg
	Link     string
	ReadAt   time.Time // zero: not read yet
}

// Arg fills one verb of a sentence, in the reader's language. Names of persons
// and other personal data do not belong here: notices are kept, and the page
// behind the link knows who may see what.
type Arg struct {
	Text   string `json:"text,omitempty"`   // as it stands: an order's number
	Msg    string `json:"msg,omitempty"`    // a message id
	Number *int64 `json:"number,omitempty"` // for %d
	At     int64  `json:"at,omitempty"`     // a moment, UTC milliseconds
}

// Text is an argument that is not translated.
func Text(s string) Arg { return Arg{Text: s} }

// Word is an argument that is a message itself: the name of a service.
func Word(msg string) Arg { return Arg{Msg: msg} }

// Number is an argument for %d.
func Number(n int64) Arg { return Arg{Number: &n} }

// Moment is an argument that is a time.
func Moment(t time.Time) Arg { return Arg{At: t.UnixMilli()} }

// say is the argument in the reader's language.
func (a Arg) say(ctx context.Context) any {
	switch {
	case a.Number != nil:
		return *a.Number
	case a.At != 0:
		return ui.When(ctx, time.UnixMilli(a.At))
	case a.Msg != "":
		return ui.T(ctx, a.Msg)
	}
	return a.Text
}

// Say is the notice in the reader's language.
func (n Notice) Say(ctx context.Context) string {
	args := make([]any, len(n.Args))
	for i, a := range n.Args {
		args[i] = a.say(ctx)
	}
	return ui.T(ctx, n.Msg, args...)
}
