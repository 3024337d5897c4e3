package schema

import (
	"context"

	"linli/internal/kit/db"
)

// UpTo brings an older database no further than a version, so that tests have one.
func UpTo(ctx context.Context, d *db.DB, version int64) error {
	p, err := provider(d)
	if err != nil {
		return err
	}
	_, err = p.UpTo(ctx, version)
	return err
}
