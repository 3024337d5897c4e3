package demo

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	markFile     = "demo.json"     // says that a directory is a demo's
	accountsFile = "accounts.json" // who can sign in
	// Database is the name of the demo's database in its directory.
	Database = "linli.db"
)

// mark is what a demo's directory says of itself.
type mark struct {
	Seed   uint64 `json:"seed"`
	Key    string `json:"key"`    // of the one-click sign-in
	Loaded bool   `json:"loaded"` // to the end
}

// CheckEmpty refuses a directory that holds anything but an earlier demo.
func CheckEmpty(dir string) error {
	_, _, err := readMark(dir)
	return err
}

// readMark reads the mark of an earlier demo; found is false in an empty directory.
func readMark(dir string) (m mark, found bool, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) == 0 {
		return m, false, err
	}
	text, err := os.ReadFile(filepath.Join(dir, markFile))
	if errors.Is(err, fs.ErrNotExist) {
		return m, false, fmt.Errorf("%s holds something that is no demo; give an empty directory", dir)
	}
	if err != nil {
		return m, false, err
	}
	return m, true, json.Unmarshal(text, &m)
}

// claim makes the directory a demo's. One whose loading was cut off begins anew.
func claim(dir string, seed uint64) (mark, error) {
	m, found, err := readMark(dir)
	if err != nil || found && m.Loaded {
		return m, err
	}
	for _, name := range []string{Database, Database + "-wal", Database + "-shm", accountsFile} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return m, err
		}
	}
	m = mark{Seed: seed, Key: rand.Text()}
	return m, writeJSON(filepath.Join(dir, markFile), m)
}

// writeJSON writes a file that only its owner reads, whole or not at all.
func writeJSON(path string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}
