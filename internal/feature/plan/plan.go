package plan

import (
	"context"
	"sync"
	"time"

	"linli/internal/core/category"
	"linli/match"
)

// Spot is where somebody is, as far as it is known.
type Spot struct {
	At       match.Point // zero when not known
	Area     string      // community
	Grid     string
	Building string
}

// Order is a request that waits for helpers.
type Order struct {
	Spot
	Service  category.Service
	People   int // helpers still needed, at least 1
	Urgency  category.Urgency
	Asked    time.Time     // when it was made; zero when not known
	From, To time.Time     // in which it may be served; zero: to be agreed
	Length   time.Duration // of the service; 0: as usual
	Known    map[match.Key]int
	Exclude  map[match.Key]int64
	Only     match.Key // nobody else may be sent, and they go before all others; zero: whoever suits
	With     bool      // it is served together with the order before it, of which it is a part
}

// Helper is a volunteer or a team that may be asked. Their place is in Spot.
type Helper struct {
	Spot
	match.Candidate
	LastAsked time.Time // to serve, or served unasked; zero when never or not known
}

// Input is all that is planned at once.
type Input struct {
	Orders  []Order
	Helpers []Helper
	Now     time.Time
	// Progress is called with the part done, 0 to 1; may be nil.
	Progress func(part float64)
}

// Plan is the answer.
type Plan struct {
	Visits    []Visit // by order
	Left      []Left  // by order
	Shortages []Shortage
	Best      Sums // of this plan
	FirstCome Sums // of giving each order in turn to the nearest who can
	Pairs     int  // who could be sent to whom, in all
}

// Visit is a helper at an order, with the facts that speak for it.
type Visit struct {
	Order, Helper int
	People        int       // who come: 1, or as many as the order needs of a team
	From, To      time.Time // zero: to be agreed
	Minutes       int       // on foot, −1 unknown
	Times         int       // served with the skill before
	Met           int       // served the same person before
	Load, Limit   int       // which order of the week it is, from 1, of how many
}

// Left is an order for which helpers are missing.
type Left struct {
	Order, People int
	Why
}

// Why counts who could have been sent, with ever more asked of them.
type Why struct {
	Skilled int // have the skill
	Near    int // of these, live near enough
	Free    int // of these, are free then
	Nearest int // minutes of the nearest with the skill, −1 unknown
}

// Shortage is a kind of people who are missing.
type Shortage struct {
	Service category.Service
	Where   string // community or grid; empty when not known
	When    string // message id of a time of the week
	People  int    // that are missing in all
	More    int    // people more who would come if one more volunteer did
	Saves   int    // what one more visit would save over all, in points
}

// Sums tell how good a plan is.
type Sums struct {
	Served, Unserved int // people who come, and who are missing
	Minutes          int // walked, as far as known
	Heaviest         int // orders of one helper in a week
}

// MostPairs bounds the memory of a plan, about 80 bytes a pair.
const MostPairs = 10_000_000

// Make plans. It fails only when the context ends, or when more than MostPairs pairs are
// possible, which happens when no places are known.
func Make(ctx context.Context, in Input) (*Plan, error) {
	m, problem, err := begin(ctx, in, nil)
	if err != nil {
		return nil, err
	}
	p := &Plan{Pairs: len(m.options)}
	var byHand sync.WaitGroup
	byHand.Go(func() { p.FirstCome = m.firstCome() })
	solved, err := m.solve(ctx, problem)
	byHand.Wait()
	if err != nil {
		return nil, err
	}
	if divided := m.undone(solved); len(divided) > 0 {
		if m, problem, err = begin(ctx, in, divided); err != nil {
			return nil, err
		}
		if solved, err = m.solve(ctx, problem); err != nil {
			return nil, err
		}
	}
	p.Visits = m.visits(solved)
	p.Left = m.left(solved)
	p.Best = sums(p.Visits)
	for _, l := range p.Left {
		p.Best.Unserved += l.People
	}
	if p.Shortages, err = m.shortages(solved, p.Left); err != nil {
		return nil, err
	}
	m.Progress(1)
	return p, nil
}

// FirstCome tells how good it would be to give each order in turn to the nearest who can:
// Plan.FirstCome without the plan.
func FirstCome(ctx context.Context, in Input) (Sums, error) {
	m, _, err := begin(ctx, in, nil)
	if err != nil {
		return Sums{}, err
	}
	return m.firstCome(), nil
}

// begin finds who could go where, and puts it into the terms of the engine. Orders that
// are divided go to volunteers, not to a team.
func begin(ctx context.Context, in Input, divided map[int32]bool) (*model, *match.Problem, error) {
	m := &model{Input: in, divided: divided}
	if m.Progress == nil {
		m.Progress = func(float64) {}
	}
	if err := m.find(ctx); err != nil {
		return nil, nil, err
	}
	problem, err := m.problem()
	return m, problem, err
}

func (m *model) solve(ctx context.Context, problem *match.Problem) (*match.Plan, error) {
	return match.Solve(ctx, problem, match.Settings{
		Progress: func(done, total int64) { m.Progress(0.5 + 0.4*float64(done)/float64(max(total, 1))) },
	})
}

// undone lists the orders that were meant for a team, and no team had room for them.
func (m *model) undone(solved *match.Plan) map[int32]bool {
	out := map[int32]bool{}
	for i, whole := range m.whole {
		if whole && m.Orders[i].Only == (match.Key{}) && solved.Unserved(i) > 0 {
			out[int32(i)] = true
		}
	}
	return out
}

func sums(visits []Visit) Sums {
	s := Sums{}
	for _, v := range visits {
		s.Served += v.People
		s.Minutes += max(v.Minutes, 0)
		s.Heaviest = max(s.Heaviest, v.Load)
	}
	return s
}
