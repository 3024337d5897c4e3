// Package page holds the templates of orders: the resident's home, the
// one-sentence request, an order with its timeline, the volunteer's nearby, the
// station's board. They show what they are given, already in the
// reader's words; nothing is decided here.
package page
