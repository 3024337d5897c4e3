package e2e

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/client"
	"linli/e2e/town"
	"linli/internal/app"
	"linli/internal/core/auth/sms"
	"linli/internal/core/calendar"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/webtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// monday is nine o'clock in the morning, Beijing time, before four working days.
var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, calendar.Zone())

// story is a served town whose clock is moved by hand and whose every answer is
// held against the API's own description.
type story struct {
	*town.Town
	t     *testing.T
	clock *clock.Manual
	url   string
	http  *http.Client
	sms   *sms.Console
}

// each tells a story on both engines; the books must hold at its end.
func each(t *testing.T, tell func(s *story)) {
	t.Helper()
	c := clock.NewManual(monday)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		c.Set(monday)
		phones := sms.NewConsole(io.Discard)
		w := town.Settle(t, d, func(o *app.Options) { o.SMS = phones })
		s := &story{Town: w, t: t, clock: c, url: w.Serve(), sms: phones}
		s.http = &http.Client{Transport: webtest.Held(t, s.url)}
		tell(s)
	}, dbtest.Clock(c), dbtest.With(town.Sound))
}

// as is somebody's client, signed in.
func (s *story) as(name string) *client.Client {
	s.t.Helper()
	c := s.Client(s.url, name)
	c.HTTP = s.http
	return c
}

// ok unwraps an answer or ends the test.
func ok[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// refused says that err is the server's answer of that status and kind.
func (s *story) refused(err error, status int, kind string) *client.Error {
	s.t.Helper()
	var e *client.Error
	if !errors.As(err, &e) || e.Status != status || e.Kind != kind {
		s.t.Fatalf("want %d %s, got %v", status, kind, err)
	}
	if e.Detail == "" || e.ID == "" {
		s.t.Errorf("an answer without a sentence or a request id: %+v", e)
	}
	return e
}

// stands checks where an order stands and what each of some people may do with it.
func (s *story) stands(id, state string, may map[string]string) {
	s.t.Helper()
	for name, actions := range may {
		o := ok(s.as(name).Order(s.t.Context(), id))(s.t)
		slices.Sort(o.Actions)
		if got := strings.Join(o.Actions, " "); o.State != state || got != actions {
			s.t.Errorf("%s sees %s and may %q; want %s, %q", name, o.State, got, state, actions)
		}
	}
}

// TestMainLoop goes through the API table from the sentence to the books.
func TestMainLoop(t *testing.T) {
	each(t, func(s *story) {
		ctx := t.Context()
		resident, worker, helper := s.as("孟桂兰"), s.as("周敏"), s.as("韩立新")
		o := s.ask(resident)
		s.stands(o.ID, "requested", map[string]string{"孟桂兰": "cancellation", "周敏": "cancellation verification"})
		_, err := helper.Order(ctx, o.ID)
		s.refused(err, http.StatusNotFound, "not_found") // neighbours see what has been verified

		o = ok(worker.Verify(ctx, o.ID, "电话核实过"))(t)
		s.stands(o.ID, "verified", map[string]string{"孟桂兰": "cancellation", "周敏": "cancellation offers", "韩立新": "acceptance standby"})
		s.dispatch(worker, o.ID)
		s.stands(o.ID, "dispatched", map[string]string{"孟桂兰": "cancellation", "周敏": "cancellation offers return", "韩立新": "acceptance refusal"})

		s.accept(o.ID)
		s.stands(o.ID, "accepted", map[string]string{"孟桂兰": "cancellation", "周敏": "cancellation return", "韩立新": "check-in return withdrawal"})
		s.serve(helper, resident, o)
		s.stands(o.ID, "serving", map[string]string{"孟桂兰": "", "周敏": "completion return", "韩立新": "check-in completion return"})
		s.evaluate(o)
		s.books(helper, o)
	})
}

// ask files the order and looks at everything that it says.
func (s *story) ask(resident *client.Client) client.Order {
	s.t.Helper()
	ctx := s.t.Context()
	me := ok(resident.Me(ctx))(s.t)
	if me.Person.ID != s.Person("孟桂兰").ID || len(me.Roles) != 1 || me.Roles[0].Role != "resident" || me.Roles[0].Place.ID != town.Community {
		s.t.Errorf("me: %+v", me)
	}
	window := client.Window{From: monday.Add(2 * time.Hour), To: monday.Add(4 * time.Hour)}
	o := ok(resident.Request(ctx, client.Request{Text: "想请人来家里给老伴理个发 𠮷㐂👵", Window: &window}))(s.t)
	if o.Category.ID != "haircut" || o.Place.ID != town.Building || o.For.ID != me.Person.ID || o.PeopleNeeded != 1 || !o.NeedsCheck {
		s.t.Errorf("requested: %+v", o)
	}
	if o.Window == nil || !o.Window.From.Equal(window.From) || !o.Window.To.Equal(window.To) || o.Number != "261123-001" || len(o.Timeline) != 1 {
		s.t.Errorf("requested: %+v", o)
	}
	return o
}

// dispatch asks two candidates, of which the ranking knows why.
func (s *story) dispatch(worker *client.Client, id string) {
	s.t.Helper()
	ctx := s.t.Context()
	list := ok(worker.Candidates(ctx, id, 3))(s.t)
	if len(list.Items) != 3 || len(list.Items[0].Reasons) == 0 || list.Items[0].Score < list.Items[2].Score {
		s.t.Fatalf("candidates: %+v", list.Items)
	}
	by := s.clock.Now().Add(time.Hour)
	o := ok(worker.Offer(ctx, id, by, client.Candidate{Kind: "volunteer", ID: s.Person("韩立新").ID}, client.Candidate{Kind: "volunteer", ID: s.Person("孙淑琴").ID}))(s.t)
	if len(o.Offers) != 2 || o.Offers[0].State != "open" || !o.Offers[0].AnswerBy.Equal(by) {
		s.t.Errorf("offers: %+v", o.Offers)
	}
	list = ok(worker.Candidates(ctx, id, 10))(s.t)
	if len(list.LeftOut) != 2 || len(list.LeftOut[0].Reasons) == 0 || list.LeftOut[0].Reasons[0].Text == "" {
		s.t.Errorf("left out after being asked: %+v", list.LeftOut)
	}
}

// accept lets the two who were asked say yes; the second is told that it is filled.
func (s *story) accept(id string) {
	s.t.Helper()
	ctx, helper, late := s.t.Context(), s.as("韩立新"), s.as("孙淑琴")
	offers := ok(helper.Offers(ctx))(s.t)
	if len(offers) != 1 || offers[0].Order != id || offers[0].State != "open" {
		s.t.Errorf("my offers: %+v", offers)
	}
	o := ok(helper.Accept(ctx, id))(s.t)
	if o.State != "accepted" || o.Taken != 1 || o.Address == "" || o.Phone == "" {
		s.t.Errorf("accepted: %+v", o)
	}
	_, err := late.Accept(ctx, id)
	s.refused(err, http.StatusConflict, "conflict")
	if offers := ok(late.Offers(ctx))(s.t); len(offers) != 1 || offers[0].State != "filled" {
		s.t.Errorf("the other's offer: %+v", offers)
	}
}

// serve checks in with the code that the resident shows and out with a position.
func (s *story) serve(helper, resident *client.Client, o client.Order) {
	s.t.Helper()
	ctx := s.t.Context()
	s.clock.Set(monday.Add(2 * time.Hour))
	_, err := helper.Code(ctx, o.ID)
	s.refused(err, http.StatusForbidden, "forbidden")
	code := ok(resident.Code(ctx, o.ID))(s.t)
	there := &client.Position{Lat: town.Lat, Lng: town.Lng}
	in := ok(helper.CheckIn(ctx, o.ID, client.Presence{Code: code, Position: there}))(s.t)
	if in.Grade != "A" || in.State != "open" || !in.InAt.Equal(s.clock.Now()) || in.OutAt != nil {
		s.t.Errorf("check-in: %+v", in)
	}
	s.clock.Add(90 * time.Minute)
	s.stands(o.ID, "serving", map[string]string{"韩立新": "check-out completion return"})
	out := ok(helper.CheckOut(ctx, o.ID, client.Presence{Position: there}))(s.t)
	if out.ID != in.ID || out.State != "done" || out.Minutes != 90 || out.Grade != "A" {
		s.t.Errorf("check-out: %+v", out)
	}
}

// evaluate completes the order and lets the three sides speak.
func (s *story) evaluate(o client.Order) {
	s.t.Helper()
	ctx := s.t.Context()
	o = ok(s.as("韩立新").Complete(ctx, o.ID, "剪好了"))(s.t)
	s.stands(o.ID, "finished", map[string]string{"孟桂兰": "evaluation", "周敏": "evaluation", "韩立新": "evaluation"})
	yes := true
	for _, side := range []struct {
		name    string
		opinion client.Opinion
		state   string
	}{
		{"孟桂兰", client.Opinion{Satisfaction: "satisfied", Solved: &yes, Words: "手艺好，谢谢！"}, "finished"},
		{"韩立新", client.Opinion{Satisfaction: "satisfied"}, "finished"},
		{"周敏", client.Opinion{Satisfaction: "fair"}, "evaluated"},
	} {
		o = ok(s.as(side.name).Evaluate(ctx, o.ID, side.opinion))(s.t)
		if o.State != side.state {
			s.t.Errorf("after %s: %s, want %s", side.name, o.State, side.state)
		}
		if side.state == "finished" {
			_, err := s.as(side.name).Evaluate(ctx, o.ID, side.opinion)
			s.refused(err, http.StatusConflict, "conflict")
		}
	}
	s.stands(o.ID, "evaluated", map[string]string{"孟桂兰": "", "周敏": "", "韩立新": ""})
}

// books finds the hours and the points on the volunteer's own pages.
func (s *story) books(helper *client.Client, o client.Order) {
	s.t.Helper()
	ctx := s.t.Context()
	r := ok(helper.Record(ctx))(s.t)
	if r.Minutes != 90 || r.ByGrade["A"] != 90 || len(r.Items) != 1 || r.Items[0].Number != o.Number || r.Items[0].Minutes != 90 {
		s.t.Errorf("record: %+v", r)
	}
	p := ok(helper.Points(ctx))(s.t)
	if p.Balance != 3 || len(p.Items) != 1 || p.Items[0].Amount != 3 {
		s.t.Errorf("points: %+v", p)
	}
}
