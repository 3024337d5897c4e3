package auth

import (
	"context"

	"linli/internal/core/access"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// SignIn opens a session for a phone and its password.
func (s *Service) SignIn(ctx context.Context, phone, password string, c Client) (in SignedIn, err error) {
	phone, err = identity.Mobile("phone", phone)
	if err != nil {
		return in, err
	}
	proof, err := s.tryPassword(ctx, phone, password, errWrongPassword)
	if err != nil {
		return in, err
	}
	err = s.settle(ctx, func(tx *db.Tx) (error, error) {
		l, refusal, err := proof(tx)
		if refusal != nil || err != nil {
			return refusal, err
		}
		in, err = s.start(tx, l.holder, c)
		return nil, err
	})
	return in, err
}

// errWrongPassword is the one answer to a wrong password and to an unknown phone.
var errWrongPassword error = fault.Invalid("password", "手机号和密码对不上。再看一看，或者用短信验证码登录。")

// SignInWithCode opens a session for a phone and the code that was sent to it.
func (s *Service) SignInWithCode(ctx context.Context, phone, code string, c Client) (in SignedIn, err error) {
	phone, wrongPhone := identity.Mobile("phone", phone)
	code, wrongCode := parseCode("code", code)
	if err := fault.Join(wrongPhone, wrongCode); err != nil {
		return in, err
	}
	err = s.settle(ctx, func(tx *db.Tx) (error, error) {
		l, refusal, err := s.tryCode(tx, phone, Enter, code)
		if refusal != nil || err != nil {
			return refusal, err
		}
		if l.holder == nil {
			return nil, ErrNoAccount
		}
		in, err = s.start(tx, l.holder, c)
		return nil, err
	})
	return in, err
}

// ErrNoAccount is the answer to a right code of a phone without an account. The
// code was not used up by it: it may serve to register.
var ErrNoAccount error = fault.NotFound("这个手机号还没有账号。先注册一个，用同一个验证码就行。")

// proof is what somebody showed, to be judged inside the transaction of what it
// shall open.
type proof func(tx *db.Tx) (l login, refusal, err error)

// tryPassword compares a password outside of any transaction, for it takes long.
// The proof counts: a wrong one as a failure, a right one only when the phone is
// not locked by then and the password is still the same. wrong is the answer to a
// wrong one.
func (s *Service) tryPassword(ctx context.Context, phone, password string, wrong error) (proof, error) {
	var before login
	var locked error
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if before, err = findLogin(tx, phone); err != nil {
			return err
		}
		locked, err = lockedNow(tx, before)
		return err
	})
	if err != nil {
		return nil, err
	}
	if locked != nil {
		return nil, locked
	}
	right, err := s.passwords.matches(ctx, password, before.hash())
	if err != nil {
		return nil, err
	}
	return func(tx *db.Tx) (l login, refusal, err error) {
		if l, err = findLogin(tx, phone); err != nil {
			return l, nil, err
		}
		if right && l.hash() == before.hash() {
			refusal, err = forgive(tx, l)
		} else {
			refusal, err = s.fail(tx, l, wrong)
		}
		return l, refusal, err
	}, nil
}

func (l login) hash() string {
	if l.holder == nil {
		return ""
	}
	return l.holder.hash
}

// tryCode judges a code. A right one ends the lock too: a phone in the hand is
// worth more than a remembered word.
func (s *Service) tryCode(tx *db.Tx, phone string, p Purpose, code string) (l login, refusal, err error) {
	if l, err = findLogin(tx, phone); err != nil {
		return l, nil, err
	}
	refusal, err = s.useCode(tx, l, p, code)
	if refusal == nil && err == nil {
		err = clearLock(tx, l)
	}
	return l, refusal, err
}

// record writes an event about an account by its own holder.
func (s *Service) record(tx *db.Tx, h *holder, act string, data event.Data) {
	s.recordBy(tx, access.Who{Person: h.id}, h, act, data)
}

// recordBy writes an event about an account by anybody.
func (s *Service) recordBy(tx *db.Tx, by access.Who, h *holder, act string, data event.Data) {
	event.Append(tx, event.Event{
		District: h.district, Community: h.person.Community, Actor: by.Person,
		Act: act, Kind: "account", Subject: h.id, Data: data,
	})
}
