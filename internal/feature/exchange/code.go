package exchange

import (
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/big"
	"strconv"
	"strings"

	"linli/internal/core/calendar"
	"linli/internal/kit/fault"
)

// Code is what stands in the QR code of a coupon: a number, where it can be used and
// until when. The signature makes that nobody but the instance could have written it.
type Code struct {
	District int
	Number   string
	Till     string // tillKey of the merchant
	LastDay  calendar.Day
}

// mark begins every code; it would change with the form.
const mark = "L1"

// text is what is signed: L1.130104.482109357716.9f86d081.2026-12-31
func (c Code) text() string {
	return strings.Join([]string{mark, strconv.Itoa(c.District), c.Number, c.Till, c.LastDay.String()}, ".")
}

// tillKey names a till without saying who it is: the first bytes of a hash of the
// merchant, or of the place for what the station itself gives.
func tillKey(merchant, place string) string {
	if merchant == "" {
		merchant = place
	}
	sum := sha256.Sum256([]byte(merchant))
	return hex.EncodeToString(sum[:4])
}

// Signer signs coupons. Its key follows from the instance's secret: every server of
// a database has the same, and the database has none.
type Signer struct{ key ed25519.PrivateKey }

// NewSigner derives the key.
func NewSigner(secret []byte) (Signer, error) {
	seed, err := hkdf.Key(sha256.New, secret, nil, "linli coupons, version 1", ed25519.SeedSize)
	if err != nil {
		return Signer{}, err
	}
	return Signer{ed25519.NewKeyFromSeed(seed)}, nil
}

// Public is the key that tills check with, base64url.
func (s Signer) Public() string {
	return base64.RawURLEncoding.EncodeToString(s.key.Public().(ed25519.PublicKey))
}

// Sign is the text with its signature: the code in the QR.
func (s Signer) Sign(c Code) string { return s.seal(c.text()) }

func (s Signer) seal(text string) string {
	return text + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(s.key, []byte(text)))
}

// Open reads a code whose signature holds.
func (s Signer) Open(code string) (Code, error) {
	at := strings.LastIndexByte(code, '.')
	if at < 0 || !strings.HasPrefix(code, mark+".") {
		return Code{}, errForeign()
	}
	signature, err := base64.RawURLEncoding.DecodeString(code[at+1:])
	if err != nil || !ed25519.Verify(s.key.Public().(ed25519.PublicKey), []byte(code[:at]), signature) {
		return Code{}, errForeign()
	}
	parts := strings.Split(code[:at], ".")
	if len(parts) != 5 {
		return Code{}, errForeign()
	}
	c := Code{Number: parts[2], Till: parts[3]}
	c.District, err = strconv.Atoi(parts[1])
	if err != nil || c.LastDay.UnmarshalText([]byte(parts[4])) != nil {
		return Code{}, errForeign()
	}
	return c, nil
}

func errForeign() error {
	return fault.Invalid("code", "这个码不是这里发的券，或者被改过。")
}

// digits is how long a number is.
const digits = 12

// newNumber draws a number: eleven random digits and one that checks them. Two of
// one district meet so seldom that a second try is enough; the database decides.
func newNumber() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(100_000_000_000))
	if err != nil {
		return "", err
	}
	text := fmt.Sprintf("%011d", n)
	return text + string('0'+luhn(text)), nil
}

// luhn is the check digit that finds one wrong digit and two that changed places.
func luhn(text string) byte {
	sum := 0
	for i := len(text) - 1; i >= 0; i-- {
		d := int(text[i] - '0')
		if (len(text)-1-i)%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return byte((10 - sum%10) % 10)
}

// typed reads a number as people type it, with spaces between.
func typed(text string) (string, error) {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r >= '０' && r <= '９':
			b.WriteRune(r - '０' + '0')
		case r == ' ' || r == '-' || r == '　':
		default:
			return "", fault.Invalid("code", "券号只有数字，一共 %d 个。请再看一眼。", digits)
		}
	}
	n := b.String()
	if len(n) != digits || n[digits-1] != '0'+luhn(n[:digits-1]) {
		return "", fault.Invalid("code", "券号输错了，一共 %d 个数。请再看一眼。", digits)
	}
	return n, nil
}

// read finds the number in what a till was given: the code of a QR, or a number that
// somebody typed. A signed code says more and must agree with the coupon.
func (s Signer) read(text string) (number string, signed *Code, err error) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, mark+".") {
		number, err = typed(text)
		return number, nil, err
	}
	c, err := s.Open(text)
	return c.Number, &c, err
}

// spaced is a number as it is printed: 4821 0935 7716.
func spaced(number string) string {
	if len(number) != digits {
		return number
	}
	return number[:4] + " " + number[4:8] + " " + number[8:]
}

// openList is the signed list of what a till may take while it is offline: of each
// open coupon the first bytes of a hash of its number and the last day, so that a
// look into the phone shows no numbers.
func (s Signer) openList(till string, made int64, open []Coupon) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%sT.%s.%d.", mark, till, made)
	for i, c := range open {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(listed(c.Number) + c.LastDay.String())
	}
	return s.seal(b.String())
}

// listed is how a number stands in the list.
func listed(number string) string {
	sum := sha256.Sum256([]byte("coupon " + number))
	return hex.EncodeToString(sum[:8])
}
