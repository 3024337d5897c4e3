package dbtest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"linli/internal/kit/db"
	"linli/internal/schema"
)

// pristine is a migrated SQLite file; copying it is quicker than migrating again.
var pristine = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "linli-dbtest-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "pristine.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

func sqliteFile(t testing.TB) string {
	t.Helper()
	data, err := pristine()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func migrate(dsn string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, dsn, db.Options{Synchronous: "OFF", Readers: 1})
	if err != nil {
		return err
	}
	if err := schema.Up(ctx, d); err != nil {
		d.Close()
		return err
	}
	return d.Close()
}
