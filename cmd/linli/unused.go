package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"linli/internal/kit/config"
)

// reader is a command that reads some of the settings. One that is typed with a
// command which does not read it is refused: whoever types it expects something.
// The environment and the file are shared by all commands and may say more.
type reader interface{ reads() []string }

// serverReads are the settings of a server that listens.
func serverReads() []string {
	return append(bookReads(), "public-url", "sms-url", "sms-token", "proxies", "origins", "per-minute")
}

// bookReads are the settings of whatever works on a database by the rules of the house.
func bookReads() []string {
	return []string{"database", "synchronous", "secret", "keys", "log-format", "log-level"}
}

func (serveCommand) reads() []string { return serverReads() }
func (configShow) reads() []string   { return serverReads() }
func (demoCommand) reads() []string {
	return []string{"synchronous", "secret", "keys", "public-url", "proxies", "origins", "per-minute", "log-format", "log-level"}
}
func (importPlaces) reads() []string     { return bookReads() }
func (importVolunteers) reads() []string { return bookReads() }
func (checkCommand) reads() []string     { return []string{"database", "synchronous"} }
func (keysRotate) reads() []string       { return append(bookReads(), "public-url") }
func (keysShow) reads() []string         { return append(bookReads(), "public-url") }
func (verifyCommand) reads() []string    { return nil }
func (auditVerify) reads() []string      { return nil }
func (planCommand) reads() []string      { return nil }
func (benchLoop) reads() []string        { return nil }
func (benchMatch) reads() []string       { return nil }

// unused refuses what was typed in vain.
func unused(s *config.Settings, given *Settings) error {
	var errs []error
	typed := s.Typed()
	at := s.Selected()
	used := at.Target.Interface().(reader).reads()
	for _, flag := range s.Model.Flags {
		if flag.Name == "help" || flag.Name == "config" || !slices.Contains(typed, flag.Name) || slices.Contains(used, flag.Name) {
			continue
		}
		why := ""
		if flag.Name == "database" && slices.Contains(used, "secret") {
			why = "; it keeps its own in the directory of --data"
		}
		errs = append(errs, fmt.Errorf("--%s: linli %s does not use it%s", flag.Name, strings.TrimPrefix(at.FullPath(), "linli "), why))
	}
	if slices.Contains(typed, "synchronous") && slices.Contains(used, "database") && strings.Contains(given.Database, "://") {
		errs = append(errs, errors.New("--synchronous: is of SQLite; PostgreSQL has its own synchronous_commit"))
	}
	return errors.Join(errs...)
}
