package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"linli/internal/kit/fault"
)

// The most characters that a field takes. Every text of a person is one of these.
const (
	MaxName    = 50   // a person
	MaxTitle   = 100  // a team, an activity, a place
	MaxAddress = 200  // one line
	MaxNote    = 500  // a reason, a remark
	MaxWords   = 2000 // a request, an evaluation, a story
)

// Line cleans a text of one line and refuses it when it has more than most
// characters. An empty line is fine; see Need.
func Line(field, text string, most int) (string, error) {
	return within(field, CleanLine(text), most)
}

// Text is Line for a text with paragraphs.
func Text(field, text string, most int) (string, error) {
	return within(field, CleanText(text), most)
}

// Need refuses an empty text.
func Need(field, text string) error {
	if text == "" {
		return fault.Invalid(field, "这一项还没填。")
	}
	return nil
}

func within(field, text string, most int) (string, error) {
	if n := utf8.RuneCountInString(text); n > most {
		return "", fault.Invalid(field, "最多 %d 个字，现在有 %d 个字。", most, n)
	}
	return text, nil
}

// CleanLine makes one tidy line of what was typed or pasted: no control
// characters, nothing that turns the direction of reading or hides letters,
// single spaces, composed accents (NFC). Emoji and rare characters stay whole.
func CleanLine(text string) string {
	return norm.NFC.String(strings.Join(strings.Fields(visible(text)), " "))
}

// CleanText is CleanLine for a text with paragraphs: line ends and spaces inside
// lines stay, at most one empty line stands between paragraphs.
func CleanText(text string) string {
	var lines []string
	for line := range strings.Lines(visible(text)) {
		line = strings.TrimRightFunc(line, unicode.IsSpace)
		if line == "" && (len(lines) == 0 || lines[len(lines)-1] == "") {
			continue
		}
		lines = append(lines, line)
	}
	return norm.NFC.String(strings.TrimSpace(strings.Join(lines, "\n")))
}

// visible drops what nobody sees and makes every line end a \n, every tab a
// space.
func visible(text string) string {
	var b strings.Builder
	var before rune // the last rune that was kept
	text = strings.ToValidUTF8(strings.ReplaceAll(text, "\r\n", "\n"), "\uFFFD")
	for _, r := range text {
		if r = shown(r, before); r >= 0 {
			b.WriteRune(r)
			before = r
		}
	}
	return b.String()
}

// shown is the rune to keep for r, or -1 to drop it.
func shown(r, before rune) rune {
	switch {
	case r == '\n', r == '\r', r == '\v', r == '\f', r == 0x85, r == 0x2028, r == 0x2029:
		return '\n'
	case r == '\t':
		return ' '
	case unicode.Is(unicode.Cc, r), isNonCharacter(r):
		return -1
	case unicode.Is(unicode.Cf, r) && !joins(r, before):
		return -1 // direction marks and overrides, zero-width spaces, soft hyphens
	}
	return r
}

// joins says that an invisible r holds a character together: the joiner between
// emoji or behind an Indic sign, and the tags of a regional flag.
func joins(r, before rune) bool {
	const joiner, blackFlag = 0x200D, 0x1F3F4
	isTag := func(r rune) bool { return r >= 0xE0020 && r <= 0xE007F }
	if isTag(r) {
		return before == blackFlag || isTag(before)
	}
	return r == joiner && unicode.In(before, unicode.So, unicode.Sk, unicode.M)
}

func isNonCharacter(r rune) bool {
	return r&0xFFFE == 0xFFFE || r >= 0xFDD0 && r <= 0xFDEF
}

// compact is a number as it is stored: half-width, upper case, without the
// spaces, dashes, dots and brackets that people put between its digits.
func compact(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.In(r, unicode.Pd, unicode.C) || strings.ContainsRune("._·()", r) {
			return -1
		}
		return unicode.ToUpper(r)
	}, width.Narrow.String(text))
}

// isDigits says that s is made of 0 to 9 only; it holds for an empty s.
func isDigits(s string) bool {
	return strings.Trim(s, "0123456789") == ""
}

// wasRounded recognises a long number that a spreadsheet kept as a number,
// 1.10105E+17 or 1.38E10: its last digits may be gone for good.
func wasRounded(text string) bool {
	digits, exponent, found := strings.Cut(strings.ToUpper(text), "E")
	return found && isDigits(strings.Replace(digits, ".", "", 1)) && digits != "" &&
		exponent != "" && isDigits(strings.TrimPrefix(exponent, "+"))
}
