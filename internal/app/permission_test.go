package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/calendar"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/id"
	"linli/internal/kit/web"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var update = flag.Bool("update", false, "write the golden files")

// monday is nine o'clock in the morning, Beijing time.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Zone())

// TestEveryRouteWithEveryRole asks for everything as everybody: as page and as
// JSON, with each role here, in the next street and in another district, and as
// nobody. What may be answered follows from the access table:
//
//   - nobody gets only what is public;
//   - who has the permission nowhere is refused (403);
//   - who may not read a thing is told that it is not there, or refused, whatever
//     they ask of it, and never reads a word of it;
//   - who has the permission at the thing's place by role is not refused;
//   - nobody gets an internal error.
//
// testdata/permissions.md shows what came out.
func TestEveryRouteWithEveryRole(t *testing.T) {
	d := dbtest.New(t, db.SQLite, dbtest.Clock(clock.NewManual(monday)), dbtest.With(town.Sound))
	h := newHouse(t, town.Settle(t, d))
	var all []line
	for _, rt := range h.App.Site.Routes() {
		for _, path := range []string{rt.Page, rt.API} {
			if path != "" {
				all = append(all, h.try(rt, path))
			}
		}
	}
	golden(t, "permissions.md", table(all))
}

// house is the town with something of every kind in it to ask about.
type house struct {
	*town.Town
	t        *testing.T
	visitors []visitor
	things   map[string]*thing // by the first word of a path: "orders"
	serials  uint64
}

// serial is a number that nothing in the house has yet.
func (h *house) serial() uint64 {
	h.serials++
	return 1000 + h.serials
}

// visitor is one role in one circle; the zero visitor is nobody.
type visitor struct {
	town.Person
	who access.Who
}

func (v visitor) String() string {
	if v.Name == "" {
		return "nobody"
	}
	return fmt.Sprintf("%s %s", v.Role, v.Circle)
}

func newHouse(t *testing.T, w *town.Town) *house {
	h := &house{Town: w, t: t, visitors: []visitor{{}}}
	for _, c := range town.Circles() {
		for _, r := range access.Roles() {
			if p, ok := w.Holder(r, c); ok {
				who, _, err := w.App.Auth.Authenticate(t.Context(), w.Token(auth.API, p.Name))
				if err != nil {
					t.Fatal(err)
				}
				h.visitors = append(h.visitors, visitor{p, who})
			}
		}
	}
	h.things = things(h)
	return h
}

// line is what one path answered to each visitor.
type line struct {
	method, path, permission string
	marks                    map[string]rune // by visitor
}

func (h *house) try(rt web.Route, path string) line {
	l := line{method: rt.Method, path: path, permission: rt.Permission, marks: map[string]rune{}}
	if rt.Public {
		l.permission = string(access.Public)
	}
	thing := h.things[about(path)]
	for _, v := range h.visitors {
		a := h.ask(rt, path, thing, v)
		l.marks[v.String()] = a.mark()
		for _, wrong := range judge(rt, path, thing, v, a) {
			h.t.Errorf("%s %s as %s: %d: %s; sent %v", rt.Method, path, v, a.status, wrong, rt.Sample())
		}
		if thing != nil && rt.Method != http.MethodGet && a.status < 400 {
			thing.renew(h)
		}
		if rt.Method != http.MethodGet && v.Name != "" && a.status < 400 {
			h.Forget(v.Name) // it may have been the end of their session
		}
	}
	return l
}

var (
	wildcard = regexp.MustCompile(`\{\w+\}`)
	object   = regexp.MustCompile(`^(?:/api/v1)?/(\w+)/\{\w+\}`)
)

// about names the kind of thing that a path is about: "orders".
func about(path string) string {
	if m := object.FindStringSubmatch(path); m != nil {
		return m[1]
	}
	return ""
}

// answer is what came back.
type answer struct {
	status   int
	location string
	body     string
}

// mark shows an answer as one sign.
func (a answer) mark() rune {
	switch {
	case a.status == http.StatusUnauthorized || strings.HasPrefix(a.location, "/sign-in?"):
		return '?'
	case a.status == http.StatusForbidden:
		return '·'
	case a.status == http.StatusNotFound:
		return '∅'
	}
	return '●'
}

func (a answer) refused() bool { return a.mark() != '●' }

// ask sends the route's own sample.
func (h *house) ask(rt web.Route, path string, th *thing, v visitor) answer {
	ctx, cancel := context.WithCancel(h.t.Context())
	defer cancel()
	r := request(ctx, rt, h.fill(path, th), strings.HasPrefix(path, "/api/"))
	if v.Name != "" {
		if err := h.Sign(r, v.Name); err != nil {
			h.t.Fatal(err)
		}
	}
	rec := httptest.NewRecorder()
	h.App.Site.ServeHTTP(&once{rec, cancel}, r)
	return answer{rec.Code, rec.Header().Get("Location"), rec.Body.String()}
}

// fill puts the thing's id for the first wildcard, and ids of nothing for others.
func (h *house) fill(path string, th *thing) string {
	first := true
	return wildcard.ReplaceAllStringFunc(path, func(string) string {
		if first && th != nil {
			first = false
			return th.id
		}
		return id.New()
	})
}

func request(ctx context.Context, rt web.Route, path string, api bool) *http.Request {
	var body, kind string
	switch {
	case rt.Method == http.MethodGet || rt.Method == http.MethodDelete:
		q := rt.SampleForm()
		if q.Has("place") {
			q.Set("place", town.Community)
		}
		path += "?" + q.Encode()
	case api:
		text, _ := json.Marshal(rt.Sample()) // made of texts, numbers and lists
		body, kind = string(text), "application/json"
	default:
		body, kind = rt.SampleForm().Encode(), "application/x-www-form-urlencoded"
	}
	r := httptest.NewRequestWithContext(ctx, rt.Method, path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:1"
	r.Header.Set("Accept", "text/html, application/json")
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

// once is a recorder that ends a stream after its first words.
type once struct {
	*httptest.ResponseRecorder
	end context.CancelFunc
}

func (o *once) Flush() {
	o.ResponseRecorder.Flush()
	o.end()
}

// judge compares an answer with the access table.
func judge(rt web.Route, path string, th *thing, v visitor, a answer) (wrong []string) {
	bad := func(is bool, text string) {
		if is {
			wrong = append(wrong, text)
		}
	}
	permission := access.Permission(rt.Permission)
	bad(a.status >= 500 && a.status != http.StatusServiceUnavailable, "an internal error")
	switch {
	case rt.Public:
		bad(a.mark() == '?' || a.status == http.StatusForbidden, "public, and refused")
		return wrong
	case v.Name == "":
		bad(a.mark() != '?', "answered to nobody")
		return wrong
	}
	bad(a.mark() == '?', "signed in, and sent to sign in")
	bad(!access.MayAnywhere(v.who, permission) && a.status != http.StatusForbidden, "has the permission nowhere, and is not refused")
	if th == nil {
		return append(wrong, leaks(v, a)...)
	}
	at, reads := th.seenBy(v), th.reads(v)
	bad(!reads && !a.refused(), "may not know of it, and is not refused")
	bad(!reads && th.word != "" && strings.Contains(a.body, th.word), "may not know of it, and reads of it")
	may := access.May(v.who, permission, at)
	bad(!may && !a.refused(), "lacks the permission here, and is not refused")
	// What everybody may is asked of the own district: elsewhere an id is unknown.
	_, _, relations := access.Holders(permission)
	byRole := access.May(v.who, permission, access.Target{District: at.District, Path: at.Path}) && !slices.Contains(relations, access.Everyone)
	bad(byRole && reads && a.refused() && (a.status != http.StatusNotFound || rt.Method == http.MethodGet) && strings.Count(path, "{") == 1, "has the permission here, and is refused")
	return wrong
}

// leaks finds words of the middle of the town in an answer to somebody from
// outside it.
func leaks(v visitor, a answer) (wrong []string) {
	if v.Circle == town.Here || v.Name == "" || a.refused() {
		return nil
	}
	for _, word := range []string{secretDoor, secretName, secretNeed} {
		if strings.Contains(a.body, word) {
			wrong = append(wrong, "tells somebody from outside of "+word)
		}
	}
	return wrong
}

// table draws the golden file.
func table(all []line) string {
	slices.SortFunc(all, func(a, b line) int {
		return strings.Compare(a.path+" "+a.method, b.path+" "+b.method)
	})
	var b bytes.Buffer
	var roles []string
	for _, r := range access.Roles() {
		roles = append(roles, string(r))
	}
	fmt.Fprintf(&b, "# Who gets an answer\n\nMade by TestEveryRouteWithEveryRole; do not edit. Each route was asked with its sample input, about a thing of one\n"+
		"community. ● an answer (also \"it is too late\" and \"this field is wrong\"), · refused, ∅ \"there is no such thing\", ? sent to sign in.\n"+
		"In each group the roles stand in this order: %s.\n", strings.Join(roles, ", "))
	fmt.Fprintf(&b, "\n| | permission | nobody | here | next street | other district |\n|---|---|---|---|---|---|\n")
	for _, l := range all {
		fmt.Fprintf(&b, "| %s `%s` | %s | %c |", l.method, l.path, l.permission, l.marks["nobody"])
		for _, c := range town.Circles() {
			fmt.Fprintf(&b, " %s |", l.group(c))
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func (l line) group(c town.Circle) string {
	var b strings.Builder
	for _, r := range access.Roles() {
		if m, ok := l.marks[string(r)+" "+string(c)]; ok {
			b.WriteRune(m)
		} else {
			b.WriteByte(' ')
		}
	}
	return strings.TrimRight(b.String(), " ")
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	have := map[string]bool{}
	for l := range strings.Lines(string(want)) {
		have[l] = true
	}
	for l := range strings.Lines(got) {
		if !have[l] {
			t.Errorf("not in %s (go test ./internal/app -update): %s", path, l)
		}
		delete(have, l)
	}
	for _, l := range slices.Sorted(maps.Keys(have)) {
		t.Errorf("in %s and not so any more: %s", path, l)
	}
}
