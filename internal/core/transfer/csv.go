package transfer

import (
	"bufio"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"

	"linli/internal/kit/fault"
)

// csvFile is a text file read with one separator. Which one is right is decided
// by the headings: every separator makes a source, and the one that shows a
// heading row is taken.
type csvFile struct {
	r       io.ReaderAt
	size    int64
	charset encoding.Encoding // nil for UTF-8
	comma   byte
	limits  Limits
}

func csvSources(r io.ReaderAt, size int64, sample []byte, limits Limits) []source {
	charset := encodingOf(sample, int64(len(sample)) == size)
	var all []source
	for _, comma := range []byte{',', '\t', ';'} {
		all = append(all, &csvFile{r, size, charset, comma, limits})
	}
	return all
}

func (f *csvFile) name() string { return "" }

// lines numbers the rows as a spreadsheet program shows them: empty lines count,
// line ends inside quotes do not.
func (f *csvFile) lines() lines {
	return func(yield func(line, error) bool) {
		counted := newCounter(io.NewSectionReader(f.r, 0, f.size), f.size)
		r := records{r: f.decoded(counted), comma: f.comma}
		for row := 1; ; row++ {
			counted.refill()
			cells, err := r.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(line{}, csvFault(err, row))
				return
			}
			l := csvLine(row, cells)
			l.done = counted.done()
			err = f.check(l)
			if !yield(l, err) || err != nil {
				return
			}
		}
	}
}

func csvLine(row int, cells []string) line {
	l := line{number: row}
	for column, cell := range cells {
		text, formula := csvFormula(cell)
		l.put(column, text, formula)
	}
	return l
}

// decoded is the text of the file as UTF-8 without a byte order mark.
func (f *csvFile) decoded(r io.Reader) *bufio.Reader {
	if f.charset != nil {
		r = f.charset.NewDecoder().Reader(r)
	}
	text := bufio.NewReaderSize(r, 64<<10)
	if mark, _ := text.Peek(len(utf8BOM)); string(mark) == string(utf8BOM) {
		_, _ = text.Discard(len(utf8BOM)) // they have just been peeked at
	}
	return text
}

// check refuses cells that could not be decoded: with a part of a name lost, a row
// would be imported wrong.
func (f *csvFile) check(l line) error {
	for _, cell := range l.cells {
		lost := f.charset != nil && strings.ContainsRune(cell, utf8.RuneError)
		if lost || !utf8.ValidString(cell) {
			return fault.Invalid(field, "第 %d 行有读不出的字。请用 WPS 或 Excel 打开文件，另存为 .xlsx，再传一次。", l.number)
		}
	}
	return f.limits.check(l)
}

// csvFault says at which row the reading gave up. A row without an end is most
// often one quote too many.
func csvFault(err error, row int) error {
	if !errors.Is(err, errQuote) && !errors.Is(err, errGulp) {
		return broken(err)
	}
	e := fault.Invalid(field, "从第 %d 行起引号没有成对，读不下去。请把引号改好，或者另存为 .xlsx 再传。", row)
	e.Cause = err
	return e
}

// csvFormula takes the text out of ="…", the usual way to keep the zeros of a
// number in CSV, and recognises all other formulas.
func csvFormula(cell string) (text string, formula bool) {
	if !strings.HasPrefix(cell, "=") {
		return cell, false
	}
	if inner, ok := strings.CutPrefix(cell, `="`); ok && strings.HasSuffix(inner, `"`) && strings.Count(inner, `"`) == 1 {
		return strings.TrimSuffix(inner, `"`), false
	}
	return cell, true
}
