package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"linli/match"
	"linli/match/dimacs"
)

type benchMatch struct {
	Files   []string `arg:"" name:"file" help:"Files with one problem line p min, node lines n and arc lines a; packed with gzip or not."`
	Repeat  int      `default:"1" help:"Solve so many times and print the least times." placeholder:"N"`
	Threads int      `default:"1" help:"How many processors the engine may use at once." placeholder:"N"`
}

// Validate looks at the flags together; kong calls it.
func (c *benchMatch) Validate() error {
	if c.Repeat < 1 || c.Threads < 1 {
		return fmt.Errorf("--repeat and --threads must be at least 1")
	}
	return nil
}

// Run prints a line of key=value for each file. What is wrong with one file does not
// keep the others from being solved.
func (c *benchMatch) Run(w *work) error { return c.run(w.ctx, os.Stdout) }

func (c *benchMatch) run(ctx context.Context, out io.Writer) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(c.Threads))
	var failed []error
	for _, file := range c.Files {
		r, err := c.solve(ctx, file)
		if r.solved {
			fmt.Fprintln(out, r)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", file, err))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return errors.Join(failed...)
}

// result is what is told of one file.
type result struct {
	file       string
	optimum    int64
	unserved   int64         // units
	read       time.Duration // the file, until the engine could begin
	solve, cpu time.Duration // the least of all runs; cpu is that of the whole process
	bytes      uint64        // allocated by the engine, beside the problem
	solved     bool
	verified   bool
}

// String is the line. What is measured besides the keys that are promised stands last.
func (r result) String() string {
	return fmt.Sprintf("file=%s optimum=%d unserved=%d ms_read=%s ms_solve=%s mib=%.2f verified=%t ms_cpu=%s",
		bare(r.file), r.optimum, r.unserved, milliseconds(r.read), milliseconds(r.solve), float64(r.bytes)/(1<<20), r.verified, milliseconds(r.cpu))
}

// bare quotes a name that would not be one word.
func bare(name string) string {
	if quoted := strconv.Quote(name); strings.ContainsAny(name, " =") || len(quoted) != len(name)+2 {
		return quoted
	}
	return name
}

func milliseconds(d time.Duration) string {
	return strconv.FormatFloat(float64(d)/float64(time.Millisecond), 'f', 3, 64)
}

// solve reads a file, solves it, and proves the answer.
func (c *benchMatch) solve(ctx context.Context, file string) (result, error) {
	r := result{file: file}
	begun := time.Now()
	network, err := readNetwork(file)
	if err != nil {
		return r, err
	}
	problem, err := network.Problem()
	if err != nil {
		return r, fmt.Errorf("is not a matching: %w", err)
	}
	r.read = time.Since(begun)
	plan, err := r.measure(ctx, problem, c.Repeat)
	if err != nil {
		return r, err
	}
	r.solved, r.optimum, r.unserved = true, plan.Cost(), plan.Left()
	proof := match.Verify(problem, plan.Answer())
	r.verified = proof == nil
	return r, errors.Join(proof, network.Unserved(plan))
}

func readNetwork(file string) (*dimacs.Network, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, errors.Unwrap(err) // without the name, which is said already
	}
	defer f.Close()
	return dimacs.Read(f)
}

// measure solves a problem again and again. The collector of garbage works only between
// the runs, so that all that a run allocates is counted, and the next is not disturbed.
func (r *result) measure(ctx context.Context, p *match.Problem, repeat int) (plan *match.Plan, err error) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	for run := range repeat {
		plan = nil
		runtime.GC()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		cpu, begun := processTime(), time.Now()
		plan, err = match.Solve(ctx, p, match.Settings{})
		wall, cpu := time.Since(begun), processTime()-cpu
		runtime.ReadMemStats(&after)
		if err != nil {
			return nil, err
		}
		if run == 0 {
			r.solve, r.cpu, r.bytes = wall, cpu, after.TotalAlloc-before.TotalAlloc
		}
		r.solve, r.cpu = min(r.solve, wall), min(r.cpu, cpu)
	}
	return plan, nil
}
