package main

import (
	"path/filepath"
	"testing"
)

// TestCheckOpensAnyDatabase: also one of an older version, here the oldest, which has
// nothing yet.
func TestCheckOpensAnyDatabase(t *testing.T) {
	if err := run(t.Context(), []string{"check", "--database", filepath.Join(t.TempDir(), "old.db")}); err != nil {
		t.Fatal(err)
	}
}
