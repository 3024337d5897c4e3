package web

import (
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Metrics is a registry that writes the Prometheus text format. Its parts are
// made while the program starts and then only counted.
type Metrics struct {
	mu       sync.Mutex // guards families
	families []family
}

type family interface {
	meta() (name, help, kind string)
	write(w io.Writer)
}

// NewMetrics starts a registry with the figures of the Go runtime in it.
func NewMetrics() *Metrics {
	m := &Metrics{}
	m.Gauge("go_goroutines", "Goroutines that exist.", func() float64 { return float64(runtime.NumGoroutine()) })
	m.Gauge("go_memory_heap_bytes", "Bytes of live and not yet swept heap objects.", func() float64 {
		var s runtime.MemStats
		runtime.ReadMemStats(&s)
		return float64(s.HeapAlloc)
	})
	return m
}

func add[F family](m *Metrics, f F) F {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.families = append(m.families, f)
	return f
}

// Gauge is read whenever the metrics are.
func (m *Metrics) Gauge(name, help string, read func() float64) {
	add(m, &gauge{header{name, help, "gauge"}, read})
}

// Counter only grows; it has one series per combination of label values.
func (m *Metrics) Counter(name, help string, labels ...string) *Counter {
	return add(m, &Counter{header: header{name, help, "counter"}, series: newSeries[atomic.Int64](labels)})
}

// Histogram counts durations into buckets from 1 ms to 10 s.
func (m *Metrics) Histogram(name, help string, labels ...string) *Histogram {
	return add(m, &Histogram{header: header{name, help, "histogram"}, series: newSeries[timings](labels)})
}

// ServeHTTP writes all families, sorted by name.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	m.mu.Lock()
	families := slices.Clone(m.families)
	m.mu.Unlock()
	slices.SortFunc(families, func(a, b family) int {
		x, _, _ := a.meta()
		y, _, _ := b.meta()
		return strings.Compare(x, y)
	})
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	for _, f := range families {
		name, help, kind := f.meta()
		fmt.Fprintf(w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
		f.write(w)
	}
}

type header struct{ name, help, kind string }

func (h header) meta() (name, help, kind string) { return h.name, h.help, h.kind }

type gauge struct {
	header
	read func() float64
}

func (g *gauge) write(w io.Writer) { fmt.Fprintf(w, "%s %v\n", g.name, g.read()) }

// Counter is a number that only grows, per combination of label values.
type Counter struct {
	header
	series *series[atomic.Int64]
}

// Inc adds one to the series of these label values.
func (c *Counter) Inc(values ...string) { c.series.at(values).Add(1) }

func (c *Counter) write(w io.Writer) {
	c.series.each(func(labels string, n *atomic.Int64) {
		fmt.Fprintf(w, "%s%s %d\n", c.name, braces(labels), n.Load())
	})
}

// Histogram counts durations, per combination of label values.
type Histogram struct {
	header
	series *series[timings]
}

type timings struct {
	buckets [len(edges) + 1]atomic.Int64
	micros  atomic.Int64
}

// edges are the upper ends of the buckets, in seconds.
var edges = [...]float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

// Observe counts one duration in the series of these label values.
func (h *Histogram) Observe(d time.Duration, values ...string) {
	t := h.series.at(values)
	i, _ := slices.BinarySearch(edges[:], d.Seconds())
	t.buckets[i].Add(1)
	t.micros.Add(d.Microseconds())
}

func (h *Histogram) write(w io.Writer) {
	h.series.each(func(labels string, t *timings) {
		var sum int64
		for i := range t.buckets {
			sum += t.buckets[i].Load()
			fmt.Fprintf(w, "%s_bucket%s %d\n", h.name, braces(with(labels, "le", edge(i))), sum)
		}
		fmt.Fprintf(w, "%s_sum%s %v\n", h.name, braces(labels), float64(t.micros.Load())/1e6)
		fmt.Fprintf(w, "%s_count%s %d\n", h.name, braces(labels), sum)
	})
}

func edge(i int) string {
	if i == len(edges) {
		return "+Inf"
	}
	return strconv.FormatFloat(edges[i], 'g', -1, 64)
}

// series holds one T per combination of label values. Callers take values from
// closed sets (route names, statuses), so it stays small.
type series[T any] struct {
	labels []string
	values sync.Map // rendered labels → *T
}

func newSeries[T any](labels []string) *series[T] { return &series[T]{labels: labels} }

func (s *series[T]) at(values []string) *T {
	var key string
	for i, label := range s.labels {
		key = with(key, label, values[i])
	}
	if v, ok := s.values.Load(key); ok {
		return v.(*T)
	}
	v, _ := s.values.LoadOrStore(key, new(T))
	return v.(*T)
}

func (s *series[T]) each(fn func(labels string, v *T)) {
	all := map[string]*T{}
	s.values.Range(func(k, v any) bool {
		all[k.(string)] = v.(*T)
		return true
	})
	for _, key := range sorted(all) {
		fn(key, all[key])
	}
}

func with(labels, name, value string) string {
	pair := name + "=" + strconv.Quote(value)
	if labels == "" {
		return pair
	}
	return labels + "," + pair
}

func braces(labels string) string {
	if labels == "" {
		return ""
	}
	return "{" + labels + "}"
}
