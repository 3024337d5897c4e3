// Package clock is the only place that reads the wall clock. Everything else is
// handed a Clock or uses the time that its transaction was given.
package clock
