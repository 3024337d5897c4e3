// Package ledger is the one double-entry ledger: points, minutes, fen or items,
// always as whole numbers of one unit.
//
// A Posting moves amounts between accounts and sums to zero. It carries the key of
// its source; posting the same source again does nothing, so a repeated request or
// a job that ran twice cannot pay twice. Nothing is changed or deleted: a
// correction is a posting that reverses another. An account that may not be
// overdrawn is guarded by the update of its balance itself, which holds under any
// concurrency.
//
// The postings of a place are chained: each carries a number, the hash of the one
// before and its own, SHA-256 over every field and entry. Whoever keeps a head
// that was published can check later that nothing before it was rewritten.
package ledger
