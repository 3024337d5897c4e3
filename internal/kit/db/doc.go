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
// So one goroutine owns the writing connection, runs the closures that wait one
// after the other in one transaction, commits them together and only then answers
// each caller. Nothing is answered before it is durable (synchronous=FULL). A
// closure that fails fails alone: when it has already written, everything is
// rolled back and the group runs again, each closure in a savepoint of its own.
// Closures share that goroutine, so they do nothing slow but SQL.
//
// # Running again
//
// Closures may run more than once and must have no effect outside tx; what is to
// happen after the commit goes to Tx.AfterCommit. On SQLite another closure of the
// group may be the reason, on PostgreSQL a serialisation failure, a deadlock or a
// failed-over primary. A connection lost during COMMIT is not retried: the outcome
// is unknown, the caller gets a Busy fault, and only its idempotency key may
// replay it.
//
// # Limits
//
// A Write ends within Options.Limit. Who still waits in the queue by then, or runs
// into it on PostgreSQL, gets a Busy fault and has written nothing. A statement
// that SQLite's writer is busy with is interrupted; a closure that waits for
// something other than SQL cannot be, and holds up everybody.
package db
