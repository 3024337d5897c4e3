package category

import "slices"

// Relation says for whom something is asked. Key is empty when it is for the
// speaker, or when nobody was named.
type Relation struct {
	Key  string // spouse, mother, father, parents, parent_in_law, grandparent, child, grandchild, neighbour, elder, friend, sibling
	Word string // as heard: 老伴
}

// Worths that decide between the people named in a sentence.
const (
	named   = 2 // is there at all
	giftFor = 3 // 给…, 帮…, 我…
	absent  = 4 // …不在, …教我: somebody else than the one to be helped
)

// relation picks the person for whom the sentence asks: one that stands after
// 给 or 帮 rather than one who is only spoken of, or away.
func (rd *reading) relation() Relation {
	best, worth := Relation{}, 0
	for _, m := range rd.matches {
		if m.kind != '=' {
			continue
		}
		if w := rd.beneficiary(m.first); w > worth {
			best, worth = Relation{Key: m.key, Word: rd.text(m.first.start, m.first.end)}, w
		}
	}
	return best
}

func (rd *reading) beneficiary(h hit) int {
	worth := named
	if rd.before("@tofor", h.start, wide) {
		worth += giftFor
	}
	if rd.follows("@away2", h.end, 3*wide) {
		worth -= absent
	}
	return worth
}

// follows tells whether a word of the class starts within span after end, in
// the same clause.
func (rd *reading) follows(class string, end, span int) bool {
	want := rd.lex.names[class]
	return slices.ContainsFunc(rd.hits, func(h hit) bool {
		return h.start >= end && rd.gap(end, h.start) <= span && rd.sameClause(end, h.start) &&
			slices.Contains(h.symbols, want)
	})
}
