package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"linli/internal/core/credential"
	"linli/internal/core/ui"
	"linli/internal/kit/clock"
	"linli/internal/kit/fault"
	"linli/internal/kit/i18n"
)

type verifyCommand struct {
	File   string `arg:"" type:"existingfile" help:"The certificate, a JSON file."`
	Issuer string `type:"existingfile" help:"Document of the issuer: /.well-known/did.json of its address. Not needed for a did:key." placeholder:"DID.JSON"`
	Status string `type:"existingfile" help:"Status list of the certificate; without it nobody looks whether it was revoked." placeholder:"LIST.JSON"`
	Lang   string `default:"zh" enum:"zh,en" help:"Language of what is said: zh or en."`
	At     string `help:"Moment to judge at, as 2026-11-22T08:00:00Z. Default: now." placeholder:"TIME"`
}

// errNotValid ends with exit code 1; what is wrong has been said.
var errNotValid = errors.New("the certificate does not hold")

// Run checks one certificate.
func (c *verifyCommand) Run(w *work) error { return c.run(w.ctx, os.Stdout) }

func (c *verifyCommand) run(ctx context.Context, out io.Writer) error {
	ctx = ui.WithPrefs(ctx, ui.Prefs{Lang: i18n.Lang(c.Lang)})
	trust, text, err := c.read()
	var r credential.Result
	if err == nil {
		r, err = credential.Verify(text, trust)
	}
	if err != nil {
		if fault.KindOf(err) != fault.KindInvalid {
			return err
		}
		fmt.Fprintln(out, "✗", ui.T(ctx, "这张证明不成立："))
		for _, f := range fault.As(err).All() {
			fmt.Fprintf(out, "  - %s%s\n", ui.Say(ctx, f), at(f.Field))
		}
		return errNotValid
	}
	c.tell(ctx, out, r)
	return nil
}

func at(field string) string {
	if field == "" {
		return ""
	}
	return " [" + field + "]"
}

// read takes in the files. What is no document is said of the file that it is in.
func (c *verifyCommand) read() (t credential.Trust, text []byte, err error) {
	t.Now = clock.System{}.Now()
	if c.At != "" {
		if t.Now, err = time.Parse(time.RFC3339, c.At); err != nil {
			return t, nil, fmt.Errorf("--at: %w", err)
		}
	}
	if text, err = os.ReadFile(c.File); err != nil {
		return t, nil, err
	}
	for _, f := range []struct {
		flag, name string
		to         *credential.Document
	}{{"--issuer", c.Issuer, &t.Issuer}, {"--status", c.Status, &t.Status}} {
		if f.name == "" {
			continue
		}
		more, err := os.ReadFile(f.name)
		if err != nil {
			return t, nil, err
		}
		if *f.to, err = credential.Read(more); err != nil {
			wrong := *fault.As(err)
			wrong.Field = f.flag
			return t, nil, &wrong
		}
	}
	return t, text, nil
}

func (c *verifyCommand) tell(ctx context.Context, out io.Writer, r credential.Result) {
	fmt.Fprintln(out, "✓", ui.T(ctx, "这张证明成立：签名是对的，内容没有改过，在有效期里。"))
	fmt.Fprintln(out, " ", ui.T(ctx, "签发人：%s", r.Issuer))
	if name := r.Name(); name != "" {
		fmt.Fprintln(out, " ", ui.T(ctx, "名称：%s", name))
	}
	switch r.Revoked {
	case credential.NotRevoked:
		fmt.Fprintln(out, " ", ui.T(ctx, "查过撤销名单，没有撤销。"))
	case credential.NoList:
		fmt.Fprintln(out, " ", ui.T(ctx, "没有给撤销名单（--status），不知道后来有没有撤销。名单在：%s", r.List()))
	case credential.Never:
		fmt.Fprintln(out, " ", ui.T(ctx, "这张证明没有撤销名单。"))
	}
}
