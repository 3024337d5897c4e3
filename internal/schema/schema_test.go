package schema

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"
)

func TestMigrationsAreNumberedWithoutGaps(t *testing.T) {
	name := regexp.MustCompile(`^(\d{4})_[a-z]+(_[a-z0-9]+)*\.sql$`)
	number := 0
	for _, file := range migrations(t) {
		number++
		match := name.FindStringSubmatch(file)
		if match == nil {
			t.Errorf("%s: want NNNN_feature_what.sql", file)
			continue
		}
		if want := fmt.Sprintf("%04d", number); match[1] != want {
			t.Errorf("%s: want number %s", file, want)
		}
	}
}

func TestMigrationsGoForwardOnly(t *testing.T) {
	for _, file := range migrations(t) {
		text, err := fs.ReadFile(files, file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(string(text), "-- +goose Up\n") {
			t.Errorf("%s: does not begin with -- +goose Up", file)
		}
		if strings.Count(string(text), "-- +goose Up") != 1 || strings.Contains(string(text), "-- +goose Down") {
			t.Errorf("%s: want one Up section and no Down", file)
		}
	}
}

func migrations(t *testing.T) []string {
	t.Helper()
	names, err := fs.Glob(files, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("no migrations: %v", err)
	}
	return names
}
