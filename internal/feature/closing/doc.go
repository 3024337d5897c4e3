// Package closing is the monthly closing 月结 of a community: what looks wrong, what is
// in public notice and what is said against it, what is near its deadline, the spot
// check and the stars, on one page from which all of it is done.
//
// It keeps nothing of its own: every list is read from, and every step is taken by, the
// slice that the thing belongs to; each answer leads back here, and what is refused
// stands here with what was typed.
package closing
