package category

import "slices"

// trie finds words by their runes, one map look-up a rune.
type trie struct {
	next map[edgeKey]int32
	ends [][]symbol // by node; nil where no word ends
}

type edgeKey struct {
	node int32
	c    rune
}

func newTrie() *trie {
	return &trie{next: map[edgeKey]int32{}, ends: [][]symbol{nil}}
}

func (t *trie) add(word []rune, s symbol) {
	node := int32(0)
	for _, c := range word {
		key := edgeKey{node, c}
		child, ok := t.next[key]
		if !ok {
			child = int32(len(t.ends))
			t.ends = append(t.ends, nil)
			t.next[key] = child
		}
		node = child
	}
	if !slices.Contains(t.ends[node], s) {
		t.ends[node] = append(t.ends[node], s)
	}
}

// maxFillers bounds the little words inside one word: 量(一下)血压.
const maxFillers = 3

// longest gives the end of the longest word that starts at r[at], and what it
// stands for; the end is at itself when there is none. A Latin word matches
// only as a whole; inside a Chinese one little words may stand.
func (t *trie) longest(r []rune, at int) (end int, symbols []symbol) {
	end = at
	if at > 0 && splits(r, at) {
		return end, nil
	}
	w := walk{t, r, at, nil}
	w.from(0, at, 0)
	return w.end, w.symbols
}

// walk is one search for the longest word.
type walk struct {
	*trie
	r       []rune
	end     int
	symbols []symbol
}

// from goes on at a node, with the runes from i on, by the next rune and also
// past it when it may stand inside a word.
func (w *walk) from(node int32, i, fillers int) {
	if i == len(w.r) {
		return
	}
	if child, ok := w.next[edgeKey{node, w.r[i]}]; ok {
		if i >= w.end && w.ends[child] != nil && !splits(w.r, i+1) {
			w.end, w.symbols = i+1, w.ends[child]
		}
		w.from(child, i+1, fillers)
	}
	if node != 0 && fillers < maxFillers && fills(w.r[i]) {
		w.from(node, i+1, fillers+1)
	}
}

// fills tells whether a character may stand inside a word without changing it:
// 打(个)针, 补(一下)胎, 急救(的)培训.
func fills(c rune) bool {
	switch c {
	case '个', '一', '下', '了', '点', '些', '次', '份', '趟', '顿', '的', '条', '根':
		return true
	}
	return false
}

// splits tells whether position at lies inside a Latin word.
func splits(r []rune, at int) bool {
	return at < len(r) && isLetter(r[at-1]) && isLetter(r[at])
}

func isLetter(c rune) bool { return c >= 'a' && c <= 'z' || c == '\'' }

// each visits all words in no particular order.
func (t *trie) each(visit func(word []rune, symbols []symbol)) {
	parents := make([]edgeKey, len(t.ends))
	for key, child := range t.next {
		parents[child] = key
	}
	for node, symbols := range t.ends {
		if symbols == nil {
			continue
		}
		var word []rune
		for n := int32(node); n != 0; n = parents[n].node {
			word = append(word, parents[n].c)
		}
		slices.Reverse(word)
		visit(word, symbols)
	}
}
