// Package page holds the templates of volunteers: the list of a community, one
// volunteer, the form by which somebody becomes one. They show what they are
// given, already in the reader's words; nothing is decided here.
package page
