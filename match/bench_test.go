package match

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"
)

// A benchmark district is a square with as many people a square kilometre whatever its
// size, so that 500,000 volunteers live on 600 km².
const (
	benchPerKm2 = 830
	benchSkills = 20
)

var benchMonday = time.Date(2025, 9, 29, 0, 0, 0, 0, time.FixedZone("CST", 8*3600))

func BenchmarkRank100k(b *testing.B) { benchmarkRank(b, 100_000) }

func BenchmarkRank500k(b *testing.B) { benchmarkRank(b, 500_000) }

func benchmarkRank(b *testing.B, n int) {
	for _, w := range []struct {
		name  string
		shape func(*rand.Rand, *Candidate)
		ask   func(*Ask)
	}{
		{name: "district"},
		{name: "busy", shape: makeBusy},
		{name: "flexible", ask: func(a *Ask) { a.From, a.To, a.Length = benchMonday, benchMonday.AddDate(0, 0, 7), 2*time.Hour }},
		{name: "night", ask: func(a *Ask) { a.From, a.To = benchMonday.Add(2*time.Hour), benchMonday.Add(4*time.Hour) }},
		{name: "crowded", shape: crowd},
		{name: "unplaced", shape: func(_ *rand.Rand, c *Candidate) { c.At = Point{} }},
		{name: "imported", shape: justImported},
		{name: "anyskill", ask: func(a *Ask) { a.Skills = nil }},
	} {
		b.Run(w.name, func(b *testing.B) {
			r := rand.New(rand.NewPCG(1, uint64(n)))
			x := benchIndex(b, r, n, w.shape)
			asks := make([]Ask, 2000)
			for i := range asks {
				asks[i] = benchAsk(r, n)
				if w.shape != nil {
					c := Candidate{At: asks[i].At}
					w.shape(r, &c)
					asks[i].At = c.At
				}
				if w.ask != nil {
					w.ask(&asks[i])
				}
			}
			reportPercentiles(b, func(i int) { x.Rank(asks[i%len(asks)], 10) })
		})
	}
}

func BenchmarkPut500k(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 500_000))
	x := benchIndex(b, r, 500_000, nil)
	cs := make([]Candidate, 10_000)
	for i := range cs {
		cs[i] = benchCandidate(r, r.IntN(500_000), 500_000)
	}
	reportPercentiles(b, func(i int) {
		if err := x.Put(cs[i%len(cs)]); err != nil {
			b.Fatal(err)
		}
	})
}

func BenchmarkSetTaken500k(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 500_000))
	x := benchIndex(b, r, 500_000, nil)
	taken := []Span{{From: benchMonday, To: benchMonday.Add(time.Hour)}}
	reportPercentiles(b, func(i int) { x.SetTaken(benchKey(i*7919%500_000), taken) })
}

// reportPercentiles runs one for every iteration and reports what most and nearly all
// of them took at most: by the clock on the wall, and of the processor. On a machine
// that has other work the former says how long a thread waited for its turn.
func reportPercentiles(b *testing.B, one func(i int)) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	took, used := make([]time.Duration, 0, 1<<20), make([]time.Duration, 0, 1<<20)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		start, before := time.Now(), threadTime()
		one(i)
		used, took = append(used, threadTime()-before), append(took, time.Since(start))
	}
	for name, all := range map[string][]time.Duration{"": took, "cpu-": used} {
		slices.Sort(all)
		at := func(q float64) float64 { return float64(all[int(q*float64(len(all)-1))].Nanoseconds()) / 1e3 }
		b.ReportMetric(at(0.5), name+"p50-µs")
		b.ReportMetric(at(0.99), name+"p99-µs")
	}
}

func benchIndex(b *testing.B, r *rand.Rand, n int, shape func(*rand.Rand, *Candidate)) *Index {
	x := NewIndex()
	for i := range n {
		c := benchCandidate(r, i, n)
		if shape != nil {
			shape(r, &c)
		}
		if err := x.Put(c); err != nil {
			b.Fatal(err)
		}
	}
	return x
}

// crowd puts everybody into 400 buildings of one square kilometre.
func crowd(r *rand.Rand, c *Candidate) {
	c.At = Point{39.85 + 0.00045*float64(r.IntN(20)), 116.28 + 0.00058*float64(r.IntN(20))}
}

// makeBusy gives somebody up to three orders in two weeks.
func makeBusy(r *rand.Rand, c *Candidate) {
	for range r.IntN(4) {
		from := benchMonday.Add(time.Duration(r.IntN(14*24)) * time.Hour)
		c.Taken = append(c.Taken, Span{From: from, To: from.Add(2 * time.Hour)})
	}
}

// justImported leaves what a roster tells on the first day: all are equal.
func justImported(_ *rand.Rand, c *Candidate) {
	c.At, c.Free, c.Taken, c.WalkMax, c.LimitWeek, c.LastServed = Point{}, Week{}, nil, 0, 0, time.Time{}
	for i := range c.Skills {
		c.Skills[i].Times = 0
	}
}

func benchKey(i int) Key { return Key{Volunteer, fmt.Sprintf("0199a3f2-%028d", i)} }

func benchCandidate(r *rand.Rand, i, n int) Candidate {
	c := Candidate{
		Key:        benchKey(i),
		At:         benchPoint(r, n),
		WalkMax:    []int{0, 10, 15, 20, 30, 45}[r.IntN(6)],
		LimitWeek:  r.IntN(5),
		LastServed: benchMonday.Add(-time.Duration(r.IntN(60*24)) * time.Hour),
	}
	for range 1 + r.IntN(3) {
		c.Skills = append(c.Skills, Skill{benchSkill(r), max(0, r.IntN(14)-4)})
	}
	for day := range time.Weekday(7) {
		for _, hour := range []time.Duration{8, 14, 18} {
			if r.IntN(3) == 0 {
				c.Free = c.Free.With(day, hour*time.Hour, (hour+4)*time.Hour)
			}
		}
	}
	if r.IntN(10) == 0 {
		makeBusy(r, &c)
	}
	return c
}

func benchAsk(r *rand.Rand, n int) Ask {
	hour := []int{8, 9, 10, 14, 15, 16, 18, 19}[r.IntN(8)]
	from := benchMonday.Add(time.Duration(r.IntN(7)*24+hour) * time.Hour)
	a := Ask{
		At: benchPoint(r, n), Skills: []uint32{benchSkill(r)},
		From: from, To: from.Add(2 * time.Hour), Now: benchMonday,
		Known: map[Key]int{},
	}
	for range r.IntN(4) {
		a.Known[benchKey(r.IntN(n))] = 1 + r.IntN(5)
	}
	return a
}

func benchPoint(r *rand.Rand, n int) Point {
	side := math.Sqrt(float64(n)/benchPerKm2) / 111.2
	return Point{39.85 + side*r.Float64(), 116.28 + side*r.Float64()/math.Cos(39.9*math.Pi/180)}
}

// benchSkill draws few skills often and many seldom.
func benchSkill(r *rand.Rand) uint32 {
	return uint32(math.Exp(r.Float64()*math.Log(benchSkills+1))) - 1
}
