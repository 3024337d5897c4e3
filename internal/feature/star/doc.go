// Package star keeps star rating 星级 and the yearly honours 荣誉: 最美志愿者, 金点子.
//
// How many hours a star is, is a table of the place with the day from which it holds
// (domain.md 1.4): over all time or of a year, with the level that approves each star
// and the days of public notice. The house proposes a star to whoever has enough
// minutes that count (package record) and has passed the year's gate of points.
//
//	proposed → notice → given
//	         → refused   → refused, when an objection is upheld
//
// An honour is a round: nominating → voting → notice → given. One person has one
// vote, in the place where they live, and may change it until the last day.
//
// Invariants: nobody approves their own star or rules on an objection to it; a star
// is given once for a volunteer (and year); nothing is given while an objection is
// open; a change of the table rewrites no star that was given.
package star
