package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/e2e/browser"
	"linli/e2e/town"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// views are the ways in which the one order is lived through.
func views() map[string]browser.View {
	with := func(v browser.View, cookies map[string]string) browser.View {
		v.Cookies = cookies
		return v
	}
	zh := map[string]string{"lang": "zh"}
	noscript := with(browser.Phone(), zh)
	noscript.NoScript = true
	return map[string]browser.View{
		"phone":    with(browser.Phone(), zh),
		"desk":     with(browser.Desk(), zh),
		"noscript": noscript,
		"large":    with(browser.Phone(), map[string]string{"lang": "zh", "size": "large"}),
		"english":  with(browser.Desk(), map[string]string{"lang": "en", "theme": "dark"}),
	}
}

// TestOneOrderAsFourPeople goes from the resident's sentence to the hours in the
// volunteer's book in a browser, clicking what is to be seen, with axe and a
// picture after every step (go test -artifacts -outputdir DIR).
func TestOneOrderAsFourPeople(t *testing.T) {
	chromium := browser.Start(t)
	for name, view := range views() {
		t.Run(name, func(t *testing.T) {
			c := clock.NewManual(monday)
			w := town.Settle(t, dbtest.New(t, db.SQLite, dbtest.Clock(c), dbtest.With(town.Sound)))
			j := &journey{Town: w, t: t, chromium: chromium, view: view, label: name, url: w.Serve(), clock: c}
			j.live()
		})
	}
}

// journey is one order in one way of looking at it.
type journey struct {
	*town.Town
	t        *testing.T
	chromium *browser.Browser
	view     browser.View
	label    string
	url      string
	clock    *clock.Manual
	shots    int
	order    string // its address, once it is there
}

func (j *journey) live() {
	resident := j.enter("孟桂兰", "/home")
	j.request(resident)
	worker := j.enter("周敏", "/board")
	helper := j.enter(j.dispatch(worker), "/nearby")
	j.accept(helper)
	j.visit(helper, resident)
	for i, p := range []*browser.Page{resident, helper, worker} {
		j.evaluate(p, i == 2)
	}
	j.book(helper)
}

// look takes a picture of a page as it stands and holds it against what every
// page must be.
func (j *journey) look(p *browser.Page, what string) {
	j.t.Helper()
	if s := p.Status(); s >= 400 && s != http.StatusUnprocessableEntity {
		j.t.Fatalf("%s: %s answers %d: %s", what, p.URL(), p.Status(), p.Text("main"))
	}
	p.Check()
	p.FitsWidth()
	j.shots++
	p.Screenshot(fmt.Sprintf("%s-%02d-%s", j.label, j.shots, what))
}

// enter signs somebody in by phone and password; they land where their role is at
// home.
func (j *journey) enter(name, home string) *browser.Page {
	j.t.Helper()
	p := j.chromium.Open(j.t, j.url+"/sign-in", j.view)
	j.look(p, "sign-in")
	p.Fill("#f-phone", j.Person(name).Phone)
	p.Fill("#f-password", town.Password)
	p.Follow("main form .primary")
	if got := strings.TrimPrefix(p.URL(), j.url); got != home {
		j.t.Fatalf("%s lands at %s, not %s", name, got, home)
	}
	j.look(p, strings.Trim(home, "/"))
	return p
}

// request is the one sentence and the tap that confirms what was understood.
func (j *journey) request(p *browser.Page) {
	j.t.Helper()
	p.Fill(`textarea[name="text"]`, "想请人来家里给老伴理个发")
	p.Follow(`form[action="/orders/new"] .primary`)
	j.look(p, "understood")
	p.Follow(`form[action="/orders"] .primary`)
	j.order = strings.TrimPrefix(p.URL(), j.url)
	if !strings.HasPrefix(j.order, "/orders/0") {
		j.t.Fatalf("after the request: %s", p.URL())
	}
	j.look(p, "requested")
}

// dispatch verifies the order and asks the first volunteer of the list; it gives
// the name.
func (j *journey) dispatch(p *browser.Page) string {
	j.t.Helper()
	p.Follow(fmt.Sprintf(`#pick form[action="%s/verification"] button`, j.order))
	j.look(p, "verified")
	p.Follow(`a[href^="/board?pick="]`)
	j.look(p, "candidates")
	form := `#pick form.row:has(input[value^="volunteer:"])`
	id := strings.TrimPrefix(browser.Eval[string](p, fmt.Sprintf("document.querySelector(`%s input`).value", form)), "volunteer:")
	p.Follow(form + " button")
	j.look(p, "dispatched")
	at := slices.IndexFunc(j.People, func(x town.Person) bool { return x.ID == id })
	if at < 0 {
		j.t.Fatalf("the candidate %s is nobody", id)
	}
	return j.People[at].Name
}

func (j *journey) accept(p *browser.Page) {
	j.t.Helper()
	p.Follow(fmt.Sprintf(`main a[href="%s"]`, j.order))
	j.look(p, "offered")
	p.Follow(`form[action$="/acceptance"] button`)
	if !strings.Contains(p.Text("main"), j.Person("孟桂兰").Phone) {
		j.t.Error("who accepted does not see the telephone")
	}
	j.look(p, "accepted")
}

// visit checks in with the code that the resident reads out, and out an hour later.
func (j *journey) visit(helper, resident *browser.Page) {
	j.t.Helper()
	resident.Goto(j.url + j.order)
	j.look(resident, "code-shown")
	if !j.view.NoScript {
		helper.StandAt(town.Lat, town.Lng)
	}
	helper.Follow(`main a[href$="/presence"]`)
	j.look(helper, "at-the-door")
	code := resident.Text("#code .code")
	j.present(helper, "check-in", wrongBy(code), "wrong-code", `[role="alert"]`)
	if text := helper.Text(`[role="alert"]`); !strings.Contains(text, "4") {
		j.t.Errorf("one wrong code of five leaves four tries: %s", text)
	}
	j.present(helper, "check-in", code, "checked-in", `form[action$="/check-out"]`)
	j.clock.Add(time.Hour)
	j.present(helper, "check-out", "", "checked-out", `form[action$="/completion"]`)
	helper.Follow(`form[action$="/completion"] .primary`)
	j.look(helper, "completed")
}

// present sends the form at the door. With script the answer takes the page's place
// without a load; either way the next form is to be seen.
func (j *journey) present(p *browser.Page, step, code, what, next string) {
	j.t.Helper()
	if code != "" {
		p.Fill("#f-code", code)
	}
	button := fmt.Sprintf(`form[action$="/%s"] .primary`, step)
	if j.view.NoScript {
		p.Follow(button)
	} else {
		p.Click(button)
	}
	p.Wait(next)
	j.look(p, what)
}

// wrongBy is a code that was not shown: the digits, each one further.
func wrongBy(code string) string {
	return strings.Map(func(r rune) rune { return '0' + (r-'0'+1)%10 }, code)
}

// evaluate chooses the smiling face.
func (j *journey) evaluate(p *browser.Page, last bool) {
	j.t.Helper()
	p.Goto(j.url + j.order)
	j.look(p, "to-evaluate")
	p.Click(`#evaluation label:has(input[value="satisfied"])`)
	p.Follow(`#evaluation form .primary`)
	j.look(p, "evaluated")
	if closed := p.Count(`#evaluation form`) == 0 && j.state() == "evaluated"; closed != last {
		j.t.Errorf("closed: %v, want %v", closed, last)
	}
}

func (j *journey) state() string {
	j.t.Helper()
	o, err := j.Client(j.url, "周敏").Order(j.t.Context(), strings.TrimPrefix(j.order, "/orders/"))
	if err != nil {
		j.t.Fatal(err)
	}
	return o.State
}

// book finds the hour and its points where the volunteer looks for them.
func (j *journey) book(p *browser.Page) {
	j.t.Helper()
	p.Goto(j.url + "/me/record")
	if text := p.Text("main"); !strings.Contains(text, "3号楼") {
		j.t.Errorf("the visit is not in the record: %s", text)
	}
	j.look(p, "my-record")
	p.Goto(j.url + "/me/points")
	j.look(p, "my-points")
}
