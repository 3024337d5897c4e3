package schema_test

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/schema"
)

// lints find what a database sharded by district would refuse or silently get
// wrong. Each gives the name of an offending table and what is wrong with it.
var lints = map[string]string{
	"district is missing or may be NULL": `
		SELECT c.relname, 'district' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT EXISTS (
			SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'district' AND a.attnotnull AND a.atttypid = 'int4'::regtype)`,
	"district is not the first column": `
		SELECT c.relname, a.attname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum = 1 AND a.attname <> 'district'`,
	"there is no primary key": `
		SELECT c.relname, '' FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)`,
	"a unique key does not begin with district": `
		SELECT c.relname, x.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid
		JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
		WHERE n.nspname = 'public' AND i.indisunique AND a.attname IS DISTINCT FROM 'district'`,
	"a foreign key leaves the district": `
		SELECT c.relname, f.conname FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1] JOIN pg_attribute b ON b.attrelid = f.confrelid AND b.attnum = f.confkey[1]
		WHERE n.nspname = 'public' AND f.contype = 'f' AND (a.attname <> 'district' OR b.attname <> 'district')`,
	"there is a trigger": `
		SELECT c.relname, g.tgname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid WHERE NOT g.tgisinternal`,
	"a column makes its own value": `
		SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND (a.attidentity <> '' OR a.attgenerated <> ''
			OR (a.atthasdef AND pg_get_expr((SELECT adbin FROM pg_attrdef WHERE adrelid = a.attrelid AND adnum = a.attnum), a.attrelid) !~ ` + constant + `))`,
}

// constant is a default that is the same for every row: it is how a column comes to
// a table that has rows.
const constant = `'^(true|false|-?[0-9]+|''[^'']*''::text)$'`

func TestTheCatalogueIsFitForShards(t *testing.T) {
	d := dbtest.New(t, db.Postgres)
	for what, lint := range lints {
		rows, err := d.SQL().QueryContext(t.Context(), lint)
		if err != nil {
			t.Fatal(what, err)
		}
		for rows.Next() {
			var table, part string
			if err := rows.Scan(&table, &part); err != nil {
				t.Fatal(err)
			}
			if beyondDistricts[table] == "" && table != "goose_db_version" {
				t.Errorf("table %s: %s (%s)", table, what, part)
			}
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTheLintsFindWhatTheyLookFor keeps the lints honest.
func TestTheLintsFindWhatTheyLookFor(t *testing.T) {
	d := dbtest.New(t, db.Postgres)
	if _, err := d.SQL().ExecContext(t.Context(), `
		CREATE TABLE wrong (id SERIAL, district INTEGER);
		CREATE TABLE parent (id TEXT PRIMARY KEY);
		CREATE TABLE child (district INTEGER NOT NULL, id TEXT NOT NULL REFERENCES parent (id), UNIQUE (id, district), PRIMARY KEY (district, id));
		CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
		CREATE TRIGGER watch BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION nothing();`); err != nil {
		t.Fatal(err)
	}
	for what, lint := range lints {
		var found int
		if err := d.SQL().QueryRowContext(t.Context(), `SELECT count(*) FROM (`+lint+`) AS found(t, part) WHERE t IN ('wrong', 'parent', 'child')`).Scan(&found); err != nil {
			t.Fatal(what, err)
		}
		if found == 0 {
			t.Errorf("the lint %q finds nothing", what)
		}
	}
}

// TestTheSchemaCanBeSpreadByDistrict stands in for a sharded database: PostgreSQL
// itself refuses keys without the column by which a table is partitioned.
func TestTheSchemaCanBeSpreadByDistrict(t *testing.T) {
	d := dbtest.New(t, db.Postgres)
	if _, err := d.SQL().ExecContext(t.Context(), `CREATE SCHEMA spread`); err != nil {
		t.Fatal(err)
	}
	tables := 0
	for _, file := range migrations(t) {
		text, n := spread(file)
		tables += n
		if _, err := d.SQL().ExecContext(t.Context(), `SET search_path = spread; BEGIN; `+text+`; COMMIT; RESET search_path`); err != nil {
			t.Fatalf("%v in\n%s", err, text)
		}
	}
	if known, err := dbtest.Tables(); err != nil || tables+len(beyondDistricts) != len(known) {
		t.Errorf("spread %d tables of %d, %v", tables, len(known), err)
	}
}

func migrations(t *testing.T) (texts []string) {
	t.Helper()
	names, err := fs.Glob(schema.Files(), "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(schema.Files(), name)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	return texts
}

var createTable = regexp.MustCompile(`(?s)CREATE TABLE (\w+) \(.*?\n\);`)

// spread partitions the tables that a migration creates, and gives each its parts.
func spread(text string) (partitioned string, tables int) {
	partitioned = createTable.ReplaceAllStringFunc(text, func(create string) string {
		table := createTable.FindStringSubmatch(create)[1]
		if beyondDistricts[table] != "" {
			return create
		}
		tables++
		create = strings.TrimSuffix(create, ";") + " PARTITION BY HASH (district);"
		for part := range 2 {
			create += fmt.Sprintf("\nCREATE TABLE %s_part%d PARTITION OF %s FOR VALUES WITH (MODULUS 2, REMAINDER %d);", table, part, table, part)
		}
		return create
	})
	return partitioned, tables
}
