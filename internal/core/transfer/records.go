package transfer

import (
	"bufio"
	"errors"
	"io"
)

// records reads the rows of a CSV text. It is stricter and laxer than encoding/csv
// where real files need it: a quote inside a cell that does not start with one is
// plain text (="0311"), a quoted cell that never ends is an error and not one long
// cell, and every line end counts, also those of old Macs.
type records struct {
	r     *bufio.Reader
	comma byte
}

var errQuote = errors.New("quotes do not match")

// next gives the cells of the next row, of which an empty line has one, or io.EOF.
func (p records) next() ([]string, error) {
	if _, err := p.r.Peek(1); err != nil {
		return nil, err
	}
	var cells []string
	for {
		cell, end, err := p.cell()
		if err != nil {
			return nil, err
		}
		cells = append(cells, cell)
		if end != p.comma {
			return cells, nil
		}
	}
}

// cell reads up to and including what ends it: the separator, or else the line or
// the text.
func (p records) cell() (text string, end byte, err error) {
	if p.accept('"') {
		if text, err = p.quoted(); err != nil {
			return "", 0, err
		}
		rest, end, err := p.plain()
		if rest != "" {
			err = errQuote
		}
		return text, end, err
	}
	return p.plain()
}

// quoted reads up to the closing quote. Line ends become \n.
func (p records) quoted() (string, error) {
	var text []byte
	for {
		c, err := p.r.ReadByte()
		if errors.Is(err, io.EOF) {
			return "", errQuote
		}
		if err != nil {
			return "", err
		}
		switch {
		case c == '"' && !p.accept('"'):
			return string(text), nil
		case c == '\r':
			p.accept('\n')
			c = '\n'
		}
		text = append(text, c)
	}
}

func (p records) plain() (text string, end byte, err error) {
	var b []byte
	for {
		c, err := p.r.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return string(b), '\n', nil
		case err != nil:
			return "", 0, err
		case c == '\r':
			p.accept('\n')
			return string(b), '\n', nil
		case c == '\n' || c == p.comma:
			return string(b), c, nil
		}
		b = append(b, c)
	}
}

// accept reads the next byte if it is c.
func (p records) accept(c byte) bool {
	next, err := p.r.Peek(1)
	if err != nil || next[0] != c {
		return false
	}
	_, err = p.r.Discard(1)
	return err == nil
}
