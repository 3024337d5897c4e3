package match

import (
	"slices"
	"sync"
)

// halvesFrom is the number of asks from which solving in halves is worth the finding of
// them.
const halvesFrom = 20_000

// smoothings is how often the cut between halves is smoothed.
const smoothings = 4

// halves parts the asks into two sides that hardly compete, and orders them: those of
// which all places are on the first side, those of the second, and the others. Asks are
// lined up breadth first from one that lies at the border, which is a line across the
// city; each then moves to the mean of its places and they to that of their asks, so that
// the cut runs straight. When too many would belong to neither side, nothing is changed.
func (p *Problem) halves(asks []int32, c suitors) (ordered []int32, cut [2]int32) {
	if len(asks) < halvesFrom || !p.single() {
		return asks, cut
	}
	line := p.lineUp(c, p.lineUp(c, asks[0])[len(asks)-1])
	at := make([]int32, len(asks))
	for k, i := range line {
		at[i] = int32(k) - int32(len(asks)/2)
	}
	for range smoothings {
		mean := p.meansOfPlaces(at)
		for i := range at {
			at[i] = p.meanOf(i, mean)
		}
	}
	mean := p.meansOfPlaces(at)
	slices.Sort(at)
	return p.part(asks, mean, at[len(at)/2])
}

// single says that every ask is for one unit, and that places are offers.
func (p *Problem) single() bool {
	return p.total == int64(len(p.units)) && p.limit == nil && p.slot == nil
}

// lineUp lists the asks breadth first over the cheapest places of each.
func (p *Problem) lineUp(c suitors, from int32) []int32 {
	line := make([]int32, 1, len(p.units))
	line[0] = from
	seen, done := make([]bool, len(p.units)), make([]bool, p.Places())
	seen[from] = true
	for next, k := 0, 0; k < len(p.units); k++ {
		if k == len(line) {
			for seen[next] {
				next++
			}
			seen[next] = true
			line = append(line, int32(next))
		}
		places, n := p.cheapest(line[k])
		for _, j := range places[:n] {
			if done[j] {
				continue
			}
			done[j] = true
			for _, other := range c.of(j) {
				if !seen[other] {
					seen[other] = true
					line = append(line, other)
				}
			}
		}
	}
	return line
}

func (p *Problem) meansOfPlaces(at []int32) []int32 {
	sum, n := make([]int64, p.Places()), make([]int32, p.Places())
	for i := range at {
		for _, j := range p.place[p.first[i]:p.first[i+1]] {
			sum[j] += int64(at[i])
			n[j]++
		}
	}
	mean := make([]int32, p.Places())
	for j := range mean {
		mean[j] = int32(sum[j] / int64(max(1, n[j])))
	}
	return mean
}

func (p *Problem) meanOf(i int, mean []int32) int32 {
	own := p.place[p.first[i]:p.first[i+1]]
	sum := int64(0)
	for _, j := range own {
		sum += int64(mean[j])
	}
	return int32(sum / int64(max(1, len(own))))
}

// part orders asks by the side of their places, if either side gets a third or more.
func (p *Problem) part(asks, mean []int32, middle int32) (ordered []int32, cut [2]int32) {
	var sides [3][]int32 // before, behind, on both
	for _, i := range asks {
		s := p.side(i, mean, middle)
		sides[s] = append(sides[s], i)
	}
	if least := min(len(sides[0]), len(sides[1])); 3*least < len(asks) {
		return asks, cut
	}
	cut[0] = int32(len(sides[0]))
	cut[1] = cut[0] + int32(len(sides[1]))
	return append(append(sides[0], sides[1]...), sides[2]...), cut
}

// side is 0 or 1 for an ask with all places on that side, 2 for the others.
func (p *Problem) side(i int32, mean []int32, middle int32) int {
	before, behind := false, false
	for _, j := range p.place[p.first[i]:p.first[i+1]] {
		before = before || mean[j] < middle
		behind = behind || mean[j] >= middle
	}
	switch {
	case before && behind:
		return 2
	case behind:
		return 1
	}
	return 0
}

// inHalves has the two sides solved at the same time, the asks of each by fn, which
// reads and writes nothing of the other. What comes out does not depend on how many
// processors there are.
func (j *job) inHalves(fn func(half *job, from, to int32) (done bool, err error)) (done bool, err error) {
	var halves [2]*job
	var dones [2]bool
	var errs [2]error
	var both sync.WaitGroup
	for k, to := range j.cut {
		from := append([]int32{0}, j.cut[:k]...)[k]
		halves[k] = j.half()
		both.Go(func() { dones[k], errs[k] = fn(halves[k], from, to) })
	}
	both.Wait()
	for _, h := range halves {
		j.scanned += h.scanned
		j.epoch += h.epoch
	}
	if errs[0] != nil {
		return false, errs[0]
	}
	return dones[0] && dones[1], errs[1]
}

// half shares the flow of j but searches by itself.
func (j *job) half() *job {
	f := *j.flow
	f.search = search{}
	f.scratch(f.first)
	return &job{flow: &f, ctx: j.ctx}
}
