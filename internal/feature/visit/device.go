package visit

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"linli/internal/kit/web"
)

// deviceCookie keeps a number on a phone by which its check-ins are known again.
const deviceCookie = "device"

// deviceHeader is what a program sends in its place.
const deviceHeader = "X-Device-ID"

// DeviceOf is a hash of the phone that a request comes from: of the number that the
// phone keeps, or sends; before it has one, of its address and program, which others
// in one house may share. It says only that two check-ins came from one phone, and is
// looked at when many people's did.
func DeviceOf(r *web.Request) string {
	number := "header:" + r.Header.Get(deviceHeader)
	if r.Header.Get(deviceHeader) == "" {
		if kept, err := r.Cookie(deviceCookie); err == nil && kept.Value != "" {
			number = "cookie:" + kept.Value
		} else {
			number = "address:" + r.ClientIP().String() + " " + r.UserAgent()
		}
	}
	sum := sha256.Sum256([]byte(number))
	return hex.EncodeToString(sum[:16])
}

// KeepDevice gives the phone its number when it has none, with the page on which it
// is going to check in.
func KeepDevice(r *web.Request) {
	if kept, err := r.Cookie(deviceCookie); err == nil && kept.Value != "" {
		return
	}
	r.SetCookie(&http.Cookie{Name: deviceCookie, Value: rand.Text(), MaxAge: int((365 * 24 * time.Hour).Seconds())})
}
