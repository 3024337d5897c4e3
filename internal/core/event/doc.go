// Package event keeps what happened.
//
// Every change of state writes an event row in its own transaction. The rows of a
// district are numbered 1, 2, 3 … without gaps and in the order in which their
// transactions became visible, on PostgreSQL too: the number comes from the
// district's counter row, taken by the last statement of the transaction, so that
// a later number can never be seen before an earlier one.
//
// Readers (the search index, notices, live pages, reports) keep a named cursor
// and ask what came after it. They read at least once and are idempotent by the
// number. They never call back into the feature that wrote.
package event
