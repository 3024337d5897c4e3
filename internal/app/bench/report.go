package bench

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"maps"
	"runtime"
	"slices"
	"text/tabwriter"
	"time"

	"linli/client"
)

// Report is what a run came to.
type Report struct {
	Server  string // version, engine and Go version, as the server says
	Clients int
	Seed    uint64
	Took    time.Duration
	Loops   int // whole ones
	Steps   []Step
	Errors  []Errors
}

// Step is how long one step took, over all clients. What went wrong is not in it.
type Step struct {
	Name               string
	Count              int
	P50, P95, P99, Max time.Duration
}

// Errors are the failures of one kind at one step.
type Errors struct {
	Kind    string // of the API, or "no answer"
	Step    string
	Count   int
	Example string
}

func newReport(o Options, server string, players []*player, took time.Duration) *Report {
	r := &Report{Server: server, Clients: o.Clients, Seed: o.Seed, Took: took}
	for _, name := range steps() {
		var all []time.Duration
		for _, p := range players {
			all = append(all, p.times[name]...)
		}
		r.Steps = append(r.Steps, measure(name, all))
	}
	found := map[[2]string]*Errors{}
	for _, p := range players {
		r.Loops += p.loops
		for _, f := range p.fails {
			key := [2]string{kindOf(f.err), f.step}
			if found[key] == nil {
				found[key] = &Errors{Kind: key[0], Step: f.step, Example: f.err.Error()}
			}
			found[key].Count++
		}
	}
	for e := range maps.Values(found) {
		r.Errors = append(r.Errors, *e)
	}
	slices.SortFunc(r.Errors, func(a, b Errors) int {
		return cmp.Or(b.Count-a.Count, cmp.Compare(a.Kind+a.Step, b.Kind+b.Step))
	})
	return r
}

// measure takes the percentiles by nearest rank.
func measure(name string, all []time.Duration) Step {
	s := Step{Name: name, Count: len(all)}
	if len(all) == 0 {
		return s
	}
	slices.Sort(all)
	at := func(percent int) time.Duration { return all[(len(all)*percent+99)/100-1] }
	s.P50, s.P95, s.P99, s.Max = at(50), at(95), at(99), all[len(all)-1]
	return s
}

func kindOf(err error) string {
	var e *client.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return "no answer"
}

// Write prints the report as a table.
func (r *Report) Write(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "server   %s\nclients  %d on %d cores, %s/%s, %s; seed %d\n\n",
		r.Server, r.Clients, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version(), r.Seed)
	fmt.Fprintln(t, "step\tn\tp50 ms\tp95 ms\tp99 ms\tmax ms\t")
	for _, s := range r.Steps {
		fmt.Fprintf(t, "%s\t%d\t%s\t%s\t%s\t%s\t\n", s.Name, s.Count, ms(s.P50), ms(s.P95), ms(s.P99), ms(s.Max))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(w, "\nloops    %d whole in %.1f s, %.1f a second\n", r.Loops, r.Took.Seconds(), float64(r.Loops)/r.Took.Seconds())
	if len(r.Errors) == 0 {
		_, err := fmt.Fprintln(w, "errors   none")
		return err
	}
	for _, e := range r.Errors {
		fmt.Fprintf(w, "errors   %d %s at %s: %s\n", e.Count, e.Kind, e.Step, e.Example)
	}
	return nil
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f", float64(d.Microseconds())/1000) }
