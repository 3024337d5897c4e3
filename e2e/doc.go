// Package e2e holds tests of the whole house: the main loop over the API on both
// engines, stories of bad input, a server that is killed, and the browser.
// Package town is where they happen, package browser how pages are looked at.
package e2e
