//go:build unix

package dbtest

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// supervise runs the server on a copy of an initialised data directory until this
// process lets go of its standard input, by stop or by dying in any other way, and
// leaves nothing behind.
const supervise = `cp -R "$2/." "$3"
"$1/postgres" -D "$3" $4 &
server=$!
exec 2>/dev/null
read _
kill -QUIT $server
wait $server
rm -rf "$3"`

// settings make the server small, quick and deaf to the network.
const settings = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off" +
	" -c wal_level=minimal -c max_wal_senders=0 -c autovacuum=off -c jit=off" +
	" -c shared_buffers=32MB -c max_connections=200 -c lc_messages=C -c logging_collector=off" +
	" -c log_min_messages=log -c listen_addresses= -c unix_socket_directories="

// cluster is a running throw-away server.
type cluster struct {
	dir   string // data, and the Unix socket
	shell *exec.Cmd
	input io.Closer
}

func startCluster(bin string) (*cluster, error) {
	owner, err := unprivileged()
	if err != nil {
		return nil, err
	}
	source, err := initialised(bin, owner)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(quickest(), "linli-pg-")
	if err != nil {
		return nil, err
	}
	if err := owner.own(dir); err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, shell: owner.command("sh", "-c", supervise, "sh", bin, source, dir, settings+dir)}
	input, err := c.shell.StdinPipe()
	if err != nil {
		return nil, err
	}
	log, err := c.shell.StderrPipe()
	if err != nil {
		return nil, err
	}
	c.input = input
	if err := c.shell.Start(); err != nil {
		return nil, err
	}
	if err := ready(log); err != nil {
		c.stop()
		return nil, err
	}
	go io.Copy(io.Discard, log)
	return c, nil
}

func (c *cluster) stop() {
	c.input.Close()
	c.shell.Wait()
}

// ready reads the server's log until it takes connections.
func ready(log io.Reader) error {
	var said strings.Builder
	for lines := bufio.NewScanner(log); lines.Scan(); {
		if strings.Contains(lines.Text(), "ready to accept connections") {
			return nil
		}
		said.WriteString(lines.Text() + "\n")
	}
	return fmt.Errorf("dbtest: PostgreSQL did not start:\n%s", said.String())
}

// quickest prefers memory to disk.
func quickest() string {
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() && syscall.Access("/dev/shm", 2) == nil {
		return "/dev/shm"
	}
	return os.TempDir()
}

// initialised is a data directory fresh from initdb, kept for the next test run.
// Test processes that start together wait for the first of them to make it.
func initialised(bin string, owner *account) (string, error) {
	cache := filepath.Join(os.TempDir(), "linli-dbtest-"+strconv.Itoa(int(owner.uid)))
	if err := os.Mkdir(cache, 0o700); err == nil {
		err = owner.own(cache)
		if err != nil {
			return "", err
		}
	} else if !errors.Is(err, os.ErrExist) {
		return "", err
	}
	if err := owner.owns(cache); err != nil {
		return "", err
	}
	unlock, err := lock(filepath.Join(cache, "lock"))
	if err != nil {
		return "", err
	}
	defer unlock()
	dir := filepath.Join(cache, strings.NewReplacer("/", "_").Replace(bin))
	if isFile(filepath.Join(dir, "done")) {
		return dir, nil
	}
	return dir, owner.run("sh", "-c", initialise, "sh", bin, dir)
}

const initialise = `rm -rf "$2" &&
"$1/initdb" --no-sync -A trust -U postgres -E UTF8 --locale=C.UTF-8 -D "$2" >/dev/null &&
touch "$2/done"`

func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		f.Close()
		return nil, err
	}
	return func() { f.Close() }, nil
}

// account is who runs the server: PostgreSQL refuses to be root.
type account struct {
	uid, gid uint32
	other    bool // than the one running the tests
}

func unprivileged() (*account, error) {
	if os.Getuid() != 0 {
		return &account{uid: uint32(os.Getuid()), gid: uint32(os.Getgid())}, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return nil, fmt.Errorf("%w: it does not run as root, and there is no other user for it: %w", errSkip, err)
	}
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	return &account{uid: uint32(uid), gid: uint32(gid), other: true}, err
}

func (a *account) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = "/"
	if a.other {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: a.uid, Gid: a.gid}}
	}
	return cmd
}

func (a *account) run(name string, args ...string) error {
	if out, err := a.command(name, args...).CombinedOutput(); err != nil {
		return fmt.Errorf("dbtest: %s: %w\n%s", name, err, out)
	}
	return nil
}

func (a *account) own(path string) error {
	if !a.other {
		return nil
	}
	return os.Chown(path, int(a.uid), int(a.gid))
}

// owns refuses a directory that somebody else has put there.
func (a *account) owns(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !ok || st.Uid != a.uid || !info.IsDir() {
		return fmt.Errorf("dbtest: %s belongs to somebody else", path)
	}
	return nil
}
