//go:build !purego

package match

// wide says whether this machine has the vectors that the scans in assembly need:
// AVX-512 F and VL, kept by the operating system, and BMI 1 and 2.
var wide = hasWide()

//go:noescape
func hasWide() bool

//go:noescape
func belowWide(at, cost *int32, n int, p *int32, limit int32, value, index *int32) int

//go:noescape
func bestWide(at, cost *int32, n int, p *int32, limit int32) (first, second int32, k int)

// below finds the k with cost[k]+p[at[k]] < limit, see scanBelow.
func below(at, cost, p []int32, limit int32, value, index []int32) int {
	if !wide {
		return scanBelow(at, cost, p, limit, value, index)
	}
	if len(at) == 0 {
		return 0
	}
	return belowWide(&at[0], &cost[0], len(at), &p[0], limit, &value[0], &index[0])
}

// best2 finds the smallest and second smallest of cost[k]+p[at[k]], see scanBest.
func best2(at, cost, p []int32, limit int32) (first, second int32, k int) {
	if !wide {
		return scanBest(at, cost, p, limit)
	}
	if len(at) == 0 {
		return limit, limit, -1
	}
	return bestWide(&at[0], &cost[0], len(at), &p[0], limit)
}
