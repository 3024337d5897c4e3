package ui

import (
	"encoding/json"
	"io/fs"
	"regexp"
	"slices"
	"testing"

	"linli/internal/kit/i18n"
)

// rules say where messages stand in this repository.
func rules() i18n.Rules {
	return i18n.Rules{
		Calls: map[string]int{
			"ui.T": 1, "T": 1, "r.T": 0,
			"fault.Invalid": 1, "fault.Forbidden": 0, "fault.NotFound": 0, "fault.Conflict": 0, "fault.Busy": 0,
		},
		Fields: []string{"Label", "Msg"},
	}
}

// TestCatalogueIsComplete looks at the whole program.
func TestCatalogueIsComplete(t *testing.T) {
	for _, root := range []string{"../../../internal", "../../../cmd"} {
		uses, err := i18n.Find(root, rules())
		if err != nil {
			t.Logf("%s: %v", root, err)
			continue
		}
		for _, use := range uses {
			if !Catalogue().Has(use.Msg) {
				t.Errorf("no English for %q, used at %s", use.Msg, use.At[0])
			}
		}
	}
}

func TestStateWordsHaveEnglish(t *testing.T) {
	for _, row := range StateWords() {
		for _, word := range row.Words {
			if !Catalogue().Has(word) {
				t.Errorf("no English for %q", word)
			}
		}
	}
}

// TestCatalogueFilesAgree finds a message that two files translate differently.
func TestCatalogueFilesAgree(t *testing.T) {
	names, err := fs.Glob(localeFiles, "locale/en*.json")
	if err != nil {
		t.Fatal(err)
	}
	first := map[string]string{}
	for _, name := range names {
		text, err := localeFiles.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var part map[string]string
		if err := json.Unmarshal(text, &part); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for msg, english := range part {
			if had, ok := first[msg]; ok && had != english {
				t.Errorf("%s: %q is %q here and %q in another file", name, msg, english, had)
			}
			first[msg] = english
		}
	}
}

// TestVerbsAgree finds an English sentence that does not take the arguments of
// the Chinese one.
func TestVerbsAgree(t *testing.T) {
	verb := regexp.MustCompile(`%(?:\[\d+\])?[-+# 0]*\d*(?:\.\d+)?([a-zA-Z])`)
	verbs := func(s string) []string {
		var all []string
		for _, found := range verb.FindAllStringSubmatch(s, -1) {
			all = append(all, found[1])
		}
		slices.Sort(all)
		return all
	}
	plural := regexp.MustCompile(`^[^|]*\|`)
	for msg, english := range Catalogue().Messages() {
		if many := plural.ReplaceAllString(english, ""); !slices.Equal(verbs(msg), verbs(many)) {
			t.Errorf("%q takes %v, %q takes %v", msg, verbs(msg), many, verbs(many))
		}
	}
}
