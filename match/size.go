package match

import "unsafe"

// Size returns how many bytes solving takes at most beside the problem: of a pair 12 for
// its entry by place, 4 more when pairs are limited; of an ask and of a place what the
// solver keeps of them; and blocks for the holders of places. An auction, which is over
// before the entries by place are made, takes less than these.
func (p *Problem) Size() int64 {
	const (
		perAsk   = int64(unsafe.Sizeof(ask{}) + unsafe.Sizeof(use{}) + 4)
		perPlace = int64(unsafe.Sizeof(node{})+unsafe.Sizeof(stock{})) + 4 + 4 + 4
		perPair  = 12
	)
	size := perAsk*int64(p.Asks()) + perPlace*int64(p.Places()) + perPair*int64(p.Pairs())
	if p.limit != nil {
		size += 4 * int64(p.Pairs())
	}
	if p.slot != nil {
		size += 12 * int64(p.Places())
	}
	held := min(p.total, int64(p.Pairs()))
	rooms := int64(0)
	for _, s := range p.steps {
		rooms += min(int64(s.units), 2*smallBlock)
	}
	for _, s := range p.slot {
		rooms += min(int64(s.units), 2*smallBlock)
	}
	holders := rooms + 3*max(0, held-rooms)
	used := int64(2*p.Asks()) + 3*held
	return size + int64(unsafe.Sizeof(holder{}))*holders + 4*used + 1<<16
}
