package category

import (
	"unicode"
	"unicode/utf8"
)

// Limits of what is read of a text. Nobody says more in one request, and a
// longer text then costs no more than these.
const (
	maxRunes = 500
	maxRead  = 4 * maxRunes
)

// Widths that distances are counted in: an English word of three letters is
// about as much as one Chinese character.
const (
	wide   = 3
	narrow = 1
)

// Marks that stand for all punctuation.
const (
	stop  = '。' // ends a sentence
	comma = '，' // ends a clause
)

// sentence is a text in its one form, with running counts up to each rune.
type sentence struct {
	r     []rune
	width []int // widths before rune i
	stops []int // ends of sentences before rune i
	ends  []int // ends of clauses and sentences before rune i
}

// hear brings a text into the form that lexicon and grammar are written for.
func hear(text string) sentence {
	n := normaliser{in: text, variants: loadLexicon().variants}
	n.run()
	return measure(n.out)
}

func measure(r []rune) sentence {
	counts := make([]int, 3*(len(r)+1))
	s := sentence{r: r}
	s.width, counts = counts[:len(r)+1], counts[len(r)+1:]
	s.stops, s.ends = counts[:len(r)+1], counts[len(r)+1:]
	for i, c := range r {
		s.width[i+1], s.stops[i+1], s.ends[i+1] = s.width[i]+wide, s.stops[i], s.ends[i]
		switch {
		case c == stop:
			s.stops[i+1]++
			s.ends[i+1]++
		case c == comma:
			s.ends[i+1]++
		case c < utf8.RuneSelf:
			s.width[i+1] = s.width[i] + narrow
		}
	}
	return s
}

// gap is the width between the end of one stretch and the start of a later one.
func (s sentence) gap(end, start int) int { return s.width[start] - s.width[end] }

// sameSentence and sameClause tell whether nothing ends between two positions.
func (s sentence) sameSentence(from, to int) bool { return s.stops[from] == s.stops[to] }
func (s sentence) sameClause(from, to int) bool   { return s.ends[from] == s.ends[to] }

func (s sentence) text(start, end int) string { return string(s.r[start:end]) }

// normaliser writes the runes of in to out: half width, lower case, simplified,
// without what cannot be heard, with blanks only between Latin words.
type normaliser struct {
	in       string
	out      []rune
	variants map[rune]rune
	blank    bool
}

func (n *normaliser) run() {
	n.out = make([]rune, 0, min(len(n.in), maxRunes))
	read := 0
	for i, c := range n.in {
		if read++; read > maxRead || len(n.out) >= maxRunes-1 {
			break
		}
		n.put(n.shape(c, i))
	}
}

// put appends a rune; 0 is nothing, a blank waits for what follows.
func (n *normaliser) put(c rune) {
	switch {
	case c == 0:
		return
	case c == ' ':
		n.blank = true
		return
	}
	if n.blank && len(n.out) > 0 && isLatin(c) && isLatin(n.out[len(n.out)-1]) {
		n.out = append(n.out, ' ')
	}
	n.blank = false
	n.out = append(n.out, c)
}

// shape gives the one form of a rune that stands at byte i.
func (n *normaliser) shape(c rune, i int) rune {
	if c >= 0xFF01 && c <= 0xFF5E {
		c -= 0xFEE0
	}
	if c == '.' && n.betweenDigits(i) {
		return c
	}
	if v, ok := n.variants[c]; ok {
		return v
	}
	if p, ok := punctuation(c); ok {
		return p
	}
	if unicode.IsSpace(c) {
		return ' '
	}
	if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
		return 0
	}
	return unicode.ToLower(c)
}

func (n *normaliser) betweenDigits(i int) bool {
	before, _ := utf8.DecodeLastRuneInString(n.in[:i])
	_, size := utf8.DecodeRuneInString(n.in[i:])
	after, _ := utf8.DecodeRuneInString(n.in[i+size:])
	return isDigit(half(before)) && isDigit(half(after))
}

func half(c rune) rune {
	if c >= 0xFF01 && c <= 0xFF5E {
		return c - 0xFEE0
	}
	return c
}

// punctuation gives the mark that stands for c.
func punctuation(c rune) (rune, bool) {
	switch c {
	case '。', '.', '!', '?', ';', '…', '\n', '\u2028', '\u2029':
		return stop, true
	case '，', ',', '(', ')', '[', ']', '【', '】', '《', '》', '|':
		return comma, true
	case '、', ':', '/', '-', '\'':
		return c, true
	case '’', '‘':
		return '\'', true
	case '~', '—', '–', '−', '～', '〜':
		return '~', true
	}
	return 0, false
}

func isDigit(c rune) bool { return c >= '0' && c <= '9' }

func isLatin(c rune) bool {
	return isDigit(c) || c >= 'a' && c <= 'z' || c == '\''
}

// plain is the form in which names are compared.
func plain(name string) string {
	n := normaliser{in: name, variants: loadLexicon().variants}
	n.run()
	return string(n.out)
}
