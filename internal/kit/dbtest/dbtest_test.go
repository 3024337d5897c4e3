package dbtest

import (
	"testing"

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
