package audit

import (
	"cmp"
	"context"
	"slices"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/feature/org"
	"linli/internal/feature/record"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Service keeps findings, spot checks and the public page.
type Service struct{ db *db.DB }

// NewService makes the service on a database.
func NewService(d *db.DB) *Service { return &Service{db: d} }

// Decision is what somebody says after looking.
type Decision struct {
	Outcome string `json:"outcome" label:"怎么样" required:"true" enum:"clearing,upholding" doc:"clearing 没问题，upholding 有问题：先不算的那条作废" example:"clearing"`
	Answer  string `json:"answer" label:"看到了什么" required:"true" maxLength:"500" lines:"true" example:"问过队长，那天是全天活动"`
}

// Decide clears a finding, or upholds it: then the rows that it held are withdrawn.
func (s *Service) Decide(ctx context.Context, who access.Who, id string, in Decision) (FindingView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (FindingView, error) {
		f, err := seek(tx, who, id)
		if err != nil {
			return FindingView{}, err
		}
		if err := DecideTx(tx, who, f, in); err != nil {
			return FindingView{}, err
		}
		return viewFinding(tx, who, f)
	})
}

// DecideTx is Decide inside the caller's transaction. Nobody decides about
// themselves, nor about a row that they entered.
func DecideTx(tx *db.Tx, who access.Who, f *Finding, in Decision) error {
	answer := identity.CleanText(in.Answer)
	return f.process().Do(tx, who, f, process.Move{
		Step: in.Outcome,
		Check: func() error {
			if answer == "" {
				return fault.Invalid("answer", "请写看到了什么。")
			}
			return f.others(tx, who)
		},
		Save: func(to process.State) (bool, error) {
			f.State, f.DecidedBy, f.DecidedAt, f.Answer = to, who.Person, tx.Now(), answer
			return save(tx, f)
		},
		Effect: func() error { return f.follow(tx, who, in.Outcome, answer) },
		Data:   event.Data{"kind": string(f.Kind), "outcome": in.Outcome},
	})
}

// others refuses whom the finding is about.
func (f *Finding) others(tx *db.Tx, who access.Who) error {
	concerned := who.Person == f.Person || slices.Contains(f.Evidence.Persons, who.Person)
	for _, id := range f.Evidence.Records {
		r, err := record.Get(tx, f.District, id)
		if err != nil {
			return err
		}
		concerned = concerned || who.Person == r.Volunteer || who.Person == r.EnteredBy
	}
	if concerned {
		return fault.Forbidden("这件事和您有关，要由别人来看。")
	}
	return nil
}

// follow lets the held rows count again, or withdraws them.
func (f *Finding) follow(tx *db.Tx, who access.Who, outcome, answer string) error {
	held, err := f.held(tx)
	if err != nil {
		return err
	}
	for _, r := range held {
		if err := record.Release(tx, r, f.cause()); err != nil {
			return err
		}
		if outcome != StepUpheld {
			continue
		}
		if err := withdraw(tx, who, r, answer); err != nil {
			return err
		}
	}
	return nil
}

// held are the rows that a finding holds, by volunteer: the order in which everybody
// takes the accounts of several.
func (f *Finding) held(tx *db.Tx) (rows []record.Record, err error) {
	for _, id := range f.Evidence.Held {
		r, err := record.Get(tx, f.District, id)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	slices.SortStableFunc(rows, func(a, b record.Record) int { return cmp.Compare(a.Volunteer, b.Volunteer) })
	return rows, nil
}

// reasonMost is how many characters a reason for a withdrawal has at most.
const reasonMost = 200

// withdraw takes a row back that was found to be wrong, unless it was corrected in the
// meantime.
func withdraw(tx *db.Tx, who access.Who, r record.Record, answer string) error {
	gone, err := record.Superseded(tx, r)
	if err != nil || gone {
		return err
	}
	reason := []rune(answer)
	return record.WithdrawTx(tx, who, r, string(reason[:min(len(reason), reasonMost)]))
}

// Show is one finding, for those who may know of it.
func (s *Service) Show(ctx context.Context, who access.Who, id string) (v FindingView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		f, err := seek(tx, who, id)
		if err != nil {
			return err
		}
		v, err = viewFinding(tx, who, f)
		return err
	})
	return v, err
}

// FindingsAt lists the findings of a community in a state, as who sees them.
func FindingsAt(tx *db.Tx, who access.Who, p place.Place, state process.State) ([]FindingView, error) {
	all, err := list(tx, p.District, p.ID, state, listMost)
	if err != nil {
		return nil, err
	}
	out := []FindingView{}
	for i := range all {
		if all[i].at, err = all[i].target(tx, who, p); err != nil {
			return nil, err
		}
		v, err := viewFinding(tx, who, &all[i])
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

// listMost is how many findings a list holds.
const listMost = 100

func seek(tx *db.Tx, who access.Who, id string) (*Finding, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return nil, err
	}
	for _, district := range districts {
		f, found, err := get(tx, district, id)
		if err != nil {
			return nil, err
		}
		if !found {
			continue
		}
		p, err := place.Get(tx, f.Community)
		if err != nil {
			return nil, err
		}
		if f.at, err = f.target(tx, who, p); err != nil {
			return nil, err
		}
		if access.May(who, access.FindingRead, f.at) {
			return &f, nil
		}
	}
	return nil, fault.NotFound("没有这个疑点。")
}

// target is the finding as something that a permission is asked for: the leader of
// the team that it is about is its unit too.
func (f *Finding) target(tx *db.Tx, who access.Who, p place.Place) (access.Target, error) {
	at := p.Target()
	if f.Org == "" || f.Level != ByUnit || who.Person == "" || who.District != f.District {
		return at, nil
	}
	led, err := org.LedBy(tx, f.District, who.Person)
	if slices.Contains(led, f.Org) && f.Kind != TeamJump {
		at.Relations = append(at.Relations, access.Leader)
	}
	return at, err
}
