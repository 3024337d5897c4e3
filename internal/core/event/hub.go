package event

import (
	"context"
	"sync"
	"time"

	"linli/internal/kit/db"
)

// Hub tells live pages that a district has moved on. It asks the counters of the
// watched districts once a beat, which works for several processes on one
// database, and at once when this process has written.
type Hub struct {
	db *db.DB

	mu       sync.Mutex                   // guards watchers
	watchers map[int]map[chan int64]int64 // by district: who watches, and what they were told
}

// Beat is how often a hub asks the database for what other processes wrote; Gap
// is the least time between two looks, however much this process writes.
const (
	Beat = time.Second
	Gap  = 100 * time.Millisecond
)

// NewHub makes a hub; Run keeps it going.
func NewHub(d *db.DB) *Hub {
	return &Hub{db: d, watchers: map[int]map[chan int64]int64{}}
}

// Run watches until ctx ends.
func (h *Hub) Run(ctx context.Context) { keep(ctx, h.db, Beat, Gap, h.look) }

// Watch returns a channel that gets the district's newest number, soon and then
// each time it moves on; numbers that nobody has taken yet are replaced by newer
// ones. The first number lets a page that was away find out whether it missed
// anything. stop ends the watch.
func (h *Hub) Watch(district int) (news <-chan int64, stop func()) {
	ch := make(chan int64, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.watchers[district] == nil {
		h.watchers[district] = map[chan int64]int64{}
	}
	h.watchers[district][ch] = 0
	return ch, func() { h.leave(district, ch) }
}

func (h *Hub) leave(district int, ch chan int64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.watchers[district], ch)
	if len(h.watchers[district]) == 0 {
		delete(h.watchers, district)
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
	for ch, told := range h.watchers[district] {
		if no <= told {
			continue
		}
		select {
		case <-ch:
		default:
		}
		ch <- no
		h.watchers[district][ch] = no
	}
}
