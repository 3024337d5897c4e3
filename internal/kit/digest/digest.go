package digest

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// Text adds a text to b: its length in bytes, and itself.
func Text(b []byte, s string) []byte {
	b = append(strconv.AppendInt(b, int64(len(s)), 10), ':')
	return append(append(b, s...), ';')
}

// Number adds the decimal text of a number.
func Number(b []byte, n int64) []byte {
	var digits [20]byte
	text := strconv.AppendInt(digits[:0], n, 10)
	b = append(strconv.AppendInt(b, int64(len(text)), 10), ':')
	return append(append(b, text...), ';')
}

// Bytes is SHA-256 over what was written.
func Bytes(b []byte) [32]byte { return sha256.Sum256(b) }

// Sum is SHA-256 over what was written, in lower-case hex.
func Sum(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
