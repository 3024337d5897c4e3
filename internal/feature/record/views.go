package record

import (
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/kit/db"
)

// Action is a step that the reader may take now.
type Action struct {
	Name  string `json:"name"`
	Label string `json:"label"`
}

func actions(t translate, steps []process.Step) []Action {
	out := []Action{}
	for _, s := range steps {
		out = append(out, Action{s.Name, t(s.Label)})
	}
	return out
}

// ObjectionView is an objection and its answer.
type ObjectionView struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind" enum:"objection,correction" doc:"objection 公示里的异议，correction 志愿者自己要求更正"`
	Record    ItemView   `json:"record"`
	Volunteer Ref        `json:"volunteer" doc:"谁的记录，遮了名字"`
	Words     string     `json:"words"`
	State     string     `json:"state" enum:"open,upheld,rejected,retracted"`
	StateName string     `json:"state_name" doc:"现在怎么样，用话说"`
	AskedAt   time.Time  `json:"asked_at"`
	DueAt     time.Time  `json:"due_at" doc:"最晚什么时候答复"`
	Late      bool       `json:"late" doc:"过了时间还没答复"`
	Answer    string     `json:"answer,omitempty"`
	DecidedAt *time.Time `json:"decided_at,omitempty"`
	Actions   []Action   `json:"actions" doc:"您现在能办的"`
}

func viewObjection(tx *db.Tx, who access.Who, o *Objection) (v ObjectionView, err error) {
	r, err := Get(tx, o.District, o.Record)
	if err != nil {
		return v, err
	}
	v = ObjectionView{
		ID: o.ID, Kind: o.Kind, Volunteer: Ref{ID: o.Volunteer}, Words: o.Words, State: string(o.State), StateName: say(tx)(Objections.Label(o.State)),
		AskedAt: o.AskedAt.In(calendar.Zone()), DueAt: o.DueAt.In(calendar.Zone()), Late: o.State == Open && tx.Now().After(o.DueAt),
		Answer: o.Answer, DecidedAt: when(o.DecidedAt),
	}
	v.Actions = actions(say(tx), Objections.Actions(who, o, func(s process.Step) bool {
		if s.Name == StepRetraction {
			return o.AskedBy == who.Person
		}
		return who.Person != o.AskedBy && who.Person != o.Volunteer && who.Person != r.EnteredBy
	}))
	if v.Record, err = viewOne(tx, r); err != nil {
		return v, err
	}
	v.Volunteer.Name, err = volunteerName(tx, o.District, o.Volunteer)
	return v, err
}

// when is a moment for JSON; nil when there is none.
func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	at := t.In(calendar.Zone())
	return &at
}

// EntryView is a manual entry and its judgement.
type EntryView struct {
	ID         string     `json:"id"`
	State      string     `json:"state" enum:"open,approved,refused,retracted"`
	StateName  string     `json:"state_name" doc:"现在怎么样，用话说"`
	Volunteer  Ref        `json:"volunteer" doc:"谁服务的，遮了名字"`
	Name       string     `json:"name"`
	Category   string     `json:"category"`
	Place      Ref        `json:"place"`
	Content    string     `json:"content"`
	StartedAt  time.Time  `json:"started_at"`
	EndedAt    time.Time  `json:"ended_at"`
	Minutes    int        `json:"minutes"`
	Reason     string     `json:"reason" doc:"为什么没当时记"`
	Proof      string     `json:"proof" doc:"凭什么"`
	Photos     []string   `json:"photos" doc:"照片的编号"`
	EnteredBy  Ref        `json:"entered_by" doc:"谁录的，遮了名字"`
	EnteredFor []Ref      `json:"entered_for" doc:"录的人是哪个单位的"`
	EnteredAt  time.Time  `json:"entered_at"`
	DueAt      time.Time  `json:"due_at" doc:"按规定最晚什么时候录"`
	DecidedBy  *Ref       `json:"decided_by,omitempty" doc:"谁批的，遮了名字"`
	DecidedFor *Ref       `json:"decided_for,omitempty" doc:"批的人是哪个单位的"`
	DecidedAt  *time.Time `json:"decided_at,omitempty"`
	Answer     string     `json:"answer,omitempty"`
	Replaces   string     `json:"replaces,omitempty"`
	Actions    []Action   `json:"actions" doc:"您现在能办的"`
}

func viewEntry(tx *db.Tx, who access.Who, e *Entry) (v EntryView, err error) {
	t := say(tx)
	v = EntryView{
		ID: e.ID, State: string(e.State), StateName: t(Entries.Label(e.State)), Volunteer: Ref{ID: e.Volunteer}, Name: t(e.Name), Category: e.Category,
		Content: t(e.Content), StartedAt: e.StartedAt.In(calendar.Zone()), EndedAt: e.EndedAt.In(calendar.Zone()), Minutes: e.Minutes,
		Reason: e.Reason, Proof: e.Proof, EnteredBy: Ref{ID: e.EnteredBy}, EnteredFor: []Ref{}, EnteredAt: e.EnteredAt.In(calendar.Zone()),
		DueAt: e.DueAt.In(calendar.Zone()), DecidedAt: when(e.DecidedAt), Answer: e.Answer, Replaces: e.Replaces, Place: Ref{ID: e.Place},
	}
	v.Actions = actions(t, Entries.Actions(who, e, func(s process.Step) bool {
		if s.Name == StepRetraction {
			return who.Person == e.EnteredBy
		}
		_, err := e.secondUnit(who)
		return err == nil
	}))
	if v.Photos, err = photosAbout(tx, e.District, e.ID); err != nil {
		return v, err
	}
	if v.Photos == nil {
		v.Photos = []string{}
	}
	return v, e.nameIt(tx, &v)
}

// nameIt puts names beside ids.
func (e *Entry) nameIt(tx *db.Tx, v *EntryView) error {
	people, err := person.Many(tx, e.District, []string{e.Volunteer, e.EnteredBy, e.DecidedBy})
	if err != nil {
		return err
	}
	v.Volunteer.Name, v.EnteredBy.Name = identity.MaskName(people[e.Volunteer].Name), identity.MaskName(people[e.EnteredBy].Name)
	known := newNames()
	units := append([]string{e.DecidedFor}, e.EnteredFor...)
	for _, u := range units {
		if err := known.learn(tx, e.District, []Record{{Organiser: u, Community: e.Community}}); err != nil {
			return err
		}
	}
	for _, u := range e.EnteredFor {
		v.EnteredFor = append(v.EnteredFor, Ref{u, known.places[u]})
	}
	if e.DecidedBy != "" {
		v.DecidedBy = &Ref{e.DecidedBy, identity.MaskName(people[e.DecidedBy].Name)}
		v.DecidedFor = &Ref{e.DecidedFor, known.places[e.DecidedFor]}
	}
	p, err := place.Get(tx, e.Place)
	if err != nil {
		return err
	}
	v.Place.Name, err = place.Label(tx, p)
	return err
}

// AttainmentView is a training or an award.
type AttainmentView struct {
	ID          string     `json:"id"`
	Kind        string     `json:"kind" enum:"training,award"`
	Name        string     `json:"name"`
	Content     string     `json:"content,omitempty"`
	Minutes     int        `json:"minutes,omitempty" doc:"学了几分钟"`
	Giver       string     `json:"giver" doc:"谁办的、谁给的"`
	Day         string     `json:"day" example:"2026-03-05"`
	Proof       string     `json:"proof" doc:"凭什么"`
	WithdrawnAt *time.Time `json:"withdrawn_at,omitempty" doc:"作废了"`
	Reason      string     `json:"reason,omitempty" doc:"为什么作废"`
}

func (a Attainment) view(t translate) AttainmentView {
	return AttainmentView{
		ID: a.ID, Kind: a.Kind, Name: t(a.Name), Content: t(a.Content), Minutes: a.Minutes, Giver: a.Giver, Day: a.Day.String(), Proof: a.Proof,
		WithdrawnAt: when(a.WithdrawnAt), Reason: a.Reason,
	}
}
