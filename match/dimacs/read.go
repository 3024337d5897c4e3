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

// MaxNodes and MaxArcs bound what Read accepts. Nodes beyond spareNodes must be on arcs
// or have a line of their own, so that a short file never takes much memory.
const (
	MaxNodes   = 1 << 28
	MaxArcs    = 1 << 30
	spareNodes = 1 << 16
)

// Read reads a file, packed or not. An error names the line.
func Read(r io.Reader) (*Network, error) {
	in := bufio.NewReaderSize(r, longestLine)
	if head, _ := in.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		unpacked, err := gzip.NewReader(in)
		if err != nil {
			return nil, fmt.Errorf("line 1: unpacking: %w", err)
		}
		r = unpacked
	} else {
		r = in
	}
	s := reader{lines: lines{in: r}}
	if err := s.read(); err != nil {
		return nil, fmt.Errorf("line %d: %w", s.number, err)
	}
	return &s.net, nil
}

// reader is the state of reading.
type reader struct {
	lines
	net      Network
	nodes    int64
	arcs     int // promised by the problem line
	problem  bool
	supplies []supply
}

// supply is a node line, kept until it is known how many nodes there really are.
type supply struct {
	line  int
	node  int64 // from 1
	units int64
}

func (s *reader) read() error {
	for {
		line, err := s.next()
		if errors.Is(err, io.EOF) {
			return s.finish()
		}
		if err != nil {
			return err
		}
		if a, ok := plainArc(line); ok && s.fits(a) {
			s.net.Arcs = append(s.net.Arcs, a)
			continue
		}
		if err := s.parse(fields{rest: line}); err != nil {
			return err
		}
	}
}

// fits says that nothing is wrong with an arc and that there is room for it.
func (s *reader) fits(a Arc) bool {
	n := len(s.net.Arcs)
	if int64(a.From) >= s.nodes || int64(a.To) >= s.nodes || a.From < 0 || a.To < 0 || a.Low > a.Capacity || n == s.arcs {
		return false
	}
	if n == cap(s.net.Arcs) {
		s.grow()
	}
	return true
}

// grow makes room for four times as many arcs, but no more than are promised.
func (s *reader) grow() {
	more := make([]Arc, len(s.net.Arcs), min(s.arcs, max(4*len(s.net.Arcs), 1<<12)))
	copy(more, s.net.Arcs)
	s.net.Arcs = more
}

func (s *reader) parse(f fields) error {
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
	s.problem, s.nodes, s.arcs = true, nodes, int(arcs)
	return f.err
}

func (s *reader) parseNode(f *fields) error {
	node := f.number("node", 1, s.nodes)
	units := f.number("supply", -math.MaxInt32, math.MaxInt32)
	s.supplies = append(s.supplies, supply{s.number, node, units})
	return f.err
}

// parseArc reads an arc that is not plain, or says what is wrong with it.
func (s *reader) parseArc(f *fields) error {
	a := Arc{
		From:     int32(f.number("from", 1, s.nodes) - 1),
		To:       int32(f.number("to", 1, s.nodes) - 1),
		Low:      f.number("lower bound", 0, math.MaxInt64),
		Capacity: f.number("capacity", 0, math.MaxInt64),
		Cost:     f.number("cost", math.MinInt64+1, math.MaxInt64),
	}
	switch {
	case f.err != nil:
		return f.err
	case a.Low > a.Capacity:
		return fmt.Errorf("has a lower bound %d above its capacity %d", a.Low, a.Capacity)
	case !s.fits(a):
		return fmt.Errorf("has one arc more than the %d that the problem line says", s.arcs)
	}
	s.net.Arcs = append(s.net.Arcs, a)
	return nil
}

// finish checks the whole.
func (s *reader) finish() error {
	switch used := int64(len(s.supplies) + 2*len(s.net.Arcs)); {
	case !s.problem:
		return errors.New("the file has no problem line")
	case len(s.net.Arcs) < s.arcs:
		return fmt.Errorf("the file ends after %d of %d arcs", len(s.net.Arcs), s.arcs)
	case s.nodes > used+spareNodes:
		return fmt.Errorf("of the %d nodes that the problem line says, %d at most are in the file", s.nodes, used)
	}
	return s.setSupplies()
}

func (s *reader) setSupplies() error {
	s.net.Supply = make([]int64, s.nodes)
	given := make([]bool, s.nodes)
	end, sum := s.number, int64(0)
	for _, n := range s.supplies {
		s.number = n.line
		if given[n.node-1] {
			return fmt.Errorf("gives the supply of node %d a second time", n.node)
		}
		given[n.node-1] = true
		s.net.Supply[n.node-1] = n.units
		sum += n.units
	}
	s.number = end
	if sum != 0 {
		return fmt.Errorf("supplies and demands are not balanced, %+d units are over", sum)
	}
	return nil
}
