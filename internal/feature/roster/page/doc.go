// Package page holds the templates of rosters: where they are sent, what was found
// in one, what becomes of it, and the export. They show what they are given,
// already in the reader's words.
package page
