// Package dispatch is 一键排单 on the station's board: all waiting orders of a
// community, or of a street, are given to volunteers and teams together (package plan), the
// worker looks at it, and nothing goes out before they say so.
//
//	waiting orders, helpers ─▶ draft ─▶ pins and bans, the rest follows ─▶ confirmed: offers
//	                           └▶ dismissed
//
// Words: a draft 排单建议 is what is proposed for a place, with its proposals
// (who goes where, when, why), the orders left and who is missing; a choice is a pin
// 保留 (this one goes there, at that time) or a ban 不派这位.
//
// A draft is solved anew from the database after every choice. The result depends on
// the orders, the volunteers and the set of choices alone, not on the order in which
// they were made. What is shown is stored, and exactly what was shown is sent: each
// order is held against what the draft saw, and who has changed meanwhile is left out
// and said so.
//
// An order for several people goes to a team that brings all of them, if one has room, or
// to volunteers one by one. Who of the team comes its leader says when accepting.
//
// What goes out says when they would come. Who has been asked and has not answered counts
// as coming, here and when somebody is chosen by hand.
//
// Every night at five each community with waiting orders gets a draft, so that there
// is one in the morning; choices that somebody made the day before stay.
//
// Invariants: at most one draft is open for a place; a confirmed draft sends each
// order at most once, however often and by how many it is confirmed.
package dispatch
