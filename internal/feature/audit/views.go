package audit

import (
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/core/ui"
	"linli/internal/feature/org"
	"linli/internal/feature/record"
	"linli/internal/kit/db"
)

// Action is a step that the reader may take now.
type Action struct {
	Name  string `json:"name"`
	Label string `json:"label"`
}

// FindingView is a finding with its evidence.
type FindingView struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind" enum:"too_far,one_device,bulk_entry,team_jump,long_day,very_long_day"`
	KindName  string     `json:"kind_name" doc:"什么疑点，用话说"`
	Level     string     `json:"level" enum:"unit,street" doc:"谁来看：unit 本单位，street 街道"`
	Person    *Ref       `json:"person,omitempty" doc:"关于谁，遮了名字"`
	Team      *Ref       `json:"team,omitempty" doc:"关于哪个队伍"`
	Evidence  Evidence   `json:"evidence"`
	State     string     `json:"state" enum:"open,cleared,upheld"`
	StateName string     `json:"state_name" doc:"现在怎么样，用话说"`
	FoundAt   time.Time  `json:"found_at"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
	Answer    string     `json:"answer,omitempty"`
	Actions   []Action   `json:"actions" doc:"您现在能办的"`
}

func viewFinding(tx *db.Tx, who access.Who, f *Finding) (v FindingView, err error) {
	t := f.process()
	v = FindingView{
		ID: f.ID, Kind: string(f.Kind), KindName: ui.T(tx.Context(), f.Kind.Label()), Level: f.Level, Evidence: f.Evidence, State: string(f.State),
		StateName: ui.T(tx.Context(), t.Label(f.State)), FoundAt: f.FoundAt.In(calendar.Zone()), DecidedAt: when(f.DecidedAt), Answer: f.Answer, Actions: []Action{},
	}
	concerned := f.others(tx, who) != nil
	for _, s := range t.Actions(who, f, func(process.Step) bool { return !concerned }) {
		v.Actions = append(v.Actions, Action{s.Name, ui.T(tx.Context(), s.Label)})
	}
	if f.Person != "" {
		p, err := person.Many(tx, f.District, []string{f.Person})
		if err != nil {
			return v, err
		}
		v.Person = &Ref{f.Person, identity.MaskName(p[f.Person].Name)}
	}
	if f.Org != "" {
		names, err := org.Names(tx, f.District, []string{f.Org})
		if err != nil {
			return v, err
		}
		v.Team = &Ref{f.Org, names[f.Org]}
	}
	return v, nil
}

// when is a moment for JSON; nil when there is none.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	at := t.In(calendar.Zone())
	return &at
}

// CheckView is one row of a spot check.
type CheckView struct {
	ID        string     `json:"id"`
	Month     string     `json:"month" example:"2026-10"`
	Why       string     `json:"why" enum:"drawn,manual" doc:"drawn 抽到的，manual 补录的都查"`
	Record    string     `json:"record"`
	Volunteer Ref        `json:"volunteer" doc:"遮了名字"`
	Name      string     `json:"name" doc:"做了什么"`
	StartedAt time.Time  `json:"started_at"`
	Minutes   int        `json:"minutes"`
	State     string     `json:"state" enum:"open,passed,failed"`
	StateName string     `json:"state_name" doc:"现在怎么样，用话说"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
	Answer    string     `json:"answer,omitempty"`
	Actions   []Action   `json:"actions" doc:"您现在能办的"`
}

func viewCheck(tx *db.Tx, who access.Who, c *Check) (v CheckView, err error) {
	r, err := record.Get(tx, c.District, c.Record)
	if err != nil {
		return v, err
	}
	people, err := person.Many(tx, c.District, []string{r.Volunteer})
	v = CheckView{
		ID: c.ID, Month: string(c.Month), Why: c.Why, Record: c.Record, Volunteer: Ref{r.Volunteer, identity.MaskName(people[r.Volunteer].Name)},
		Name: ui.T(tx.Context(), r.Name), StartedAt: r.StartedAt.In(calendar.Zone()), Minutes: r.Minutes, State: string(c.State),
		StateName: ui.T(tx.Context(), Checks.Label(c.State)), DecidedAt: when(c.DecidedAt), Answer: c.Answer, Actions: []Action{},
	}
	if err != nil {
		return v, err
	}
	mine := c.reviewedBy(tx, who) != nil
	for _, s := range Checks.Actions(who, c, func(process.Step) bool { return !mine }) {
		v.Actions = append(v.Actions, Action{s.Name, ui.T(tx.Context(), s.Label)})
	}
	return v, nil
}

// ChecksAt lists the rows of a month's spot check, as who sees them.
func ChecksAt(tx *db.Tx, who access.Who, p place.Place, m Month) ([]CheckView, error) {
	all, err := checksOf(tx, p, m)
	out := []CheckView{}
	for i := range all {
		all[i].at = p.Target()
		v, err := viewCheck(tx, who, &all[i])
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, err
}
