// Package page holds the templates of places: what a page shows is put together
// in package place, here it gets its mark-up.
package page
