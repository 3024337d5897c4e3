package process

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	district = 130104
	here     = "/130000/130104/130104016001/"
	away     = "/130000/130104/130104016002/"
)

// loan is a process of four steps: what a station lends, comes back or is lost.
func loan() *Table {
	return &Table{
		Name: "loan", Version: 1,
		States: []StateInfo{{Name: "asked", Label: "等着借"}, {Name: "lent", Label: "借出去了"}, {Name: "closed", Label: "还了", End: true}},
		Steps: []Step{
			{Name: "lending", Label: "借给他", From: []State{"asked"}, To: "lent", Permission: access.OrderDispatch},
			{Name: "note", Label: "记一笔", From: []State{"asked", "lent"}, Permission: access.OrderDispatch},
			{Name: "return", Label: "还来了", From: []State{"lent"}, To: "closed", Permission: access.OrderCancel},
			{Name: "overdue", Label: "超时了", From: []State{"lent"}, Permission: access.OrderDispatch, Hidden: true},
		},
	}
}

// thing is a subject that keeps its state in memory.
type thing struct {
	state     State
	path      string
	relations []access.Relation
}

func (x *thing) ProcessID() string        { return "thing-1" }
func (x *thing) ProcessState() State      { return x.state }
func (x *thing) ProcessCommunity() string { return "130104016001" }
func (x *thing) ProcessTarget() access.Target {
	return access.Target{District: district, Path: x.path, Relations: x.relations}
}

func (x *thing) save(to State) (bool, error) { x.state = to; return true, nil }

func worker(path string) access.Who {
	return access.Who{Person: "w", Grants: []access.Grant{{Role: access.StationWorker, District: district, Path: path}}}
}

// TestAStepGoesThroughItsStages breaks one stage after the other: nothing after
// the broken one runs, and no event is left.
func TestAStepGoesThroughItsStages(t *testing.T) {
	broken := errors.New("broken")
	for _, c := range []struct {
		stage string // the one that breaks
		ran   string
		kind  fault.Kind
	}{
		{"permission", "", fault.KindForbidden},
		{"edge", "", fault.KindConflict},
		{"check", "check", fault.KindInternal},
		{"race", "check save", fault.KindConflict},
		{"save", "check save", fault.KindInternal},
		{"effect", "check save effect", fault.KindInternal},
		{"none", "check save effect", ""},
	} {
		t.Run(c.stage, func(t *testing.T) {
			d := dbtest.New(t, db.SQLite)
			x, who := &thing{state: "asked", path: here}, worker(here)
			switch c.stage {
			case "permission":
				who, x.state = worker(away), "closed"
			case "edge":
				x.state = "closed"
			}
			var ran []string
			run := func(stage string) error {
				ran = append(ran, stage)
				if stage == c.stage {
					return broken
				}
				return nil
			}
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				return loan().Do(tx, who, x, Move{
					Step:   "lending",
					Check:  func() error { return run("check") },
					Save:   func(State) (bool, error) { return c.stage != "race", run("save") },
					Effect: func() error { return run("effect") },
				})
			})
			if got := strings.Join(ran, " "); got != c.ran {
				t.Errorf("ran %q, want %q", got, c.ran)
			}
			if c.kind == "" != (err == nil) || err != nil && fault.KindOf(err) != c.kind {
				t.Errorf("error: %v", err)
			}
			want := 0
			if c.stage == "none" {
				want = 1
			}
			if n := len(history(t, d)); n != want {
				t.Errorf("%d events", n)
			}
		})
	}
}

func history(t *testing.T, d *db.DB) (all []event.Event) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
		all, err = event.Of(tx, district, "thing-1")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAStepLeavesItsEvent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		x := &thing{state: "asked", path: here}
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			return loan().Do(tx, worker(here), x, Move{Step: "lending", Save: x.save, Data: event.Data{"what": "梯子"}})
		}); err != nil {
			t.Fatal(err)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			return loan().Do(tx, access.System(), x, Move{Step: "overdue", Save: x.save})
		}); err != nil {
			t.Fatal(err)
		}
		all := history(t, d)
		if len(all) != 2 {
			t.Fatalf("events: %+v", all)
		}
		first := all[0]
		if first.Act != "loan.lending" || first.Kind != "loan" || first.Actor != "w" || first.Community != "130104016001" || first.Data["what"] != "梯子" {
			t.Errorf("first: %+v", first)
		}
		if all[1].Act != "loan.overdue" || all[1].Actor != "" {
			t.Errorf("of the house: %+v", all[1])
		}
	})
}

// TestWhereAStepLeads: to its state, nowhere when it has none, elsewhere when the
// outcome decides.
func TestWhereAStepLeads(t *testing.T) {
	d := dbtest.New(t, db.SQLite)
	for _, c := range []struct {
		step     string
		from, to State
		want     State
	}{
		{"lending", "asked", "", "lent"},
		{"note", "lent", "", "lent"},
		{"note", "asked", "", "asked"},
		{"lending", "asked", "closed", "closed"},
		{"note", "lent", "asked", "asked"},
	} {
		x := &thing{state: c.from, path: here}
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			return loan().Do(tx, worker(here), x, Move{Step: c.step, To: c.to, Save: x.save})
		}); err != nil || x.state != c.want {
			t.Errorf("%s from %s to %q: %s, %v", c.step, c.from, c.to, x.state, err)
		}
	}
}

// TestWhatIsOfferedCanBeDone tries every step in every state as everybody: Actions
// lists exactly what Do lets through, but for hidden steps.
func TestWhatIsOfferedCanBeDone(t *testing.T) {
	d := dbtest.New(t, db.SQLite)
	table := loan()
	actors := map[string]access.Who{"nobody": {}, "house": access.System(), "worker": worker(here), "foreign": worker(away)}
	for _, role := range access.Roles() {
		actors[string(role)] = access.Who{Person: "p", Grants: []access.Grant{{Role: role, Path: here}}}
	}
	for name, who := range actors {
		for _, info := range table.States {
			for _, relations := range [][]access.Relation{nil, {access.Self}} {
				x := &thing{state: info.Name, path: here, relations: relations}
				offered := table.Actions(who, x, nil)
				for _, step := range table.Steps {
					y := *x
					err := d.Write(t.Context(), func(tx *db.Tx) error {
						return table.Do(tx, who, &y, Move{Step: step.Name, Save: y.save})
					})
					listed := slices.ContainsFunc(offered, func(s Step) bool { return s.Name == step.Name })
					if !step.Hidden && listed != (err == nil) || step.Hidden && listed {
						t.Errorf("%s in %s as %s %v: offered %v, done %v", step.Name, info.Name, name, relations, listed, err)
					}
				}
			}
		}
	}
}

func TestTheFeatureMayOfferLess(t *testing.T) {
	x := &thing{state: "asked", path: here}
	steps := loan().Actions(worker(here), x, func(s Step) bool { return s.Name != "note" })
	if len(steps) != 1 || steps[0].Name != "lending" {
		t.Errorf("offered: %+v", steps)
	}
}

// TestARefusalTellsTheStateOnlyToWhomItMay: whoever may not take the step does not
// learn where the thing stands.
func TestARefusalTellsTheStateOnlyToWhomItMay(t *testing.T) {
	d := dbtest.New(t, db.SQLite)
	said := func(who access.Who) string {
		x := &thing{state: "closed", path: here}
		err := d.Write(t.Context(), func(tx *db.Tx) error { return loan().Do(tx, who, x, Move{Step: "lending", Save: x.save}) })
		return fmt.Sprint(err)
	}
	if !strings.Contains(said(worker(here)), "还了") {
		t.Errorf("the worker is told %q", said(worker(here)))
	}
	if strings.Contains(said(worker(away)), "还了") {
		t.Errorf("a stranger is told %q", said(worker(away)))
	}
}

func TestAnUnknownStepIsAMistakeOfOurs(t *testing.T) {
	d := dbtest.New(t, db.SQLite)
	x := &thing{state: "asked", path: here}
	err := d.Write(t.Context(), func(tx *db.Tx) error { return loan().Do(tx, worker(here), x, Move{Step: "burning", Save: x.save}) })
	if fault.KindOf(err) != fault.KindInternal || x.state != "asked" {
		t.Errorf("%v, now %s", err, x.state)
	}
}

func TestCheckFindsMistakesOfTheTable(t *testing.T) {
	for want, spoil := range map[string]func(*Table){
		"":                         func(*Table) {},
		"step twice: note":         func(x *Table) { x.Steps = append(x.Steps, x.Steps[1]) },
		"unknown permission":       func(x *Table) { x.Steps[0].Permission = "loan.lend" },
		"unknown state gone":       func(x *Table) { x.Steps[0].To = "gone" },
		"unknown state nowhere":    func(x *Table) { x.Steps[1].From = []State{"nowhere"} },
		"lent leads nowhere":       func(x *Table) { x.Steps = x.Steps[:1] },
		"closed ends and leads on": func(x *Table) { x.Steps[0].From = append(x.Steps[0].From, "closed") },
		"state twice: lent":        func(x *Table) { x.States = append(x.States, x.States[1]) },
	} {
		table := loan()
		spoil(table)
		found := strings.Join(table.Check(), "; ")
		if want == "" && found != "" || !strings.Contains(found, want) {
			t.Errorf("want %q, found %q", want, found)
		}
	}
}

func TestDiagram(t *testing.T) {
	want := []string{"stateDiagram-v2", "  asked: 等着借", "  lent: 借出去了", "  closed: 还了",
		"  asked --> lent: lending", "  asked --> asked: note", "  lent --> lent: note", "  lent --> closed: return", "  lent --> lent: overdue",
		"  closed --> [*]", ""}
	if got := strings.Split(loan().Diagram(), "\n"); !reflect.DeepEqual(got, want) {
		t.Errorf("drawn:\n%s", strings.Join(got, "\n"))
	}
}

func TestLabels(t *testing.T) {
	table := loan()
	if table.Label("lent") != "借出去了" || table.Label("gone") != "gone" {
		t.Error("a state is called by another name")
	}
	if s, ok := table.Step("note"); !ok || s.Label != "记一笔" {
		t.Errorf("step: %+v", s)
	}
	if _, ok := table.Step("burning"); ok {
		t.Error("an unknown step is found")
	}
}
