package match

// heap is a 4-ary heap of places by distance, packed into one word each: half the depth
// of a binary one, and the children of a node share a cache line.
type heap []uint64

func packed(dist, place int32) uint64 { return uint64(uint32(dist))<<32 | uint64(uint32(place)) }

func (h *heap) push(dist, place int32) {
	x := packed(dist, place)
	s := append(*h, x)
	k := len(s) - 1
	for k > 0 {
		up := (k - 1) >> 2
		if s[up] <= x {
			break
		}
		s[k] = s[up]
		k = up
	}
	s[k] = x
	*h = s
}

func (h *heap) pop() (dist, place int32) {
	s := *h
	top, x := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	*h = s
	if len(s) > 0 {
		s.sink(x)
	}
	return int32(top >> 32), int32(uint32(top))
}

// sink puts x where the root was and lets it down.
func (s heap) sink(x uint64) {
	k := 0
	for {
		down := k<<2 + 1
		if down >= len(s) {
			break
		}
		least := down
		for c := down + 1; c < min(down+4, len(s)); c++ {
			if s[c] < s[least] {
				least = c
			}
		}
		if s[least] >= x {
			break
		}
		s[k] = s[least]
		k = least
	}
	s[k] = x
}
