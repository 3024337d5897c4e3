package main

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
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
