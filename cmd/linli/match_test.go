package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func writeFiles(t *testing.T, texts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const order = "p min 3 3\nn 1 2\nn 3 -2\na 1 2 0 2 5\na 2 3 0 1 1\na 1 3 0 2 90\n"

func TestBenchMatchPrintsALineForEachFile(t *testing.T) {
	dir := writeFiles(t, map[string]string{"order.min": order, "two words.min": order})
	c := benchMatch{Files: []string{
		filepath.Join(dir, "order.min"), filepath.Join(dir, "two words.min"), "../../match/dimacs/testdata/slots_s.1.min.gz",
	}, Repeat: 2, Threads: 1}
	var out strings.Builder
	if err := c.run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	for k, want := range []string{
		`^file=\S+/order\.min optimum=96 unserved=1 `,
		`^file="[^"]+/two words\.min" optimum=96 unserved=1 `,
		`^file=\S+/slots_s\.1\.min\.gz optimum=959971 unserved=66 `,
	} {
		want += `ms_read=\d+\.\d{3} ms_solve=\d+\.\d{3} mib=\d+\.\d\d verified=true ms_cpu=\d+\.\d{3}$`
		if len(lines) != 3 || !regexp.MustCompile(want).MatchString(lines[k]) {
			t.Fatalf("line %d of %q, want %s", k, lines, want)
		}
	}
}

func TestBenchMatchGoesOnAfterABrokenFile(t *testing.T) {
	dir := writeFiles(t, map[string]string{
		"1broken.min": "p min 3 3\na 1 2 0 -2 5\n",
		"2flow.min":   "p min 5 5\nn 1 1\nn 5 -1\na 1 2 0 1 1\na 2 3 0 1 1\na 3 4 0 1 1\na 4 5 0 1 1\na 1 5 0 1 9\n",
		"3must.min":   "p min 4 2\nn 1 1\nn 2 1\nn 3 -1\nn 4 -1\na 1 3 0 1 1\na 2 3 0 1 3\n",
		"5right.min":  order,
	})
	var files []string
	for _, name := range []string{"1broken.min", "2flow.min", "3must.min", "4absent.min", "5right.min"} {
		files = append(files, filepath.Join(dir, name))
	}
	var out strings.Builder
	err := (&benchMatch{Files: files, Repeat: 1, Threads: 1}).run(t.Context(), &out)
	if err == nil {
		t.Fatal("nothing is said of the broken files")
	}
	errs := strings.Split(err.Error(), "\n")
	for k, want := range []string{
		"1broken.min: line 2: capacity -2 is not within 0 and 9223372036854775807",
		"2flow.min: is not a matching: node 3 is the third inner node in a row, at most two are understood",
		"3must.min: there is no solution: 1 units of 1 nodes cannot be served and may not be left, the first is node ",
		"4absent.min: no such file or directory",
	} {
		if len(errs) != 4 || !strings.HasPrefix(errs[k], filepath.Join(dir, want)) {
			t.Errorf("%q, want %s", errs, want)
		}
	}
	if lines := out.String(); strings.Count(lines, "\n") != 2 || !strings.Contains(lines, "5right.min optimum=96") {
		t.Errorf("printed %q", lines)
	}
}

func TestBenchMatchStops(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	c := benchMatch{Files: []string{"../../match/dimacs/testdata/dispatch_s.1.min.gz"}, Repeat: 1, Threads: 1}
	if err := c.run(ctx, new(strings.Builder)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestBenchMatchRefusesFlags(t *testing.T) {
	for _, args := range [][]string{
		{"bench", "match"}, {"bench", "match", "--repeat", "0", "x"}, {"bench", "match", "--threads", "0", "x"}, {"bench", "match", "--repeat", "many", "x"},
	} {
		if err := run(t.Context(), args); err == nil {
			t.Errorf("%q is taken", args)
		}
	}
}
