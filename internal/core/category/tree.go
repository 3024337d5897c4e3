package category

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Where says where a service happens; it decides which address and which way
// the order asks for.
type Where string

// The closed set of places.
const (
	AtHome  Where = "home"   // at the resident's
	Escort  Where = "escort" // outside, together with the resident
	Errand  Where = "errand" // outside, instead of the resident
	AtVenue Where = "venue"  // at the station or another place of the community
)

// Service is one node of the tree, an official category or a service below it.
type Service struct {
	Code    uint32 // the skill code of the matching engine: 100, 200 … 2200 on top, 101 … below
	ID      string // stable name in the API and the database
	Name    string // Chinese
	English string
	Icon    string // a symbol of the sprite
	Minutes int    // usual duration
	Where   Where
	People  int    // usual number of helpers, at least 1
	Risks   []Risk // what it always brings; often none
	Title   string // what an order for it is called
	aliases []string
}

// Fallback is the id of the service for what nothing else fits.
const Fallback = "other_help"

// IsTop tells an official category from an everyday service.
func (s Service) IsTop() bool { return s.Code%100 == 0 }

// Parent is the code of the official category above; its own for a top one.
func (s Service) Parent() uint32 { return s.Code - s.Code%100 }

// All lists the whole tree in order of codes, each category before its services.
func All() []Service { return slices.Clone(loadTree().all) }

// ByID finds a node by its name in the API.
func ByID(id string) (Service, bool) {
	t := loadTree()
	i, ok := t.byID[id]
	if !ok {
		return Service{}, false
	}
	return t.all[i], true
}

// ByCode finds a node by its skill code.
func ByCode(code uint32) (Service, bool) {
	t := loadTree()
	i, ok := t.byCode[code]
	if !ok {
		return Service{}, false
	}
	return t.all[i], true
}

// Top lists the official categories.
func Top() []Service {
	return filter(func(s Service) bool { return s.IsTop() })
}

// Children lists the services below an official category, none for a service.
func Children(code uint32) []Service {
	return filter(func(s Service) bool { return !s.IsTop() && s.Parent() == code })
}

func filter(keep func(Service) bool) []Service {
	var kept []Service
	for _, s := range loadTree().all {
		if keep(s) {
			kept = append(kept, s)
		}
	}
	return kept
}

// tree is services.tsv, read once.
type tree struct {
	all     []Service
	byID    map[string]int
	byCode  map[uint32]int
	byAlias map[string][]int // names in the form of plain, for Find
}

//go:embed services.tsv
var servicesTSV string

var loadTree = sync.OnceValue(func() *tree {
	t, err := readTree(servicesTSV)
	if err != nil {
		panic(err) // the file is part of the binary; its test reads it too
	}
	return t
})

// readTree reads the lines of services.tsv. Errors name the line.
func readTree(text string) (*tree, error) {
	t := &tree{byID: map[string]int{}, byCode: map[uint32]int{}, byAlias: map[string][]int{}}
	for n, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		s, err := readService(strings.Split(line, "\t"))
		if err != nil {
			return nil, fmt.Errorf("services.tsv line %d: %w", n+1, err)
		}
		t.add(s)
	}
	if len(t.byID) != len(t.all) || len(t.byCode) != len(t.all) {
		return nil, fmt.Errorf("services.tsv: an id or a code is there twice")
	}
	return t, nil
}

func (t *tree) add(s Service) {
	i := len(t.all)
	t.all = append(t.all, s)
	t.byID[s.ID], t.byCode[s.Code] = i, i
	for _, name := range append([]string{s.ID, s.Name, s.English}, s.aliases...) {
		if key := plain(name); !slices.Contains(t.byAlias[key], i) {
			t.byAlias[key] = append(t.byAlias[key], i)
		}
	}
}

func readService(col []string) (Service, error) {
	if len(col) != 11 {
		return Service{}, fmt.Errorf("%d columns, not 11", len(col))
	}
	code, err := strconv.ParseUint(col[0], 10, 32)
	if err != nil {
		return Service{}, err
	}
	minutes, err := strconv.Atoi(col[5])
	if err != nil {
		return Service{}, err
	}
	people, err := strconv.Atoi(col[7])
	if err != nil {
		return Service{}, err
	}
	s := Service{
		Code: uint32(code), ID: col[1], Name: col[2], English: col[3], Icon: col[4],
		Minutes: minutes, Where: Where(col[6]), People: people,
		Title: col[9], aliases: list(col[10], "、"),
	}
	for _, r := range list(col[8], ",") {
		s.Risks = append(s.Risks, Risk(r))
	}
	if s.Title == "-" {
		s.Title = s.Name
	}
	return s, nil
}

// list splits a cell; "-" is the empty list.
func list(cell, sep string) []string {
	if cell == "-" {
		return nil
	}
	return strings.Split(cell, sep)
}
