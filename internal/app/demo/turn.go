package demo

import (
	"time"

	"linli/internal/core/access"
	"linli/internal/feature/order"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
)

// turn takes one step of a story, in a transaction that stands at its moment,
// through the use cases of package order.
type turn struct {
	tx *db.Tx
	s  *order.Service
	*story
	worker access.Who
	for_   string // id of who is helped
}

func (u *turn) request() error {
	o, err := u.s.RequestTx(u.tx, u.asker, order.Request{
		Text: u.text, Category: u.need.service, PeopleNeeded: u.heads, Source: u.source, For: u.for_, Risk: u.risk, Window: u.window,
	})
	if err == nil {
		u.story.id = o.ID
	}
	return err
}

// as opens the order for somebody's step.
func (u *turn) as(who access.Who, do func(*order.Order) error) error {
	o, err := u.s.OpenTx(u.tx, who, u.worker.District, u.id)
	if err != nil {
		return err
	}
	return do(o)
}

func (u *turn) verify() error {
	return u.as(u.worker, func(o *order.Order) error {
		if !o.NeedsCheck {
			return nil
		}
		return u.s.VerifyTx(u.tx, u.worker, o, order.Verification{Note: "电话里问过了。"})
	})
}

func (u *turn) offer(who access.Who, to ...order.Candidate) error {
	return u.as(u.worker, func(o *order.Order) error { return u.s.OfferTx(u.tx, who, o, order.Asking{To: to}) })
}

func (u *turn) accept(who access.Who, people ...string) error {
	return u.as(who, func(o *order.Order) error { return u.s.AcceptTx(u.tx, who, o, order.Acceptance{People: people}) })
}

func (u *turn) refuse(who access.Who, reason string) error {
	return u.as(who, func(o *order.Order) error { return u.s.RefuseTx(u.tx, who, o, order.Refusal{Reason: reason}) })
}

func (u *turn) withdraw(who access.Who, reason string) error {
	return u.as(who, func(o *order.Order) error { return u.s.WithdrawTx(u.tx, who, o, order.Refusal{Reason: reason}) })
}

func (u *turn) giveBack(who access.Who, reason string) error {
	return u.as(who, func(o *order.Order) error { return u.s.ReturnTx(u.tx, who, o, order.Refusal{Reason: reason}) })
}

func (u *turn) cancel(who access.Who, reason string) error {
	return u.as(who, func(o *order.Order) error { return u.s.CancelTx(u.tx, who, o, order.Cancellation{Reason: reason}) })
}

// The ways to prove a visit.
const (
	byBoth = iota
	byCode
	byPosition
	byNothing
)

// presence is the evidence as it would be sent from the door.
func presence(o *order.Order, proof int, now time.Time) (p order.Presence) {
	if proof == byBoth || proof == byCode {
		p.Code = visit.CodeAt(o.CodeSecret, now)
	}
	if (proof == byBoth || proof == byPosition) && o.At != nil {
		p.Position = &order.Position{Lat: round(o.At.Lat + 0.0002), Lng: round(o.At.Lng - 0.0001)}
	}
	return p
}

func (u *turn) checkIn(who access.Who, proof int) error {
	return u.as(who, func(o *order.Order) error {
		_, err := u.s.CheckInTx(u.tx, who, o, presence(o, proof, u.tx.Now()))
		return err
	})
}

func (u *turn) checkOut(who access.Who, proof int) error {
	return u.as(who, func(o *order.Order) error {
		_, err := u.s.CheckOutTx(u.tx, who, o, presence(o, proof, u.tx.Now()))
		return err
	})
}

func (u *turn) complete(who access.Who, note string) error {
	return u.as(who, func(o *order.Order) error { return u.s.CompleteTx(u.tx, who, o, order.Completion{Note: note}) })
}

func (u *turn) evaluate(who access.Who, said order.Opinion) error {
	return u.as(who, func(o *order.Order) error { return u.s.EvaluateTx(u.tx, who, o, said) })
}

func (u *turn) settle() error {
	return u.as(u.worker, func(o *order.Order) error { return u.s.SettleTx(u.tx, u.worker, o) })
}

func (u *turn) called() error {
	return u.as(u.worker, func(o *order.Order) error { return u.s.CalledTx(u.tx, u.worker, o) })
}

// overdue, escalate and lapse are what the deadlines would have done.
func (u *turn) overdue() error {
	return u.as(u.worker, func(o *order.Order) error { return u.s.OverdueTx(u.tx, o) })
}

func (u *turn) escalate() error {
	return u.as(u.worker, func(o *order.Order) error { return u.s.EscalateTx(u.tx, o) })
}

func (u *turn) lapse() error {
	return u.as(u.worker, func(o *order.Order) error { return u.s.LapseTx(u.tx, o) })
}
