package order

import (
	"context"
	"slices"
	"sync"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/core/category"
	"linli/internal/core/event"
	"linli/internal/feature/org"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/match"
)

// Ranker keeps the in-memory index of each district's volunteers and teams and
// brings it up to date from the events before each use, so that a ranking never
// shows a state older than its own transaction.
type Ranker struct {
	db *db.DB

	mu        sync.Mutex // guards districts
	districts map[int]*shelf
}

// shelf is the index of one district.
type shelf struct {
	mu    sync.Mutex // held while the index is brought up to date
	index *match.Index
	no    int64 // the newest event that the index knows; 0: not loaded

	helpers map[match.Key]Helper // as they were put into the index
}

// NewRanker makes an empty ranker; districts are loaded at their first use.
func NewRanker(d *db.DB) *Ranker {
	return &Ranker{db: d, districts: map[int]*shelf{}}
}

// loadAhead is how far back assignments still tell how busy somebody is.
const loadAhead = 31 * 24 * time.Hour

// Rank gives the best candidates of an order, with those who were left out.
func (r *Ranker) Rank(tx *db.Tx, o *Order, limit int) (match.Ranking, error) {
	index, err := r.fresh(tx, o.District)
	if err != nil {
		return match.Ranking{}, err
	}
	known, err := metBefore(tx, o.District, []string{o.For})
	if err != nil {
		return match.Ranking{}, err
	}
	exclude, err := excluded(tx, o.District, []*Order{o})
	if err != nil {
		return match.Ranking{}, err
	}
	if err := r.addPromised(tx, o, exclude[o.ID]); err != nil {
		return match.Ranking{}, err
	}
	return index.Rank(ask(o, tx.Now(), known[o.For], exclude[o.ID]), limit), nil
}

// addPromised adds those who are asked for other orders already and have not answered: at
// the same hours, or for as many of the week as they take. A plan leaves them out too.
func (r *Ranker) addPromised(tx *db.Tx, o *Order, exclude map[match.Key]int64) error {
	awaited, err := awaited(tx, o.District)
	if err != nil || len(awaited) == 0 {
		return err
	}
	p := o.Plan(tx.Now())
	return r.within(tx, o.District, func(all map[match.Key]Helper) {
		for key, asked := range awaited {
			if _, known := exclude[key]; known {
				continue
			}
			h := all[key]
			h.Taken = slices.Concat(h.Taken, asked)
			switch {
			case !p.Leaves(busy(asked)):
				exclude[key] = becauseAskedThen
			case h.LimitWeek > 0 && h.Load(firstTime(o.From, tx.Now())) >= h.LimitWeek:
				exclude[key] = becauseAskedFull
			}
		}
	})
}

// Warm loads a district ahead of its first use.
func (r *Ranker) Warm(ctx context.Context, district int) error {
	return r.db.Read(ctx, func(tx *db.Tx) error {
		_, err := r.fresh(tx, district)
		return err
	})
}

// ask is the order in the terms of the engine.
func ask(o *Order, now time.Time, known map[match.Key]int, exclude map[match.Key]int64) match.Ask {
	a := match.Ask{
		From: o.From.In(calendar.Zone()), To: o.To.In(calendar.Zone()), Now: now.In(calendar.Zone()),
		People: max(1, o.Room()), Known: known, Exclude: exclude,
	}
	if o.From.IsZero() {
		a.From, a.To = none, none
	}
	if o.At != nil {
		a.At = match.Point{Lat: o.At.Lat, Lng: o.At.Lng}
	}
	if service, ok := category.ByID(o.Category); ok {
		a.Skills = []uint32{service.Code}
		a.Length = time.Duration(service.Minutes) * time.Minute
	}
	return a
}

// fresh is the district's index as of tx.
func (r *Ranker) fresh(tx *db.Tx, district int) (*match.Index, error) {
	s := r.shelf(district)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.fresh(tx, district)
}

func (r *Ranker) shelf(district int) *shelf {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.districts[district]
	if s == nil {
		s = &shelf{}
		r.districts[district] = s
	}
	return s
}

// fresh brings the index up to tx; the caller holds the lock.
func (s *shelf) fresh(tx *db.Tx, district int) (*match.Index, error) {
	newest, err := event.Newest(tx, district)
	if err != nil {
		return nil, err
	}
	if s.index == nil {
		return s.load(tx, district, newest)
	}
	return s.index, s.follow(tx, district, newest)
}

// load fills an empty index.
func (s *shelf) load(tx *db.Tx, district int, newest int64) (*match.Index, error) {
	index := match.NewIndex()
	busy, err := takenSpans(tx, district, match.Key{})
	if err != nil {
		return nil, err
	}
	times, err := servedTimes(tx, district, "")
	if err != nil {
		return nil, err
	}
	put := func(c match.Candidate) (match.Candidate, error) {
		c.Taken = busy[c.Key]
		c = withTimes(c, times[c.ID])
		return c, index.Put(c)
	}
	helpers := map[match.Key]Helper{}
	if err := volunteer.Each(tx, district, func(v volunteer.Volunteer) error {
		c, err := put(v.Candidate())
		helpers[c.Key] = Helper{Candidate: c, Community: v.Community, Since: v.RegisteredAt}
		return err
	}); err != nil {
		return nil, err
	}
	if err := org.EachTeam(tx, district, func(t org.Org) error {
		c, err := put(t.Candidate())
		helpers[c.Key] = Helper{Candidate: c, Community: t.Community}
		return err
	}); err != nil {
		return nil, err
	}
	s.index, s.no, s.helpers = index, newest, helpers
	return index, nil
}

// eventsAtOnce bounds what is read of the events in one go; whoever lags further
// behind loads anew.
const eventsAtOnce = 2000

// follow puts in again whom events since the last use were about.
func (s *shelf) follow(tx *db.Tx, district int, newest int64) error {
	if newest <= s.no {
		return nil
	}
	if newest-s.no > eventsAtOnce {
		_, err := s.load(tx, district, newest)
		return err
	}
	events, err := event.Since(tx, district, s.no, eventsAtOnce)
	if err != nil {
		return err
	}
	for _, key := range touched(events) {
		if err := s.renew(tx, district, key); err != nil {
			return err
		}
	}
	s.no = newest
	return nil
}

// touched lists the candidates that events were about, each once.
func touched(events []event.Event) []match.Key {
	var out []match.Key
	add := func(kind match.Kind, id string) {
		k := match.Key{Kind: kind, ID: id}
		if id != "" && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	for _, e := range events {
		switch e.Kind {
		case "volunteer":
			add(match.Volunteer, e.Subject)
		case "org":
			add(match.Team, e.Subject)
		case "record": // a service done: experience and rest have changed
			id, _ := e.Data["volunteer"].(string)
			add(match.Volunteer, id)
		}
		if list, ok := e.Data["volunteers"].([]any); ok {
			for _, id := range list {
				if id, ok := id.(string); ok {
					add(match.Volunteer, id)
				}
			}
		}
		if team, ok := e.Data["team"].(string); ok {
			add(match.Team, team)
		}
	}
	return out
}

// renew reads one candidate again; who no longer serves leaves the index.
func (s *shelf) renew(tx *db.Tx, district int, key match.Key) error {
	h, serves, err := helper(tx, district, key)
	if err != nil {
		return err
	}
	if !serves {
		s.index.Remove(key)
		delete(s.helpers, key)
		return nil
	}
	busy, err := takenSpans(tx, district, key)
	if err != nil {
		return err
	}
	times, err := servedTimes(tx, district, key.ID)
	if err != nil {
		return err
	}
	h.Taken = busy[key]
	h.Candidate = withTimes(h.Candidate, times[key.ID])
	s.helpers[key] = h
	return s.index.Put(h.Candidate)
}

func helper(tx *db.Tx, district int, key match.Key) (h Helper, serves bool, err error) {
	if key.Kind == match.Team {
		t, found, err := org.Get(tx, district, key.ID)
		return Helper{Candidate: t.Candidate(), Community: t.Community}, found && t.Serves(), err
	}
	v, found, err := volunteer.Get(tx, district, key.ID)
	return Helper{Candidate: v.Candidate(), Community: v.Community, Since: v.RegisteredAt}, found && v.Serves(), err
}

// experience is how often and when last somebody served.
type experience struct {
	times map[uint32]int
	last  time.Time
}

func withTimes(c match.Candidate, e experience) match.Candidate {
	for i := range c.Skills {
		c.Skills[i].Times = e.times[c.Skills[i].Code]
	}
	c.LastServed = e.last
	return c
}

// servedTimes reads experience, of one volunteer or of all.
func servedTimes(tx *db.Tx, district int, one string) (map[string]experience, error) {
	where, args := `district = $1`, []any{district}
	if one != "" {
		where, args = where+` AND volunteer = $2`, append(args, one)
	}
	rows, err := tx.Query(`SELECT volunteer, category, times, last_at FROM served WHERE `+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]experience{}
	for rows.Next() {
		var id, slug string
		var n int
		var last int64
		if err := rows.Scan(&id, &slug, &n, &last); err != nil {
			return nil, err
		}
		e := out[id]
		if e.times == nil {
			e.times = map[uint32]int{}
		}
		if service, ok := category.ByID(slug); ok {
			e.times[service.Code] = n
		}
		if at := time.UnixMilli(last).UTC(); at.After(e.last) {
			e.last = at
		}
		out[id] = e
	}
	return out, rows.Err()
}

// takenSpans reads the orders that volunteers and teams have taken lately, of one
// of them or of all.
func takenSpans(tx *db.Tx, district int, one match.Key) (map[match.Key][]match.Span, error) {
	where, args := `district = $1 AND since >= $2`, []any{district, tx.Now().Add(-loadAhead).UnixMilli()}
	switch one.Kind {
	case match.Volunteer:
		where, args = where+` AND volunteer = $3`, append(args, one.ID)
	case match.Team:
		where, args = where+` AND team = $3`, append(args, one.ID)
	}
	rows, err := tx.Query(`SELECT volunteer, team, busy_from, busy_to, since FROM assignment
		WHERE `+where+` AND state IN ('active', 'served')`, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[match.Key][]match.Span{}
	for rows.Next() {
		var id, team string
		var from, to *int64
		var since int64
		if err := rows.Scan(&id, &team, &from, &to, &since); err != nil {
			return nil, err
		}
		span := match.Span{From: firstTime(db.Moment(from), time.UnixMilli(since)), To: firstTime(db.Moment(to), time.UnixMilli(since))}
		span.From, span.To = span.From.In(calendar.Zone()), span.To.In(calendar.Zone())
		k := match.Key{Kind: match.Volunteer, ID: id}
		out[k] = append(out[k], span)
		if team != "" {
			k = match.Key{Kind: match.Team, ID: team}
			out[k] = append(out[k], span)
		}
	}
	return out, rows.Err()
}

// metBefore counts how often each volunteer and team has served these persons.
func metBefore(tx *db.Tx, district int, people []string) (map[string]map[match.Key]int, error) {
	out := map[string]map[match.Key]int{}
	for _, id := range people {
		out[id] = map[match.Key]int{}
	}
	if len(people) == 0 {
		return out, nil
	}
	rows, err := tx.Query(`SELECT for_person, volunteer, team, count(*) FROM assignment
		WHERE district = $1 AND for_person IN (`+db.Places(2, len(people))+`) AND state = 'served'
		GROUP BY for_person, volunteer, team`, in(district, people)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var person, id, team string
		var n int
		if err := rows.Scan(&person, &id, &team, &n); err != nil {
			return nil, err
		}
		out[person][match.Key{Kind: match.Volunteer, ID: id}] += n
		if team != "" {
			out[person][match.Key{Kind: match.Team, ID: team}] += n
		}
	}
	return out, rows.Err()
}

// Why somebody is not to be asked, as codes of the ranking.
const (
	becauseAsked int64 = iota + 1
	becauseRefused
	becauseLapsed
	becauseTaken
	becauseHelped
	becauseAskedThen
	becauseAskedFull
)

// excluded lists for each order who is not to be asked again.
func excluded(tx *db.Tx, district int, orders []*Order) (map[string]map[match.Key]int64, error) {
	out, ids := map[string]map[match.Key]int64{}, []string{}
	for _, o := range orders {
		ids, out[o.ID] = append(ids, o.ID), map[match.Key]int64{{Kind: match.Volunteer, ID: o.For}: becauseHelped}
	}
	offers, err := offersOf(tx, district, ids...)
	if err != nil {
		return nil, err
	}
	people, err := assignmentsOf(tx, district, ids...)
	if err != nil {
		return nil, err
	}
	for _, f := range offers {
		k := match.Key{Kind: match.Kind(f.Kind), ID: f.Candidate}
		switch f.State {
		case OfferOpen:
			out[f.OrderID][k] = becauseAsked
		case OfferRefused:
			out[f.OrderID][k] = becauseRefused
		case OfferLapsed:
			out[f.OrderID][k] = becauseLapsed
		}
	}
	for _, a := range people {
		if a.State == Active {
			out[a.OrderID][match.Key{Kind: match.Volunteer, ID: a.Volunteer}] = becauseTaken
		}
	}
	return out, nil
}

// countServed adds one service to a volunteer's experience.
func countServed(tx *db.Tx, district int, volunteerID, slug string, at time.Time) error {
	_, err := tx.Exec(`INSERT INTO served (district, volunteer, category, times, last_at) VALUES ($1, $2, $3, 1, $4)
		ON CONFLICT (district, volunteer, category) DO UPDATE SET times = served.times + 1, last_at = excluded.last_at`,
		district, volunteerID, slug, at.UnixMilli())
	return err
}
