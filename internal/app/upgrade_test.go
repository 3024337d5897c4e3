package app

import (
	"os"
	"testing"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/schema"
)

// TestTheBooksOfAnOldDatabaseHold: what this version counts and asks of its rows is
// true of a database that was filled by the first version that people had.
func TestTheBooksOfAnOldDatabaseHold(t *testing.T) {
	rows, err := os.ReadFile("../schema/testdata/0006.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			d := dbtest.Old(t, engine, 6, string(rows))
			if err := Upgrade(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			if v, err := schema.Version(t.Context(), d); err != nil || v <= 6 {
				t.Errorf("stands at version %d, %v", v, err)
			}
			found, err := Check(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range found {
				t.Error(f)
			}
		})
	}
}
