package ui

import (
	"encoding/base64"
	"net/http"
	"strings"
)

const flashCookie = "flash"

// Flash is what the last step did, said once on the next page.
type Flash struct {
	State State // colour: Done for good news, New for information, Late for bad
	Text  string
}

// Leave keeps a flash for the page that the reader is redirected to. The text
// is in the reader's language already and not longer than a sentence.
func Leave(w http.ResponseWriter, state State, text string) {
	http.SetCookie(w, &http.Cookie{
		Name: flashCookie, Path: "/", MaxAge: 60, HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Value: base64.RawURLEncoding.EncodeToString([]byte(string(state) + " " + text)),
	})
}

// takeFlash reads a flash and forgets it, when the request is for a whole page.
func takeFlash(w http.ResponseWriter, r *http.Request) Flash {
	cookie, err := r.Cookie(flashCookie)
	if err != nil || !wantsPage(r) {
		return Flash{}
	}
	http.SetCookie(w, &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1})
	raw, err := base64.RawURLEncoding.DecodeString(cookie.Value)
	if err != nil {
		return Flash{}
	}
	state, text, _ := strings.Cut(string(raw), " ")
	return Flash{State: State(state), Text: text}
}

func wantsPage(r *http.Request) bool {
	return r.Method == http.MethodGet &&
		r.Header.Get("HX-Request") == "" &&
		strings.Contains(r.Header.Get("Accept"), "text/html")
}
