package credential

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"math/big"
	"slices"
	"strings"
)

// alphabet of base58-btc, in which no two characters look alike.
const alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

// mostEncoded bounds what is decoded: a key or a signature has at most 90 characters,
// and the cost of decoding grows with the square of the length.
const mostEncoded = 200

var errMultibase = errors.New("not a multibase text of the kind that is expected")

// encode58 is b in base58-btc with the multibase prefix "z".
func encode58(b []byte) string {
	n, base, digit := new(big.Int).SetBytes(b), big.NewInt(58), new(big.Int)
	var out []byte
	for n.Sign() > 0 {
		n.DivMod(n, base, digit)
		out = append(out, alphabet[digit.Int64()])
	}
	for _, x := range b {
		if x != 0 {
			break
		}
		out = append(out, alphabet[0])
	}
	slices.Reverse(out)
	return "z" + string(out)
}

// decode58 reads what encode58 writes.
func decode58(text string) ([]byte, error) {
	text, found := strings.CutPrefix(text, "z")
	if !found || len(text) > mostEncoded {
		return nil, errMultibase
	}
	n, base := new(big.Int), big.NewInt(58)
	for i := range len(text) {
		digit := strings.IndexByte(alphabet, text[i])
		if digit < 0 {
			return nil, errMultibase
		}
		n.Add(n.Mul(n, base), big.NewInt(int64(digit)))
	}
	zeros := len(text) - len(strings.TrimLeft(text, alphabet[:1]))
	return append(make([]byte, zeros), n.Bytes()...), nil
}

// encode64 is b in base64url without padding with the multibase prefix "u".
func encode64(b []byte) string { return "u" + base64.RawURLEncoding.EncodeToString(b) }

func decode64(text string) ([]byte, error) {
	text, found := strings.CutPrefix(text, "u")
	if !found {
		return nil, errMultibase
	}
	return base64.RawURLEncoding.Strict().DecodeString(text)
}

// The multicodec prefixes of Multikey (Controlled Identifiers 1.0, section 2.2.2).
func publicPrefix() []byte { return []byte{0xed, 0x01} }
func secretPrefix() []byte { return []byte{0x80, 0x26} }

// PublicMultikey writes an Ed25519 public key as "z6Mk…".
func PublicMultikey(k ed25519.PublicKey) string { return encode58(append(publicPrefix(), k...)) }

// ReadPublicMultikey reads an Ed25519 public key.
func ReadPublicMultikey(text string) (ed25519.PublicKey, error) {
	b, err := readMultikey(text, publicPrefix(), ed25519.PublicKeySize)
	return b, err
}

// secretMultikey writes the seed of a private key as "z3u2…".
func secretMultikey(k ed25519.PrivateKey) string {
	return encode58(append(secretPrefix(), k.Seed()...))
}

func readSecretMultikey(text string) (ed25519.PrivateKey, error) {
	seed, err := readMultikey(text, secretPrefix(), ed25519.SeedSize)
	if err != nil {
		return nil, err
	}
	return ed25519.NewKeyFromSeed(seed), nil
}

func readMultikey(text string, prefix []byte, size int) ([]byte, error) {
	b, err := decode58(text)
	if err != nil {
		return nil, err
	}
	key, found := bytes.CutPrefix(b, prefix)
	if !found || len(key) != size {
		return nil, errMultibase
	}
	return key, nil
}
