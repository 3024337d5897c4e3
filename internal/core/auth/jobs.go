package auth

import (
	"context"
	"encoding/json"
	"time"

	"linli/internal/core/auth/sms"
	"linli/internal/core/calendar"
	"linli/internal/core/ui"
	"linli/internal/kit/db"
	"linli/internal/kit/i18n"
	"linli/internal/kit/id"
	"linli/internal/kit/job"
)

// The kinds of jobs of this package.
const (
	jobSMS   = "auth.sms"
	jobSweep = "auth.sweep"
)

// Jobs registers what a runner does for accounts. Its districts must include 0,
// where messages to phones without an account wait.
func (s *Service) Jobs(r *job.Runner) {
	r.Handle(jobSMS, s.deliver)
	r.Periodic(jobSweep, job.Daily(3*time.Hour, calendar.Zone()), s.sweep)
}

// delivery is a message to send: the code that was asked for at a moment, or else
// a plain text.
type delivery struct {
	Phone      string    `json:"phone"`
	CodeSentAt int64     `json:"code_sent_at,omitempty"` // UTC milliseconds; the code itself is in no job
	Lang       i18n.Lang `json:"lang,omitempty"`         // of the message with the code
	Text       string    `json:"text,omitempty"`
}

// enqueue has a message sent once the transaction is committed. Its key goes to
// the gateway with every attempt.
func enqueue(tx *db.Tx, district int, d delivery) error {
	return job.Enqueue(tx, district, jobSMS, id.New(), tx.Now(), d)
}

// deliver is the job of a message. A code that was replaced, used or has run out
// meanwhile is not sent any more.
func (s *Service) deliver(ctx context.Context, j *job.Job) error {
	var d delivery
	if err := json.Unmarshal(j.Args, &d); err != nil {
		return err
	}
	text := d.Text
	if d.CodeSentAt != 0 {
		var err error
		if text, err = s.codeText(ctx, d); err != nil || text == "" {
			return err
		}
	}
	return s.sms.Send(ctx, sms.Message{Phone: d.Phone, Text: text, Key: j.Key})
}

// codeText is the message with the code that d asks for; empty when that is over.
func (s *Service) codeText(ctx context.Context, d delivery) (text string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		l, err := findLogin(tx, d.Phone)
		if err != nil {
			return err
		}
		purpose, nonce, found, err := codeSentAt(tx, l, time.UnixMilli(d.CodeSentAt), tx.Now())
		if found {
			text = ui.Catalogue().T(d.Lang, purpose.text(), s.code(d.Phone, purpose, nonce))
		}
		return err
	})
	return text, err
}

// How long what has ended is kept. Sessions are part of the log of who was signed
// in, which must stand for six months (网络安全法 21).
const (
	codesKept    = 48 * time.Hour
	sessionsKept = 180 * 24 * time.Hour
)

// sweep is the nightly job that deletes what is of no use any more.
func (s *Service) sweep(ctx context.Context, j *job.Job) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		if err := sweep(tx, j.District, now.Add(-codesKept), now.Add(-sessionsKept)); err != nil {
			return err
		}
		return j.Done(tx)
	})
}
