package order

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/core/process"
	"linli/internal/core/ui"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// BoardFilter chooses what a board shows.
type BoardFilter struct {
	Place string // community; the first of the reader's own when empty
	Query string // name, place or number
	Kind  string // service id
	Pick  string // the order that is open beside the board
}

// BoardView is the station's board of one community.
type BoardView struct {
	In         BoardFilter
	Now        time.Time
	Places     []Ref
	Columns    map[ui.State][]View
	Counts     map[ui.State]int
	Late       int
	Kinds      []string // the services that stand on the board
	Calls      []CallView
	Rates      []Rate
	Picked     *View
	Candidates Candidates
}

const (
	boardPlaces     = 200 // communities to choose from
	columnMost      = 60  // orders read for one state
	callsMost       = 8
	candidatesShown = 3
)

// column says which states stand in an open column of the board.
var columns = []struct {
	shown  ui.State
	states []process.State
}{
	{ui.New, []process.State{Requested, Verified, Returned}},
	{ui.Sent, []process.State{Dispatched}},
	{ui.Doing, []process.State{Accepted, Serving}},
	{ui.Rate, []process.State{Finished}},
}

// Board is what a worker looks at all day.
func (s *Service) Board(ctx context.Context, who access.Who, in BoardFilter) (v BoardView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		v = BoardView{In: in, Now: tx.Now(), Columns: map[ui.State][]View{}, Counts: map[ui.State]int{}}
		p, err := boardPlace(tx, who, &v)
		if err != nil {
			return err
		}
		for _, part := range []func(*db.Tx, access.Who, place.Place, *BoardView) error{s.boardTickets, s.boardCounts, s.boardCalls, s.boardPick} {
			if err := part(tx, who, p, &v); err != nil {
				return err
			}
		}
		return nil
	})
	return v, err
}

// boardPlace settles which community is shown.
func boardPlace(tx *db.Tx, who access.Who, v *BoardView) (place.Place, error) {
	mine, err := place.Mine(tx, who, access.OrderDispatch, boardPlaces)
	if err != nil {
		return place.Place{}, err
	}
	for _, p := range mine {
		v.Places = append(v.Places, Ref{p.ID, p.Name})
	}
	if v.In.Place == "" && len(mine) == 0 {
		return place.Place{}, fault.NotFound("还没有归您管的社区。")
	}
	if v.In.Place == "" {
		v.In.Place = mine[0].ID
		if at := slices.IndexFunc(mine, func(p place.Place) bool { return isHome(who, p) }); at >= 0 {
			v.In.Place = mine[at].ID
		}
	}
	p, err := place.Get(tx, v.In.Place)
	if err != nil {
		return p, err
	}
	return p, access.Check(who, access.OrderDispatch, p.Target())
}

// isHome says whether a role is held at this very place.
func isHome(who access.Who, p place.Place) bool {
	return slices.ContainsFunc(who.Grants, func(g access.Grant) bool { return g.Place == p.ID })
}

func (s *Service) boardTickets(tx *db.Tx, who access.Who, p place.Place, v *BoardView) error {
	for _, c := range columns {
		if c.shown == ui.Rate {
			continue
		}
		orders, err := waiting(tx, p, c.states)
		if err != nil {
			return err
		}
		for _, o := range orders {
			if !slices.Contains(v.Kinds, o.Category) {
				v.Kinds = append(v.Kinds, o.Category)
			}
		}
		for _, o := range orders {
			if len(v.Columns[c.shown]) >= ticketsShown {
				break
			}
			fits, err := v.In.fits(tx, o)
			if err != nil {
				return err
			}
			if !fits {
				continue
			}
			one, err := s.listed(tx, who, o)
			if err != nil {
				return err
			}
			v.Columns[c.shown] = append(v.Columns[c.shown], one)
		}
	}
	return nil
}

// waiting is the orders of some states, the overdue first, then who waits longest.
func waiting(tx *db.Tx, p place.Place, states []process.State) ([]*Order, error) {
	var all []*Order
	for _, state := range states {
		found, err := db.All(tx, scanOrder, `SELECT `+orderColumns+` FROM service_order
			WHERE district = $1 AND community = $2 AND state = $3 ORDER BY created_at, id LIMIT $4`,
			p.District, p.ID, string(state), columnMost)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	slices.SortStableFunc(all, func(a, b *Order) int {
		if a.Late != b.Late {
			if a.Late {
				return -1
			}
			return 1
		}
		return a.CreatedAt.Compare(b.CreatedAt)
	})
	return all, nil
}

// fits says whether an order is what the worker looks for.
func (f BoardFilter) fits(tx *db.Tx, o *Order) (bool, error) {
	if f.Kind != "" && f.Kind != o.Category {
		return false, nil
	}
	q := strings.TrimSpace(f.Query)
	if q == "" {
		return true, nil
	}
	p, err := person.Get(tx, o.District, o.For)
	if err != nil && fault.KindOf(err) != fault.KindNotFound {
		return false, err
	}
	for _, text := range []string{o.Number, o.Title, o.Address, p.Name, p.Where, p.Phone} {
		if strings.Contains(text, q) {
			return true, nil
		}
	}
	return false, nil
}

func (s *Service) boardCounts(tx *db.Tx, _ access.Who, p place.Place, v *BoardView) (err error) {
	names := []string{metricLate, month(metricDone, v.Now)}
	for _, info := range Process.States {
		names = append(names, metricState+string(info.Name))
	}
	sums, err := place.Sum(tx, p, names...)
	if err != nil {
		return err
	}
	for _, c := range columns {
		for _, state := range c.states {
			v.Counts[c.shown] += int(sums[metricState+string(state)])
		}
	}
	v.Late = int(sums[metricLate])
	v.Counts[ui.Done] = int(sums[month(metricDone, v.Now)])
	v.Rates, err = Rates(tx, p, v.Now)
	return err
}

// boardPick opens the chosen order, or the one that waits first.
func (s *Service) boardPick(tx *db.Tx, who access.Who, p place.Place, v *BoardView) error {
	if v.In.Pick == "" {
		if first := v.Columns[ui.New]; len(first) > 0 {
			v.In.Pick = first[0].ID
		}
	}
	if v.In.Pick == "" {
		return nil
	}
	o, found, err := read(tx, p.District, v.In.Pick)
	if err != nil || !found {
		return err
	}
	one, err := s.listed(tx, who, o)
	if err != nil {
		return err
	}
	v.Picked = &one
	if !can(one, StepOffers) {
		return nil
	}
	ranking, err := s.ranker.Rank(tx, o, candidatesShown)
	if err != nil {
		return err
	}
	v.Candidates, err = inWords(tx, o, ranking)
	return err
}

// BoardDistrict is the district of a board that who may look at.
func (s *Service) BoardDistrict(ctx context.Context, who access.Who, placeID string) (district int, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		v := BoardView{In: BoardFilter{Place: placeID}}
		p, err := boardPlace(tx, who, &v)
		district = p.District
		return err
	})
	return district, err
}
