package app_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"linli/internal/core/access"
)

// TestEveryWayIntoTheRecord reads the source: which function writes rows of the
// record, who calls it, and so on up to the steps that somebody takes. A new way in
// fails here until it is listed with who may take it.
func TestEveryWayIntoTheRecord(t *testing.T) {
	want := map[string][]string{
		"record.insert":      {"record.add", "record.substitute"},
		"record.add":         {"record.Enter"},
		"record.Enter":       {"order.book", "record.book"},
		"record.substitute":  {"record.CorrectTx", "record.WithdrawTx", "record.bookInstead"},
		"record.bookInstead": {"record.book"},
		"record.CorrectTx":   {"record.Correct", "record.follow"},
		"record.WithdrawTx":  {"audit.withdraw", "record.Withdraw", "record.follow"},
		"audit.withdraw":     {"audit.disprove", "audit.follow"},
	}
	got := callers(t, slices.Collect(maps.Keys(want)))
	for callee, by := range want {
		if !slices.Equal(got[callee], by) {
			t.Errorf("%s is called by %v, want %v", callee, got[callee], by)
		}
	}
	for _, way := range []struct {
		what       string
		permission access.Permission
		roles      string
		relations  string
	}{
		// order.book: the last word on an order, or the limit for it. Minutes come from
		// visits, which only the volunteer's own check-in begins.
		{"the visit itself", access.OrderVisit, "", "assigned"},
		{"the last evaluation", access.OrderEvaluate, "station_worker social_worker administrator", "self requester assigned"},
		{"the host's word afterwards", access.OrderCode, "station_worker social_worker administrator", "self requester"},
		{"a forgotten check-out", access.OrderConfirm, "station_worker social_worker administrator", "leader"},
		// record.book: a manual entry, by two units.
		{"to enter by hand", access.RecordEnter, "team_leader station_worker social_worker street_officer district_officer administrator", ""},
		{"to approve it", access.RecordApprove, "station_worker social_worker street_officer district_officer administrator", ""},
		// record.Correct, record.Withdraw: less time, never more.
		{"to correct or withdraw", access.RecordCorrect, "station_worker social_worker street_officer district_officer administrator", ""},
		// record.follow: an objection that is right.
		{"to answer an objection", access.RecordDecide, "station_worker social_worker street_officer district_officer administrator", ""},
		// audit.follow: a finding that is upheld withdraws the row that it held.
		{"the unit's look at a finding", access.FindingDecide, "station_worker social_worker street_officer district_officer administrator", "leader"},
		// audit.disprove: a spot check that finds a row false withdraws it.
		{"the result of a spot check", access.SpotCheck, "station_worker social_worker street_officer district_officer auditor administrator", ""},
		{"the street's look at a finding", access.FindingStreet, "street_officer district_officer administrator", ""},
	} {
		public, roles, relations := access.Holders(way.permission)
		if public || fmt.Sprint(roles) != "["+way.roles+"]" || fmt.Sprint(relations) != "["+way.relations+"]" {
			t.Errorf("%s: %v %v", way.what, roles, relations)
		}
	}
}

// TestOneFunctionWritesRowsOfTheRecord: the SQL that adds rows stands once, and none
// changes or deletes any.
func TestOneFunctionWritesRowsOfTheRecord(t *testing.T) {
	found := map[string]int{}
	eachFunction(t, func(pkg string, fn *ast.FuncDecl) {
		ast.Inspect(fn, func(n ast.Node) bool {
			text, ok := n.(*ast.BasicLit)
			if !ok || text.Kind != token.STRING {
				return true
			}
			for _, verb := range []string{"INSERT INTO", "UPDATE", "DELETE FROM"} {
				if strings.Contains(text.Value, verb+" service_record ") {
					found[verb+" by "+pkg+"."+fn.Name.Name]++
				}
			}
			return true
		})
	})
	if len(found) != 1 || found["INSERT INTO by record.insert"] != 1 {
		t.Errorf("rows are written by %v", found)
	}
}

// callers lists by which functions of the product others are called.
func callers(t *testing.T, callees []string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	eachFunction(t, func(pkg string, fn *ast.FuncDecl) {
		ast.Inspect(fn, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			name := ""
			switch f := call.Fun.(type) {
			case *ast.Ident:
				name = pkg + "." + f.Name
			case *ast.SelectorExpr:
				if x, ok := f.X.(*ast.Ident); ok {
					name = x.Name + "." + f.Sel.Name
				}
				if slices.Contains(callees, pkg+"."+f.Sel.Name) && f.Sel.Name == "bookInstead" {
					name = pkg + "." + f.Sel.Name
				}
			}
			by := pkg + "." + fn.Name.Name
			if slices.Contains(callees, name) && !slices.Contains(out[name], by) {
				out[name] = append(out[name], by)
			}
			return true
		})
	})
	for _, list := range out {
		slices.Sort(list)
	}
	return out
}

// eachFunction gives every function of the product outside of tests.
func eachFunction(t *testing.T, fn func(pkg string, f *ast.FuncDecl)) {
	t.Helper()
	var files []string
	for _, pattern := range []string{"../*/*.go", "../*/*/*.go", "../*/*/*/*.go", "../../cmd/*/*.go"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	if len(files) < 100 {
		t.Fatalf("only %d files found", len(files))
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				fn(file.Name.Name, f)
			}
		}
	}
}
