package order

import (
	"context"
	"errors"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Presence is the evidence of a check-in or check-out. Everything is optional;
// what is missing lowers the grade.
type Presence struct {
	Code     string    `json:"code,omitempty" label:"码" doc:"主人看到的 4 个数，或纸上的 6 个数 the code shown by the host" example:"6281"`
	Position *Position `json:"position,omitempty" label:"位置" doc:"手机的位置 where the phone is"`
	At       time.Time `json:"at,omitempty" label:"签到的时间" doc:"没网时签的，真正的时间 when it was pressed, for one sent later"`
}

// errWrongCode is answered after the failed try has been counted.
var errWrongCode = errors.New("order: wrong code")

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
	step func(*db.Tx, access.Who, *Order, Presence) (Visit, error)) (VisitView, error) {
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
		visit, err := step(tx, who, o, in)
		return viewVisit(visit, who), err
	})
	if errors.Is(err, errWrongCode) {
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
		left = max(0, codeFailuresMost-failures)
		return err
	})
	if err != nil {
		return err
	}
	return fault.Invalid("code", "这个码不对，或者已经换了。请照着现在的 4 个数再输，还能试 %d 次。", left)
}

// CheckInTx is CheckIn inside the caller's transaction.
func (s *Service) CheckInTx(tx *db.Tx, who access.Who, o *Order, in Presence) (Visit, error) {
	e, err := s.evidence(tx, o, in)
	if err != nil {
		return Visit{}, err
	}
	visits, err := visitsOf(tx, o.District, o.ID)
	if err != nil {
		return Visit{}, err
	}
	v := Visit{
		ID: tx.NewID(), OrderID: o.ID, Volunteer: who.Person, State: VisitOpen, InAt: e.at, ClaimedAt: e.claimed,
		ByCode: e.byCode, ByPosition: e.byPosition, SentLater: !e.claimed.IsZero(), Distance: e.distance,
		Grade: GradeOf(e.byCode, e.byPosition),
	}
	err = s.step(tx, who, o, move{
		name:  StepCheckIn,
		check: func() error { return checkArrival(visits, who.Person) },
		change: func() {
			o.StartedAt, o.CodeFailures = firstTime(o.StartedAt, e.at), 0
		},
		effect: func() error { return s.arrive(tx, o, v) },
		data:   event.Data{"volunteers": []string{who.Person}, "grade": string(v.Grade)},
	})
	return v, err
}

// checkArrival refuses a second open visit at the same door.
func checkArrival(visits []Visit, volunteer string) error {
	if slices.ContainsFunc(visits, func(v Visit) bool { return v.Volunteer == volunteer && v.State == VisitOpen }) {
		return fault.Conflict("您已经签到了，办完再签退。")
	}
	return nil
}

func (s *Service) arrive(tx *db.Tx, o *Order, v Visit) error {
	if err := s.leaveElsewhere(tx, o, v); err != nil {
		return err
	}
	if err := putVisit(tx, o.District, v); err != nil {
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
func (s *Service) leaveElsewhere(tx *db.Tx, o *Order, arrived Visit) error {
	id, elsewhere, err := openElsewhere(tx, o.District, arrived.Volunteer)
	if err != nil || !elsewhere {
		return err
	}
	other, _, err := lock(tx, o.District, id)
	if err != nil {
		return err
	}
	visits, err := visitsOf(tx, other.District, other.ID)
	if err != nil {
		return err
	}
	for _, v := range visits {
		if v.Volunteer != arrived.Volunteer || v.State != VisitOpen {
			continue
		}
		if err := s.propose(tx, other, v, arrived.InAt); err != nil {
			return err
		}
	}
	return nil
}

// CheckOutTx is CheckOut inside the caller's transaction.
func (s *Service) CheckOutTx(tx *db.Tx, who access.Who, o *Order, in Presence) (Visit, error) {
	e, err := s.evidence(tx, o, in)
	if err != nil {
		return Visit{}, err
	}
	visits, err := visitsOf(tx, o.District, o.ID)
	if err != nil {
		return Visit{}, err
	}
	i := slices.IndexFunc(visits, func(v Visit) bool { return v.Volunteer == who.Person && v.State == VisitOpen })
	if i < 0 && o.State == Serving {
		return Visit{}, fault.Conflict("您还没签到，或者已经签退了。")
	}
	if i < 0 {
		return Visit{}, s.step(tx, who, o, move{name: StepCheckOut})
	}
	v := visits[i]
	most, err := rule.Value(tx, o.District, o.PlacePath, rule.VisitCapMinutes)
	if err != nil {
		return Visit{}, err
	}
	// A check-out that waited in the phone ends when it was pressed: later would
	// add minutes that nobody served.
	out := tx.Now()
	if !e.claimed.IsZero() && e.claimed.After(v.InAt) {
		out = e.claimed
	}
	v.close(out, most)
	v.ByCode, v.ByPosition = v.ByCode || e.byCode, v.ByPosition || e.byPosition
	v.SentLater = v.SentLater || !e.claimed.IsZero()
	v.Grade = GradeOf(v.ByCode, v.ByPosition)
	err = s.step(tx, who, o, move{
		name:   StepCheckOut,
		change: func() { o.CodeFailures = 0 },
		effect: func() error { return putVisit(tx, o.District, v) },
		data:   event.Data{"volunteers": []string{who.Person}, "grade": string(v.Grade), "minutes": v.Minutes},
	})
	return v, err
}

func (v *Visit) close(at time.Time, most int64) {
	v.OutAt, v.State, v.Minutes = at, VisitDone, spent(v.InAt, at, most)
}

// evidence is what a presence proves.
type evidence struct {
	at         time.Time // the moment that counts
	claimed    time.Time // what the phone says; zero when sent at once
	byCode     bool
	byPosition bool
	distance   int
}

// evidence judges code, position and claimed time. Server time counts; only a code
// that was shown at the claimed moment proves that moment.
func (s *Service) evidence(tx *db.Tx, o *Order, in Presence) (e evidence, err error) {
	if err := fault.Join(checkClaim(in.At, tx.Now()), checkPosition(in.Position)); err != nil {
		return e, err
	}
	e.at, e.distance = tx.Now(), distance(o.At, in.Position)
	if in.At.Before(tx.Now().Add(-clockSlack)) {
		e.claimed = in.At.UTC()
	}
	if in.At.IsZero() {
		e.claimed = none
	}
	if e.byCode, err = s.codeCounts(tx, o, identity.CleanLine(in.Code), e); err != nil {
		return e, err
	}
	if e.byCode && !e.claimed.IsZero() {
		e.at = e.claimed
	}
	radius, err := rule.Value(tx, o.District, o.PlacePath, rule.RadiusMetres)
	e.byPosition = err == nil && e.distance >= 0 && int64(e.distance) <= radius
	return e, err
}

// codeCounts checks the code that was shown, or uses up one of the printed ones.
func (s *Service) codeCounts(tx *db.Tx, o *Order, code string, e evidence) (bool, error) {
	if code == "" {
		return false, nil
	}
	if err := checkCodeForm(code); err != nil {
		return false, err
	}
	if o.CodeFailures >= codeFailuresMost {
		return false, fault.Conflict("码输错太多次了。请用位置签到，或者请服务站帮您签。")
	}
	shown := e.at
	if !e.claimed.IsZero() {
		shown = e.claimed
	}
	if len(code) == paperDigits {
		used, err := usePaperCode(tx, o, code)
		if err == nil && !used {
			err = errWrongCode
		}
		return used, err
	}
	if !codeHolds(o.CodeSecret, code, shown) {
		return false, errWrongCode
	}
	return true, nil
}

// Completion is the word that the work is done.
type Completion struct {
	Note string `json:"note,omitempty" label:"办得怎么样" lines:"true" doc:"办得怎么样，还看到什么 what was done and seen"`
}

// Complete says that the work is done 办好了; then all sides evaluate.
func (s *Service) Complete(ctx context.Context, who access.Who, orderID string, in Completion) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error { return s.CompleteTx(tx, who, o, in) })
}

// CompleteTx is Complete inside the caller's transaction.
func (s *Service) CompleteTx(tx *db.Tx, who access.Who, o *Order, in Completion) error {
	note := identity.CleanText(in.Note)
	return s.step(tx, who, o, move{
		name:   StepCompletion,
		check:  func() error { return short("note", note, noteMost) },
		change: func() { o.FinishedAt, o.Note = tx.Now(), firstOf(note, o.Note) },
		effect: func() error {
			if err := s.closeVisits(tx, o); err != nil {
				return err
			}
			if err := drop(tx, o, callComing); err != nil {
				return err
			}
			return owe(tx, o, callEvaluate)
		},
	})
}

// closeVisits turns visits that are still open into proposals: the work has ended,
// but nobody said when each of them left.
func (s *Service) closeVisits(tx *db.Tx, o *Order) error {
	visits, err := visitsOf(tx, o.District, o.ID)
	if err != nil {
		return err
	}
	for _, v := range visits {
		if v.State != VisitOpen {
			continue
		}
		if err := s.propose(tx, o, v, tx.Now()); err != nil {
			return err
		}
	}
	return nil
}

// propose makes a capped proposal of a visit whose check-out was forgotten, and
// that was over by then at the latest.
func (s *Service) propose(tx *db.Tx, o *Order, v Visit, then time.Time) error {
	most, err := rule.Value(tx, o.District, o.PlacePath, rule.VisitCapMinutes)
	if err != nil {
		return err
	}
	capped := int64(spent(v.InAt, then, most))
	v.Minutes = proposal(o, usualMinutes(o), max(capped, 1))
	v.State, v.OutAt = VisitProposed, v.InAt.Add(time.Duration(v.Minutes)*time.Minute)
	event.Append(tx, event.Event{
		District: o.District, Community: o.Community, Act: "order.forgotten", Kind: "order", Subject: o.ID,
		Data: event.Data{"volunteers": []string{v.Volunteer}, "minutes": v.Minutes},
	})
	return putVisit(tx, o.District, v)
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
		return viewVisit(v, who), err
	})
}

func (s *Service) settleVisit(tx *db.Tx, who access.Who, o *Order, in Settlement) (Visit, error) {
	if err := access.Check(who, access.OrderConfirm, o.ProcessTarget()); err != nil {
		return Visit{}, err
	}
	visits, err := visitsOf(tx, o.District, o.ID)
	if err != nil {
		return Visit{}, err
	}
	i := slices.IndexFunc(visits, func(v Visit) bool { return v.ID == in.Visit })
	if i < 0 {
		return Visit{}, fault.NotFound("没有这一次上门。")
	}
	v := visits[i]
	switch {
	case v.Volunteer == who.Person:
		return v, fault.Forbidden("自己的时间要由别人来定。")
	case v.State != VisitProposed:
		return v, fault.Conflict("这一次已经定过了。")
	case in.Minutes < 0 || in.Minutes > v.Minutes:
		return v, fault.Invalid("minutes", "最多 %d 分钟。", v.Minutes)
	case in.Minutes > 0:
		v.Minutes = in.Minutes
	}
	v.State, v.OutAt = VisitDone, v.InAt.Add(time.Duration(v.Minutes)*time.Minute)
	v.ConfirmedBy, v.ConfirmedAt = who.Person, tx.Now()
	event.Append(tx, event.Event{
		District: o.District, Community: o.Community, Actor: who.Person, Act: "order.settlement", Kind: "order",
		Subject: o.ID, Data: event.Data{"volunteers": []string{v.Volunteer}, "minutes": v.Minutes},
	})
	if err := putVisit(tx, o.District, v); err != nil || o.State != Evaluated {
		return v, err
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
				if err := s.vouch(tx, o, who.Person); err != nil || o.State != Evaluated {
					return err
				}
				return s.book(tx, o)
			},
		})
	})
}

// vouch puts the host's name to every visit that has no evidence of its own.
func (s *Service) vouch(tx *db.Tx, o *Order, host string) error {
	visits, err := visitsOf(tx, o.District, o.ID)
	if err != nil {
		return err
	}
	for _, v := range visits {
		if v.Grade != GradeC || v.ConfirmedBy != "" || v.Volunteer == host {
			continue
		}
		v.ConfirmedBy, v.ConfirmedAt = host, tx.Now()
		if err := putVisit(tx, o.District, v); err != nil {
			return err
		}
	}
	return nil
}
