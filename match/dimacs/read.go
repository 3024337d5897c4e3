package dimacs

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
)

// Network is a directed graph with supplies, and arcs with capacities and costs. Nodes
// are numbered from 0.
type Network struct {
	Supply []int64 // of each node; negative for demand
	Arcs   []Arc
}

// Arc leads from a node to another. Units on it are within Low and Capacity.
type Arc struct {
	From, To            int32
	Low, Capacity, Cost int64
}

// MaxNodes and MaxArcs bound what Read accepts.
const (
	MaxNodes = 1 << 28
	MaxArcs  = 1 << 30
)

// longestLine is far more than the longest of the format; only comments may be longer.
const longestLine = 1 << 16

// Read reads a file, packed or not. An error names the line.
func Read(r io.Reader) (*Network, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	if head, _ := in.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("line 1: unpacking: %w", err)
		}
		in = bufio.NewReaderSize(unpacked, 1<<20)
	}
	s := reader{in: in}
	if err := s.lines(); err != nil {
		return nil, fmt.Errorf("line %d: %w", s.line, err)
	}
	return &s.net, nil
}

// reader is the state of reading.
type reader struct {
	in       *bufio.Reader
	line     int
	net      Network
	arcs     int // promised by the problem line
	problem  bool
	supplied []bool
}

func (s *reader) lines() error {
	for {
		line, err := s.in.ReadSlice('\n')
		if len(line) > 0 {
			s.line++
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("is longer than %d characters", longestLine)
		case err != nil && !errors.Is(err, io.EOF):
			return fmt.Errorf("reading: %w", err)
		}
		if e := s.parse(fields{rest: line}); e != nil {
			return e
		}
		if err != nil {
			return s.finish()
		}
	}
}

func (s *reader) parse(f fields) error {
	if len(f.rest) > longestLine {
		return fmt.Errorf("is longer than %d characters", longestLine)
	}
	kind := f.word()
	if len(kind) == 0 || kind[0] == 'c' {
		return nil
	}
	if !s.problem && string(kind) != "p" {
		return errors.New("the problem line must come first")
	}
	var err error
	switch string(kind) {
	case "p":
		err = s.parseProblem(&f)
	case "n":
		err = s.parseNode(&f)
	case "a":
		err = s.parseArc(&f)
	default:
		return fmt.Errorf("begins with %.20q, expected c, p, n or a", kind)
	}
	if err == nil && len(f.word()) > 0 {
		err = errors.New("has more fields than expected")
	}
	return err
}

func (s *reader) parseProblem(f *fields) error {
	if s.problem {
		return errors.New("is a second problem line")
	}
	if kind := f.word(); string(kind) != "min" {
		return fmt.Errorf("is a problem of kind %.20q, expected min", kind)
	}
	nodes, arcs := f.number("nodes", 1, MaxNodes), f.number("arcs", 0, MaxArcs)
	if f.err != nil {
		return f.err
	}
	s.problem, s.arcs = true, int(arcs)
	s.net.Supply = make([]int64, nodes)
	s.supplied = make([]bool, nodes)
	s.net.Arcs = make([]Arc, 0, min(arcs, 1<<20))
	return nil
}

func (s *reader) parseNode(f *fields) error {
	node := f.number("node", 1, int64(len(s.net.Supply)))
	supply := f.number("supply", -math.MaxInt32, math.MaxInt32)
	if f.err != nil {
		return f.err
	}
	if s.supplied[node-1] {
		return fmt.Errorf("gives the supply of node %d a second time", node)
	}
	s.supplied[node-1] = true
	s.net.Supply[node-1] = supply
	return nil
}

func (s *reader) parseArc(f *fields) error {
	nodes := int64(len(s.net.Supply))
	a := Arc{
		From:     int32(f.number("from", 1, nodes) - 1),
		To:       int32(f.number("to", 1, nodes) - 1),
		Low:      f.number("lower bound", 0, math.MaxInt64),
		Capacity: f.number("capacity", 0, math.MaxInt64),
		Cost:     f.number("cost", math.MinInt64+1, math.MaxInt64),
	}
	switch {
	case f.err != nil:
		return f.err
	case a.Low > a.Capacity:
		return fmt.Errorf("has a lower bound %d above its capacity %d", a.Low, a.Capacity)
	case len(s.net.Arcs) == s.arcs:
		return fmt.Errorf("has one arc more than the %d that the problem line says", s.arcs)
	}
	s.net.Arcs = append(s.net.Arcs, a)
	return nil
}

// finish checks the whole.
func (s *reader) finish() error {
	var sum int64
	for _, v := range s.net.Supply {
		sum += v
	}
	switch {
	case !s.problem:
		return errors.New("the file has no problem line")
	case len(s.net.Arcs) < s.arcs:
		return fmt.Errorf("the file ends after %d of %d arcs", len(s.net.Arcs), s.arcs)
	case sum != 0:
		return fmt.Errorf("supplies and demands are not balanced, %+d units are over", sum)
	}
	return nil
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

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' }

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
