package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	"modernc.org/sqlite"
)

// Engine names a database engine.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// dialect is everything that differs between the engines.
type dialect struct {
	engine     Engine
	beginRead  string
	beginWrite string
	claim      string            // suffix of a SELECT that claims rows for this transaction
	optimize   string            // statement that takes the data's statistics; SQLite only
	retryable  func(error) bool  // a fresh transaction may succeed
	broken     func(error) bool  // the connection must not be used again
	undecided  func(error) error // what an error of COMMIT means
}

// IsUnique says whether err is a violated unique key or primary key.
func IsUnique(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code == "23505"
	}
	var lite *sqlite.Error
	return errors.As(err, &lite) && (lite.Code() == 2067 || lite.Code() == 1555)
}

func openSQLite(ctx context.Context, path string, o Options) (*DB, error) {
	if o.Synchronous == "" {
		o.Synchronous = "FULL"
	}
	writing, err := sql.Open("sqlite", sqliteDSN(path, o.Synchronous, "_txlock=immediate"))
	if err != nil {
		return nil, err
	}
	reading, err := sql.Open("sqlite", sqliteDSN(path, o.Synchronous, "_pragma=query_only(1)"))
	if err != nil {
		return nil, err
	}
	writer, err := open(ctx, writing, true)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("db: open %s: %w", path, err), reading.Close(), writing.Close())
	}
	d := &DB{
		sql:     writing,
		reading: reading,
		clock:   o.Clock,
		limit:   o.Limit,
		readers: newPool(reading, o.Readers, true),
		dialect: dialect{
			engine:     SQLite,
			beginRead:  "BEGIN DEFERRED",
			beginWrite: "BEGIN IMMEDIATE",
			optimize:   "PRAGMA optimize = 0x10012", // all tables, with a limit on rows
			retryable:  sqliteRetryable,
			broken:     func(error) bool { return false },
			undecided:  sqliteUndecided,
		},
	}
	d.group = newGroup(d, writer, o.NoGroup)
	return d, nil
}

// sqliteDSN always uses the file: form, because a bare name loses its query. The
// pages that each connection keeps (8 MB) count as the program's memory, which is to
// stay under 100 MB; mapping the file would count it once more.
func sqliteDSN(path, synchronous, extra string) string {
	pragmas := []string{
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(" + synchronous + ")",
		"foreign_keys(1)", "cache_size(-8192)", "temp_store(2)",
	}
	q := extra
	for _, p := range pragmas {
		q += "&_pragma=" + p
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q
}

// Primary result codes of SQLite.
const (
	sqliteBusy       = 5
	sqliteLocked     = 6
	sqliteFull       = 13
	sqliteConstraint = 19
)

func sqliteRetryable(err error) bool {
	code := sqliteCode(err)
	return code == sqliteBusy || code == sqliteLocked || errors.Is(err, errLost)
}

// sqliteUndecided passes on a full disk, where the commit record was not written.
// After a failed sync it may or may not be found at the next start.
func sqliteUndecided(err error) error {
	if sqliteCode(err) == sqliteFull {
		return err
	}
	return unknown(err)
}

func sqliteCode(err error) int {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		return lite.Code() & 0xff
	}
	return 0
}

func openPostgres(ctx context.Context, dsn string, o Options) (*DB, error) {
	server, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	if err := server.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("db: open postgres: %w", err), server.Close())
	}
	return &DB{
		sql:     server,
		reading: server,
		clock:   o.Clock,
		limit:   o.Limit,
		readers: newPool(server, o.Readers, false),
		writers: newPool(server, o.Writers, false),
		dialect: dialect{
			engine:     Postgres,
			beginRead:  "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
			beginWrite: "BEGIN ISOLATION LEVEL READ COMMITTED",
			claim:      " FOR UPDATE SKIP LOCKED",
			retryable:  postgresRetryable,
			broken:     postgresBroken,
			undecided:  postgresUndecided,
		},
	}, nil
}

// postgresRetryable lists what a fresh transaction can outlive: serialisation
// failure, deadlock, too many clients, and everything that broke the connection.
func postgresRetryable(err error) bool {
	switch sqlState(err) {
	case "40001", "40P01", "53300":
		return true
	}
	return postgresBroken(err)
}

// postgresBroken lists what makes a connection useless: an ending or starting
// server, a primary that has become read-only by a fail-over, a lost connection.
func postgresBroken(err error) bool {
	switch code := sqlState(err); code {
	case "57P01", "57P02", "57P03", "25006":
		return true
	case "":
		var lost *net.OpError
		return errors.As(err, &lost) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
			errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone)
	default:
		return strings.HasPrefix(code, "08")
	}
}

// postgresUndecided passes on what the server itself rolled back (class 40 but
// for 40003, and deferred constraints); everything else at COMMIT, Citus' XX000
// among it, may have been committed or not.
func postgresUndecided(err error) error {
	code := sqlState(err)
	if strings.HasPrefix(code, "23") || strings.HasPrefix(code, "40") && code != "40003" {
		return err
	}
	return unknown(err)
}

func sqlState(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}
