package dimacs

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
)

// longestLine is far more than the longest of the format; only comments may be longer.
const longestLine = 1 << 18

// lines takes a text apart. The lines are views into one buffer.
type lines struct {
	in     io.Reader
	number int // of the last line, from 1
	buf    []byte
	rest   []byte // of buf, read but not given yet
	end    error  // of the reader
}

// next gives the next line without its end, or io.EOF. Of a comment that is too long
// for the buffer only the beginning is given.
func (l *lines) next() ([]byte, error) {
	for {
		if n := bytes.IndexByte(l.rest, '\n'); n >= 0 {
			line := l.rest[:n]
			l.rest = l.rest[n+1:]
			l.number++
			return line, nil
		}
		if l.end != nil {
			return l.last()
		}
		if len(l.rest) == longestLine {
			return l.long()
		}
		l.fill()
	}
}

// last gives what stands behind the last line end.
func (l *lines) last() ([]byte, error) {
	line := l.rest
	l.rest = nil
	switch {
	case !errors.Is(l.end, io.EOF):
		l.number++
		return nil, fmt.Errorf("reading: %w", l.end)
	case len(line) == 0:
		return nil, io.EOF
	}
	l.number++
	return line, nil
}

// fill moves the rest to the front of the buffer and reads on.
func (l *lines) fill() {
	if l.buf == nil {
		l.buf = make([]byte, longestLine)
	}
	n := copy(l.buf, l.rest)
	m, err := l.in.Read(l.buf[n:])
	l.rest, l.end = l.buf[:n+m], err
}

// long passes a comment that fills the buffer.
func (l *lines) long() ([]byte, error) {
	if start := bytes.TrimLeft(l.rest, " \t"); len(start) == 0 || start[0] != 'c' {
		l.number++
		return nil, fmt.Errorf("is longer than %d characters", longestLine)
	}
	for l.end == nil && bytes.IndexByte(l.rest, '\n') < 0 {
		l.rest = nil
		l.fill()
	}
	if n := bytes.IndexByte(l.rest, '\n'); n >= 0 {
		l.rest = l.rest[n:] // the line end is that of an empty line
	} else {
		l.rest = nil
	}
	return l.next()
}

// plainArc reads the usual form of an arc, five numbers of up to 18 digits with one
// blank before each. Anything else is left to fields, which also knows what is wrong.
func plainArc(line []byte) (a Arc, ok bool) {
	if len(line) == 0 || line[0] != 'a' {
		return a, false
	}
	rest := line[1:]
	var v [5]int64
	for k := range v {
		n, digits := int64(0), 1
		if len(rest) == 0 || rest[0] != ' ' {
			return a, false
		}
		for digits < len(rest) && rest[digits]-'0' <= 9 {
			n = 10*n + int64(rest[digits]-'0')
			digits++
		}
		if digits < 2 || digits > 19 {
			return a, false
		}
		v[k], rest = n, rest[digits:]
	}
	if len(rest) == 1 && rest[0] == '\r' {
		rest = nil
	}
	if v[0] > MaxNodes || v[1] > MaxNodes || len(rest) > 0 {
		return a, false
	}
	return Arc{int32(v[0] - 1), int32(v[1] - 1), v[2], v[3], v[4]}, true
}

// fields takes a line apart. After the first error numbers are their lower bound.
type fields struct {
	rest []byte
	err  error
}

func (f *fields) word() []byte {
	s := f.rest
	for len(s) > 0 && blank(s[0]) {
		s = s[1:]
	}
	n := 0
	for n < len(s) && !blank(s[n]) {
		n++
	}
	f.rest = s[n:]
	return s[:n]
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }

func (f *fields) number(name string, lo, hi int64) int64 {
	if f.err != nil {
		return lo
	}
	w := f.word()
	v, ok := number(w)
	switch {
	case len(w) == 0:
		f.err = fmt.Errorf("%s is missing", name)
	case !ok:
		f.err = fmt.Errorf("%s %.30q is not a whole number of 64 bits", name, w)
	case v < lo || v > hi:
		f.err = fmt.Errorf("%s %d is not within %d and %d", name, v, lo, hi)
	default:
		return v
	}
	return lo
}

// number is strconv.ParseInt without the copy of its text.
func number(w []byte) (v int64, ok bool) {
	negative := len(w) > 0 && w[0] == '-'
	if negative {
		w = w[1:]
	}
	if len(w) == 0 || len(w) > 19 {
		return 0, false
	}
	for _, c := range w {
		if c < '0' || c > '9' || v > (math.MaxInt64-int64(c-'0'))/10 {
			return 0, false
		}
		v = 10*v + int64(c-'0')
	}
	if negative {
		v = -v
	}
	return v, true
}
