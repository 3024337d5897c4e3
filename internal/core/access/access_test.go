package access

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"linli/internal/kit/fault"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The tree of the tests. "13010400" is no place; it is what a prefix would match.
const (
	root      = "/"
	province  = "/130000/"
	county    = "/130000/130104/"
	street    = "/130000/130104/130104016/"
	community = "/130000/130104/130104016/130104016001/"
	building  = "/130000/130104/130104016/130104016001/130104016001-a3/"
	nextDoor  = "/130000/130104/130104016/130104016002/"
	lookalike = "/130000/130104/130104016/1301040160011/"
	foreign   = "/430000/430102/430102001/430102001001/"
)

// TestTheTableIsComplete reads the constants from the source, so that none can be
// forgotten in the table.
func TestTheTableIsComplete(t *testing.T) {
	declared := map[Permission]bool{}
	file, err := parser.ParseFile(token.NewFileSet(), "table.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Type == nil || fmt.Sprint(spec.Type) != "Permission" {
			return true
		}
		text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		if err != nil || declared[Permission(text)] {
			t.Errorf("permission %s: %v or twice", text, err)
		}
		declared[Permission(text)] = true
		return true
	})
	if len(declared) < 30 {
		t.Fatalf("only %d permissions found in the source", len(declared))
	}
	for p := range declared {
		if !Known(p) {
			t.Errorf("%s is not in the table", p)
		}
		public, roles, relations := Holders(p)
		if public != (p == Public) || !public && len(roles)+len(relations) == 0 {
			t.Errorf("%s: public %v, %v, %v", p, public, roles, relations)
		}
	}
	for _, p := range Permissions() {
		if !declared[p] {
			t.Errorf("%s is in the table and no constant", p)
		}
	}
}

// TestARoleHoldsForItsSubtree tries every permission with every role at every pair
// of places and holds the answer against the table.
func TestARoleHoldsForItsSubtree(t *testing.T) {
	below := map[string][]string{ // what lies in a place
		root:                               {root, province, county, street, community, building, nextDoor, lookalike, foreign},
		province:                           {province, county, street, community, building, nextDoor, lookalike},
		county:                             {county, street, community, building, nextDoor, lookalike},
		street:                             {street, community, building, nextDoor, lookalike},
		community:                          {community, building},
		building:                           {building},
		nextDoor:                           {nextDoor},
		foreign:                            {foreign},
		"":                                 {}, // a role in an organisation without a place
		strings.TrimSuffix(community, "/"): {},
	}
	for _, p := range Permissions() {
		public, roles, relations := Holders(p)
		for _, role := range Roles() {
			for held, inside := range below {
				who := Who{Person: "p", District: 130104, Grants: []Grant{{Role: role, District: 130104, Path: held}}}
				for _, at := range append(below[root], "") {
					want := public || slices.Contains(relations, Everyone) || slices.Contains(roles, role) && slices.Contains(inside, at)
					if got := May(who, p, Target{Path: at}); got != want {
						t.Errorf("%s held at %q may %s at %q: %v", role, held, p, at, got)
					}
				}
			}
		}
	}
}

func TestARelationHoldsWhateverTheRole(t *testing.T) {
	relations := []Relation{Self, Requester, Candidate, Assigned, Leader, Neighbour}
	for _, p := range Permissions() {
		public, _, listed := Holders(p)
		for _, r := range relations {
			want := public || slices.Contains(listed, r) || slices.Contains(listed, Everyone)
			if got := May(Who{Person: "p"}, p, Target{Path: foreign, Relations: []Relation{r}}); got != want {
				t.Errorf("as %s may %s: %v", r, p, got)
			}
		}
	}
}

func TestNobodyAndTheHouse(t *testing.T) {
	for _, p := range Permissions() {
		if got := May(Who{}, p, Target{Path: community}); got != (p == Public) {
			t.Errorf("nobody may %s: %v", p, got)
		}
		if got := MayAnywhere(Who{}, p); got != (p == Public) {
			t.Errorf("nobody may %s somewhere: %v", p, got)
		}
		if !May(System(), p, Target{}) || !MayAnywhere(System(), p) {
			t.Errorf("the house may not %s", p)
		}
	}
	if May(Who{Person: "p", Grants: []Grant{{Role: Administrator, Path: root}}}, "order.explode", Target{Path: community}) || Known("order.explode") {
		t.Error("what is not in the table is allowed")
	}
}

// TestTheCoarseCheckNeverHidesWhatIsAllowed: a route that MayAnywhere refuses is
// one that May would refuse for every thing.
func TestTheCoarseCheckNeverHidesWhatIsAllowed(t *testing.T) {
	actors := []Who{{}, {Person: "p"}}
	for _, role := range Roles() {
		actors = append(actors, Who{Person: "p", Grants: []Grant{{Role: role, Path: street}}})
	}
	targets := []Target{{}, {Path: community}, {Path: foreign}}
	for _, r := range []Relation{Self, Requester, Candidate, Assigned, Leader, Neighbour} {
		targets = append(targets, Target{Path: foreign, Relations: []Relation{r}})
	}
	for _, who := range actors {
		for _, p := range Permissions() {
			for _, at := range targets {
				if who.Person == "" && len(at.Relations) > 0 {
					continue // nobody is nothing to anything
				}
				if May(who, p, at) && !MayAnywhere(who, p) {
					t.Errorf("%+v may %s at %+v and is refused before", who, p, at)
				}
				if err := Check(who, p, at); (err == nil) != May(who, p, at) || err != nil && fault.KindOf(err) != fault.KindForbidden {
					t.Errorf("check of %s: %v", p, err)
				}
			}
		}
	}
}

func TestSeveralRoles(t *testing.T) {
	who := Who{Person: "p", Grants: []Grant{
		{Role: Resident, Place: "a", Path: community}, {Role: StationWorker, Place: "b", Path: nextDoor}, {Role: Auditor, Place: "c", Path: foreign},
	}}
	if May(who, OrderDispatch, Target{Path: community}) || !May(who, OrderDispatch, Target{Path: nextDoor}) || May(who, OrderDispatch, Target{Path: foreign}) {
		t.Error("a role reaches beyond its own place by another role")
	}
	places := Places(who, OrderList)
	if len(places) != 2 || places[0].Place != "b" || places[1].Place != "c" {
		t.Errorf("places: %+v", places)
	}
	if !who.Has(Auditor) || who.Has(Volunteer) || !who.Staff() {
		t.Errorf("roles of %+v", who)
	}
	if (Who{Person: "p", Grants: who.Grants[:1]}).Staff() {
		t.Error("a resident is staff")
	}
}

func TestEveryRoleHasItsWord(t *testing.T) {
	words := map[string]bool{}
	for _, r := range Roles() {
		if word := r.Label(); word == string(r) || words[word] {
			t.Errorf("%s is called %q", r, word)
		}
		words[r.Label()] = true
	}
	if got := Role("ghost").Label(); got != "ghost" {
		t.Errorf("an unknown role is called %q", got)
	}
}

// TestTable keeps who may do what as one golden file, which a change has to change
// too.
func TestTable(t *testing.T) {
	var b strings.Builder
	b.WriteString("# 谁能办什么\n\n身份管它所在的地方和下面的全部；括号里是和那件事的关系。\n\n")
	all := Permissions()
	slices.Sort(all)
	for _, p := range all {
		public, roles, relations := Holders(p)
		var names []string
		if public {
			names = append(names, "anybody")
		}
		for _, r := range roles {
			names = append(names, string(r))
		}
		for _, r := range relations {
			names = append(names, "("+string(r)+")")
		}
		fmt.Fprintf(&b, "- %s: %s\n", p, strings.Join(names, ", "))
	}
	name := filepath.Join("testdata", "table.md")
	if *update {
		if err := os.WriteFile(name, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil || b.String() != string(want) {
		t.Errorf("%s differs (%v); look at it and run with -update:\n%s", name, err, b.String())
	}
}
