package auth

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"linli/internal/core/auth/sms"
	"linli/internal/kit/db"
	"linli/internal/kit/dbtest"
)

// TestSecretsAreNowhere goes through everything that handles a password, a code
// or a token and then looks for them in every table, in the log and in every
// error.
func TestSecretsAreNowhere(t *testing.T) {
	each(t, func(h *house) {
		var said strings.Builder
		try := func(err error) { fmt.Fprintln(&said, err) }
		secrets := []string{secret, newSecret, "Wrong-password-1", strings.Repeat("s", 32)}

		h.account("孟桂兰", mother, community)
		web, api := h.signIn(mother, phoneBrowser), h.signIn(mother, program)
		secrets = append(secrets, web.Token, web.Token[7:], api.Token, api.Token[7:])
		_, err := h.SignIn(h.t.Context(), mother, "Wrong-password-1", phoneBrowser)
		try(err)
		me := Owner{Who: web.Who, Session: web.Session.ID}
		code := func(phone string, p Purpose) string {
			c := h.codeFor(phone, p)
			secrets = append(secrets, c)
			return c
		}
		_, err = h.SignInWithCode(h.t.Context(), mother, code(mother, Enter), phoneBrowser)
		try(err)
		_, err = h.SignInWithCode(h.t.Context(), mother, code(mother, Consent), phoneBrowser)
		try(err)
		_, err = h.Register(h.t.Context(), Registration{Phone: nobody, Name: "新来的", Community: community,
			Password: newSecret, Agreed: true, Code: code(nobody, Enter)}, phoneBrowser)
		try(err)
		try(h.ChangePassword(h.t.Context(), me, Proof{Password: secret}, newSecret))
		try(h.ChangePassword(h.t.Context(), me, Proof{Password: secret}, newSecret))
		try(h.ResetPassword(h.t.Context(), mother, code(mother, Enter), secret))
		try(h.ChangePhone(h.t.Context(), me, Proof{Code: code(mother, Confirm)}, son, code(son, NewPhone)))
		for range failuresFree {
			_, err = h.SignIn(h.t.Context(), son, "Wrong-password-1", phoneBrowser)
			try(err)
		}
		h.Service.sms = brokenGateway{}
		h.clock.Add(codePause)
		try(h.SendCode(h.t.Context(), mother, Enter))
		_, err = h.runner.Once(h.t.Context())
		try(err)

		everything := said.String() + h.log.String() + h.dump()
		for _, s := range secrets {
			if regexp.MustCompile(`(^|\W)` + regexp.QuoteMeta(s) + `($|\W)`).MatchString(everything) {
				h.t.Errorf("%q can be read", s)
			}
		}
		if !strings.Contains(everything, "account.phone") || !strings.Contains(everything, "no gateway") {
			h.t.Error("the dump is not of what happened")
		}
	})
}

// brokenGateway is a provider that is down.
type brokenGateway struct{}

func (brokenGateway) Send(context.Context, sms.Message) error { return errors.New("no gateway") }

// dump is the text of every row of every table.
func (h *house) dump() string {
	h.t.Helper()
	tables, err := dbtest.Tables()
	h.must(err)
	var out strings.Builder
	h.read(func(tx *db.Tx) error {
		for table := range tables {
			rows, err := tx.Query(`SELECT * FROM ` + table)
			if err != nil {
				return err
			}
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			for rows.Next() {
				row, to := make([]any, len(columns)), make([]any, len(columns))
				for i := range row {
					to[i] = &row[i]
				}
				if err := rows.Scan(to...); err != nil {
					return err
				}
				fmt.Fprintln(&out, table, row)
			}
			if err := rows.Close(); err != nil {
				return err
			}
		}
		return nil
	})
	return out.String()
}
