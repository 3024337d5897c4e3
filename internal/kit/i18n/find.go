package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Rules say where in Go source a string literal is a message id.
type Rules struct {
	Calls  map[string]int // function as written ("ui.T"; inside its own package "T") → index of the argument
	Fields []string       // keys of composite literals, such as "Label"
}

// Use is one message id and the places that use it.
type Use struct {
	Msg string
	At  []string // "file.go:12"
}

// Find lists the messages in the Go files under root, tests left out, sorted by
// message. Generated template code is Go like any other, so templates need no
// parser of their own. A literal without a Han character is no message.
func Find(root string, rules Rules) ([]Use, error) {
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !isSource(path) {
			return err
		}
		return findInFile(path, rules, found)
	})
	uses := make([]Use, 0, len(found))
	for msg, at := range found {
		uses = append(uses, Use{Msg: msg, At: at})
	}
	slices.SortFunc(uses, func(a, b Use) int { return strings.Compare(a.Msg, b.Msg) })
	return uses, err
}

func isSource(path string) bool {
	return strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go")
}

func findInFile(path string, rules Rules, found map[string][]string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, path, text, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	ast.Inspect(file, func(node ast.Node) bool {
		for _, expr := range rules.candidates(node) {
			if msg, ok := message(expr); ok {
				found[msg] = append(found[msg], set.Position(expr.Pos()).String())
			}
		}
		return true
	})
	return nil
}

// candidates are the expressions of one node that stand where a message stands.
func (r Rules) candidates(node ast.Node) []ast.Expr {
	switch n := node.(type) {
	case *ast.CallExpr:
		if i, ok := r.Calls[name(n.Fun)]; ok && i < len(n.Args) {
			return n.Args[i : i+1]
		}
	case *ast.KeyValueExpr:
		if slices.Contains(r.Fields, name(n.Key)) {
			return []ast.Expr{n.Value}
		}
	}
	return nil
}

func name(expr ast.Expr) string {
	switch e := expr.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return name(e.X) + "." + e.Sel.Name
	}
	return ""
}

func message(expr ast.Expr) (string, bool) {
	literal, ok := expr.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	isHan := func(r rune) bool { return unicode.Is(unicode.Han, r) }
	return text, err == nil && strings.ContainsFunc(text, isHan)
}
