package schema_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/schema"
)

// TestAnOldDatabaseKeepsItsRows opens a database of version 6, the first that
// people had, with rows in the tables that later migrations touch.
func TestAnOldDatabaseKeepsItsRows(t *testing.T) {
	rows, err := os.ReadFile("testdata/0006.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			d := dbtest.Old(t, engine, 6, string(rows))
			was := map[string]table{}
			for _, name := range []string{"service_order", "offer", "job", "org"} {
				if was[name] = read(t, d, `SELECT * FROM `+name); len(was[name].rows) == 0 {
					t.Errorf("no old rows in %s", name)
				}
			}
			if err := schema.Up(t.Context(), d); err != nil {
				t.Fatal(err)
			}
			for name, old := range was {
				is := read(t, d, `SELECT `+strings.Join(old.columns, ", ")+` FROM `+name)
				for _, row := range old.rows {
					if !slices.Contains(is.rows, row) {
						t.Errorf("%s has lost %s", name, row)
					}
				}
			}
			theStreetIsToldOfLateOrders(t, d)
		})
	}
}

// theStreetIsToldOfLateOrders is what 0007 owes the old orders: none counts as told,
// and the one that is late and not ended is looked at again.
func theStreetIsToldOfLateOrders(t *testing.T, d *db.DB) {
	if told := read(t, d, `SELECT id FROM service_order WHERE escalated`); len(told.rows) != 0 {
		t.Errorf("the street was never told of %v", told.rows)
	}
	jobs := read(t, d, `SELECT args, state, due_at FROM job WHERE kind = 'order.street'`)
	if len(jobs.rows) != 1 {
		t.Fatalf("to be looked at: %v", jobs.rows)
	}
	var args string
	var due int64
	if err := d.SQL().QueryRowContext(t.Context(), `SELECT args, due_at FROM job WHERE kind = 'order.street' AND state = 'open'`).Scan(&args, &due); err != nil {
		t.Fatal(err)
	}
	var task struct {
		Order string
		Due   int64
	}
	if err := json.Unmarshal([]byte(args), &task); err != nil {
		t.Fatal(err, args)
	}
	if task.Order != "019a-late" || task.Due != 1763740800000 || due != task.Due+3*24*60*60*1000 {
		t.Errorf("looks at %+v, at %d", task, due)
	}
}

// table is what a query gives, each row as text.
type table struct {
	columns []string
	rows    []string
}

func read(t *testing.T, d *db.DB, query string) (all table) {
	t.Helper()
	rows, err := d.SQL().QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if all.columns, err = rows.Columns(); err != nil {
		t.Fatal(err)
	}
	values := make([]any, len(all.columns))
	for i := range values {
		values[i] = new(sql.NullString)
	}
	for rows.Next() {
		if err := rows.Scan(values...); err != nil {
			t.Fatal(err)
		}
		var row strings.Builder
		for i, name := range all.columns {
			fmt.Fprintf(&row, "%s=%v ", name, *values[i].(*sql.NullString))
		}
		all.rows = append(all.rows, row.String())
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}
