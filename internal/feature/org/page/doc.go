// Package page holds the templates of organisations: the list of a place, one team
// with its people, the forms of staff and of leaders. They show what they are
// given, already in the reader's words.
package page
