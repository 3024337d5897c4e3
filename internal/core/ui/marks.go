package ui

import "strings"

// href is where the picture is.
func (g Glyph) href() string { return Asset("icons.svg") + "#i-" + string(g) }

// initial is the first character of a name, whole even when it is a rare one.
func initial(name string) string {
	for _, r := range strings.TrimSpace(name) {
		return string(r)
	}
	return ""
}

func noteIcon(s State) Glyph {
	switch s {
	case Done:
		return GlyphCheck
	case Doing:
		return GlyphClock
	case Late:
		return GlyphAlert
	}
	return GlyphInfo
}

// or is the first that is not empty.
func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
