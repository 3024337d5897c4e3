package demo

import (
	"context"

	"linli/internal/app"
)

// Live keeps the place alive until ctx ends.
func (d *Demo) Live(ctx context.Context, a *app.App, perMinute int) { <-ctx.Done() }
