package main

import (
	"path/filepath"
	"testing"

	"linli/internal/kit/db"
)

// TestAuditVerifyOnTheCommandLine: books that hold are said to, and a row that was
// put in is found.
func TestAuditVerifyOnTheCommandLine(t *testing.T) {
	file := filepath.Join(writeFiles(t, map[string]string{"copy.db": ""}), "copy.db")
	if err := run(t.Context(), []string{"check", "--database", file}); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"audit", "verify", file}); err != nil {
		t.Errorf("books that hold: %v", err)
	}
	d, err := db.Open(t.Context(), file, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO ledger_posting (district, id, source, place, at, memo, seq, prev, hash)
			VALUES (130104, 'x', 'x', '130104016001', 1, '', 1, '', 'x')`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"audit", "verify", file}); err == nil {
		t.Error("a posting that was put in is not found")
	}
}
