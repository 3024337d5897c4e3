package web_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// shop sells: each sale is one row of a table, which is the effect that must not
// happen twice.
type shop struct {
	d     *db.DB
	clock *clock.Manual
}

type sale struct {
	ID   string `json:"id"`
	What string `json:"what" required:"true"`
}

func newShop(t *testing.T, d *db.DB, c *clock.Manual) *shop {
	t.Helper()
	_, err := d.SQL().Exec(`CREATE TABLE sale (district INTEGER NOT NULL, id TEXT NOT NULL, what TEXT NOT NULL, PRIMARY KEY (district, id))`)
	if err != nil {
		t.Fatal(err)
	}
	return &shop{d: d, clock: c}
}

func insert(tx *db.Tx, what string) (sale, error) {
	s := sale{ID: fmt.Sprint("s", tx.Now().UnixNano(), what), What: what}
	_, err := tx.Exec(`INSERT INTO sale (district, id, what) VALUES (130102, $1, $2)`, s.ID, what)
	return s, err
}

// sell gives its view back from the transaction, as every service should.
func (s *shop) sell(r *web.Request, in sale) (sale, error) {
	out, err := db.Returning(r.Context(), s.d, func(tx *db.Tx) (sale, error) {
		if in.What == "卖完了" {
			return sale{}, fault.Conflict("卖完了。")
		}
		return insert(tx, in.What)
	})
	if in.What == "死机" {
		panic("the process dies after the commit")
	}
	return out, err
}

// sellAside makes its view after the transaction; it dies between the two when
// asked to.
func (s *shop) sellAside(r *web.Request, in sale) (sale, error) {
	var out sale
	err := s.d.Write(r.Context(), func(tx *db.Tx) (err error) {
		out, err = insert(tx, in.What)
		return err
	})
	switch in.What {
	case "死机":
		panic("the process dies after the commit")
	case "后悔":
		return sale{}, fault.Forbidden("不卖给您。")
	}
	return out, err
}

func (s *shop) site(t *testing.T) *web.Site {
	t.Helper()
	once, err := web.NewIdempotencyStore(s.d, []byte("a secret of thirty-two bytes, ok"))
	if err != nil {
		t.Fatal(err)
	}
	c := config(t,
		web.Route{Name: "sell", Method: "POST", API: "/api/v1/sales", Permission: web.SignedIn, Status: 201, Handle: web.Action(s.sell)},
		web.Route{Name: "sell.aside", Method: "POST", API: "/api/v1/aside", Permission: web.SignedIn, Status: 201, Handle: web.Action(s.sellAside)})
	c.Once = once
	return site(t, c)
}

func (s *shop) sales(t *testing.T) int {
	t.Helper()
	var n int
	err := s.d.Read(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Get(`SELECT COUNT(*) FROM sale WHERE district = $1`, []any{130102}, &n)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func eachShop(t *testing.T, test func(t *testing.T, s *shop)) {
	c := clock.NewManual(time.Date(2026, 9, 26, 1, 0, 0, 0, time.UTC))
	dbtest.Each(t, func(t *testing.T, d *db.DB) { test(t, newShop(t, d, c)) }, dbtest.Clock(c))
}

func keyed(h *web.Site, path, key, body string, who string) *httptest.ResponseRecorder {
	return ask(h, "POST", path, body, "Authorization: Bearer "+who, "Idempotency-Key: "+key)
}

func TestSameKeySameAnswer(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		h := s.site(t)
		first := keyed(h, "/api/v1/sales", "k1", `{"what":"苹果"}`, "mei")
		s.clock.Add(time.Hour)
		second := keyed(h, "/api/v1/sales", "k1", `{"what":"苹果"}`, "mei")
		if first.Code != 201 || second.Code != 201 || first.Body.String() != second.Body.String() {
			t.Errorf("first %d %s, second %d %s", first.Code, first.Body, second.Code, second.Body)
		}
		if first.Header().Get("Idempotent-Replayed") != "" || second.Header().Get("Idempotent-Replayed") != "true" {
			t.Error("only the second answer is a replay")
		}
		if n := s.sales(t); n != 1 {
			t.Errorf("%d sales", n)
		}
		other := keyed(h, "/api/v1/sales", "k1", `{"what":"梨"}`, "mei")
		if p := problem(t, other); p.Status != 409 || p.Kind != "conflict" {
			t.Errorf("same key, other body: %+v", p)
		}
		if w := keyed(h, "/api/v1/aside", "k1", `{"what":"苹果"}`, "mei"); w.Code != 409 {
			t.Errorf("same key, other address: %d", w.Code)
		}
		if w := keyed(h, "/api/v1/sales", "k1", `{"what":"苹果"}`, "sun"); w.Code != 201 || w.Header().Get("Idempotent-Replayed") != "" {
			t.Errorf("same key, other caller: %d %v", w.Code, w.Header())
		}
	})
}

func TestFailureBeforeTheEffectLeavesTheKeyFree(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		h := s.site(t)
		for _, body := range []string{`{"what":""}`, `{"what":"卖完了"}`, `{"what":"苹果"}`} {
			w := keyed(h, "/api/v1/sales", "k", body, "mei")
			if want := body == `{"what":"苹果"}`; (w.Code == 201) != want {
				t.Errorf("%s: %d %s", body, w.Code, w.Body)
			}
		}
	})
}

func TestDeathAfterTheEffect(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		h := s.site(t)
		if w := keyed(h, "/api/v1/sales", "k", `{"what":"死机"}`, "mei"); w.Code != 500 {
			t.Fatalf("death: %d", w.Code)
		}
		w := keyed(h, "/api/v1/sales", "k", `{"what":"死机"}`, "mei")
		if w.Code != 201 || !strings.Contains(w.Body.String(), "死机") {
			t.Errorf("recorded with the effect: %d %s", w.Code, w.Body)
		}
		if n := s.sales(t); n != 1 {
			t.Errorf("%d sales", n)
		}
	})
}

func TestDeathBeforeTheAnswerWasRecorded(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		h := s.site(t)
		body := `{"what":"死机"}`
		keyed(h, "/api/v1/aside", "k", body, "mei")
		w := keyed(h, "/api/v1/aside", "k", body, "mei")
		if p := problem(t, w); p.Status != 409 || p.Kind != "busy" || w.Header().Get("Retry-After") == "" {
			t.Errorf("may still be at work: %+v", p)
		}
		s.clock.Add(time.Minute)
		w = keyed(h, "/api/v1/aside", "k", body, "mei")
		if p := problem(t, w); p.Status != 409 || p.Kind != "conflict" {
			t.Errorf("is over: %+v", p)
		}
		if n := s.sales(t); n != 1 {
			t.Errorf("%d sales", n)
		}
	})
}

func TestFailureAfterTheEffectIsTheAnswer(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		h := s.site(t)
		for i := range 2 {
			w := keyed(h, "/api/v1/aside", "k", `{"what":"后悔"}`, "mei")
			if p := problem(t, w); p.Status != 403 || (w.Header().Get("Idempotent-Replayed") == "true") != (i == 1) {
				t.Errorf("attempt %d: %+v", i, p)
			}
		}
		if n := s.sales(t); n != 1 {
			t.Errorf("%d sales", n)
		}
	})
}

// Twenty requests at once, on two instances of the server.
func TestSameKeyAtOnce(t *testing.T) {
	for _, path := range []string{"/api/v1/sales", "/api/v1/aside"} {
		eachShop(t, func(t *testing.T, s *shop) {
			instances := []*web.Site{s.site(t), s.site(t)}
			answers := make([]*httptest.ResponseRecorder, 20)
			var wg sync.WaitGroup
			for i := range answers {
				wg.Go(func() { answers[i] = keyed(instances[i%2], path, "k", `{"what":"苹果"}`, "mei") })
			}
			wg.Wait()
			bodies := map[string]bool{}
			for _, w := range answers {
				if w.Code == 201 {
					bodies[w.Body.String()] = true
				} else if p := problem(t, w); p.Status != 409 || p.Kind != "busy" {
					t.Errorf("%+v", p)
				}
			}
			if len(bodies) != 1 {
				t.Errorf("%d different answers: %v", len(bodies), bodies)
			}
			if n := s.sales(t); n != 1 {
				t.Errorf("%d sales", n)
			}
		})
	}
}

func TestKeptAnswersAreSealedAndForgotten(t *testing.T) {
	eachShop(t, func(t *testing.T, s *shop) {
		h := s.site(t)
		keyed(h, "/api/v1/sales", "k", `{"what":"秘密的苹果"}`, "mei")
		once, err := web.NewIdempotencyStore(s.d, make([]byte, 32))
		if err != nil {
			t.Fatal(err)
		}
		err = s.d.Write(context.Background(), func(tx *db.Tx) error {
			var answer string
			if found, err := tx.Get(`SELECT answer FROM idempotency WHERE district = $1`, []any{130102}, &answer); !found || err != nil {
				return errors.Join(err, errors.New("no row"))
			}
			if len(answer) < 20 || strings.Contains(answer, "苹果") {
				t.Errorf("answer rests as %q", answer)
			}
			n, err := once.Forget(tx, 130102, tx.Now().Add(time.Second))
			if n != 1 {
				t.Errorf("forgot %d", n)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if w := keyed(h, "/api/v1/sales", "k", `{"what":"梨"}`, "mei"); w.Code != 201 {
			t.Errorf("a forgotten key is free: %d", w.Code)
		}
	})
}

func TestBadKeys(t *testing.T) {
	d := dbtest.New(t, db.SQLite)
	h := newShop(t, d, nil).site(t)
	for _, key := range []string{"钥匙", "a b", strings.Repeat("k", 256)} {
		p := problem(t, keyed(h, "/api/v1/sales", key, `{"what":"苹果"}`, "mei"))
		if p.Status != 422 || p.Errors[0].Field != "Idempotency-Key" {
			t.Errorf("%q: %+v", key, p)
		}
	}
	if _, err := web.NewIdempotencyStore(d, []byte("short")); err == nil {
		t.Error("a short secret must be refused")
	}
}
