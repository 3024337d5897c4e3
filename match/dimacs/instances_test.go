package dimacs

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"linli/match"
)

// instance is a line of optima.csv: what two other solvers and a proof by duality agree
// on (see NOTICE).
type instance struct {
	name              string
	nodes, arcs       int
	optimum, unserved int64
}

// optima are the instances by the SHA-256 of their text.
func optima(t testing.TB) map[string]instance {
	t.Helper()
	f, err := os.Open("testdata/optima.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) < 2 {
		t.Fatal(err, rows)
	}
	out := map[string]instance{}
	for _, row := range rows[1:] {
		number := func(text string) int {
			n, err := strconv.Atoi(text)
			if err != nil {
				t.Fatal(row, err)
			}
			return n
		}
		out[row[7]] = instance{row[0] + "_" + row[1], number(row[3]), number(row[4]), int64(number(row[5])), int64(number(row[6]))}
	}
	return out
}

// TestStoredInstances solves the small instances of every family.
func TestStoredInstances(t *testing.T) {
	files, err := filepath.Glob("testdata/*.min.gz")
	if err != nil || len(files) != 12 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	known := optima(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".min.gz"), func(t *testing.T) { solveFile(t, known, file) })
	}
}

// TestFiles solves the files that LINLI_MATCH_FILES names, patterns with colons
// between, of which optima.csv knows the optimum. They are too large to be stored.
func TestFiles(t *testing.T) {
	named := os.Getenv("LINLI_MATCH_FILES")
	if named == "" {
		t.Skip("LINLI_MATCH_FILES is not set: the medium and large instances are not solved. Set it to patterns of files, as /dir/*_m.min:/dir/*_l.min")
	}
	known := optima(t)
	for _, pattern := range strings.Split(named, ":") {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Errorf("%s: no files, %v", pattern, err)
		}
		for _, file := range files {
			t.Run(filepath.Base(file), func(t *testing.T) { solveFile(t, known, file) })
		}
	}
}

func solveFile(t *testing.T, known map[string]instance, file string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	want, ok := known[sumOf(t, text)]
	if !ok {
		t.Fatal("is none of those in optima.csv")
	}
	n, err := Read(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(n.Supply) != want.nodes || len(n.Arcs) != want.arcs {
		t.Errorf("%d nodes and %d arcs, want %+v", len(n.Supply), len(n.Arcs), want)
	}
	p, err := n.Problem()
	if err != nil {
		t.Fatal(err)
	}
	plan, err := match.Solve(t.Context(), p, match.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if err := match.Verify(p, plan.Answer()); err != nil || plan.Cost() != want.optimum {
		t.Errorf("costs %d, want %+v, %v", plan.Cost(), want, err)
	}
	// Where many plans cost the same they may leave different numbers unserved.
	if plan.Left() != want.unserved {
		t.Logf("leaves %d units, the others left %d", plan.Left(), want.unserved)
	}
	if err := n.Unserved(plan); err != nil {
		t.Error(err)
	}
}

// sumOf is the SHA-256 of a text, unpacked.
func sumOf(t *testing.T, text []byte) string {
	t.Helper()
	var in io.Reader = bytes.NewReader(text)
	if bytes.HasPrefix(text, []byte{0x1f, 0x8b}) {
		var err error
		if in, err = gzip.NewReader(in); err != nil {
			t.Fatal(err)
		}
	}
	h := sha256.New()
	if _, err := io.Copy(h, in); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}
