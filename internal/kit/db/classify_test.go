package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"linli/internal/kit/fault"
)

// TestPostgresErrors holds what storage.md found that servers, poolers and
// fail-overs answer with.
func TestPostgresErrors(t *testing.T) {
	const (
		again   = 1 << iota // a fresh transaction may succeed
		discard             // the connection is useless
		known               // at COMMIT: surely rolled back
	)
	state := func(code string) error { return fmt.Errorf("insert: %w", &pgconn.PgError{Code: code}) }
	for _, c := range []struct {
		name string
		err  error
		want int
	}{
		{"serialisation", state("40001"), again | known},
		{"deadlock", state("40P01"), again | known},
		{"completion unknown", state("40003"), 0},
		{"admin shutdown", state("57P01"), again | discard},
		{"crash shutdown", state("57P02"), again | discard},
		{"starting up", state("57P03"), again | discard},
		{"connection failure", state("08006"), again | discard},
		{"protocol violation", state("08P01"), again | discard},
		{"read-only primary", state("25006"), again | discard},
		{"too many clients", state("53300"), again},
		{"Citus could not commit", state("XX000"), 0},
		{"feature not supported", state("0A000"), 0},
		{"unique", state("23505"), known},
		{"foreign key", state("23503"), known},
		{"disk full", state("53100"), 0},
		{"EOF", fmt.Errorf("read: %w", io.EOF), again | discard},
		{"unexpected EOF", io.ErrUnexpectedEOF, again | discard},
		{"reset", &net.OpError{Op: "read", Err: syscall.ECONNRESET}, again | discard},
		{"bad connection", driver.ErrBadConn, again | discard},
		{"deadline", context.DeadlineExceeded, 0},
		{"cancelled", context.Canceled, 0},
	} {
		got := 0
		if postgresRetryable(c.err) {
			got |= again
		}
		if postgresBroken(c.err) {
			got |= discard
		}
		if fault.KindOf(postgresUndecided(c.err)) != fault.KindBusy {
			got |= known
		}
		if got != c.want {
			t.Errorf("%s: got %03b, want %03b", c.name, got, c.want)
		}
	}
}

func TestRetryGivesUp(t *testing.T) {
	d := &DB{dialect: dialect{retryable: func(err error) bool { return errors.Is(err, io.EOF) }}}
	for _, c := range []struct {
		name string
		err  error
		runs int
		want fault.Kind
	}{
		{"an error that passes", io.EOF, attempts, fault.KindBusy},
		{"an error that stays", io.ErrNoProgress, 1, fault.KindInternal},
		{"an answer", fault.Conflict("已经有人接了。"), 1, fault.KindConflict},
		{"an answer because of an error that passes", &fault.Error{Kind: fault.KindConflict, Cause: io.EOF}, 1, fault.KindConflict},
	} {
		runs := 0
		err := d.retry(t.Context(), func() error { runs++; return c.err })
		if runs != c.runs || fault.KindOf(err) != c.want {
			t.Errorf("%s: ran %d times, answered %v", c.name, runs, err)
		}
	}
}
