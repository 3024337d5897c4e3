package roster

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/transfer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/job"
)

// kept is how long an uploaded file stays, for looking at its remarks.
const kept = 30 * 24 * time.Hour

// Jobs are the handlers that the runner needs.
func (s *Service) Jobs() map[string]job.Handler {
	return map[string]job.Handler{kind: s.work}
}

// Schedule registers the periodic work of this package.
func (s *Service) Schedule(r *job.Runner) {
	const after = 3 * time.Hour // of midnight
	r.Periodic("roster.forget", job.Daily(after, calendar.Zone()), func(ctx context.Context, j *job.Job) error {
		return s.db.Write(ctx, func(tx *db.Tx) error { return s.Forget(tx, j.District) })
	})
}

// Forget deletes what is older than 30 days.
func (s *Service) Forget(tx *db.Tx, district int) error {
	return forget(tx, district, tx.Now().Add(-kept))
}

// work is what a job is told.
type work struct {
	File string `json:"file"`
}

// piece is the part of a file that one job deals with.
type piece struct {
	s       *Service
	who     access.Who
	file    File
	scope   *scope
	table   *transfer.Table
	left    int // rows that this job may still deal with
	stopped bool
}

// work deals with the next piece of a file and has the one after it enqueued.
// Whatever it did before it was cut off stands, and the next attempt goes on
// there.
func (s *Service) work(ctx context.Context, j *job.Job) error {
	var w work
	if err := json.Unmarshal(j.Args, &w); err != nil {
		return err
	}
	p := &piece{s: s, left: pieceRows}
	goes, err := p.open(ctx, j.District, w.File)
	if err == nil && goes {
		err = p.run(ctx)
	}
	if isAnswer(err) {
		return p.giveUp(ctx, err)
	}
	return err
}

// isAnswer tells what is wrong with the file from what may go better next time.
func isAnswer(err error) bool {
	switch fault.KindOf(err) {
	case fault.KindInvalid, fault.KindForbidden, fault.KindNotFound:
		return err != nil
	}
	return false
}

// open reads the file and its place; there is nothing to do when it does not move
// on by itself.
func (p *piece) open(ctx context.Context, district int, id string) (goes bool, err error) {
	var data []byte
	err = p.s.db.Read(ctx, func(tx *db.Tx) error {
		var found bool
		if p.file, found, err = find(tx, district, id); err != nil || !found || !p.file.State.Working() {
			return err
		}
		goes = true
		if p.scope, err = scopeOf(tx, access.System(), p.file.Place, access.VolunteerImport); err != nil {
			return err
		}
		data, err = content(tx, district, id)
		return err
	})
	if err != nil || !goes {
		return goes, err
	}
	p.who = access.Who{Person: p.file.SentBy, District: district}
	p.table, err = transfer.OpenTable(bytes.NewReader(data), int64(len(data)), transfer.VolunteerRoster(), limits())
	return true, err
}

func (p *piece) run(ctx context.Context) error {
	r := newReader(p.scope, calendar.DayOf(p.file.SentAt))
	err := eachChunk(p.table, r, p.file.Row, func(chunk []entry, part float64) error { return p.chunk(ctx, chunk, part) })
	switch {
	case errors.Is(err, errStop) && p.stopped:
		return nil
	case errors.Is(err, errStop):
		return p.s.db.Write(ctx, func(tx *db.Tx) error { return enqueue(tx, p.file) })
	case err != nil:
		return err
	}
	return p.finish(ctx)
}

// chunk deals with some rows in one transaction with the mark of how far it came.
func (p *piece) chunk(ctx context.Context, chunk []entry, part float64) error {
	var next File
	moved := false
	err := p.s.db.Write(ctx, func(tx *db.Tx) error {
		next = p.file
		rows, err := judge(tx, next.District, chunk)
		if err != nil {
			return err
		}
		if err := p.settle(tx, &next, rows, part); err != nil {
			return err
		}
		moved, err = advance(tx, p.file, next)
		if err == nil && !moved {
			err = errStop // somebody cancelled, or another process has the file
		}
		return err
	})
	if p.stopped = errors.Is(err, errStop); err != nil {
		return err
	}
	if err := p.s.freshen(ctx, p.file.Taken, next.Taken); err != nil {
		return err
	}
	p.file = next
	if p.left -= len(chunk); p.left <= 0 {
		return errStop
	}
	return nil
}

// settle writes what a chunk comes to: the remarks while the file is checked, the
// rows while it is imported.
func (p *piece) settle(tx *db.Tx, f *File, rows []judged, part float64) error {
	f.Row, f.Read = rows[len(rows)-1].row, f.Read+len(rows)
	if f.State == Importing {
		n, err := take(tx, p.who, rows)
		f.Taken += n
		return errors.Join(err, p.late(tx, f, rows))
	}
	f.All = int(float64(f.Read) / max(part, 0.001))
	for _, j := range rows {
		f.Counts.add(j.verdict)
		if len(j.remarks) == 0 {
			continue
		}
		if err := note(tx, *f, Finding{j.row, j.verdict, j.remarks}); err != nil {
			return err
		}
	}
	return nil
}

// late keeps what has become wrong with rows since they were checked.
func (p *piece) late(tx *db.Tx, f *File, rows []judged) error {
	for _, j := range rows {
		if j.verdict != Bad {
			continue
		}
		if err := note(tx, *f, Finding{j.row, j.verdict, j.remarks}); err != nil {
			return err
		}
	}
	return nil
}

func (p *piece) finish(ctx context.Context) error {
	return p.end(ctx, func(tx *db.Tx, f *File) {
		f.All = f.Read
		if f.State == Checking {
			f.State = Checked
			return
		}
		f.State, f.EndedAt = Done, tx.Now()
		record(tx, p.who, *f, "done")
	})
}

// giveUp says why a file cannot be read.
func (p *piece) giveUp(ctx context.Context, why error) error {
	return p.end(ctx, func(tx *db.Tx, f *File) {
		e := fault.As(why)
		f.State, f.EndedAt, f.Problem = Broken, tx.Now(), Remark{Msg: e.Msg, Args: e.Args}
	})
}

func (p *piece) end(ctx context.Context, change func(*db.Tx, *File)) error {
	return p.s.db.Write(ctx, func(tx *db.Tx) error {
		f := p.file
		change(tx, &f)
		_, err := advance(tx, p.file, f)
		return err
	})
}
