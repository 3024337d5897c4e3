package e2e

import (
	"strings"
	"testing"

	"linli/e2e/town"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/webtest"
)

// TestStories runs the scripts of testdata, each in a town of its own on both
// engines.
func TestStories(t *testing.T) {
	for _, name := range []string{"bad-json", "strange-text", "times", "others", "cross-origin", "once", "forms"} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := town.Settle(t, d)
				webtest.Runner{Handler: w.App.Site, Sign: w.Sign, Vars: map[string]string{
					"community": town.Community, "password": town.Password, "phone": w.Person("孟桂兰").Phone,
					"meng": w.Person("孟桂兰").ID, "han": w.Person("韩立新").ID, "shao": w.Person("邵长河").ID,
					"ten_megabytes": strings.Repeat("字", 10<<20/3), "ten_megabytes_less": strings.Repeat("x", 10_000),
				}}.Files(t, "testdata/"+name+".txt")
			}, dbtest.Clock(clock.NewManual(monday)), dbtest.With(town.Sound))
		})
	}
}
