package transfer

import (
	"io"
	"strconv"

	"linli/internal/core/calendar"
)

// Kind is a file format for tables; it is also the ending of a file's name.
type Kind string

const (
	XLSX Kind = "xlsx"
	CSV  Kind = "csv"
)

// MediaType is the Content-Type of a file of that kind.
func (k Kind) MediaType() string {
	if k == XLSX {
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "text/csv; charset=utf-8"
}

// Cell is what a Writer puts into one cell.
type Cell struct {
	text     string
	number   float64
	isNumber bool
}

// Text is a cell of text. Numbers that are names (ID, phone) are texts: as
// numbers they would be rounded. What looks like a formula is made harmless.
func Text(s string) Cell { return Cell{text: escape(s)} }

// Number is a cell that can be added up.
func Number(n int64) Cell { return Cell{number: float64(n), isNumber: true} }

// Hundredths is a cell that can be added up, with two decimals: 80 is 0.8.
func Hundredths(n int64) Cell { return Cell{number: float64(n) / 100, isNumber: true} }

// Date is the day in ISO form; an unknown day is an empty cell.
func Date(d calendar.Day) Cell { return Cell{text: d.String()} }

// String is the cell as CSV shows it.
func (c Cell) String() string {
	if c.isNumber {
		return strconv.FormatFloat(c.number, 'f', -1, 64)
	}
	return c.text
}

// Writer writes a table row by row, with bounded memory. Close completes the file
// and must be called after an error too, for it lets go of what was kept.
type Writer struct {
	out rowWriter
}

// NewWriter starts a table with the headings of the form. The title, when there is
// one, stands above them in an XLSX; CSV has only the headings.
func NewWriter(w io.Writer, kind Kind, form Form, title string) (*Writer, error) {
	out, err := newRowWriter(w, kind, formPlan(form, title))
	if err != nil {
		return nil, err
	}
	return startTable(out, form, title)
}

func startTable(out rowWriter, form Form, title string) (w *Writer, err error) {
	if title != "" {
		err = out.title(title)
	}
	if err == nil {
		err = out.headings(form.Names())
	}
	if err != nil {
		_ = out.close() // err is what went wrong first
		return nil, err
	}
	return &Writer{out}, nil
}

// Write adds a row; the cells stand in the order of the form's headings.
func (w *Writer) Write(cells ...Cell) error { return w.out.row(cells) }

// Close writes what is left.
func (w *Writer) Close() error { return w.out.close() }

// rowWriter is one file format.
type rowWriter interface {
	title(text string) error
	headings(names []string) error
	row(cells []Cell) error
	skipTo(number int) error // the next row gets that number
	close() error
}

// plan is what must be known of a sheet before its first row.
type plan struct {
	name   string
	widths []float64 // in characters, of each column
	frozen int       // rows that stay in sight
}

func formPlan(form Form, title string) plan {
	p := plan{name: form.Title, frozen: 1}
	if title != "" {
		p.frozen = 2
	}
	for _, h := range form.Headings {
		p.widths = append(p.widths, h.Width)
	}
	return p
}

func newRowWriter(w io.Writer, kind Kind, p plan) (rowWriter, error) {
	if kind == XLSX {
		return newXLSXWriter(w, p)
	}
	return newCSVWriter(w)
}
