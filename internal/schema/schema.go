package schema

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"linli/internal/kit/db"
)

//go:embed *.sql
var files embed.FS

// Files are the migrations, for tests and tools that look at their text.
func Files() fs.FS { return files }

// Up brings the database to the newest version and does nothing when it is there
// already. Processes that start together on PostgreSQL wait for the first of them.
func Up(ctx context.Context, d *db.DB) error {
	p, err := provider(d)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	return nil
}

// UpTo stops at a version, so that tests have an older database.
func UpTo(ctx context.Context, d *db.DB, version int64) error {
	p, err := provider(d)
	if err != nil {
		return err
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return fmt.Errorf("schema: %w", err)
	}
	return nil
}

// Version is the number of the newest migration that the database has.
func Version(ctx context.Context, d *db.DB) (int64, error) {
	p, err := provider(d)
	if err != nil {
		return 0, err
	}
	return p.GetDBVersion(ctx)
}

func provider(d *db.DB) (*goose.Provider, error) {
	options := []goose.ProviderOption{
		goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()),
	}
	if d.Engine() != db.Postgres {
		return goose.NewProvider(goose.DialectSQLite3, d.SQL(), files, options...)
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectPostgres, d.SQL(), files, append(options, goose.WithSessionLocker(locker))...)
}
