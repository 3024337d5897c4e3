package category

import "slices"

// service weighs a match of a service by the words that stand before it.
func (rd *reading) service(m match) float64 {
	at := m.start()
	if rd.denied(at) {
		return 0
	}
	factor := 1.0
	if rd.over("@before", at) {
		factor *= overFactor
	} else if rd.over("@past", at) {
		factor *= pastFactor
	}
	if rd.before("@fear", at, 3*wide) {
		factor *= fearFactor
	}
	if rd.before("@wish", at, scopeSpan) {
		factor *= wishFactor
	}
	if rd.before("@also", at, scopeSpan) {
		factor *= alsoFactor
	}
	return factor
}

// alarm weighs a word of urgency: what is past, feared or denied is none.
func (rd *reading) alarm(m match) float64 {
	at := m.start()
	if rd.denied(at) || rd.over("@past", at) || rd.before("@fear", at, 4*wide) {
		return 0
	}
	return 1
}

// denied tells whether a denial reaches position at: in its clause, not far,
// and without a turn (而是, 想) in between.
func (rd *reading) denied(at int) bool {
	no, ok := rd.last("@not", at, scopeSpan)
	return ok && !rd.between("@turn", no.end, at)
}

// over tells whether the clause speaks of a time that is over.
func (rd *reading) over(class string, at int) bool {
	h, ok := rd.last(class, at, 2*scopeSpan)
	return ok && !rd.between("@now", h.end, at)
}

// before tells whether a word of the class stands in the clause not farther
// than span before at.
func (rd *reading) before(class string, at, span int) bool {
	_, ok := rd.last(class, at, span)
	return ok
}

// last is the nearest word of the class before at, in its clause.
func (rd *reading) last(class string, at, span int) (hit, bool) {
	want := rd.lex.names[class]
	for i := len(rd.hits) - 1; i >= 0; i-- {
		h := rd.hits[i]
		if h.end > at {
			continue
		}
		if rd.gap(h.end, at) > span || !rd.sameClause(h.end, at) {
			break
		}
		if slices.Contains(h.symbols, want) {
			return h, true
		}
	}
	return hit{}, false
}

// between tells whether a word of the class stands within [from, to).
func (rd *reading) between(class string, from, to int) bool {
	want := rd.lex.names[class]
	return slices.ContainsFunc(rd.hits, func(h hit) bool {
		return h.start >= from && h.end <= to && slices.Contains(h.symbols, want)
	})
}
