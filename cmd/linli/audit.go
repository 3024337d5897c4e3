package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"time"

	"linli/internal/app"
	"linli/internal/kit/clock"
)

type auditCommand struct {
	Verify auditVerify `cmd:"" help:"Check the records, postings and entries of a copy of a database: finds any one row that was changed, removed or put in."`
}

type auditVerify struct {
	File string   `arg:"" help:"Copy of the database: a SQLite file, or postgres://… It is only read." placeholder:"FILE"`
	Head []string `help:"A head that was published, place:number:hash; may be given several times." placeholder:"PLACE:NUMBER:HASH"`
}

// errRewritten ends with exit code 1; what is wrong has been said.
var errRewritten = errors.New("the books do not hold")

// Run checks one copy. It uses one core.
func (c *auditVerify) Run(w *work) error { return c.run(w.ctx, os.Stdout) }

func (c *auditVerify) run(ctx context.Context, out io.Writer) error {
	elapsed := clock.Stopwatch()
	a, err := app.Verify(ctx, c.File, c.Head...)
	if err != nil {
		return err
	}
	for _, line := range a.Bad {
		fmt.Fprintln(out, "✗", line)
	}
	for _, place := range slices.Sorted(maps.Keys(a.Heads)) {
		fmt.Fprintf(out, "head %s:%d:%s\n", place, a.Heads[place].Seq, a.Heads[place].Hash)
	}
	fmt.Fprintf(out, "%d records, %d postings, %d entries in %.1f s\n", a.Records, a.Postings, a.Entries, elapsed().Round(100*time.Millisecond).Seconds())
	if len(a.Bad) > 0 {
		return errRewritten
	}
	fmt.Fprintln(out, "the books hold")
	return nil
}
