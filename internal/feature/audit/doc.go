// Package audit looks at the record from outside: what looks wrong (findings 疑点),
// and what is looked at by lot (spot checks 抽查), with the public page of a place on
// which anybody can follow both.
//
// Words: a finding is a suspicion with its evidence, which somebody decides; it says
// nothing about guilt. Its level is who looks: the unit, or the street. The seed is a
// random text that is published before the month that it draws from is over; the draw
// follows from the seed and the ids of the rows alone.
//
//	open → cleared (nothing wrong) | upheld (the row is corrected or withdrawn)
//
// # The draw, for whoever wants to do it again
//
// The rows of a month are those of the community that were entered in it (Beijing
// time) and are no withdrawals. For each take SHA-256 of the text "seed:id" in
// lower-case hex, put them in the order of these texts, and take the first n, where n
// is the place's per cent of all rows, rounded up. Rows entered by hand are checked
// too, every one. The list can be downloaded from the public page. A row that is found
// false is withdrawn.
//
// Invariants: one finding of a kind about one thing is open at a time, and frees or
// withdraws all that it held; what was decided is not asked again, only what came
// since; nobody decides about themselves or what they entered; a seed never changes; a
// month is drawn once, after it is over.
package audit
