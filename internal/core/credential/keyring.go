package credential

import (
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Keyring is the issuer's own keys: one that signs, and those that signed before, of
// which only the public half is kept.
type Keyring struct {
	keys []Key // the one that signs first
	sign ed25519.PrivateKey
}

// NewKeyring makes a first key.
func NewKeyring(now time.Time) (Keyring, error) { return Keyring{}.Rotate(now) }

// Rotate makes a new key that signs from now on. What the old ones signed stays good,
// because they stay in the issuer's document.
func (k Keyring) Rotate(now time.Time) (Keyring, error) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		return k, err
	}
	now = now.UTC().Truncate(time.Second)
	out := Keyring{keys: []Key{{Public: public, Created: now}}, sign: private}
	for _, old := range k.keys {
		if old.Retired.IsZero() {
			old.Retired = now
		}
		out.keys = append(out.keys, old)
	}
	return out, nil
}

// Lost is a keyring that takes over from keys whose private half is gone.
func Lost(old []Key, now time.Time) (Keyring, error) { return Keyring{keys: old}.Rotate(now) }

// Keys lists the public keys, the one that signs first.
func (k Keyring) Keys() []Key { return slices.Clone(k.keys) }

// Sign signs a document for an issuer.
func (k Keyring) Sign(d Document, did string, at time.Time) (Document, error) {
	if k.sign == nil {
		return nil, errors.New("credential: the keyring has no key that signs")
	}
	return Sign(d, k.sign, k.keys[0].ID(did), at)
}

// keyLine is a key in the file.
type keyLine struct {
	Public  string     `json:"publicKeyMultibase"`
	Secret  string     `json:"secretKeyMultibase,omitempty"`
	Created time.Time  `json:"created"`
	Retired *time.Time `json:"retired,omitempty"`
}

type keyFile struct {
	Keys []keyLine `json:"keys"`
}

// LoadKeyring reads the file. It refuses one that others on the machine may read or
// change.
func LoadKeyring(name string) (Keyring, error) {
	info, err := os.Stat(name)
	if err != nil {
		return Keyring{}, err
	}
	if info.Mode().Perm()&0o027 != 0 {
		return Keyring{}, fmt.Errorf("%s can be read by others on this machine: chmod 600 %s", name, name)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return Keyring{}, err
	}
	k, err := readKeyring(text)
	if err != nil {
		return k, fmt.Errorf("%s holds no keys that can be read: %w", name, err)
	}
	return k, nil
}

func readKeyring(text []byte) (k Keyring, err error) {
	var f keyFile
	if err := json.Unmarshal(text, &f); err != nil {
		return k, err
	}
	for _, line := range f.Keys {
		key := Key{Created: line.Created}
		if key.Public, err = ReadPublicMultikey(line.Public); err != nil {
			return k, err
		}
		if line.Retired != nil {
			key.Retired = *line.Retired
		}
		k.keys = append(k.keys, key)
	}
	if len(f.Keys) == 0 {
		return k, errors.New("there is none")
	}
	if k.sign, err = readSecretMultikey(f.Keys[0].Secret); err != nil {
		return k, err
	}
	if !k.keys[0].Public.Equal(k.sign.Public()) {
		return k, errors.New("the two halves of the first key do not belong together")
	}
	return k, nil
}

// Save writes the file, whole or not at all, for the owner's eyes only.
func (k Keyring) Save(name string) error {
	var f keyFile
	for _, key := range k.keys {
		line := keyLine{Public: PublicMultikey(key.Public), Created: key.Created}
		if !key.Retired.IsZero() {
			line.Retired = &key.Retired
		}
		f.Keys = append(f.Keys, line)
	}
	f.Keys[0].Secret = secretMultikey(k.sign)
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	return replace(name, append(text, '\n'))
}

// replace puts a new file in the place of an old one; after a crash there is one of
// the two.
func replace(name string, text []byte) error {
	f, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails when it has been renamed
	_, err = f.Write(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
