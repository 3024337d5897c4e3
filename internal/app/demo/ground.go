package demo

import (
	"fmt"
	"math"

	"linli/internal/core/place"
)

// ground is a community with its houses: the places to make, and their doors.
type ground struct {
	spec
	path   string // of the community; known once the official places are there
	places []place.Place
	houses []house
}

// house is one building with its doors in the order in which they are let.
type house struct {
	id, path, estate string
	no               int
	at               place.Position
	doors            []string
}

// lay plans the places of a community.
func lay(s spec, path string, d draw) ground {
	g := ground{spec: s, path: path}
	at := s.at(0, 0)
	g.add(place.Place{ID: s.id, Parent: s.street, Level: place.Community, Name: s.name, Phone: s.phone, Position: &at})
	parents := g.layGrids()
	for i, e := range s.estates {
		g.layEstate(e, parents[i%len(parents)], d)
	}
	return g
}

// layGrids makes the grids, and says below which places the estates stand.
func (g *ground) layGrids() []string {
	if g.grids == 0 {
		return []string{g.id}
	}
	var out []string
	for i := range g.grids {
		near := g.estates[i%len(g.estates)]
		at := g.at(near.east, near.north)
		out = append(out, g.add(place.Place{ID: g.next(), Parent: g.id, Level: place.Grid, Name: fmt.Sprintf("第%d网格", i+1), Position: &at}))
	}
	return out
}

func (g *ground) layEstate(e estate, parent string, d draw) {
	at := g.at(e.east, e.north)
	id := g.add(place.Place{ID: g.next(), Parent: parent, Level: place.Estate, Name: e.name, Position: &at})
	across := int(math.Ceil(math.Sqrt(float64(e.buildings))))
	for i := range e.buildings {
		at := g.at(e.east+(i%across-across/2)*e.apart*2, e.north+(i/across-across/2)*e.apart)
		b := place.Place{ID: g.next(), Parent: id, Level: place.Building, Name: fmt.Sprintf("%d号楼", i+1), Position: &at}
		g.add(b)
		g.houses = append(g.houses, house{id: b.ID, path: g.pathOf(b.ID), estate: e.name, no: i + 1, at: at, doors: e.doorsOf(d)})
	}
}

// doorsOf lists the doors of a building in a mixed order, so that not only the
// lower floors are lived in.
func (e estate) doorsOf(d draw) []string {
	var out []string
	for unit := range e.units {
		for floor := range e.floors {
			for door := range e.doors {
				out = append(out, fmt.Sprintf("%d单元%d%02d", unit+1, floor+1, door+1))
			}
		}
	}
	d.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	return out
}

func (g *ground) add(p place.Place) string {
	g.places = append(g.places, p)
	return p.ID
}

func (g *ground) next() string { return place.IDBelow(g.id, uint64(len(g.places))) }

// pathOf is the path of a place of this community.
func (g *ground) pathOf(id string) string {
	if id == g.id {
		return g.path
	}
	for _, p := range g.places {
		if p.ID == id {
			return g.pathOf(p.Parent) + id + "/"
		}
	}
	return ""
}

const metresADegree = 111_320 // of latitude

// at is the point so many metres from the middle.
func (s spec) at(east, north int) place.Position {
	return place.Position{
		Lat: round(s.lat + float64(north)/metresADegree),
		Lng: round(s.lng + float64(east)/(metresADegree*math.Cos(s.lat*math.Pi/180))),
	}
}

// round keeps about a tenth of a metre.
func round(degrees float64) float64 { return math.Round(degrees*1e6) / 1e6 }
