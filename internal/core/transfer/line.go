package transfer

import (
	"iter"
	"strings"

	"linli/internal/kit/fault"
)

// line is one row of a sheet as it stands there. Empty cells at its end may be
// missing.
type line struct {
	number   int // from 1, as the spreadsheet program shows it
	cells    []string
	formulas []int   // columns whose text is the last result of a formula
	done     float64 // how much of the sheet has been read, 0 to 1
}

// lines ends at the first error.
type lines = iter.Seq2[line, error]

// put sets a cell; columns count from 0.
func (l *line) put(column int, text string, formula bool) {
	if formula {
		l.formulas = append(l.formulas, column)
	}
	if text == "" {
		return
	}
	for len(l.cells) <= column {
		l.cells = append(l.cells, "")
	}
	l.cells[column] = text
}

func (l line) cell(column int) string {
	if column < 0 || column >= len(l.cells) {
		return ""
	}
	return l.cells[column]
}

// width is the number of columns up to the last cell that is not blank.
func (l line) width() int {
	n := len(l.cells)
	for n > 0 && strings.TrimSpace(l.cells[n-1]) == "" {
		n--
	}
	return n
}

// check holds one line to the limits.
func (limits Limits) check(l line) error {
	if l.width() > limits.Columns {
		return fault.Invalid(field, "第 %d 行有 %d 列，一张表最多 %d 列。请删掉右边不用的列，再传一次。", l.number, l.width(), limits.Columns)
	}
	for _, cell := range l.cells {
		if len(cell) > limits.Cell {
			return fault.Invalid(field, "第 %d 行有一格太长了。请看看这一格是不是粘错了，改好再传。", l.number)
		}
	}
	return nil
}
