package transfer

import (
	"strings"
	"unicode"
)

// escape makes a text that no spreadsheet program takes for a formula. A text
// that starts with = + - @, or their full-width forms, whatever spaces, tabs or
// line ends stand before, gets an apostrophe in front, which is how these programs
// themselves mark a text. It is put into XLSX too, where the cell is typed as
// text anyway, because people save sheets as CSV and pass them on. A text that
// already has apostrophes before such a sign gets one more, so that
// unescapeFormula gives back exactly what was written.
//
// A tab or line end at the start counts as dangerous by itself. Line ends are
// written as \n; other control characters cannot be written and are dropped.
func escape(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cc, r) && r != '\t' && r != '\n' {
			return -1
		}
		return r
	}, lineEnds.Replace(text))
	if looksLikeFormula(text) {
		return "'" + text
	}
	return text
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// unescapeFormula takes the apostrophe of escape off again.
func unescapeFormula(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && looksLikeFormula(rest) {
		return rest
	}
	return text
}

// looksLikeFormula looks behind the apostrophes that an earlier escape has set.
func looksLikeFormula(text string) bool {
	text = strings.TrimLeft(text, "'")
	if strings.IndexAny(text, "\t\n") == 0 {
		return true
	}
	text = strings.TrimLeftFunc(text, unicode.IsSpace)
	return strings.IndexAny(text, "=+-@＝＋－＠") == 0
}
