package credential

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRotation: a new key signs, what the old one signed stays good, and the private
// half of the old one is gone from the file.
func TestRotation(t *testing.T) {
	name := filepath.Join(t.TempDir(), "linli.keys")
	first, err := NewKeyring(now())
	if err != nil {
		t.Fatal(err)
	}
	if err := first.Save(name); err != nil {
		t.Fatal(err)
	}
	before, err := first.Sign(badge(), did, now())
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := LoadKeyring(name)
	if err != nil {
		t.Fatal(err)
	}
	second, err := loaded.Rotate(now().AddDate(1, 0, 0))
	if err == nil {
		err = second.Save(name)
	}
	if err != nil {
		t.Fatal(err)
	}
	if loaded, err = LoadKeyring(name); err != nil {
		t.Fatal(err)
	}
	after, err := loaded.Sign(badge(), did, now())
	if err != nil {
		t.Fatal(err)
	}
	with := Trust{Issuer: DIDDocument(did, loaded.Keys()), Now: now()}
	for what, d := range map[string]Document{"before": before, "after": after} {
		if _, err := VerifyDocument(reread(t, d), with); err != nil {
			t.Errorf("signed %s the rotation: %v", what, err)
		}
	}
	p, _ := after.object("proof")
	if old, _ := before.object("proof"); p.text("verificationMethod") == old.text("verificationMethod") {
		t.Error("the old key still signs")
	}
	if n := strings.Count(string(file(t, name)), "secretKeyMultibase"); n != 1 {
		t.Errorf("%d private keys in the file", n)
	}
	if keys := loaded.Keys(); len(keys) != 2 || !keys[0].Retired.IsZero() || keys[1].Retired.IsZero() {
		t.Errorf("keys %+v", keys)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v %v", info.Mode(), err)
	}
}

// TestKeyFilesThatCannotBeUsed are refused with the reason.
func TestKeyFilesThatCannotBeUsed(t *testing.T) {
	k, err := NewKeyring(now())
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "linli.keys")
	if _, err := LoadKeyring(name); !os.IsNotExist(err) {
		t.Error("no file:", err)
	}
	if err := k.Save(name); err != nil {
		t.Fatal(err)
	}
	good := string(file(t, name))
	other, _ := NewKeyring(now())
	for what, c := range map[string]struct{ text, want string }{
		"empty":          {"", "no keys that can be read"},
		"no keys":        {`{"keys":[]}`, "there is none"},
		"no secret":      {strings.Replace(good, "secretKeyMultibase", "x", 1), "no keys that can be read"},
		"halves of two":  {strings.Replace(good, PublicMultikey(k.keys[0].Public), PublicMultikey(other.keys[0].Public), 1), "belong together"},
		"public garbage": {strings.Replace(good, `"z6Mk`, `"z7Mk`, 1), "no keys that can be read"},
	} {
		if err := os.WriteFile(name, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := LoadKeyring(name); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := os.Chmod(name, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadKeyring(name); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Error("readable by all:", err)
	}
}

// TestLostKeys: a new key takes over, and what was signed before still verifies.
func TestLostKeys(t *testing.T) {
	gone, err := NewKeyring(now())
	if err != nil {
		t.Fatal(err)
	}
	signed, err := gone.Sign(badge(), did, now())
	if err != nil {
		t.Fatal(err)
	}
	k, err := Lost(gone.Keys(), now())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := VerifyDocument(reread(t, signed), Trust{Issuer: DIDDocument(did, k.Keys()), Now: now()}); err != nil {
		t.Error(err)
	}
	if _, err := (Keyring{keys: gone.Keys()}).Sign(badge(), did, now()); err == nil {
		t.Error("signed without a private key")
	}
}
