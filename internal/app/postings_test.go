package app_test

import (
	"maps"
	"slices"
	"testing"
)

// TestEveryPathThatPostsPoints reads the source: which function writes to the ledger,
// who calls it, and so on up to the deeds and steps. There is none by which points
// could be bought, sold or turned into money: they come from deeds (a record, donated
// items), go to family, to rewards or back, and lapse. A new path fails here until it
// is listed.
func TestEveryPathThatPostsPoints(t *testing.T) {
	want := map[string][]string{
		"ledger.Post": {"points.post", "record.attest"}, // record.attest seals rows, in minutes
		"points.post": {"points.Bear", "points.Charge", "points.Redeem", "points.Release", "points.Unbear",
			"points.issue", "points.lapse", "points.pay", "points.reverse", "points.spend"},
		// What comes in: the worth of minutes and items that were booked.
		"points.issue": {"points.pay", "points.tally"},
		"points.tally": {"points.Award"}, "points.pay": {"points.Award"},
		"points.Award": {"points.receive", "record.award"},
		// What goes back when its record was wrong.
		"points.reverse":  {"points.TakeBack", "points.takePoints"},
		"points.TakeBack": {"points.WithdrawDonation", "record.follow"},
		// What its owner uses: for the family and for rewards.
		"points.spend": {"points.Reserve", "points.give"},
		"points.give":  {"points.Give"},
		// Coupons, and what was used twice.
		"points.Reserve": {"exchange.TakeTx"},
		"points.Release": {"exchange.back"}, "points.Redeem": {"exchange.handOver"},
		"points.Bear": {"exchange.bear"}, "points.Unbear": {"exchange.bear"}, "points.Charge": {"exchange.bear"},
		// What nobody used in time, as told.
		"points.lapse": {"points.lapseOf"},
	}
	got := callers(t, slices.Collect(maps.Keys(want)))
	for callee, by := range want {
		if !slices.Equal(got[callee], by) {
			t.Errorf("%s is called by %v, want %v", callee, got[callee], by)
		}
	}
}
