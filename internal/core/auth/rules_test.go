package auth

import (
	"context"
	"strings"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/kit/fault"
)

func TestCheckPassword(t *testing.T) {
	for password, good := range map[string]bool{
		"Lantern-9421":           true,
		"correct horse battery":  true,
		"我家住在三楼东户":               true, // 8 characters, no digit needed
		"我家住三楼":                  false,
		"short7!":                false,
		"":                       false,
		"13800000001":            false, // the phone itself
		"+13800000001":           false,
		"13800000002":            true,
		"12345678":               false,
		"87654321":               false,
		"88888888":               false,
		"爱爱爱爱爱爱爱爱":               false,
		"Password1":              false,
		"QWERTY123":              false,
		"a1234567":               false,
		"a12345678b":             true,
		strings.Repeat("长", 85):  false, // 255 bytes, but one character
		strings.Repeat("长短", 50): false,
		strings.Repeat("长短", 42): true,
	} {
		if err := CheckPassword("password", password, "13800000001"); (err == nil) != good {
			t.Errorf("%q: %v", password, err)
		}
	}
}

func TestHashIsPHC(t *testing.T) {
	h, err := newHasher(StandardCost())
	if err != nil {
		t.Fatal(err)
	}
	hashed, err := h.hash(t.Context(), secret)
	if err != nil || !strings.HasPrefix(hashed.phc, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q %v", hashed.phc, err)
	}
	for password, want := range map[string]bool{secret: true, secret + " ": false, "": false, strings.Repeat("x", 10_000): false} {
		if right, err := h.matches(t.Context(), password, hashed.phc); err != nil || right != want {
			t.Errorf("%.20q: %v %v", password, right, err)
		}
	}
	again, err := h.hash(t.Context(), secret)
	if err != nil || again == hashed {
		t.Error("the same salt twice")
	}
}

// TestHashOfTheReference takes a hash from test.c of the reference implementation.
func TestHashOfTheReference(t *testing.T) {
	h, err := newHasher(Cost{MemoryKiB: 64, Passes: 1})
	if err != nil {
		t.Fatal(err)
	}
	const phc = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
	if right, err := h.matches(t.Context(), "password", phc); !right || err != nil {
		t.Errorf("%v %v", right, err)
	}
}

func TestNoHashIsAsMuchWorkAndNeverRight(t *testing.T) {
	h, err := newHasher(Cost{MemoryKiB: 64, Passes: 1})
	if err != nil {
		t.Fatal(err)
	}
	if right, err := h.matches(t.Context(), "anything", ""); right || err != nil {
		t.Errorf("%v %v", right, err)
	}
	if cost, _, _, err := parsePHC(h.dummy); err != nil || cost != h.cost {
		t.Errorf("the dummy costs %v", cost)
	}
}

func TestBrokenHashesAreErrors(t *testing.T) {
	h, err := newHasher(Cost{MemoryKiB: 64, Passes: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, phc := range []string{
		"plain", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA", "$argon2id$v=16$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA",
		"$argon2id$v=19$m=64,t=0,p=1$c2FsdHNhbHQ$" + strings.Repeat("A", 43), "$argon2id$v=19$m=64,t=1,p=1$!$aGFzaA",
		"$argon2id$v=19$nothing$c2FsdHNhbHQ$aGFzaA", "$argon2id$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaA",
	} {
		if _, err := h.matches(t.Context(), "x", phc); err == nil {
			t.Errorf("%s was taken", phc)
		}
	}
}

func TestHashingWaitsForASlotOrGivesUp(t *testing.T) {
	h, err := newHasher(Cost{MemoryKiB: 64, Passes: 1})
	if err != nil {
		t.Fatal(err)
	}
	for range cap(h.slots) {
		h.slots <- struct{}{}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := h.hash(ctx, secret); fault.KindOf(err) != fault.KindBusy {
		t.Errorf("without a slot: %v", err)
	}
	<-h.slots
	if _, err := h.hash(t.Context(), secret); err != nil {
		t.Error(err)
	}
}

func TestLockAfter(t *testing.T) {
	want := []time.Duration{0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60}
	for n, minutes := range want {
		if got := lockAfter(n); got != minutes*time.Minute {
			t.Errorf("after %d failures: %v", n, got)
		}
	}
	if lockAfter(1_000_000) != lockMost {
		t.Error("the lock overflows")
	}
}

func TestParseCode(t *testing.T) {
	for text, want := range map[string]string{
		"123456": "123456", " 123 456 ": "123456", "１２３４５６": "123456", "000000": "000000",
		"12345": "", "1234567": "", "12a456": "", "": "", "-12345": "",
	} {
		if got, err := parseCode("code", text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q %v", text, got, err)
		}
	}
}

func TestTokens(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		token, err := newToken(130104)
		if err != nil {
			t.Fatal(err)
		}
		district, hash, ok := parseToken(token)
		if !ok || district != 130104 || len(hash) != 64 || strings.Contains(token, hash) || seen[hash] {
			t.Fatalf("%q: %d %q %v", token, district, hash, ok)
		}
		seen[hash] = true
	}
	for _, bad := range []string{"", ".", "130104.", "130104", "x." + strings.Repeat("A", 43), "130104." + strings.Repeat("A", 42), "130104." + strings.Repeat("A", 5000)} {
		if _, _, ok := parseToken(bad); ok {
			t.Errorf("%q was taken", bad)
		}
	}
}

func TestCodesDependOnEverything(t *testing.T) {
	a, b := &Service{secret: []byte("a")}, &Service{secret: []byte("b")}
	codes := map[string]bool{}
	for _, code := range []string{
		a.code(mother, Enter, "n"), b.code(mother, Enter, "n"), a.code(son, Enter, "n"),
		a.code(mother, Confirm, "n"), a.code(mother, Enter, "m"),
	} {
		if len(code) != codeDigits {
			t.Errorf("code %q", code)
		}
		codes[code] = true
	}
	if len(codes) != 5 {
		t.Errorf("%d different codes of 5", len(codes))
	}
	if again := a.code(mother, Enter, "n"); !codes[again] {
		t.Errorf("the same question gives %q now", again)
	}
}

func TestSecretMustBeLong(t *testing.T) {
	if _, err := New(Options{Secret: []byte("short")}); err == nil {
		t.Error("a short secret was taken")
	}
}

func TestStaffRoles(t *testing.T) {
	for _, role := range access.Roles() {
		staff := isStaffRole(role)
		rights := access.MayAnywhere(access.Who{Person: "p", Grants: []access.Grant{{Role: role, Path: "/"}}}, access.OrderList)
		if staff != rights {
			t.Errorf("%s: staff %v, sees the board %v", role, staff, rights)
		}
	}
}

func TestCacheIsBoundedAndForgets(t *testing.T) {
	c, now := newCache(), time.Unix(0, 0)
	e := entry{session: Session{ExpiresAt: now.Add(time.Hour), Account: "a"}}
	c.put("h", e, c.generation(), now)
	if _, found := c.get("h", now.Add(cacheLife-1)); !found {
		t.Error("forgotten too early")
	}
	if _, found := c.get("h", now.Add(cacheLife)); found {
		t.Error("kept too long")
	}
	before := c.generation()
	c.drop(func(e entry) bool { return e.session.Account == "a" })
	if _, found := c.get("h", now); found {
		t.Error("dropped, but still there")
	}
	c.put("h", e, before, now)
	if _, found := c.get("h", now); found {
		t.Error("kept what was read before the drop")
	}
	for i := range cacheMost + 10 {
		c.put(time.Duration(i).String(), e, c.generation(), now)
	}
	if len(c.entries) > cacheMost {
		t.Errorf("%d entries", len(c.entries))
	}
}

func TestCacheDoesNotOutliveTheSession(t *testing.T) {
	c, now := newCache(), time.Unix(0, 0)
	c.put("h", entry{session: Session{ExpiresAt: now.Add(time.Second)}}, c.generation(), now)
	if _, found := c.get("h", now.Add(time.Second)); found {
		t.Error("an ended session is answered")
	}
}
