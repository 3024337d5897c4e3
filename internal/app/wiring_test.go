package app

import (
	"slices"
	"testing"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// TestEveryPathMoves holds the list of tables that keep paths against the schema.
func TestEveryPathMoves(t *testing.T) {
	d := dbtest.New(t, db.SQLite)
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		names, err := db.All(tx, func(s db.Scanner) (name string, err error) { return name, s.Scan(&name) },
			`SELECT m.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND c.name = 'place_path'`)
		known := slices.Sorted(slices.Values(pathKeepers()))
		if slices.Sort(names); !slices.Equal(names, known) {
			t.Errorf("tables with a place_path: %v; moved with their place: %v", names, known)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
