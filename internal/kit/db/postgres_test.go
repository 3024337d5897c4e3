package db_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
)

func openPostgres(t *testing.T, dsn string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), dsn, db.Options{Readers: 4, Writers: 4})
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	return d
}

// outsider is a connection that the DB under test knows nothing of.
func outsider(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	conn, err := sql.Open("pgx", dsn)
	must(t, err)
	t.Cleanup(func() { must(t, conn.Close()) })
	return conn
}

func terminateOthers(t *testing.T, conn *sql.DB) {
	t.Helper()
	_, err := conn.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	must(t, err)
}

func TestThePoolOutlivesItsConnections(t *testing.T) {
	dsn := dbtest.DSN(t, db.Postgres)
	d, admin := openPostgres(t, dsn), outsider(t, dsn)
	createNotes(t, d)
	var id atomic.Int64
	writeTogether := func() {
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if err := d.Write(context.Background(), adding(id.Add(1))); err != nil {
					t.Error(err)
				}
				ids(t, d)
			})
		}
		all.Wait()
	}
	for range 3 {
		writeTogether()
		terminateOthers(t, admin) // while all are idle
	}
	writeTogether()
	if got := len(ids(t, d)); got != 32 {
		t.Errorf("%d notes, want 32", got)
	}
}

func TestAConnectionLostBeforeTheCommitIsRetried(t *testing.T) {
	dsn := dbtest.DSN(t, db.Postgres)
	d, admin := openPostgres(t, dsn), outsider(t, dsn)
	createNotes(t, d)
	runs := 0
	must(t, d.Write(t.Context(), func(tx *db.Tx) error {
		if runs++; runs == 1 {
			must(t, add(tx, 1))
			terminateOthers(t, admin)
		}
		return add(tx, 2)
	}))
	if runs != 2 {
		t.Errorf("the closure ran %d times, want 2", runs)
	}
	wantIDs(t, d, 2)
}

func TestADeadlockIsRetried(t *testing.T) {
	d := openPostgres(t, dbtest.DSN(t, db.Postgres))
	createNotes(t, d)
	must(t, d.Write(t.Context(), func(tx *db.Tx) error { must(t, add(tx, 1)); return add(tx, 2) }))
	var runs atomic.Int64
	var both, all sync.WaitGroup
	both.Add(2)
	touch := func(tx *db.Tx, id int64) error {
		_, err := tx.Exec(`UPDATE note SET words = words WHERE district = $1 AND id = $2`, district, id)
		return err
	}
	for i := range int64(2) {
		all.Go(func() {
			err := d.Write(context.Background(), func(tx *db.Tx) error {
				err := touch(tx, 1+i)
				if runs.Add(1) <= 2 {
					both.Done()
					both.Wait()
				}
				return errors.Join(err, touch(tx, 2-i))
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if runs.Load() < 3 {
		t.Errorf("the closures ran %d times: there was no deadlock", runs.Load())
	}
}

func TestASlowWriteIsStopped(t *testing.T) {
	d, err := db.Open(t.Context(), dbtest.DSN(t, db.Postgres), db.Options{Limit: 100 * time.Millisecond})
	must(t, err)
	defer func() { must(t, d.Close()) }()
	createNotes(t, d)
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		must(t, add(tx, 1))
		_, err := tx.Exec(`SELECT pg_sleep(60)`)
		return err
	})
	if fault.KindOf(err) != fault.KindBusy {
		t.Errorf("answered %v", err)
	}
	wantIDs(t, d)
}

func TestAReadOnlyServerIsAskedAgainOnAFreshConnection(t *testing.T) {
	dsn := dbtest.DSN(t, db.Postgres)
	d, admin := openPostgres(t, dsn), outsider(t, dsn)
	createNotes(t, d)
	var pids []int64
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		var pid int64
		_, err := tx.Get(`SELECT pg_backend_pid()`, nil, &pid)
		must(t, err)
		if pids = append(pids, pid); len(pids) == 1 {
			_, err := tx.Exec(`SET TRANSACTION READ ONLY`)
			must(t, err)
		}
		return add(tx, 1)
	})
	must(t, err)
	if len(pids) != 2 || pids[0] == pids[1] {
		t.Errorf("ran on backends %v", pids)
	}
	_, err = admin.Exec(`SELECT 1`)
	must(t, err)
	wantIDs(t, d, 1)
}

func TestALostCommitIsNotRetried(t *testing.T) {
	for name, forward := range map[string]bool{"before it arrives": false, "after it has arrived": true} {
		t.Run(name, func(t *testing.T) {
			dsn := dbtest.DSN(t, db.Postgres)
			direct := openPostgres(t, dsn)
			createNotes(t, direct)
			d := openPostgres(t, throughProxy(t, dsn, forward))
			runs := 0
			err := d.Write(t.Context(), func(tx *db.Tx) error { runs++; return add(tx, 1) })
			if fault.KindOf(err) != fault.KindBusy || runs != 1 {
				t.Errorf("ran %d times, answered %v", runs, err)
			}
			if !strings.Contains(fault.As(err).Msg, "不知道") {
				t.Errorf("the answer claims to know: %v", err)
			}
			if !forward {
				wantIDs(t, direct)
			}
		})
	}
}

// throughProxy is dsn by way of a proxy that cuts the connection at the first
// COMMIT, before or after it has passed the commit on.
func throughProxy(t *testing.T, dsn string, forward bool) string {
	t.Helper()
	u, err := url.Parse(dsn)
	must(t, err)
	const socket = ".s.PGSQL.5432"
	server := filepath.Join(u.Query().Get("host"), socket)
	dir := t.TempDir()
	listener, err := net.Listen("unix", filepath.Join(dir, socket))
	must(t, err)
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				return
			}
			go proxy(client, server, forward)
		}
	}()
	u.RawQuery = url.Values{"host": {dir}, "user": {"postgres"}}.Encode()
	return u.String()
}

func proxy(client net.Conn, server string, forward bool) {
	defer client.Close()
	upstream, err := net.Dial("unix", server)
	if err != nil {
		return
	}
	defer upstream.Close()
	go io.Copy(client, upstream)
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			return
		}
		commit := strings.Contains(string(buf[:n]), "COMMIT\x00")
		if commit {
			client.Close() // before the server can answer
		}
		if !commit || forward {
			upstream.Write(buf[:n])
		}
		if commit {
			return
		}
	}
}
