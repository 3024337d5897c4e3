//go:build race

package demo

// raced says that the race detector runs, which makes SQLite ten times slower.
const raced = true
