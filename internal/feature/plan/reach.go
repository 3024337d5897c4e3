package plan

import (
	"math"
	"slices"

	"linli/internal/core/category"
	"linli/match"
)

// Minutes on foot that are guessed without coordinates.
const (
	sameBuilding = 2
	sameGrid     = 5
	sameArea     = 10
	unknownWalk  = -1
)

// guess is the minutes between two spots of which one has no coordinates, or unknownWalk;
// near is false when it is known to be too far to guess.
func guess(a, b *Spot) (minutes int, near bool) {
	switch {
	case a.Area != "" && b.Area != "" && a.Area != b.Area:
		return unknownWalk, false
	case a.Building != "" && a.Building == b.Building:
		return sameBuilding, true
	case a.Grid != "" && a.Grid == b.Grid:
		return sameGrid, true
	case a.Area != "" && a.Area == b.Area:
		return sameArea, true
	}
	return unknownWalk, true
}

// reach finds the helpers with a skill around a spot.
type reach struct {
	helpers []Helper
	skills  map[uint32]*shelf
	step    float64 // degrees of longitude for one of latitude, at most
	briefs  []brief // of each helper
}

// brief is what is looked at of a helper first, close together in memory.
type brief struct {
	at    match.Origin
	walk  int32 // minutes at most
	limit int32 // orders a week
	busy  bool  // has taken orders
}

// shelf holds the helpers of one skill by where they are.
type shelf struct {
	all     []int32
	located []grid             // those with coordinates, by how far they walk
	byArea  map[string][]int32 // those without, by community
	nowhere []int32            // those of whom nothing is known
	inArea  map[string][]int32 // those with coordinates and a community
	rest    []int32            // those with coordinates but no community
}

// grid has cells as wide as its helpers walk, so that nine of them hold all in reach.
type grid struct {
	walk  int
	side  float64 // of a cell, in degrees of latitude
	cells map[[2]int32][]int32
}

// Classes of how far helpers walk, in minutes.
func walks() []int { return []int{15, 30, 60, 120, math.MaxUint16} }

// metres of a degree of latitude at least, and of a minute on foot at most.
const (
	metresADegree = 110_500
	metresAMinute = 75 / 1.3
)

func newReach(orders []Order, helpers []Helper) *reach {
	r := &reach{helpers: helpers, skills: map[uint32]*shelf{}, step: 1}
	for i := range helpers {
		r.cover(helpers[i].Spot.At)
	}
	for i := range orders {
		r.cover(orders[i].At)
	}
	r.briefs = make([]brief, len(helpers))
	for i := range helpers {
		h := &helpers[i]
		r.briefs[i] = brief{h.Spot.At.Origin(), int32(walkMax(h)), int32(h.limit()), len(h.Taken) > 0}
		for _, s := range h.Skills {
			r.shelf(s.Code).put(r, int32(i))
		}
	}
	return r
}

// cover widens the step for the latitude of a point, up to 87 degrees.
func (r *reach) cover(at match.Point) {
	r.step = max(r.step, min(1/math.Cos(at.Lat*math.Pi/180), 20))
}

func (r *reach) shelf(code uint32) *shelf {
	s := r.skills[code]
	if s == nil {
		s = &shelf{byArea: map[string][]int32{}, inArea: map[string][]int32{}}
		for _, minutes := range walks() {
			s.located = append(s.located, grid{minutes, float64(minutes) * metresAMinute / metresADegree, map[[2]int32][]int32{}})
		}
		r.skills[code] = s
	}
	return s
}

func (s *shelf) put(r *reach, i int32) {
	h := &r.helpers[i]
	if n := len(s.all); n > 0 && s.all[n-1] == i {
		return // the skill is named twice
	}
	s.all = append(s.all, i)
	switch {
	case h.Spot.At != (match.Point{}):
		g := &s.located[slices.IndexFunc(s.located, func(g grid) bool { return walkMax(h) <= g.walk })]
		c := g.cell(h.Spot.At, r.step)
		g.cells[c] = append(g.cells[c], i)
		if h.Area == "" {
			s.rest = append(s.rest, i)
		} else {
			s.inArea[h.Area] = append(s.inArea[h.Area], i)
		}
	case h.Area != "":
		s.byArea[h.Area] = append(s.byArea[h.Area], i)
	default:
		s.nowhere = append(s.nowhere, i)
	}
}

func (g *grid) cell(at match.Point, step float64) [2]int32 {
	return [2]int32{int32(math.Floor(at.Lat / g.side)), int32(math.Floor(at.Lng / (g.side * step)))}
}

// walk is the minutes from an order to a helper, or unknownWalk; near is false when it is
// farther than the helper walks.
func (r *reach) walk(o *Order, from match.Origin, k int32) (minutes int, near bool) {
	b := &r.briefs[k]
	minutes, near = from.Walk(b.at)
	if !near {
		minutes, near = guess(&o.Spot, &r.helpers[k].Spot)
	}
	return minutes, near && minutes <= int(b.walk)
}

// around calls visit with everybody who may be in reach and perhaps some more.
func (r *reach) around(o *Order, visit func(helper int32)) {
	for _, code := range codes(o.Service) {
		s := r.skills[code]
		if s == nil {
			continue
		}
		for _, list := range s.near(&o.Spot, r.step) {
			for _, i := range list {
				visit(i)
			}
		}
	}
}

// skilled lists the helpers who can do a service, each once.
func (r *reach) skilled(service category.Service) (all []int32) {
	skills := codes(service)
	for _, code := range skills {
		if s := r.skills[code]; s != nil {
			all = append(all, s.all...)
		}
	}
	if len(skills) > 1 {
		slices.Sort(all)
		all = slices.Compact(all)
	}
	return all
}

// near lists the helpers who may be in reach.
func (s *shelf) near(at *Spot, step float64) (lists [][]int32) {
	placed := at.At != (match.Point{})
	if placed {
		for k := range s.located {
			lists = append(lists, s.located[k].nine(at.At, step)...)
		}
	}
	if at.Area == "" && !placed {
		return [][]int32{s.all}
	}
	lists = append(lists, s.nowhere)
	if at.Area == "" {
		for _, area := range sortedKeys(s.byArea) {
			lists = append(lists, s.byArea[area])
		}
		return lists
	}
	lists = append(lists, s.byArea[at.Area])
	if !placed {
		lists = append(lists, s.inArea[at.Area], s.rest)
	}
	return lists
}

func (g *grid) nine(at match.Point, step float64) (lists [][]int32) {
	if len(g.cells) == 0 {
		return nil
	}
	c := g.cell(at, step)
	for lat := c[0] - 1; lat <= c[0]+1; lat++ {
		for lng := c[1] - 1; lng <= c[1]+1; lng++ {
			if list := g.cells[[2]int32{lat, lng}]; list != nil {
				lists = append(lists, list)
			}
		}
	}
	return lists
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// codes are the skills of which one will do: the service, or any below an official
// category.
func codes(s category.Service) []uint32 {
	out := []uint32{s.Code}
	if s.IsTop() {
		for _, below := range category.Children(s.Code) {
			out = append(out, below.Code)
		}
	}
	return out
}
