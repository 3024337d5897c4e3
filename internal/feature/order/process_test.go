package order

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"linli/internal/core/access"
	"linli/internal/core/process"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestMatrix is state × step × role and relation: the whole of who may do what
// when, as one golden file that a change has to change too.
func TestMatrix(t *testing.T) {
	var b strings.Builder
	b.WriteString("# 服务单：什么时候，谁，能办什么\n\n每一行是一个身份在一个状态下按表能办的步骤。\n")
	for _, state := range Process.States {
		fmt.Fprintf(&b, "\n## %s %s\n\n", state.Name, state.Label)
		for _, actor := range actors() {
			o := &Order{District: district, PlacePath: "/a/b/c/d/e/", State: state.Name, relations: actor.relations}
			var names []string
			for _, step := range Process.Actions(actor.who, o, nil) {
				names = append(names, step.Name)
			}
			if len(names) > 0 {
				fmt.Fprintf(&b, "- %s: %s\n", actor.name, strings.Join(names, ", "))
			}
		}
	}
	golden(t, filepath.Join("testdata", "matrix.md"), b.String())
}

// TestForeignPlace lets no role act outside of its subtree, in any state.
func TestForeignPlace(t *testing.T) {
	for _, role := range access.Roles() {
		who := access.Who{Person: "p", District: district, Grants: []access.Grant{{Role: role, District: district, Place: "z", Path: "/a/b/c/z/"}}}
		for _, state := range Process.States {
			o := &Order{District: district, PlacePath: "/a/b/c/d/e/", State: state.Name}
			if steps := Process.Actions(who, o, nil); len(steps) > 0 {
				t.Errorf("%s of another street may %s in %s", role, steps[0].Name, state.Name)
			}
		}
	}
}

// TestDiagram keeps the drawing of the process true.
func TestDiagram(t *testing.T) {
	golden(t, filepath.Join("..", "..", "..", "doc", "order-process.md"),
		"# The process of an order\n\nDrawn from `internal/feature/order/process.go`; `go test ./internal/feature/order -update` draws it anew.\n\n```mermaid\n"+Process.Diagram()+"```\n")
}

type actor struct {
	name      string
	who       access.Who
	relations []access.Relation
}

// actors are every role at the order's own place, and every relation of somebody
// without a role.
func actors() []actor {
	var out []actor
	for _, role := range access.Roles() {
		out = append(out, actor{name: string(role), who: access.Who{
			Person: "p", District: district, Grants: []access.Grant{{Role: role, District: district, Place: "e", Path: "/a/b/c/d/"}},
		}})
	}
	for _, r := range []access.Relation{access.Self, access.Requester, access.Candidate, access.Assigned, access.Leader, access.Neighbour} {
		out = append(out, actor{name: "(" + string(r) + ")", who: access.Who{Person: "p", District: district}, relations: []access.Relation{r}})
	}
	return append(out, actor{name: "(nobody)", who: access.Who{}})
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s is not what the table says; look at the difference and run with -update", name)
	}
}

// TestSystemStepsAreHidden keeps the deadlines' own steps off every page.
func TestSystemStepsAreHidden(t *testing.T) {
	for _, s := range Process.Steps {
		system := slices.Contains([]string{StepLapse, StepHandBack, StepOverdue, StepEscalation, StepClosing}, s.Name)
		if s.Hidden != system {
			t.Errorf("%s: hidden is %v", s.Name, s.Hidden)
		}
	}
	if _, ok := Process.Step("no such step"); ok {
		t.Error("an unknown step was found")
	}
	if Process.Label(process.State("nowhere")) != "nowhere" {
		t.Error("an unknown state has a label")
	}
}
