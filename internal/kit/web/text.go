package web

import (
	"strings"
	"unicode"
)

// clean says whether a text is free of what cannot be seen and has no business in
// it: control characters (NUL breaks PostgreSQL, escapes break terminals) and the
// marks that turn the writing direction and make a name read as another. Line
// breaks, tabs, emoji and their joiners are fine.
func clean(s string) bool { return !strings.ContainsFunc(s, forbidden) }

func forbidden(c rune) bool {
	switch {
	case c == '\n' || c == '\r' || c == '\t':
		return false
	case unicode.IsControl(c):
		return true
	case c >= 0x202a && c <= 0x202e, c >= 0x2066 && c <= 0x2069, c == 0xfeff:
		return true
	}
	return false
}

// tidy trims a text and makes its line breaks \n; where a single line is wanted
// they become spaces. Characters are kept as they are, rare ones too: no Unicode
// normalisation, because it changes names.
func tidy(s string, lines bool) string {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	if !lines {
		s = strings.ReplaceAll(s, "\n", " ")
	}
	return strings.TrimSpace(s)
}
