// Package demo moves people into an empty house: the five places of which figures
// were published (朝阳里, 阳明山庄, 塔谈, 东风路南 and the district 丰台), with
// invented residents, volunteers, teams and organisations, and with a year of
// orders that went through the very steps that real ones go through.
//
// What is true and what is not: names, codes of streets and counties, and figures
// are the published ones. Every person, house, grid, telephone number, order and
// word is invented. Codes of communities end in 9xx, which the statistical office
// does not give out. Mobile numbers begin with 154: it has the form of a mobile
// number, so that every check and every page treats it as one, but no carrier was
// ever given it (of 13x to 19x only 142, 143, 154, 161, 164 and 194 are still
// free, and 19x goes next). ID numbers begin with 66, which is no province.
// Landlines are on 5550, which is no exchange.
//
// Everything follows from the seed and the moment of loading: the same two give
// the same people, the same words and the same steps. Orders of the past are
// written by the service methods of package order in transactions that stand at
// the moment of the step (db.Tx.At), in the order in which they happened, so that
// events, ledgers and their chains read as if it had been lived.
//
// Loading has two stages. Essential is what the first page needs: the tree of
// places and 东风路南 as a whole. Rest follows while the server answers already;
// its transactions are short, so that nobody waits for them.
package demo
