package db

import "context"

// Analyze lets PostgreSQL look at its tables again. Whoever has just put many rows
// into tables that were empty calls it: statements prepared while they were empty
// keep a plan that reads them from end to end, until autovacuum comes by. SQLite
// plans by the schema and needs nothing.
func (d *DB) Analyze(ctx context.Context) error {
	if d.group != nil {
		return nil
	}
	_, err := d.sql.ExecContext(ctx, `ANALYZE`)
	return err
}
