package config

import (
	"errors"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// fileFlag is the flag that names the file.
const fileFlag = "config"

// Options say where settings come from.
type Options struct {
	Prefix string                      // of the environment's names, without the underscore
	File   string                      // read when it is there and --config names no other
	Lookup func(string) (string, bool) // of the environment; default os.LookupEnv
	Kong   []kong.Option               // name, description, writers
}

// Settings is a command line with all its settings found.
type Settings struct {
	*kong.Context
	origin map[*kong.Value]string // where a value came from, when not from the command line
	prefix string
}

// Flag is embedded in the grammar to offer --config.
type Flag struct {
	Config string `help:"File with settings, one NAME = VALUE a line." placeholder:"FILE"`
}

// Parse reads the settings of args into the grammar, a pointer to a struct. The
// error lists everything that is wrong.
func Parse(grammar any, args []string, o Options) (*Settings, error) {
	if o.Lookup == nil {
		o.Lookup = os.LookupEnv
	}
	src := &sources{prefix: o.Prefix, lookup: o.Lookup, origin: map[*kong.Value]string{}, wrong: map[*kong.Value]error{}}
	if err := src.read(args, o.File); err != nil {
		return nil, err
	}
	options := append([]kong.Option{kong.Resolvers(src), kong.ValueFormatter(src.help)}, o.Kong...)
	k, err := kong.New(grammar, options...)
	if err != nil {
		return nil, err
	}
	src.watch(k.Model.Node)
	ctx, err := k.Parse(args)
	if err := errors.Join(append(src.mistakes(k.Model.Node), err, twice(ctx))...); err != nil {
		return nil, err
	}
	return &Settings{Context: ctx, origin: src.origin, prefix: o.Prefix}, nil
}

// Typed lists the flags that stand on the command line itself, by name.
func (s *Settings) Typed() (names []string) {
	for _, p := range s.Path {
		if p.Flag != nil && !p.Resolved {
			names = append(names, p.Flag.Name)
		}
	}
	return names
}

// twice refuses a flag whose second value would silently replace the first.
func twice(ctx *kong.Context) error {
	var errs []error
	seen := map[*kong.Flag]bool{}
	for i := 0; ctx != nil && i < len(ctx.Path); i++ {
		flag := ctx.Path[i].Flag
		if flag != nil && seen[flag] && !flag.IsCumulative() && !ctx.Path[i].Resolved {
			errs = append(errs, fmt.Errorf("command line: --%s was given twice", flag.Name))
		}
		seen[flag] = true
	}
	return errors.Join(errs...)
}

// sources is the environment and the file, and what was wrong with any value.
type sources struct {
	prefix string
	lookup func(string) (string, bool)
	file   *file

	origin map[*kong.Value]string
	wrong  map[*kong.Value]error
}

// read loads the file that the command line, the environment or the program names.
func (s *sources) read(args []string, usual string) (err error) {
	name, given := named(args)
	if !given {
		name, given = s.lookup(s.variable(fileFlag))
	}
	if !given {
		name = usual
	}
	s.file, err = readFile(name)
	if errors.Is(err, os.ErrNotExist) && !given {
		s.file, err = &file{}, nil
	}
	return err
}

// named finds --config FILE before kong reads the rest.
func named(args []string) (name string, given bool) {
	for i, arg := range args {
		if arg == "--" {
			break
		}
		if value, ok := strings.CutPrefix(arg, "--"+fileFlag+"="); ok {
			return value, true
		}
		if arg == "--"+fileFlag && i+1 < len(args) {
			return args[i+1], true
		}
	}
	return "", false
}

func (s *sources) variable(flag string) string { return variable(s.prefix, flag) }

// variable is the environment's name of a flag: LINLI_MAX_BODY is --max-body.
func variable(prefix, flag string) string {
	return prefix + "_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// Resolve gives kong the value of a flag that the command line left out.
func (s *sources) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if flag.Name == "help" {
		return nil, nil
	}
	name := s.variable(flag.Name)
	if value, ok := s.lookup(name); ok {
		s.origin[flag.Value] = name
		return value, nil
	}
	if e, ok := s.file.entry(flag.Name); ok {
		s.origin[flag.Value] = s.file.place(e)
		return e.value, nil
	}
	return nil, nil
}

// Validate is part of kong.Resolver; mistakes are collected by Parse.
func (s *sources) Validate(*kong.Application) error { return nil }

// watch lets every flag collect its mistakes instead of ending the reading with
// the first one.
func (s *sources) watch(node *kong.Node) {
	for _, flag := range node.Flags {
		flag.Mapper = &collector{Mapper: flag.Mapper, sources: s}
	}
	for _, child := range node.Children {
		s.watch(child)
	}
}

// mistakes lists what was wrong: lines of the file, values in the order of the
// grammar, and names in the file that are no setting.
func (s *sources) mistakes(node *kong.Node) []error {
	known := map[string]bool{}
	errs := append(s.file.wrong, s.under(node, known)...)
	for _, e := range s.file.entries {
		if !known[e.name] {
			errs = append(errs, fmt.Errorf("%s: there is no setting %q", s.file.place(e), e.name))
		}
	}
	return errs
}

func (s *sources) under(node *kong.Node, known map[string]bool) (errs []error) {
	for _, flag := range node.Flags {
		known[flag.Name] = true
		errs = append(errs, s.wrong[flag.Value])
	}
	for _, child := range node.Children {
		errs = append(errs, s.under(child, known)...)
	}
	return errs
}

// help tells the name in the environment beside the help text.
func (s *sources) help(v *kong.Value) string {
	if v.Flag == nil || v.Name == "help" {
		return v.Help
	}
	return v.Help + " ($" + s.variable(v.Name) + ")"
}

// collector notes a value that cannot be read and lets the default stand for it,
// so that the reading goes on and nothing else trips over it.
type collector struct {
	kong.Mapper
	sources *sources
}

// Decode is part of kong.Mapper.
func (c *collector) Decode(ctx *kong.DecodeContext, target reflect.Value) error {
	err := c.Mapper.Decode(ctx, target)
	if err == nil {
		err = allowed(ctx.Value, target)
	}
	if err == nil {
		return nil
	}
	from := c.sources.origin[ctx.Value]
	if from == "" {
		from = "command line"
	}
	c.sources.wrong[ctx.Value] = fmt.Errorf("%s: --%s: %w", from, ctx.Value.Name, err)
	target.SetZero()
	if !ctx.Value.HasDefault {
		return nil
	}
	fallback := *ctx
	fallback.Scan = kong.ScanFromTokens(kong.Token{Type: kong.FlagValueToken, Value: ctx.Value.Default})
	return c.Mapper.Decode(&fallback, target)
}

// IsBool is how kong asks whether a flag goes without a value.
func (c *collector) IsBool() bool {
	m, ok := c.Mapper.(kong.BoolMapper)
	return ok && m.IsBool()
}

func allowed(v *kong.Value, target reflect.Value) error {
	if v.Enum == "" || target.Kind() != reflect.String || slices.Contains(v.EnumSlice(), target.String()) {
		return nil
	}
	return fmt.Errorf("must be one of %s, not %q", strings.Join(v.EnumSlice(), ", "), target.String())
}
