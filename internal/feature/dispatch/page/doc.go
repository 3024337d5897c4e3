// Package page holds the templates of drafts: what a page shows is put together in
// package dispatch, here it gets its mark-up.
package page
