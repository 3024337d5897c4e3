package order

import (
	"context"
	"slices"
	"strings"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/core/rule"
	"linli/internal/feature/org"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Service holds the use cases of orders. Each public method opens one transaction;
// the methods that take a tx are the same use cases for callers that hold one
// already (the demo's past, another feature).
type Service struct {
	db     *db.DB
	ranker *Ranker
}

// NewService makes the service on a database.
func NewService(d *db.DB) *Service {
	return &Service{db: d, ranker: NewRanker(d)}
}

// open loads an order for a step of who: locked, with the relations of who. What
// who may not know of is not found.
func (s *Service) open(tx *db.Tx, who access.Who, id string) (*Order, error) {
	return s.reach(tx, who, id, lock)
}

// peek is open for reading. A neighbour sees an order only while it looks for
// people.
func (s *Service) peek(tx *db.Tx, who access.Who, id string) (*Order, error) {
	o, err := s.reach(tx, who, id, read)
	if err == nil && onlyNeighbour(o) && !o.Open() && !access.May(who, access.OrderList, o.ProcessTarget()) {
		return nil, unknown()
	}
	return o, err
}

// reach looks for an order in the districts in which who may see any.
func (s *Service) reach(tx *db.Tx, who access.Who, id string,
	load func(*db.Tx, int, string) (*Order, bool, error)) (*Order, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return nil, err
	}
	for _, district := range districts {
		o, found, err := load(tx, district, id)
		if err != nil {
			return nil, err
		}
		if found {
			return o, s.admit(tx, who, o)
		}
	}
	return nil, unknown()
}

// admit finds what who is to the order and refuses whom it is nothing to.
func (s *Service) admit(tx *db.Tx, who access.Who, o *Order) (err error) {
	if o.relations, err = relate(tx, who, o); err != nil {
		return err
	}
	if !access.May(who, access.OrderRead, o.ProcessTarget()) {
		return unknown()
	}
	return nil
}

func unknown() error { return fault.NotFound("没有这一单，或者它不归您看。") }

// relate lists what who is to the order.
func relate(tx *db.Tx, who access.Who, o *Order) ([]access.Relation, error) {
	if who.System || who.Person == "" || who.District != o.District {
		return nil, nil
	}
	var out []access.Relation
	add := func(is bool, r access.Relation) {
		if is && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	add(o.For == who.Person, access.Self)
	add(o.Requester == who.Person, access.Requester)
	add(near(who, o), access.Neighbour)
	leads, err := org.LedBy(tx, o.District, who.Person)
	if err != nil {
		return nil, err
	}
	offers, err := offersOf(tx, o.District, o.ID)
	if err != nil {
		return nil, err
	}
	for _, f := range offers {
		add(f.Asked == who.Person, access.Candidate)
	}
	assigned, err := assignmentsOf(tx, o.District, o.ID)
	if err != nil {
		return nil, err
	}
	for _, a := range assigned {
		add(a.Volunteer == who.Person && (a.State == Active || a.State == Served), access.Assigned)
		add(a.Team != "" && a.State == Active && slices.Contains(leads, a.Team), access.Leader)
	}
	return out, nil
}

// near says whether who is a volunteer of the order's street: orders of the next
// community are often the shorter way.
func near(who access.Who, o *Order) bool {
	for _, g := range who.Grants {
		if g.Role == access.Volunteer && street(g.Path) != "" && street(g.Path) == street(o.PlacePath) {
			return true
		}
	}
	return false
}

// street is a path cut after its fourth place: province, city, district, street.
func street(path string) string {
	parts := strings.SplitN(strings.Trim(path, "/"), "/", 5)
	if len(parts) < 4 {
		return ""
	}
	return strings.Join(parts[:4], "/")
}

func onlyNeighbour(o *Order) bool {
	return len(o.relations) == 1 && o.relations[0] == access.Neighbour
}

// step runs one step of the process on a loaded order: what change does to the
// order is saved with the new state, effect follows in the same transaction.
func (s *Service) step(tx *db.Tx, who access.Who, o *Order, m move) error {
	err := Process.Do(tx, who, o, process.Move{
		Step:  m.name,
		To:    m.to,
		Check: m.check,
		Data:  m.data,
		Save: func(to process.State) (bool, error) {
			if m.change != nil {
				m.change()
			}
			if err := s.setLimit(tx, o, m.name, to); err != nil {
				return false, err
			}
			return save(tx, o, to)
		},
		Effect: m.effect,
	})
	return err
}

// move is one step as the use cases of this package write it.
type move struct {
	name   string
	to     process.State // where the outcome decides; else the table's
	check  func() error
	change func() // to the order's own fields
	effect func() error
	data   event.Data
}

// setLimit starts the limit that comes with a new state and forgets an old one.
func (s *Service) setLimit(tx *db.Tx, o *Order, name string, to process.State) error {
	step, _ := Process.Step(name)
	if to == o.State && step.Limit == "" {
		return nil
	}
	o.Escalated = false
	limit := limitOf(to)
	if limit == "" {
		o.DueAt = none
		return nil
	}
	o.Late = o.Late && name == StepOverdue
	due, err := dueAt(tx, o.District, o.PlacePath, limit)
	if err != nil {
		return err
	}
	o.DueAt = due
	return enqueueLimit(tx, o)
}

// limitOf is the limit under which an order stands in a state.
func limitOf(s process.State) rule.Name {
	switch s {
	case Requested, Verified, Dispatched, Returned:
		return rule.AnswerWorkdays
	case Accepted, Serving:
		return rule.FinishWorkdays
	case Finished:
		return rule.EvaluateWorkdays
	}
	return ""
}

// write runs fn as one write and answers with the order as it stands then.
func (s *Service) write(ctx context.Context, who access.Who, id string, fn func(*db.Tx, *Order) error) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		o, err := s.open(tx, who, id)
		if err != nil {
			return View{}, err
		}
		if err := fn(tx, o); err != nil {
			return View{}, err
		}
		return s.answer(tx, who, o)
	})
}
