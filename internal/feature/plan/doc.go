// Package plan is 一键排单: all waiting orders are given to volunteers together, at the
// least cost over all, instead of one after the other.
//
//	orders, helpers ─▶ who could ─▶ match.Solve ─▶ visits, what is left and why, who is missing
//
// [Make] is pure: it knows neither a database nor a file. [Files] is the same from two
// spreadsheets to a third.
//
// # Who could
//
// A helper could serve an order who has one of the skills, lives within the minutes they
// are ready to walk, is free at one of the times of the order, and is not excluded. All of
// them are considered, not only the nearest few: where places are tight, leaving out
// candidates costs more than anything else.
//
// Minutes are those of match.Walk when both places have coordinates. Else they are
// guessed: 2 in the same building, 5 in the same grid, 10 in the same community. Who is of
// another community is not asked then. Where nothing is known of one of the two, the
// helper is asked all the same, behind all others.
//
// # Teams
//
// A team comes to an order for one person as a volunteer does. An order for several people
// goes as one to a team that brings all of them, when there is one in reach; those for
// which no team has room then go to volunteers one by one, and the whole is solved again.
// A team too has one order in a block: whether it divides is for its leader to say.
//
// # Times
//
// Time is counted in blocks of two hours, which leaves room for the way; a helper has one
// order in a block. An order with a wide window has several blocks to choose from, one
// that reaches over a border takes both blocks, which are then one for this helper. An
// order without a time takes one of the helper's orders of the week, the two agree on
// when. So do orders that need several people at once: the time at which most could come
// is chosen for them before.
//
// An order of whose blocks at least as many suit a helper as they take orders in a week
// needs none of its own: the others of that week leave one free whatever they are. It
// leads to the week directly and gets its time afterwards. This keeps the problem small
// and loses nothing.
//
// # Cost
//
// The cost of a visit is what its score in match.Index.Rank falls short of the best, so
// that a plan and a ranking agree:
//
//	skill       0 to 600, 150 less for each time served with it
//	walk        1,000 for 30 minutes, and so on beyond; unknown 1,000
//	continuity  0 to 1,000, 250 less for each time served the same person
//	load        1,000 · orders taken / limit of the week: each order of a week costs
//	            more than the one before, which spreads them
//	rest        up to 200 for having served within a week
//	time        200 for not having said when they are free
//	asked       150 for having been asked within 30 days, so that of nearly equals the one
//	            is sent whom nobody has asked for a month
//
// An order may be for one helper only (Order.Only): somebody has decided so. It goes
// before all others, and the rest is as good as can be beside it. When the rest is of the
// same visit (Order.With), all of it has one time: that which suits most of those who
// were decided on, and then most others.
//
// A unit left unserved costs 20,000, soon 30,000, urgent 60,000, emergency 120,000, and
// 200 more for each day of waiting, up to 30. That is more than the visits that have to
// change for it, so that as many are served as can be.
//
// # What is missing
//
// Orders left are grouped by service, community or grid, and time of the week. What one
// more volunteer there would serve is exact: a newcomer of each group is part of the
// problem, held back, and let in for the question; the plan follows, and is put back as it
// was (see newcomer). So is what one more visit would save over all (match.Plan.Gain),
// which orders the groups.
package plan
