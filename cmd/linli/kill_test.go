package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"linli/client"
	"linli/e2e/town"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// runAsLinli makes this test binary the program itself.
const runAsLinli = "LINLI_TEST_MAIN"

func TestMain(m *testing.M) {
	if os.Getenv(runAsLinli) != "" {
		main()
		return
	}
	dbtest.Main(m)
}

// TestAKilledServerLosesNothingThatItAnswered loads a server with whole loops,
// kills it again and again while it works, and lets every client ask again with
// its Idempotency-Key. In the end every answer still holds, word for word, and so
// do the books.
func TestAKilledServerLosesNothingThatItAnswered(t *testing.T) {
	kills := 20
	if testing.Short() {
		kills = 5 // a kill costs a start, and the short run is for editing
	}
	l := newLoad(t)
	for kill := range kills {
		l.server.start()
		l.answers(10 + l.rng.IntN(60))
		l.server.kill()
		t.Logf("kill %d after %d answers in all", kill+1, l.count())
	}
	l.server.start()
	l.finish()
	l.holds()
	l.server.drain()
	d := l.open()
	defer d.Close()
	if err := town.Sound(t.Context(), d); err != nil {
		t.Error(err)
	}
}

// server is one data directory on which the program runs, again and again.
type server struct {
	t       *testing.T
	file    string
	addr    string
	process *exec.Cmd
}

func (s *server) start() {
	s.t.Helper()
	s.process = exec.Command(os.Args[0], "serve", "--database", s.file, "--addr", s.addr,
		"--secret", hex.EncodeToString(town.Secret()), "--log-level", "error",
		"--admin-name", "罗建平", "--admin-phone", "15400000099", "--admin-password", town.Password)
	s.process.Env = append(os.Environ(), runAsLinli+"=1")
	s.process.Stderr = os.Stderr
	out, err := s.process.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.Contains(line, s.addr) {
		s.t.Fatalf("the server does not start: %q, %v", line, err)
	}
}

func (s *server) kill() {
	s.t.Helper()
	if err := s.process.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	_ = s.process.Wait() // says that it was killed
}

// drain ends the server as an operator would.
func (s *server) drain() {
	s.t.Helper()
	if err := s.process.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	if err := s.process.Wait(); err != nil {
		s.t.Errorf("SIGTERM: %v", err)
	}
}

// load is everybody who keeps the server busy.
type load struct {
	t        *testing.T
	server   *server
	rng      *rand.Rand
	players  sync.WaitGroup
	stop     context.CancelFunc // no more loops begin
	answered chan struct{}      // one for every answer, while somebody counts

	mu    sync.Mutex // guards notes
	notes []note
}

// note is one request that was answered, and how.
type note struct {
	by        *client.Client
	path, key string
	body      any
	answer    string
}

// newLoad settles the town in a fresh file and lets the players begin; they wait
// for the server by themselves.
func newLoad(t *testing.T) *load {
	t.Helper()
	l := &load{t: t, rng: rand.New(rand.NewPCG(1, 2)), answered: make(chan struct{})}
	l.server = &server{t: t, file: filepath.Join(t.TempDir(), "linli.db"), addr: freeAddress(t)}
	d := l.open()
	w := town.Settle(t, d)
	player := func(name string) *client.Client {
		c := w.Client("http://"+l.server.addr, name)
		c.Tries, c.Pause = 1<<20, 5*time.Millisecond // until the server is back
		return c
	}
	var ctx context.Context
	ctx, l.stop = context.WithCancel(t.Context())
	t.Cleanup(l.stop)
	resident, worker := player("孟桂兰"), player("周敏")
	helpers := []string{"韩立新", "孙淑琴", "郭建民", "林小雨"}
	var begin []func()
	for _, name := range helpers {
		helper, id := player(name), w.Person(name).ID
		begin = append(begin, func() { l.play(ctx, resident, worker, helper, id) })
	}
	for range 4 {
		begin = append(begin, func() { l.request(ctx, resident) })
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	for _, b := range begin {
		l.players.Go(b)
	}
	return l
}

func (l *load) open() *db.DB {
	l.t.Helper()
	d, err := db.Open(l.t.Context(), l.server.file, db.Options{})
	if err != nil {
		l.t.Fatal(err)
	}
	return d
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// play makes whole loops with a volunteer of one's own.
func (l *load) play(ctx context.Context, resident, worker, helper *client.Client, helperID string) {
	to := map[string]any{"to": []client.Candidate{{Kind: "volunteer", ID: helperID}}}
	happy, there := client.Opinion{Satisfaction: "satisfied"}, client.Presence{Position: &client.Position{Lat: town.Lat, Lng: town.Lng}}
	for ctx.Err() == nil {
		id := l.post(resident, "/orders", client.Request{Text: "想请人来家里理个发"})
		at := "/orders/" + id
		l.post(worker, at+"/verification", struct{}{})
		l.post(worker, at+"/offers", to)
		l.post(helper, at+"/acceptance", struct{}{})
		l.post(helper, at+"/check-in", there)
		l.post(helper, at+"/check-out", there)
		l.post(helper, at+"/completion", struct{}{})
		for _, c := range []*client.Client{resident, helper, worker} {
			l.post(c, at+"/evaluation", happy)
		}
	}
}

// request only asks, over and over.
func (l *load) request(ctx context.Context, resident *client.Client) {
	for ctx.Err() == nil {
		l.post(resident, "/orders", client.Request{Text: "灯泡坏了，想请人换一个"})
	}
}

// post asks until there is an answer and notes it; it gives the answer's id.
func (l *load) post(by *client.Client, path string, body any) string {
	n := note{by: by, path: path, key: client.NewKey(), body: body}
	var answer json.RawMessage
	if err := by.Do(l.t.Context(), http.MethodPost, path, n.key, body, &answer); err != nil {
		if l.t.Context().Err() == nil {
			l.t.Errorf("POST %s: %v", path, err)
		}
		return ""
	}
	n.answer = string(answer)
	l.mu.Lock()
	l.notes = append(l.notes, n)
	l.mu.Unlock()
	select {
	case l.answered <- struct{}{}:
	default:
	}
	var named struct{ ID string }
	if err := json.Unmarshal(answer, &named); err != nil {
		l.t.Errorf("POST %s: %v", path, err)
	}
	return named.ID
}

// answers waits for so many of them.
func (l *load) answers(n int) {
	l.t.Helper()
	patience := time.After(30 * time.Second)
	for range n {
		select {
		case <-l.answered:
		case <-patience:
			l.t.Fatal("the server answers nobody any more")
		}
	}
}

func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.notes)
}

// finish lets everybody end the loop that they are in.
func (l *load) finish() {
	l.stop()
	l.players.Wait()
}

// holds asks everything again: the first answers must come back, and every order
// must have gone at least as far as was answered.
func (l *load) holds() {
	l.t.Helper()
	far := map[string]int{}
	for _, n := range l.notes {
		var again json.RawMessage
		if err := n.by.Do(l.t.Context(), http.MethodPost, n.path, n.key, n.body, &again); err != nil || string(again) != n.answer {
			l.t.Fatalf("POST %s was answered\n%s\nand now\n%s %v", n.path, n.answer, again, err)
		}
		var o client.Order
		if err := json.Unmarshal(again, &o); err == nil && o.Number != "" {
			far[o.ID] = max(far[o.ID], rank(o.State))
		}
	}
	for id, least := range far {
		if o, err := l.notes[0].by.Order(l.t.Context(), id); err != nil || rank(o.State) < least {
			l.t.Errorf("order %s stands at %q after %q was answered: %v", id, o.State, ranked()[least], err)
		}
	}
	if len(far) == 0 {
		l.t.Error("nothing was answered")
	}
	fmt.Fprintf(l.t.Output(), "%d answers about %d orders hold\n", len(l.notes), len(far))
}

func ranked() []string {
	return []string{"requested", "verified", "dispatched", "accepted", "serving", "finished", "evaluated"}
}

func rank(state string) int { return slices.Index(ranked(), state) }
