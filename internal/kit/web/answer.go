package web

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"

	"linli/internal/kit/clock"
)

// Component is markup that can write itself; every templ component is one.
type Component interface {
	Render(ctx context.Context, w io.Writer) error
}

// Answer is what a page route sends.
type Answer interface {
	send(r *Request) error
}

// HTML sends a page or a fragment.
func HTML(c Component) Answer { return page{component: c, status: http.StatusOK} }

// See sends the reader on (303), after a form was posted.
func See(path string) Answer { return redirect{path: path} }

// SeeWithNote sends the reader on and leaves a sentence, already in the reader's
// language, that Request.Note gives on the next page.
func SeeWithNote(path, note string) Answer { return redirect{path: path, note: note} }

// Failed answers with an error that came up while the page was made.
func Failed(err error) Answer { return failed{err} }

// File sends a download. write makes it in one go; an error before the first
// byte still becomes a proper answer.
func File(name, contentType string, write func(io.Writer) error) Answer {
	return file{name: name, contentType: contentType, write: write}
}

type page struct {
	component Component
	status    int
}

func (p page) send(r *Request) error {
	var b bytes.Buffer
	if err := p.component.Render(r.site.c.Dress(r), &b); err != nil {
		return err
	}
	h := r.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "private, no-cache")
	h.Add("Vary", "HX-Request, Cookie, Accept-Language")
	r.clearNote()
	r.w.WriteHeader(p.status)
	_, err := r.w.Write(b.Bytes())
	return gone(err)
}

type redirect struct{ path, note string }

func (d redirect) send(r *Request) error {
	if d.note != "" {
		r.leaveNote(d.note)
	}
	http.Redirect(r.w, r.Request, Local(d.path), http.StatusSeeOther)
	return nil
}

type failed struct{ err error }

func (f failed) send(*Request) error { return f.err }

type file struct {
	name, contentType string
	write             func(io.Writer) error
}

// fileTime is how long a download may take.
const fileTime = 15 * time.Minute

func (f file) send(r *Request) error {
	h := r.w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
	h.Set("Cache-Control", "private, no-store")
	_ = http.NewResponseController(r.w).SetWriteDeadline(clock.System{}.Now().Add(fileTime))
	out := &started{w: r.w}
	err := f.write(out)
	if err == nil || out.began {
		return gone(err)
	}
	h.Del("Content-Disposition")
	return err
}

// started remembers whether the first byte has left.
type started struct {
	w     io.Writer
	began bool
}

func (s *started) Write(b []byte) (int, error) {
	s.began = true
	return s.w.Write(b)
}

// errGone says that the answer had begun when something failed: there is nobody
// left to tell, the connection is closed.
var errGone = errors.New("web: the answer was cut off")

func gone(err error) error {
	if err == nil {
		return nil
	}
	return errors.Join(errGone, err)
}

// withStatus gives a form that is shown again the status of its problem.
func withStatus(a Answer, status int) Answer {
	if p, ok := a.(page); ok {
		p.status = status
		return p
	}
	return a
}

// marshal writes JSON as it is read by people: no escapes for <, > and &, which
// nosniff and the content type make unnecessary.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

// reply is an answer on the API: a view, or a problem from status 400 on.
type reply struct {
	status   int
	body     []byte
	replayed bool // it was made for an earlier request with the same key
}

func (r *Request) sendJSON(a reply) error {
	h := r.w.Header()
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Language")
	if a.replayed {
		h.Set("Idempotent-Replayed", "true")
	}
	if a.status == http.StatusNoContent {
		r.w.WriteHeader(a.status)
		return nil
	}
	h.Set("Content-Type", typeJSON)
	if a.status >= http.StatusBadRequest {
		h.Set("Content-Type", typeProblem)
	}
	h.Set("Content-Length", strconv.Itoa(len(a.body)))
	r.w.WriteHeader(a.status)
	_, err := r.w.Write(a.body)
	return gone(err)
}

const noteCookie = "note"

func (r *Request) leaveNote(text string) {
	value := base64.RawURLEncoding.EncodeToString([]byte(text))
	r.SetCookie(&http.Cookie{Name: noteCookie, Value: value, MaxAge: int((time.Minute).Seconds())})
}

// takeNote reads the cookie for a whole page; clearNote deletes it with the page
// that shows it.
func (r *Request) takeNote() {
	c, err := r.Cookie(noteCookie)
	if err != nil || r.Partial() {
		return
	}
	if text, err := base64.RawURLEncoding.DecodeString(c.Value); err == nil && clean(string(text)) {
		r.note = string(text)
	}
}

func (r *Request) clearNote() {
	if r.note != "" {
		r.SetCookie(&http.Cookie{Name: noteCookie, MaxAge: -1})
	}
}
