package roster

import (
	"context"
	"io"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/transfer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Report is how an import in one go went.
type Report struct {
	Counts
	Taken int
}

// Options of an import in one go.
type Options struct {
	Check    bool                                    // only say what would become of the rows
	LeaveOut bool                                    // take the rows that are right even when others are bad
	Found    func(Finding)                           // what is to be said of a row; may be nil
	Progress func(checked bool, n int, part float64) // rows dealt with, and 0 to 1 of the file; may be nil
}

// Import checks and takes a roster in one go, for the command line: with nothing
// taken unless every row is right or the bad ones are to be left out. It may be
// run again after it was interrupted.
func (s *Service) Import(ctx context.Context, who access.Who, placeID string, r io.ReaderAt, size int64, o Options) (Report, error) {
	var report Report
	var at *scope
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		at, err = scopeOf(tx, who, placeID, access.VolunteerImport)
		return err
	})
	if err != nil {
		return report, err
	}
	t, err := transfer.OpenTable(r, size, transfer.VolunteerRoster(), transfer.DefaultLimits())
	if err != nil {
		return report, err
	}
	run := oneGo{s: s, who: who, scope: at, table: t, o: o}
	if report.Counts, _, err = run.pass(ctx, false); err != nil || o.Check {
		return report, err
	}
	if report.Bad > 0 && !o.LeaveOut {
		return report, fault.Invalid("file", "有 %d 行有问题，什么都没有导入。", report.Bad)
	}
	_, report.Taken, err = run.pass(ctx, true)
	return report, err
}

// oneGo is an import that one process does from beginning to end.
type oneGo struct {
	s     *Service
	who   access.Who
	scope *scope
	table *transfer.Table
	o     Options
}

func (g oneGo) pass(ctx context.Context, taking bool) (c Counts, taken int, err error) {
	today := calendar.DayOf(g.s.db.Clock().Now())
	n := 0
	err = eachChunk(g.table, newReader(g.scope, today), 0, func(chunk []entry, part float64) error {
		rows, did, err := g.s.deal(ctx, g.who, g.scope.place.District, chunk, taking)
		if err != nil {
			return err
		}
		if err := g.s.freshen(ctx, taken, taken+did); err != nil {
			return err
		}
		taken, n = taken+did, n+len(rows)
		for _, j := range rows {
			c.add(j.verdict)
			if !taking && g.o.Found != nil && len(j.remarks) > 0 {
				g.o.Found(Finding{j.row, j.verdict, j.remarks})
			}
		}
		if g.o.Progress != nil {
			g.o.Progress(taking, n, part)
		}
		return nil
	})
	return c, taken, err
}
