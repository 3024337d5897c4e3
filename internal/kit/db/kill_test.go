package db_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"linli/internal/kit/db"
)

// childFile tells this test binary, run again as a child, which file to write.
const childFile = "LINLI_DB_TEST_CHILD"

// runChild writes notes from many goroutines, and says each id once Write has
// answered, until it is killed.
func runChild() bool {
	path := os.Getenv(childFile)
	if path == "" {
		return false
	}
	d, err := db.Open(context.Background(), path, db.Options{})
	if err != nil {
		panic(err)
	}
	var next atomic.Int64
	next.Store(int64(os.Getpid()) << 32)
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for {
				id := next.Add(1)
				if err := d.Write(context.Background(), adding(id)); err != nil {
					panic(err)
				}
				fmt.Println(id)
			}
		})
	}
	all.Wait()
	return true
}

func TestAKilledProcessLosesNothingThatItAnswered(t *testing.T) {
	path := filepath.Join(t.TempDir(), "notes.db")
	d, err := db.Open(t.Context(), path, db.Options{})
	must(t, err)
	createNotes(t, d)
	must(t, d.Close())
	acked := map[int64]bool{}
	for kill := range 20 {
		for _, id := range killAfter(t, path, 20+kill*13) {
			acked[id] = true
		}
		wantAll(t, path, acked)
	}
}

// killAfter runs a child until it has answered n writes, kills it, and returns
// everything it had answered.
func killAfter(t *testing.T, path string, n int) (acked []int64) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childFile+"="+path)
	out, err := child.StdoutPipe()
	must(t, err)
	child.Stderr = os.Stderr
	must(t, child.Start())
	for lines := bufio.NewScanner(out); lines.Scan(); {
		id, err := strconv.ParseInt(lines.Text(), 10, 64)
		must(t, err)
		if acked = append(acked, id); len(acked) == n {
			must(t, child.Process.Kill())
		}
	}
	_ = child.Wait() // it was killed
	return acked
}

func wantAll(t *testing.T, path string, acked map[int64]bool) {
	t.Helper()
	d, err := db.Open(t.Context(), path, db.Options{Readers: 1})
	must(t, err)
	defer func() { must(t, d.Close()) }()
	there := map[int64]bool{}
	for _, id := range ids(t, d) {
		there[id] = true
	}
	for id := range acked {
		if !there[id] {
			t.Fatalf("%d was answered and is not there", id)
		}
	}
}
