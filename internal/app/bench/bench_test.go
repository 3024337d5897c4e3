package bench_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"linli/e2e/town"
	"linli/internal/app/bench"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// TestWholeLoops plays in a town: every step is timed, nothing is refused, and the
// books hold afterwards.
func TestWholeLoops(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := town.Settle(t, d)
		var accounts []bench.Account
		for _, p := range w.People {
			if p.Circle == town.Here {
				accounts = append(accounts, bench.Account{Role: p.Role, Name: p.Name, Phone: p.Phone, Password: town.Password})
			}
		}
		report, err := bench.Loop(t.Context(), bench.Options{URL: w.Serve(), Accounts: accounts, Clients: 6, For: 300 * time.Millisecond, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		if len(report.Errors) > 0 || report.Loops < 6 || !strings.Contains(report.Server, string(d.Engine())) {
			t.Errorf("%+v", report)
		}
		for _, s := range report.Steps {
			if s.Count < report.Loops || s.P50 <= 0 || s.P95 < s.P50 || s.P99 < s.P95 || s.Max < s.P99 {
				t.Errorf("%+v", s)
			}
		}
		var text bytes.Buffer
		if err := report.Write(&text); err != nil || !strings.Contains(text.String(), "loops    ") {
			t.Errorf("%s%v", &text, err)
		}
	}, dbtest.With(town.Sound))
}

// TestWithoutAWorker says what is missing before anything is asked.
func TestWithoutAWorker(t *testing.T) {
	if _, err := bench.Loop(t.Context(), bench.Options{URL: "http://127.0.0.1:1", Clients: 1, For: time.Millisecond}); err == nil {
		t.Error("played without anybody")
	}
}
