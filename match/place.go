package match

import "math"

// The walking model. The line of sight is the haversine distance; streets make it
// longer by the detour factor 1.3 (circuity of urban footpaths is 1.2 to 1.4), and
// everybody walks 75 m a minute, an unhurried pace.
const (
	earthRadius       = 63_710_088 // decimetres, IUGG mean radius
	detour            = 1.3
	metresAMinute     = 75
	minutesADecimetre = detour / (metresAMinute * 10)
)

// curveBits are the bits of a coordinate on the Hilbert curve: cells of centimetres.
const curveBits = 31

// Point is a place in degrees. All points of an index must be in one system (WGS-84
// or GCJ-02, not both). The zero Point means that the place is not known.
type Point struct {
	Lat float64 // −90 to 90, north positive
	Lng float64 // −180 to 180, east positive
}

// Walk estimates the minutes on foot between two places, rounded up, and says
// whether both are known. It is the haversine distance × 1.3 ÷ 75 m/min.
func Walk(a, b Point) (minutes int, known bool) { return a.Origin().Walk(b.Origin()) }

// Origin is a point prepared for many walks: what of [Walk] depends on one of its ends
// alone, which is most of it, is done once.
type Origin struct{ at spot }

// Origin prepares p for many walks.
func (p Point) Origin() Origin { return Origin{p.spot()} }

// Walk is [Walk] between two prepared points.
func (a Origin) Walk(b Origin) (minutes int, known bool) {
	if a.at == nowhere || b.at == nowhere {
		return 0, false
	}
	return int(walkMinutes(a.at.distance2(b.at))), true
}

// valid says whether the point lies on the Earth; NaN does not.
func (p Point) valid() bool {
	return math.Abs(p.Lat) <= 90 && math.Abs(p.Lng) <= 180
}

// spot converts to Cartesian coordinates, or to nowhere when p is unknown or invalid.
func (p Point) spot() spot {
	if p == (Point{}) || !p.valid() {
		return nowhere
	}
	lat, lng := p.Lat*math.Pi/180, p.Lng*math.Pi/180
	round := func(v float64) int32 { return int32(math.Round(earthRadius * v)) }
	return spot{
		x: round(math.Cos(lat) * math.Cos(lng)),
		y: round(math.Cos(lat) * math.Sin(lng)),
		z: round(math.Sin(lat)),
	}
}

// curve is the position of p on the Hilbert curve through a grid of 2^31 × 2^31 cells
// over all degrees: what is close on the curve is close on the ground.
func (p Point) curve() uint64 {
	const side = 1 << curveBits
	x := uint64(min((p.Lng+180)/360*side, side-1))
	y := uint64(min((p.Lat+90)/180*side, side-1))
	var d uint64
	for i := curveBits - 1; i >= 0; i-- {
		right, upper := x>>i&1, y>>i&1
		d = d<<2 | 3*right ^ upper
		if upper == 0 {
			if right == 1 {
				x, y = side-1-x, side-1-y
			}
			x, y = y, x
		}
	}
	return d
}

// spot is a place on the Earth's surface as decimetres from its centre. The chord
// between two spots is 2R·√hav, the haversine formula without its arcsine; chord and
// arc differ by less than a metre within 90 km. Integers keep every comparison exact
// and the same on every machine.
type spot struct{ x, y, z int32 }

// nowhere stands for an unknown place; no surface point is at the centre.
var nowhere = spot{}

// distance2 is the squared chord in square decimetres; it stays below 2^56.
func (a spot) distance2(b spot) int64 {
	return square(a.x-b.x) + square(a.y-b.y) + square(a.z-b.z)
}

func square(d int32) int64 {
	return int64(d) * int64(d)
}

// walkMinutes turns a squared chord into minutes on foot, rounded up. It never
// decreases with the distance, so that a bound on distance bounds the minutes.
func walkMinutes(distance2 int64) int32 {
	return int32(math.Ceil(math.Sqrt(float64(distance2)) * minutesADecimetre))
}
