package archtest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is one parsed Go file of the house, tests and generated code left out.
type source struct {
	path string // slash-separated, from the module's root
	dir  string
	pkg  string // import path
	file *ast.File
	set  *token.FileSet
	text string
}

func sources(t *testing.T) []source {
	t.Helper()
	root := filepath.Join("..", "..")
	var out []source
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "testdata" || d.Name() == ".git" || d.Name() == "tools") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "_templ.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, path, text, parser.ParseComments)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, path)
		rel = filepath.ToSlash(rel)
		dir := rel[:max(0, strings.LastIndex(rel, "/"))]
		out = append(out, source{path: rel, dir: dir, pkg: "linli/" + dir, file: file, set: set, text: string(text)})
		return err
	})
	if err != nil || len(out) < 50 {
		t.Fatalf("read the sources: %d files, %v", len(out), err)
	}
	return out
}

func imports(s source) []string {
	var out []string
	for _, i := range s.file.Imports {
		path, _ := strconv.Unquote(i.Path.Value)
		out = append(out, path)
	}
	return out
}

func ring(pkg string) int {
	return slices.IndexFunc(rings, func(r string) bool { return strings.HasPrefix(pkg+"/", r) })
}

func TestImportsPointDown(t *testing.T) {
	for _, s := range sources(t) {
		from := ring(s.pkg)
		for _, to := range imports(s) {
			if from >= 0 && ring(to) >= 0 && ring(to) < from {
				t.Errorf("%s imports %s, which is a ring above it", s.path, to)
			}
			if s.dir == "match" && strings.Contains(strings.SplitN(to, "/", 2)[0], ".") || s.dir == "match" && strings.HasPrefix(to, "linli/") {
				t.Errorf("%s imports %s: match stands alone", s.path, to)
			}
		}
	}
}

func TestFeaturesCallOnlyWhomTheyMay(t *testing.T) {
	const prefix = "linli/internal/feature/"
	feature := func(pkg string) string {
		name, found := strings.CutPrefix(pkg, prefix)
		if !found {
			return ""
		}
		return strings.SplitN(name, "/", 2)[0]
	}
	for _, s := range sources(t) {
		from := feature(s.pkg)
		for _, path := range imports(s) {
			to := feature(path)
			if from != "" && to != "" && from != to && !slices.Contains(between[from], to) {
				t.Errorf("%s: feature %s may not import %s", s.path, from, to)
			}
		}
	}
}

func TestPackagesSayWhatTheyAre(t *testing.T) {
	documented, dirs := map[string]bool{}, map[string]bool{}
	for _, s := range sources(t) {
		dirs[s.dir] = true
		if strings.HasSuffix(s.path, "/doc.go") || s.file.Name.Name == "main" {
			documented[s.dir] = documented[s.dir] || s.file.Doc != nil
		}
		if slices.Contains(badNames, s.file.Name.Name) {
			t.Errorf("%s: package %s says nothing", s.path, s.file.Name.Name)
		}
	}
	for dir := range dirs {
		if !documented[dir] {
			t.Errorf("%s has no doc.go with a package comment", dir)
		}
	}
}

func TestNoHiddenState(t *testing.T) {
	for _, s := range sources(t) {
		vars := packageVars(s.file)
		ast.Inspect(s.file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Name.Name == "init" && n.Recv == nil {
					t.Errorf("%s has an init function", s.path)
				}
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					if name := assigned(left); name != nil && vars[name.Name] && name.Obj != nil && n.Tok != token.DEFINE && isPackageVar(s.file, name) {
						t.Errorf("%s assigns to the package variable %s", s.path, name.Name)
					}
				}
			}
			return true
		})
	}
}

func packageVars(f *ast.File) map[string]bool {
	out := map[string]bool{}
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, spec := range g.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					out[name.Name] = true
				}
			}
		}
	}
	return out
}

func isPackageVar(f *ast.File, name *ast.Ident) bool {
	return f.Scope != nil && f.Scope.Lookup(name.Name) == name.Obj
}

// assigned is the variable that an assignment changes: x, x[i] or x.f.
func assigned(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		default:
			return nil
		}
	}
}

var tableName = regexp.MustCompile(`(?i)\b(?:from|join|into|update)\s+([a-z_]+)\b`)

func TestSQLNamesOnlyItsOwnTables(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		room := strings.TrimPrefix(s.dir, "internal/")
		ast.Inspect(s.file, func(n ast.Node) bool {
			lit, ok := n.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING || !regexp.MustCompile(`\b(SELECT|INSERT|UPDATE|DELETE)\b`).MatchString(lit.Value) {
				return true
			}
			for _, m := range tableName.FindAllStringSubmatch(lit.Value, -1) {
				owner, known := owners[m[1]]
				seen[m[1]] = true
				if known && owner != room {
					t.Errorf("%s: names table %s of %s", s.path, m[1], owner)
				}
			}
			return true
		})
	}
	for table := range owners {
		if !seen[table] && table != "order_photo" {
			t.Errorf("table %s of %s is named in no statement", table, owners[table])
		}
	}
}

func TestSchemaTablesHaveOwners(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "schema", "*.sql"))
	if err != nil || len(files) == 0 {
		t.Fatal("no migrations", err)
	}
	create := regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range create.FindAllStringSubmatch(string(text), -1) {
			if owners[m[1]] == "" {
				t.Errorf("%s: table %s has no owner in rules.go", filepath.Base(f), m[1])
			}
		}
	}
}

// TestPureFilesStayPure: the file named after its package holds types and rules.
func TestPureFilesStayPure(t *testing.T) {
	for _, s := range sources(t) {
		if !strings.HasPrefix(s.dir, "internal/feature/") || filepath.Base(s.path) != s.file.Name.Name+".go" {
			continue
		}
		for _, path := range imports(s) {
			if path == "linli/internal/kit/db" || path == "linli/internal/kit/clock" || path == "net/http" || path == "linli/internal/kit/web" {
				t.Errorf("%s imports %s; rules are pure", s.path, path)
			}
		}
	}
}

func TestTheClockIsReadInOnePlace(t *testing.T) {
	allowed := []string{"internal/kit/", "cmd/", "match/", "e2e/", "client"}
	for _, s := range sources(t) {
		if slices.ContainsFunc(allowed, func(p string) bool { return strings.HasPrefix(s.path, p) }) {
			continue
		}
		if strings.Contains(s.text, "time.Now()") {
			t.Errorf("%s reads the wall clock", s.path)
		}
	}
}

func TestFilesAndFunctionsAreShort(t *testing.T) {
	for _, s := range sources(t) {
		if lines := strings.Count(s.text, "\n"); lines > fileLines {
			t.Errorf("%s has %d lines, at most %d", s.path, lines, fileLines)
		}
		for _, d := range s.file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := s.set.Position(f.End()).Line - s.set.Position(f.Pos()).Line + 1; n > functionLines {
				t.Errorf("%s: %s has %d lines, at most %d", s.path, f.Name.Name, n, functionLines)
			}
		}
	}
}
