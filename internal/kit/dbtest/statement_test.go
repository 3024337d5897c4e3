package dbtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const source = `package p

const columns = "district, id"

var table = "job"

func f(tx *db.Tx, s *state, where string) {
	tx.Exec(` + "`INSERT INTO ` + table + ` (`+columns+`)\n\tVALUES ($1, $2)`" + `, 1, 2)
	query := "SELECT id FROM " + table
	s.tx.Query(query)
	tx.Get("SELECT id FROM job WHERE " + where, nil)
	for _, each := range s.tables {
		tx.Exec("DELETE FROM " + each)
	}
	db.All(tx, scan, "SELECT id FROM job WHERE id IN (" + db.Places(2, len(s.ids)) + ") LIMIT 1" + tx.Claim())
	query2 := "SELECT 1"
	if where != "" {
		query2 = "SELECT 2"
	}
	db.One(tx, scan, query2)
	s.client.Get("https://example.org")
}
`

func TestStatementsAreReadFromTheSource(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"p.go": source, "p_test.go": "package p\nfunc g(tx *db.Tx) { tx.Exec(`NOT READ`) }"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := Statements(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"INSERT INTO job (district, id) VALUES ($1, $2)",
		"SELECT id FROM job",
		"SELECT id FROM job WHERE …",
		"DELETE FROM …",
		"SELECT id FROM job WHERE id IN ($2) LIMIT 1 FOR UPDATE SKIP LOCKED",
		"…",
	}
	if len(got) != len(want) {
		t.Fatalf("found %d statements, want %d: %v", len(got), len(want), got)
	}
	for i, s := range got {
		if text := strings.ReplaceAll(s.For(" FOR UPDATE SKIP LOCKED"), hole, "…"); text != want[i] || s.Whole == strings.Contains(want[i], "…") {
			t.Errorf("statement %d is %q, whole %v; want %q", i, text, s.Whole, want[i])
		}
	}
}

func TestBreaches(t *testing.T) {
	tables := map[string]bool{"job": true, "event": true}
	for text, want := range map[string]int{
		"SELECT id FROM job WHERE district = $1":                                               0,
		"SELECT id FROM job WHERE id = $1":                                                     1,
		"SELECT id FROM job WHERE district=$1 FOR UPDATE":                                      1,
		"SELECT j.id FROM job j JOIN event e ON e.district = j.district WHERE j.district = $1": 0,
		"SELECT j.id FROM job j JOIN event e ON e.id = j.id WHERE j.district = $1":             1,
		"SELECT * FROM job WHERE district = $1":                                                1,
		"SELECT count(*) FROM job WHERE district = $1":                                         0,
		"SELECT id::text FROM job WHERE district = $1 AND name ILIKE $2":                       2,
		"SELECT id FROM job WHERE district = $1 AND id = ANY($2)":                              1,
		"SELECT max(a) FROM job WHERE district = $1":                                           0,
		"SELECT max(a, b) FROM job WHERE district = $1":                                        1,
		"SELECT max(coalesce(a, b)) FROM job WHERE district = $1":                              0,
		"SELECT 'now()::x FOR UPDATE' FROM job WHERE district = $1":                            0,
		"INSERT INTO job (district, id) VALUES ($1, $2)":                                       0,
		"INSERT INTO job (id, district) VALUES ($1, $2)":                                       1,
		"INSERT INTO job (district, at) VALUES ($1, now())":                                    1,
		"INSERT INTO job (district, id) VALUES ($1, $2) ON CONFLICT DO NOTHING":                1,
		"INSERT INTO job (district, id) VALUES ($1, $2) ON CONFLICT (district, id) DO NOTHING": 0,
		"INSERT INTO job (district, id) SELECT district, id FROM event WHERE district = $1":    0,
		"UPDATE job SET district = $2 WHERE id = $1":                                           1,
		"UPDATE job SET state = $2 WHERE district = $1":                                        0,
		"DELETE FROM job":                    1,
		"SELECT n FROM counted WHERE n > $1": 0,
	} {
		if got := Breaches(Statement{Text: text, Whole: true}, tables); len(got) != want {
			t.Errorf("%s: %d breaches, want %d: %q", text, len(got), want, got)
		}
	}
}
