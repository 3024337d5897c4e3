package dbtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Statement is an SQL text that a package gives to a transaction.
type Statement struct {
	Pos   string // file:line
	Text  string // hole stands for what is only known when it runs
	Whole bool   // there is no hole
}

// Marks inside a statement's text.
const (
	hole  = "\x00"
	claim = "\x01" // Tx.Claim, another text on each engine
)

// For is the statement's text on an engine with this claim.
func (s Statement) For(text string) string { return strings.ReplaceAll(s.Text, claim, text) }

// Statements finds the SQL of a package by its source: what is given to Exec,
// Query and Get of anything called tx, and to db.All and db.One. It follows
// constants, concatenation, variables that are set once, and db.Places.
func Statements(dir string) ([]Statement, error) {
	set := token.NewFileSet()
	files, err := parse(set, dir)
	if err != nil {
		return nil, err
	}
	known := scope{}
	for _, f := range files {
		for _, d := range f.Decls {
			known.declare(d)
		}
	}
	var out []Statement
	for _, f := range files {
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil {
				out = append(out, known.statements(set, fn)...)
			}
		}
	}
	return out, nil
}

func parse(set *token.FileSet, dir string) ([]*ast.File, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	var files []*ast.File
	for _, path := range paths {
		if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
			continue
		}
		f, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// PackagesUnder lists the directories with Go files below roots.
func PackagesUnder(roots ...string) ([]string, error) {
	var dirs []string
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && strings.HasSuffix(path, ".go") && !slices.Contains(dirs, filepath.Dir(path)) {
				dirs = append(dirs, filepath.Dir(path))
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return dirs, nil
}

// scope is what names stand for; nil stands for what cannot be told.
type scope map[string]ast.Expr

func (s scope) declare(d ast.Decl) {
	g, ok := d.(*ast.GenDecl)
	if !ok || g.Tok != token.CONST && g.Tok != token.VAR {
		return
	}
	for _, spec := range g.Specs {
		v := spec.(*ast.ValueSpec)
		for i, name := range v.Names {
			if i < len(v.Values) {
				s.set(name.Name, v.Values[i])
			}
		}
	}
}

// set notes a value; a second one for the same name makes it unknown.
func (s scope) set(name string, value ast.Expr) {
	if _, again := s[name]; again {
		value = nil
	}
	s[name] = value
}

func (s scope) statements(set *token.FileSet, fn *ast.FuncDecl) []Statement {
	local := s.within(fn)
	var out []Statement
	ast.Inspect(fn.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if query := queryOf(call); query != nil {
			text := local.text(query)
			at := set.Position(query.Pos())
			out = append(out, Statement{
				Pos:   fmt.Sprintf("%s:%d", at.Filename, at.Line),
				Text:  strings.Join(strings.Fields(text), " "),
				Whole: !strings.Contains(text, hole),
			})
		}
		return true
	})
	return out
}

// within adds the names of a function: parameters hide, variables are followed.
func (s scope) within(fn *ast.FuncDecl) scope {
	local := scope{}
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncType:
			local.hide(n.Params.List)
		case *ast.RangeStmt:
			local.assign(n.Key, nil)
			local.assign(n.Value, nil)
		case *ast.DeclStmt:
			local.declare(n.Decl)
		case *ast.AssignStmt:
			for i, left := range n.Lhs {
				local.assign(left, assigned(n, i))
			}
		}
		return true
	})
	for name, value := range s {
		if _, hidden := local[name]; !hidden {
			local[name] = value
		}
	}
	return local
}

func (s scope) hide(parameters []*ast.Field) {
	for _, field := range parameters {
		for _, name := range field.Names {
			s[name.Name] = nil
		}
	}
}

func (s scope) assign(left, value ast.Expr) {
	if name, ok := left.(*ast.Ident); ok {
		s.set(name.Name, value)
	}
}

func assigned(n *ast.AssignStmt, i int) ast.Expr {
	if len(n.Lhs) != len(n.Rhs) || n.Tok != token.DEFINE && n.Tok != token.ASSIGN {
		return nil
	}
	return n.Rhs[i]
}

// queryOf is the SQL argument of a call, or nil.
func queryOf(call *ast.CallExpr) ast.Expr {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	receiver := lastName(sel.X)
	switch name := sel.Sel.Name; {
	case receiver == "tx" && (name == "Exec" || name == "Query" || name == "Get") && len(call.Args) > 0:
		return call.Args[0]
	case receiver == "db" && (name == "All" || name == "One") && len(call.Args) > 2:
		return call.Args[2]
	}
	return nil
}

func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// text evaluates an expression as far as the source tells.
func (s scope) text(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil {
			return text
		}
	case *ast.ParenExpr:
		return s.text(e.X)
	case *ast.BinaryExpr:
		return s.text(e.X) + s.text(e.Y)
	case *ast.Ident:
		if value := s[e.Name]; value != nil {
			return s.without(e.Name).text(value)
		}
	case *ast.CallExpr:
		return s.called(e)
	}
	return hole
}

// without guards against a variable that is set from itself.
func (s scope) without(name string) scope {
	rest := scope{}
	for n, v := range s {
		if n != name {
			rest[n] = v
		}
	}
	return rest
}

// called knows the few functions that make SQL.
func (s scope) called(call *ast.CallExpr) string {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	switch {
	case ok && sel.Sel.Name == "Claim":
		return claim
	case ok && sel.Sel.Name == "Places" && len(call.Args) == 2:
		if from, ok := call.Args[0].(*ast.BasicLit); ok {
			return "$" + from.Value
		}
	}
	return hole
}
