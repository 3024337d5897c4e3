// Package page draws the pages of exchange: the catalogue, coupons, the till, wishes,
// statements and what a place owes.
package page
