// Package page holds the templates of persons: what a page shows is put together
// in package person, here it gets its mark-up.
package page
