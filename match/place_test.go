package match

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestWalkIsHaversine(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		a := Point{r.Float64()*170 - 85, r.Float64()*358 - 179}
		b := Point{a.Lat + r.NormFloat64()*0.05, a.Lng + r.NormFloat64()*0.05}
		want := haversine(a, b) * 1.3 / 75
		got, known := Walk(a, b)
		if !known || float64(got) < want-0.02 || float64(got) > want+1.02 {
			t.Fatalf("Walk(%v, %v) = %d, haversine gives %.3f minutes", a, b, got, want)
		}
		if back, _ := Walk(b, a); back != got {
			t.Fatalf("Walk(%v, %v) is %d there and %d back", a, b, got, back)
		}
	}
}

// haversine is the textbook formula in metres.
func haversine(a, b Point) float64 {
	rad := math.Pi / 180
	h := math.Pow(math.Sin((b.Lat-a.Lat)*rad/2), 2) +
		math.Cos(a.Lat*rad)*math.Cos(b.Lat*rad)*math.Pow(math.Sin((b.Lng-a.Lng)*rad/2), 2)
	return 2 * 6_371_008.8 * math.Asin(math.Sqrt(h))
}

func TestWalk(t *testing.T) {
	home := Point{39.9, 116.3}
	for _, c := range []struct {
		name    string
		a, b    Point
		minutes int
		known   bool
	}{
		{"same spot", home, home, 0, true},
		{"next door", home, Point{39.90001, 116.3}, 1, true},
		{"a kilometre north", home, Point{39.9 + 1000/111_195.0, 116.3}, 18, true},
		{"unknown start", Point{}, home, 0, false},
		{"unknown end", home, Point{}, 0, false},
		{"not on the Earth", home, Point{91, 0}, 0, false},
		{"not a number", home, Point{math.NaN(), 1}, 0, false},
		{"across the date line", Point{1, 179.9999}, Point{1, -179.9999}, 1, true},
	} {
		if minutes, known := Walk(c.a, c.b); minutes != c.minutes || known != c.known {
			t.Errorf("%s: %d, %v, want %d, %v", c.name, minutes, known, c.minutes, c.known)
		}
	}
}

func TestCurveKeepsNeighboursTogether(t *testing.T) {
	const step = 180.0 / (1 << curveBits)
	r := rand.New(rand.NewPCG(1, 2))
	seen := map[uint64]Point{}
	for range 50_000 {
		p := Point{r.Float64()*180 - 90, r.Float64()*360 - 180}
		d := p.curve()
		if q, ok := seen[d]; ok && (math.Abs(p.Lat-q.Lat) > step || math.Abs(p.Lng-q.Lng) > 2*step) {
			t.Fatalf("%v and %v are both at %d", p, q, d)
		}
		seen[d] = p
	}
	// Cells that share their first 2k bits lie in one square of the k-th quartering.
	for range 50_000 {
		p := Point{r.Float64()*180 - 90, r.Float64()*360 - 180}
		q := Point{min(90, p.Lat+r.Float64()*0.01), min(180, p.Lng+r.Float64()*0.01)}
		for k := 1; k < curveBits; k++ {
			together := p.curve()>>(2*(curveBits-k)) == q.curve()>>(2*(curveBits-k))
			if together != (quarter(p.Lat+90, 180, k) == quarter(q.Lat+90, 180, k) &&
				quarter(p.Lng+180, 360, k) == quarter(q.Lng+180, 360, k)) {
				t.Fatalf("%v and %v at quartering %d: together %v", p, q, k, together)
			}
		}
	}
}

// quarter is the number of v's part when 0 to size is cut into 2^k parts.
func quarter(v, size float64, k int) uint64 {
	return min(uint64(v/size*(1<<curveBits)), 1<<curveBits-1) >> (curveBits - k)
}
