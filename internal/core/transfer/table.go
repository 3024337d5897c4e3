package transfer

import (
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"

	"linli/internal/core/calendar"
	"linli/internal/kit/fault"
)

// Table is an uploaded sheet whose headings have been found.
type Table struct {
	Sheet      string   // name of the worksheet; empty for CSV
	HeadingRow int      // from 1
	Ignored    []string // headings that the form does not know, as they are written

	form   Form
	layout layout
	source source
	limits Limits
}

// OpenTable finds out what kind of file was uploaded and where in it the headings
// of the form stand: in the first sheet, and there in the first of its first 20
// rows, that has all required ones. Every refusal is an invalid field "file".
// The table reads from r as long as it is used.
func OpenTable(r io.ReaderAt, size int64, form Form, limits Limits) (*Table, error) {
	candidates, err := sources(r, size, limits)
	if err != nil {
		return nil, err
	}
	var best layout
	var failed error // of the first candidate that could not be read
	for _, s := range candidates {
		found, err := form.findLayout(s.lines())
		if err == nil && len(form.missing(found)) == 0 {
			return newTable(s, form, found, limits)
		}
		if len(found.columns) > len(best.columns) {
			best = found
		}
		if failed == nil {
			failed = err
		}
	}
	if failed != nil && len(best.columns) < 2 {
		return nil, failed
	}
	return nil, form.noHeadings(best)
}

func newTable(s source, form Form, found layout, limits Limits) (*Table, error) {
	if found.twice != nil {
		return nil, found.twice
	}
	return &Table{
		Sheet: s.name(), HeadingRow: found.row, Ignored: found.ignored,
		form: form, layout: found, source: s, limits: limits,
	}, nil
}

// noHeadings says which headings are missed, when some were there.
func (f Form) noHeadings(best layout) error {
	names := "“" + strings.Join(f.missing(best), "”“") + "”"
	if len(best.columns) > 1 {
		return fault.Invalid(field, "第 %d 行的表头里缺少%s。请补上这几列，再传一次。", best.row, names)
	}
	return fault.Invalid(field, "前 %d 行里没找到表头。表头里至少要有%s。", headingRows, names)
}

// Has says whether the sheet has a column of that heading.
func (t *Table) Has(heading string) bool {
	_, ok := t.layout.columns[heading]
	return ok
}

// Written is a heading as it is written in the sheet; its name when the sheet has no such
// column.
func (t *Table) Written(heading string) string {
	if text, ok := t.layout.written[heading]; ok {
		return text
	}
	return heading
}

// Rows gives the rows below the headings, without those that are empty or hold a
// total or the signatures under a table. It may be run again. An error ends it:
// the file is broken further down, or has too many rows.
func (t *Table) Rows() iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		n := 0
		for l, err := range t.source.lines() {
			if err == nil && (l.number <= t.layout.row || t.isEmpty(l) || isFooter(l)) {
				continue
			}
			if n++; err == nil && n > t.limits.Rows {
				err = fault.Invalid(field, "一次最多导入 %d 行，这张表不止。请分成几份再传。", t.limits.Rows)
			}
			if !yield(Row{Number: l.number, Done: l.done, line: l, table: t}, err) || err != nil {
				return
			}
		}
	}
}

// isEmpty says that nothing stands in the line but its serial number.
func (t *Table) isEmpty(l line) bool {
	serial := -1
	for _, h := range t.form.Headings {
		if column, ok := t.layout.columns[h.Name]; ok && h.Serial {
			serial = column
		}
	}
	for column, text := range l.cells {
		if column != serial && strings.TrimSpace(text) != "" {
			return false
		}
	}
	return true
}

// isFooter knows the lines under a table: totals, and who made it.
func isFooter(l line) bool {
	for _, text := range l.cells {
		key := headingKey(text)
		if key == "" {
			continue
		}
		for _, word := range []string{"合计", "总计", "小计", "共计"} {
			if rest, ok := strings.CutPrefix(key, word); ok && strings.Trim(rest, "()0123456789人名户条") == "" {
				return true
			}
		}
		signed, _, colon := strings.Cut(strings.ReplaceAll(text, "：", ":"), ":")
		return colon && slices.Contains([]string{"制表人", "制表", "填表人", "填报人", "审核人", "填表日期", "填报日期", "填报单位"}, headingKey(signed))
	}
	return false
}

// Row is one row of the sheet.
type Row struct {
	Number int     // from 1, as the spreadsheet program shows it
	Done   float64 // how much of the file has been read up to here, 0 to 1

	line  line
	table *Table
}

// Text is the cell under a heading, trimmed; empty when the sheet has no such
// column. It is what was typed: clean it before it is stored.
func (r Row) Text(heading string) string {
	column, ok := r.table.layout.columns[heading]
	if !ok {
		return ""
	}
	return strings.TrimSpace(unescapeFormula(strings.TrimSpace(r.line.cell(column))))
}

// Day is the cell under a heading as a day, in one of the spellings of
// calendar.ParseDay or as the number of days that spreadsheets keep dates in. An
// empty cell is the zero Day. The heading is the field of the error.
func (r Row) Day(heading string) (calendar.Day, error) {
	text := r.Text(heading)
	if text == "" {
		return calendar.Day{}, nil
	}
	if serial, err := strconv.Atoi(text); err == nil && serial >= firstSerial && serial <= lastUsualSerial {
		return r.table.dayOfSerial(serial), nil
	}
	return calendar.ParseDay(heading, text)
}

// Days of the years 1900 to 2100 as numbers. Smaller ones are more likely a slip,
// larger ones are dates of eight digits.
const firstSerial, lastUsualSerial = 61, 73415

func (t *Table) dayOfSerial(serial int) calendar.Day {
	if s, ok := t.source.(*sheet); ok {
		return s.book.styles.day(serial)
	}
	return styles{}.day(serial)
}

// Formulas are the headings whose cells in this row hold a formula. Their texts
// are what the spreadsheet program last computed, or empty when it never did.
func (r Row) Formulas() []string {
	var names []string
	for _, h := range r.table.form.Headings {
		if column, ok := r.table.layout.columns[h.Name]; ok && slices.Contains(r.line.formulas, column) {
			names = append(names, h.Name)
		}
	}
	return names
}
