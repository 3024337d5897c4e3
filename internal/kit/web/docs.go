package web

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"linli/internal/kit/fault"
)

// Docs is the API documentation as a page shows it, in the reader's language.
type Docs struct {
	Title   string
	Version string
	Groups  []DocsGroup // in the order of the routes
	Kinds   []DocsKind
}

// DocsGroup is the operations under one heading.
type DocsGroup struct {
	Tag        string
	Operations []DocsOperation
}

// DocsOperation is one call.
type DocsOperation struct {
	Name, Method, Path, Summary, Permission string
	Public                                  bool
	Status                                  int
	Input, Output                           []DocsField
}

// DocsField is one value, nested ones under their dotted name ("offers[].state").
type DocsField struct {
	Name, Label, Type, Doc, Example string
	Required                        bool
	Enum                            []string
}

// DocsKind is one kind of problem.
type DocsKind struct {
	Kind, Title string
	Status      int
}

// Docs describes all routes that answer JSON.
func (s *Site) Docs(say func(string, ...any) string) Docs {
	d := Docs{Title: say(s.c.Title), Version: s.c.Version, Kinds: docsKinds(say)}
	index := map[string]int{}
	for i := range s.c.Routes {
		rt := &s.c.Routes[i]
		if rt.API == "" {
			continue
		}
		at, ok := index[rt.Tag]
		if !ok {
			at = len(d.Groups)
			index[rt.Tag] = at
			d.Groups = append(d.Groups, DocsGroup{Tag: say(rt.Tag)})
		}
		d.Groups[at].Operations = append(d.Groups[at].Operations, docsOperation(rt, say))
	}
	return d
}

// Messages are the message ids that stand in routes and in the tags of their
// structs, where a search of the code for calls does not see them; the test of the
// catalogue asks for them.
func (s *Site) Messages() []string {
	ids := map[string]bool{}
	say := func(msg string, _ ...any) string {
		ids[msg] = msg != ""
		return msg
	}
	s.Docs(say)
	s.openAPI(say)
	delete(ids, "")
	return sorted(ids)
}

func docsKinds(say func(string, ...any) string) []DocsKind {
	var kinds []DocsKind
	for _, k := range []fault.Kind{fault.KindInvalid, fault.KindForbidden, fault.KindNotFound, fault.KindConflict, fault.KindBusy, fault.KindInternal} {
		kinds = append(kinds, DocsKind{Kind: string(k), Title: say(title(k)), Status: statusOf(&fault.Error{Kind: k})})
	}
	return kinds
}

func docsOperation(rt *Route, say func(string, ...any) string) DocsOperation {
	op := DocsOperation{
		Name: rt.Name, Method: rt.Method, Path: rt.API, Summary: say(rt.Summary),
		Permission: rt.Permission, Public: rt.Public, Status: rt.status(),
	}
	w := fieldWalk{say: say}
	w.shape(rt.Handle.input(), "", false)
	op.Input, w.out = w.out, nil
	if s := viewShape(rt.Handle.output()); s != nil {
		w.shape(s, strings.Repeat("[].", dimensions(rt.Handle.output())), true)
	}
	op.Output = w.out
	return op
}

// fieldWalk lists the values of a shape; a shape inside itself is not entered.
type fieldWalk struct {
	say  func(string, ...any) string
	path []*shape
	out  []DocsField
}

func (w *fieldWalk) shape(s *shape, prefix string, view bool) {
	for _, seen := range w.path {
		if seen == s {
			return
		}
	}
	w.path = append(w.path, s)
	for _, f := range s.fields {
		name := prefix + f.name
		if f.path != "" {
			name = "{" + f.path + "}"
		}
		w.out = append(w.out, DocsField{
			Name: name, Label: w.say(f.label), Type: typeName(f.typ), Doc: w.say(f.doc), Example: f.example, Enum: f.rule.enum,
			Required: f.path != "" || f.rule.required || view && !f.optional,
		})
		if f.shape != nil {
			w.shape(f.shape, name+strings.Repeat("[]", dimensions(f.typ))+".", view)
		}
	}
	w.path = w.path[:len(w.path)-1]
}

func dimensions(t reflect.Type) int {
	n := 0
	for ; t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer || t.Kind() == reflect.Map; t = t.Elem() {
		if t.Kind() != reflect.Pointer {
			n++
		}
	}
	return n
}

func typeName(t reflect.Type) string {
	b := &schemas{say: func(msg string, _ ...any) string { return msg }, components: object{}}
	s := b.view(t)
	for _, key := range []string{"format", "type"} {
		if name, ok := s[key].(string); ok {
			return name
		}
	}
	return "object"
}

// serveDocs shows the documentation by the page that was configured, or plainly.
func (s *Site) serveDocs(w http.ResponseWriter, hr *http.Request) {
	r := requestOf(w, hr)
	r.api = false
	show := s.c.DocsPage
	if show == nil {
		show = func(r *Request, d Docs) Component { return plainDocs{d, r.T} }
	}
	if err := HTML(show(r, s.Docs(r.T))).send(r); err != nil {
		r.fail(err)
	}
}

// plainDocs is a page without style, for a server without pages of its own.
type plainDocs struct {
	Docs
	say func(string, ...any) string
}

// Render writes the page; what is not a constant here is escaped.
func (d plainDocs) Render(_ context.Context, w io.Writer) error {
	p := &markup{}
	p.add(`<!doctype html><html lang="%s"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>%s</title><main><h1>%s %s</h1>`,
		d.say("zh-CN"), d.Title, d.Title, d.Version) // the catalogue has "en" for it
	p.add(`<p><a href="/api/openapi.json">OpenAPI 3.1</a></p>`)
	for _, g := range d.Groups {
		p.add(`<h2>%s</h2>`, g.Tag)
		for _, op := range g.Operations {
			d.operation(p, op)
		}
	}
	p.add(`<h2>problem+json</h2><dl>`)
	for _, k := range d.Kinds {
		p.add(`<dt id="%s">%s %s</dt><dd>%s</dd>`, k.Kind, k.Kind, strconv.Itoa(k.Status), k.Title)
	}
	p.add(`</dl></main></html>`)
	_, err := io.WriteString(w, p.String())
	return err
}

func (d plainDocs) operation(p *markup, op DocsOperation) {
	p.add(`<section id="%s"><h3><code>%s %s</code></h3><p>%s</p>`, op.Name, op.Method, op.Path, op.Summary)
	if !op.Public {
		p.add(`<p><code>%s</code></p>`, op.Permission)
	}
	d.fields(p, d.say("要给的"), op.Input)
	d.fields(p, strconv.Itoa(op.Status), op.Output)
	p.add(`</section>`)
}

func (d plainDocs) fields(p *markup, caption string, fields []DocsField) {
	if len(fields) == 0 {
		return
	}
	p.add(`<table><caption>%s</caption>`, caption)
	for _, f := range fields {
		mark := ""
		if f.Required {
			mark = "*"
		}
		p.add(`<tr><th scope="row"><code>%s</code>%s</th><td>%s</td><td>%s %s %s %s</td></tr>`,
			f.Name, mark, f.Type, f.Label, f.Doc, strings.Join(f.Enum, ", "), f.Example)
	}
	p.add(`</table>`)
}

// markup formats HTML, escaping every argument.
type markup struct{ strings.Builder }

func (m *markup) add(format string, args ...any) {
	for i, a := range args {
		args[i] = html.EscapeString(fmt.Sprint(a))
	}
	fmt.Fprintf(m, format, args...)
}
