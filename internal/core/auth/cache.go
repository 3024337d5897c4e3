package auth

import (
	"maps"
	"sync"
	"time"

	"linli/internal/core/access"
)

const (
	cacheLife = 5 * time.Second
	cacheMost = 10_000 // entries; beyond that all are forgotten, which costs one read each
)

// entry is a session with its owner as they were a moment ago.
type entry struct {
	who     access.Who
	session Session
	until   time.Time
}

// cache keeps the latest answers of Authenticate by the token's hash.
type cache struct {
	mu      sync.Mutex // guards the rest
	entries map[string]entry
	drops   uint64 // how often something was dropped
}

func newCache() *cache { return &cache{entries: map[string]entry{}} }

func (c *cache) get(hash string, now time.Time) (entry, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e, found := c.entries[hash]
	return e, found && now.Before(e.until) && now.Before(e.session.ExpiresAt)
}

// generation is to be asked before an entry is read from the database.
func (c *cache) generation() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.drops
}

// put keeps an entry unless something was dropped since it began to be read: that
// may have been the very thing.
func (c *cache) put(hash string, e entry, generation uint64, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.drops != generation {
		return
	}
	if len(c.entries) >= cacheMost {
		clear(c.entries)
	}
	e.until = now.Add(cacheLife)
	c.entries[hash] = e
}

// drop forgets what is out of date.
func (c *cache) drop(stale func(entry) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drops++
	maps.DeleteFunc(c.entries, func(_ string, e entry) bool { return stale(e) })
}
