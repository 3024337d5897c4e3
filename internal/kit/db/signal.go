package db

import "sync"

// signals wakes goroutines of this process after a commit. Other processes learn
// nothing: whoever listens also looks by itself from time to time.
type signals struct {
	mu     sync.Mutex // guards topics
	topics map[string]map[chan struct{}]bool
}

// Listen returns a channel that gets a token after each commit that called
// Tx.Signal for the topic; tokens that nobody has taken yet become one.
func (d *DB) Listen(topic string) (woken <-chan struct{}, stop func()) {
	s := &d.signals
	c := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.topics == nil {
		s.topics = map[string]map[chan struct{}]bool{}
	}
	if s.topics[topic] == nil {
		s.topics[topic] = map[chan struct{}]bool{}
	}
	s.topics[topic][c] = true
	return c, func() { s.forget(topic, c) }
}

// Signal wakes the listeners of a topic once the transaction has been committed.
func (tx *Tx) Signal(topic string) {
	tx.AfterCommit(func() { tx.db.signals.wake(topic) })
}

func (s *signals) forget(topic string, c chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.topics[topic], c)
}

func (s *signals) wake(topic string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.topics[topic] {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
