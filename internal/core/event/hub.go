package event

import (
	"context"
	"sync"
	"time"

	"linli/internal/kit/db"
)

// Hub tells live pages that a district has moved on. It asks the counters of the
// watched districts once a beat, which works for several processes on one
// database, and at once when this process has written (Wake).
type Hub struct {
	db   *db.DB
	wake chan struct{}

	mu       sync.Mutex // guards watchers and seen
	watchers map[int]map[chan int64]bool
	seen     map[int]int64
}

// Beat is how often a hub asks the database for what other processes wrote.
const Beat = time.Second

// NewHub makes a hub; Run keeps it going.
func NewHub(d *db.DB) *Hub {
	return &Hub{db: d, wake: make(chan struct{}, 1), watchers: map[int]map[chan int64]bool{}, seen: map[int]int64{}}
}

// Run watches until ctx ends.
func (h *Hub) Run(ctx context.Context) {
	tick := time.NewTicker(Beat)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-h.wake:
		}
		h.look(ctx)
	}
}

// Wake makes the hub look now; call it after a commit.
func (h *Hub) Wake() {
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Watch returns a channel that gets the newest number each time the district
// moves on; numbers that nobody has taken yet are replaced by newer ones. stop
// ends the watch.
func (h *Hub) Watch(district int) (news <-chan int64, stop func()) {
	ch := make(chan int64, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers[district] == nil {
		h.watchers[district] = map[chan int64]bool{}
	}
	h.watchers[district][ch] = true
	return ch, func() { h.leave(district, ch) }
}

func (h *Hub) leave(district int, ch chan int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.watchers[district], ch)
	if len(h.watchers[district]) == 0 {
		delete(h.watchers, district)
		delete(h.seen, district)
	}
}

// look asks for the counters of the watched districts and tells their watchers.
// A failed read is left to the next beat.
func (h *Hub) look(ctx context.Context) {
	for _, district := range h.watched() {
		var no int64
		err := h.db.Read(ctx, func(tx *db.Tx) (err error) {
			no, err = Newest(tx, district)
			return err
		})
		if err == nil {
			h.tell(district, no)
		}
	}
}

func (h *Hub) watched() []int {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []int
	for district := range h.watchers {
		all = append(all, district)
	}
	return all
}

func (h *Hub) tell(district int, no int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	before, known := h.seen[district]
	h.seen[district] = no
	if !known || before == no {
		return
	}
	for ch := range h.watchers[district] {
		select {
		case <-ch:
		default:
		}
		ch <- no
	}
}
