package match

import (
	"context"
	"math/rand/v2"
	"runtime"
	"testing"
)

// TestSizeIsTold measures what a solved plan keeps, which is not to be more than Size
// says, nor than 24 bytes a pair and 100 an ask or place.
func TestSizeIsTold(t *testing.T) {
	for name, s := range map[string]shape{
		"single":     {asks: 20000, places: 60000, degree: 30, units: 1, steps: 3, room: 1, cost: 3000, due: 9000},
		"quantities": {asks: 20000, places: 20000, degree: 60, units: 20, limit: 5, steps: 3, room: 9, cost: 3000, due: 9000},
		"slots":      {asks: 20000, places: 20000, degree: 30, units: 1, steps: 3, room: 1, slots: 2, cost: 3000, due: 9000},
	} {
		t.Run(name, func(t *testing.T) {
			p := problem(t, s.random(rand.New(rand.NewPCG(1, 1))))
			before := heapBytes()
			plan, err := Solve(context.Background(), p, Settings{})
			if err != nil {
				t.Fatal(err)
			}
			kept := heapBytes() - before
			runtime.KeepAlive(plan)
			allowed := int64(24*p.Pairs() + 100*(p.Asks()+p.Places()))
			t.Logf("%d bytes kept, Size says %d, allowed %d", kept, p.Size(), allowed)
			if kept > p.Size() || kept > allowed {
				t.Error("too much")
			}
		})
	}
}

func heapBytes() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
