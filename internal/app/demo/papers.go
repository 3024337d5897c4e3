package demo

import (
	"context"
	"slices"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/place"
	"linli/internal/feature/certificate"
	"linli/internal/kit/fault"
)

// certified gives the first volunteer with an account the certificate of this year,
// as they would ask for it. A house without keys issues none, and early in January
// there is nothing to certify.
func (d *Demo) certified(ctx context.Context, a *app.App) error {
	i := slices.IndexFunc(d.accounts, func(x Account) bool { return x.Role == access.Volunteer })
	if _, err := a.Papers.Issuer().Ready(ctx); i < 0 || err != nil {
		return nil
	}
	x := d.accounts[i]
	who := access.Who{Person: x.person, Name: x.Name, District: place.DistrictOf(x.Place)}
	_, err := a.Papers.Ask(ctx, who, certificate.Request{Span: "this_year", Remark: "用于评优"})
	if err != nil && fault.KindOf(err) == fault.KindInvalid {
		return nil
	}
	return err
}
