package job

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"linli/internal/kit/db"
	"linli/internal/kit/id"
)

// topic wakes the runners of this process after a commit.
const topic = "job"

// ErrGone is what Done returns when the job is no longer this claimant's: it was
// cancelled, or the lease ran out and somebody else has it.
var ErrGone = errors.New("job: cancelled or taken over")

// Job is one claimed or parked job.
type Job struct {
	District int
	ID       string
	Kind     string
	Key      string
	Args     json.RawMessage
	Attempt  int       // 1 for the first
	Error    string    // of the attempt before, for the log and the operator
	Since    time.Time // of a parked job: when it was parked

	keep time.Duration
	done bool
}

// Enqueue has a job run once at runAt or soon after, when the transaction
// commits. It does nothing when the district has a job of this kind and key
// already, be it open, done or parked. Neither does it in a transaction that
// stands in a past that is being loaded (db.Tx.At), when runAt is past too:
// whoever loads the past takes its steps.
func Enqueue(tx *db.Tx, district int, kind, key string, runAt time.Time, args any) error {
	if tx.Now().Before(tx.Begun()) && runAt.Before(tx.Begun()) {
		return nil
	}
	text, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("job %s: %w", kind, err)
	}
	if err := insert(tx, district, id.New(), kind, key, string(text), runAt); err != nil {
		return err
	}
	if !runAt.After(tx.Now()) {
		tx.Signal(topic)
	}
	return nil
}

// Cancel takes back a job that is not done yet; its name is free again. One that
// runs just now fails at Done.
func Cancel(tx *db.Tx, district int, kind, key string) error {
	return remove(tx, district, kind, key)
}

// Done completes the job in the transaction of its effect.
func (j *Job) Done(tx *db.Tx) error {
	held, err := complete(tx, j, tx.Now().Add(j.keep))
	if err != nil {
		return err
	}
	if !held {
		return ErrGone
	}
	tx.AfterCommit(func() { j.done = true })
	return nil
}

// Parked lists jobs that have failed for good, the latest first.
func Parked(tx *db.Tx, district, limit int) ([]*Job, error) {
	return parked(tx, district, limit)
}

// Retry opens a parked job again, with all its attempts. It says whether there
// was one.
func Retry(tx *db.Tx, district int, id string) (bool, error) {
	tx.Signal(topic)
	return reopen(tx, district, id, tx.Now())
}
