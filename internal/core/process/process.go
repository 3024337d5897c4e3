package process

import (
	"fmt"
	"slices"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// State is where a thing stands.
type State string

// Step is one row of a process.
type Step struct {
	Name       string // a noun, as in the URL: "acceptance"
	Label      string // the verb on its button; id of its translation
	From       []State
	To         State // empty: the state stays
	Permission access.Permission
	Hidden     bool      // no button of its own: a deadline takes it, or another page leads to it
	Limit      rule.Name // the limit that starts with To; empty when none does
}

// StateInfo describes a state.
type StateInfo struct {
	Name  State
	Label string // on the page; id of its translation
	End   bool   // nothing leads on from here
}

// Table is a whole process.
type Table struct {
	Name    string // "order"; events are called "order.acceptance"
	Version int    // raised when steps change, so that old history keeps its meaning
	States  []StateInfo
	Steps   []Step
}

// Subject is a row that stands in a state of a process.
type Subject interface {
	ProcessID() string
	ProcessState() State
	ProcessTarget() access.Target
	ProcessCommunity() string
}

// Move is what the feature adds to one step.
type Move struct {
	Step   string
	Check  func() error                 // pure rules; nil when there are none
	Save   func(to State) (bool, error) // compare-and-set of state and version; false: lost the race
	Effect func() error                 // what must be true together with the new state
	Data   event.Data                   // of the event
	To     State                        // overrides the step's To where the outcome decides
}

// Step finds a step by name.
func (t *Table) Step(name string) (Step, bool) {
	i := slices.IndexFunc(t.Steps, func(s Step) bool { return s.Name == name })
	if i < 0 {
		return Step{}, false
	}
	return t.Steps[i], true
}

// Actions lists the steps that who may take with the subject now, in the order of
// the table. extra filters what state and permission alone cannot know (an offer
// that has lapsed); nil allows all.
func (t *Table) Actions(who access.Who, s Subject, extra func(Step) bool) []Step {
	var out []Step
	for _, step := range t.Steps {
		if step.Hidden || !slices.Contains(step.From, s.ProcessState()) {
			continue
		}
		if !access.May(who, step.Permission, s.ProcessTarget()) {
			continue
		}
		if extra == nil || extra(step) {
			out = append(out, step)
		}
	}
	return out
}

// Do makes one step, in the order that the package comment names.
func (t *Table) Do(tx *db.Tx, who access.Who, s Subject, m Move) error {
	step, err := t.Ready(who, s, m.Step)
	if err != nil {
		return err
	}
	if m.Check != nil {
		if err := m.Check(); err != nil {
			return err
		}
	}
	saved, err := m.Save(t.target(step, s, m))
	if err != nil {
		return err
	}
	if !saved {
		return fault.Conflict("就在刚才，别人先动了这一单。请看看现在的情况再办。")
	}
	event.Append(tx, event.Event{
		District: s.ProcessTarget().District, Community: s.ProcessCommunity(), Actor: who.Person,
		Act: t.Name + "." + step.Name, Kind: t.Name, Subject: s.ProcessID(), Data: m.Data,
	})
	if m.Effect == nil {
		return nil
	}
	return m.Effect()
}

// Ready is the step, if who may take it with the subject as it stands: else what
// Do would answer. It is asked before the form of a step is shown.
func (t *Table) Ready(who access.Who, s Subject, name string) (Step, error) {
	step, ok := t.Step(name)
	if !ok {
		return step, fmt.Errorf("process %s has no step %q", t.Name, name)
	}
	if err := access.Check(who, step.Permission, s.ProcessTarget()); err != nil {
		return step, err
	}
	if !slices.Contains(step.From, s.ProcessState()) {
		return step, t.wrongState(s.ProcessState())
	}
	return step, nil
}

func (t *Table) target(step Step, s Subject, m Move) State {
	switch {
	case m.To != "":
		return m.To
	case step.To != "":
		return step.To
	}
	return s.ProcessState()
}

func (t *Table) wrongState(now State) error {
	return fault.Conflict("这一单现在是“%s”，这一步已经办过了，或者还没轮到。", t.Label(now))
}

// Label is the word for a state.
func (t *Table) Label(s State) string {
	for _, info := range t.States {
		if info.Name == s {
			return info.Label
		}
	}
	return string(s)
}

// Check finds mistakes in the table itself; each feature's test calls it.
func (t *Table) Check() []string {
	var bad []string
	seen := map[string]bool{}
	for _, s := range t.Steps {
		if seen[s.Name] {
			bad = append(bad, "step twice: "+s.Name)
		}
		seen[s.Name] = true
		if !access.Known(s.Permission) {
			bad = append(bad, s.Name+": unknown permission "+string(s.Permission))
		}
	}
	return append(bad, t.checkStates()...)
}

// checkStates finds states that are named twice or unknown, dead ends that are no
// end, and ends from which a step leads on.
func (t *Table) checkStates() []string {
	var bad []string
	ends, left := map[State]bool{}, map[State]bool{}
	for _, s := range t.States {
		if _, twice := ends[s.Name]; twice {
			bad = append(bad, "state twice: "+string(s.Name))
		}
		ends[s.Name] = s.End
	}
	for _, s := range t.Steps {
		for _, from := range append(slices.Clone(s.From), s.To) {
			if _, known := ends[from]; !known && from != "" {
				bad = append(bad, s.Name+": unknown state "+string(from))
			}
			left[from] = left[from] || s.To != "" && s.To != from
		}
	}
	for _, s := range t.States {
		switch {
		case s.End && left[s.Name]:
			bad = append(bad, string(s.Name)+" ends and leads on")
		case !s.End && !left[s.Name]:
			bad = append(bad, string(s.Name)+" leads nowhere")
		}
	}
	return bad
}

// Diagram is the process as a Mermaid state diagram, for the documentation.
func (t *Table) Diagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, s := range t.States {
		fmt.Fprintf(&b, "  %s: %s\n", s.Name, s.Label)
	}
	for _, s := range t.Steps {
		for _, from := range s.From {
			to := s.To
			if to == "" {
				to = from
			}
			fmt.Fprintf(&b, "  %s --> %s: %s\n", from, to, s.Name)
		}
	}
	for _, s := range t.States {
		if s.End {
			fmt.Fprintf(&b, "  %s --> [*]\n", s.Name)
		}
	}
	return b.String()
}
