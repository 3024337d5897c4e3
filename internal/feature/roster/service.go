package roster

import (
	"bytes"
	"context"
	"errors"
	"io"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/place"
	"linli/internal/core/transfer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/id"
	"linli/internal/kit/job"
)

// Service holds the use cases of rosters.
type Service struct{ db *db.DB }

// NewService makes the service.
func NewService(d *db.DB) *Service { return &Service{db: d} }

const (
	// MostBytes is the largest file that is taken.
	MostBytes = 32 << 20

	chunkRows = 200    // rows of one transaction; they hold up other writers for some 50 ms
	pieceRows = 50_000 // rows of one job, inside its lease
	firstRows = 1_000  // written rows after which the database looks at its tables anew
	kind      = "roster.work"
)

// limits are those of transfer, for what a page takes.
func limits() transfer.Limits {
	l := transfer.DefaultLimits()
	l.Bytes = MostBytes
	return l
}

// Upload keeps a file and has it checked. What is no roster at all is refused
// here, with the field "file".
func (s *Service) Upload(ctx context.Context, who access.Who, placeID, name string, data []byte) (File, error) {
	if _, err := transfer.OpenTable(bytes.NewReader(data), int64(len(data)), transfer.VolunteerRoster(), limits()); err != nil {
		return File{}, err
	}
	return db.Returning(ctx, s.db, func(tx *db.Tx) (File, error) {
		at, err := scopeOf(tx, who, placeID, access.VolunteerImport)
		if err != nil {
			return File{}, err
		}
		f := File{District: at.place.District, ID: id.New(), Place: at.place.ID, Name: name, State: Checking,
			SentBy: who.Person, SentAt: tx.Now()}
		if err := insert(tx, f, data); err != nil {
			return f, err
		}
		record(tx, who, f, "upload")
		return f, enqueue(tx, f)
	})
}

func record(tx *db.Tx, who access.Who, f File, act string) {
	event.Append(tx, event.Event{District: f.District, Community: place.CommunityOf(f.Place), Actor: who.Person,
		Act: "roster." + act, Kind: "roster", Subject: f.ID})
}

// enqueue has the next piece of a file dealt with.
func enqueue(tx *db.Tx, f File) error {
	key := f.ID + "/" + string(f.State) + "/" + number(f.Row)
	return job.Enqueue(tx, f.District, kind, key, tx.Now(), work{f.ID})
}

// seek finds a file that who may work on.
func seek(tx *db.Tx, who access.Who, id string) (File, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return File{}, err
	}
	for _, district := range districts {
		f, found, err := find(tx, district, id)
		if err != nil {
			return f, err
		}
		if !found {
			continue
		}
		at, err := place.Get(tx, f.Place)
		if err != nil {
			return f, err
		}
		if access.May(who, access.VolunteerImport, at.Target()) {
			return f, nil
		}
	}
	return File{}, fault.NotFound("没有这份花名册。导入的文件只留 30 天。")
}

// Show is a file and where it stands.
func (s *Service) Show(ctx context.Context, who access.Who, id string) (f File, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		f, err = seek(tx, who, id)
		return err
	})
	return f, err
}

// List gives the latest files of a place, newest first.
func (s *Service) List(ctx context.Context, who access.Who, placeID string) (at place.Place, out []File, err error) {
	const most = 20
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if at, err = place.Get(tx, placeID); err != nil {
			return err
		}
		if err = access.Check(who, access.VolunteerImport, at.Target()); err != nil {
			return err
		}
		out, err = filesOf(tx, at, most)
		return err
	})
	return at, out, err
}

// Findings lists what is to be said of the rows of a file after one row.
func (s *Service) Findings(ctx context.Context, who access.Who, id string, verdict Verdict, after, limit int) (out []Finding, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		f, err := seek(tx, who, id)
		if err != nil {
			return err
		}
		out, err = findings(tx, f, verdict, after, limit)
		return err
	})
	return out, err
}

// Confirm takes the rows of a checked file, without the bad ones when the worker
// says so.
func (s *Service) Confirm(ctx context.Context, who access.Who, id string, leaveOut bool) (File, error) {
	return s.step(ctx, who, id, func(tx *db.Tx, f *File) error {
		if err := f.mayConfirm(leaveOut); err != nil {
			return err
		}
		f.State, f.Row, f.Read, f.LeaveOut, f.SentBy = Importing, 0, 0, leaveOut, who.Person
		record(tx, who, *f, "confirm")
		return enqueue(tx, *f)
	})
}

// Cancel puts a file away of which nothing has been taken.
func (s *Service) Cancel(ctx context.Context, who access.Who, id string) (File, error) {
	return s.step(ctx, who, id, func(tx *db.Tx, f *File) error {
		if f.State != Checking && f.State != Checked {
			return fault.Conflict("这份花名册已经处理过了。")
		}
		f.State, f.EndedAt = Cancelled, tx.Now()
		record(tx, who, *f, "cancel")
		return nil
	})
}

func (s *Service) step(ctx context.Context, who access.Who, id string, do func(*db.Tx, *File) error) (File, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (File, error) {
		was, err := seek(tx, who, id)
		if err != nil {
			return was, err
		}
		f := was
		if err := do(tx, &f); err != nil {
			return was, err
		}
		moved, err := advance(tx, was, f)
		if err == nil && !moved {
			err = fault.Conflict("就在刚才，有人动过这份花名册。请看看现在的样子。")
		}
		return f, err
	})
}

// Remarks writes the file back with a column that says what is wrong with each
// row, all rows or only those that have a remark.
func (s *Service) Remarks(ctx context.Context, who access.Who, id string, onlyBad bool, w io.Writer, say func(Remark) string) error {
	texts := map[int]string{}
	var data []byte
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		f, err := seek(tx, who, id)
		if err != nil {
			return err
		}
		if data, err = content(tx, f.District, f.ID); err != nil {
			return err
		}
		all, err := findings(tx, f, "", 0, limits().Rows)
		for _, n := range all {
			if n.Verdict == Bad || !onlyBad {
				texts[n.Row] = sentence(n.Remarks, say)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	t, err := transfer.OpenTable(bytes.NewReader(data), int64(len(data)), transfer.VolunteerRoster(), limits())
	if err != nil {
		return err
	}
	return transfer.WriteRemarks(w, t, func(row int) string { return texts[row] }, onlyBad)
}

func sentence(remarks []Remark, say func(Remark) string) string {
	var b bytes.Buffer
	for _, r := range remarks {
		if r.Heading != "" {
			b.WriteString(r.Heading + "：")
		}
		b.WriteString(say(r))
	}
	return b.String()
}

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

// deal judges a chunk of rows and, when it is time, takes them.
func (s *Service) deal(ctx context.Context, who access.Who, district int, chunk []entry, taking bool) (rows []judged, taken int, err error) {
	if !taking {
		err = s.db.Read(ctx, func(tx *db.Tx) error {
			rows, err = judge(tx, district, chunk)
			return err
		})
		return rows, 0, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if rows, err = judge(tx, district, chunk); err == nil {
			taken, err = take(tx, who, rows)
		}
		return err
	})
	return rows, taken, err
}

// freshen keeps the database quick while it grows by an import: after the first
// rows, and when there are ten times as many.
func (s *Service) freshen(ctx context.Context, before, after int) error {
	for _, mark := range []int{firstRows, 10 * firstRows} {
		if before < mark && after >= mark {
			return s.db.Analyze(ctx)
		}
	}
	return nil
}

// errStop ends a run over the rows early.
var errStop = errors.New("roster: enough for now")

// eachChunk reads the rows after one in chunks. The rows before are read too: they
// tell who has been seen already.
func eachChunk(t *transfer.Table, r *reader, after int, do func(chunk []entry, part float64) error) error {
	var chunk []entry
	part := 0.0
	for row, err := range t.Rows() {
		if err != nil {
			return err
		}
		part = row.Done
		if e := r.read(row); row.Number > after {
			chunk = append(chunk, e)
		}
		if len(chunk) == chunkRows {
			if err := do(chunk, part); err != nil {
				return err
			}
			chunk = nil
		}
	}
	if len(chunk) == 0 {
		return nil
	}
	return do(chunk, 1)
}
