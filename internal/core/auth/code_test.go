package auth

import (
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/core/ui"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/i18n"
)

func TestCodeSignsInOnce(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		code := h.codeFor(mother, Enter)
		in, err := h.SignInWithCode(h.t.Context(), mother, code[:3]+" "+code[3:], phoneBrowser)
		h.must(err)
		if !h.signedIn(in.Token) {
			h.t.Error("not signed in")
		}
		_, err = h.SignInWithCode(h.t.Context(), mother, code, phoneBrowser)
		h.refused(err, fault.KindInvalid, "code")
	})
}

func TestCodeRunsOut(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		code := h.codeFor(mother, Enter)
		h.clock.Add(codeLife)
		_, err := h.SignInWithCode(h.t.Context(), mother, code, phoneBrowser)
		h.refused(err, fault.KindInvalid, "code")
	})
}

func TestNewCodeReplacesTheOld(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		old := h.codeFor(mother, Enter)
		code := h.codeFor(mother, Enter)
		_, err := h.SignInWithCode(h.t.Context(), mother, old, phoneBrowser)
		if old != code {
			h.refused(err, fault.KindInvalid, "code")
		}
		_, err = h.SignInWithCode(h.t.Context(), mother, code, phoneBrowser)
		h.must(err)
	})
}

func TestCodeOfOnePurposeIsNoOther(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		for _, p := range []Purpose{Confirm, NewPhone, Consent} {
			_, err := h.SignInWithCode(h.t.Context(), mother, h.codeFor(mother, p), phoneBrowser)
			h.refused(err, fault.KindInvalid, "code")
		}
	})
}

func TestFiveTriesOfACode(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		code := h.codeFor(mother, Enter)
		for range codeTries {
			_, err := h.SignInWithCode(h.t.Context(), mother, wrongCode(code), phoneBrowser)
			h.refused(err, fault.KindInvalid, "code")
		}
		_, err := h.SignInWithCode(h.t.Context(), mother, code, phoneBrowser)
		h.refused(err, fault.KindInvalid, "code")
	})
}

// TestFiveTriesUnderConcurrency: of many wrong tries at once exactly five are
// compared, and the right code after them is refused.
func TestFiveTriesUnderConcurrency(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		code := h.codeFor(mother, Enter)
		var compared atomic.Int32
		together(40, func(int) {
			_, err := h.SignInWithCode(h.t.Context(), mother, wrongCode(code), phoneBrowser)
			if strings.Contains(err.Error(), "验证码不对") {
				compared.Add(1)
			}
		})
		if compared.Load() != codeTries {
			h.t.Errorf("%d were compared", compared.Load())
		}
		_, err := h.SignInWithCode(h.t.Context(), mother, code, phoneBrowser)
		h.refused(err, fault.KindInvalid, "code")
	})
}

func TestRightCodeAtOnceSignsInOnce(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		code := h.codeFor(mother, Enter)
		var in atomic.Int32
		together(10, func(int) {
			if _, err := h.SignInWithCode(h.t.Context(), mother, code, phoneBrowser); err == nil {
				in.Add(1)
			}
		})
		if in.Load() != 1 {
			h.t.Errorf("%d sessions of one code", in.Load())
		}
	})
}

func TestCodesAreFew(t *testing.T) {
	each(t, func(h *house) {
		send := func() error { return h.SendCode(h.t.Context(), nobody, Enter) }
		h.must(send())
		h.clock.Add(codePause - time.Millisecond)
		h.refused(send(), fault.KindBusy, "")
		h.clock.Add(time.Millisecond)
		for range codesPerDay - 1 {
			h.must(send())
			h.clock.Add(codePause)
		}
		h.refused(send(), fault.KindBusy, "")
		h.refused(h.SendCode(h.t.Context(), nobody, Consent), fault.KindBusy, "")
		h.clock.Set(time.Date(2026, 3, 2, 15, 59, 59, 0, time.UTC)) // 23:59:59 in Beijing
		h.refused(send(), fault.KindBusy, "")
		h.clock.Add(time.Second)
		h.must(send())
		h.refused(h.SendCode(h.t.Context(), "12345", Enter), fault.KindInvalid, "phone")
	})
}

func TestCodesAreFewUnderConcurrency(t *testing.T) {
	each(t, func(h *house) {
		var sent atomic.Int32
		together(20, func(int) {
			if h.SendCode(h.t.Context(), nobody, Enter) == nil {
				sent.Add(1)
			}
		})
		if sent.Load() != 1 {
			h.t.Errorf("%d codes at once", sent.Load())
		}
	})
}

// TestStaleCodeIsNotSent: what waited too long in the queue is of no use.
func TestStaleCodeIsNotSent(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.SendCode(h.t.Context(), nobody, Enter))
		h.clock.Add(codeLife)
		if h.sent(nobody); len(h.console.Latest()) > 0 {
			h.t.Errorf("sent %v", h.console.Latest())
		}
	})
}

func TestSweepKeepsWhatCounts(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		in := h.signIn(mother, phoneBrowser)
		h.codeFor(nobody, Enter)
		_, err := h.SignIn(h.t.Context(), mother, "Wrong-password-1", phoneBrowser)
		h.refused(err, fault.KindInvalid, "password")
		rows := func() (n int) {
			h.read(func(tx *db.Tx) error {
				_, err := tx.Get(`SELECT (SELECT count(*) FROM session) + (SELECT count(*) FROM phone_code)
					+ (SELECT count(*) FROM sign_in_failure)`, nil, &n)
				return err
			})
			return n
		}
		night := func(days int) {
			h.clock.Add(time.Duration(days) * 24 * time.Hour)
			_, err := h.runner.Once(h.t.Context())
			h.must(err)
		}
		for _, step := range []struct{ days, left int }{{1, 3}, {2, 1}, {100, 1}, {110, 0}} {
			night(step.days)
			if got := rows(); got != step.left {
				h.t.Errorf("after %d more days %d rows, want %d", step.days, got, step.left)
			}
		}
		if h.signedIn(in.Token) {
			h.t.Error("signed in after half a year")
		}
	})
}

// wrongCode is another code than the right one.
func wrongCode(right string) string {
	if right == "000000" {
		return "000001"
	}
	return "000000"
}

// together runs fn n times at once.
func together(n int, fn func(i int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { fn(i) })
	}
	all.Wait()
}

func TestPurposesSayWhatTheCodeOpens(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range []Purpose{Enter, Confirm, NewPhone, Consent} {
		text := fmt.Sprintf(p.text(), "123456")
		if seen[text] || !strings.HasPrefix(text, "【邻里】验证码 123456，") {
			t.Errorf("%s: %s", p, text)
		}
		seen[text] = true
		if english := ui.Catalogue().T(i18n.En, p.text(), "123456"); seen[english] || !strings.HasPrefix(english, "【邻里】Code 123456, ") {
			t.Errorf("%s in English: %s", p, english)
		}
	}
}

// TestCodesComeInTheLanguageOfWhoAsks: only a third person's word is asked for in
// Chinese.
func TestCodesComeInTheLanguageOfWhoAsks(t *testing.T) {
	each(t, func(h *house) {
		english := ui.WithPrefs(h.t.Context(), ui.Prefs{Lang: i18n.En})
		for p, want := range map[Purpose]string{Enter: "You are signing in", NewPhone: "moving your Linli account", Consent: "有人申请替您点单"} {
			h.clock.Add(codePause)
			h.must(h.SendCode(english, nobody, p))
			if text := h.sent(nobody); !strings.Contains(text, want) {
				h.t.Errorf("%s: %s", p, text)
			}
		}
	})
}
