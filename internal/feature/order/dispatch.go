package order

import (
	"context"
	"slices"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/rule"
	"linli/internal/feature/org"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

const (
	offersMost   = 50                  // asked in one wave
	answerByMost = 14 * 24 * time.Hour // a deadline further away is no deadline
	noteMost     = 2000
)

// Verification is the station's word that the request is real and can be done.
type Verification struct {
	Note string `json:"note,omitempty" label:"核实时说的话" lines:"true" doc:"核实时说的话 what was said on the telephone"`
	Risk string `json:"risk,omitempty" label:"有什么要当心的" lines:"true" doc:"有什么要当心的 replaces the risk when given"`
}

// Verify is the station's check before anybody is sent 核实.
func (s *Service) Verify(ctx context.Context, who access.Who, orderID string, in Verification) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error { return s.VerifyTx(tx, who, o, in) })
}

// VerifyTx is Verify inside the caller's transaction.
func (s *Service) VerifyTx(tx *db.Tx, who access.Who, o *Order, in Verification) error {
	note := identity.CleanText(in.Note)
	return s.step(tx, who, o, move{
		name:   StepVerification,
		check:  func() error { return fault.Join(short("note", note, noteMost), short("risk", in.Risk, riskMost)) },
		change: func() { o.NeedsCheck, o.Note = false, note },
	})
}

// Asking is whom the worker asks.
type Asking struct {
	To       []Candidate `json:"to" label:"问谁" doc:"问谁 one candidate, a team, or a wave of several"`
	AnswerBy time.Time   `json:"answer_by,omitempty" label:"几点前要答复" doc:"几点前要答复; the place's rule when absent" example:"2026-11-22T18:00:00+08:00"`

	plan string // id of the plan that proposed it; empty when the worker chose
	at   Span   // when they would come, by the plan
}

// Candidate names a volunteer or a team.
type Candidate struct {
	Kind string `json:"kind" enum:"volunteer,team"`
	ID   string `json:"id"`
}

// Offer asks candidates 派单. Several at once are one wave; the first to accept win.
func (s *Service) Offer(ctx context.Context, who access.Who, orderID string, in Asking) (View, error) {
	return s.write(ctx, who, orderID, func(tx *db.Tx, o *Order) error { return s.OfferTx(tx, who, o, in) })
}

// OfferTx is Offer inside the caller's transaction.
func (s *Service) OfferTx(tx *db.Tx, who access.Who, o *Order, in Asking) error {
	if in.AnswerBy.IsZero() {
		hours, err := rule.Value(tx, o.District, o.PlacePath, rule.AcceptHours)
		if err != nil {
			return err
		}
		in.AnswerBy = tx.Now().Add(time.Duration(hours) * time.Hour)
	}
	asked, err := s.asked(tx, o, in.To)
	if err != nil {
		return err
	}
	return s.step(tx, who, o, move{
		name:   StepOffers,
		check:  func() error { return fault.Join(checkAsking(in, tx.Now()), checkVerified(o)) },
		change: func() { o.Wave++; o.DispatchedAt = firstTime(o.DispatchedAt, tx.Now()); countAnswer(tx, o) },
		effect: func() error { return sendOffers(tx, o, in, asked) },
		data:   in.data(),
	})
}

func (in Asking) data() event.Data {
	d := event.Data{"to": names(in.To), "volunteers": askedIDs(in.To)}
	if in.plan != "" {
		d["plan"] = in.plan
	}
	return d
}

func checkAsking(in Asking, now time.Time) error {
	switch {
	case len(in.To) == 0:
		return fault.Invalid("to", "请挑一个人或一支队伍。")
	case len(in.To) > offersMost:
		return fault.Invalid("to", "一次最多问 %d 个。", offersMost)
	case !in.AnswerBy.After(now):
		return fault.Invalid("answer_by", "答复的期限要在以后。")
	case in.AnswerBy.After(now.Add(answerByMost)):
		return fault.Invalid("answer_by", "答复的期限最多 14 天。")
	}
	return nil
}

func checkVerified(o *Order) error {
	if o.NeedsCheck {
		return fault.Conflict("这一单要先核实，核实过了才能派。")
	}
	return nil
}

// asked finds who answers for each candidate, and refuses those who are out of
// question: unknown, not serving, asked already, or the person to be helped.
func (s *Service) asked(tx *db.Tx, o *Order, to []Candidate) ([]string, error) {
	open, err := offersOf(tx, o.District, o.ID)
	if err != nil {
		return nil, err
	}
	serving, err := assignmentsOf(tx, o.District, o.ID)
	if err != nil {
		return nil, err
	}
	out := make([]string, len(to))
	for i, c := range to {
		if slices.Index(to, c) != i {
			return nil, fault.Invalid("to", "同一个人写了两遍。")
		}
		if slices.ContainsFunc(open, func(f Offer) bool { return f.State == OfferOpen && f.Kind == c.Kind && f.Candidate == c.ID }) {
			return nil, fault.Conflict("已经问过他了，正等他答复。")
		}
		if slices.ContainsFunc(serving, func(a Assignment) bool { return a.State == Active && a.Volunteer == c.ID }) {
			return nil, fault.Conflict("他已经接了这一单。")
		}
		if out[i], err = answerer(tx, o, c); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// answerer is the person who answers for a candidate.
func answerer(tx *db.Tx, o *Order, c Candidate) (string, error) {
	switch c.Kind {
	case KindVolunteer:
		v, found, err := volunteer.Get(tx, o.District, c.ID)
		if err != nil {
			return "", err
		}
		if !found || !v.Serves() {
			return "", fault.Invalid("to", "没有这位志愿者，或者他现在不接单。")
		}
		if v.ID == o.For {
			return "", fault.Invalid("to", "这一单就是给他办的，不能派给他自己。")
		}
		return v.ID, nil
	case KindTeam:
		t, found, err := org.Get(tx, o.District, c.ID)
		if err != nil {
			return "", err
		}
		if !found || !t.Serves() || t.Leader == "" {
			return "", fault.Invalid("to", "没有这支队伍，或者它还没有队长。")
		}
		return t.Leader, nil
	}
	return "", fault.Invalid("to", "派给谁，只能是 volunteer（志愿者）或 team（队伍）。")
}

func sendOffers(tx *db.Tx, o *Order, in Asking, asked []string) error {
	for i, c := range in.To {
		f := Offer{
			ID: tx.NewID(), OrderID: o.ID, Wave: o.Wave, Kind: c.Kind, Candidate: c.ID, Asked: asked[i],
			State: OfferOpen, SentAt: tx.Now(), AnswerBy: in.AnswerBy.UTC(), From: in.at.From, To: in.at.To,
		}
		if err := insertOffer(tx, o.District, f); err != nil {
			return err
		}
		if err := enqueueLapse(tx, o.District, f); err != nil {
			return err
		}
	}
	return nil
}

func names(to []Candidate) []string {
	out := make([]string, len(to))
	for i, c := range to {
		out[i] = c.Kind + ":" + c.ID
	}
	return out
}

func askedIDs(to []Candidate) []string {
	var out []string
	for _, c := range to {
		if c.Kind == KindVolunteer {
			out = append(out, c.ID)
		}
	}
	return out
}

func firstTime(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}
