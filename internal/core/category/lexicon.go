package category

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// symbol stands for a class or for one operand of a pattern.
type symbol int32

// meaning is what a pattern says when it is found.
type meaning struct {
	kind   byte   // '!' urgency, '?' risk, '=' relation, 's' service
	key    string // without its sign
	weight float64
}

// lexicon is the files of lexicon/, ready for search; lexicon/README.md says how
// they are written.
type lexicon struct {
	words    *trie // word → symbols
	folded   *trie // the same words by sound
	single   map[symbol][]meaning
	pairs    map[[2]symbol][]meaning
	names    map[string]symbol // classes with their "@", and words
	variants map[rune]rune     // traditional → simplified
	sounds   map[rune]rune     // character → the one that stands for its sound
}

//go:embed lexicon/*.tsv
var lexiconFiles embed.FS

var loadLexicon = sync.OnceValue(func() *lexicon {
	l, err := readLexicon(lexiconFiles)
	if err != nil {
		panic(err) // the files are part of the binary; their test reads them too
	}
	return l
})

func newLexicon() *lexicon {
	return &lexicon{
		words: newTrie(), folded: newTrie(),
		single: map[symbol][]meaning{}, pairs: map[[2]symbol][]meaning{}, names: map[string]symbol{},
		variants: map[rune]rune{}, sounds: map[rune]rune{},
	}
}

// readLexicon reads all files. Errors name the file and the line.
func readLexicon(files fs.FS) (*lexicon, error) {
	l := newLexicon()
	names, err := fs.Glob(files, "lexicon/*.tsv")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		if err := l.read(string(text)); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	l.foldWords()
	return l, nil
}

func (l *lexicon) read(text string) error {
	for n, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		if err := l.line(strings.Split(line, "\t")); err != nil {
			return fmt.Errorf("line %d: %w", n+1, err)
		}
	}
	return nil
}

func (l *lexicon) line(col []string) error {
	if len(col) != 3 {
		return fmt.Errorf("%d columns, not 3", len(col))
	}
	weight, err := strconv.ParseFloat(col[1], 64)
	if err != nil {
		return err
	}
	patterns := strings.Split(col[2], "、")
	switch target := col[0]; target[0] {
	case '@', '-':
		for _, word := range patterns {
			l.word(word, l.name(target))
		}
	case '^':
		same(l.variants, patterns)
	case '~':
		same(l.sounds, patterns)
	default:
		l.rules(meanings(target, weight), patterns)
	}
	return nil
}

// meanings reads the targets of a line.
func meanings(targets string, weight float64) []meaning {
	var out []meaning
	for _, t := range strings.Split(targets, ",") {
		switch t[0] {
		case '!', '?', '=':
			out = append(out, meaning{t[0], t[1:], weight})
		default:
			out = append(out, meaning{'s', t, weight})
		}
	}
	return out
}

func (l *lexicon) rules(what []meaning, patterns []string) {
	for _, p := range patterns {
		first, second, pair := strings.Cut(p, "+")
		a := l.operand(first)
		if !pair {
			l.single[a] = append(l.single[a], what...)
			continue
		}
		key := pairKey(a, l.operand(second))
		l.pairs[key] = append(l.pairs[key], what...)
	}
}

// operand gives the symbol of a class or of a word by itself.
func (l *lexicon) operand(text string) symbol {
	s := l.name(text)
	if text[0] != '@' {
		l.word(text, s)
	}
	return s
}

func (l *lexicon) name(text string) symbol {
	s, ok := l.names[text]
	if !ok {
		s = symbol(len(l.names) + 1)
		l.names[text] = s
	}
	return s
}

func (l *lexicon) word(word string, s symbol) { l.words.add([]rune(word), s) }

// foldWords makes the second reading's words: those of two characters and more,
// by sound.
func (l *lexicon) foldWords() {
	l.words.each(func(word []rune, symbols []symbol) {
		if len(word) < 2 || word[0] < utf8.RuneSelf {
			return
		}
		for _, s := range symbols {
			l.folded.add(l.fold(word), s)
		}
	})
}

// fold replaces characters by those that stand for their sound.
func (l *lexicon) fold(r []rune) []rune {
	out := slices.Clone(r)
	for i, c := range out {
		if s, ok := l.sounds[c]; ok {
			out[i] = s
		}
	}
	return out
}

// same lets the first rune of each group stand for the others.
func same(m map[rune]rune, groups []string) {
	for _, g := range groups {
		first, size := utf8.DecodeRuneInString(g)
		for _, c := range g[size:] {
			m[c] = first
		}
	}
}

func pairKey(a, b symbol) [2]symbol { return [2]symbol{min(a, b), max(a, b)} }
