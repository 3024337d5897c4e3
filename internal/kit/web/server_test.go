package web_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"linli/internal/kit/web"
)

// pipes is a listener whose connections live in memory, so that time-outs can be
// tried under a clock that does not really pass.
type pipes struct {
	conns chan net.Conn
	once  sync.Once
	done  chan struct{}
}

func listenPipes() *pipes { return &pipes{conns: make(chan net.Conn), done: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.done) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours, nil
}

// running serves in a bubble of fake time until stop is called.
func running(t *testing.T, s *web.Site) (p *pipes, stop func()) {
	p = listenPipes()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- s.Serve(ctx, p, 0) }()
	return p, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func TestSlowSendersAreLetGo(t *testing.T) {
	for _, c := range []struct {
		name, sent string
		within     time.Duration
		status     string
	}{
		{"headers never end", "POST /api/v1/all/x HTTP/1.1\r\nHost: x\r\n", 10 * time.Second, ""},
		{"the body never ends", "POST /api/v1/all/x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{", 20 * time.Second, "408"},
		{"nothing is asked", "", 10 * time.Second, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p, stop := running(t, site(t, config(t, everythingRoute())))
				defer stop()
				conn, _ := p.dial(t.Context(), "", "")
				begun := time.Now()
				if _, err := io.WriteString(conn, c.sent); err != nil {
					t.Fatal(err)
				}
				answer, _ := io.ReadAll(conn)
				if took := time.Since(begun); took > c.within {
					t.Errorf("let go after %v", took)
				}
				if !strings.Contains(string(answer), c.status) {
					t.Errorf("answer %q, want %s", answer, c.status)
				}
			})
		})
	}
}

func ticking(news chan string) web.Route {
	return web.Route{Name: "ticks", Method: "GET", Page: "/ticks", Public: true,
		Handle: web.Action(func(*web.Request, web.None) (web.None, error) { return web.None{}, nil }).
			Page(func(*web.Request, web.None) web.Answer {
				return web.Events(func(ctx context.Context, s *web.Stream) error {
					for i := 0; ; i++ {
						select {
						case <-ctx.Done():
							return nil
						case n := <-news:
							if n == "break" {
								return errors.New("broken")
							}
							if err := s.Send(fmt.Sprint(i), "tick", n); err != nil {
								return err
							}
						}
					}
				})
			})}
}

// follow opens the stream and gives its lines.
func follow(t *testing.T, p *pipes) (lines *bufio.Scanner, hangUp func()) {
	client := &http.Client{Transport: &http.Transport{DialContext: p.dial, DisableCompression: false}}
	resp, err := client.Get("http://linli.example/ticks")
	if err != nil {
		t.Fatal(err)
	}
	if got := resp.Header.Get("Content-Type"); !strings.HasPrefix(got, "text/event-stream") {
		t.Fatalf("content type %q", got)
	}
	return bufio.NewScanner(resp.Body), func() { resp.Body.Close(); client.CloseIdleConnections() }
}

func next(t *testing.T, lines *bufio.Scanner) string {
	t.Helper()
	for lines.Scan() {
		if lines.Text() != "" {
			return lines.Text()
		}
	}
	return "end"
}

func TestStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		news := make(chan string)
		p, stop := running(t, site(t, config(t, ticking(news))))
		lines, hangUp := follow(t, p)
		expect := func(want ...string) {
			t.Helper()
			for _, w := range want {
				if got := next(t, lines); got != w {
					t.Fatalf("line %q, want %q", got, w)
				}
			}
		}
		expect(": hello")
		news <- "one\ntwo\r\n"
		expect("id: 0", "event: tick", "data: one", "data: two", "data: ")
		begun := time.Now()
		for range 20 { // longer than any bound of the server
			expect(": beat")
		}
		if d := time.Since(begun); d < 5*time.Minute {
			t.Errorf("20 beats in %v", d)
		}
		news <- "still here"
		expect("id: 1", "event: tick", "data: still here")
		stopped := make(chan struct{})
		go func() { stop(); close(stopped) }()
		expect("end")
		hangUp()
		<-stopped
	})
}

func TestStreamEndsWithItsReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, stop := running(t, site(t, config(t, ticking(make(chan string)))))
		_, hangUp := follow(t, p)
		hangUp()
		synctest.Wait()
		stop() // waits for the stream's goroutines, or the bubble deadlocks
	})
}

func TestDrainFinishesWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		entered, leave := make(chan struct{}), make(chan struct{})
		rt := web.Route{Name: "slow", Method: "GET", API: "/api/v1/slow", Public: true,
			Handle: web.Action(func(*web.Request, web.None) (seen, error) {
				close(entered)
				<-leave
				return seen{"done"}, nil
			})}
		p, stop := running(t, site(t, config(t, rt)))
		answer := make(chan string)
		go func() {
			client := &http.Client{Transport: &http.Transport{DialContext: p.dial}}
			resp, err := client.Get("http://linli.example/api/v1/slow")
			if err != nil {
				answer <- err.Error()
				return
			}
			b, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			client.CloseIdleConnections()
			answer <- string(b)
		}()
		<-entered
		stopped := make(chan struct{})
		go func() { stop(); close(stopped) }()
		synctest.Wait()
		close(leave)
		if got := <-answer; !strings.Contains(got, "done") {
			t.Errorf("answer %q", got)
		}
		<-stopped
	})
}

func TestCallThatTakesTooLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		rt := web.Route{Name: "slow", Method: "GET", API: "/api/v1/slow", Public: true,
			Handle: web.Action(func(r *web.Request, _ web.None) (seen, error) {
				<-r.Context().Done()
				return seen{}, fmt.Errorf("db: %w", r.Context().Err())
			})}
		if p := problem(t, ask(site(t, config(t, rt)), "GET", "/api/v1/slow", "")); p.Status != 503 || p.Kind != "busy" {
			t.Errorf("%+v", p)
		}
	})
}
