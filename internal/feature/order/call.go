package order

import (
	"context"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/auth"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Why the station owes somebody a call. An elder without an account gets the call,
// not an app.
const (
	callComing   = "coming"   // somebody accepted: tell when they come
	callEvaluate = "evaluate" // it is done: ask how it was
	callUnsolved = "unsolved" // it was not solved: ask what is missing
	callLate     = "late"     // a limit passed: say that we are on it
)

// Call is a telephone call that the station owes.
type Call struct {
	ID        string
	Order     string
	Person    string
	Why       string
	CreatedAt time.Time
}

// CallView is a call that the station owes, with whom to call. The number is masked
// wherever calls are listed, and in full for who goes to make this one.
type CallView struct {
	ID    string `json:"id"`
	Order string `json:"order" doc:"为了哪一单"`
	Why   string `json:"why" enum:"coming,evaluate,unsolved,late" doc:"为什么打：coming 有人接了，evaluate 问问怎么样，unsolved 没办成，late 超时了"`
	Name  string `json:"name" doc:"打给谁"`
	Phone string `json:"phone,omitempty" doc:"电话，列表里打了星号"`
}

// owe notes a call. Whoever reads messages in the app needs one only when
// something went wrong.
func owe(tx *db.Tx, o *Order, why string) error {
	if why == callComing || why == callEvaluate {
		has, err := auth.HasAccount(tx, o.District, o.For)
		if err != nil || has {
			return err
		}
	}
	_, err := tx.Exec(`INSERT INTO order_call (district, id, order_id, community, person, why, created_at, done_at, done_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, '')
		ON CONFLICT (district, order_id, why) DO UPDATE SET created_at = excluded.created_at, done_at = NULL, done_by = ''`,
		o.District, tx.NewID(), o.ID, o.Community, o.For, why, tx.Now().UnixMilli())
	return err
}

// drop forgets a call that is no longer owed.
func drop(tx *db.Tx, o *Order, why string) error {
	_, err := tx.Exec(`UPDATE order_call SET done_at = $4 WHERE district = $1 AND order_id = $2 AND why = $3 AND done_at IS NULL`,
		o.District, o.ID, why, tx.Now().UnixMilli())
	return err
}

// Calls is one page of the calls that a community's station owes, oldest first; the
// community is the first of who's own when none is named.
func (s *Service) Calls(ctx context.Context, who access.Who, placeID string, after Cursor, limit int) (items []CallView, next *Cursor, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, err := boardPlace(tx, who, &BoardView{In: BoardFilter{Place: placeID}})
		if err != nil {
			return err
		}
		items, next, err = listedCalls(tx, p, after, limit)
		return err
	})
	return items, next, err
}

func (s *Service) boardCalls(tx *db.Tx, _ access.Who, p place.Place, v *BoardView) (err error) {
	v.Calls, _, err = listedCalls(tx, p, Cursor{}, callsMost)
	return err
}

func listedCalls(tx *db.Tx, p place.Place, after Cursor, limit int) ([]CallView, *Cursor, error) {
	calls, err := openCalls(tx, p.District, p.ID, after, limit+1)
	if err != nil {
		return nil, nil, err
	}
	var next *Cursor
	if len(calls) > limit {
		calls = calls[:limit]
		next = &Cursor{calls[limit-1].CreatedAt.UnixMilli(), calls[limit-1].ID}
	}
	items := []CallView{}
	for _, c := range calls {
		o, _, err := read(tx, p.District, c.Order)
		if err != nil {
			return nil, nil, err
		}
		host, err := person.Get(tx, p.District, c.Person)
		if err != nil {
			return nil, nil, err
		}
		one := viewCall(c, o, host)
		one.Phone = identity.MaskPhone(one.Phone)
		items = append(items, one)
	}
	return items, next, nil
}

func viewCall(c Call, o *Order, host person.Person) CallView {
	return CallView{ID: c.ID, Order: c.Order, Why: c.Why, Name: host.Name, Phone: firstOf(o.Phone, host.Phone)}
}

// Call is a call that who goes to make: it shows the number, if there is one, which
// stands from then on in the list of whose it is.
func (s *Service) Call(ctx context.Context, who access.Who, orderID, call string) (v CallView, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		o, err := s.peek(tx, who, orderID)
		if err != nil {
			return err
		}
		if err := access.Check(who, access.OrderVerify, o.ProcessTarget()); err != nil {
			return err
		}
		c, err := openCall(tx, o, call)
		if err != nil {
			return err
		}
		host, err := person.Get(tx, o.District, c.Person)
		if err != nil {
			return err
		}
		if v = viewCall(c, o, host); v.Phone == "" {
			return nil
		}
		ask := doorAsk(o, "打个电话告诉一声")
		ask.Fields = []person.Field{person.FieldPhone}
		return person.Disclose(tx, who, host, ask)
	})
	return v, err
}

// Called notes that the station has made a call that it owed.
func (s *Service) Called(ctx context.Context, who access.Who, orderID, call string) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error { return s.calledTx(tx, who, o, call) })
}

func (s *Service) calledTx(tx *db.Tx, who access.Who, o *Order, call string) error {
	if err := access.Check(who, access.OrderVerify, o.ProcessTarget()); err != nil {
		return err
	}
	made, err := endCall(tx, o, call, who.Person)
	if err != nil {
		return err
	}
	if !made {
		return called()
	}
	event.Append(tx, event.Event{
		District: o.District, Community: o.Community, Actor: who.Person, Act: "order.call", Kind: "order", Subject: o.ID,
	})
	return nil
}

func called() error { return fault.Conflict("这个电话已经有人打过了。") }

const callColumns = `id, order_id, person, why, created_at`

func scanCall(s db.Scanner) (c Call, err error) {
	var at int64
	err = s.Scan(&c.ID, &c.Order, &c.Person, &c.Why, &at)
	c.CreatedAt = time.UnixMilli(at).UTC()
	return c, err
}

// openCalls lists the calls that a community's station owes, oldest first.
func openCalls(tx *db.Tx, district int, community string, after Cursor, limit int) ([]Call, error) {
	return db.All(tx, scanCall, `SELECT `+callColumns+` FROM order_call
		WHERE district = $1 AND community = $2 AND done_at IS NULL AND (created_at, id) > ($3, $4) ORDER BY created_at, id LIMIT $5`,
		district, community, after.At, after.ID, limit)
}

// openCall is a call of an order that nobody has made yet.
func openCall(tx *db.Tx, o *Order, call string) (Call, error) {
	c, found, err := db.One(tx, scanCall, `SELECT `+callColumns+` FROM order_call
		WHERE district = $1 AND id = $2 AND order_id = $3 AND done_at IS NULL`, o.District, call, o.ID)
	if err == nil && !found {
		err = called()
	}
	return c, err
}

// endCall notes that a call was made.
func endCall(tx *db.Tx, o *Order, call, by string) (bool, error) {
	n, err := tx.Exec(`UPDATE order_call SET done_at = $4, done_by = $5
		WHERE district = $1 AND id = $2 AND order_id = $3 AND done_at IS NULL`, o.District, call, o.ID, tx.Now().UnixMilli(), by)
	return n == 1, err
}
