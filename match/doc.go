// Package match answers who should help whom. One half of it ranks: given one ask, it
// finds the best candidates, volunteers and teams, of a whole district, each with its
// reasons, and names those who were left out, each with its causes. The other half
// plans: given all asks and offers with the costs of their pairs, it finds the plan of
// least cost, proves it, and keeps it while asks come and go. It does no I/O, reads no
// clock and needs only the standard library; the same question always gets the same
// answer, byte for byte.
//
// # Ranking
//
// An [Index] holds the candidates. A [Candidate] has a place, skills with experience,
// weekly free time, how far they walk, how many orders a week they take, when they
// served last, and the orders already taken. An [Ask] has a place, the skills of which
// one will do, a window of time, the people needed, who has served the same person
// before, and who must not be asked. [Index.Rank] puts the two together.
//
// A candidate is considered who has an asked skill and is in reach: within NearMinutes,
// or as far as they are ready to walk. It is asked for, an item of the [Ranking], unless
// there is a cause against it: it is excluded, a team is too small, the walk is longer
// than they are ready for, the week's limit is reached, they are not free then, or they
// serve elsewhere at that time. A candidate with causes whose standing would have put
// it into the list is told among those left out.
//
// ## Score
//
// Four parts of 0 to 1,000 points weigh the same, each a [Reason]:
//
//	skill       400 for having it, 150 more for each time served with it, up to 4
//	walk        1,000 · (30 − minutes) / 30, at least 0
//	load        1,000 · (limit − taken) / limit, of the orders in the week of the ask
//	continuity  250 for each time served the same person, up to 4
//
// Minutes are the haversine distance × 1.3 for the detour of streets ÷ 75 m a minute,
// rounded up; see [Walk]. An unknown place is graded Half and gives no points, which
// ranks it behind what is known. Who set no limit is full at 7 orders a week for each
// member. Without an asked skill everybody has 500 points for it. Divisions round down.
//
// Two reasons take a little off when they apply, so that they decide among nearly equals:
//
//	rest        200 · (168 − hours) / 168, hours since they served last, less than a week
//	time        200 for not having said when they are free
//
// Equal scores are ordered by who served longest ago, then by a lot drawn from kind and
// id, the same every time but not always for those who registered first, then by kind
// and id.
//
// ## Time
//
// Time is counted in half hours, from Monday 00:00 on the clock of the ask's location.
// A service needs a run of free half hours, as long as it takes, inside its window, in
// which people enough are not taken by other orders. What begins or ends inside a half
// hour takes all of it, which leaves time for the way.
//
// ## Search
//
// For each skill, and once for everybody, a Hilbert R-tree holds a compact record of
// each candidate: a B-tree in the order of experience, then of the Hilbert curve through
// their places, whose branches carry bounds of everything below them (the box of
// places, the most points, the longest walk, the free parts of the week, the earliest
// turn). The ranking is branch and bound, best first: a heap of branches, ordered by
// the standing that each can promise at most; the most promising is opened next; what
// promises less than the worst of a full list is dropped. Continuity would spoil the
// bound, so those who know the person are looked up by key before, and all others count
// as strangers.
//
// The answer is exact, the same as scoring everybody. A bound is never below the
// standing of anybody under the branch; a branch is dropped only when its bound is below
// the worst of a full list; and the worst of a full list only gets better. So nobody who
// belongs into the list is ever dropped. The same holds for those left out, searched
// last, when the list that they would have to enter is settled. The tests compare
// thousands of random worlds with a ranking that scores everybody.
//
// A change rewrites one record in the tree of each skill of the candidate, in
// logarithmic time; a change of the orders taken changes the records in place.
//
// # Planning
//
// A [Problem] is a transportation problem on a sparse bipartite graph, with one layer
// more where it is needed:
//
//	minimise  Σ cost·x + Σ price·left + Σ cost of steps + Σ cost of slots
//	ask    i: Σ x of its pairs + left = units
//	pair   a: 0 ≤ x ≤ limit
//	slot   k: Σ x of pairs to it = what it passes on to its offer ≤ units
//	offer  j: Σ x to it, over its slots too, = Σ of its steps, each ≤ its units
//
// All numbers are whole, so the linear program has a whole optimum. The steps of an offer
// grow dearer, which makes load convex. Negative costs are refused.
//
// ## Proof
//
// The dual has a price p for a unit at each place and a price u for a unit of each ask. An
// answer is optimal if and only if there are prices with which no reduced cost (cost + p −
// u of a pair, and so on, see [Verify]) is below 0 where there is room nor above 0 where
// units are: complementary slackness. [Verify] checks just this, in one pass.
//
// ## Algorithm
//
// The core is exact from any prices (the two-sided form of the Hungarian method, or of
// successive shortest paths). Units that have their best place at the present prices, where
// that has room, are taken as they are. Each other unit is placed along a shortest
// augmenting path in the residual network, by Dijkstra's algorithm with reduced costs;
// free room that is priced too high counts as an end at no extra cost. Only places nearer
// than the end are touched, and only their prices rise: 5 to 15 of them on average, never
// the whole graph. Last, each place whose price is above the cost of its free room is the
// end of a shortest path backwards, which lowers prices. After both phases complementary
// slackness holds everywhere.
//
// Where the prices come from decides the speed, not the result: none and an ascent that
// bids without searching (Jonker, Volgenant) where room is plenty; an auction (Bertsekas)
// with two phases of ε, a tenth of what is at stake and then a sixth of that, or with
// ε-scaling down to the gaps where all must be served; for quantities the same on parcels
// of units; or the prices of yesterday. What is seen of the problem decides, see
// job.start, under a budget of work. The budget also bounds price wars, which make
// auctions pseudo-polynomial.
//
// Three things make the core fast. Each holder of a place has a bound on what sending it
// elsewhere costs, which stays right while prices rise, and spares most rows. Rows are
// read with gathers of 16 lanes where the machine has AVX-512, compressing what is under
// the limit. And asks are kept in the order in which they compete, see
// Problem.neighbours, so that what a search reads lies close together.
//
// A second processor helps where asks want what is near them: a large problem is cut across
// the middle into two halves that hardly compete (Problem.halves), which are solved at the
// same time, then the asks that reach into both are placed. The halves share no place, so
// the answer is the same on any number of processors.
//
// ## Changes
//
// A solved plan stays solved: a new ask is one more augmenting path, one that goes leaves
// a place priced too high for one path back. The same core therefore serves
// [Plan.Insert], [Plan.Cancel], [Plan.Close], [Plan.Forbid] and [Plan.Pin]. [Plan.Gain]
// searches a path back to room that does not exist, and tells what it would save exactly,
// where the dual price is only an upper bound if several plans are best.
//
// # Literature
//
// J. Edmonds, R. M. Karp, Theoretical improvements in algorithmic efficiency for network
// flow problems, J. ACM 19(2), 1972, for shortest augmenting paths with reduced costs.
// R. Jonker, A. Volgenant, A shortest augmenting path algorithm for dense and sparse
// linear assignment problems, Computing 38, 1987, for the ascent.
// D. P. Bertsekas, The auction algorithm, Annals of Operations Research 14, 1988.
// A. V. Goldberg, R. Kennedy, An efficient cost scaling algorithm for the assignment
// problem, Mathematical Programming 71, 1995, for ε-scaling.
// R. K. Ahuja, T. L. Magnanti, J. B. Orlin, Network Flows, 1993, chapters 9 and 12.
//
// A. Guttman, R-trees: a dynamic index structure for spatial searching, SIGMOD 1984.
// I. Kamel, C. Faloutsos, Hilbert R-tree: an improved R-tree using fractals, VLDB 1994.
// G. R. Hjaltason, H. Samet, Distance browsing in spatial databases, ACM TODS 24(2),
// 1999, for best-first search with bounds.
package match
