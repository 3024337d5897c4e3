package schema_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// TestPlansDoNotWaitForStatistics holds what SQLite plans for every statement on a fresh
// database against what it plans once it knows that a district has many rows and each
// further column of an index leaves few of them. A new place has no statistics for its
// first day, and would read whole tables meanwhile. Skipping through an index column with
// few values always takes statistics, and is left out.
func TestPlansDoNotWaitForStatistics(t *testing.T) {
	d := dbtest.New(t, db.SQLite)
	fresh := plans(t, d)
	claimMany(t, d)
	for pos, plan := range plans(t, d) {
		if skips := strings.Contains(strings.Join(plan, ""), "ANY("); !skips && broad(fresh[pos]) > broad(plan) {
			t.Errorf("%s: a fresh database plans\n\t%s\none that knows its tables\n\t%s",
				pos, strings.Join(fresh[pos], "\n\t"), strings.Join(plan, "\n\t"))
		}
	}
}

// broad counts the tables of which a plan reads a whole district or more.
func broad(plan []string) (n int) {
	for _, line := range plan {
		if strings.HasPrefix(line, "SCAN") || strings.HasSuffix(line, "(district=?)") {
			n++
		}
	}
	return n
}

// plans says which tables each statement looks through, and by which index.
func plans(t *testing.T, d *db.DB) map[string][]string {
	t.Helper()
	c, err := d.SQL().Conn(t.Context())
	must(t, err)
	defer c.Close()
	_, err = c.ExecContext(t.Context(), "ANALYZE sqlite_schema") // reads the figures anew
	must(t, err)
	all := map[string][]string{}
	for _, s := range statements(t) {
		if !s.Whole || strings.Contains(s.Pos, "/check.go:") {
			continue
		}
		rows, err := c.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+s.For(d.Claim()), make([]any, binds(s.Text))...)
		must(t, err)
		for rows.Next() {
			var id, parent, unused int
			var line string
			must(t, rows.Scan(&id, &parent, &unused, &line))
			if strings.HasPrefix(line, "SEARCH") || strings.HasPrefix(line, "SCAN") {
				all[s.Pos] = append(all[s.Pos], line)
			}
		}
		must(t, rows.Close())
	}
	return all
}

// binds is the highest number of a parameter.
func binds(text string) (most int) {
	for _, found := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(found[1])
		most = max(most, n)
	}
	return most
}

// claimMany lets SQLite believe that every table has a million rows in ten districts.
func claimMany(t *testing.T, d *db.DB) {
	t.Helper()
	must(t, d.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := tx.Exec(`ANALYZE`); err != nil {
			return err
		}
		if _, err := tx.Exec(`DELETE FROM sqlite_stat1`); err != nil {
			return err
		}
		type index struct {
			table, name string
			columns     int
		}
		list, err := db.All(tx, func(s db.Scanner) (i index, err error) { return i, s.Scan(&i.table, &i.name, &i.columns) },
			`SELECT t.name, i.name, (SELECT count(*) FROM pragma_index_info(i.name)) FROM sqlite_master t
			JOIN pragma_index_list(t.name) i WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'`)
		for _, i := range list {
			stat, rows := "1000000", 100_000
			for range i.columns {
				stat += fmt.Sprint(" ", rows)
				rows = max(1, rows/100)
			}
			if _, err := tx.Exec(`INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)`, i.table, i.name, stat); err != nil {
				return err
			}
		}
		return err
	}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
