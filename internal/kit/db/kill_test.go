package db_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"linli/internal/kit/db"
)

// What tells this test binary, run again as a child, which file to write and how
// many answers to wait for.
const (
	childFile    = "LINLI_DB_TEST_CHILD"
	childAnswers = "LINLI_DB_TEST_ANSWERS"
)

// runChild writes notes from many goroutines, and says each id once Write has
// answered. Right after so many answers it kills itself, in the middle of
// whatever the others and the writer are doing.
func runChild() bool {
	path := os.Getenv(childFile)
	if path == "" {
		return false
	}
	answers, err := strconv.ParseInt(os.Getenv(childAnswers), 10, 64)
	if err != nil {
		panic(err)
	}
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		panic(err)
	}
	d, err := db.Open(context.Background(), path, db.Options{})
	if err != nil {
		panic(err)
	}
	var next, said atomic.Int64
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
				if said.Add(1) == answers {
					_ = self.Kill()
				}
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
	for kill := range 30 {
		for _, id := range killedAfter(t, path, 20+kill*13) {
			acked[id] = true
		}
		wantAll(t, path, acked)
	}
}

// killedAfter runs a child that is killed after n answers, and returns everything
// it had answered by then.
func killedAfter(t *testing.T, path string, n int) (acked []int64) {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childFile+"="+path, childAnswers+"="+strconv.Itoa(n))
	child.Stderr = os.Stderr
	out, _ := child.Output() // the error says that it was killed
	for line := range strings.Lines(string(out)) {
		id, err := strconv.ParseInt(strings.TrimSpace(line), 10, 64)
		must(t, err)
		acked = append(acked, id)
	}
	if len(acked) < n {
		t.Fatalf("the child gave %d answers, not %d", len(acked), n)
	}
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
