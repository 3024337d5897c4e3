package category

import (
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// heardAt is when the sentences of the test set are said.
func heardAt() time.Time { return time.Date(2026, 9, 23, 10, 0, 0, 0, zone()) }

// expectation is one line of testdata/sentences.tsv.
type expectation struct {
	line                                        int
	half, service, urgency, window, people, who string
	text                                        string
}

func expectations(t testing.TB) []expectation {
	t.Helper()
	data, err := os.ReadFile("testdata/sentences.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all []expectation
	for i, line := range strings.Split(string(data), "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		c := strings.Split(line, "\t")
		if len(c) != 7 {
			t.Fatalf("line %d: %d columns, not 7", i+1, len(c))
		}
		all = append(all, expectation{i + 1, c[0], c[1], c[2], c[3], c[4], c[5], c[6]})
	}
	return all
}

// tally counts right answers.
type tally struct{ right, of int }

func (c *tally) add(ok bool) {
	c.of++
	if ok {
		c.right++
	}
}

func (c tally) percent() float64 { return 100 * float64(c.right) / float64(max(c.of, 1)) }

// TestScore measures both halves of the test set. A line of the half for tuning
// that is wrong is shown with -v; of the other half only the score is.
func TestScore(t *testing.T) {
	for _, half := range []string{"tune", "held"} {
		t.Run(half, func(t *testing.T) { scoreHalf(t, half) })
	}
}

func scoreHalf(t *testing.T, half string) {
	score := map[string]*tally{"service": {}, "urgency": {}, "window": {}, "people": {}, "for": {}}
	for _, e := range expectations(t) {
		if e.half != half {
			continue
		}
		for what, got := range judge(e) {
			score[what].add(got == "")
			if got != "" && half == "tune" {
				t.Logf("line %d: %s: %s: %s", e.line, what, got, e.text)
			}
		}
	}
	for _, what := range []string{"service", "urgency", "window", "people", "for"} {
		c := *score[what]
		t.Logf("%s %-8s %3d of %3d right, %.1f %%", half, what, c.right, c.of, c.percent())
		if what != "people" && what != "for" && c.percent() < 90 {
			t.Errorf("%s: %s is %.1f %% right, at least 90 %% wanted", half, what, c.percent())
		}
	}
}

// judge compares what is annotated; an empty string is right, else it tells
// what came instead.
func judge(e expectation) map[string]string {
	got := Suggest(e.text, heardAt())
	out := map[string]string{"service": judgeService(got, e.service)}
	if e.urgency != "-" {
		out["urgency"] = differs(string(got.Urgency), e.urgency)
	}
	if e.window != "-" {
		out["window"] = differs(spell(got.Window), e.window)
	}
	if e.people != "-" {
		out["people"] = differs(strconv.Itoa(got.People), e.people)
	}
	if e.who != "-" {
		out["for"] = differs(strings.TrimPrefix(got.For.Word, "我"), e.who)
	}
	return out
}

func judgeService(got Suggestion, want string) string {
	wanted := strings.Split(want, ",")
	ids := []string{got.Best().ID}
	for _, c := range got.Services {
		ids = append(ids, c.Service.ID)
	}
	ok := slices.Contains(wanted, ids[0])
	for _, w := range wanted {
		ok = ok && slices.Contains(ids, w)
	}
	if ok {
		return ""
	}
	return strings.Join(ids[1:], " ") + ", not " + want
}

func differs(got, want string) string {
	if got == want {
		return ""
	}
	return got + ", not " + want
}

func spell(w Window) string {
	if w.IsZero() {
		return "none"
	}
	return w.From.Format("01-02T15:04") + "/" + w.To.Format("01-02T15:04")
}
