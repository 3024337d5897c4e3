package category

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// Every target and every class of the lexicon exists.
func TestLexiconHoldsTogether(t *testing.T) {
	lex := loadLexicon()
	urgencies := []string{"medical", "fire", "police", "missing", "gas", "crisis", "urgent", "soon", "calm"}
	relations := strings.Fields("spouse mother father parents parent_in_law grandparent child grandchild neighbour elder friend sibling")
	targets := map[byte]func(string) bool{
		's': func(key string) bool { s, ok := ByID(key); return ok && !s.IsTop() },
		'!': func(key string) bool { return slices.Contains(urgencies, key) },
		'?': func(key string) bool { return slices.Contains(Risks(), Risk(key)) },
		'=': func(key string) bool { return slices.Contains(relations, key) },
	}
	used := map[symbol]bool{}
	check := func(ms []meaning, symbols ...symbol) {
		for _, m := range ms {
			if !targets[m.kind](m.key) {
				t.Errorf("no target %c%s", m.kind, m.key)
			}
		}
		for _, s := range symbols {
			used[s] = true
		}
	}
	for s, ms := range lex.single {
		check(ms, s)
	}
	for pair, ms := range lex.pairs {
		check(ms, pair[0], pair[1])
	}
	filled := map[symbol]bool{}
	lex.words.each(func(_ []rune, symbols []symbol) {
		for _, s := range symbols {
			filled[s] = true
		}
	})
	grammar := strings.Fields("@not @turn @before @past @now @fear @wish @also @tofor @away2")
	for name, s := range lex.names {
		if name[0] != '@' {
			continue
		}
		if !filled[s] {
			t.Errorf("%s has no words", name)
		}
		if !used[s] && !slices.Contains(grammar, name) {
			t.Errorf("%s is not used", name)
		}
	}
}

// Every service can be heard.
func TestEveryServiceHasWords(t *testing.T) {
	heard := map[string]bool{}
	lex := loadLexicon()
	for _, ms := range lex.single {
		for _, m := range ms {
			heard[m.key] = true
		}
	}
	for _, s := range All() {
		if !s.IsTop() && !heard[s.ID] {
			t.Errorf("no words for %s", s.ID)
		}
	}
}

// No sentence of the test set has become a word.
func TestLexiconIsNotTheTestSet(t *testing.T) {
	lex := loadLexicon()
	for _, e := range expectations(t) {
		said := string(hear(e.text).r)
		if _, ok := lex.names[said]; ok && len([]rune(said)) > 3 {
			t.Errorf("line %d: %s is a word of the lexicon", e.line, e.text)
		}
	}
}

func TestBrokenLexiconIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"columns": "haircut\t10\n",
		"weight":  "haircut\tten\t理发\n",
	} {
		files := fstest.MapFS{"lexicon/a.tsv": {Data: []byte(text)}}
		if _, err := readLexicon(files); err == nil {
			t.Errorf("%s: a broken lexicon was read", name)
		}
	}
}

func TestLongestWordWins(t *testing.T) {
	words := newTrie()
	for i, w := range []string{"灯", "路灯", "打针", "fan"} {
		words.add([]rune(w), symbol(i+1))
	}
	for text, want := range map[string]string{
		"路灯":         "路灯",
		"灯":          "灯",
		"打个针":        "打个针",
		"打了一下个针":     "",
		"打个":         "",
		"infant":     "",
		"a fan":      "fan",
		"fan路灯灯":     "fan 路灯 灯",
		"打了一个针fan's": "打了一个针",
	} {
		var got []string
		r := []rune(text)
		for _, h := range find(words, r) {
			got = append(got, string(r[h.start:h.end]))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("in %q found %q, not %q", text, got, want)
		}
	}
}
