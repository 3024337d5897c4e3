package app

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"linli/internal/core/access"
	"linli/internal/core/auth/sms"
	"linli/internal/core/category"
	"linli/internal/core/process"
	"linli/internal/core/rule"
	"linli/internal/core/ui"
	"linli/internal/feature/exchange"
	"linli/internal/feature/order"
	"linli/internal/feature/star"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// TestRoutesSpeakEnglish asks for what stands in routes and in the tags of their
// inputs and answers, which the reader of the API's pages sees.
func TestRoutesSpeakEnglish(t *testing.T) {
	a, err := New(t.Context(), Options{
		DB: dbtest.New(t, db.SQLite), SMS: sms.NewConsole(io.Discard), Secret: []byte(strings.Repeat("k", 32)), DemoKey: "k",
	})
	if err != nil {
		t.Fatal(err)
	}
	inEnglish(t, "a route", a.Site.Messages()...)
}

// TestWordsSpeakEnglish asks for the words that travel as values.
func TestWordsSpeakEnglish(t *testing.T) {
	for _, s := range order.Process.States {
		inEnglish(t, "a state", s.Label)
	}
	for _, s := range order.Process.Steps {
		inEnglish(t, "a step", s.Label)
	}
	inEnglish(t, "a refusal", order.RefusalReasons()...)
	for _, r := range access.Roles() {
		inEnglish(t, "a role", r.Label())
	}
	for _, s := range []exchange.State{exchange.Open, exchange.Used, exchange.Returned, exchange.Expired} {
		inEnglish(t, "a coupon", s.Label())
	}
	for _, o := range []exchange.Outcome{exchange.Good, exchange.Double, exchange.AfterReturn, exchange.AfterExpiring} {
		inEnglish(t, "a use", o.Label())
	}
	for _, b := range []exchange.Bearer{exchange.ByPlace, exchange.ByMerchant, exchange.ByHolder} {
		inEnglish(t, "a bearer", b.Label())
	}
	for _, k := range []star.Kind{star.Fairest, star.Idea} {
		inEnglish(t, "an honour", k.Label())
	}
	for _, p := range []process.Table{star.Process, star.Rounds} {
		for _, s := range p.States {
			inEnglish(t, "a state", s.Label)
		}
		for _, s := range p.Steps {
			inEnglish(t, "a step", s.Label)
		}
	}
	for _, r := range rule.All() {
		inEnglish(t, "a rule", r.Label)
	}
	for _, s := range category.All() {
		inEnglish(t, "a service", s.Name, s.Title)
	}
}

// TestSourcesSpeakEnglish asks for every Chinese text in the source of orders and of
// the house, however it gets to the reader: by a variable, a map, a field.
func TestSourcesSpeakEnglish(t *testing.T) {
	for _, dir := range []string{".", "page", "../feature/order", "../feature/order/page", "../feature/visit", "../feature/visit/page"} {
		names, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil || len(names) == 0 {
			t.Fatal(dir, names, err)
		}
		for _, name := range names {
			if !strings.HasSuffix(name, "_test.go") {
				inEnglish(t, name, literals(t, name)...)
			}
		}
	}
}

// literals are the quoted texts of a file; raw ones are SQL or the tags of structs.
func literals(t *testing.T, name string) (all []string) {
	file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && lit.Value[0] == '"' {
			text, _ := strconv.Unquote(lit.Value)
			all = append(all, text)
		}
		return true
	})
	return all
}

// inEnglish wants each text that has a Chinese character or mark in the catalogue.
func inEnglish(t *testing.T, where string, all ...string) {
	t.Helper()
	chinese := func(r rune) bool {
		return unicode.Is(unicode.Han, r) || strings.ContainsRune("，。、；：？！（）", r)
	}
	for _, msg := range all {
		if strings.ContainsFunc(msg, chinese) && !ui.Catalogue().Has(msg) {
			t.Errorf("no English for %q of %s", msg, where)
		}
	}
}
