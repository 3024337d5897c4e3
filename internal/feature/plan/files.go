package plan

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"linli/internal/core/transfer"
	"linli/internal/kit/fault"
)

// Options say which spreadsheets to plan from and to.
type Options struct {
	Orders, Helpers string // files, XLSX or CSV
	Out             string // ends in .xlsx or .csv
	Now             time.Time
	// Progress is called with what is being done and the part of it, 0 to 1.
	Progress func(what string, part float64)
}

// Files plans from two spreadsheets, without a server or a database, and writes the plan
// to a third: visits, orders left, who is missing, and rows not understood; as sheets of
// an XLSX, or as CSV files beside each other.
func Files(ctx context.Context, o Options) (*Tables, *Plan, error) {
	kind, err := kindOf(o.Out)
	if err == nil {
		err = o.apart()
	}
	if err != nil {
		return nil, nil, err
	}
	t, err := readTables(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	t.Progress = func(part float64) { o.Progress("排单", part) }
	p, err := Make(ctx, t.Input)
	if err != nil {
		return nil, nil, err
	}
	write := &writer{ctx: ctx, out: o.Out, progress: func(part float64) { o.Progress("写表", part) }}
	return t, p, write.all(kind, t.sheets(p))
}

func kindOf(out string) (transfer.Kind, error) {
	switch kind := transfer.Kind(strings.TrimPrefix(strings.ToLower(filepath.Ext(out)), ".")); kind {
	case transfer.XLSX, transfer.CSV:
		return kind, nil
	}
	return "", fault.Invalid("out", "要写的文件名请用 .xlsx 或 .csv 结尾。")
}

// apart refuses to write over a file that is read.
func (o Options) apart() error {
	out, err := os.Stat(o.Out)
	if err != nil {
		return nil // nothing is there yet
	}
	for _, name := range []string{o.Orders, o.Helpers} {
		if in, err := os.Stat(name); err == nil && os.SameFile(in, out) {
			return fault.Invalid("out", "要写的文件和要读的是同一个，会把原来的表盖掉。请换个名字。")
		}
	}
	return nil
}

func readTables(ctx context.Context, o Options) (*Tables, error) {
	r := newReader(o.Now)
	err := r.read(ctx, o.Helpers, transfer.PlanningRoster(), r.helper, func(part float64) { o.Progress("读花名册", part) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Helpers, err)
	}
	err = r.read(ctx, o.Orders, transfer.NeedsList(), r.order, func(part float64) { o.Progress("读需求", part) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Orders, err)
	}
	return r.Tables, nil
}

// read reads a spreadsheet.
func (r *reader) read(ctx context.Context, file string, form transfer.Form, take func(transfer.Row), progress func(part float64)) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	table, err := transfer.OpenTable(f, info.Size(), form, transfer.DefaultLimits())
	if err != nil {
		return err
	}
	r.begin(file, table)
	for rows := range ahead(ctx, table, &err) {
		if r.expected == 0 && len(rows) == rowsAtOnce {
			r.expect(int(rowsAtOnce / max(rows[rowsAtOnce-1].Done, 0.001)))
		}
		for _, row := range rows {
			take(row)
			progress(row.Done)
		}
	}
	if err == nil {
		progress(1)
	}
	return err
}

const rowsAtOnce = 256

// ahead gives the rows of a table in portions, and reads the next ones meanwhile. It has
// set err when it ends before the table.
func ahead(ctx context.Context, table *transfer.Table, err *error) <-chan []transfer.Row {
	portions := make(chan []transfer.Row, 2)
	go func() {
		defer close(portions)
		var rows []transfer.Row
		for row, wrong := range table.Rows() {
			if *err = wrong; wrong == nil {
				*err = ctx.Err()
			}
			if *err != nil {
				break
			}
			if rows = append(rows, row); len(rows) == rowsAtOnce {
				portions <- rows
				rows = nil
			}
		}
		portions <- rows
	}()
	return portions
}

// writer writes the sheets of a plan.
type writer struct {
	ctx      context.Context
	out      string
	progress func(part float64)
	rows     int // of all sheets
	done     int
}

func (w *writer) all(kind transfer.Kind, sheets []table) error {
	for _, s := range sheets {
		w.rows += s.rows
	}
	if kind == transfer.XLSX {
		return w.book(sheets)
	}
	for n, s := range sheets {
		name := w.out
		if n > 0 {
			name = strings.TrimSuffix(name, filepath.Ext(name)) + "." + s.form.Title + filepath.Ext(name)
		}
		if err := w.csv(name, s); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) book(sheets []table) error {
	return create(w.out, func(f *os.File) error {
		book, err := transfer.NewBook(f)
		if err != nil {
			return err
		}
		for _, s := range sheets {
			if err == nil {
				err = w.sheet(s, func() (*transfer.Writer, error) { return book.Sheet(s.form, s.form.Title) })
			}
		}
		if closing := book.Close(); err == nil {
			err = closing
		}
		return err
	})
}

func (w *writer) csv(name string, s table) error {
	return create(name, func(f *os.File) error {
		return w.sheet(s, func() (*transfer.Writer, error) { return transfer.NewWriter(f, transfer.CSV, s.form, s.form.Title) })
	})
}

func (w *writer) sheet(s table, begin func() (*transfer.Writer, error)) error {
	out, err := begin()
	if err != nil {
		return err
	}
	for n := 0; n < s.rows && err == nil; n++ {
		if err = w.ctx.Err(); err == nil {
			err = out.Write(s.row(n)...)
		}
		w.done++
		w.progress(float64(w.done) / float64(w.rows))
	}
	if closing := out.Close(); err == nil {
		err = closing
	}
	return err
}

// create writes a file beside its name and then gives it the name, so that there is
// never half a plan.
func create(name string, write func(*os.File) error) error {
	f, err := os.CreateTemp(filepath.Dir(name), ".linli-plan-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails when it has been renamed, which is right
	err = write(f)
	if closing := f.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	return err
}
