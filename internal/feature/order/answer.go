package order

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"linli/internal/core/access"
	"linli/internal/core/category"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/process"
	"linli/internal/feature/org"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Acceptance is who comes. A volunteer sends nothing; a team's leader may name the
// members who go, and goes alone when nobody is named.
type Acceptance struct {
	People []string `json:"people,omitempty" label:"去的人" doc:"去的人 volunteer ids, for a team's leader"`
}

// Accept answers an offer with yes, or takes an open order of the neighbourhood 接单.
func (s *Service) Accept(ctx context.Context, who access.Who, orderID string, in Acceptance) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error { return s.AcceptTx(tx, who, o, in) })
}

// AcceptTx is Accept inside the caller's transaction.
func (s *Service) AcceptTx(tx *db.Tx, who access.Who, o *Order, in Acceptance) error {
	offers, err := offersOf(tx, o.District, o.ID)
	if err != nil {
		return err
	}
	offer, asked := latestFor(offers, who.Person)
	name, team := StepTaking, ""
	if asked && offer.State != OfferOpen {
		if err := s.answeredBefore(o, offer); err != nil {
			return err
		}
	}
	if asked && offer.State == OfferOpen {
		name = StepAcceptance
		if offer.Kind == KindTeam {
			team = offer.Candidate
		}
	}
	if o.Room() <= 0 && !o.Open() {
		return filled()
	}
	people, err := s.people(tx, who, o, team, in)
	if err != nil {
		return err
	}
	return s.step(tx, who, o, move{
		name:  name,
		to:    stateAfter(o, len(people)),
		check: func() error { return checkTaking(o, name) },
		change: func() {
			o.Taken += len(people)
			countAnswer(tx, o)
			if o.Room() == 0 {
				o.AcceptedAt = tx.Now()
			}
		},
		effect: func() error { return s.seat(tx, o, offer, name, who.Person, team, people) },
		data:   event.Data{"volunteers": people, "team": team},
	})
}

// answeredBefore says plainly why an offer that is closed cannot be accepted; a
// lapsed or refused one may still be taken while the order is open to all.
func (s *Service) answeredBefore(o *Order, f Offer) error {
	switch {
	case f.State == OfferFilled:
		return filled()
	case f.State == OfferAccepted:
		return fault.Conflict("您已经接了这一单。")
	case !o.Open():
		return filled()
	}
	return nil
}

func filled() error { return fault.Conflict("已经有人接了，这一单人够了。谢谢您。") }

// latestFor is the newest offer that a person answers, an open one first.
func latestFor(offers []Offer, who string) (last Offer, found bool) {
	for _, f := range offers {
		if f.Asked == who && (!found || last.State != OfferOpen) {
			last, found = f, true
		}
	}
	return last, found
}

// people are those who will come, none twice and none who cannot.
func (s *Service) people(tx *db.Tx, who access.Who, o *Order, team string, in Acceptance) ([]string, error) {
	people := in.People
	if len(people) == 0 {
		people = []string{who.Person}
	}
	if team == "" && (len(people) != 1 || people[0] != who.Person) {
		return nil, fault.Invalid("people", "只有队长能替队员接单。")
	}
	if len(people) > o.Room() {
		return nil, fault.Invalid("people", "这一单还要 %d 个人，您派了 %d 个。", o.Room(), len(people))
	}
	if team != "" {
		members, err := org.Members(tx, o.District, team)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			if p != who.Person && !slices.Contains(members, p) {
				return nil, fault.Invalid("people", "派的人里有不是本队的。")
			}
		}
	}
	for i, p := range people {
		if slices.Index(people, p) != i {
			return nil, fault.Invalid("people", "同一个人写了两遍。")
		}
		if err := canCome(tx, o, p); err != nil {
			return nil, err
		}
	}
	return people, nil
}

// canCome refuses who is no serving volunteer, is helped by this very order, or
// has promised so much for these hours that no time is left.
func canCome(tx *db.Tx, o *Order, volunteerID string) error {
	v, found, err := volunteer.Get(tx, o.District, volunteerID)
	if err != nil {
		return err
	}
	if !found || !v.Serves() {
		return fault.Forbidden("要先登记成志愿者，才能接单。")
	}
	if volunteerID == o.For {
		return fault.Conflict("这一单是给您自己办的，要请别人来。")
	}
	mine, err := assignmentsOf(tx, o.District, o.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(mine, func(a Assignment) bool { return a.Volunteer == volunteerID && a.State == Active }) {
		return fault.Conflict("您已经接了这一单。")
	}
	if o.From.IsZero() {
		return nil
	}
	others, err := promisedBeside(tx, o, volunteerID, promisesMost)
	if err == nil && len(others) > 0 && (len(others) == promisesMost || !fit(time.Time{}, append(others, promiseOf(o)))) {
		err = fault.Conflict("那个时间您已经接了 %s 号单，排不开。", others[0].number)
	}
	return err
}

func checkTaking(o *Order, name string) error {
	if name != StepTaking {
		return nil
	}
	if o.NeedsCheck {
		return fault.Conflict("这一单站里还在核实，核实过了才能接。")
	}
	if slices.ContainsFunc(o.Flags, toStation) {
		return fault.Conflict("这件事要有资质的人办，由服务站来派。")
	}
	return nil
}

func toStation(flag string) bool { return category.Risk(flag).ToStation() }

func stateAfter(o *Order, coming int) process.State {
	if o.Taken+coming >= o.PeopleNeeded {
		return Accepted
	}
	return Dispatched
}

// seat books the volunteers onto the order; when it is full, everybody else who
// was asked is told so.
func (s *Service) seat(tx *db.Tx, o *Order, f Offer, name, by, team string, people []string) error {
	for _, p := range people {
		if err := putAssignment(tx, o, p, team, Active); err != nil {
			return err
		}
	}
	if err := letIn(tx, o, people); err != nil {
		return err
	}
	if name == StepAcceptance {
		if _, err := answerOffer(tx, o.District, f.ID, OfferAccepted, by, ""); err != nil {
			return err
		}
	}
	if o.Room() > 0 {
		return nil
	}
	if err := closeOffers(tx, o.District, o.ID, OfferFilled); err != nil {
		return err
	}
	return owe(tx, o, callComing)
}

// Refusal is no, with its reason in one tap.
type Refusal struct {
	Reason string `json:"reason" label:"为什么" lines:"true" doc:"为什么 one of the reasons offered, or words of one's own" example:"那天没空"`
}

// RefusalReasons are those that one tap gives; ids of their translations.
func RefusalReasons() []string {
	return []string{"那天没空", "太远了", "身体不舒服", "这件事我不会", "这周帮得够多了"}
}

// Refuse answers an offer with no.
func (s *Service) Refuse(ctx context.Context, who access.Who, orderID string, in Refusal) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error { return s.RefuseTx(tx, who, o, in) })
}

// RefuseTx is Refuse inside the caller's transaction.
func (s *Service) RefuseTx(tx *db.Tx, who access.Who, o *Order, in Refusal) error {
	offers, err := offersOf(tx, o.District, o.ID)
	if err != nil {
		return err
	}
	offer, asked := latestFor(offers, who.Person)
	if asked && offer.State != OfferOpen {
		return fault.Conflict("这一单您已经答复过了，或者已经过了时间。")
	}
	reason := identity.CleanText(in.Reason)
	return s.step(tx, who, o, move{
		name: StepRefusal,
		check: func() error {
			if reason == "" {
				return fault.Invalid("reason", "点一下为什么，站里好接着找人。")
			}
			return short("reason", reason, riskMost)
		},
		effect: func() error {
			if _, err := answerOffer(tx, o.District, offer.ID, OfferRefused, who.Person, reason); err != nil {
				return err
			}
			return s.moveOn(tx, o)
		},
		data: event.Data{"volunteers": []string{who.Person}},
	})
}

// StandBy puts a volunteer of the neighbourhood on the reserve 候补.
func (s *Service) StandBy(ctx context.Context, who access.Who, orderID string) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error {
		return s.step(tx, who, o, move{
			name:   StepStandby,
			check:  func() error { return checkTaking(o, StepTaking) },
			effect: func() error { return s.reserve(tx, o, who.Person) },
			data:   event.Data{"volunteers": []string{who.Person}},
		})
	})
}

func (s *Service) reserve(tx *db.Tx, o *Order, volunteerID string) error {
	if err := canCome(tx, o, volunteerID); err != nil {
		return err
	}
	return putAssignment(tx, o, volunteerID, "", Reserve)
}

// Withdraw is a volunteer who cannot come after all 我去不了了. Who stands by is
// asked first; else the order looks for people again.
func (s *Service) Withdraw(ctx context.Context, who access.Who, orderID string, in Refusal) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error { return s.WithdrawTx(tx, who, o, in) })
}

// WithdrawTx is Withdraw inside the caller's transaction.
func (s *Service) WithdrawTx(tx *db.Tx, who access.Who, o *Order, in Refusal) error {
	reason := identity.CleanText(in.Reason)
	return s.step(tx, who, o, move{
		name:   StepWithdrawal,
		check:  func() error { return short("reason", reason, riskMost) },
		change: func() { o.Taken--; o.AcceptedAt = none },
		effect: func() error {
			if err := setAssignment(tx, o.District, o.ID, who.Person, Released); err != nil {
				return err
			}
			return s.moveOn(tx, o)
		},
		data: event.Data{"volunteers": []string{who.Person}, "reason": reason},
	})
}

// Cancellation is why an order is not wanted any more.
type Cancellation struct {
	Reason string `json:"reason,omitempty" label:"为什么" lines:"true" doc:"为什么 why"`
}

// Cancel ends an order that is not wanted any more 不要了.
func (s *Service) Cancel(ctx context.Context, who access.Who, orderID string, in Cancellation) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error { return s.CancelTx(tx, who, o, in) })
}

// CancelTx is Cancel inside the caller's transaction.
func (s *Service) CancelTx(tx *db.Tx, who access.Who, o *Order, in Cancellation) error {
	reason := identity.CleanText(in.Reason)
	return s.step(tx, who, o, move{
		name:   StepCancellation,
		check:  func() error { return short("reason", reason, riskMost) },
		change: func() { o.Note, o.ClosedAt, o.Taken = firstOf(reason, o.Note), tx.Now(), 0 },
		effect: func() error { return s.dismiss(tx, o) },
	})
}

// Return sends an order back to the station 退回站里: the volunteer found that it
// cannot be done, or the worker starts over.
func (s *Service) Return(ctx context.Context, who access.Who, orderID string, in Refusal) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error { return s.ReturnTx(tx, who, o, in) })
}

// ReturnTx is Return inside the caller's transaction.
func (s *Service) ReturnTx(tx *db.Tx, who access.Who, o *Order, in Refusal) error {
	reason := identity.CleanText(in.Reason)
	return s.step(tx, who, o, move{
		name: StepReturn,
		check: func() error {
			if reason == "" {
				return fault.Invalid("reason", "说一句为什么退回，站里好接着办。")
			}
			return short("reason", reason, noteMost)
		},
		change: func() { o.Note, o.Taken = reason, 0 },
		effect: func() error {
			if err := s.closeVisits(tx, o); err != nil {
				return err
			}
			return s.dismiss(tx, o)
		},
	})
}

// dismiss releases everybody who was asked, serves or stands by.
func (s *Service) dismiss(tx *db.Tx, o *Order) error {
	if err := drop(tx, o, callComing); err != nil {
		return err
	}
	if err := closeOffers(tx, o.District, o.ID, OfferWithdrawn); err != nil {
		return err
	}
	if err := endAssignments(tx, o.District, o.ID, Active, Released); err != nil {
		return err
	}
	return endAssignments(tx, o.District, o.ID, Reserve, Released)
}

// short refuses a text that is longer than most characters.
func short(field, text string, most int) error {
	if n := utf8.RuneCountInString(text); n > most {
		return fault.Invalid(field, "太长了：最多 %d 个字，现在有 %d 个。", most, n)
	}
	return nil
}
