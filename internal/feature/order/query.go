package order

import (
	"context"
	"math"
	"slices"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Show is one order as who may see it. Whoever is shown a resident's door and
// telephone leaves a line under 谁看过我的信息.
func (s *Service) Show(ctx context.Context, who access.Who, orderID string) (View, error) {
	return s.showIf(ctx, who, orderID, func(*Order) error { return nil })
}

// ShowFor is Show before a step, and what the step would answer when who may not
// take it now: nobody is shown a form whose answer would be no.
func (s *Service) ShowFor(ctx context.Context, who access.Who, orderID, step string) (View, error) {
	return s.showIf(ctx, who, orderID, func(o *Order) error {
		_, err := Process.Ready(who, o, step)
		return err
	})
}

func (s *Service) showIf(ctx context.Context, who access.Who, orderID string, fits func(*Order) error) (v View, err error) {
	var o *Order
	known := false
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if o, err = s.peek(tx, who, orderID); err != nil {
			return err
		}
		if err := fits(o); err != nil {
			return err
		}
		if v, err = s.view(tx, who, o); err != nil || !v.opened {
			return err
		}
		known, err = person.Disclosed(tx, who, o.District, o.For, doorAsk(o, ""))
		return err
	})
	if err != nil || !v.opened || known {
		return v, err
	}
	return v, s.shown(ctx, who, o)
}

// Filter narrows a list of orders. The zero filter is everything that who may list.
type Filter struct {
	States []process.State
	Place  string // a street, community or place below
	Street bool   // only those that were reported to the street
	Mine   bool   // only those that who asked for, is helped by, or serves
	After  Cursor
	Limit  int
}

// Cursor is where a page of orders starts: strictly older than this one.
type Cursor struct {
	At int64  `json:"a"` // UTC milliseconds of CreatedAt
	ID string `json:"i"`
}

// List is one page of orders, newest first: those of the places where who has a
// role, or who's own.
func (s *Service) List(ctx context.Context, who access.Who, f Filter) (items []View, next *Cursor, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		items, next = []View{}, nil
		orders, err := s.find(tx, who, f)
		if err != nil {
			return err
		}
		if len(orders) > f.Limit {
			orders = orders[:f.Limit]
			last := orders[len(orders)-1]
			next = &Cursor{last.CreatedAt.UnixMilli(), last.ID}
		}
		for _, o := range orders {
			v, err := s.listed(tx, who, o)
			if err != nil {
				return err
			}
			items = append(items, v)
		}
		return nil
	})
	return items, next, err
}

// find is one row more than the limit, so that the caller sees whether there is a
// next page.
func (s *Service) find(tx *db.Tx, who access.Who, f Filter) ([]*Order, error) {
	grants := access.Places(who, access.OrderList)
	if f.Place != "" {
		p, err := place.Get(tx, f.Place)
		if err != nil {
			return nil, err
		}
		if !f.Mine && access.May(who, access.OrderList, p.Target()) {
			return inPlaces(tx, p.District, scope{path: p.Path, level: p.Level, id: p.ID}, f)
		}
		if !f.Mine && len(grants) > 0 {
			return nil, fault.Forbidden("这个地方的单不归您看。")
		}
	}
	if f.Mine || len(grants) == 0 {
		return ofPerson(tx, who, f)
	}
	var all []*Order
	for _, g := range grants {
		p, err := place.Get(tx, g.Place)
		if err != nil {
			return nil, err
		}
		found, err := inPlaces(tx, g.District, scope{path: p.Path, level: p.Level, id: p.ID}, f)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return newest(all, f.Limit+1), nil
}

// newest merges the pages of several places.
func newest(all []*Order, most int) []*Order {
	slices.SortFunc(all, func(a, b *Order) int {
		if c := b.CreatedAt.Compare(a.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(b.ID, a.ID)
	})
	all = slices.CompactFunc(all, func(a, b *Order) bool { return a.ID == b.ID })
	return all[:min(most, len(all))]
}

// scope is a place whose orders are listed.
type scope struct {
	path  string
	level place.Level
	id    string
}

// communities lists the communities of a scope; nil means the whole district.
func (s scope) communities(tx *db.Tx, district int) ([]string, error) {
	switch s.level {
	case place.Province, place.City, place.District:
		return nil, nil
	case place.Street:
		list, err := place.CommunitiesUnder(tx, district, s.path)
		ids := make([]string, len(list))
		for i, c := range list {
			ids[i] = c.ID
		}
		return ids, err
	}
	return []string{place.CommunityOf(s.id)}, nil
}

// inPlaces is the newest orders of a scope. Each community is read by its own
// index range, so that a page costs the same however many orders there are.
func inPlaces(tx *db.Tx, district int, sc scope, f Filter) ([]*Order, error) {
	communities, err := sc.communities(tx, district)
	if err != nil {
		return nil, err
	}
	if communities == nil {
		return eachState(tx, `district = $1`, []any{district}, f)
	}
	var all []*Order
	for _, c := range communities {
		found, err := eachState(tx, `district = $1 AND community = $2`, []any{district, c}, f)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return newest(all, f.Limit+1), nil
}

// eachState reads one page state by state, because an index is in order of time
// only within one: a few open orders are found among a million closed ones at once.
func eachState(tx *db.Tx, where string, args []any, f Filter) ([]*Order, error) {
	if len(f.States) < 2 {
		return pageOf(tx, where, args, f)
	}
	var all []*Order
	for _, s := range f.States {
		one := f
		one.States = []process.State{s}
		found, err := pageOf(tx, where, slices.Clone(args), one)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return newest(all, f.Limit+1), nil
}

// ofPerson is who's own orders: asked for, received, or served.
func ofPerson(tx *db.Tx, who access.Who, f Filter) ([]*Order, error) {
	var all []*Order
	for _, where := range []string{
		`district = $1 AND for_person = $2`,
		`district = $1 AND requester = $2`,
	} {
		found, err := pageOf(tx, where, []any{who.District, who.Person}, f)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	served, err := servedBy(tx, who, f)
	if err != nil {
		return nil, err
	}
	return newest(append(all, served...), f.Limit+1), nil
}

// servedBy is the orders that who serves or has served.
func servedBy(tx *db.Tx, who access.Who, f Filter) ([]*Order, error) {
	var all []*Order
	for _, state := range []AssignmentState{Active, Served} {
		if state == Served && !f.wantsOver() {
			continue
		}
		found, err := servedAs(tx, who, state, f)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return all, nil
}

// wantsOver says whether the filter lets orders through whose volunteers are done
// with them: those that are over, or went back to the station unsolved.
func (f Filter) wantsOver() bool {
	return len(f.States) == 0 || slices.ContainsFunc(f.States, func(s process.State) bool { return s == Returned || ended(s) })
}

func (f Filter) admits(o *Order) bool {
	return (len(f.States) == 0 || slices.Contains(f.States, o.State)) && (!f.Street || o.Escalated)
}

// servedAs reads the orders of one page from the volunteer's own index, as many at
// a time as are still wanted.
func servedAs(tx *db.Tx, who access.Who, state AssignmentState, f Filter) (out []*Order, err error) {
	after := f.After
	if after.ID == "" {
		after.At = math.MaxInt64
	}
	for len(out) <= f.Limit {
		page, err := db.All(tx, scanCursor, `SELECT asked_at, order_id FROM assignment
			WHERE district = $1 AND volunteer = $2 AND state = $3 AND asked_at <= $4 AND (asked_at < $4 OR order_id < $5)
			ORDER BY asked_at DESC, order_id DESC LIMIT $6`, who.District, who.Person, string(state), after.At, after.ID, f.Limit+1)
		if err != nil {
			return nil, err
		}
		for _, after = range page {
			o, found, err := read(tx, who.District, after.ID)
			if err != nil {
				return nil, err
			}
			if found && f.admits(o) {
				out = append(out, o)
			}
		}
		if len(page) <= f.Limit {
			break
		}
	}
	return out, nil
}

func scanCursor(s db.Scanner) (c Cursor, err error) { return c, s.Scan(&c.At, &c.ID) }

// pageOf reads one page by a condition on indexed columns.
func pageOf(tx *db.Tx, where string, args []any, f Filter) ([]*Order, error) {
	if len(f.States) > 0 {
		where += ` AND state IN (` + db.Places(len(args)+1, len(f.States)) + `)`
		for _, s := range f.States {
			args = append(args, string(s))
		}
	}
	if f.Street {
		where += ` AND escalated`
	}
	if f.After.ID != "" {
		n := db.Places(len(args)+1, 1)
		m := db.Places(len(args)+2, 1)
		where += ` AND created_at <= ` + n + ` AND (created_at < ` + n + ` OR id < ` + m + `)`
		args = append(args, f.After.At, f.After.ID)
	}
	args = append(args, f.Limit+1)
	return db.All(tx, scanOrder, `SELECT `+orderColumns+` FROM service_order WHERE `+where+`
		ORDER BY created_at DESC, id DESC LIMIT `+db.Places(len(args), 1), args...)
}

// Asked lists the offers that who is to answer or has answered, newest first, each
// with its order as who may see it.
func (s *Service) Asked(ctx context.Context, who access.Who, limit int) (out []AskedView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = []AskedView{}
		offers, err := db.All(tx, scanOffer, `SELECT `+offerColumns+` FROM offer
			WHERE district = $1 AND asked = $2 ORDER BY sent_at DESC, id DESC LIMIT $3`, who.District, who.Person, limit)
		if err != nil {
			return err
		}
		for _, f := range offers {
			o, found, err := read(tx, who.District, f.OrderID)
			if err != nil {
				return err
			}
			if !found {
				continue
			}
			v, err := s.listed(tx, who, o)
			if err != nil {
				return err
			}
			b := viewing{tx: tx, who: who, o: o, names: map[string]string{}, ages: map[string]int{}, phones: map[string]string{}}
			offer, err := b.offer(f)
			if err != nil {
				return err
			}
			offer.Order = o.ID
			out = append(out, AskedView{OfferView: offer, Of: v})
		}
		return nil
	})
	return out, err
}

// AskedView is an offer together with its order.
type AskedView struct {
	OfferView
	Of View `json:"of" doc:"问的是哪一单"`
}

// nearbyMost bounds the list of open orders around a volunteer.
const nearbyMost = 100

// Nearby lists the orders of who's street that anybody may take, nearest first
// where the way is known.
func (s *Service) Nearby(ctx context.Context, who access.Who) (out []NearView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = []NearView{}
		from, known, err := standing(tx, who)
		if err != nil {
			return err
		}
		orders, err := s.openAround(tx, who)
		if err != nil {
			return err
		}
		for _, o := range orders {
			v, err := s.listed(tx, who, o)
			if err != nil {
				return err
			}
			near := NearView{View: v, Minutes: -1}
			if known && o.At != nil {
				near.Minutes = walk(from, *o.At)
			}
			out = append(out, near)
		}
		slices.SortStableFunc(out, byWay)
		return nil
	})
	return out, err
}

// NearView is an open order with the way to it.
type NearView struct {
	View
	Minutes int `json:"walk_minutes" doc:"走几分钟，-1 不知道"`
}

// byWay puts known ways first, the shorter before the longer.
func byWay(a, b NearView) int {
	return int(uint(a.Minutes)&(1<<31-1)) - int(uint(b.Minutes)&(1<<31-1))
}

// openAround lists the open orders of the streets in which who is a volunteer.
func (s *Service) openAround(tx *db.Tx, who access.Who) ([]*Order, error) {
	f := Filter{States: []process.State{Requested, Verified, Dispatched, Returned}, Limit: nearbyMost}
	var out []*Order
	seen := map[string]bool{}
	for _, g := range who.Grants {
		if g.Role != access.Volunteer || street(g.Path) == "" || seen[street(g.Path)] {
			continue
		}
		seen[street(g.Path)] = true
		found, err := inPlaces(tx, g.District, scope{path: "/" + street(g.Path) + "/", level: place.Street}, f)
		if err != nil {
			return nil, err
		}
		for _, o := range found {
			if o.Open() && o.For != who.Person && o.Room() > 0 && checkTaking(o, StepTaking) == nil {
				out = append(out, o)
			}
		}
	}
	return out, nil
}

// Code is what the host's page shows for the volunteer to type.
type Code struct {
	Code    string `json:"code" example:"6281"`
	Seconds int    `json:"seconds" doc:"还能用几秒 until the next one"`
}

// coded lists the states in which a code is of use.
func coded() []process.State { return []process.State{Dispatched, Accepted, Serving} }

func codeNow(o *Order, now time.Time) *Code {
	return &Code{visit.CodeAt(o.CodeSecret, now), int(visit.CodeLeft(now) / time.Second)}
}

// HostCode is the code of the moment, for the host or the station 给志愿者看的码.
func (s *Service) HostCode(ctx context.Context, who access.Who, orderID string) (c Code, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		o, err := s.peek(tx, who, orderID)
		if err != nil {
			return err
		}
		if err := access.Check(who, access.OrderCode, o.ProcessTarget()); err != nil {
			return err
		}
		if !slices.Contains(coded(), o.State) {
			return fault.Conflict("这一单现在用不着码。")
		}
		c = *codeNow(o, tx.Now())
		return nil
	})
	return c, err
}
