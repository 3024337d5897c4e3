// Package rule keeps the rules that a place may set for itself: limits, points an
// hour, radii. Each has a name, a default from the field (domain.md, section 6)
// and versions with the moment from which they hold, so that what was done last
// year is judged by last year's rules. A place without its own version takes the
// one of the nearest place above it.
package rule
