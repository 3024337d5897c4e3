// Package place keeps the tree of places (区域): province, city, county (the
// district of our storage), street, community, and below it estates, grids and
// buildings.
//
// A place that has an official code is called by it, padded to 12 digits
// (domain.md 1.17); a place below a community is called by the community's code
// and a suffix. Either way the first six digits of an id are its district, so an
// id alone finds its row. A place's path lists its ancestors and itself and ends
// with a slash: "/130000000000/130100000000/130104000000/". A role held at a
// place holds for every path that begins with the place's own.
//
// Places end (ValidTo) but are never deleted. When a code is replaced by another,
// place_code leads every later look-up on and what stood below moves along.
//
// # Invariants
//
//   - A path is the parent's path followed by the place's own id.
//   - A maintained count (Count) equals the rows that it counts (CheckCounts).
package place
