package transfer

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
)

// sheet is a worksheet of an XLSX.
type sheet struct {
	book  *workbook
	title string
	part  string
}

func (s *sheet) name() string { return s.title }

func (s *sheet) lines() lines {
	return func(yield func(line, error) bool) {
		closer, counted, err := s.book.archive.open(s.part)
		if err != nil {
			yield(line{}, err)
			return
		}
		defer closer.Close()
		r := &sheetReader{book: s.book, tokens: newTokens(counted)}
		for {
			l, err := r.nextRow()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				yield(line{}, broken(err))
				return
			}
			l.done = counted.done()
			err = s.book.limits.check(l)
			if !yield(l, err) || err != nil {
				return
			}
		}
	}
}

// sheetReader reads the rows of one worksheet, one after the other. It reads to
// the very end of the part, so that a torn one is found out.
type sheetReader struct {
	book *workbook
	*tokens
	row int // number of the last row
}

const lastRow, lastColumn = 1 << 20, 1 << 14 // of any XLSX

var errOrder = errors.New("rows or cells out of order")

func (r *sheetReader) nextRow() (line, error) {
	for {
		token, err := r.next()
		if err != nil {
			return line{}, err
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local == "row" {
			return r.readRow(start)
		}
	}
}

func (r *sheetReader) readRow(start xml.StartElement) (line, error) {
	number := r.row + 1
	if text := attribute(start, "r"); text != "" {
		var err error
		if number, err = strconv.Atoi(text); err != nil {
			return line{}, err
		}
	}
	if number <= r.row || number > lastRow {
		return line{}, errOrder
	}
	r.row = number
	l, column := line{number: number}, -1
	for {
		token, err := r.next()
		if err != nil {
			return line{}, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			if column, err = r.readCell(&l, t, column); err != nil {
				return line{}, err
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				return l, nil
			}
		}
	}
}

// readCell puts a cell into its line and gives its column; before is the column
// of the cell to its left.
func (r *sheetReader) readCell(l *line, start xml.StartElement, before int) (column int, err error) {
	column = before + 1
	if ref := attribute(start, "r"); ref != "" {
		column = columnOf(ref)
	}
	if column <= before || column >= lastColumn {
		return 0, errOrder
	}
	value, formula, err := r.cellValue()
	if err != nil {
		return 0, err
	}
	text, err := r.display(attribute(start, "t"), attribute(start, "s"), value)
	if err != nil {
		return 0, err
	}
	l.put(column, text, formula)
	return column, nil
}

// cellValue reads up to the end of a cell.
func (t *tokens) cellValue() (value string, formula bool, err error) {
	for {
		token, err := t.next()
		if err != nil {
			return "", false, err
		}
		switch el := token.(type) {
		case xml.StartElement:
			switch el.Name.Local {
			case "v":
				value, err = t.text()
			case "is":
				value, err = t.richText("is")
			default:
				formula = formula || el.Name.Local == "f"
				err = t.skip()
			}
			if err != nil {
				return "", false, err
			}
		case xml.EndElement:
			return value, formula, nil
		}
	}
}

// display is what a cell of the given type and style says.
func (r *sheetReader) display(kind, style, value string) (string, error) {
	switch kind {
	case "s":
		i, err := strconv.Atoi(value)
		if value == "" {
			return "", nil
		}
		text, ok := r.book.shared.at(i)
		if err != nil || !ok {
			return "", fmt.Errorf("no shared text %q", value)
		}
		return text, nil
	case "str":
		return unescape(value), nil
	case "b":
		if value == "1" {
			return "TRUE", nil
		}
		return "FALSE", nil
	case "", "n":
		s, _ := strconv.Atoi(style) // no style is style 0
		return r.book.styles.number(value, s), nil
	}
	return value, nil // inline texts, errors such as #N/A, ISO dates
}

// columnOf is the column of a reference such as AB12, from 0; -1 when there is
// none in it.
func columnOf(ref string) int {
	column := 0
	for i := 0; i < len(ref) && ref[i] >= 'A' && ref[i] <= 'Z' && column <= lastColumn; i++ {
		column = column*26 + int(ref[i]-'A') + 1
	}
	return column - 1
}
