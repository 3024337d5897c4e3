package dispatch

import (
	"context"
	"errors"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/place"
	"linli/internal/feature/order"
	"linli/internal/feature/org"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/job"
	"linli/match"
)

// Service holds the use cases of drafts. Solving happens outside of the transactions:
// what is needed is read, solved, and written if nobody else was first.
type Service struct {
	db     *db.DB
	orders *order.Service
	most   int // orders in a draft
}

// NewService makes the service; orders are sent through their own process.
func NewService(d *db.DB, orders *order.Service) *Service {
	return &Service{db: d, orders: orders, most: ordersMost}
}

// Make solves all waiting orders of a community or a street together. A draft that is
// open for the place is solved anew and keeps its choices.
func (s *Service) Make(ctx context.Context, who access.Who, at string) (View, error) {
	var p place.Place
	var open Draft
	var found bool
	var f facts
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if p, err = planned(tx, who, at); err != nil {
			return err
		}
		if open, found, err = openDraft(tx, p.District, p.ID); err != nil {
			return err
		}
		f, err = s.gather(tx, p)
		return err
	})
	if err != nil {
		return View{}, err
	}
	body, err := f.solve(ctx, open.Choices)
	if err != nil {
		return View{}, err
	}
	open.Body = body
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		d, err := s.put(tx, who, p, open, found)
		if err != nil {
			return View{}, err
		}
		return view(tx, d)
	})
}

// planned is the place of a draft: a community or a street where who may make one.
func planned(tx *db.Tx, who access.Who, at string) (place.Place, error) {
	p, err := place.Get(tx, at)
	if err != nil {
		return p, err
	}
	if err := access.Check(who, access.PlanMake, p.Target()); err != nil {
		return p, err
	}
	if p.Level != place.Community && p.Level != place.Street {
		return p, fault.Invalid("place", "一次排一个社区的，或者一个街道的。")
	}
	return p, nil
}

// put writes a draft that was made or solved anew.
func (s *Service) put(tx *db.Tx, who access.Who, p place.Place, d Draft, again bool) (Draft, error) {
	d.SolvedAt = tx.Now()
	if again {
		saved, err := saveDraft(tx, &d)
		if err == nil && !saved {
			err = moved()
		}
		return d, err
	}
	d.District, d.ID, d.Place, d.State, d.Version, d.MadeBy, d.MadeAt = p.District, tx.NewID(), p.ID, Open, 1, who.Person, tx.Now()
	made, err := insertDraft(tx, d)
	if err == nil && !made {
		err = moved()
	}
	if err != nil {
		return d, err
	}
	note(tx, who, d, "made", event.Data{"visits": len(d.Visits), "left": len(d.Left)})
	return d, nil
}

func moved() error {
	return fault.Conflict("就在刚才，别人先动了这次排单。请看看现在的，再定。")
}

// note appends the event of what happened to a draft.
func note(tx *db.Tx, who access.Who, d Draft, act string, data event.Data) {
	event.Append(tx, event.Event{District: d.District, Community: place.CommunityOf(d.Place), Actor: who.Person,
		Act: "plan." + act, Kind: "plan", Subject: d.ID, Data: data})
}

// Show is a draft as who may see it.
func (s *Service) Show(ctx context.Context, who access.Who, id string) (v View, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		d, _, err := seek(tx, who, id)
		if err == nil {
			v, err = view(tx, d)
		}
		return err
	})
	return v, err
}

// seek finds a draft of a place where who may make them.
func seek(tx *db.Tx, who access.Who, id string) (d Draft, p place.Place, err error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return d, p, err
	}
	for _, district := range districts {
		d, found, err := readDraft(tx, district, id)
		if err != nil {
			return d, p, err
		}
		if !found {
			continue
		}
		if p, err = place.Get(tx, d.Place); err != nil {
			return d, p, err
		}
		if access.May(who, access.PlanMake, p.Target()) {
			return d, p, nil
		}
	}
	return d, p, fault.NotFound("没有这次排单，或者它不归您看。")
}

// Act is what the worker wants of a pair.
type Act string

const (
	Pin     Act = "pin"     // this one goes there
	Ban     Act = "ban"     // this one does not
	Release Act = "release" // decide for yourself again
)

// Choose decides about one pair, and all others follow.
func (s *Service) Choose(ctx context.Context, who access.Who, id string, act Act, orderID, volunteerID string) (View, error) {
	var d Draft
	var f facts
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		var p place.Place
		if d, p, err = seek(tx, who, id); err != nil {
			return err
		}
		if err := stillOpen(d); err != nil {
			return err
		}
		if err := mayBeChosen(tx, d.District, volunteerID, act); err != nil {
			return err
		}
		f, err = s.gather(tx, p)
		return err
	})
	if err != nil {
		return View{}, err
	}
	if d.Choices, err = d.chosen(&f, act, orderID, volunteerID); err != nil {
		return View{}, err
	}
	if d.Body, err = f.solve(ctx, d.Choices); err != nil {
		return View{}, err
	}
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		saved, err := s.put(tx, who, place.Place{}, d, true)
		if err != nil {
			return View{}, err
		}
		if err := putChoices(tx, &saved, who.Person); err != nil {
			return View{}, err
		}
		return view(tx, saved)
	})
}

func stillOpen(d Draft) error {
	switch d.State {
	case Confirmed:
		return fault.Conflict("这次排单已经发出去了。")
	case Dismissed:
		return fault.Conflict("这次排单已经放弃了。")
	}
	return nil
}

// mayBeChosen refuses choices about anybody but volunteers and teams, whose name would
// stand in the draft; who is kept has to serve.
func mayBeChosen(tx *db.Tx, district int, id string, act Act) error {
	v, found, err := volunteer.Get(tx, district, id)
	if err != nil {
		return err
	}
	t, isOrg, err := org.Get(tx, district, id)
	if err != nil {
		return err
	}
	known, serves := found || isOrg && t.Kind == org.Team, v.Serves() || t.Serves()
	if !known && act != Release || act == Pin && !serves {
		return fault.Invalid("volunteer", "没有这位志愿者或者这支队伍，或者现在不接单。")
	}
	return nil
}

// chosen is the choices after one more. What is kept keeps the time that it has.
func (d *Draft) chosen(f *facts, act Act, orderID, volunteerID string) ([]Choice, error) {
	if act == Release {
		return without(d.Choices, orderID, volunteerID), nil
	}
	i := slices.IndexFunc(f.Needs, func(n order.Need) bool { return n.ID == orderID })
	if i < 0 {
		return nil, fault.Conflict("这一单已经不等人了，请重新排一次。")
	}
	c := Choice{Order: orderID, Volunteer: volunteerID, Keep: act == Pin}
	if v, found := d.visit(orderID, volunteerID); found && c.Keep {
		c.From, c.To = v.From, v.To
	}
	return with(f.apart(d.Choices, c), c, f.room(&f.Needs[i], c)), nil
}

// apart is the choices without teams that were kept where a volunteer is kept now.
func (f *facts) apart(choices []Choice, c Choice) []Choice {
	return slices.DeleteFunc(slices.Clone(choices), func(o Choice) bool {
		return c.Keep && o.Keep && o.Order == c.Order && f.key(o.Volunteer).Kind == match.Team
	})
}

// room is for how many like the one chosen an order has room.
func (f *facts) room(n *order.Need, c Choice) int {
	if f.key(c.Volunteer).Kind == match.Team {
		return 1
	}
	return n.Room()
}

// Dismiss gives a draft up; nothing of it is sent.
func (s *Service) Dismiss(ctx context.Context, who access.Who, id string) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		d, _, err := seek(tx, who, id)
		if err == nil {
			err = stillOpen(d)
		}
		if err == nil {
			err = end(tx, who, &d, Dismissed)
		}
		if err != nil {
			return View{}, err
		}
		note(tx, who, d, "dismissed", nil)
		return view(tx, d)
	})
}

// end closes a draft, once.
func end(tx *db.Tx, who access.Who, d *Draft, as State) error {
	d.State, d.EndedBy, d.EndedAt = as, who.Person, tx.Now()
	ended, err := endDraft(tx, d)
	if err == nil && !ended {
		err = moved()
	}
	return err
}

// Confirm sends what the draft of that version proposes: each order's volunteers are
// asked as one wave, with the deadline of the order's own process. Orders and people
// who have changed meanwhile are left out.
func (s *Service) Confirm(ctx context.Context, who access.Who, id string, version int64) (View, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (View, error) {
		d, _, err := seek(tx, who, id)
		if err == nil {
			err = stillOpen(d)
		}
		if err == nil && d.Version != version {
			err = moved()
		}
		if err == nil {
			err = end(tx, who, &d, Confirmed)
		}
		if err != nil {
			return View{}, err
		}
		if err := s.send(tx, who, &d); err != nil {
			return View{}, err
		}
		note(tx, who, d, "confirmed", event.Data{"sent": len(d.Sent), "skipped": len(d.Skipped)})
		return view(tx, d)
	})
}

// send makes the offers, order by order. Volunteers, then orders are taken by their ids, so
// that of two drafts that name the same one comes after the other and sees what it sent.
func (s *Service) send(tx *db.Tx, who access.Who, d *Draft) error {
	if err := hold(tx, d.District, d.helpers()); err != nil {
		return err
	}
	helpers, err := s.orders.HelpersOf(tx, d.District, d.helpers())
	if err != nil {
		return err
	}
	now, err := order.Briefs(tx, d.District, d.orders())
	if err != nil {
		return err
	}
	ready := readiness{d, helpers, now, tx.Now()}
	for _, id := range d.orders() {
		to, at, why := ready.wave(id)
		if why == "" {
			why, err = s.offer(tx, who, order.Proposal{District: d.District, Order: id, Print: d.Prints[id], To: to, At: at, Plan: d.ID})
			if err != nil {
				return err
			}
		}
		if why != "" {
			d.Skipped = append(d.Skipped, Skipped{id, why})
			continue
		}
		d.Sent = append(d.Sent, id)
	}
	return noteOutcome(tx, d)
}

func hold(tx *db.Tx, district int, keys []match.Key) error {
	ids := map[match.Kind][]string{}
	for _, k := range keys {
		ids[k.Kind] = append(ids[k.Kind], k.ID)
	}
	if err := org.Hold(tx, district, ids[match.Team]); err != nil {
		return err
	}
	return volunteer.Hold(tx, district, ids[match.Volunteer])
}

const changed = "这一单后来变了，没有发。"

// offer sends one order, or says why not.
func (s *Service) offer(tx *db.Tx, who access.Who, p order.Proposal) (why string, err error) {
	err = s.orders.OfferPlanned(tx, who, p)
	switch {
	case errors.Is(err, order.ErrChanged):
		return changed, nil
	case fault.KindOf(err) == fault.KindConflict || fault.KindOf(err) == fault.KindInvalid:
		return fault.As(err).Msg, nil
	}
	return "", err
}

// readiness holds what is proposed against what orders and volunteers are now.
type readiness struct {
	*Draft
	helpers map[string]order.Helper
	orders  map[string]order.Brief
	now     time.Time
}

// wave is whom to ask for an order to come when, and what speaks against it. Who comes
// together comes at one time.
func (r readiness) wave(id string) (to []order.Candidate, at order.Span, why string) {
	if r.orders[id].Print != r.Prints[id] {
		return nil, at, changed
	}
	for _, v := range r.Visits {
		if v.Order == id && why == "" {
			to, at, why = append(to, order.Candidate{Kind: string(v.Kind), ID: v.Volunteer}), order.Span{From: v.From, To: v.To}, r.against(v)
		}
	}
	return to, at, why
}

// against is what speaks against a visit now; empty when nothing does.
func (r readiness) against(v Visit) string {
	h, serves := r.helpers[v.Volunteer]
	if !serves {
		return "要派的人现在不接单了，没有发。"
	}
	if v.past(r.now) {
		return "排的时间已经过了，没有发。"
	}
	if !v.From.IsZero() && h.Meets(v.From, v.To) {
		return "要派的人那时有别的单了，没有发。"
	}
	if h.LimitWeek > 0 && r.load(h, v) > h.LimitWeek {
		return "要派的人这周已经满了，没有发。"
	}
	return ""
}

// load is the orders of the helper in the week of the visit, up to it.
func (r readiness) load(h order.Helper, v Visit) (n int) {
	n = h.Load(r.at(v))
	for _, o := range r.Visits {
		if o.Volunteer == v.Volunteer && o.Load <= v.Load && sameWeek(r.at(o), r.at(v)) {
			n++
		}
	}
	return n
}

// at is a moment of the week to which a visit counts: this one when it has no time.
func (r readiness) at(v Visit) time.Time {
	if v.From.IsZero() {
		return r.now
	}
	return v.From
}

func sameWeek(a, b time.Time) bool {
	return calendar.DayOf(a).WeekStart() == calendar.DayOf(b).WeekStart()
}

// Nightly makes a draft for each community of a district in which orders wait.
func (s *Service) Nightly(ctx context.Context, district int) error {
	var communities []string
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		communities, err = order.Needing(tx, district)
		return err
	})
	for _, c := range communities {
		if err != nil {
			return err
		}
		if _, err = s.Make(ctx, access.System(), c); fault.KindOf(err) == fault.KindConflict {
			err = nil // somebody is at it at this hour
		}
	}
	return err
}

// night is when drafts are made for the day to come, after midnight.
const night = 5 * time.Hour

// Schedule registers the periodic work of this package.
func (s *Service) Schedule(r *job.Runner) {
	r.Periodic("plan.nightly", job.Daily(night, calendar.Zone()), func(ctx context.Context, j *job.Job) error { return s.Nightly(ctx, j.District) })
}
