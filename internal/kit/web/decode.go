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

// readBody takes the whole body within the route's bound and time. What is
// declared too large is refused before a byte of it is read.
func (r *Request) readBody(w http.ResponseWriter) error {
	most, within := r.Route.MaxBody, r.Route.BodyTime
	if most == 0 {
		most = bodyMost
	}
	if within == 0 {
		within = bodyTime
	}
	if r.ContentLength > most {
		w.Header().Set("Connection", "close")
		return tooLarge(most)
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(clock.System{}.Now().Add(within))
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
	if err == nil {
		_ = control.SetReadDeadline(time.Time{})
	}
	r.body = body
	return bodyError(err, most)
}

func bodyError(err error, most int64) error {
	var large *http.MaxBytesError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &large):
		return tooLarge(most)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fail(http.StatusRequestTimeout, fault.Invalid("", "网太慢，内容没有收全。请换个网好的地方再发一次。"))
	}
	f := badJSON("内容没有收全，请再发一次。")
	f.fault.Cause = err
	return f
}

func tooLarge(most int64) error {
	return fail(http.StatusRequestEntityTooLarge, fault.Invalid("", "发来的内容太大，最多 %d KB。", most>>10))
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
