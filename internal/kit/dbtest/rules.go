package dbtest

import (
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"linli/internal/schema"
)

// banned are texts that one of the engines, or a sharded one, does not take or
// takes otherwise.
var banned = []struct {
	text *regexp.Regexp
	why  string
}{
	{words(`FOR (UPDATE|SHARE)`), "SQLite has no row locks; use Tx.Claim"},
	{words(`ILIKE`), "PostgreSQL only; LOWER(x) LIKE"},
	{regexp.MustCompile(`::`), "PostgreSQL only; CAST"},
	{words(`ANY \(`), "PostgreSQL only; IN with db.Places"},
	{words(`(now|clock_timestamp|random|gen_random_uuid|strftime|datetime|julianday|unixepoch|date_trunc|to_char|to_timestamp) \(`), "times and ids are bound"},
	{words(`CURRENT_(TIMESTAMP|DATE|TIME)`), "times are bound"},
	{words(`INTERVAL`), "times are whole milliseconds"},
	{words(`(GREATEST|LEAST) \(`), "not on SQLite; CASE"},
	{regexp.MustCompile(`(?i)\b(max|min) ?\((?:[^(),]|\([^()]*\))+,`), "not on PostgreSQL; CASE"},
	{words(`(LATERAL|MERGE|ROLLUP|GROUPING SETS|TRUNCATE|LISTEN|NOTIFY|GLOB|REGEXP)`), "not on both engines"},
	{words(`DISTINCT ON`), "PostgreSQL only"},
	{words(`ON CONFLICT DO`), "name the columns of the conflict"},
	{words(`ON CONSTRAINT`), "name the columns of the conflict"},
	{words(`pg_\w+`), "PostgreSQL only"},
	{words(`(ifnull|iif|total|group_concat|rowid|last_insert_rowid)`), "SQLite only"},
	{words(`SET district`), "the district of a row never changes"},
	{regexp.MustCompile(`(SELECT|RETURNING|,) \*|\w\.\*`), "name the columns"},
	{words(`(AUTOINCREMENT|SERIAL|NEXTVAL)`), "ids are bound"},
}

// words matches words with any space between them.
func words(text string) *regexp.Regexp {
	spaced := strings.ReplaceAll(text, ` `, `\s*`)
	if strings.HasSuffix(text, `(`) {
		return regexp.MustCompile(`(?i)\b` + spaced)
	}
	return regexp.MustCompile(`(?i)\b` + spaced + `\b`)
}

var (
	literal  = regexp.MustCompile(`'(?:[^']|'')*'`)
	named    = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|UPDATE)\s+([a-z_]+)`)
	inserted = regexp.MustCompile(`(?i)\bINTO\s+([a-z_]+)\s*\(\s*([a-z_\x00]+)`)
	pinned   = regexp.MustCompile(`(?i)\bdistrict\s*=`)
	created  = regexp.MustCompile(`(?im)^CREATE TABLE (\w+)`)
)

// Breaches says which storage rules a statement breaks: banned texts, and tables
// that are not held to one district. tables are the names of all tables.
func Breaches(s Statement, tables map[string]bool) (broken []string) {
	text := literal.ReplaceAllString(s.Text, `''`)
	for _, b := range banned {
		if found := b.text.FindString(text); found != "" {
			broken = append(broken, fmt.Sprintf("%q: %s", found, b.why))
		}
	}
	for _, m := range inserted.FindAllStringSubmatch(text, -1) {
		if tables[m[1]] && m[2] != "district" && m[2] != hole {
			broken = append(broken, fmt.Sprintf("the first column inserted into %s is %s, not district", m[1], m[2]))
		}
	}
	used := 0
	for _, m := range named.FindAllStringSubmatch(text, -1) {
		if tables[m[1]] {
			used++
		}
	}
	if n := len(pinned.FindAllString(text, -1)); n < used && s.Whole {
		broken = append(broken, fmt.Sprintf("names %d tables and holds %d of them to a district", used, n))
	}
	return broken
}

// Tables are the names of all tables of the schema.
func Tables() (map[string]bool, error) {
	names, err := fs.Glob(schema.Files(), "*.sql")
	if err != nil {
		return nil, err
	}
	tables := map[string]bool{}
	for _, name := range names {
		text, err := fs.ReadFile(schema.Files(), name)
		if err != nil {
			return nil, err
		}
		for _, m := range created.FindAllStringSubmatch(string(text), -1) {
			tables[m[1]] = true
		}
	}
	return tables, nil
}
