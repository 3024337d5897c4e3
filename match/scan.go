package match

// scanSlack is how much longer than a row the results of below must be, as it stores
// whole vectors.
const scanSlack = 32

// scanBelow is the portable form of below: it finds the k with cost[k]+p[at[k]] < limit
// and stores these sums in value and the k in index, in order.
func scanBelow(at, cost, p []int32, limit int32, value, index []int32) (found int) {
	cost = cost[:len(at)]
	for k, j := range at {
		v := cost[k] + p[j]
		value[found], index[found] = v, int32(k)
		if v < limit {
			found++
		}
	}
	return found
}

// scanBest is the portable form of best2: the smallest and the second smallest of
// cost[k]+p[at[k]] and limit, and the k of the smallest, −1 for limit itself.
func scanBest(at, cost, p []int32, limit int32) (first, second int32, k int) {
	first, second, k = limit, limit, -1
	cost = cost[:len(at)]
	for q, j := range at {
		v := cost[q] + p[j]
		if v >= second {
			continue
		}
		if v < first {
			first, second, k = v, first, q
		} else {
			second = v
		}
	}
	return first, second, k
}
