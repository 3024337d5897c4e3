package bench

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"linli/internal/kit/clock"
)

// Options say what is measured.
type Options struct {
	URL      string // of the server, "http://127.0.0.1:8080"
	Accounts []Account
	Clients  int           // loops that go on at once
	For      time.Duration // no loop begins after it
	Seed     uint64        // the same seed plays the same orders
}

// Loop drives whole loops and reports. What a server refuses does not end the
// run; it is counted.
func Loop(ctx context.Context, o Options) (*Report, error) {
	o.URL = strings.TrimSuffix(o.URL, "/")
	c, err := gather(ctx, o.URL, o.Accounts, o.Clients)
	if err != nil {
		return nil, err
	}
	players := make([]*player, o.Clients)
	until, stop := context.WithTimeout(ctx, o.For)
	defer stop()
	elapsed := clock.Stopwatch()
	var wg sync.WaitGroup
	for i := range players {
		p := &player{crew: c, rng: rand.New(rand.NewPCG(o.Seed, uint64(i))), turn: i, times: map[string][]time.Duration{}}
		players[i] = p
		wg.Go(func() { p.play(ctx, until) })
	}
	wg.Wait()
	return newReport(o, serverInfo(ctx, o.URL), players, elapsed()), ctx.Err()
}

// serverInfo is what the server says about itself under /metrics, which it tells
// only to its own network: version, engine and Go version.
func serverInfo(ctx context.Context, url string) string {
	const name = "linli_build_info{"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url+"/metrics", nil)
	if err != nil {
		return "unknown"
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "unknown"
	}
	defer res.Body.Close()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if labels, found := strings.CutPrefix(lines.Text(), name); found {
			return strings.NewReplacer(`"`, "", ",", " ", "=", " ").Replace(labels[:strings.IndexByte(labels, '}')])
		}
	}
	return fmt.Sprintf("unknown (/metrics answered %d)", res.StatusCode)
}
