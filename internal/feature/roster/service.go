package roster

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strconv"

	"linli/internal/core/access"
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
	key := f.ID + "/" + string(f.State) + "/" + strconv.Itoa(f.Row)
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

// Look is a file with its place.
func (s *Service) Look(ctx context.Context, who access.Who, id string) (f File, at place.Place, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if f, err = seek(tx, who, id); err != nil {
			return err
		}
		at, err = place.Get(tx, f.Place)
		return err
	})
	return f, at, err
}

// Show is a file and where it stands.
func (s *Service) Show(ctx context.Context, who access.Who, id string) (f File, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		f, err = seek(tx, who, id)
		return err
	})
	return f, err
}

// Desk is where somebody imports: the places they may import into, and what was
// sent lately.
type Desk struct {
	Places []place.Place
	Files  []File
	Names  map[string]string // of the files' places
}

// Desk gathers what the page of imports shows.
func (s *Service) Desk(ctx context.Context, who access.Who) (d Desk, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if d.Places, err = targets(tx, who, access.VolunteerImport); err != nil {
			return err
		}
		d.Files, d.Names, err = filesFor(tx, who)
		return err
	})
	return d, err
}

// Sources lists the places whose rosters who may export.
func (s *Service) Sources(ctx context.Context, who access.Who) (out []place.Place, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out, err = targets(tx, who, access.VolunteerExport)
		return err
	})
	return out, err
}

// targets are the places in which who has the permission: the communities, and the
// streets and districts of their roles.
func targets(tx *db.Tx, who access.Who, permission access.Permission) ([]place.Place, error) {
	const most = 200
	out, err := place.Mine(tx, who, permission, most)
	if err != nil {
		return nil, err
	}
	for _, g := range access.Places(who, permission) {
		p, err := place.Get(tx, g.Place)
		if fault.KindOf(err) == fault.KindNotFound {
			continue // the whole country is no place
		}
		if err != nil {
			return nil, err
		}
		if p.Level == place.Street || p.Level == place.District {
			out = append(out, p)
		}
	}
	return out, nil
}

// filesFor lists the latest files that who may work on.
func filesFor(tx *db.Tx, who access.Who) (out []File, names map[string]string, err error) {
	const most = 20
	districts, err := place.Reach(tx, who)
	if err != nil {
		return nil, nil, err
	}
	var ids []string
	for _, district := range districts {
		files, err := recent(tx, district, most)
		if err != nil {
			return nil, nil, err
		}
		for _, f := range files {
			at, err := place.Get(tx, f.Place)
			if err != nil {
				return nil, nil, err
			}
			if access.May(who, access.VolunteerImport, at.Target()) {
				out, ids = append(out, f), append(ids, f.Place)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b File) int { return b.SentAt.Compare(a.SentAt) })
	names, err = place.Names(tx, ids...)
	return out[:min(len(out), most)], names, err
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

// Remarked is an uploaded file that can be written back with a column that says
// what is wrong with each row.
type Remarked struct {
	File  File
	Kind  transfer.Kind // that of the upload
	table *transfer.Table
	found []Finding
}

// Remarked opens a file for its remarks.
func (s *Service) Remarked(ctx context.Context, who access.Who, id string) (r Remarked, err error) {
	var data []byte
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if r.File, err = seek(tx, who, id); err != nil {
			return err
		}
		if data, err = content(tx, r.File.District, r.File.ID); err != nil {
			return err
		}
		r.found, err = findings(tx, r.File, "", 0, limits().Rows)
		return err
	})
	if err != nil {
		return r, err
	}
	if r.Kind = transfer.CSV; bytes.HasPrefix(data, []byte("PK")) {
		r.Kind = transfer.XLSX
	}
	r.table, err = transfer.OpenTable(bytes.NewReader(data), int64(len(data)), transfer.VolunteerRoster(), limits())
	return r, err
}

// Write writes all rows with their remarks, or only the bad ones; say puts a remark
// into words.
func (r Remarked) Write(w io.Writer, onlyBad bool, say func(Remark) string) error {
	texts := map[int]string{}
	for _, n := range r.found {
		if n.Verdict == Bad || !onlyBad {
			texts[n.Row] = sentence(n.Remarks, say)
		}
	}
	return transfer.WriteRemarks(w, r.table, func(row int) string { return texts[row] }, onlyBad)
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
