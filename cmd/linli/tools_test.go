package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// TestCheckOpensAnyDatabase: also one of an older version, here the oldest, which has
// nothing yet.
func TestCheckOpensAnyDatabase(t *testing.T) {
	dir := writeFiles(t, map[string]string{"old.db": ""})
	if err := run(t.Context(), []string{"check", "--database", filepath.Join(dir, "old.db")}); err != nil {
		t.Fatal(err)
	}
}

// TestCheckMakesNoDatabase: books that are not there do not hold.
func TestCheckMakesNoDatabase(t *testing.T) {
	mistyped := filepath.Join(t.TempDir(), "linli.bd")
	if err := run(t.Context(), []string{"check", "--database", mistyped}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("answers %v", err)
	}
	if _, err := os.Stat(mistyped); err == nil {
		t.Error("a database was made")
	}
}
