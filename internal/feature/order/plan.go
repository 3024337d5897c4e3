package order

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/feature/plan"
	"linli/internal/kit/db"
	"linli/match"
)

// Need is an order for which somebody has to be found, as a plan sees it.
type Need struct {
	*Order
	Known   map[match.Key]int   // how often each has served the same person
	Exclude map[match.Key]int64 // not to be asked again
}

// Queue is what there is to be planned at a place.
type Queue struct {
	Needs     []Need // the most urgent first, of these who has waited longest
	Beyond    int    // orders that wait besides
	Unchecked int    // those that have to be verified before anybody may be sent
}

// QueueAt lists the orders of a place, and below, for which nobody is being asked, at
// most so many of them.
func QueueAt(tx *db.Tx, p place.Place, most int) (q Queue, err error) {
	communities, err := scope{path: p.Path, level: p.Level, id: p.ID}.communities(tx, p.District)
	if err != nil {
		return q, err
	}
	var all []*Order
	known := 0
	for _, c := range communities {
		ready, unchecked, err := countLooking(tx, p.District, c)
		if err != nil {
			return q, err
		}
		known, q.Unchecked = known+ready, q.Unchecked+unchecked
		found, err := lookingIn(tx, p.District, c, min(most, ready))
		if err != nil {
			return q, err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b *Order) int {
		return cmp.Or(cmp.Compare(pressing(b), pressing(a)), a.CreatedAt.Compare(b.CreatedAt), strings.Compare(a.ID, b.ID))
	})
	all = all[:min(most, len(all))]
	q.Beyond = known - len(all)
	q.Needs, err = needsOf(tx, p.District, all)
	return q, err
}

const looking = `district = $1 AND community = $2 AND state IN ('` + string(Requested) + `', '` + string(Verified) + `', '` + string(Returned) + `')`

// countLooking counts the orders of one community for which nobody is being asked: those
// for which somebody may be sent, and those that have to be verified before.
func countLooking(tx *db.Tx, district int, community string) (ready, unchecked int, err error) {
	_, err = tx.Get(`SELECT coalesce(sum(CASE WHEN needs_check THEN 0 ELSE 1 END), 0), coalesce(sum(CASE WHEN needs_check THEN 1 ELSE 0 END), 0)
		FROM service_order WHERE `+looking, []any{district, community}, &ready, &unchecked)
	return ready, unchecked, err
}

// lookingIn reads the most urgent orders of one community for which somebody may be sent
// and nobody is being asked.
func lookingIn(tx *db.Tx, district int, community string, most int) ([]*Order, error) {
	return db.All(tx, scanOrder, `SELECT `+orderColumns+` FROM service_order WHERE `+looking+` AND needs_check = FALSE
		ORDER BY CASE urgency WHEN 'emergency' THEN 0 WHEN 'urgent' THEN 1 WHEN 'soon' THEN 2 ELSE 3 END, created_at, id LIMIT $3`,
		district, community, most)
}

// pressing ranks orders by their urgency.
func pressing(o *Order) int {
	return slices.Index([]category.Urgency{category.Soon, category.Urgent, category.Emergency}, category.Urgency(o.Urgency))
}

func needsOf(tx *db.Tx, district int, orders []*Order) ([]Need, error) {
	var people []string
	for _, o := range orders {
		people = append(people, o.For)
	}
	slices.Sort(people)
	known, err := metBefore(tx, district, slices.Compact(people))
	if err != nil {
		return nil, err
	}
	exclude, err := excluded(tx, district, orders)
	var out []Need
	for _, o := range orders {
		out = append(out, Need{o, known[o.For], exclude[o.ID]})
	}
	return out, err
}

// Plan is the order as a plan takes it.
func (o *Order) Plan(now time.Time) plan.Order {
	service, _ := category.ByID(o.Category)
	out := plan.Order{
		Spot: plan.Spot{Area: o.Community}, Service: service, People: o.Room(), Urgency: category.Urgency(o.Urgency),
		Asked: o.CreatedAt, From: o.From, To: o.To,
	}
	if o.At != nil {
		out.At = match.Point{Lat: o.At.Lat, Lng: o.At.Lng}
	}
	out.Ahead(now)
	return out
}

// Needing lists the communities of a district in which orders wait.
func Needing(tx *db.Tx, district int) ([]string, error) {
	var all []string
	for _, state := range []process.State{Requested, Verified, Returned} {
		found, err := db.All(tx, func(s db.Scanner) (c string, err error) { return c, s.Scan(&c) },
			`SELECT community FROM service_order WHERE district = $1 AND state = $2 ORDER BY created_at, id`, district, string(state))
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// Print changes whenever something changes on which a plan relies.
func (o *Order) Print() string {
	at := ""
	if o.At != nil {
		at = fmt.Sprintf("%.5f %.5f", o.At.Lat, o.At.Lng)
	}
	return fmt.Sprint(o.State, o.NeedsCheck, " ", o.Category, " ", o.Wave, o.Returns, o.PeopleNeeded, o.Taken, " ", db.Millis(o.From), db.Millis(o.To), " ", o.Place, at)
}

// Helper is a volunteer or a team that may be asked, as a plan sees them. What they are
// asked for and have not answered counts as taken.
type Helper struct {
	match.Candidate
	Community string
	Since     time.Time // a volunteer's registration
	LastAsked time.Time // or last served unasked; zero when not within AskedLately
}

// AskedLately is how far back a plan looks for who has been asked: who has not been for
// so long is forgotten.
const AskedLately = 30 * 24 * time.Hour

// Meets says whether a helper is known to be busy between two moments.
func (h Helper) Meets(from, to time.Time) bool {
	return slices.ContainsFunc(h.Busy(), func(t match.Span) bool { return t.From.Before(to) && from.Before(t.To) })
}

// Load counts the orders of a helper in the week of a moment.
func (h Helper) Load(at time.Time) (n int) {
	for _, t := range h.Taken {
		if calendar.DayOf(t.From).WeekStart() == calendar.DayOf(at).WeekStart() {
			n++
		}
	}
	return n
}

// wide is from when on a window says little about when somebody is busy.
const wide = 4 * time.Hour

// Busy is when a helper is known to be busy.
func (h Helper) Busy() []match.Span { return busy(h.Taken) }

// busy is when who has taken these is known to be busy. Of an order in a wide window only
// the day is known: it counts to the week, and leaves time for others.
func busy(taken []match.Span) []match.Span {
	out := slices.Clone(taken)
	for i, t := range out {
		if t.To.Sub(t.From) >= wide {
			out[i].To = t.From
		}
	}
	return out
}

// Helpers lists the volunteers and teams of a district that serve, by kind and id.
func (s *Service) Helpers(tx *db.Tx, district int) ([]Helper, error) {
	asked, err := lastAsked(tx, district)
	if err != nil {
		return nil, err
	}
	var out []Helper
	if err := s.ranker.within(tx, district, func(all map[match.Key]Helper) { out = slices.Collect(maps.Values(all)) }); err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b Helper) int {
		return cmp.Or(cmp.Compare(b.Kind, a.Kind), strings.Compare(a.ID, b.ID))
	})
	awaited, err := awaited(tx, district)
	for i, h := range out {
		out[i].LastAsked = asked[h.ID]
		out[i].Taken = slices.Concat(h.Taken, awaited[h.Key])
	}
	return out, err
}

// HelpersOf gives those of some helpers who still serve, by id, as they stand now.
func (s *Service) HelpersOf(tx *db.Tx, district int, keys []match.Key) (map[string]Helper, error) {
	awaited, err := awaited(tx, district)
	if err != nil {
		return nil, err
	}
	out := make(map[string]Helper, len(keys))
	err = s.ranker.within(tx, district, func(all map[match.Key]Helper) {
		for _, key := range keys {
			if h, serves := all[key]; serves {
				h.Taken = slices.Concat(h.Taken, awaited[key])
				out[key.ID] = h
			}
		}
	})
	return out, err
}

// awaited is when each helper is wanted who has been asked and has not answered yet: at
// the hours that a plan has found, else in the window of the order. Only where no more are
// asked than are needed: of a wave of many some will not come.
func awaited(tx *db.Tx, district int) (map[match.Key][]match.Span, error) {
	all, err := db.All(tx, scanAwaiting, `SELECT f.kind, f.candidate, f.order_id, f.sent_at,
			coalesce(f.visit_from, o.window_from), coalesce(f.visit_to, o.window_to), o.people_needed - o.taken
		FROM offer f JOIN service_order o ON o.district = f.district AND o.id = f.order_id
		WHERE f.district = $1 AND f.sent_at >= $2 AND f.state = 'open'`, district, tx.Now().Add(-answerByMost).UnixMilli())
	of := map[string]int{}
	for _, a := range all {
		of[a.order]++
	}
	out := map[match.Key][]match.Span{}
	for _, a := range all {
		if of[a.order] <= a.room {
			out[a.who] = append(out[a.who], a.span)
		}
	}
	return out, err
}

// awaiting is an offer that is not answered yet.
type awaiting struct {
	who   match.Key
	order string
	span  match.Span
	room  int
}

func scanAwaiting(s db.Scanner) (a awaiting, err error) {
	var sent int64
	var from, to *int64
	err = s.Scan(&a.who.Kind, &a.who.ID, &a.order, &sent, &from, &to, &a.room)
	a.span = match.Span{From: firstTime(db.Moment(from), time.UnixMilli(sent)), To: firstTime(db.Moment(to), time.UnixMilli(sent))}
	return a, err
}

// lastAsked is when each helper was asked lately, or took an order; a leader was asked
// with the team.
func lastAsked(tx *db.Tx, district int) (map[string]time.Time, error) {
	out := map[string]time.Time{}
	since := tx.Now().Add(-AskedLately).UnixMilli()
	for _, query := range []string{
		`SELECT asked, max(sent_at) FROM offer WHERE district = $1 AND sent_at >= $2 GROUP BY asked`,
		`SELECT candidate, max(sent_at) FROM offer WHERE district = $1 AND sent_at >= $2 AND kind = 'team' GROUP BY candidate`,
		`SELECT volunteer, max(since) FROM assignment WHERE district = $1 AND since >= $2 GROUP BY volunteer`,
	} {
		rows, err := db.All(tx, scanAsked, query, district, since)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if r.at.After(out[r.id]) {
				out[r.id] = r.at
			}
		}
	}
	return out, nil
}

type asked struct {
	id string
	at time.Time
}

func scanAsked(s db.Scanner) (a asked, err error) {
	var at int64
	err = s.Scan(&a.id, &at)
	a.at = time.UnixMilli(at).UTC()
	return a, err
}

// within looks at who is in the index as of tx.
func (r *Ranker) within(tx *db.Tx, district int, look func(map[match.Key]Helper)) error {
	s := r.shelf(district)
	s.mu.Lock()
	defer s.mu.Unlock()
	_, err := s.fresh(tx, district)
	if err == nil {
		look(s.helpers)
	}
	return err
}

// Proposal is what a plan would ask for one order.
type Proposal struct {
	District int
	Order    string
	Print    string // of the order as the plan saw it
	To       []Candidate
	At       Span // when they would come
	Plan     string
}

// Span is a time that a plan has found; zero when it is to be agreed.
type Span struct{ From, To time.Time }

// ErrChanged says that an order is not any more what the plan saw.
var ErrChanged = errors.New("order: changed since it was planned")

// OfferPlanned asks those whom a plan proposes for an order, through the order's own
// process. Whoever may make plans there may send them out. It fails with ErrChanged, or
// with what speaks against it, and has then done nothing that would have to be undone.
func (s *Service) OfferPlanned(tx *db.Tx, who access.Who, p Proposal) error {
	o, found, err := lock(tx, p.District, p.Order)
	if err != nil {
		return err
	}
	if !found || o.Print() != p.Print {
		return ErrChanged
	}
	if err := access.Check(who, access.PlanMake, o.ProcessTarget()); err != nil {
		return err
	}
	who.System = true // plan.make stands for order.dispatch here
	return s.OfferTx(tx, who, o, Asking{To: p.To, plan: p.Plan, at: p.At})
}

// Brief is an order in a list of a plan.
type Brief struct {
	ID, Number, Title, Category, State, Community string
	For                                           Ref

	From, To time.Time
	Print    string
}

// Briefs reads orders for a list of the station, by id; those that are not there are
// left out.
func Briefs(tx *db.Tx, district int, ids []string) (map[string]Brief, error) {
	out := make(map[string]Brief, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	all, err := db.All(tx, scanOrder, `SELECT `+orderColumns+` FROM service_order WHERE district = $1 AND id IN (`+db.Places(2, len(ids))+`)`, in(district, ids)...)
	if err != nil {
		return nil, err
	}
	var people []string
	for _, o := range all {
		people = append(people, o.For)
	}
	names, err := person.Many(tx, district, people)
	for _, o := range all {
		out[o.ID] = Brief{
			ID: o.ID, Number: o.Number, Title: o.Title, Category: o.Category, State: string(o.State), Community: o.Community,
			For: Ref{o.For, names[o.For].Name}, From: o.From, To: o.To, Print: o.Print(),
		}
	}
	return out, err
}

// Others ranks the volunteers and teams who could be asked for an order instead of whom a plan
// proposes. The caller has made sure that who reads it may plan there.
func (s *Service) Others(tx *db.Tx, district int, id string, limit int) ([]CandidateView, error) {
	o, found, err := read(tx, district, id)
	if err != nil || !found {
		return nil, err
	}
	ranking, err := s.ranker.Rank(tx, o, limit)
	if err != nil {
		return nil, err
	}
	ranking.LeftOut = nil
	words, err := inWords(tx, o, ranking)
	return words.Items, err
}
