package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"linli/internal/kit/fault"
)

// Problem is an error as it is answered (RFC 9457), in the reader's language.
type Problem struct {
	Type      string       `json:"type" doc:"这一类问题的说明在哪里"`
	Title     string       `json:"title" doc:"哪一类问题"`
	Status    int          `json:"status" doc:"HTTP 状态码"`
	Detail    string       `json:"detail" doc:"出了什么事，怎么办"`
	Instance  string       `json:"instance" doc:"这一次请求"`
	Kind      string       `json:"kind" enum:"invalid,forbidden,not_found,conflict,busy,internal" doc:"程序据此判断"`
	RequestID string       `json:"request_id" doc:"报给服务站的编号"`
	Errors    []FieldError `json:"errors,omitempty" doc:"哪一项不对，为什么"`
}

// FieldError is one message and the field it belongs to.
type FieldError struct {
	Field   string `json:"field" doc:"哪一项，像 window.from；空着就是说整个请求"`
	Message string `json:"message" doc:"怎么不对，怎么改"`
}

// For is the message of a field, or empty.
func (p *Problem) For(field string) string {
	if p == nil {
		return ""
	}
	for _, e := range p.Errors {
		if e.Field == field {
			return e.Message
		}
	}
	return ""
}

// Label is an argument of a message that is itself translated: the name of a
// field.
type Label string

// failure is a fault whose status says more than its kind does.
type failure struct {
	fault  *fault.Error
	status int
	retry  time.Duration // Retry-After; 0 for none
	allow  string        // Allow, with 405
}

func (f *failure) Error() string { return f.fault.Error() }
func (f *failure) Unwrap() error { return f.fault }

func fail(status int, e *fault.Error) *failure { return &failure{fault: e, status: status} }

func tryLater(status int, after time.Duration, e *fault.Error) *failure {
	return &failure{fault: e, status: status, retry: after}
}

// TooMany is a fault for who tries too often, answered 429: the same again may
// succeed after that time.
func TooMany(after time.Duration, e *fault.Error) error {
	return tryLater(http.StatusTooManyRequests, after, e)
}

// NotProved is a fault for who does not show that they are who they say, answered
// 401.
func NotProved(e *fault.Error) error { return fail(http.StatusUnauthorized, e) }

// errSignIn is answered 401 on the API and by the way to the sign-in page.
func errSignIn() *failure {
	return fail(http.StatusUnauthorized, fault.Forbidden("请先登录。"))
}

// statusOf is the one table from errors to statuses.
func statusOf(err error) int {
	var f *failure
	if errors.As(err, &f) {
		return f.status
	}
	switch fault.KindOf(err) {
	case fault.KindInvalid:
		return http.StatusUnprocessableEntity
	case fault.KindForbidden:
		return http.StatusForbidden
	case fault.KindNotFound:
		return http.StatusNotFound
	case fault.KindConflict:
		return http.StatusConflict
	case fault.KindBusy:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func title(kind fault.Kind) string {
	switch kind {
	case fault.KindInvalid:
		return "填的内容要改一下"
	case fault.KindForbidden:
		return "您不能做这件事"
	case fault.KindNotFound:
		return "没有找到"
	case fault.KindConflict:
		return "情况已经变了"
	case fault.KindBusy:
		return "这会儿忙不过来"
	}
	return "我们这边出了问题"
}

// problem says an error in the reader's language.
func (r *Request) problem(err error) *Problem {
	f := fault.As(err)
	p := &Problem{
		Type:      "/api/docs#" + string(f.Kind),
		Title:     r.T(title(f.Kind)),
		Status:    statusOf(err),
		Detail:    r.say(f),
		Instance:  "urn:request:" + r.ID,
		Kind:      string(f.Kind),
		RequestID: r.ID,
	}
	for _, e := range f.All() {
		if e.Field != "" || len(f.More) > 0 {
			p.Errors = append(p.Errors, FieldError{Field: e.Field, Message: r.say(e)})
		}
	}
	return p
}

func (r *Request) say(e *fault.Error) string {
	args := make([]any, len(e.Args))
	for i, a := range e.Args {
		if l, ok := a.(Label); ok {
			a = r.T(string(l))
		}
		args[i] = a
	}
	return r.T(e.Msg, args...)
}

// fail is where every error of every route ends: problem+json, the way to the
// sign-in page, or the error page.
func (r *Request) fail(err error) {
	err = settle(err)
	r.logFailure(err)
	if errors.Is(err, errGone) {
		return
	}
	r.spill()
	var f *failure
	if errors.As(err, &f) {
		f.headers(r.w.Header())
	} else if fault.KindOf(err) == fault.KindBusy {
		r.w.Header().Set("Retry-After", "2")
	}
	p := r.problem(err)
	switch {
	case r.api:
		r.sendProblem(err)
	case p.Status == http.StatusUnauthorized:
		http.Redirect(r.w, r.Request, r.site.c.SignIn+"?next="+url.QueryEscape(r.Back()), http.StatusSeeOther)
	default:
		r.sendErrorPage(p)
	}
}

// settle gives errors of the machinery their kind: a call that took too long is
// busy, everything unknown internal.
func settle(err error) error {
	if fault.KindOf(err) != fault.KindInternal || errors.Is(err, errGone) {
		return err
	}
	if errors.Is(err, context.DeadlineExceeded) {
		busy := fault.Busy("这一步用的时间太长，没有办成。过一会儿再试一次。")
		busy.Cause = err
		return busy
	}
	return err
}

func (f *failure) headers(h http.Header) {
	if f.retry > 0 {
		h.Set("Retry-After", strconv.Itoa(max(1, int(f.retry.Round(time.Second).Seconds()))))
	}
	if f.allow != "" {
		h.Set("Allow", f.allow)
	}
	if f.status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
}

func (r *Request) sendProblem(err error) {
	a, err := r.problemReply(err)
	if err == nil {
		err = r.sendJSON(a)
	}
	r.logFailure(err)
}

func (r *Request) problemReply(err error) (reply, error) {
	p := r.problem(err)
	body, err := marshal(p)
	return reply{status: p.Status, body: body}, err
}

// sendErrorPage falls back to a bare sentence when even the error page fails.
func (r *Request) sendErrorPage(p *Problem) {
	err := withStatus(HTML(r.site.c.ErrorPage(r, p)), p.Status).send(r)
	if err == nil || errors.Is(err, errGone) {
		return
	}
	r.logFailure(err)
	http.Error(r.w, p.Detail, p.Status)
}

// logFailure writes down what the reader is not told. The kinds that are answers
// are the reader's own business and stay out of the log.
func (r *Request) logFailure(err error) {
	switch {
	case err == nil:
	case errors.Is(err, errGone), errors.Is(err, context.Canceled):
		r.site.c.Log.Debug("answer cut off", "request", r.ID, "error", err)
	case fault.KindOf(err) == fault.KindInternal:
		r.site.c.Log.Error("request failed", "request", r.ID, "route", r.name(), "error", err)
	case fault.KindOf(err) == fault.KindBusy:
		r.site.c.Log.Warn("request turned away", "request", r.ID, "route", r.name(), "error", err)
	}
}

func (r *Request) name() string {
	if r.Route == nil {
		return ""
	}
	return r.Route.Name
}
