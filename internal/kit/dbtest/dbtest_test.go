package dbtest

import (
	"context"
	"errors"
	"testing"
	"time"

	"linli/internal/kit/clock"
	"linli/internal/kit/db"
)

func TestMain(m *testing.M) { Main(m) }

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	for range 2 {
		Each(t, func(t *testing.T, d *db.DB) {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(`INSERT INTO job (district, id, kind, job_key, args, state, attempt, due_at, error)
					VALUES ($1, 'a', 'k', 'k', '{}', 'open', 0, 0, '')`, 110101)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestOptionsReachTheDatabase(t *testing.T) {
	noon := clock.NewManual(time.Date(2026, 3, 2, 4, 0, 0, 0, time.UTC))
	checked := 0
	Each(t, func(t *testing.T, d *db.DB) {
		if d.Clock() != noon {
			t.Error("another clock")
		}
	}, Clock(noon), With(func(context.Context, *db.DB) error { checked++; return nil }))
	if checked < 1 {
		t.Error("the check was not run")
	}
}

func TestEveryFailedCheckIsTold(t *testing.T) {
	first, second := errors.New("the books do not balance"), errors.New("an event is missing")
	fail := func(err error) Check { return func(context.Context, *db.DB) error { return err } }
	err := verify(t.Context(), New(t, db.SQLite), []Check{fail(first), fail(nil), fail(second)})
	if !errors.Is(err, first) || !errors.Is(err, second) {
		t.Errorf("told %v", err)
	}
}
