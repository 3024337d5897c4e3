package auth

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"linli/internal/core/access"
	"linli/internal/core/person"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

const newSecret = "Window-light-5"

func TestRegister(t *testing.T) {
	each(t, func(h *house) {
		h.person("孟小军", mother, community)           // gave his mother's phone
		listed := h.person("孟桂兰", mother, community) // from a list, with no account
		r := Registration{Phone: mother, Name: "孟 桂 兰", Community: community, Password: secret, Agreed: true}
		r.Code = h.codeFor(mother, Enter)
		in, err := h.Register(h.t.Context(), r, phoneBrowser)
		h.must(err)
		if in.Who.Person != listed.ID || !in.Who.Has(access.Resident) || in.Who.Grants[0].Place != community {
			h.t.Errorf("registered as %+v", in.Who)
		}
		h.signIn(mother, phoneBrowser)
		h.read(func(tx *db.Tx) error {
			agreed, err := person.Consented(tx, district, listed.ID, person.Contact)
			if !agreed {
				h.t.Error("the agreement was not kept")
			}
			return err
		})

		r = Registration{Phone: nobody, Name: "𠮷田㐂子", Community: community, Agreed: true, Code: h.codeFor(nobody, Enter)}
		in, err = h.Register(h.t.Context(), r, phoneBrowser)
		h.must(err)
		h.read(func(tx *db.Tx) error {
			p, err := person.Get(tx, in.Who.District, in.Who.Person)
			if p.Name != r.Name || p.Phone != nobody || p.Community != community {
				h.t.Errorf("a new person: %+v", p)
			}
			return err
		})
		_, err = h.SignIn(h.t.Context(), nobody, "", phoneBrowser)
		h.refused(err, fault.KindInvalid, "password") // no password means codes, not the empty one
	})
}

func TestRegisterNamesEveryMistake(t *testing.T) {
	each(t, func(h *house) {
		_, err := h.Register(h.t.Context(), Registration{Phone: "138", Code: "x", Password: "short"}, phoneBrowser)
		var fields []string
		for _, e := range fault.As(err).All() {
			fields = append(fields, e.Field)
		}
		if diff := cmp.Diff([]string{"phone", "code", "name", "community", "password", "agreed"}, fields); diff != "" {
			h.t.Error(diff)
		}
		r := Registration{Phone: nobody, Name: "孟桂兰", Community: street, Agreed: true, Code: h.codeFor(nobody, Enter)}
		_, err = h.Register(h.t.Context(), r, phoneBrowser)
		h.refused(err, fault.KindInvalid, "community") // a street is no community
		r.Community = community
		_, err = h.Register(h.t.Context(), r, phoneBrowser) // and the code was not lost over it
		h.must(err)
	})
}

func TestCodeOfARegisteredPhoneSignsIn(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		r := Registration{Phone: mother, Name: "别人", Community: community, Agreed: true, Code: h.codeFor(mother, Enter)}
		_, err := h.Register(h.t.Context(), r, phoneBrowser)
		h.refused(err, fault.KindConflict, "")
		_, err = h.SignInWithCode(h.t.Context(), mother, r.Code, phoneBrowser)
		h.must(err)

		code := h.codeFor(nobody, Enter)
		_, err = h.SignInWithCode(h.t.Context(), nobody, code, phoneBrowser)
		h.refused(err, fault.KindNotFound, "")
		r = Registration{Phone: nobody, Name: "新来的", Community: community, Agreed: true, Code: code}
		_, err = h.Register(h.t.Context(), r, phoneBrowser)
		h.must(err)
	})
}

func TestAPhoneHasOneAccount(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		p := h.person("别处的人", mother, elsewhere)
		err := h.d.Write(h.t.Context(), func(tx *db.Tx) error {
			return h.OpenAccount(tx, access.System(), p.District, p.ID, mother, Hashed{})
		})
		h.refused(err, fault.KindConflict, "")
		h.read(func(tx *db.Tx) error {
			if has, err := HasAccount(tx, p.District, p.ID); has || err != nil {
				h.t.Errorf("half an account: %v %v", has, err)
			}
			return nil
		})
	})
}

func TestForgottenPassword(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		in := h.signIn(mother, phoneBrowser)
		code := h.codeFor(mother, Enter)
		h.refused(h.ResetPassword(h.t.Context(), mother, code, mother), fault.KindInvalid, "password")
		h.refused(h.ResetPassword(h.t.Context(), mother, wrongCode(code), newSecret), fault.KindInvalid, "code")
		h.must(h.ResetPassword(h.t.Context(), mother, code, newSecret))
		if h.signedIn(in.Token) {
			h.t.Error("a session outlived the password")
		}
		_, err := h.SignIn(h.t.Context(), mother, secret, phoneBrowser)
		h.refused(err, fault.KindInvalid, "password")
		_, err = h.SignIn(h.t.Context(), mother, newSecret, phoneBrowser)
		h.must(err)
		h.refused(h.ResetPassword(h.t.Context(), nobody, h.codeFor(nobody, Enter), newSecret), fault.KindNotFound, "")
	})
}

func TestChangePassword(t *testing.T) {
	each(t, func(h *house) {
		p := h.account("孟桂兰", mother, community)
		here, there := h.signIn(mother, phoneBrowser), h.signIn(mother, program)
		me := Owner{Who: here.Who, Session: here.Session.ID}
		change := func(proof Proof, to string) error { return h.ChangePassword(h.t.Context(), me, proof, to) }
		h.refused(change(Proof{Password: "Wrong-password-1"}, newSecret), fault.KindInvalid, "password")
		h.refused(change(Proof{Password: secret}, "short"), fault.KindInvalid, "new_password")
		h.must(change(Proof{Password: secret}, newSecret))
		if !h.signedIn(here.Token) || h.signedIn(there.Token) {
			h.t.Error("the others and only they should have ended")
		}
		h.must(change(Proof{Code: h.codeFor(mother, Confirm)}, secret))
		h.signIn(mother, phoneBrowser)
		if n := strings.Count(strings.Join(h.acts(p), " "), "account.password"); n != 2 {
			h.t.Errorf("%d events", n)
		}
	})
}

func TestFirstPasswordIsProvedByCode(t *testing.T) {
	each(t, func(h *house) {
		p := h.person("孟桂兰", mother, community)
		h.write(func(tx *db.Tx) error {
			return h.OpenAccount(tx, access.System(), district, p.ID, mother, Hashed{})
		})
		in, err := h.SignInWithCode(h.t.Context(), mother, h.codeFor(mother, Enter), phoneBrowser)
		h.must(err)
		me := Owner{Who: in.Who, Session: in.Session.ID}
		h.refused(h.ChangePassword(h.t.Context(), me, Proof{}, newSecret), fault.KindInvalid, "code")
		h.must(h.ChangePassword(h.t.Context(), me, Proof{Code: h.codeFor(mother, Confirm)}, newSecret))
		_, err = h.SignIn(h.t.Context(), mother, newSecret, phoneBrowser)
		h.must(err)
	})
}

func TestChangePhone(t *testing.T) {
	each(t, func(h *house) {
		p := h.account("孟桂兰", mother, community)
		h.account("孟小军", son, community)
		here, there := h.signIn(mother, phoneBrowser), h.signIn(mother, program)
		me := Owner{Who: here.Who, Session: here.Session.ID}
		change := func(to, code string) error {
			return h.ChangePhone(h.t.Context(), me, Proof{Password: secret}, to, code)
		}
		h.refused(change(son, h.codeFor(son, NewPhone)), fault.KindConflict, "")
		h.refused(change(mother, h.codeFor(mother, NewPhone)), fault.KindInvalid, "new_phone")
		code := h.codeFor(nobody, NewPhone)
		h.refused(change(nobody, wrongCode(code)), fault.KindInvalid, "new_code")
		h.refused(h.ChangePhone(h.t.Context(), me, Proof{Password: "Wrong-password-1"}, nobody, code), fault.KindInvalid, "password")
		h.must(change(nobody, code))
		if !h.signedIn(here.Token) || h.signedIn(there.Token) {
			h.t.Error("the others and only they should have ended")
		}
		h.signIn(nobody, phoneBrowser)
		_, err := h.SignIn(h.t.Context(), mother, secret, phoneBrowser)
		h.refused(err, fault.KindInvalid, "password")
		for _, phone := range []string{mother, nobody} {
			if text := h.sent(phone); !strings.Contains(text, "尾号 9999") {
				h.t.Errorf("%s was told %q", phone, text)
			}
		}
		h.read(func(tx *db.Tx) error {
			now, err := person.Get(tx, district, p.ID)
			if now.Phone != nobody {
				h.t.Errorf("the person is still called on %s", now.Phone)
			}
			return err
		})
		// The old number is free: somebody else gets it.
		r := Registration{Phone: mother, Name: "新机主", Community: community, Agreed: true, Code: h.codeFor(mother, Enter)}
		in, err := h.Register(h.t.Context(), r, phoneBrowser)
		if err != nil || in.Who.Person == p.ID {
			h.t.Errorf("the number's next owner: %+v %v", in.Who, err)
		}
	})
}

func TestChangePhoneWithTheOldOneInHand(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		in := h.signIn(mother, phoneBrowser)
		proof := Proof{Code: h.codeFor(mother, Confirm)}
		h.must(h.ChangePhone(h.t.Context(), Owner{Who: in.Who, Session: in.Session.ID}, proof, nobody, h.codeFor(nobody, NewPhone)))
		h.signIn(nobody, phoneBrowser)
	})
}

// TestProofHoldsForTheOwnerOnly: a code that was sent to the number before it
// moved on proves nothing about the account that has it now.
func TestProofHoldsForTheOwnerOnly(t *testing.T) {
	each(t, func(h *house) {
		h.account("孟桂兰", mother, community)
		in := h.signIn(mother, phoneBrowser)
		me := Owner{Who: in.Who, Session: in.Session.ID}
		held, err := h.own(h.t.Context(), me)
		h.must(err)
		h.must(h.ChangePhone(h.t.Context(), me, Proof{Password: secret}, nobody, h.codeFor(nobody, NewPhone)))
		h.account("新机主", mother, community)
		prove, err := h.judge(h.t.Context(), held, Proof{Code: h.codeFor(mother, Confirm)})
		h.must(err)
		err = h.d.Write(h.t.Context(), func(tx *db.Tx) error {
			_, refusal, err := prove(tx)
			h.must(refusal)
			return err
		})
		h.refused(err, fault.KindConflict, "")
	})
}

func TestStationMovesALostPhone(t *testing.T) {
	each(t, func(h *house) {
		p := h.account("孟桂兰", mother, community)
		in := h.signIn(mother, phoneBrowser)
		h.account("周敏", worker, community, access.StationWorker)
		h.account("吴远", "13800000004", elsewhere, access.StationWorker)
		h.account("郑队", "13800000005", community, access.TeamLeader)
		boss := h.account("韩主任", "13800000006", community, access.Administrator)
		move := func(by, phone string, whom person.Person) error {
			return h.ChangePhoneFor(h.t.Context(), h.signIn(by, program).Who, whom.District, whom.ID, phone)
		}
		for _, by := range []string{mother, "13800000004", "13800000005"} {
			h.refused(move(by, nobody, p), fault.KindForbidden, "")
		}
		h.refused(move(worker, nobody, boss), fault.KindForbidden, "")
		h.refused(move(worker, son, h.person("没有账号", "", community)), fault.KindNotFound, "")
		h.must(move(worker, nobody, p))
		if h.signedIn(in.Token) {
			h.t.Error("a session on the lost phone goes on")
		}
		if h.sent(mother) == "" || h.sent(nobody) == "" {
			h.t.Error("nobody was told")
		}
		h.signIn(nobody, phoneBrowser)
	})
}

func TestDisable(t *testing.T) {
	each(t, func(h *house) {
		p := h.account("孟桂兰", mother, community)
		in := h.signIn(mother, phoneBrowser)
		h.account("周敏", worker, community, access.StationWorker)
		h.account("韩主任", "13800000006", community, access.Administrator)
		boss := h.signIn("13800000006", program).Who
		h.refused(h.Disable(h.t.Context(), h.signIn(worker, program).Who, district, p.ID), fault.KindForbidden, "")
		h.must(h.Disable(h.t.Context(), boss, district, p.ID))
		if h.signedIn(in.Token) {
			h.t.Error("a switched-off account is signed in")
		}
		_, err := h.SignIn(h.t.Context(), mother, secret, phoneBrowser)
		h.refused(err, fault.KindForbidden, "")
		_, err = h.SignIn(h.t.Context(), mother, "Wrong-password-1", phoneBrowser)
		h.refused(err, fault.KindInvalid, "password") // only the owner learns of it
		h.must(h.Enable(h.t.Context(), boss, district, p.ID))
		h.must(h.Enable(h.t.Context(), boss, district, p.ID))
		in = h.signIn(mother, phoneBrowser)
		h.must(h.CloseAccount(h.t.Context(), Owner{Who: in.Who, Session: in.Session.ID}, Proof{Password: secret}))
		if h.signedIn(in.Token) {
			h.t.Error("a closed account is signed in")
		}
		acts := strings.Join(h.acts(p), " ")
		if strings.Count(acts, "account.disable") != 2 || strings.Count(acts, "account.enable") != 1 {
			h.t.Errorf("events: %s", acts)
		}
	})
}

func TestBootstrap(t *testing.T) {
	each(t, func(h *house) {
		hashed, err := h.Hash(h.t.Context(), "password", secret, mother)
		h.must(err)
		_, err = h.Hash(h.t.Context(), "password", "12345678", mother)
		h.refused(err, fault.KindInvalid, "password")
		administrator := func() (there bool) {
			h.read(func(tx *db.Tx) (err error) { there, err = h.HasAdministrator(tx); return err })
			return there
		}
		if administrator() {
			h.t.Error("an empty house has an administrator")
		}
		h.write(func(tx *db.Tx) error { return h.Bootstrap(tx, "管理员", mother, hashed) })
		if !administrator() {
			h.t.Error("there is none")
		}
		err = h.d.Write(h.t.Context(), func(tx *db.Tx) error { return h.Bootstrap(tx, "又一个", son, hashed) })
		h.refused(err, fault.KindConflict, "")
		who := h.signIn(mother, phoneBrowser).Who
		at := access.Target{District: district, Path: "/130000000000/130100000000/130104000000/"}
		if who.District != person.Country || !access.May(who, access.RoleGrant, at) {
			h.t.Errorf("the first administrator is %+v", who)
		}
		p := h.person("周敏", worker, community)
		h.write(func(tx *db.Tx) error {
			_, err := h.Grant(tx, who, Appointment{District: district, Person: p.ID, Role: access.Administrator, Place: community})
			return err
		})
	})
}
