package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"linli/internal/kit/fault"
)

// The bounds of a password, in characters and bytes. There are no rules about
// what it is made of: they make passwords worse.
const (
	passwordLeast = 8
	passwordMost  = 256
)

// CheckPassword says whether a password may be set: long enough, not the phone
// itself, and none of those that are tried first.
func CheckPassword(field, password, phone string) error {
	switch {
	case utf8.RuneCountInString(password) < passwordLeast:
		return fault.Invalid(field, "密码至少 8 位，现在只有 %d 位。", utf8.RuneCountInString(password))
	case len(password) > passwordMost:
		return fault.Invalid(field, "密码太长了，请短一些。")
	case phone != "" && strings.Trim(password, "+ ") == phone, isCommon(password):
		return fault.Invalid(field, "这个密码别人一猜就中，请换一个。")
	}
	return nil
}

// isCommon knows the passwords that lists of leaked ones begin with, and those
// made of one character or one run of digits.
func isCommon(password string) bool {
	lower := strings.ToLower(password)
	first, _ := utf8.DecodeRuneInString(lower)
	return strings.Trim(lower, string(first)) == "" ||
		strings.Contains("01234567890123456789", lower) ||
		strings.Contains("98765432109876543210", lower) ||
		strings.Contains(commonPasswords, " "+lower+" ")
}

const commonPasswords = " password password1 password123 passw0rd p@ssw0rd qwertyuiop qwerty123 1q2w3e4r 1qaz2wsx " +
	"qazwsxedc asdfghjkl zxcvbnm123 abcd1234 abc12345 abc123456 a1234567 a12345678 a123456789 aa123456 aa12345678 " +
	"qq123456 qq123456789 woaini1314 woaini520 woaini123 5201314520 1314520520 11223344 1122334455 112233445566 " +
	"12341234 12344321 11112222 88888888a 66668888 88886666 123123123 123321123 147258369 789456123 iloveyou " +
	"admin123 admin888 admin123456 administrator root1234 test1234 welcome1 letmein1 dragon123 abcdefgh " +
	"abcdefghi linli123 linli1234 linli12345 linli123456 "

// Cost is what one argon2id hash costs (RFC 9106).
type Cost struct {
	MemoryKiB uint32
	Passes    uint32
}

// StandardCost is 19 MiB and two passes: about 50 ms of one core (stack.md 6).
func StandardCost() Cost { return Cost{MemoryKiB: 19 * 1024, Passes: 2} }

const (
	saltBytes = 16
	hashBytes = 32
)

// Hashed is a password that was checked and hashed. The zero Hashed is none: the
// account signs in by codes.
type Hashed struct{ phc string }

// hasher hashes at most as many passwords at once as there are cores: more would
// only take memory from each other.
type hasher struct {
	cost  Cost
	slots chan struct{}
	dummy string // compared with where there is no hash, so that it takes as long
}

func newHasher(cost Cost) (*hasher, error) {
	h := &hasher{cost: cost, slots: make(chan struct{}, runtime.NumCPU())}
	dummy, err := h.hash(context.Background(), rand.Text())
	h.dummy = dummy.phc
	return h, err
}

// Hash checks a password for a phone and hashes it; field is where a mistake
// belongs. It takes its time and must not be called inside a transaction.
func (s *Service) Hash(ctx context.Context, field, password, phone string) (Hashed, error) {
	if err := CheckPassword(field, password, phone); err != nil {
		return Hashed{}, err
	}
	return s.passwords.hash(ctx, password)
}

func (h *hasher) hash(ctx context.Context, password string) (Hashed, error) {
	salt := make([]byte, saltBytes)
	if _, err := rand.Read(salt); err != nil {
		return Hashed{}, err
	}
	key, err := h.key(ctx, password, salt, h.cost)
	return Hashed{formatPHC(h.cost, salt, key)}, err
}

// matches compares a password with a stored hash. Without one it takes as long
// and says no.
func (h *hasher) matches(ctx context.Context, password, stored string) (bool, error) {
	known := stored != ""
	if !known {
		stored = h.dummy
	}
	cost, salt, want, err := parsePHC(stored)
	if err != nil {
		return false, err
	}
	if len(password) > passwordMost {
		password = password[:passwordMost]
		known = false
	}
	got, err := h.key(ctx, password, salt, cost)
	return subtle.ConstantTimeCompare(got, want) == 1 && known && err == nil, err
}

// key waits for a slot and computes.
func (h *hasher) key(ctx context.Context, password string, salt []byte, cost Cost) ([]byte, error) {
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	case <-ctx.Done():
		return nil, fault.Busy("现在登录的人太多，等几秒再试。")
	}
	return argon2.IDKey([]byte(password), salt, cost.Passes, cost.MemoryKiB, 1, hashBytes), nil
}

// formatPHC writes the string form that other programs read too:
// $argon2id$v=19$m=19456,t=2,p=1$salt$hash.
func formatPHC(cost Cost, salt, key []byte) string {
	e := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=1$%s$%s",
		argon2.Version, cost.MemoryKiB, cost.Passes, e.EncodeToString(salt), e.EncodeToString(key))
}

func parsePHC(phc string) (cost Cost, salt, key []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return cost, nil, nil, fmt.Errorf("auth: not an argon2id hash")
	}
	if _, err = fmt.Sscanf(parts[3], "m=%d,t=%d,p=1", &cost.MemoryKiB, &cost.Passes); err != nil {
		return cost, nil, nil, fmt.Errorf("auth: hash parameters: %w", err)
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return cost, nil, nil, fmt.Errorf("auth: hash salt: %w", err)
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(key) != hashBytes || cost.Passes == 0 {
		return cost, nil, nil, fmt.Errorf("auth: hash is broken")
	}
	return cost, salt, key, nil
}
