// Package bench measures a running server from outside: it drives whole orders
// through the API with several clients at once, from the sentence to the three
// evaluations, and says how long each step took.
//
// It needs accounts that can sign in (accounts.json of the demo): residents who
// ask, a station worker who dispatches, volunteers who serve. A volunteer stands
// at one door at a time, so check-in and check-out of one volunteer wait for each
// other before they are measured.
package bench
