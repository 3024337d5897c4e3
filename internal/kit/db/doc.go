// Package db is the only door to the database.
//
// A DB is opened on a SQLite file or a PostgreSQL DSN and has two verbs:
//
//	d.Read(ctx, func(tx *db.Tx) error)   // a consistent view, many at once
//	d.Write(ctx, func(tx *db.Tx) error)  // one transaction, all or nothing
//
// Statements are one text for both engines (see ARCHITECTURE.md, "Storage"):
// `$1` binds, no engine's own functions, ids and times made by the caller.
// What differs between the engines stands in dialect.go and nowhere else.
//
// # Group commit
//
// SQLite has one writer, and an fsync costs far more than the rows before it.
// So one goroutine owns the writing connection, runs the closures that wait, each
// in its own savepoint, commits them together and only then answers each caller.
// A closure that fails takes back its own savepoint and nothing else. Nothing is
// answered before it is durable (synchronous=FULL).
//
// # Retries
//
// On PostgreSQL a serialisation failure, a deadlock or a failed-over primary runs
// the whole closure again, so closures must have no effect outside tx; what is to
// happen after the commit goes to Tx.AfterCommit. A connection lost during COMMIT
// is not retried: the outcome is unknown, the caller gets a Busy fault, and only
// its idempotency key may replay it.
package db
