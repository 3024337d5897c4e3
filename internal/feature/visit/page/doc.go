// Package page holds the templates of visits: the volunteer's check-in and check-out,
// the code that the host shows, who came and went, the sheet of codes. They show what
// they are given, already in the reader's words; nothing is decided here.
package page
