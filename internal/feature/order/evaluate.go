package order

import (
	"context"
	"slices"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/process"
	"linli/internal/feature/org"
	"linli/internal/feature/record"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Opinion is what one side says of the service.
type Opinion struct {
	Satisfaction Satisfaction `json:"satisfaction" label:"满不满意" enum:"satisfied,fair,unsatisfied" doc:"很满意、还可以、没办好"`
	Solved       *bool        `json:"solved,omitempty" label:"办成了没有" doc:"办成了没有; by the resident, no sends it back to the station"`
	Reasons      []string     `json:"reasons,omitempty" doc:"哪里好，哪里不好"`
	Words        string       `json:"words,omitempty" label:"想说两句" lines:"true" doc:"想说两句"`
	Side         Side         `json:"side,omitempty" enum:"resident,volunteer,station" doc:"替谁说 resident: typed by the worker who telephoned"`
}

const reasonsMost = 10

// Evaluate is the word of one side 评单. When all have spoken the order closes and
// hours and points are booked; not solved sends it back to the station.
func (s *Service) Evaluate(ctx context.Context, who access.Who, orderID string, in Opinion) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error { return s.EvaluateTx(tx, who, o, in) })
}

// EvaluateTx is Evaluate inside the caller's transaction.
func (s *Service) EvaluateTx(tx *db.Tx, who access.Who, o *Order, in Opinion) error {
	in.Words = identity.CleanText(in.Words)
	side, err := sideOf(who, o, in.Side)
	if err != nil {
		return err
	}
	said, err := evaluationsOf(tx, o.District, o.ID, o.Returns)
	if err != nil {
		return err
	}
	e := evaluation(tx, who, o, side, in)
	all := append(slices.Clone(said), e)
	return s.step(tx, who, o, move{
		name:   StepEvaluation,
		to:     outcome(o, e, all),
		check:  func() error { return fault.Join(checkOpinion(in), checkOnce(said, e)) },
		change: func() { note(tx, o, e, outcome(o, e, all)) },
		effect: func() error { return s.heard(tx, o, e) },
		data:   event.Data{"side": string(side), "satisfaction": string(in.Satisfaction), "solved": string(e.Solved)},
	})
}

// sideOf finds for whom who speaks. The worker speaks for the station, and for a
// resident only by saying so.
func sideOf(who access.Who, o *Order, claimed Side) (Side, error) {
	worker := access.May(who, access.OrderVerify, o.ProcessTarget())
	host := o.is(access.Self) || o.is(access.Requester) && o.Acting != ActingStation
	switch {
	case claimed == SideResident && (host || worker):
		return SideResident, nil
	case claimed == SideVolunteer && o.is(access.Assigned):
		return SideVolunteer, nil
	case claimed == SideStation && worker:
		return SideStation, nil
	case claimed != "":
		return "", fault.Forbidden("您不能替这一方评。")
	case host:
		return SideResident, nil
	case o.is(access.Assigned):
		return SideVolunteer, nil
	case worker:
		return SideStation, nil
	}
	return "", fault.Forbidden("这一单不用您评。")
}

func evaluation(tx *db.Tx, who access.Who, o *Order, side Side, in Opinion) Evaluation {
	e := Evaluation{
		Side: side, Person: who.Person, EnteredBy: who.Person, Satisfaction: in.Satisfaction,
		Reasons: cleanAll(in.Reasons), Words: in.Words, At: tx.Now(),
	}
	if side != SideResident {
		return e
	}
	e.Person, e.Solved = o.For, SolvedYes
	if in.Solved != nil && !*in.Solved || in.Solved == nil && in.Satisfaction == Unsatisfied {
		e.Solved = SolvedNo
	}
	return e
}

func cleanAll(list []string) []string {
	var out []string
	for _, s := range list {
		if s = identity.CleanLine(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

func checkOpinion(in Opinion) error {
	if !slices.Contains([]Satisfaction{Satisfied, Fair, Unsatisfied}, in.Satisfaction) {
		return fault.Invalid("satisfaction", "点一张脸：很满意、还可以，还是没办好。")
	}
	if len(in.Reasons) > reasonsMost {
		return fault.Invalid("reasons", "最多挑 %d 条。", reasonsMost)
	}
	for _, r := range in.Reasons {
		if err := short("reasons", r, 30); err != nil {
			return err
		}
	}
	return short("words", in.Words, noteMost)
}

func checkOnce(said []Evaluation, e Evaluation) error {
	for _, s := range said {
		if s.Side == e.Side && s.Person == e.Person {
			return fault.Conflict("这一方已经评过了。")
		}
	}
	return nil
}

// outcome is where an order goes with this word: back to the station when the
// resident says that it was not solved, closed when all sides have spoken.
func outcome(o *Order, e Evaluation, all []Evaluation) process.State {
	switch {
	case e.Solved == SolvedNo:
		return Returned
	case len(Missing(all)) == 0:
		return Evaluated
	}
	return o.State
}

// note keeps the resident's word on the order itself, where the rates are counted.
func note(tx *db.Tx, o *Order, e Evaluation, to process.State) {
	if e.Side == SideResident {
		o.Satisfaction, o.Solved = e.Satisfaction, e.Solved
	}
	switch to {
	case Returned:
		o.Taken = 0
	case Evaluated:
		o.ClosedAt = tx.Now()
	}
}

// heard stores the word and does what follows from it.
func (s *Service) heard(tx *db.Tx, o *Order, e Evaluation) error {
	countWord(tx, o, e)
	if err := insertEvaluation(tx, o.District, o.ID, o.Returns, e); err != nil {
		return err
	}
	if e.Side == SideResident {
		if err := drop(tx, o, callEvaluate); err != nil {
			return err
		}
	}
	if e.Solved == SolvedYes {
		if err := visit.Vouch(tx, o.door(), e.Person); err != nil {
			return err
		}
	}
	switch o.State {
	case Returned:
		return s.reopen(tx, o)
	case Evaluated:
		return s.book(tx, o)
	}
	return nil
}

// reopen sends an order that was not solved round again: nobody is assigned, a
// new round of evaluations begins, and the station owes a call.
func (s *Service) reopen(tx *db.Tx, o *Order) error {
	if err := endAssignments(tx, o.District, o.ID, Active, Served); err != nil {
		return err
	}
	if _, err := tx.Exec(`UPDATE service_order SET returns = returns + 1 WHERE district = $1 AND id = $2`, o.District, o.ID); err != nil {
		return err
	}
	o.Returns++
	return owe(tx, o, callUnsolved)
}

// CloseTx closes an order whose limit for evaluating is over.
func (s *Service) CloseTx(tx *db.Tx, o *Order) error {
	return s.step(tx, access.System(), o, move{
		name:   StepClosing,
		change: func() { o.ClosedAt = tx.Now() },
		effect: func() error { return s.book(tx, o) },
	})
}

// book posts the service record and the points of every visit that counts and is
// not booked yet, in the transaction that closes the order. The visit's id is the
// source, so that nothing is booked twice.
func (s *Service) book(tx *db.Tx, o *Order) error {
	visits, err := visit.Of(tx, o.District, o.ID)
	if err != nil {
		return err
	}
	visits = slices.DeleteFunc(visits, func(v visit.Visit) bool { return v.Booked || !v.Counts() })
	var rows []record.Record
	for _, v := range visits {
		r, err := recordOf(tx, o, v)
		if err != nil {
			return err
		}
		rows = append(rows, r)
	}
	added, err := record.Enter(tx, rows...)
	if err != nil {
		return err
	}
	for _, r := range added {
		if err := countServed(tx, o.District, r.Volunteer, o.Category, r.EndedAt); err != nil {
			return err
		}
	}
	for _, v := range visits {
		v.Booked = true
		if err := visit.Put(tx, o.District, v); err != nil {
			return err
		}
	}
	return endAssignments(tx, o.District, o.ID, Active, Served)
}

// recordOf is the row of the record that a visit makes. It was organised by the team
// that took the order, else by the community.
func recordOf(tx *db.Tx, o *Order, v visit.Visit) (record.Record, error) {
	r := record.Record{
		District: o.District, Source: "visit:" + v.ID, Volunteer: v.Volunteer, Community: o.Community,
		Order: o.ID, Number: o.Number, Name: o.Title, Category: o.Category, Place: o.Place, PlacePath: o.PlacePath, Content: o.Title,
		StartedAt: v.InAt, EndedAt: v.OutAt, Minutes: v.Minutes, Grade: string(v.Grade), Kind: record.FromOrder,
		Organiser: o.Community, InCharge: v.ConfirmedBy, Satisfaction: string(o.Satisfaction),
	}
	all, err := assignmentsOf(tx, o.District, o.ID)
	if err != nil {
		return r, err
	}
	for _, a := range all {
		if a.Volunteer == v.Volunteer && a.Team != "" {
			r.Organiser = a.Team
		}
	}
	if r.InCharge == "" {
		r.InCharge, err = inCharge(tx, o, r.Organiser)
	}
	return r, err
}

// inCharge is who answers for a service that nobody had to vouch for: the leader of
// the team that served, else who spoke for the station.
func inCharge(tx *db.Tx, o *Order, organiser string) (string, error) {
	if organiser != o.Community {
		team, _, err := org.Get(tx, o.District, organiser)
		return team.Leader, err
	}
	said, err := evaluationsOf(tx, o.District, o.ID, o.Returns)
	for _, e := range said {
		if e.Side == SideStation {
			return e.EnteredBy, err
		}
	}
	return "", err
}
