// Package points turns deeds into points 积分. A caller reports what was done; this
// package owns what it is worth (the place's rule: 2 points an hour) and books it
// in the double-entry ledger: the community issues, the volunteer earns. Minutes
// are booked beside the points, so that both can be checked against the record.
//
// Points cannot be bought, sold or turned into money.
package points
