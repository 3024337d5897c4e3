package app

import (
	"context"

	"linli/internal/core/auth"
	"linli/internal/core/event"
	"linli/internal/core/ledger"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/feature/certificate"
	"linli/internal/feature/exchange"
	"linli/internal/feature/order"
	"linli/internal/feature/org"
	"linli/internal/feature/points"
	"linli/internal/feature/record"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
)

// Check runs the invariants of every package and returns one line per finding;
// none means that the books hold.
func Check(ctx context.Context, d *db.DB) (findings []string, err error) {
	err = d.Read(ctx, func(tx *db.Tx) error {
		findings = nil
		for _, check := range []func(*db.Tx) ([]string, error){
			event.CheckGapless,
			ledger.CheckBooks,
			auth.CheckLogins,
			record.CheckTotals,
			record.CheckAttested,
			order.CheckOrders,
			exchange.Check,
			certificate.CheckRegister,
			place.CheckCounts(person.Recount, volunteer.Recount, org.Recount, order.Recount, record.Recount, points.Recount),
		} {
			found, err := check(tx)
			if err != nil {
				return err
			}
			findings = append(findings, found...)
		}
		return nil
	})
	return findings, err
}
