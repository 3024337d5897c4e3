package config

import (
	"fmt"
	"os"
	"strings"
)

// file is a settings file as it was read.
type file struct {
	name    string
	entries []entry
	wrong   []error // lines that say nothing
}

type entry struct {
	line        int
	name, value string
}

// readFile reads a file; the empty name is an empty file.
func readFile(name string) (*file, error) {
	if name == "" {
		return &file{}, nil
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("settings file: %w", err)
	}
	f := &file{name: name}
	f.parse(string(text))
	return f, nil
}

func (f *file) parse(text string) {
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(line, "=")
		e := entry{line: i + 1, name: strings.TrimSpace(name), value: strings.TrimSpace(value)}
		before, twice := f.entry(e.name)
		switch {
		case !ok || e.name == "":
			f.wrong = append(f.wrong, fmt.Errorf("%s: want NAME = VALUE, not %q", f.place(e), line))
		case twice:
			f.wrong = append(f.wrong, fmt.Errorf("%s: %s was set on line %d already", f.place(e), e.name, before.line))
		default:
			f.entries = append(f.entries, e)
		}
	}
}

func (f *file) entry(name string) (entry, bool) {
	for _, e := range f.entries {
		if e.name == name {
			return e, true
		}
	}
	return entry{}, false
}

func (f *file) place(e entry) string { return fmt.Sprintf("%s:%d", f.name, e.line) }
