package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// The databases that those of tests are copied from: a migrated one, and one that
// PostgreSQL keeps empty.
const (
	template = "template_linli"
	nothing  = "template0"
)

// server is the test process's PostgreSQL: a cluster that is started once, and
// the connection that makes databases in it.
type server struct {
	once    sync.Once
	cluster *cluster
	admin   *sql.DB
	err     error
	serial  atomic.Int64
}

// shared is the one server of this test process; Main ends it.
var shared server

// errSkip means that this machine cannot run PostgreSQL.
var errSkip = errors.New("SKIP PostgreSQL")

// postgresDatabase is a copy of a database of the cluster.
func postgresDatabase(t testing.TB, from string) string {
	t.Helper()
	shared.once.Do(shared.start)
	if errors.Is(shared.err, errSkip) {
		t.Skip(shared.err)
	}
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	name := fmt.Sprintf("test_%d", shared.serial.Add(1))
	if err := shared.exec("CREATE DATABASE " + name + " TEMPLATE " + from + " STRATEGY file_copy"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := shared.exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return shared.cluster.dsn(name)
}

func (s *server) start() {
	bin, err := programs()
	if err != nil {
		s.err = err
		return
	}
	if s.cluster, s.err = startCluster(bin); s.err != nil {
		return
	}
	if s.admin, s.err = sql.Open("pgx", s.cluster.dsn("postgres")); s.err != nil {
		return
	}
	if s.err = s.exec("CREATE DATABASE " + template); s.err != nil {
		return
	}
	s.err = migrate(s.cluster.dsn(template))
}

func (s *server) exec(statement string) error {
	_, err := s.admin.ExecContext(context.Background(), statement)
	return err
}

func (s *server) stop() {
	if s.admin != nil {
		s.admin.Close()
	}
	if s.cluster != nil {
		s.cluster.stop()
	}
}

// dsn names a database of the cluster by its Unix socket.
func (c *cluster) dsn(database string) string {
	q := url.Values{"host": {c.dir}, "user": {"postgres"}}
	return "postgres:///" + database + "?" + q.Encode()
}

// programs finds the directory of PostgreSQL's server programs, the newest first.
func programs() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		if real, err := filepath.EvalSymlinks(path); err == nil && isFile(filepath.Join(filepath.Dir(real), "postgres")) {
			return filepath.Dir(real), nil
		}
	}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return "", fmt.Errorf("%w: initdb is neither on PATH nor under /usr/lib/postgresql/*/bin", errSkip)
	}
	sort.Slice(found, func(i, j int) bool { return major(found[i]) > major(found[j]) })
	return filepath.Dir(found[0]), nil
}

// major is the version in a path of the form …/postgresql/15/bin/initdb.
func major(path string) int {
	parts := strings.Split(path, "/")
	var n int
	fmt.Sscanf(parts[len(parts)-3], "%d", &n)
	return n
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}
