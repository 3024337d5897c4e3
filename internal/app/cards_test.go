package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/core/access"
	"linli/internal/feature/order"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// TestCardsOfOthers looks for what one part of the house says on another's page.
func TestCardsOfOthers(t *testing.T) {
	w := town.Settle(t, dbtest.New(t, db.SQLite, dbtest.With(town.Sound)))
	member := w.Person("郭建民").ID
	for path, words := range map[string][]string{
		"/persons/" + member:    {"志愿者编号", "/volunteers/" + member},
		"/volunteers/" + member: {"银发爱心义剪队", "/orgs/" + w.Team},
	} {
		body := look(t, w, path, "周敏").body
		for _, word := range words {
			if !strings.Contains(body, word) {
				t.Errorf("%s does not say %s", path, word)
			}
		}
	}
}

// TestTheStreetSeesWhatIsOverdue: an officer finds in the menu, on the list, on the
// place's page and in the order itself that the station left it too long.
func TestTheStreetSeesWhatIsOverdue(t *testing.T) {
	c := clock.NewManual(monday)
	w := town.Settle(t, dbtest.New(t, db.SQLite, dbtest.Clock(c), dbtest.With(town.Sound)))
	var id string
	w.Write(func(tx *db.Tx) error {
		o, err := w.App.Orders.RequestTx(tx, access.Who{Person: w.Person("陈小梅").ID, District: 130104}, order.Request{Text: secretNeed})
		id = o.ID
		return err
	})
	const alarm = "单超过期限还没办"
	if strings.Contains(look(t, w, "/orders", "冯志远").body, alarm) {
		t.Error("the street is told before its time")
	}
	c.Add(4 * 24 * time.Hour)
	w.Forget("冯志远") // sessions end in the meantime
	if _, err := w.App.Runner.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	for path, word := range map[string]string{
		"/orders": alarm, "/orders?escalated=true": "/orders/" + id, "/orders/" + id: "已经报到街道",
		"/places/" + town.Street: "超时报到街道", "/api/v1/orders?escalated=true": id,
	} {
		if !strings.Contains(look(t, w, path, "冯志远").body, word) {
			t.Errorf("%s does not tell the officer %s", path, word)
		}
	}
	if strings.Contains(look(t, w, "/orders?escalated=true", "鲁大海").body, id) {
		t.Error("the next street sees it")
	}
	if !strings.Contains(look(t, w, "/board", "周敏").body, "报街道了") {
		t.Error("the station's board does not say that the street was told")
	}
}

// look is what a page answers to somebody of the town.
func look(t *testing.T, w *town.Town, path, by string) answer {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr = "127.0.0.1:1"
	if err := w.Sign(r, by); err != nil {
		t.Fatal(err)
	}
	rec := httptest.NewRecorder()
	w.App.Site.ServeHTTP(rec, r)
	return answer{rec.Code, rec.Header().Get("Location"), rec.Body.String()}
}
