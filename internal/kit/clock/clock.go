package clock

import (
	"sync"
	"time"
)

// Clock tells the time; production uses System, tests a *Manual.
type Clock interface {
	Now() time.Time
}

// System is the machine's clock.
type System struct{}

// Now is the present moment in UTC.
func (System) Now() time.Time { return time.Now().UTC() }

// Manual stands still until it is moved.
type Manual struct {
	mu  sync.Mutex // guards now
	now time.Time
}

// NewManual stands at t.
func NewManual(t time.Time) *Manual { return &Manual{now: t.UTC()} }

// Now is where the clock stands.
func (m *Manual) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// Set puts the clock to t, forward or back.
func (m *Manual) Set(t time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now = t.UTC()
}

// Add moves the clock by d.
func (m *Manual) Add(d time.Duration) { m.Set(m.Now().Add(d)) }

// Stopwatch measures how long something takes in the real world, for limits and
// figures; the clock that the code is given may stand still.
func Stopwatch() (elapsed func() time.Duration) {
	begun := time.Now()
	return func() time.Duration { return time.Since(begun) }
}
