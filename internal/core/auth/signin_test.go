package auth

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"linli/internal/core/access"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"

	"github.com/google/go-cmp/cmp"
)

func TestSignInAndOut(t *testing.T) {
	each(t, func(h *house) {
		p := h.account("孟桂兰", mother, community)
		in := h.signIn(" +86 138-0000-0001 ", phoneBrowser)
		if in.Who.Person != p.ID || in.Who.Name != "孟桂兰" || in.Who.District != district || !in.Who.Has(access.Resident) {
			h.t.Errorf("signed in as %+v", in.Who)
		}
		who, session, err := h.Authenticate(h.t.Context(), in.Token)
		h.must(err)
		if diff := cmp.Diff(in.Who, who); diff != "" {
			h.t.Error(diff)
		}
		if session.ID == in.Token || session.Device != phoneBrowser.Device || session.Kind != Web {
			h.t.Errorf("session %+v", session)
		}
		h.must(h.SignOut(h.t.Context(), in.Token))
		if h.signedIn(in.Token) {
			h.t.Error("still signed in")
		}
		h.must(h.SignOut(h.t.Context(), in.Token))
		want := []string{"account.open", "role.grant", "session.start", "session.end"}
		if diff := cmp.Diff(want, h.acts(p)); diff != "" {
			h.t.Error(diff)
		}
	})
}

func TestForeignTokensAreSignedOut(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		in := h.signIn(mother, program)
		other, err := newToken(district)
		h.must(err)
		for _, token := range []string{"", "x", other, "999999" + in.Token[6:], in.Token + "A", in.Token[:len(in.Token)-1]} {
			if h.signedIn(token) {
				h.t.Errorf("%q is signed in", token)
			}
		}
		if !h.signedIn(in.Token) {
			h.t.Error("the right one is not")
		}
	})
}

// TestWrongPasswordAnswersLikeUnknownPhone plays the same attempts on a phone
// with an account, one whose account has no password, and one that nobody has.
func TestWrongPasswordAnswersLikeUnknownPhone(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		q := h.person("孟小军", son, community)
		h.write(func(tx *db.Tx) error {
			return h.OpenAccount(tx, access.System(), district, q.ID, son, Hashed{})
		})
		answers := func(phone string) (all []string) {
			for range 8 {
				h.clock.Add(20 * time.Second)
				_, err := h.SignIn(h.t.Context(), phone, "Wrong-password-1", phoneBrowser)
				all = append(all, err.Error())
			}
			return all
		}
		known := answers(mother)
		if known[0] == known[4] || known[4] == known[7] {
			h.t.Errorf("no lock, or one that never opens: %v", known)
		}
		for _, phone := range []string{son, nobody} {
			if diff := cmp.Diff(known, answers(phone)); diff != "" {
				h.t.Errorf("%s: %s", phone, diff)
			}
		}
	})
}

func TestLockOut(t *testing.T) {
	each(t, func(h *house) {
		p := h.account("孟桂兰", mother, community)
		wrong := func(want fault.Kind) {
			h.t.Helper()
			_, err := h.SignIn(h.t.Context(), mother, "Wrong-password-1", phoneBrowser)
			if fault.KindOf(err) != want {
				h.t.Fatalf("want %s, got %v", want, err)
			}
		}
		for range 4 {
			wrong(fault.KindInvalid)
		}
		for _, minutes := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
			wrong(fault.KindBusy) // this one locks
			_, err := h.SignIn(h.t.Context(), mother, secret, phoneBrowser)
			h.refused(err, fault.KindBusy, "")
			h.clock.Add(minutes*time.Minute - time.Millisecond)
			_, err = h.SignIn(h.t.Context(), mother, secret, phoneBrowser)
			h.refused(err, fault.KindBusy, "")
			h.clock.Add(time.Millisecond)
		}
		h.signIn(mother, phoneBrowser)
		wrong(fault.KindInvalid) // a right one begins the count anew
		for range 4 {
			h.clock.Add(failureMemory + time.Second)
			wrong(fault.KindInvalid) // and so does a day
		}
		if acts := h.acts(p); acts[2] != "account.lock" {
			h.t.Errorf("no event of the lock: %v", acts)
		}
	})
}

func TestCodeOpensALockedPhone(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		for range failuresFree {
			_, err := h.SignIn(h.t.Context(), mother, "Wrong-password-1", phoneBrowser)
			if err == nil {
				h.t.Fatal("signed in")
			}
		}
		h.must(h.SendCode(h.t.Context(), mother, Enter))
		_, err := h.SignInWithCode(h.t.Context(), mother, h.sent(mother)[len("【邻里】验证码 "):][:6], phoneBrowser)
		h.must(err)
		h.signIn(mother, phoneBrowser)
	})
}

// TestLockOutHoldsUnderConcurrency: of many guesses at once, one of them right,
// no more than four are told that they were wrong, and a right one that comes
// after the lock is refused.
func TestLockOutHoldsUnderConcurrency(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		const guesses = 40
		kinds := make([]fault.Kind, guesses)
		var all sync.WaitGroup
		for i := range guesses {
			all.Go(func() {
				password := fmt.Sprintf("Wrong-password-%d", i)
				_, err := h.SignIn(h.t.Context(), mother, password, phoneBrowser)
				kinds[i] = fault.KindOf(err)
			})
		}
		all.Wait()
		count := map[fault.Kind]int{}
		for _, k := range kinds {
			count[k]++
		}
		if count[fault.KindInvalid] != failuresFree-1 || count[fault.KindBusy] != guesses-failuresFree+1 {
			h.t.Errorf("answers: %v", count)
		}
		_, err := h.SignIn(h.t.Context(), mother, secret, phoneBrowser)
		h.refused(err, fault.KindBusy, "")
		h.clock.Add(lockAfter(failuresFree)) // guesses on their way at the lock do not lengthen it
		h.signIn(mother, phoneBrowser)
	})
}

// TestRightGuessAfterTheLock judges a right password that was compared before the
// lock and comes to the transaction after it.
func TestRightGuessAfterTheLock(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		prove, err := h.tryPassword(h.t.Context(), mother, secret, errWrongPassword)
		h.must(err)
		for range failuresFree {
			_, _ = h.SignIn(h.t.Context(), mother, "Wrong-password-1", phoneBrowser)
		}
		h.write(func(tx *db.Tx) error {
			_, refusal, err := prove(tx)
			if fault.KindOf(refusal) != fault.KindBusy {
				h.t.Errorf("answered %v", refusal)
			}
			return err
		})
	})
}

// TestRightGuessOfAnOldPassword: a password that was changed while it was being
// compared is wrong.
func TestRightGuessOfAnOldPassword(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		in := h.signIn(mother, phoneBrowser)
		prove, err := h.tryPassword(h.t.Context(), mother, secret, errWrongPassword)
		h.must(err)
		h.must(h.ChangePassword(h.t.Context(), Owner{Who: in.Who}, Proof{Password: secret}, "Another-one-77"))
		h.write(func(tx *db.Tx) error {
			_, refusal, err := prove(tx)
			if fault.KindOf(refusal) != fault.KindInvalid {
				h.t.Errorf("answered %v", refusal)
			}
			return err
		})
	})
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		web, api := h.signIn(mother, phoneBrowser), h.signIn(mother, program)
		for range 4 { // a web session slides, the others' end stands
			h.clock.Add(10 * 24 * time.Hour)
			if !h.signedIn(web.Token) {
				h.t.Fatal("the web session ended while in use")
			}
		}
		if h.signedIn(api.Token) {
			h.t.Error("the api session did not end")
		}
		h.clock.Add(sessionLife - time.Second)
		if !h.signedIn(web.Token) {
			h.t.Error("ended too early")
		}
		h.clock.Add(sessionLife + touchEvery)
		if h.signedIn(web.Token) {
			h.t.Error("did not end")
		}
		if left, err := h.Sessions(h.t.Context(), web.Who); err != nil || len(left) != 0 {
			h.t.Errorf("listed: %v %v", left, err)
		}
	})
}

func TestStaffSignInEveryDay(t *testing.T) {
	each(t, func(h *house) {
		h.account("周敏", worker, community, access.StationWorker)
		web, api := h.signIn(worker, phoneBrowser), h.signIn(worker, program)
		for range 11 {
			h.clock.Add(time.Hour)
			if !h.signedIn(web.Token) {
				h.t.Fatal("ended during the shift")
			}
		}
		h.clock.Add(time.Hour)
		if h.signedIn(web.Token) || !h.signedIn(api.Token) {
			h.t.Error("12 hours hold for the phoneBrowser, not for the program")
		}
		sessions, err := h.Sessions(h.t.Context(), web.Who)
		if err != nil || len(sessions) != 1 || sessions[0].Kind != API {
			h.t.Errorf("listed: %v %v", sessions, err)
		}
	})
}

// TestBecomingStaffShortensWhatIsOpen: the role counts, not what held at sign-in.
func TestBecomingStaffShortensWhatIsOpen(t *testing.T) {
	each(t, func(h *house) {
		p := h.account("周敏", worker, community)
		in := h.signIn(worker, phoneBrowser)
		h.clock.Add(staffLife)
		if !h.signedIn(in.Token) {
			h.t.Fatal("a resident's session ended after 12 hours")
		}
		h.write(func(tx *db.Tx) error {
			_, err := h.Grant(tx, access.System(), Appointment{District: district, Person: p.ID, Role: access.StationWorker, Place: community})
			return err
		})
		if h.signedIn(in.Token) {
			h.t.Error("staff are signed in for more than 12 hours")
		}
	})
}

func TestDevices(t *testing.T) {
	each(t, func(h *house) {
		p := h.account("孟桂兰", mother, community)
		h.account("孟小军", son, community)
		phone, old, tablet := h.signIn(mother, phoneBrowser), h.signIn(mother, program), h.signIn(mother, phoneBrowser)
		stranger := h.signIn(son, phoneBrowser)
		all, err := h.Sessions(h.t.Context(), phone.Who)
		if err != nil || len(all) != 3 {
			h.t.Fatalf("%v %v", all, err)
		}
		h.refused(h.EndSession(h.t.Context(), stranger.Who, old.Session.ID), fault.KindNotFound, "")
		h.must(h.EndSession(h.t.Context(), phone.Who, old.Session.ID))
		h.refused(h.EndSession(h.t.Context(), phone.Who, old.Session.ID), fault.KindNotFound, "")
		if h.signedIn(old.Token) || !h.signedIn(tablet.Token) {
			h.t.Error("the wrong one ended")
		}
		h.must(h.EndOthers(h.t.Context(), phone.Who, phone.Session.ID))
		if !h.signedIn(phone.Token) || h.signedIn(tablet.Token) || !h.signedIn(stranger.Token) {
			h.t.Error("all others and only they should have ended")
		}
		if acts := h.acts(p); acts[len(acts)-1] != "session.end" {
			h.t.Errorf("events %v", acts)
		}
	})
}

// TestRevokedBySomebodyElse: what another process revokes is known after the
// cache's five seconds.
func TestRevokedBySomebodyElse(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		in := h.signIn(mother, phoneBrowser)
		other := newHouseOn(h)
		if !h.signedIn(in.Token) {
			h.t.Fatal("not signed in")
		}
		h.must(other.SignOut(h.t.Context(), in.Token))
		h.clock.Add(cacheLife)
		if h.signedIn(in.Token) {
			h.t.Error("still signed in after five seconds")
		}
	})
}

func TestAuthenticateFailureIsNotSignedOut(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		in := h.signIn(mother, phoneBrowser)
		ctx, cancel := context.WithCancel(h.t.Context())
		cancel()
		if _, _, err := h.Authenticate(ctx, in.Token); err == nil || errors.Is(err, ErrSignedOut) {
			h.t.Errorf("a failed read gives %v", err)
		}
	})
}
