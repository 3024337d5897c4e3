package auth

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/person"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Kind is what holds a session's token.
type Kind string

const (
	Web Kind = "web" // a browser, in a cookie
	API Kind = "api" // a program, as bearer token
)

// How long a session lasts.
const (
	sessionLife = 30 * 24 * time.Hour // web: since it was last used; api: since it began
	staffLife   = 12 * time.Hour      // web, of somebody with a staff role: since it began
	touchEvery  = 10 * time.Minute    // how often its use is written down
)

// Client is where somebody signs in.
type Client struct {
	Kind   Kind
	Device string // User-Agent; kept so that people know their own devices again
}

const deviceMost = 200 // bytes

// Session is a signed-in browser or program.
type Session struct {
	ID        string // SHA-256 of the token, in hex; good for nothing but naming it
	District  int
	Account   string
	Kind      Kind
	Device    string
	CreatedAt time.Time
	SeenAt    time.Time // to ten minutes
	ExpiresAt time.Time
}

// SignedIn is what a new session gives. Token is shown once and kept nowhere.
type SignedIn struct {
	Token   string
	Who     access.Who
	Session Session
	Elder   bool // over 70: pages begin in 长辈版
}

const elderAge = 70

func isElder(p person.Person, now time.Time) bool {
	age, known := p.Age(calendar.DayOf(now))
	return known && age > elderAge
}

// ErrSignedOut is the answer to a token that was never valid or is so no more.
var ErrSignedOut error = fault.Forbidden("登录已经过期，请重新登录。")

const tokenBytes = 32

// newToken makes a token: its district, so that it is found, and random bytes.
func newToken(district int) (string, error) {
	random := make([]byte, tokenBytes)
	_, err := rand.Read(random)
	return strconv.Itoa(district) + "." + base64.RawURLEncoding.EncodeToString(random), err
}

// parseToken gives the district of a token and its hash.
func parseToken(token string) (district int, hash string, ok bool) {
	prefix, random, found := strings.Cut(token, ".")
	district, err := strconv.Atoi(prefix)
	if !found || err != nil || len(random) != base64.RawURLEncoding.EncodedLen(tokenBytes) {
		return 0, "", false
	}
	sum := sha256.Sum256([]byte(token))
	return district, hex.EncodeToString(sum[:]), true
}

// start opens a session for an account whose owner has shown who they are.
func (s *Service) start(tx *db.Tx, h *holder, c Client) (SignedIn, error) {
	if h.disabled {
		return SignedIn{}, fault.Forbidden("这个账号停用了。要接着用，请找服务站。")
	}
	token, err := newToken(h.district)
	if err != nil {
		return SignedIn{}, err
	}
	_, hash, _ := parseToken(token)
	who, err := whoOf(tx, h)
	if err != nil {
		return SignedIn{}, err
	}
	now := tx.Now()
	session := Session{
		ID: hash, District: h.district, Account: h.id, Kind: c.Kind,
		Device:    strings.ToValidUTF8(c.Device[:min(len(c.Device), deviceMost)], ""),
		CreatedAt: now, SeenAt: now, ExpiresAt: now.Add(sessionLife),
	}
	s.record(tx, h, "session.start", map[string]any{"kind": c.Kind})
	in := SignedIn{Token: token, Who: who, Session: session.bounded(who), Elder: isElder(h.person, now)}
	return in, insertSession(tx, session)
}

// Authenticate gives who holds a token, with the grants of this moment, or
// ErrSignedOut. Answers are up to five seconds old when another process revokes.
func (s *Service) Authenticate(ctx context.Context, token string) (access.Who, Session, error) {
	district, hash, ok := parseToken(token)
	if !ok {
		return access.Who{}, Session{}, ErrSignedOut
	}
	now := s.db.Clock().Now()
	if e, found := s.cache.get(hash, now); found {
		return e.who, e.session, nil
	}
	generation := s.cache.generation()
	e, err := s.load(ctx, district, hash)
	if err != nil {
		return access.Who{}, Session{}, err
	}
	if e.session.Kind == Web && now.Sub(e.session.SeenAt) >= touchEvery {
		s.touch(ctx, &e.session)
	}
	s.cache.put(hash, e, generation, now)
	return e.who, e.session, nil
}

// load reads a session, its account and grants.
func (s *Service) load(ctx context.Context, district int, hash string) (e entry, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		session, found, err := findSession(tx, district, hash)
		if err != nil || !found {
			return signedOut(err)
		}
		h, found, err := findHolder(tx, district, session.Account)
		if err != nil || !found || h.disabled {
			return signedOut(err)
		}
		who, err := whoOf(tx, &h)
		session = session.bounded(who)
		if err != nil || !session.ExpiresAt.After(tx.Now()) {
			return signedOut(err)
		}
		e = entry{who: who, session: session}
		return nil
	})
	return e, err
}

// signedOut is err, or ErrSignedOut where nothing failed.
func signedOut(err error) error {
	if err != nil {
		return err
	}
	return ErrSignedOut
}

// bounded is the session as it ends for who: staff sign in every day, because
// their screens stand where others pass.
func (v Session) bounded(who access.Who) Session {
	if v.Kind == Web && who.Staff() {
		v.ExpiresAt = v.CreatedAt.Add(staffLife)
	}
	return v
}

// touch writes down that a session is in use and moves its end. A failure is no
// reason to refuse the request: the next one tries again.
func (s *Service) touch(ctx context.Context, v *Session) {
	err := s.db.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		return touchSession(tx, v, tx.Now())
	})
	if err != nil {
		s.log.WarnContext(ctx, "session not touched", "account", v.Account, "error", err)
		return
	}
	v.SeenAt = s.db.Clock().Now()
}

// Sessions lists the live sessions of an account, the latest used first.
func (s *Service) Sessions(ctx context.Context, who access.Who) (all []Session, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = liveSessions(tx, who.District, who.Person, tx.Now())
		return err
	})
	for i := range all {
		all[i] = all[i].bounded(who)
	}
	now := s.db.Clock().Now()
	return slices.DeleteFunc(all, func(v Session) bool { return !v.ExpiresAt.After(now) }), err
}

// SignOut ends the session of a token. One that is over already is fine.
func (s *Service) SignOut(ctx context.Context, token string) error {
	district, hash, ok := parseToken(token)
	if !ok {
		return nil
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		session, found, err := findSession(tx, district, hash)
		if err != nil || !found {
			return err
		}
		return s.end(tx, district, session.Account, hash)
	})
}

// EndSession ends one of who's own sessions.
func (s *Service) EndSession(ctx context.Context, who access.Who, id string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		session, found, err := findSession(tx, who.District, id)
		if err != nil {
			return err
		}
		if !found || session.Account != who.Person {
			return fault.NotFound("这台设备已经退出了。")
		}
		return s.end(tx, who.District, who.Person, id)
	})
}

// EndOthers ends all sessions of who but the one that is kept.
func (s *Service) EndOthers(ctx context.Context, who access.Who, kept string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.endAll(tx, who.District, who.Person, kept) })
}

func (s *Service) end(tx *db.Tx, district int, account, id string) error {
	h, found, err := findHolder(tx, district, account)
	if err != nil || !found {
		return err
	}
	s.record(tx, &h, "session.end", nil)
	tx.AfterCommit(func() { s.cache.drop(func(e entry) bool { return e.session.ID == id }) })
	return revokeSession(tx, district, id, tx.Now())
}

// endAll ends every session of an account but the one that is kept; none is when
// kept is empty.
func (s *Service) endAll(tx *db.Tx, district int, account, kept string) error {
	tx.AfterCommit(func() {
		s.cache.drop(func(e entry) bool { return e.session.Account == account && e.session.ID != kept })
	})
	return revokeSessions(tx, district, account, kept, tx.Now())
}
