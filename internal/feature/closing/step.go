package closing

import (
	"context"
	"strings"

	"linli/internal/core/access"
	"linli/internal/feature/audit"
	"linli/internal/feature/certificate"
	"linli/internal/feature/record"
	"linli/internal/feature/star"
	"linli/internal/kit/fault"
)

// Kind is what a step is about.
type Kind string

// The kinds of things that are done on the page.
const (
	Finding     Kind = "finding"
	Objection   Kind = "objection"
	Entry       Kind = "entry"
	Check       Kind = "check"
	Star        Kind = "star"
	Protest     Kind = "protest" // an objection to a star: "<star>/<objection>"
	Certificate Kind = "certificate"
)

// Step is one thing done: the outcome is a step of the process of its kind.
type Step struct {
	Kind    Kind
	Item    string // id
	Outcome string
	Answer  string
	Minutes int // of a correction
}

// Do takes a step where the thing belongs; that slice says who may and what is needed.
// What is wrong with the words is always said of the field answer.
func (s *Service) Do(ctx context.Context, who access.Who, in Step) (err error) {
	switch in.Kind {
	case Finding:
		_, err = s.audits.Decide(ctx, who, in.Item, audit.Decision{Outcome: in.Outcome, Answer: in.Answer})
	case Objection:
		_, err = s.records.Answer(ctx, who, in.Item, record.Decision{Outcome: in.Outcome, Answer: in.Answer, Correction: record.Correction{Minutes: in.Minutes}})
	case Entry:
		err = s.judge(ctx, who, in)
	case Check:
		_, err = s.audits.Review(ctx, who, in.Item, audit.Result{Outcome: in.Outcome, Answer: in.Answer})
	case Star:
		_, err = s.stars.Decide(ctx, who, in.Item, star.Verdict{Agree: in.Outcome == star.StepApproval, Words: in.Answer})
	case Protest:
		id, objection, _ := strings.Cut(in.Item, "/")
		_, err = s.stars.Rule(ctx, who, id, objection, star.Answer{Uphold: in.Outcome == star.StepUphold, Words: in.Answer})
	case Certificate:
		err = s.look(ctx, who, in)
	default:
		err = fault.NotFound("没有这件事。")
	}
	return ofAnswer(err)
}

func (s *Service) judge(ctx context.Context, who access.Who, in Step) (err error) {
	if in.Outcome == record.StepApproval {
		_, err = s.records.Approve(ctx, who, in.Item, record.Judgement{Answer: in.Answer})
	} else {
		_, err = s.records.Refuse(ctx, who, in.Item, record.Judgement{Answer: in.Answer})
	}
	return err
}

func (s *Service) look(ctx context.Context, who access.Who, in Step) (err error) {
	if in.Outcome == certificate.StepKeep {
		_, err = s.papers.Keep(ctx, who, in.Item)
	} else {
		_, err = s.papers.Revoke(ctx, who, in.Item, in.Answer)
	}
	return err
}

// ofAnswer names the field of this page for what the slices call words and reason.
func ofAnswer(err error) error {
	if err == nil {
		return nil
	}
	f := *fault.As(err)
	if f.Field == "words" || f.Field == "reason" {
		f.Field = "answer"
	}
	return &f
}
