package schema_test

import (
	"strings"
	"testing"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// beyondDistricts are tables that are not of one district, and why. On a sharded
// database they stand whole on every node, or by themselves.
var beyondDistricts = map[string]string{
	"place":      "the tree of places is read from the country down",
	"place_code": "old codes are looked up without knowing the district they were in",
	"login":      "a phone signs in to one account wherever that is",
}

// acrossDistricts are statements that look at every district, by a part of their
// text or place, and why.
var acrossDistricts = map[string]string{
	"/check.go:":                                  "invariant checks stand in files of this name",
	"GROUP BY district, community":                "invariant check",
	"coalesce(closed_at, 0) FROM service_order":   "invariant check",
	"e.at FROM evaluation e JOIN":                 "invariant check",
	"n FROM place_count":                          "invariant check",
	"FROM event_counter c LEFT JOIN event_cursor": "where anything is still to be read, one small row each",
	"FROM record_unsealed ORDER":                  "empty after the first start",
	"SELECT district FROM event_counter ORDER":    "where anything has happened, one small row each",
}

// statements are those of the whole product.
func statements(t *testing.T) []dbtest.Statement {
	t.Helper()
	dirs, err := dbtest.PackagesUnder("..")
	if err != nil {
		t.Fatal(err)
	}
	var all []dbtest.Statement
	whole := 0
	for _, dir := range dirs {
		found, err := dbtest.Statements(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range found {
			if all = append(all, s); s.Whole {
				whole++
			}
		}
	}
	if len(all) < 10 || whole*10 < len(all)*9 {
		t.Fatalf("%d statements found, %d of them whole: their source is no longer understood", len(all), whole)
	}
	return all
}

func TestStatementsKeepTheStorageRules(t *testing.T) {
	tables, err := dbtest.Tables()
	if err != nil {
		t.Fatal(err)
	}
	for table := range beyondDistricts {
		if !tables[table] {
			t.Errorf("there is no table %s to except", table)
		}
		delete(tables, table)
	}
	used := map[string]bool{}
	for _, s := range statements(t) {
		exceptions := exceptionsOf(s)
		for _, breach := range dbtest.Breaches(s, tables) {
			if len(exceptions) == 0 {
				t.Errorf("%s: %s\n\t%s", s.Pos, breach, s.Text)
			}
			for _, part := range exceptions {
				used[part] = true
			}
		}
	}
	for part := range acrossDistricts {
		if !used[part] {
			t.Errorf("no statement needs the exception %q", part)
		}
	}
}

func exceptionsOf(s dbtest.Statement) (parts []string) {
	for part := range acrossDistricts {
		if strings.Contains(s.Text, part) || strings.Contains(s.Pos, part) {
			parts = append(parts, part)
		}
	}
	return parts
}

func TestEveryEngineKnowsEveryStatement(t *testing.T) {
	all := statements(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, s := range all {
			if !s.Whole {
				continue
			}
			prepared, err := d.SQL().PrepareContext(t.Context(), s.For(d.Claim()))
			if err != nil {
				t.Errorf("%s: %v\n\t%s", s.Pos, err, s.Text)
				continue
			}
			prepared.Close()
		}
	})
}
