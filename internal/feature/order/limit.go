package order

import (
	"context"
	"encoding/json"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/event"
	"linli/internal/core/process"
	"linli/internal/core/rule"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
	"linli/internal/kit/id"
	"linli/internal/kit/job"
	"linli/match"
)

// The jobs of this package.
const (
	jobLimit  = "order.limit"  // an order's limit may have passed
	jobStreet = "order.street" // a late order may still be late
	jobLapse  = "order.lapse"  // an offer's deadline may have passed
	jobForgot = "order.forgot" // a visit may have been left open
	jobWave   = "order.wave"   // ask the next wave
)

// none is "no time".
var none time.Time

// task is what the jobs need to know.
type task struct {
	Order string `json:"order"`
	Offer string `json:"offer,omitempty"`
	Visit string `json:"visit,omitempty"`
	Due   int64  `json:"due,omitempty"` // the limit that was over, UTC milliseconds
}

// Jobs lists the handlers for the runner.
func (s *Service) Jobs() map[string]job.Handler {
	return map[string]job.Handler{
		jobLimit:  s.handle(s.limitPassed),
		jobStreet: s.handle(s.stillLate),
		jobLapse:  s.handle(s.offerLapsed),
		jobForgot: s.handle(s.visitForgotten),
		jobWave:   s.handle(s.nextWave),
	}
}

// handle runs a deadline as the house itself, on the locked order.
func (s *Service) handle(fn func(*db.Tx, *Order, task) error) job.Handler {
	return func(ctx context.Context, j *job.Job) error {
		var t task
		if err := json.Unmarshal(j.Args, &t); err != nil {
			return err
		}
		return s.db.Write(ctx, func(tx *db.Tx) error {
			o, found, err := lock(tx, j.District, t.Order)
			if err != nil || !found {
				return err
			}
			if err := fn(tx, o, t); err != nil {
				return err
			}
			return j.Done(tx)
		})
	}
}

// dueAt is when a limit of so many working days ends, counted from now.
func dueAt(tx *db.Tx, district int, path string, limit rule.Name) (time.Time, error) {
	days, err := rule.Value(tx, district, path, limit)
	return calendar.AddWorkdays(tx.Now(), int(days)), err
}

func enqueueLimit(tx *db.Tx, o *Order) error {
	return job.Enqueue(tx, o.District, jobLimit, limitKey(o), o.DueAt, task{Order: o.ID})
}

func enqueueLapse(tx *db.Tx, district int, f Offer) error {
	return job.Enqueue(tx, district, jobLapse, f.ID, f.AnswerBy, task{Order: f.OrderID, Offer: f.ID})
}

func enqueueForgot(tx *db.Tx, o *Order, v visit.Visit, after time.Duration) error {
	return job.Enqueue(tx, o.District, jobForgot, v.ID, v.InAt.Add(after), task{Order: o.ID, Visit: v.ID})
}

// limitPassed marks an order late, or closes one whose time for evaluating is over.
func (s *Service) limitPassed(tx *db.Tx, o *Order, _ task) error {
	if o.DueAt.IsZero() || o.DueAt.After(tx.Now()) || o.Late {
		return nil
	}
	switch o.State {
	case Finished:
		return s.CloseTx(tx, o)
	case Evaluated, Cancelled:
		return nil
	}
	return s.step(tx, access.System(), o, move{
		name:   StepOverdue,
		change: func() { o.Late = true },
		effect: func() error { return press(tx, o) },
	})
}

// limitKey names the limit under which an order stands, so that each has its jobs
// once.
func limitKey(o *Order) string { return o.ID + ":" + o.DueAt.Format(time.RFC3339) }

// offerLapsed closes an offer that nobody answered and asks on.
func (s *Service) offerLapsed(tx *db.Tx, o *Order, t task) error {
	lapsed, err := lapse(tx, o.District, t.Offer)
	if err != nil || lapsed == "" || o.State != Dispatched {
		return err
	}
	return s.step(tx, access.System(), o, move{
		name:   StepLapse,
		effect: func() error { return s.moveOn(tx, o) },
		data:   event.Data{"volunteers": []string{lapsed}},
	})
}

// lapse closes the offer if it is open and its time is over; it returns who was
// asked.
func lapse(tx *db.Tx, district int, offer string) (candidate string, err error) {
	_, err = tx.Get(`UPDATE offer SET state = 'lapsed', answered_at = $3
		WHERE district = $1 AND id = $2 AND state = 'open' AND answer_by <= $3 RETURNING candidate`,
		[]any{district, offer, tx.Now().UnixMilli()}, &candidate)
	return candidate, err
}

// visitForgotten turns a visit that was left open into a capped proposal.
func (s *Service) visitForgotten(tx *db.Tx, o *Order, t task) error {
	visits, err := visit.Of(tx, o.District, o.ID)
	if err != nil {
		return err
	}
	for _, v := range visits {
		if v.ID == t.Visit && v.State == visit.Open {
			return s.propose(tx, o, v, tx.Now())
		}
	}
	return nil
}

// moveOn asks the next wave when nobody is left who could still say yes; the
// asking is a job, so that the one who refused does not wait for it.
func (s *Service) moveOn(tx *db.Tx, o *Order) error {
	open, err := openOffers(tx, o)
	if err != nil || open > 0 || o.Room() <= 0 {
		return err
	}
	return job.Enqueue(tx, o.District, jobWave, o.ID+":"+id.New(), tx.Now(), task{Order: o.ID})
}

func openOffers(tx *db.Tx, o *Order) (n int, err error) {
	_, err = tx.Get(`SELECT count(*) FROM offer WHERE district = $1 AND order_id = $2 AND state = 'open'`,
		[]any{o.District, o.ID}, &n)
	return n, err
}

// nextWave asks those who stand by, else the next best; the last wave looks wider
// than people said they like to walk. When the rule's waves are used up, or nobody
// is left, the order goes back to the worker.
func (s *Service) nextWave(tx *db.Tx, o *Order, _ task) error {
	open, err := openOffers(tx, o)
	if err != nil || open > 0 || o.State != Dispatched || o.Room() <= 0 {
		return err
	}
	to, err := s.nextToAsk(tx, o)
	if err != nil {
		return err
	}
	if len(to) > 0 {
		return s.OfferTx(tx, access.System(), o, Asking{To: to})
	}
	return s.step(tx, access.System(), o, move{
		name: StepHandBack,
		to:   handedBack(o),
	})
}

// handedBack keeps the people who have already accepted: an order that lacks some
// goes on being looked after, one that has none starts over.
func handedBack(o *Order) process.State {
	if o.Taken > 0 {
		return Dispatched
	}
	return Returned
}

// nextToAsk is whom the rules would ask now; nobody when the worker is to decide.
func (s *Service) nextToAsk(tx *db.Tx, o *Order) ([]Candidate, error) {
	reserves, err := reservesOf(tx, o)
	if err != nil || len(reserves) > 0 {
		return reserves, err
	}
	auto, err := rule.Value(tx, o.District, o.PlacePath, rule.AutoDispatch)
	if err != nil || auto == 0 {
		return nil, err
	}
	most, err := rule.Value(tx, o.District, o.PlacePath, rule.WavesMost)
	if err != nil || int64(o.Wave) >= most {
		return nil, err
	}
	size, err := rule.Value(tx, o.District, o.PlacePath, rule.WaveSize)
	if err != nil {
		return nil, err
	}
	ranking, err := s.ranker.Rank(tx, o, int(size))
	if err != nil {
		return nil, err
	}
	return wave(ranking, int(size), int64(o.Wave)+1 == most), nil
}

// wave picks the next to ask: the best of the list, and in the last wave also
// those whom only the way kept out.
func wave(r match.Ranking, size int, wider bool) []Candidate {
	var out []Candidate
	for _, item := range r.Items {
		out = append(out, Candidate{Kind: string(item.Kind), ID: item.ID})
	}
	for _, left := range r.LeftOut {
		if wider && len(left.Causes) == 1 && left.Causes[0].Kind == match.WalkReason {
			out = append(out, Candidate{Kind: string(left.Kind), ID: left.ID})
		}
	}
	return out[:min(size, len(out))]
}

// reservesOf lists who stands by and was not asked yet.
func reservesOf(tx *db.Tx, o *Order) ([]Candidate, error) {
	people, err := assignmentsOf(tx, o.District, o.ID)
	if err != nil {
		return nil, err
	}
	var out []Candidate
	for _, a := range people {
		if a.State != Reserve {
			continue
		}
		out = append(out, Candidate{Kind: KindVolunteer, ID: a.Volunteer})
		if err := setAssignment(tx, o.District, o.ID, a.Volunteer, Released); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// usualMinutes is how long the service usually takes.
func usualMinutes(o *Order) int {
	if service, ok := category.ByID(o.Category); ok {
		return service.Minutes
	}
	return 60
}

// dayNumber is the day as it stands in an order's number: "261121".
func dayNumber(d calendar.Day) string {
	return d.Start().In(calendar.Zone()).Format("060102")
}
