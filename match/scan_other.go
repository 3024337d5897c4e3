//go:build !amd64 || purego

package match

// below finds the k with cost[k]+p[at[k]] < limit, see scanBelow.
func below(at, cost, p []int32, limit int32, value, index []int32) int {
	return scanBelow(at, cost, p, limit, value, index)
}

// best2 finds the smallest and second smallest of cost[k]+p[at[k]], see scanBest.
func best2(at, cost, p []int32, limit int32) (first, second int32, k int) {
	return scanBest(at, cost, p, limit)
}
