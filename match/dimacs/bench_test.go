package dimacs

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"linli/match"
)

var benchFile = flag.String("file", "testdata/dispatch_s.1.min.gz", "the problem of the benchmarks")

func benchProblem(b *testing.B) *match.Problem {
	b.Helper()
	f, err := os.Open(*benchFile)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	n, err := Read(f)
	if err != nil {
		b.Fatal(err)
	}
	p, err := n.Problem()
	if err != nil {
		b.Fatal(err)
	}
	return p
}

func solved(b *testing.B, p *match.Problem) *match.Plan {
	b.Helper()
	plan, err := match.Solve(context.Background(), p, match.Settings{})
	if err != nil {
		b.Fatal(err)
	}
	return plan
}

// BenchmarkSolve solves the file given by -file.
func BenchmarkSolve(b *testing.B) {
	p := benchProblem(b)
	for b.Loop() {
		solved(b, p)
	}
}

// BenchmarkProcessors solves in turn on one processor and on two, and reports the best of
// each and how many times faster two are.
func BenchmarkProcessors(b *testing.B) {
	p := benchProblem(b)
	best := [3]time.Duration{1: time.Hour, 2: time.Hour}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	for b.Loop() {
		for n := 1; n <= 2; n++ {
			runtime.GC()
			runtime.GOMAXPROCS(n)
			start := time.Now()
			solved(b, p)
			best[n] = min(best[n], time.Since(start))
		}
	}
	b.ReportMetric(best[1].Seconds()*1e3, "ms-on-one")
	b.ReportMetric(best[2].Seconds()*1e3, "ms-on-two")
	b.ReportMetric(float64(best[1])/float64(best[2]), "x-faster")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkWarm takes orders out of a solved plan and puts them in again, and reports
// how long one of each takes with the plan kept optimal.
func BenchmarkWarm(b *testing.B) {
	p := benchProblem(b)
	plan := solved(b, p)
	rng := rand.New(rand.NewPCG(1, 1))
	n := min(3000, p.Asks())
	for b.Loop() {
		var out, in []time.Duration
		plan.Cancel(rng.IntN(p.Asks())) // the first change makes the plan its own problem
		for _, ask := range rng.Perm(p.Asks())[:n] {
			units, price := p.Ask(ask)
			pairs := p.Offered(ask)
			start := time.Now()
			plan.Cancel(ask)
			middle := time.Now()
			if _, err := plan.Insert(units, price, pairs...); err != nil {
				b.Fatal(err)
			}
			out, in = append(out, middle.Sub(start)), append(in, time.Since(middle))
		}
		report(b, "cancel", out)
		report(b, "insert", in)
	}
	if err := match.Verify(plan.Problem(), plan.Answer()); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkHundredth changes one order in a hundred of a solved plan: half of them go,
// half are new. It reports the best of all runs.
func BenchmarkHundredth(b *testing.B) {
	p := benchProblem(b)
	rng := rand.New(rand.NewPCG(1, 1))
	best := time.Hour
	for b.Loop() {
		plan := solved(b, p)
		plan.Cancel(0) // the first change makes the plan its own problem
		asks := rng.Perm(p.Asks())[:p.Asks()/200]
		pairs := make([][]match.Offered, len(asks))
		for k, ask := range asks {
			pairs[k] = p.Offered(ask)
		}
		runtime.GC()
		start := time.Now()
		for _, ask := range asks {
			plan.Cancel(ask)
		}
		for k, ask := range asks {
			units, price := p.Ask(ask)
			if _, err := plan.Insert(units, price, pairs[k]...); err != nil {
				b.Fatal(err)
			}
		}
		best = min(best, time.Since(start))
	}
	b.ReportMetric(best.Seconds()*1e3, "ms-best")
	b.ReportMetric(0, "ns/op")
}

func report(b *testing.B, what string, d []time.Duration) {
	slices.Sort(d)
	us := func(q float64) float64 { return float64(d[int(q*float64(len(d)-1))].Nanoseconds()) / 1e3 }
	b.ReportMetric(us(.5), what+"-p50-µs")
	b.ReportMetric(us(.99), what+"-p99-µs")
}
