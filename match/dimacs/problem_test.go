package dimacs

import (
	"context"
	"strings"
	"testing"

	"linli/match"
)

// solveAny solves a network, when it is a matching, and proves the answer.
func solveAny(t *testing.T, n *Network) {
	p, err := n.Problem()
	if err != nil {
		return
	}
	plan, err := match.Solve(context.Background(), p, match.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	if err := match.Verify(p, plan.Answer()); err != nil {
		t.Errorf("%v\n%s", err, written(n))
	}
}

func network(t testing.TB, text string) *Network {
	t.Helper()
	n, err := Read(strings.NewReader(strings.ReplaceAll(text, "; ", "\n")))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestFormsThatAreMatchings(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		cost int64
		left int64
	}{
		"dispatch":            {small, 12, 0},
		"left unserved":       {"p min 3 3; n 1 2; n 3 -2; a 1 2 0 2 5; a 2 3 0 1 1; a 1 3 0 2 90", 96, 1},
		"assignment":          {"p min 4 4; n 1 1; n 2 1; n 3 -1; n 4 -1; a 1 3 0 1 1; a 1 4 0 1 2; a 2 3 0 1 3; a 2 4 0 1 9", 5, 0},
		"assignment by sink":  {"p min 5 6; n 1 1; n 2 1; n 5 -2; a 1 3 0 1 1; a 1 4 0 1 2; a 2 3 0 1 3; a 2 4 0 1 9; a 3 5 0 1 0; a 4 5 0 1 0", 5, 0},
		"transportation":      {"p min 4 4; n 1 30; n 2 12; n 3 -20; n 4 -22; a 1 3 0 99 4; a 1 4 0 99 7; a 2 3 0 99 2; a 2 4 0 99 6", 12*2 + 8*4 + 22*7, 0},
		"arcs with limits":    {"p min 4 4; n 1 30; n 2 12; n 3 -20; n 4 -22; a 1 3 0 99 4; a 1 4 0 99 7; a 2 3 0 5 2; a 2 4 0 99 6", 15*4 + 15*7 + 5*2 + 7*6, 0},
		"convex load":         {"p min 3 4; n 1 3; n 3 -3; a 1 2 0 3 5; a 2 3 0 2 1; a 2 3 0 1 50; a 1 3 0 3 90", 15 + 2 + 50, 0},
		"dear last step":      {"p min 3 4; n 1 3; n 3 -3; a 1 2 0 3 5; a 2 3 0 2 1; a 2 3 0 1 86; a 1 3 0 3 90", 12 + 90, 1},
		"slots":               {"p min 5 6; n 1 1; n 2 1; n 5 -2; a 1 3 0 1 4; a 2 3 0 1 6; a 3 4 0 1 1; a 4 5 0 2 0; a 1 5 0 1 70; a 2 5 0 1 80", 70 + 7, 1},
		"slot and offer":      {"p min 5 6; n 1 1; n 2 1; n 5 -2; a 1 3 0 1 4; a 2 4 0 1 6; a 3 4 0 1 1; a 4 5 0 1 0; a 1 5 0 1 70; a 2 5 0 1 80", 70 + 6, 1},
		"no arcs into place":  {"p min 3 2; n 1 1; n 3 -1; a 2 3 0 1 0; a 1 3 0 1 9", 9, 1},
		"places lead nowhere": {"p min 3 2; n 1 1; n 3 -1; a 1 2 0 1 0; a 1 3 0 1 9", 9, 1},
		"no capacity":         {"p min 3 3; n 1 2; n 3 -2; a 1 2 0 0 5; a 2 3 0 2 1; a 1 3 0 2 90", 180, 2},
		"nothing to do":       {"p min 3 0", 0, 0},
		"huge capacities":     {"p min 3 3; n 1 2; n 3 -2; a 1 2 0 9223372036854775807 5; a 2 3 0 9223372036854775807 1; a 1 3 0 9223372036854775807 90", 12, 0},
	} {
		n := network(t, c.text)
		p, err := n.Problem()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		plan, err := match.Solve(t.Context(), p, match.Settings{})
		if err != nil {
			t.Fatal(err)
		}
		if err := match.Verify(p, plan.Answer()); err != nil || plan.Cost() != c.cost || plan.Left() != c.left {
			t.Errorf("%s: costs %d with %d left, want %d with %d, %v", name, plan.Cost(), plan.Left(), c.cost, c.left, err)
		}
		if err := n.Unserved(plan); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFormsThatAreNone(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"lower bound":          {"p min 2 1; n 1 1; n 2 -1; a 1 2 1 1 1", "arc 1 has a lower bound, which no matching has"},
		"negative cost":        {"p min 2 1; n 1 1; n 2 -1; a 1 2 0 1 -1", "arc 1 costs -1, costs of a matching are within 0 and 268435455"},
		"dear":                 {"p min 2 1; n 1 1; n 2 -1; a 1 2 0 1 268435456", "arc 1 costs 268435456, costs of a matching are within 0 and 268435455"},
		"into supply":          {"p min 3 1; n 1 1; n 2 1; n 3 -2; a 1 2 0 1 1", "arc 1 leads into node 2, which has supply: asks take nothing from others"},
		"out of the sink":      {"p min 3 2; n 1 1; n 3 -1; a 1 3 0 1 1; a 3 2 0 1 1", "arc 2 leads out of node 3, which has demand: the sink gives nothing on"},
		"transshipment":        {"p min 5 4; n 1 2; n 4 -1; n 5 -1; a 1 2 0 2 1; a 2 4 0 1 1; a 2 5 0 1 1; a 1 3 0 1 1", "arc 1 joins an inner node, and there are 2 nodes with demand: only one sink is understood then"},
		"three layers":         {"p min 5 5; n 1 1; n 5 -1; a 1 2 0 1 1; a 2 3 0 1 1; a 3 4 0 1 1; a 4 5 0 1 1; a 1 5 0 1 9", "node 3 is the third inner node in a row, at most two are understood"},
		"loop":                 {"p min 3 3; n 1 1; n 3 -1; a 1 2 0 1 1; a 2 2 0 1 1; a 1 3 0 1 9", "node 2 is the third inner node in a row, at most two are understood"},
		"slot of two":          {"p min 5 6; n 1 1; n 5 -1; a 1 2 0 1 1; a 2 3 0 1 1; a 2 4 0 1 1; a 3 5 0 1 1; a 4 5 0 1 1; a 1 5 0 1 9", "arc 3 is the second out of node 2 to another inner node, a slot has one"},
		"slot to the sink too": {"p min 4 5; n 1 1; n 4 -1; a 1 2 0 1 1; a 2 3 0 1 1; a 2 4 0 1 1; a 3 4 0 1 1; a 1 4 0 1 9", "node 2 leads to the sink and to another inner node"},
		"two prices":           {"p min 2 2; n 1 2; n 2 -2; a 1 2 0 2 1; a 1 2 0 2 5", "arc 2 is the second from node 1 to the sink, a unit left unserved has one price"},
		"part may be left":     {"p min 3 3; n 1 2; n 3 -2; a 1 2 0 2 1; a 2 3 0 2 1; a 1 3 0 1 9", "arc 3 leaves 1 of the 2 units of node 1 unserved at most: either all may be or none"},
	} {
		if _, err := network(t, c.text).Problem(); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

func TestUnitsBeyondTheEngine(t *testing.T) {
	n := &Network{Supply: []int64{1 << 30, 1 << 30, -1 << 31}, Arcs: []Arc{{0, 2, 0, 1 << 30, 1}, {1, 2, 0, 1 << 30, 1}}}
	if _, err := n.Problem(); err == nil || !strings.Contains(err.Error(), "2147483648 units asked, at most 2147483647") {
		t.Error(err)
	}
}

// TestNoSolution finds that nodes which must be served cannot be.
func TestNoSolution(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"assignment":   {"p min 4 2; n 1 1; n 2 1; n 3 -1; n 4 -1; a 1 3 0 1 1; a 2 3 0 1 3", "there is no solution: 1 units of 1 nodes cannot be served and may not be left, the first is node"},
		"no arcs":      {"p min 3 1; n 1 1; n 2 4; n 3 -5; a 1 3 0 1 1", "there is no solution: 4 units of 1 nodes cannot be served and may not be left, the first is node 2"},
		"only some":    {"p min 4 4; n 1 1; n 2 1; n 4 -2; a 1 3 0 1 1; a 2 3 0 1 9; a 3 4 0 1 0; a 1 4 0 1 5", ""},
		"both or none": {"p min 4 3; n 1 1; n 2 1; n 4 -2; a 1 3 0 1 1; a 2 3 0 1 9; a 3 4 0 1 0", "there is no solution: 1 units of 1 nodes cannot be served and may not be left, the first is node 2"},
	} {
		n := network(t, c.text)
		p, err := n.Problem()
		if err != nil {
			t.Fatal(name, err)
		}
		plan, err := match.Solve(t.Context(), p, match.Settings{})
		if err != nil {
			t.Fatal(name, err)
		}
		err = n.Unserved(plan)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.HasPrefix(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}
