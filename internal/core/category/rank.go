package category

import (
	"cmp"
	"slices"
)

// How far apart two words of a pattern may stand, and what distance costs.
const (
	reach     = 11 * wide // farther words have nothing to do with each other
	scopeSpan = 9 * wide  // how far a denial or a wish goes
)

// Factors on the weight of a match; see the package comment.
const (
	overFactor   = 0.3 // 上次来理发的
	pastFactor   = 0.7 // 昨天 …
	fearFactor   = 0.4 // 怕 …
	wishFactor   = 1.2 // 想 … 帮 …
	alsoFactor   = 0.9 // 顺便 …
	commaFactor  = 0.8 // the two words stand in different clauses
	soundFactor  = 0.8 // only the second reading found it
	furtherMatch = 0.3 // each further match of the same meaning, 0.3, 0.09 …
	longWord     = 0.3 // for each character above two
)

// hit is a word of the lexicon at its place in the sentence.
type hit struct {
	start, end int
	symbols    []symbol
}

// find gives the words of a sentence, the longest first to win: a word inside
// another is left out.
func find(words *trie, r []rune) []hit {
	hits := make([]hit, 0, 32)
	covered := 0
	for at := range r {
		end, symbols := words.longest(r, at)
		if end > at && end > covered {
			hits = append(hits, hit{at, end, symbols})
			covered = end
		}
	}
	return hits
}

// match is one finding of a meaning.
type match struct {
	meaning
	first, last hit // the same for a single word
	weight      float64
}

func (m match) start() int { return m.first.start }

// reading is a sentence with the words found in it.
type reading struct {
	sentence
	lex     *lexicon
	hits    []hit
	matches []match
}

func read(s sentence, lex *lexicon, words *trie, r []rune) *reading {
	rd := &reading{sentence: s, lex: lex, hits: find(words, r)}
	for i, h := range rd.hits {
		for _, sym := range h.symbols {
			rd.note(lex.single[sym], h, h)
		}
		rd.pair(i)
	}
	return rd
}

// pair looks for patterns of hit i and one after it.
func (rd *reading) pair(i int) {
	a := rd.hits[i]
	for _, b := range rd.hits[i+1:] {
		if b.start < a.end {
			continue
		}
		if rd.gap(a.end, b.start) > reach || !rd.sameSentence(a.end, b.start) {
			return
		}
		for _, x := range a.symbols {
			for _, y := range b.symbols {
				rd.note(rd.lex.pairs[pairKey(x, y)], a, b)
			}
		}
	}
}

func (rd *reading) note(what []meaning, a, b hit) {
	for _, m := range what {
		rd.matches = append(rd.matches, match{meaning: m, first: a, last: b, weight: rd.weigh(m.weight, a, b)})
	}
}

// weigh gives what a match is worth by its words alone.
func (rd *reading) weigh(weight float64, a, b hit) float64 {
	chars := rd.gap(a.start, a.end) / wide
	if a.start != b.start {
		chars += rd.gap(b.start, b.end) / wide
		weight *= 1 - 0.5*float64(rd.gap(a.end, b.start))/reach
		if !rd.sameClause(a.end, b.start) {
			weight *= commaFactor
		}
	}
	return weight + longWord*float64(min(max(chars-2, 0), 4))
}

// sum adds up, for each key of a kind, what its matches are worth in context.
func (rd *reading) sum(kind byte, context func(match) float64) []total {
	worth := map[string][]match{}
	for _, m := range rd.matches {
		if m.kind != kind {
			continue
		}
		if m.weight *= context(m); m.weight > 0 {
			worth[m.key] = append(worth[m.key], m)
		}
	}
	var totals []total
	for key, ms := range worth {
		totals = append(totals, rd.total(key, ms))
	}
	slices.SortFunc(totals, better)
	return totals
}

// total is what the whole sentence says for one key.
type total struct {
	key   string
	worth float64
	start int      // where its best match stands
	words []string // as heard, best first, without repetition
}

// better orders by worth, then by what was said first, then by name.
func better(a, b total) int {
	return cmp.Or(cmp.Compare(b.worth, a.worth), cmp.Compare(a.start, b.start), cmp.Compare(a.key, b.key))
}

func (rd *reading) total(key string, ms []match) total {
	slices.SortStableFunc(ms, func(a, b match) int { return cmp.Compare(b.weight, a.weight) })
	t := total{key: key, start: ms[0].start()}
	share := 1.0
	for _, m := range ms {
		t.worth += share * m.weight
		share *= furtherMatch
		t.words = rd.addWords(t.words, m)
	}
	return t
}

func (rd *reading) addWords(words []string, m match) []string {
	for _, h := range []hit{m.first, m.last} {
		if w := rd.text(h.start, h.end); !slices.Contains(words, w) {
			words = append(words, w)
		}
	}
	return words
}
