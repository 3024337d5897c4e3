// Package job is durable work: rows in the same database, put there in the
// transaction of whoever wants something done, and run by a Runner in this or
// another process, at least once.
//
//	job.Enqueue(tx, district, "order.limit", orderID, dueAt, args)
//	job.Cancel(tx, district, "order.limit", orderID)
//
// A kind and a key name a job; the same name is enqueued once, for as long as its
// row is kept. A handler does its effect in a transaction of its own and says
// j.Done(tx) there, so that effect and completion stand or fall together; when
// the job was cancelled or taken over meanwhile, Done fails and the effect with
// it. A handler that does not call Done is complete when it returns nil.
//
// A claim is a lease: whoever claims a job pushes its due time to the end of the
// lease. A process that dies needs no rescue, its jobs fall due again. Whatever
// takes longer than a lease is done in pieces, each enqueuing the next.
//
// A job that fails comes back later, ever later, and after its last attempt it is
// parked with its error until a person retries it.
//
//	open ── claimed, failed: due later ──┐
//	 │ ▲─────────────────────────────────┘
//	 ├── done: kept for a while, so that its name stays taken
//	 └── parked ── Retry ──▶ open
package job
