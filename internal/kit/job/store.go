package job

import (
	"time"

	"linli/internal/kit/db"
)

func insert(tx *db.Tx, district int, id, kind, key, args string, runAt time.Time) error {
	_, err := tx.Exec(`INSERT INTO job (district, id, kind, job_key, args, state, attempt, due_at, error)
		VALUES ($1, $2, $3, $4, $5, 'open', 0, $6, '')
		ON CONFLICT (district, kind, job_key) DO NOTHING`,
		district, id, kind, key, args, runAt.UnixMilli())
	return err
}

func remove(tx *db.Tx, district int, kind, key string) error {
	_, err := tx.Exec(`DELETE FROM job WHERE district = $1 AND kind = $2 AND job_key = $3 AND state <> 'done'`,
		district, kind, key)
	return err
}

// due says whether the district has anything to claim.
func due(tx *db.Tx, district int, kinds []any) (bool, error) {
	return tx.Get(`SELECT 1 FROM job WHERE district = $1 AND state = 'open' AND due_at <= $2
		AND kind IN (`+db.Places(3, len(kinds))+`) LIMIT 1`,
		append([]any{district, tx.Now().UnixMilli()}, kinds...), new(int))
}

// claim leases the jobs that have been due longest.
func claim(tx *db.Tx, district int, kinds []any, limit int, until time.Time) ([]*Job, error) {
	args := append([]any{district, tx.Now().UnixMilli(), until.UnixMilli(), limit}, kinds...)
	return db.All(tx, func(row db.Scanner) (*Job, error) { return scan(row, district) }, `UPDATE job SET attempt = attempt + 1, due_at = $3
		WHERE district = $1 AND id IN (SELECT id FROM job
			WHERE district = $1 AND state = 'open' AND due_at <= $2 AND kind IN (`+db.Places(5, len(kinds))+`)
			ORDER BY due_at, id LIMIT $4`+tx.Claim()+`)
		RETURNING id, kind, job_key, args, attempt, error, due_at`, args...)
}

// complete keeps the row until the given time, so that its name stays taken.
func complete(tx *db.Tx, j *Job, until time.Time) (held bool, err error) {
	n, err := tx.Exec(`UPDATE job SET state = 'done', due_at = $4, error = ''
		WHERE district = $1 AND id = $2 AND attempt = $3 AND state = 'open'`,
		j.District, j.ID, j.Attempt, until.UnixMilli())
	return n == 1, err
}

func postpone(tx *db.Tx, j *Job, until time.Time, why string) error {
	_, err := tx.Exec(`UPDATE job SET due_at = $4, error = $5
		WHERE district = $1 AND id = $2 AND attempt = $3 AND state = 'open'`,
		j.District, j.ID, j.Attempt, until.UnixMilli(), why)
	return err
}

func park(tx *db.Tx, j *Job, why string) error {
	_, err := tx.Exec(`UPDATE job SET state = 'parked', due_at = $4, error = $5
		WHERE district = $1 AND id = $2 AND attempt = $3 AND state = 'open'`,
		j.District, j.ID, j.Attempt, tx.Now().UnixMilli(), why)
	return err
}

func parked(tx *db.Tx, district, limit int) ([]*Job, error) {
	return db.All(tx, func(row db.Scanner) (*Job, error) { return scan(row, district) }, `SELECT id, kind, job_key, args, attempt, error, due_at FROM job
		WHERE district = $1 AND state = 'parked' ORDER BY due_at DESC, id LIMIT $2`, district, limit)
}

func scan(row db.Scanner, district int) (*Job, error) {
	j := &Job{District: district}
	var args string
	var due int64
	err := row.Scan(&j.ID, &j.Kind, &j.Key, &args, &j.Attempt, &j.Error, &due)
	j.Args, j.Since = []byte(args), time.UnixMilli(due).UTC()
	return j, err
}

func reopen(tx *db.Tx, district int, id string, at time.Time) (bool, error) {
	n, err := tx.Exec(`UPDATE job SET state = 'open', attempt = 0, due_at = $3
		WHERE district = $1 AND id = $2 AND state = 'parked'`, district, id, at.UnixMilli())
	return n == 1, err
}

// forget deletes done jobs whose time is over, some at a time.
func forget(tx *db.Tx, district int) (int64, error) {
	return tx.Exec(`DELETE FROM job WHERE district = $1 AND id IN (SELECT id FROM job
		WHERE district = $1 AND state = 'done' AND due_at <= $2 LIMIT 1000)`,
		district, tx.Now().UnixMilli())
}
