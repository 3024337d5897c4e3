package app_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"linli/e2e/town"
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
