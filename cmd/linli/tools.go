package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"linli/internal/app"
	"linli/internal/kit/db"
)

type configCommand struct {
	Show configShow `cmd:"" help:"Print every setting, where it came from, with secrets masked."`
}

type configShow struct{}

// Run prints the settings.
func (configShow) Run(w *work) error { return w.shown.Show(os.Stdout) }

type checkCommand struct{}

// Run checks the invariants of a database that is not in use, or is; an older one is
// brought up to date first, as by every command. None is made: in a file whose name
// was mistyped all books would hold.
func (checkCommand) Run(w *work) error {
	if _, err := os.Stat(w.settings.Database); err != nil && !strings.Contains(w.settings.Database, "://") {
		return err
	}
	d, err := db.Open(w.ctx, w.settings.Database, db.Options{Synchronous: w.settings.Synchronous})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := app.Upgrade(w.ctx, d); err != nil {
		return err
	}
	findings, err := app.Check(w.ctx, d)
	for _, f := range findings {
		fmt.Println(f)
	}
	switch {
	case err != nil:
		return err
	case len(findings) > 0:
		return fmt.Errorf("%d findings", len(findings))
	}
	fmt.Println("the books hold")
	return nil
}

type importCommand struct {
	Volunteers importVolunteers `cmd:"" help:"A roster of volunteers, XLSX or CSV."`
	Places     importPlaces     `cmd:"" help:"The national divisions: provinces.csv, cities.csv, areas.csv, streets.csv."`
}

type importPlaces struct {
	Dir   string `arg:"" type:"existingdir" help:"Directory with the four files."`
	Codes string `type:"existingfile" help:"CSV of old,new codes that were replaced."`
}

// Run takes in the divisions; a second run changes nothing.
func (c *importPlaces) Run(w *work) error {
	a, close, err := open(w, nil)
	if err != nil {
		return err
	}
	defer close()
	var codes io.Reader
	if c.Codes != "" {
		f, err := os.Open(c.Codes)
		if err != nil {
			return err
		}
		defer f.Close()
		codes = f
	}
	begun := time.Now()
	counts, err := a.ImportPlaces(w.ctx, os.DirFS(c.Dir), codes, bar("places"))
	if err != nil {
		return err
	}
	fmt.Printf("\r%d added, %d changed, %d the same, %d closed, in %.1f s\n", counts.Added, counts.Changed, counts.Same, counts.Closed, time.Since(begun).Seconds())
	return nil
}

// bar draws progress on the terminal.
func bar(what string) func(done, total int) {
	last := -1
	return func(done, total int) {
		percent := 100
		if total > 0 {
			percent = 100 * done / total
		}
		if percent == last && done < total {
			return
		}
		last = percent
		fmt.Fprintf(os.Stderr, "\r%s %3d %%  %d of %d ", what, percent, done, total)
	}
}
