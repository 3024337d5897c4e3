package order

import (
	"slices"

	"linli/internal/core/access"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
)

// The loading of a past (the demo) takes the steps of the public methods inside
// transactions of its own, and those that the deadlines would have taken.

// OpenTx loads an order of a district for a step of who. Nobody else is there to
// wait for, so it is not locked; who works for the place needs no relation to it.
func (s *Service) OpenTx(tx *db.Tx, who access.Who, district int, id string) (*Order, error) {
	o, found, err := read(tx, district, id)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, unknown()
	}
	if access.May(who, access.OrderVerify, o.ProcessTarget()) {
		return o, nil
	}
	return o, s.admit(tx, who, o)
}

// OverdueTx marks an order whose limit has passed, or closes one whose time for
// evaluating is over.
func (s *Service) OverdueTx(tx *db.Tx, o *Order) error { return s.limitPassed(tx, o, task{}) }

// EscalateTx reports an order to its street that is still over its limit.
func (s *Service) EscalateTx(tx *db.Tx, o *Order) error {
	return s.stillLate(tx, o, task{Due: o.DueAt.UnixMilli()})
}

// LapseTx closes the offers of an order that nobody answered in time.
func (s *Service) LapseTx(tx *db.Tx, o *Order) error {
	offers, err := offersOf(tx, o.District, o.ID)
	if err != nil {
		return err
	}
	for _, f := range offers {
		if f.State != OfferOpen || f.AnswerBy.After(tx.Now()) {
			continue
		}
		if err := s.offerLapsed(tx, o, task{Offer: f.ID}); err != nil {
			return err
		}
	}
	return nil
}

// SettleTx confirms the proposals for forgotten check-outs of an order as they are.
func (s *Service) SettleTx(tx *db.Tx, who access.Who, o *Order) error {
	visits, err := visit.Of(tx, o.District, o.ID)
	if err != nil {
		return err
	}
	for _, v := range visits {
		if v.State != visit.Proposed {
			continue
		}
		if _, err := s.settleVisit(tx, who, o, Settlement{Visit: v.ID}); err != nil {
			return err
		}
	}
	return nil
}

// CalledTx notes that the station has made every call that it owed for an order.
func (s *Service) CalledTx(tx *db.Tx, who access.Who, o *Order) error {
	calls, err := openCalls(tx, o.District, o.Community, Cursor{}, 1000)
	if err != nil {
		return err
	}
	calls = slices.DeleteFunc(calls, func(c Call) bool { return c.Order != o.ID })
	for _, c := range calls {
		if err := s.calledTx(tx, who, o, c.ID); err != nil {
			return err
		}
	}
	return nil
}
