package web_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// Every sentence of this package has its English in the catalogue of the pages.
func TestEnglishIsComplete(t *testing.T) {
	text, err := os.ReadFile("../../core/ui/locale/en.web.json")
	if err != nil {
		t.Fatal(err)
	}
	var english map[string]string
	if err := json.Unmarshal(text, &english); err != nil {
		t.Fatal(err)
	}
	for _, msg := range append(sentences(t), site(t, config(t)).Messages()...) {
		if english[msg] == "" {
			t.Errorf("no English for %q", msg)
		}
	}
}

// sentences are all Chinese string literals that are no struct tags.
func sentences(t *testing.T) (all []string) {
	names, _ := filepath.Glob("*.go")
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if ok && lit.Kind == token.STRING && lit.Value[0] == '"' && hasHan(lit.Value) {
				msg, _ := strconv.Unquote(lit.Value)
				all = append(all, msg)
			}
			return true
		})
	}
	return all
}

func hasHan(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return unicode.Is(unicode.Han, c) })
}
