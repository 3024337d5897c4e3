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
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver
	"modernc.org/sqlite"

	"linli/internal/kit/clock"
)

// Engine names a database engine.
type Engine string

const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// dialect is everything that differs between the engines.
type dialect struct {
	engine     Engine
	beginRead  string
	beginWrite string
	retryable  func(error) bool
	claim      string // suffix of a SELECT that claims rows for this transaction
}

var errBadConn = driver.ErrBadConn

// Open opens a SQLite file (a path, made when it does not exist) or a PostgreSQL
// database (postgres:// or postgresql:// DSN).
func Open(ctx context.Context, dsn string, o Options) (*DB, error) {
	if o.Clock == nil {
		o.Clock = clock.System{}
	}
	if o.Readers == 0 {
		o.Readers = max(4, runtime.NumCPU())
	}
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return openPostgres(ctx, dsn, o)
	}
	return openSQLite(ctx, dsn, o)
}

// Claim is appended to a SELECT … LIMIT that picks work for this transaction:
// PostgreSQL skips rows that another claimant holds, SQLite has one writer.
func (d *DB) Claim() string { return d.dialect.claim }

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
	pool, err := sql.Open("sqlite", sqliteDSN(path, o.Synchronous, "_txlock=immediate"))
	if err != nil {
		return nil, err
	}
	d := &DB{
		sql:     pool,
		clock:   o.Clock,
		queue:   make(chan *write, groupMost),
		stopped: make(chan struct{}),
		group:   !o.NoGroup,
		dialect: dialect{
			engine:     SQLite,
			beginRead:  "BEGIN DEFERRED",
			beginWrite: "BEGIN IMMEDIATE",
			retryable:  sqliteRetryable,
		},
	}
	writer, err := open(ctx, pool)
	if err != nil {
		pool.Close()
		return nil, fmt.Errorf("db: open %s: %w", path, err)
	}
	if d.readers, err = fill(ctx, pool, o.Readers); err != nil {
		pool.Close()
		return nil, err
	}
	go d.writer(writer)
	return d, nil
}

// sqliteDSN always uses the file: form, because a bare name loses its query.
func sqliteDSN(path, synchronous, extra string) string {
	pragmas := []string{
		"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(" + synchronous + ")",
		"foreign_keys(1)", "cache_size(-32768)", "temp_store(2)", "mmap_size(268435456)",
	}
	q := extra
	for _, p := range pragmas {
		q += "&_pragma=" + p
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q
}

func sqliteRetryable(err error) bool {
	var lite *sqlite.Error
	return errors.As(err, &lite) && (lite.Code()&0xff == 5 || lite.Code()&0xff == 6) // BUSY, LOCKED
}

func openPostgres(ctx context.Context, dsn string, o Options) (*DB, error) {
	pool, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	if o.Writers == 0 {
		o.Writers = o.Readers
	}
	d := &DB{
		sql:   pool,
		clock: o.Clock,
		dialect: dialect{
			engine:     Postgres,
			beginRead:  "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
			beginWrite: "BEGIN ISOLATION LEVEL READ COMMITTED",
			retryable:  postgresRetryable,
			claim:      " FOR UPDATE SKIP LOCKED",
		},
	}
	if d.readers, err = fill(ctx, pool, o.Readers); err != nil {
		pool.Close()
		return nil, fmt.Errorf("db: open postgres: %w", err)
	}
	if d.writers, err = fill(ctx, pool, o.Writers); err != nil {
		pool.Close()
		return nil, fmt.Errorf("db: open postgres: %w", err)
	}
	return d, nil
}

func fill(ctx context.Context, pool *sql.DB, n int) (chan *conn, error) {
	idle := make(chan *conn, n)
	for range n {
		c, err := open(ctx, pool)
		if err != nil {
			return nil, err
		}
		idle <- c
	}
	return idle, nil
}

// postgresRetryable lists what a fresh transaction on a fresh connection can
// outlive: serialisation failure, deadlock, an ending or starting server, a
// read-only primary after fail-over, too many clients, a lost connection.
func postgresRetryable(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code {
		case "40001", "40P01", "57P01", "57P02", "57P03", "25006", "53300":
			return true
		}
		return strings.HasPrefix(pg.Code, "08")
	}
	var netErr *net.OpError
	return errors.As(err, &netErr) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn)
}
