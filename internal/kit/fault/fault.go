package fault

import (
	"errors"
	"fmt"
	"strings"
)

// Kind decides how an error is answered. The set is closed.
type Kind string

const (
	KindInvalid   Kind = "invalid"   // what was sent is wrong; the sender can mend it
	KindForbidden Kind = "forbidden" // this person may not do this here
	KindNotFound  Kind = "not_found" // there is none, or this person may not know of it
	KindConflict  Kind = "conflict"  // somebody else was first
	KindBusy      Kind = "busy"      // not now; the same again may succeed
	KindInternal  Kind = "internal"  // our fault
)

// Error is one thing that went wrong, in words that may be shown.
type Error struct {
	Kind  Kind
	Msg   string // a Chinese sentence with fmt verbs; also the translation id
	Args  []any  // for the verbs of Msg
	Field string // the input it belongs to, in JSON path form ("window.from"); may be empty
	Cause error  // for the log only, never shown
	More  []*Error
}

// Error is for logs; pages and the API translate Msg instead.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Kind))
	if e.Field != "" {
		b.WriteString(" " + e.Field)
	}
	b.WriteString(": " + fmt.Sprintf(e.Msg, e.Args...))
	if e.Cause != nil {
		b.WriteString(": " + e.Cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// All lists the error itself and those that were joined to it.
func (e *Error) All() []*Error {
	return append([]*Error{e}, e.More...)
}

// Invalid says which field is wrong and how to mend it.
func Invalid(field, msg string, args ...any) *Error {
	return &Error{Kind: KindInvalid, Field: field, Msg: msg, Args: args}
}

// Forbidden says that this person may not.
func Forbidden(msg string, args ...any) *Error {
	return &Error{Kind: KindForbidden, Msg: msg, Args: args}
}

// NotFound is also the answer for what exists but must not be known.
func NotFound(msg string, args ...any) *Error {
	return &Error{Kind: KindNotFound, Msg: msg, Args: args}
}

// Conflict says that the state has moved on, and what it is now.
func Conflict(msg string, args ...any) *Error {
	return &Error{Kind: KindConflict, Msg: msg, Args: args}
}

// Busy says that trying again later is worth it.
func Busy(msg string, args ...any) *Error {
	return &Error{Kind: KindBusy, Msg: msg, Args: args}
}

// Internal wraps what no reader can mend.
func Internal(cause error) *Error {
	return &Error{Kind: KindInternal, Msg: "出了点问题，您填的都还在。过一会儿再试，或者打电话给服务站。", Cause: cause}
}

// Join makes one error of several, so that a form shows all of them at once.
// Nil entries are dropped; the result is nil when nothing is left. Anything
// that is not a *Error wins alone, because it is a failure and not an answer.
func Join(errs ...error) error {
	var all []*Error
	for _, err := range errs {
		if err == nil {
			continue
		}
		var e *Error
		if !errors.As(err, &e) {
			return err
		}
		all = append(all, e.All()...)
	}
	if len(all) == 0 {
		return nil
	}
	first := *all[0]
	first.More = all[1:]
	return &first
}

// KindOf is the kind of any error; what is no *Error is internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return KindInternal
}

// As gives err as a *Error, wrapping it as internal when it is none.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return Internal(err)
}
