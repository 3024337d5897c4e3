// Package visit is the visit 上门: one coming and going of one volunteer at one door,
// with what proves it, and the codes by which a door proves it.
//
// Words: the evidence is what a check-in 签到 or check-out 签退 proves, by a code and
// by a position; the grade 证明等级 is how well; a proposal is the capped length of a
// visit whose check-out was forgotten, until somebody else settles it; the code is
// the four digits that the host's page shows, new every half minute; a sheet 码纸 is
// one-time codes on paper for somebody without a phone.
//
//	open 签到 → done 签退
//	open → proposed (forgotten) → done (settled by the leader or the station)
//
// Whose door it is and what follows for an order is the order's business: package
// order makes the steps, on its own locked row and in its own transaction, and calls
// down to here with the Door of the order. A visit knows its order by id alone.
//
// Invariants: a volunteer has at most one open visit (order sees to it); a visit
// counts with evidence of its own or with the host's word afterwards; a proposal is
// never zero and never above the place's cap; a code on paper is used once.
package visit
