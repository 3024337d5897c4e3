package order

import (
	"context"
	"errors"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/place"
	"linli/internal/core/rule"
	"linli/internal/feature/visit"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Presence is the evidence of a check-in or check-out. Everything is optional;
// what is missing lowers the grade.
type Presence struct {
	Code     string    `json:"code,omitempty" label:"码" doc:"主人看到的 4 个数，或纸上的 6 个数 the code shown by the host" example:"6281"`
	Position *Position `json:"position,omitempty" label:"位置" doc:"手机的位置 where the phone is"`
	At       time.Time `json:"at,omitempty" label:"签到的时间" doc:"没网时签的，真正的时间 when it was pressed, for one sent later"`

	Device string `json:"-"` // hash of the phone, seen by the handler
}

// proof is the presence as package visit judges it.
func (in Presence) proof() visit.Proof {
	p := visit.Proof{Code: in.Code, Claimed: in.At, Device: in.Device}
	if in.Position != nil {
		p.Position = &place.Position{Lat: in.Position.Lat, Lng: in.Position.Lng}
	}
	return p
}

// door is what package visit has to know of the order.
func (o *Order) door() visit.Door {
	d := visit.Door{
		District: o.District, Order: o.ID, Host: o.For, PlacePath: o.PlacePath,
		Secret: o.CodeSecret, Failures: o.CodeFailures, From: o.From, To: o.To, Usual: usualMinutes(o),
	}
	if o.At != nil {
		d.At = &place.Position{Lat: o.At.Lat, Lng: o.At.Lng}
	}
	return d
}

// CheckIn is a volunteer at the door 到了，签到.
func (s *Service) CheckIn(ctx context.Context, who access.Who, orderID string, in Presence) (VisitView, error) {
	return s.present(ctx, who, orderID, in, s.CheckInTx)
}

// CheckOut is the end of a visit 办完，签退.
func (s *Service) CheckOut(ctx context.Context, who access.Who, orderID string, in Presence) (VisitView, error) {
	return s.present(ctx, who, orderID, in, s.CheckOutTx)
}

// present runs a check-in or check-out. A wrong code takes the whole step back, so
// the failed try is counted in a transaction of its own.
func (s *Service) present(ctx context.Context, who access.Who, orderID string, in Presence,
	step func(*db.Tx, access.Who, *Order, Presence) (visit.Visit, error)) (VisitView, error) {
	var at where
	v, err := db.Returning(ctx, s.db, func(tx *db.Tx) (VisitView, error) {
		o, err := s.open(tx, who, orderID)
		if err != nil {
			return VisitView{}, err
		}
		if err := access.Check(who, access.OrderVisit, o.ProcessTarget()); err != nil {
			return VisitView{}, err // before the code is looked at: only who serves may try one
		}
		at = where{o.District, o.ID}
		x, err := step(tx, who, o, in)
		return viewVisit(x), err
	})
	if errors.Is(err, visit.ErrWrongCode) {
		return v, s.countFailure(ctx, at)
	}
	return v, err
}

// where names an order across transactions.
type where struct {
	District int
	ID       string
}

func (s *Service) countFailure(ctx context.Context, at where) error {
	left := 0
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		var failures int
		_, err := tx.Get(`UPDATE service_order SET code_failures = code_failures + 1
			WHERE district = $1 AND id = $2 RETURNING code_failures`, []any{at.District, at.ID}, &failures)
		left = max(0, visit.FailuresMost-failures)
		return err
	})
	if err != nil {
		return err
	}
	return fault.Invalid("code", "这个码不对，或者已经换了。请照着现在的 4 个数再输，还能试 %d 次。", left)
}

// CheckInTx is CheckIn inside the caller's transaction.
func (s *Service) CheckInTx(tx *db.Tx, who access.Who, o *Order, in Presence) (visit.Visit, error) {
	e, err := visit.Judge(tx, o.door(), in.proof())
	if err != nil {
		return visit.Visit{}, err
	}
	visits, err := visit.Of(tx, o.District, o.ID)
	if err != nil {
		return visit.Visit{}, err
	}
	v := visit.New(tx.NewID(), o.door(), who.Person, e)
	err = s.step(tx, who, o, move{
		name:  StepCheckIn,
		check: func() error { return visit.MayArrive(visits, who.Person) },
		change: func() {
			o.StartedAt, o.CodeFailures = firstTime(o.StartedAt, e.At), 0
		},
		effect: func() error { return s.arrive(tx, o, v) },
		data:   event.Data{"volunteers": []string{who.Person}, "grade": string(v.Grade)},
	})
	return v, err
}

func (s *Service) arrive(tx *db.Tx, o *Order, v visit.Visit) error {
	if err := s.leaveElsewhere(tx, o, v); err != nil {
		return err
	}
	if err := visit.Put(tx, o.District, v); err != nil {
		return err
	}
	after, err := rule.Value(tx, o.District, o.PlacePath, rule.ForgotMinutes)
	if err != nil {
		return err
	}
	return enqueueForgot(tx, o, v, time.Duration(after)*time.Minute)
}

// leaveElsewhere makes a proposal of the visit at another door that was left
// without a check-out: nobody is at two doors, and the hours of one person never
// overlap.
func (s *Service) leaveElsewhere(tx *db.Tx, o *Order, arrived visit.Visit) error {
	id, elsewhere, err := visit.OpenAt(tx, o.District, arrived.Volunteer)
	if err != nil || !elsewhere {
		return err
	}
	other, _, err := lock(tx, o.District, id)
	if err != nil {
		return err
	}
	visits, err := visit.Of(tx, other.District, other.ID)
	if err != nil {
		return err
	}
	for _, v := range visits {
		if v.Volunteer != arrived.Volunteer || v.State != visit.Open {
			continue
		}
		if err := s.propose(tx, other, v, arrived.InAt); err != nil {
			return err
		}
	}
	return nil
}

// CheckOutTx is CheckOut inside the caller's transaction.
func (s *Service) CheckOutTx(tx *db.Tx, who access.Who, o *Order, in Presence) (visit.Visit, error) {
	e, err := visit.Judge(tx, o.door(), in.proof())
	if err != nil {
		return visit.Visit{}, err
	}
	visits, err := visit.Of(tx, o.District, o.ID)
	if err != nil {
		return visit.Visit{}, err
	}
	v, here := visit.Here(visits, who.Person)
	if !here && o.State == Serving {
		return visit.Visit{}, fault.Conflict("您还没签到，或者已经签退了。")
	}
	if !here {
		return visit.Visit{}, s.step(tx, who, o, move{name: StepCheckOut})
	}
	if v, err = visit.Leave(tx, o.door(), v, e); err != nil {
		return visit.Visit{}, err
	}
	err = s.step(tx, who, o, move{
		name:   StepCheckOut,
		change: func() { o.CodeFailures = 0 },
		effect: func() error { return visit.Put(tx, o.District, v) },
		data:   event.Data{"volunteers": []string{who.Person}, "grade": string(v.Grade), "minutes": v.Minutes},
	})
	return v, err
}

// propose makes a proposal of a visit that was over by then at the latest.
func (s *Service) propose(tx *db.Tx, o *Order, v visit.Visit, then time.Time) error {
	v, err := visit.Propose(tx, o.door(), v, then)
	if err != nil {
		return err
	}
	event.Append(tx, event.Event{
		District: o.District, Community: o.Community, Act: "order.forgotten", Kind: "order", Subject: o.ID,
		Data: event.Data{"volunteers": []string{v.Volunteer}, "minutes": v.Minutes},
	})
	return nil
}

// Settlement is the leader's word on a forgotten check-out.
type Settlement struct {
	Visit   string `json:"visit" doc:"哪一次 visit id"`
	Minutes int    `json:"minutes,omitempty" label:"实际几分钟" doc:"实际几分钟 at most the proposal's cap; the proposal when absent"`
}

// Settle confirms a proposal for a forgotten check-out, as proposed or less. It is
// for the team's leader or the station, never for the volunteer.
func (s *Service) Settle(ctx context.Context, who access.Who, orderID string, in Settlement) (VisitView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (VisitView, error) {
		o, err := s.open(tx, who, orderID)
		if err != nil {
			return VisitView{}, err
		}
		v, err := s.settleVisit(tx, who, o, in)
		return viewVisit(v), err
	})
}

func (s *Service) settleVisit(tx *db.Tx, who access.Who, o *Order, in Settlement) (visit.Visit, error) {
	if err := access.Check(who, access.OrderConfirm, o.ProcessTarget()); err != nil {
		return visit.Visit{}, err
	}
	v, err := visit.Settle(tx, o.door(), in.Visit, who.Person, in.Minutes)
	if err != nil {
		return v, err
	}
	event.Append(tx, event.Event{
		District: o.District, Community: o.Community, Actor: who.Person, Act: "order.settlement", Kind: "order",
		Subject: o.ID, Data: event.Data{"volunteers": []string{v.Volunteer}, "minutes": v.Minutes},
	})
	if o.State != Evaluated {
		return v, nil
	}
	return v, s.book(tx, o)
}

// Confirm is the host's word afterwards that the volunteers came; it makes visits
// of grade C count.
func (s *Service) Confirm(ctx context.Context, who access.Who, orderID string) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error {
		return s.step(tx, who, o, move{
			name: StepConfirmation,
			effect: func() error {
				if err := visit.Vouch(tx, o.door(), who.Person); err != nil || o.State != Evaluated {
					return err
				}
				return s.book(tx, o)
			},
		})
	})
}
