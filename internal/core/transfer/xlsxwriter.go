package transfer

import (
	"io"

	"github.com/xuri/excelize/v2"
)

// Book writes several tables as the sheets of one XLSX, one after the other. Close
// completes the file and must be called after an error too.
type Book struct {
	to     io.Writer
	file   *excelize.File
	sheets int
	text   int // style of text cells
	bold   int // style of headings
}

// NewBook starts a file without sheets.
func NewBook(w io.Writer) (*Book, error) {
	b := &Book{to: w, file: excelize.NewFile()}
	if err := b.makeStyles(); err != nil {
		_ = b.file.Close() // err is what went wrong first
		return nil, err
	}
	return b, nil
}

// Sheet starts the next sheet, named like the form, as NewWriter does. The one before
// must be closed.
func (b *Book) Sheet(form Form, title string) (*Writer, error) {
	x, err := b.sheet(formPlan(form, title))
	if err != nil {
		return nil, err
	}
	return startTable(x, form, title)
}

// Close writes the file.
func (b *Book) Close() error {
	err := b.file.Write(b.to)
	if closed := b.file.Close(); err == nil {
		err = closed
	}
	return err
}

func (b *Book) makeStyles() (err error) {
	const textFormat = 49 // "@"
	if b.text, err = b.file.NewStyle(&excelize.Style{NumFmt: textFormat}); err != nil {
		return err
	}
	b.bold, err = b.file.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
	})
	return err
}

func (b *Book) sheet(p plan) (*xlsxWriter, error) {
	x := &xlsxWriter{Book: b, columns: len(p.widths)}
	return x, x.layOut(p)
}

// xlsxWriter streams one worksheet; rows beyond a few megabytes wait in a
// temporary file of excelize until the book is closed.
type xlsxWriter struct {
	*Book
	stream  *excelize.StreamWriter
	columns int
	rows    int
	alone   bool // the book has no other sheet and is closed with it
}

// newXLSXWriter makes a book of one sheet.
func newXLSXWriter(w io.Writer, p plan) (*xlsxWriter, error) {
	b, err := NewBook(w)
	if err != nil {
		return nil, err
	}
	x, err := b.sheet(p)
	if err != nil {
		_ = b.file.Close() // err is what went wrong first
		return nil, err
	}
	x.alone = true
	return x, nil
}

func (x *xlsxWriter) layOut(p plan) (err error) {
	if err = x.addSheet(p.name); err != nil {
		return err
	}
	if x.stream, err = x.file.NewStreamWriter(p.name); err != nil {
		return err
	}
	if err = x.setColumns(p.widths); err != nil {
		return err
	}
	below, err := excelize.CoordinatesToCellName(1, p.frozen+1)
	if err != nil {
		return err
	}
	return x.stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: p.frozen, TopLeftCell: below, ActivePane: "bottomLeft"})
}

// addSheet names the sheet that a new file has, or adds one.
func (b *Book) addSheet(name string) (err error) {
	if b.sheets++; b.sheets == 1 {
		return b.file.SetSheetName("Sheet1", name)
	}
	_, err = b.file.NewSheet(name)
	return err
}

// setColumns makes all columns text, so that a number that somebody types into the
// sheet is not rounded either.
func (x *xlsxWriter) setColumns(widths []float64) error {
	for i, width := range widths {
		if err := x.stream.SetColWidth(i+1, i+1, max(width, 4)); err != nil {
			return err
		}
	}
	return x.stream.SetColStyle(1, len(widths), x.text)
}

// title stands in one cell that is merged over all columns.
func (x *xlsxWriter) title(text string) error {
	if err := x.put([]any{excelize.Cell{StyleID: x.bold, Value: escape(text)}}); err != nil {
		return err
	}
	first, err := excelize.CoordinatesToCellName(1, x.rows)
	if err != nil {
		return err
	}
	last, err := excelize.CoordinatesToCellName(x.columns, x.rows)
	if err != nil {
		return err
	}
	return x.stream.MergeCell(first, last)
}

func (x *xlsxWriter) headings(names []string) error {
	values := make([]any, len(names))
	for i, name := range names {
		values[i] = excelize.Cell{StyleID: x.bold, Value: escape(name)}
	}
	return x.put(values)
}

func (x *xlsxWriter) row(cells []Cell) error {
	values := make([]any, len(cells))
	for i, cell := range cells {
		switch {
		case cell.isNumber:
			values[i] = cell.number
		case cell.text != "":
			values[i] = excelize.Cell{StyleID: x.text, Value: cell.text}
		}
	}
	return x.put(values)
}

func (x *xlsxWriter) skipTo(number int) error {
	x.rows = max(x.rows, number-1)
	return nil
}

func (x *xlsxWriter) put(values []any) error {
	x.rows++
	start, err := excelize.CoordinatesToCellName(1, x.rows)
	if err != nil {
		return err
	}
	return x.stream.SetRow(start, values)
}

func (x *xlsxWriter) close() error {
	err := x.stream.Flush()
	if !x.alone {
		return err
	}
	if closed := x.Book.Close(); err == nil {
		err = closed
	}
	return err
}
