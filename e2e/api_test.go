package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/client"
	"linli/e2e/town"
)

// TestListsArePagedToTheirEnd reads the same orders as the station and as the
// volunteer who took them, page by page, while new ones come in.
func TestListsArePagedToTheirEnd(t *testing.T) {
	each(t, func(s *story) {
		ctx, resident, worker, helper := t.Context(), s.as("孟桂兰"), s.as("周敏"), s.as("韩立新")
		const all = 60
		var want []string // newest first
		for range all {
			s.clock.Add(time.Minute)
			o := ok(resident.Request(ctx, client.Request{Text: "想请人来家里理个发"}))(t)
			if o.NeedsCheck {
				ok(worker.Verify(ctx, o.ID, ""))(t)
			}
			ok(helper.Accept(ctx, o.ID))(t)
			want = append([]string{o.ID}, want...)
		}
		for name, c := range map[string]*client.Client{"station": worker, "street": s.as("冯志远"), "resident": resident, "volunteer": helper} {
			for _, state := range []string{"", "accepted"} {
				s.paged(name+" "+state, c, state, want, func() {
					s.clock.Add(time.Minute)
					ok(resident.Request(ctx, client.Request{Text: "灯泡坏了，想请人换一个"}))(t)
				})
			}
		}
	})
}

// paged reads all pages and compares those orders that were there at the start;
// meanwhile comes between the pages.
func (s *story) paged(name string, c *client.Client, state string, want []string, meanwhile func()) {
	s.t.Helper()
	var got []string
	cursor, pages := "", 0
	for {
		page := ok(c.Orders(s.t.Context(), state, "", cursor))(s.t)
		for _, o := range page.Items {
			if o.Title == "上门理发" {
				got = append(got, o.ID)
			}
		}
		pages++
		if cursor = page.Next; cursor == "" {
			break
		}
		meanwhile()
	}
	if strings.Join(got, " ") != strings.Join(want, " ") {
		s.t.Errorf("%s: %d orders on %d pages, want %d in their order", name, len(got), pages, len(want))
	}
	if pages < 3 {
		s.t.Errorf("%s: %d pages", name, pages)
	}
}

// TestManyAcceptAtOnce lets everybody who was asked say yes over the network at the
// same moment: exactly as many as needed win, the others are told that it is filled.
func TestManyAcceptAtOnce(t *testing.T) {
	each(t, func(s *story) {
		ctx, worker := t.Context(), s.as("周敏")
		o := ok(s.as("孟桂兰").Request(ctx, client.Request{Text: "想请两个人来搬家具", PeopleNeeded: 2}))(t)
		ok(worker.Verify(ctx, o.ID, ""))(t)
		names := []string{"韩立新", "孙淑琴", "郭建民", "林小雨"}
		var to []client.Candidate
		var helpers []*client.Client
		for _, name := range names {
			to = append(to, client.Candidate{Kind: "volunteer", ID: s.Person(name).ID})
			helpers = append(helpers, s.as(name))
		}
		ok(worker.Offer(ctx, o.ID, time.Time{}, to...))(t)
		errs := make([]error, len(names))
		var wg sync.WaitGroup
		for i, c := range helpers {
			wg.Go(func() { _, errs[i] = c.Accept(ctx, o.ID) })
		}
		wg.Wait()
		won := 0
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			s.refused(err, http.StatusConflict, "conflict")
		}
		if o = ok(worker.Order(ctx, o.ID))(t); won != 2 || o.Taken != 2 || o.State != "accepted" {
			t.Errorf("%d won; %s with %d taken", won, o.State, o.Taken)
		}
	})
}

// TestTheSameCallTwice sends the same key at the same moment many times: one order,
// and one answer for all.
func TestTheSameCallTwice(t *testing.T) {
	each(t, func(s *story) {
		ctx, resident := t.Context(), s.as("孟桂兰")
		resident.Tries, resident.Pause = 100, 10*time.Millisecond // while the first is under way
		answers := make([]json.RawMessage, 8)
		var wg sync.WaitGroup
		for i := range answers {
			wg.Go(func() {
				if err := resident.Do(ctx, http.MethodPost, "/orders", "the-same", client.Request{Text: "想请人来理个发"}, &answers[i]); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, a := range answers[1:] {
			if string(a) != string(answers[0]) {
				t.Errorf("answered\n%s\nand\n%s", answers[0], a)
			}
		}
		if list := ok(resident.Orders(ctx, "", "", ""))(t); len(list.Items) != 1 {
			t.Errorf("%d orders", len(list.Items))
		}
	})
}

// TestActingForAnElder is the other flow of the field: the worker asks at the door
// and writes the order for somebody who has no account; the station owes the call.
func TestActingForAnElder(t *testing.T) {
	each(t, func(s *story) {
		ctx, worker, helper := t.Context(), s.as("周敏"), s.as("韩立新")
		var elder struct{ ID string }
		if err := worker.Post(ctx, "/persons", map[string]any{"name": "白秀兰", "place": town.Building, "door": "2单元301", "phone": "15411112222"}, &elder); err != nil {
			t.Fatal(err)
		}
		o := ok(worker.Request(ctx, client.Request{Text: "想请人陪着去医院", For: elder.ID}))(t)
		if o.For.ID != elder.ID || o.NeedsCheck {
			t.Errorf("for the elder: %+v", o)
		}
		ok(worker.Offer(ctx, o.ID, time.Time{}, client.Candidate{Kind: "volunteer", ID: s.Person("韩立新").ID}))(t)
		_, err := helper.Refuse(ctx, o.ID, "")
		if e := s.refused(err, http.StatusUnprocessableEntity, "invalid"); len(e.Fields) == 0 || e.Fields[0].Field != "reason" {
			t.Errorf("no reason: %+v", e)
		}
		ok(helper.Accept(ctx, o.ID))(t)
		at := client.Presence{Position: o.Position}
		ok(helper.CheckIn(ctx, o.ID, at))(t)
		s.clock.Add(time.Hour)
		ok(helper.CheckOut(ctx, o.ID, at))(t)
		ok(helper.Complete(ctx, o.ID, ""))(t)
		no := false
		o = ok(worker.Evaluate(ctx, o.ID, client.Opinion{Side: "resident", Satisfaction: "unsatisfied", Solved: &no, Words: "没等到人"}))(t)
		if o.State != "returned" || o.Taken != 0 {
			t.Errorf("not solved: %s, %d taken", o.State, o.Taken)
		}
		if r := ok(helper.Record(ctx))(t); r.Minutes != 0 {
			t.Errorf("booked although not closed: %d", r.Minutes)
		}
	})
}

// TestTheDescriptionIsServed: the document names every call of the main loop.
func TestTheDescriptionIsServed(t *testing.T) {
	each(t, func(s *story) {
		res := ok(s.http.Get(s.url + "/api/openapi.json"))(t)
		defer res.Body.Close()
		var doc struct {
			OpenAPI string                    `json:"openapi"`
			Paths   map[string]map[string]any `json:"paths"`
		}
		if err := json.NewDecoder(res.Body).Decode(&doc); err != nil || !strings.HasPrefix(doc.OpenAPI, "3.1") {
			t.Fatalf("openapi %q: %v", doc.OpenAPI, err)
		}
		for _, call := range calls() {
			method, path, _ := strings.Cut(call, " ")
			if doc.Paths["/api/v1"+path][method] == nil {
				t.Errorf("no %s", call)
			}
		}
		if res := ok(s.http.Get(s.url + "/api/docs"))(t); res.StatusCode != http.StatusOK {
			t.Errorf("docs: %d", res.StatusCode)
		}
	})
}

func calls() (all []string) {
	all = []string{"post /sessions", "get /me", "get /me/record", "get /me/points", "get /me/offers", "post /orders", "get /orders", "get /orders/{id}", "get /orders/{id}/candidates"}
	for _, step := range []string{"verification", "offers", "acceptance", "refusal", "check-in", "check-out", "completion", "evaluation", "cancellation"} {
		all = append(all, fmt.Sprintf("post /orders/{id}/%s", step))
	}
	return all
}
