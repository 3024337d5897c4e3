package web

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strings"
	"time"

	"linli/internal/kit/clock"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
)

const (
	typeJSON      = "application/json"
	typeForm      = "application/x-www-form-urlencoded"
	typeMultipart = "multipart/form-data"
	typeProblem   = "application/problem+json"
)

// readBody takes the whole body within the route's bound and time.
func (r *Request) readBody(w http.ResponseWriter) error {
	most, within := r.Route.MaxBody, r.Route.BodyTime
	if most == 0 {
		most = bodyMost
	}
	if within == 0 {
		within = bodyTime
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(clock.System{}.Now().Add(within))
	body, err := io.ReadAll(io.LimitReader(r.Body, most+1))
	if int64(len(body)) > most {
		return r.tooLarge(body[:most])
	}
	if err == nil {
		_ = control.SetReadDeadline(time.Time{})
	}
	r.body, r.Body = body, http.NoBody
	return bodyError(err)
}

func bodyError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fail(http.StatusRequestTimeout, fault.Invalid("", "网太慢，内容没有收全。请换个网好的地方再发一次。"))
	}
	f := badJSON("内容没有收全，请再发一次。")
	f.fault.Cause = err
	return f
}

// tooLarge names the member in whose middle the bound lay: a text of megabytes.
func (r *Request) tooLarge(head []byte) error {
	return fail(http.StatusRequestEntityTooLarge, fault.Invalid(r.cutIn(head), "发来的内容太大，最多 %d KB。", len(head)>>10))
}

// cutIn is the member in which the head of a body ends, empty when it cannot be told.
func (r *Request) cutIn(head []byte) string {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case typeJSON:
		p := newParser(head)
		_, _ = p.value(0)
		return p.at
	case typeForm:
		pairs := strings.Split(string(head), "&")
		name, _, _ := strings.Cut(pairs[len(pairs)-1], "=")
		return shown(name)
	}
	return ""
}

// spill reads on after a refusal, within bounds: many senders read no answer
// before they have sent everything, and would only see the connection break.
func (r *Request) spill() {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	_ = http.NewResponseController(r.w).SetReadDeadline(clock.System{}.Now().Add(bodyTime))
	_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, spillMost))
}

// decode fills the input from the path and from body, form or query.
func decode(r *Request, s *shape, v reflect.Value) error {
	if err := bindPath(r, s, v); err != nil {
		return err
	}
	b := &binder{zone: r.site.c.Zone}
	t, err := r.tree(b, s)
	if err != nil {
		return err
	}
	b.object(s, v, t, "")
	return fault.Join(b.errs...)
}

// tree reads what was sent in the form it was sent in.
func (r *Request) tree(b *binder, s *shape) (map[string]tree, error) {
	if !r.Route.hasBody() {
		b.form, b.lenient = true, !r.api
		values, err := url.ParseQuery(r.URL.RawQuery)
		if err != nil {
			return nil, badJSON("网址里 ? 后面的部分读不出来。")
		}
		r.typed = values
		return formTree(values, nil)
	}
	kind, params, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.api && (kind == typeJSON || len(r.body) == 0):
		return parseJSON(r.body)
	case !r.api && (kind == typeForm || len(r.body) == 0):
		b.form = true
		return r.form()
	case kind == typeMultipart && (!r.api || s.uploads()):
		b.form = true
		return r.multipart(params["boundary"])
	case r.api:
		return nil, unsupported("要发 JSON：请带上 Content-Type: application/json。")
	}
	return nil, unsupported("这个网址只收网页表单。")
}

func unsupported(msg string) error {
	return fail(http.StatusUnsupportedMediaType, fault.Invalid("", msg))
}

func (r *Request) form() (map[string]tree, error) {
	values, err := url.ParseQuery(string(r.body))
	if err != nil {
		return nil, badJSON("表单的内容读不出来，请再发一次。")
	}
	r.typed = values
	return formTree(values, nil)
}

func (r *Request) multipart(boundary string) (map[string]tree, error) {
	form, err := multipart.NewReader(bytes.NewReader(r.body), boundary).ReadForm(int64(len(r.body)) + 1)
	if err != nil {
		return nil, badJSON("表单的内容读不出来，请再发一次。")
	}
	defer form.RemoveAll()
	r.typed = form.Value
	files, err := readUploads(form)
	if err != nil {
		return nil, err
	}
	return formTree(form.Value, files)
}

// bindPath takes the ids and codes of the path. One that cannot be an id is
// answered like one that does not exist.
func bindPath(r *Request, s *shape, v reflect.Value) error {
	for _, f := range s.fields {
		if f.path == "" {
			continue
		}
		value := r.PathValue(f.path)
		if f.code && !isCode(value) || !f.code && !id.Valid(value) {
			return notFound()
		}
		v.FieldByIndex(f.index).SetString(value)
	}
	return nil
}

// codeMost is the length of a code in a path, in characters.
const codeMost = 64

// isCode says whether s is a short name: letters, digits, "-", "_" and ".".
func isCode(s string) bool {
	for _, c := range s {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (c < '0' || c > '9') && c != '-' && c != '_' && c != '.' {
			return false
		}
	}
	return s != "" && len(s) <= codeMost
}
