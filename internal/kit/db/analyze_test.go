package db_test

import (
	"testing"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

func TestAnalyzeCountsTheRows(t *testing.T) {
	d := dbtest.New(t, db.Postgres)
	ctx := t.Context()
	estimate := func() (rows int64) {
		t.Helper()
		err := d.Read(ctx, func(tx *db.Tx) error {
			_, err := tx.Get(`SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE relname = 'event_counter'`, nil, &rows)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return rows
	}
	err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(`INSERT INTO event_counter (district, no) VALUES (110105, 1), (110106, 1)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	before := estimate()
	if err := d.Analyze(ctx); err != nil {
		t.Fatal(err)
	}
	if after := estimate(); before >= after || after != 2 {
		t.Errorf("%d rows are known of before, %d after", before, after)
	}
	if err := dbtest.New(t, db.SQLite).Analyze(ctx); err != nil {
		t.Error(err)
	}
}
