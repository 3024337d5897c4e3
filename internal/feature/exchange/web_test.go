package exchange_test

import (
	"testing"

	"linli/e2e/town"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/webtest"
)

// TestPagesAndAPI plays the scripts; each answer of the API is held against its own
// description.
func TestPagesAndAPI(t *testing.T) {
	hand := clock.NewManual(monday)
	m := open(t, dbtest.New(t, db.SQLite, dbtest.Clock(hand), dbtest.With(town.Sound)), hand)
	vars := map[string]string{"community": town.Community, "street": town.Street, "breakfast": m.breakfast, "bakery": m.bakery}
	webtest.Runner{Handler: m.App.Site, Sign: m.Sign, Vars: vars}.Files(t, "testdata/*.txt")
}
