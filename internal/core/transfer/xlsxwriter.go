package transfer

import (
	"io"

	"github.com/xuri/excelize/v2"
)

// xlsxWriter streams one worksheet; rows beyond a few megabytes wait in a
// temporary file of excelize until close.
type xlsxWriter struct {
	to      io.Writer
	file    *excelize.File
	stream  *excelize.StreamWriter
	columns int
	text    int // style of text cells
	bold    int // style of headings
	rows    int
}

func newXLSXWriter(w io.Writer, p plan) (*xlsxWriter, error) {
	x := &xlsxWriter{to: w, file: excelize.NewFile(), columns: len(p.widths)}
	if err := x.layOut(p); err != nil {
		_ = x.file.Close() // err is what went wrong first
		return nil, err
	}
	return x, nil
}

func (x *xlsxWriter) layOut(p plan) (err error) {
	if err = x.file.SetSheetName("Sheet1", p.name); err != nil {
		return err
	}
	if x.stream, err = x.file.NewStreamWriter(p.name); err != nil {
		return err
	}
	if err = x.makeStyles(); err != nil {
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

func (x *xlsxWriter) makeStyles() (err error) {
	const textFormat = 49 // "@"
	if x.text, err = x.file.NewStyle(&excelize.Style{NumFmt: textFormat}); err != nil {
		return err
	}
	x.bold, err = x.file.NewStyle(&excelize.Style{
		Font:      &excelize.Font{Bold: true},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true},
	})
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
	if err == nil {
		err = x.file.Write(x.to)
	}
	if closed := x.file.Close(); err == nil {
		err = closed
	}
	return err
}
