package transfer

import (
	"io"
	"slices"
)

// remarksHeading is the column that WriteRemarks adds. No form knows it, so a
// mended file can be uploaded with the column still in it.
const remarksHeading = "问题"

// WriteRemarks gives the uploaded sheet back, in the format it came in, with a
// column 问题 behind the others that says of each row what is wrong with it. Rows
// keep their numbers. With onlyRemarked the rows without a remark are left out, so
// that a person mends these and uploads them again. Formulas come back as their
// values.
func WriteRemarks(w io.Writer, t *Table, remark func(row int) string, onlyRemarked bool) error {
	r := &remarker{t, remark, onlyRemarked}
	out, err := newRowWriter(w, t.kind(), r.plan())
	if err != nil {
		return err
	}
	for l, err := range t.source.lines() {
		if err == nil {
			err = r.write(out, l)
		}
		if err != nil {
			_ = out.close() // err is what went wrong first
			return err
		}
	}
	return out.close()
}

func (t *Table) kind() Kind {
	if _, ok := t.source.(*sheet); ok {
		return XLSX
	}
	return CSV
}

type remarker struct {
	table  *Table
	remark func(row int) string
	only   bool
}

func (r *remarker) plan() plan {
	at := r.table.layout
	widths := make([]float64, max(at.width, at.remarks+1))
	for i := range widths {
		widths[i] = 14
	}
	for _, h := range r.table.form.Headings {
		if column, ok := at.columns[h.Name]; ok {
			widths[column] = h.Width
		}
	}
	widths[at.remarks] = 40
	return plan{name: r.table.form.Title, widths: widths, frozen: at.row}
}

// write puts one line: what stands above the headings as it is, the headings with
// the new one, and the rows with their remarks.
func (r *remarker) write(out rowWriter, l line) error {
	text, below := "", l.number > r.table.layout.row
	switch {
	case below:
		text = r.remark(l.number)
	case l.number == r.table.layout.row:
		text = remarksHeading
	}
	if below && r.only && text == "" {
		return nil
	}
	if !below || !r.only {
		if err := out.skipTo(l.number); err != nil {
			return err
		}
	}
	return out.row(r.cells(l, text))
}

// cells are those of the line with the remark in its column; what stands to the
// right of a new column moves by one.
func (r *remarker) cells(l line, text string) []Cell {
	column := r.table.layout.remarks
	texts := slices.Clone(l.cells)
	for len(texts) < column {
		texts = append(texts, "")
	}
	if column < min(r.table.layout.width, len(texts)) {
		texts[column] = text
	} else {
		texts = slices.Insert(texts, column, text)
	}
	cells := make([]Cell, len(texts))
	for i, text := range texts {
		cells[i] = Text(unescapeFormula(text))
	}
	return cells
}
