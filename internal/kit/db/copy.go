package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"
)

// Copy is a database that is only looked at, whole tables at a time: a file, or a
// server that others may be writing to. Nothing is written, migrated or locked.
type Copy struct {
	sql      *sql.DB
	engine   Engine
	snapshot string // PostgreSQL: what every connection sees
	leader   *sql.Conn
}

// OpenCopy opens a SQLite file or a PostgreSQL DSN read-only. A file beside which
// stands no log of its own is taken as it is, also on a read-only disk.
func OpenCopy(ctx context.Context, dsn string) (*Copy, error) {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return copyOfServer(ctx, dsn)
	}
	if _, err := os.Stat(dsn); err != nil {
		return nil, err
	}
	mode := "immutable=1&"
	if log, err := os.Stat(dsn + "-wal"); err == nil && log.Size() > 0 {
		mode = ""
	}
	d, err := sql.Open("sqlite", "file:"+(&url.URL{Path: dsn}).EscapedPath()+"?mode=ro&"+mode+"_pragma=query_only(1)&_pragma=cache_size(-16384)")
	return &Copy{sql: d, engine: SQLite}, err
}

// copyOfServer takes one snapshot for all that is read.
func copyOfServer(ctx context.Context, dsn string) (*Copy, error) {
	d, err := sql.Open("pgx", dsn)
	if err != nil {
		return nil, err
	}
	c := &Copy{sql: d, engine: Postgres}
	if c.leader, err = d.Conn(ctx); err == nil {
		_, err = c.leader.ExecContext(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
	}
	if err == nil {
		err = c.leader.QueryRowContext(ctx, "SELECT pg_export_snapshot()").Scan(&c.snapshot)
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return c, nil
}

// Engine is what the copy is read by.
func (c *Copy) Engine() Engine { return c.engine }

// Close lets go of the copy.
func (c *Copy) Close() error {
	if c.leader != nil {
		_ = c.leader.Close() // ends its transaction
	}
	return c.sql.Close()
}

// Walk reads the rows of a query one by one, every column as text. Each walk has a
// connection of its own, so that two can go side by side.
type Walk struct {
	conn   *sql.Conn
	rows   driver.Rows
	row    []driver.Value
	joined bool
	fields []string // of the last Next; valid until the next one
}

// separator stands between columns that come as one text. No text of the product
// holds it; one that did would be found as a forgery.
const separator = "\x1f"

// Walk starts to read columns, which are names without commas in them, of the rest of
// a SELECT: "FROM …". On SQLite a row comes as one text, because each column that is
// fetched costs more than all joining.
func (c *Copy) Walk(ctx context.Context, columns, from string) (*Walk, error) {
	conn, err := c.sql.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &Walk{conn: conn, joined: c.engine == SQLite}
	names := strings.Split(columns, ",")
	if c.snapshot != "" {
		for _, begin := range []string{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "SET TRANSACTION SNAPSHOT '" + c.snapshot + "'"} {
			if _, err := conn.ExecContext(ctx, begin); err != nil {
				return nil, errors.Join(err, conn.Close())
			}
		}
	}
	if w.joined {
		for i, name := range names {
			names[i] = "coalesce(" + strings.TrimSpace(name) + ", '')"
		}
		columns = strings.Join(names, " || char(31) || ")
	}
	// The driver's rows are used outside of Raw: the connection is this walk's alone.
	err = conn.Raw(func(raw any) (err error) {
		asks, ok := raw.(driver.QueryerContext)
		if !ok {
			return fmt.Errorf("db: %T cannot be asked", raw)
		}
		w.rows, err = asks.QueryContext(ctx, "SELECT "+columns+" "+from, nil)
		return err
	})
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	w.row, w.fields = make([]driver.Value, len(w.rows.Columns())), make([]string, len(names))
	return w, nil
}

// Next reads the next row; false at the end.
func (w *Walk) Next() (bool, error) {
	err := w.rows.Next(w.row)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !w.joined {
		for i, v := range w.row {
			w.fields[i] = text(v)
		}
		return true, nil
	}
	rest := text(w.row[0])
	for i := range w.fields {
		w.fields[i], rest, _ = strings.Cut(rest, separator)
	}
	w.fields[len(w.fields)-1] += rest // what is too much is not lost
	return true, nil
}

// text is a value of the driver as text; NULL is empty.
func text(v driver.Value) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case []byte:
		return string(v)
	case nil:
		return ""
	default:
		return fmt.Sprint(v)
	}
}

// Text is a column of the row.
func (w *Walk) Text(i int) string { return w.fields[i] }

// Number is a column of the row as a whole number; 0 when it is none.
func (w *Walk) Number(i int) int64 {
	n, _ := strconv.ParseInt(w.fields[i], 10, 64) // a forged one has another digest
	return n
}

// Close ends the walk.
func (w *Walk) Close() error { return errors.Join(w.rows.Close(), w.conn.Close()) }

// Each walks over all rows.
func (c *Copy) Each(ctx context.Context, columns, from string, fn func(*Walk)) (err error) {
	w, err := c.Walk(ctx, columns, from)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	for {
		more, err := w.Next()
		if err != nil || !more {
			return err
		}
		fn(w)
	}
}
