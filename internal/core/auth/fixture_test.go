package auth

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/auth/sms"
	"linli/internal/core/event"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/clock"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
	"linli/internal/kit/fault"
	"linli/internal/kit/job"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	district  = 130104
	street    = "130104006000"
	community = "130104006003"
	elsewhere = "130105001001" // a community of another district
	mother    = "13800000001"
	son       = "13800000002"
	worker    = "13800000003"
	nobody    = "13899999999" // no account, no person
	secret    = "Lantern-9421"
)

var (
	phoneBrowser = Client{Kind: Web, Device: "Mozilla/5.0 (Linux; Android 12) MicroMessenger/8.0"}
	program      = Client{Kind: API, Device: "linli-client"}
)

// house is a service on a small town, with its clock, its outbox and its log.
type house struct {
	*Service
	t       *testing.T
	d       *db.DB
	clock   *clock.Manual
	console *sms.Console
	log     *lockedBuffer
	runner  *job.Runner
}

// lockedBuffer may be written by several goroutines.
type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

// each runs a test in a fresh house on both engines.
func each(t *testing.T, test func(h *house)) {
	t.Helper()
	now := clock.NewManual(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC)) // 9:00 in Beijing
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		now.Set(time.Date(2026, 3, 2, 1, 0, 0, 0, time.UTC))
		test(newHouse(t, d, now))
	}, dbtest.Clock(now), dbtest.With(
		dbtestCheck("gapless", event.CheckGapless), dbtestCheck("logins", CheckLogins)))
}

func dbtestCheck(name string, check func(*db.Tx) ([]string, error)) dbtest.Check {
	return func(ctx context.Context, d *db.DB) error {
		return d.Read(ctx, func(tx *db.Tx) error {
			bad, err := check(tx)
			if len(bad) > 0 {
				err = errors.Join(err, errors.New(name+": "+strings.Join(bad, "; ")))
			}
			return err
		})
	}
}

func newHouse(t *testing.T, d *db.DB, now *clock.Manual) *house {
	t.Helper()
	h := &house{t: t, d: d, clock: now, log: &lockedBuffer{}}
	h.console = sms.NewConsole(&bytes.Buffer{})
	log := slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	var err error
	h.Service, err = New(Options{
		DB: d, SMS: h.console, Secret: []byte(strings.Repeat("s", 32)),
		Cost: Cost{MemoryKiB: 64, Passes: 1},
		Log:  slog.New(slog.NewTextHandler(h.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	h.must(err)
	districts := func(*db.Tx) ([]int, error) { return []int{0, district, 130105, person.Country}, nil }
	h.runner = job.NewRunner(d, districts, job.Options{Log: log})
	h.Jobs(h.runner)
	h.write(func(tx *db.Tx) error {
		for _, p := range []place.Place{
			{ID: "130000000000", Level: place.Province, Name: "河北省"},
			{ID: "130100000000", Parent: "130000000000", Level: place.City, Name: "石家庄市"},
			{ID: "130104000000", Parent: "130100000000", Level: place.District, Name: "桥西区"},
			{ID: street, Parent: "130104000000", Level: place.Street, Name: "东里街道"},
			{ID: community, Parent: street, Level: place.Community, Name: "东风路南社区"},
			{ID: "130105000000", Parent: "130100000000", Level: place.District, Name: "新华区"},
			{ID: "130105001000", Parent: "130105000000", Level: place.Street, Name: "革新街道"},
			{ID: elsewhere, Parent: "130105001000", Level: place.Community, Name: "别处社区"},
		} {
			if _, err := place.Insert(tx, p); err != nil {
				return err
			}
		}
		return nil
	})
	return h
}

// sent is the text of the latest message to a phone; empty when there was none.
func (h *house) sent(phone string) string {
	h.t.Helper()
	_, err := h.runner.Once(h.t.Context())
	h.must(err)
	for _, m := range h.console.Latest() {
		if m.Phone == phone {
			return m.Text
		}
	}
	return ""
}

// codeFor asks for a code after the pause and reads it off the phone.
func (h *house) codeFor(phone string, p Purpose) string {
	h.t.Helper()
	h.clock.Add(codePause)
	h.must(h.SendCode(h.t.Context(), phone, p))
	_, after, found := strings.Cut(h.sent(phone), "验证码 ")
	if !found {
		h.t.Fatalf("no code sent to %s", phone)
	}
	return after[:codeDigits]
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) write(fn func(tx *db.Tx) error) {
	h.t.Helper()
	h.must(h.d.Write(h.t.Context(), fn))
}

func (h *house) read(fn func(tx *db.Tx) error) {
	h.t.Helper()
	h.must(h.d.Read(h.t.Context(), fn))
}

// person adds somebody who lives in a community.
func (h *house) person(name, phone, at string) (p person.Person) {
	h.t.Helper()
	h.write(func(tx *db.Tx) (err error) {
		p, err = person.Insert(tx, person.Person{Name: name, Phone: phone, Place: at})
		return err
	})
	return p
}

// account adds somebody with an account and the usual password.
func (h *house) account(name, phone, at string, roles ...access.Role) person.Person {
	h.t.Helper()
	p := h.person(name, phone, at)
	hashed, err := h.Hash(h.t.Context(), "password", secret, phone)
	h.must(err)
	h.write(func(tx *db.Tx) error {
		if err := h.OpenAccount(tx, access.System(), p.District, p.ID, phone, hashed); err != nil {
			return err
		}
		for _, role := range roles {
			if _, err := h.Grant(tx, access.System(), Appointment{District: p.District, Person: p.ID, Role: role, Place: at}); err != nil {
				return err
			}
		}
		return nil
	})
	return p
}

func (h *house) signIn(phone string, c Client) SignedIn {
	h.t.Helper()
	in, err := h.SignIn(h.t.Context(), phone, secret, c)
	h.must(err)
	return in
}

func (h *house) signedIn(token string) bool {
	h.t.Helper()
	_, _, err := h.Authenticate(h.t.Context(), token)
	if err != nil && !errors.Is(err, ErrSignedOut) {
		h.t.Fatal(err)
	}
	return err == nil
}

// refused says that err is a fault of this kind and field.
func (h *house) refused(err error, kind fault.Kind, field string) {
	h.t.Helper()
	if err == nil {
		h.t.Fatalf("want %s %q, went well", kind, field)
	}
	if e := fault.As(err); e.Kind != kind || e.Field != field {
		h.t.Fatalf("want %s %q, got %v", kind, field, err)
	}
}

// acts lists what happened to a person, in order.
func (h *house) acts(p person.Person) (acts []string) {
	h.t.Helper()
	h.read(func(tx *db.Tx) error {
		all, err := event.Of(tx, p.District, p.ID)
		acts = nil
		for _, e := range all {
			acts = append(acts, e.Act)
		}
		return err
	})
	return acts
}

// newHouseOn is another process on the same database.
func newHouseOn(h *house) *Service {
	h.t.Helper()
	s, err := New(Options{DB: h.d, SMS: h.console, Secret: h.secret, Cost: Cost{MemoryKiB: 64, Passes: 1}})
	h.must(err)
	return s
}
