// Package sms sends short messages to phones (短信).
//
// Sender is the port. Gateway posts to a provider's HTTP address, Console prints
// for the demo and keeps what it printed. Neither is called by a use case: a
// message goes out from a durable job that was enqueued in the same transaction
// as the fact it tells of (architecture.md, section 6), and carries that job's key,
// by which a provider recognises a message that was sent before.
package sms
