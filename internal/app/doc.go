// Package app puts the house together: one place that makes every service, lists
// every route, job and notice, and runs the server. Nothing below knows it.
//
// Check runs the invariants of all packages on a database: ledgers sum to zero,
// states are legal, events have no gaps, kept counts equal the rows they count.
package app
