package order

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"linli/internal/kit/fault"
	"linli/match"
)

func TestCheckRequest(t *testing.T) {
	now := started
	hour := func(n int) time.Time { return now.Add(time.Duration(n) * time.Hour) }
	good := Request{Text: "理发", PeopleNeeded: 1, Source: SourceApp}
	for name, c := range map[string]struct {
		change func(*Request)
		field  string // that the fault names; empty: nothing is wrong
	}{
		"as it should be":         {func(*Request) {}, ""},
		"no words":                {func(r *Request) { r.Text = "" }, "text"},
		"too many words":          {func(r *Request) { r.Text = strings.Repeat("好", wordsMost+1) }, "text"},
		"just enough words":       {func(r *Request) { r.Text = strings.Repeat("𠮷", wordsMost) }, ""},
		"unknown service":         {func(r *Request) { r.Category = "no_such" }, "category"},
		"nobody needed":           {func(r *Request) { r.PeopleNeeded = -1 }, "people_needed"},
		"a crowd":                 {func(r *Request) { r.PeopleNeeded = peopleMost + 1 }, "people_needed"},
		"reversed window":         {func(r *Request) { r.Window = &Window{hour(3), hour(2)} }, "window.to"},
		"window without an end":   {func(r *Request) { r.Window = &Window{From: hour(1)} }, "window.to"},
		"window without a start":  {func(r *Request) { r.Window = &Window{To: hour(1)} }, "window.from"},
		"past window":             {func(r *Request) { r.Window = &Window{hour(-3), hour(-2)} }, "window.from"},
		"window that has begun":   {func(r *Request) { r.Window = &Window{hour(-1), hour(1)} }, ""},
		"window in two years":     {func(r *Request) { r.Window = &Window{hour(20000), hour(20001)} }, "window.from"},
		"unknown urgency":         {func(r *Request) { r.Urgency = "now" }, "urgency"},
		"unknown source":          {func(r *Request) { r.Source = "fax" }, "source"},
		"telephone of ten digits": {func(r *Request) { r.Phone = "1380000012" }, "phone"},
		"a book of risks":         {func(r *Request) { r.Risk = strings.Repeat("狗", riskMost+1) }, "risk"},
	} {
		in := good
		c.change(&in)
		err := checkRequest(in, now)
		switch {
		case c.field == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.field != "" && (err == nil || fault.As(err).Field != c.field):
			t.Errorf("%s: %v, want a fault of %s", name, err, c.field)
		}
	}
}

func TestAllMistakesAreNamedAtOnce(t *testing.T) {
	err := checkRequest(Request{Urgency: "now", Source: SourceApp, PeopleNeeded: 99}, started)
	if n := len(fault.As(err).All()); n != 3 {
		t.Errorf("%d faults: %v", n, err)
	}
}

func TestSideOf(t *testing.T) {
	if got := Missing([]Evaluation{{Side: SideStation}}); len(got) != 2 || got[0] != SideResident {
		t.Errorf("missing %v", got)
	}
}

func TestWaveWidensAtLast(t *testing.T) {
	far := match.LeftOut{Ranked: match.Ranked{Key: match.Key{Kind: match.Volunteer, ID: "far"}}, Causes: []match.Reason{{Kind: match.WalkReason}}}
	full := match.LeftOut{Ranked: match.Ranked{Key: match.Key{Kind: match.Volunteer, ID: "full"}}, Causes: []match.Reason{{Kind: match.LoadReason}}}
	r := match.Ranking{Items: []match.Ranked{{Key: match.Key{Kind: match.Volunteer, ID: "near"}}}, LeftOut: []match.LeftOut{far, full}}
	if got := wave(r, 3, false); len(got) != 1 || got[0].ID != "near" {
		t.Errorf("first waves ask %v", got)
	}
	if got := wave(r, 3, true); len(got) != 2 || got[1].ID != "far" {
		t.Errorf("the last wave asks %v", got)
	}
}

func TestStreet(t *testing.T) {
	for path, want := range map[string]string{
		"/13/1301/130104/130104007/130104007003/": "13/1301/130104/130104007",
		"/13/1301/130104/":                        "", "": "", "/": "",
	} {
		if got := street(path); got != want {
			t.Errorf("%q: %q, want %q", path, got, want)
		}
	}
}

// TestViewNamesEveryMember: a program finds window in every order, null while
// nobody has said when.
func TestViewNamesEveryMember(t *testing.T) {
	b, err := json.Marshal(View{})
	if err != nil || !strings.Contains(string(b), `"window":null`) {
		t.Errorf("%s %v", b, err)
	}
}
