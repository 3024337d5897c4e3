//go:build !race

package demo

// raced says that the race detector runs.
const raced = false
