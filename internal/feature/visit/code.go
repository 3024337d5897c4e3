package visit

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"time"

	"linli/internal/kit/fault"
)

// The rotating code proves that volunteer and host stood at one door: four digits
// shown by the host's page or read out by the station, new every 30 seconds.
const (
	codeStep = 30 * time.Second
	// codeSlack is how many steps before and after still count: reading four
	// digits aloud takes longer than a step.
	codeSlack = 1
	// FailuresMost stops guessing: with three of 10,000 codes valid at a time,
	// five tries find one with a chance of 0.15 %.
	FailuresMost = 5
)

// NewSecret makes the key of an order's codes.
func NewSecret() string {
	var b [20]byte
	_, _ = rand.Read(b[:]) // never fails (crypto/rand)
	return hex.EncodeToString(b[:])
}

// CodeAt is the code that an order shows at a moment: HMAC-SHA256 of the step's
// number, cut to four digits as in RFC 4226, section 5.3.
func CodeAt(secret string, t time.Time) string {
	var step [8]byte
	binary.BigEndian.PutUint64(step[:], uint64(t.Unix())/uint64(codeStep/time.Second))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(step[:])
	sum := mac.Sum(nil)
	offset := sum[len(sum)-1] & 0x0f
	n := binary.BigEndian.Uint32(sum[offset:offset+4]) & 0x7fffffff
	return fmt.Sprintf("%04d", n%10000)
}

// CodeLeft is how long the code shown at t stays the same.
func CodeLeft(t time.Time) time.Duration {
	return codeStep - time.Duration(t.UnixNano()%int64(codeStep))
}

// CodeHolds says whether code was shown around t.
func CodeHolds(secret, code string, t time.Time) bool {
	ok := 0
	for i := -codeSlack; i <= codeSlack; i++ {
		want := CodeAt(secret, t.Add(time.Duration(i)*codeStep))
		ok |= subtle.ConstantTimeCompare([]byte(want), []byte(code))
	}
	return ok == 1
}

func checkCodeForm(code string) error {
	if len(code) != 4 && len(code) != paperDigits {
		return fault.Invalid("code", "码是 4 个数，纸上的是 %d 个数。请再看一眼。", paperDigits)
	}
	for _, r := range code {
		if r < '0' || r > '9' {
			return fault.Invalid("code", "码只有数字，请再看一眼。")
		}
	}
	return nil
}
