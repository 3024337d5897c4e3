package i18n

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"reflect"
	"strings"
)

// Catalog holds the English of every message. It does not change once loaded,
// so it may be read by any number of goroutines.
type Catalog struct {
	english map[string]string
}

// Load merges all files that match the glob, each a JSON object
// {"中文原句": "English"}. Of two files that hold the same message the first in
// the order of their names wins.
func Load(files fs.FS, glob string) (*Catalog, error) {
	names, err := fs.Glob(files, glob)
	if err != nil {
		return nil, err
	}
	c := &Catalog{english: map[string]string{}}
	for _, name := range names {
		if err := c.merge(files, name); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return c, nil
}

func (c *Catalog) merge(files fs.FS, name string) error {
	text, err := fs.ReadFile(files, name)
	if err != nil {
		return err
	}
	var part map[string]string
	if err := json.Unmarshal(text, &part); err != nil {
		return err
	}
	for msg, english := range part {
		if !c.Has(msg) {
			c.english[msg] = english
		}
	}
	return nil
}

// Has tells whether msg has its English.
func (c *Catalog) Has(msg string) bool { return c.english[msg] != "" }

// Messages gives every message and its English, as a copy.
func (c *Catalog) Messages() map[string]string {
	all := make(map[string]string, len(c.english))
	for msg, english := range c.english {
		all[msg] = english
	}
	return all
}

// T says msg in the language. Without args the text is taken as it is; with
// args it is a fmt format, and the English may use indexed verbs (%[2]s) where
// its word order differs. What stands behind a ¦ in msg is not shown: it tells two
// messages apart that are one in Chinese (居民 is a resident, 居民¦们 are residents).
// English of the form "one|many" is chosen by the first
// whole number among args.
func (c *Catalog) T(lang Lang, msg string, args ...any) string {
	text, _, _ := strings.Cut(msg, "¦")
	if english := c.english[msg]; lang == En && english != "" {
		text = number(english, args)
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// number picks the singular or the plural of an English text.
func number(english string, args []any) string {
	one, many, split := strings.Cut(english, "|")
	if !split {
		return english
	}
	for _, arg := range args {
		if v := reflect.ValueOf(arg); v.CanInt() {
			if v.Int() == 1 {
				return one
			}
			return many
		}
	}
	return many
}
