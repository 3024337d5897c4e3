package web

import (
	"container/list"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"linli/internal/kit/clock"
	"linli/internal/kit/fault"
)

// Limit is how often something may be asked: one every Every, and Burst at once.
// The zero Limit does not limit.
type Limit struct {
	Every time.Duration
	Burst int
}

// keysMost bounds the memory of one limiter; the key unseen for longest is
// forgotten, which gives whoever owned it a fresh burst.
const keysMost = 50_000

// limiter keeps a token bucket per key.
type limiter struct {
	limit Limit
	clock clock.Clock

	mu      sync.Mutex // guards the rest
	buckets map[string]*list.Element
	order   *list.List // of *bucket, latest use in front
}

type bucket struct {
	key string
	*rate.Limiter
}

func newLimiter(l Limit, c clock.Clock) *limiter {
	return &limiter{limit: l, clock: c, buckets: map[string]*list.Element{}, order: list.New()}
}

// take spends one token of the key, or says after how long there will be one.
func (l *limiter) take(key string) (wait time.Duration, ok bool) {
	if l.limit.Every <= 0 || key == "" {
		return 0, true
	}
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.bucket(key)
	reserved := b.ReserveN(now, 1)
	if wait = reserved.DelayFrom(now); wait == 0 {
		return 0, true
	}
	reserved.CancelAt(now)
	return wait, false
}

func (l *limiter) bucket(key string) *bucket {
	if e, ok := l.buckets[key]; ok {
		l.order.MoveToFront(e)
		return e.Value.(*bucket)
	}
	if len(l.buckets) >= keysMost {
		oldest := l.order.Remove(l.order.Back()).(*bucket)
		delete(l.buckets, oldest.key)
	}
	b := &bucket{key: key, Limiter: rate.NewLimiter(rate.Every(l.limit.Every), max(1, l.limit.Burst))}
	l.buckets[key] = l.order.PushFront(b)
	return b
}

// check is take as an error.
func (l *limiter) check(key string) error {
	wait, ok := l.take(key)
	if ok {
		return nil
	}
	return TooMany(wait, fault.Busy("点得太快了，等 %d 秒再试。", max(1, int(wait.Round(time.Second).Seconds()))))
}

// clientKey is the address that limits count by: a whole IPv6 network, because
// one household has 2^64 addresses.
func clientKey(a netip.Addr) string {
	if a.Is6() {
		if network, err := a.Prefix(64); err == nil {
			return network.String()
		}
	}
	return a.String()
}
