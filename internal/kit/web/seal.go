package web

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
)

// sealer keeps answers unreadable where they rest, and hashes bodies so that a
// stolen table is no way to try passwords against.
type sealer struct {
	hashKey []byte
	box     cipher.AEAD
}

// newSealer derives its keys from the site's secret.
func newSealer(secret []byte) (*sealer, error) {
	const least = 32
	if len(secret) < least {
		return nil, fmt.Errorf("web: the secret has %d bytes, at least %d are needed", len(secret), least)
	}
	block, err := aes.NewCipher(derive(secret, "idempotency answer"))
	if err != nil {
		return nil, err
	}
	box, err := cipher.NewGCM(block)
	return &sealer{hashKey: derive(secret, "idempotency body"), box: box}, err
}

func derive(secret []byte, purpose string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(purpose))
	return mac.Sum(nil)
}

// hash tells requests apart: parts are length-prefixed, so that none can pass for
// a piece of its neighbour.
func (s *sealer) hash(parts ...[]byte) string {
	mac := hmac.New(sha256.New, s.hashKey)
	for _, p := range parts {
		fmt.Fprintf(mac, "%d:", len(p))
		mac.Write(p)
	}
	return hex.EncodeToString(mac.Sum(nil))
}

// seal binds the text to its row by owner: it cannot be read in another's.
func (s *sealer) seal(text []byte, owner string) string {
	nonce := make([]byte, s.box.NonceSize())
	_, _ = rand.Read(nonce) // never fails (crypto/rand)
	return base64.StdEncoding.EncodeToString(s.box.Seal(nonce, nonce, text, []byte(owner)))
}

func (s *sealer) open(sealed, owner string) ([]byte, error) {
	raw, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(raw) < s.box.NonceSize() {
		return nil, errors.New("web: a kept answer is damaged")
	}
	n := s.box.NonceSize()
	return s.box.Open(nil, raw[:n], raw[n:], []byte(owner))
}
