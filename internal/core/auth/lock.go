package auth

import (
	"math"
	"time"

	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/web"
)

// The lock after wrong passwords.
const (
	failuresFree  = 5              // failures in a row before the first lock
	lockMost      = time.Hour      // a lock doubles from one minute up to this
	failureMemory = 24 * time.Hour // after that long without a failure the count starts again
)

// lockAfter is how long a phone is locked when its failures in a row have just
// reached n: 0 before the fifth, then 1, 2, 4 … at most 60 minutes.
func lockAfter(n int) time.Duration {
	if n < failuresFree {
		return 0
	}
	doublings := min(n-failuresFree, 6)
	return min(time.Minute<<doublings, lockMost)
}

// fail counts a wrong password and gives the answer to it: that it is wrong, or that
// the phone is locked now.
func (s *Service) fail(tx *db.Tx, l login, wrong error) (refusal, err error) {
	now := tx.Now()
	n, counted, err := countFailure(tx, l, now)
	if err != nil {
		return nil, err
	}
	if !counted {
		return lockedNow(tx, l)
	}
	wait := lockAfter(n)
	if wait == 0 {
		return wrong, nil
	}
	if l.holder != nil {
		s.record(tx, l.holder, "account.lock", nil)
	}
	return lockedFor(wait), lockUntil(tx, l, now.Add(wait))
}

// forgive forgets the failures of a phone whose owner has shown who they are. It
// refuses when the lock was quicker.
func forgive(tx *db.Tx, l login) (refusal, err error) {
	if err := clearFailures(tx, l, tx.Now()); err != nil {
		return nil, err
	}
	return lockedNow(tx, l)
}

// lockedNow refuses while the phone is locked.
func lockedNow(tx *db.Tx, l login) (refusal, err error) {
	until, err := lockOf(tx, l)
	if err != nil || !until.After(tx.Now()) {
		return nil, err
	}
	return lockedFor(until.Sub(tx.Now())), nil
}

func lockedFor(wait time.Duration) error {
	minutes := int(math.Ceil(wait.Minutes()))
	return web.TooMany(wait, fault.Busy("连着错了好几次，为了安全先锁 %d 分钟。着急的话，用短信验证码登录。", minutes))
}
