package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestAllSettingsAreJudgedAtOnce: whoever sets up a server mends everything in one
// go, whichever way it was given.
func TestAllSettingsAreJudgedAtOnce(t *testing.T) {
	t.Setenv("LINLI_DRAIN", "soon")
	t.Setenv("LINLI_SECRET", "abcd")
	t.Setenv("LINLI_SMS_URL", "ftp://gateway.example")
	err := run(context.Background(), []string{"serve", "--addr", "nowhere", "--database", "", "--origins", "linli.example", "--proxies", "10.0.0/8", "--proxies", "x"})
	if err == nil {
		t.Fatal("it runs")
	}
	for _, want := range []string{"LINLI_DRAIN", "--secret", "--sms-url", "--addr", "--database", `"linli.example"`, `"10.0.0/8"`, `"x"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not named in:\n%v", want, err)
		}
	}
}

// TestFirstAdministratorIsJudgedAtOnce: name, telephone and password.
func TestFirstAdministratorIsJudgedAtOnce(t *testing.T) {
	err := run(context.Background(), []string{"serve", "--database", filepath.Join(t.TempDir(), "a.db"),
		"--addr", "127.0.0.1:0", "--admin-phone", "123", "--admin-password", "x"})
	if err == nil {
		t.Fatal("it runs")
	}
	for _, want := range []string{"admin-name", "admin-phone", "admin-password"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%s is not named in:\n%v", want, err)
		}
	}
}

// TestNothingIsTypedInVain: a flag that a command does not read is refused by name,
// and so is one that is given twice or means nothing beside another.
func TestNothingIsTypedInVain(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "accounts.json")
	if err := os.WriteFile(file, []byte("[]"), 0o600); err != nil {
		t.Fatal(err)
	}
	mark := filepath.Join(dir, "demo")
	if err := errors.Join(os.Mkdir(mark, 0o700), os.WriteFile(filepath.Join(mark, "demo.json"), []byte(`{"seed":2,"key":"k","loaded":true}`), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, want string }{
		{"demo --seed 3 --data " + mark, "demo of seed 2"},
		{"demo --database x.db --data " + dir, "--database: linli demo does not use it; it keeps its own in the directory of --data"},
		{"demo --sms-url https://sms.example --data " + dir, "--sms-url: linli demo does not use it"},
		{"bench loop --database x.db --accounts " + file, "--database: linli bench loop does not use it"},
		{"bench match --log-level debug " + file, "--log-level: linli bench match does not use it"},
		{"plan --secret " + strings.Repeat("ab", 32) + " --orders " + file + " --volunteers " + file + " --out x.csv", "--secret: linli plan does not use it"},
		{"check --origins https://a.example", "--origins: linli check does not use it"},
		{"import places --per-minute 5 " + dir, "--per-minute: linli import places does not use it"},
		{"import volunteers --place 130104016901 --check --leave-out " + file, "--check and --leave-out"},
		{"check --database postgres://h/d --synchronous NORMAL", "--synchronous: is of SQLite"},
		{"check --sms-token t", "--sms-token: is of a gateway"},
		{"check --database a.db --database b.db", "--database was given twice"},
	} {
		err := run(t.Context(), strings.Fields(c.args))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("linli %s\nanswers %v\nwant    %s", c.args, err, c.want)
		}
	}
}

// TestEverySettingIsRead: by the server; a new one is thought of here, and with the
// other commands.
func TestEverySettingIsRead(t *testing.T) {
	var c commands
	k, err := kong.New(&c)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, flag := range k.Model.Flags {
		if flag.Name != "help" && flag.Name != "config" {
			names = append(names, flag.Name)
		}
	}
	want := serverReads()
	slices.Sort(names)
	slices.Sort(want)
	if !slices.Equal(names, want) {
		t.Errorf("settings %v, a server reads %v", names, want)
	}
	for _, leaf := range k.Model.Leaves(false) {
		if _, ok := leaf.Target.Interface().(reader); !ok {
			t.Errorf("%s does not say which settings it reads", leaf.FullPath())
		}
	}
}

// TestASecondAdministratorIsNotMade: and whoever asks for one is told.
func TestASecondAdministratorIsNotMade(t *testing.T) {
	w := &work{ctx: t.Context(), settings: &Settings{Database: filepath.Join(t.TempDir(), "a.db"), Synchronous: "FULL"}}
	a, end, err := open(w, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer end()
	c := serveCommand{AdminName: "罗建平", AdminPhone: "15400000009", AdminPassword: "三棵树下有只小猫"}
	for _, want := range []string{"", "there is an administrator already"} {
		var notes strings.Builder
		if err := c.firstAdministrator(t.Context(), a, &notes); err != nil || want == "" && notes.Len() > 0 || !strings.Contains(notes.String(), want) {
			t.Errorf("%v, notes %q, want %q", err, notes.String(), want)
		}
	}
}
