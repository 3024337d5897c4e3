package dbtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/schema"
)

// Check looks at a database after its test and says what is wrong with it.
type Check func(ctx context.Context, d *db.DB) error

// Option changes what a test gets.
type Option func(*options)

type options struct {
	clock       clock.Clock
	checks      []Check
	synchronous string
}

// With runs checks when the test has ended; app gives its invariants here.
func With(checks ...Check) Option {
	return func(o *options) { o.checks = append(o.checks, checks...) }
}

// Clock is the clock of the test's transactions; default the machine's.
func Clock(c clock.Clock) Option {
	return func(o *options) { o.clock = c }
}

// Main runs the tests of a package and waits for its cluster to end.
func Main(m *testing.M) {
	code := m.Run()
	shared.stop()
	os.Exit(code)
}

// Each runs test on a fresh database of each engine.
func Each(t *testing.T, test func(t *testing.T, d *db.DB), opts ...Option) {
	t.Helper()
	o := choose("OFF", opts)
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) { test(t, fresh(t, engine, o)) })
	}
}

// Bench runs bench on a fresh database of each engine. SQLite is as durable as in
// production; PostgreSQL is not, so its figures compare only with each other.
func Bench(b *testing.B, bench func(b *testing.B, d *db.DB), opts ...Option) {
	b.Helper()
	o := choose("FULL", opts)
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		b.Run(string(engine), func(b *testing.B) { bench(b, fresh(b, engine, o)) })
	}
}

// New is one fresh database, for tests that need another shape than Each.
func New(t testing.TB, engine db.Engine, opts ...Option) *db.DB {
	t.Helper()
	return fresh(t, engine, choose("OFF", opts))
}

func choose(synchronous string, opts []Option) options {
	o := options{clock: clock.System{}, synchronous: synchronous}
	for _, opt := range opts {
		opt(&o)
	}
	return o
}

func fresh(t testing.TB, engine db.Engine, o options) *db.DB {
	t.Helper()
	return open(t, DSN(t, engine), o)
}

func open(t testing.TB, dsn string, o options) *db.DB {
	t.Helper()
	ctx := context.Background()
	d, err := db.Open(ctx, dsn, db.Options{Clock: o.clock, Synchronous: o.synchronous})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(verify(ctx, d, o.checks), d.Close()); err != nil {
			t.Error(err)
		}
	})
	return d
}

// DSN is a fresh migrated database that nobody has opened yet, for tests that run
// several processes on it.
func DSN(t testing.TB, engine db.Engine) string {
	t.Helper()
	if engine == db.SQLite {
		return sqliteFile(t)
	}
	return postgresDatabase(t, template)
}

// Old is a database of an older version of the schema, with the rows that the
// statements put there, for tests of what an upgrade makes of them.
func Old(t testing.TB, engine db.Engine, version int64, rows string, opts ...Option) *db.DB {
	t.Helper()
	dsn := filepath.Join(t.TempDir(), "old.db")
	if engine == db.Postgres {
		dsn = postgresDatabase(t, nothing)
	}
	d := open(t, dsn, choose("OFF", opts))
	if err := schema.UpTo(t.Context(), d, version); err != nil {
		t.Fatal(err)
	}
	if _, err := d.SQL().ExecContext(t.Context(), rows); err != nil {
		t.Fatal(err)
	}
	return d
}

func verify(ctx context.Context, d *db.DB, checks []Check) error {
	var all error
	for _, check := range checks {
		all = errors.Join(all, check(ctx, d))
	}
	return all
}
