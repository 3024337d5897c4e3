package identity

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind is what a finding in a text is.
type Kind string

const (
	KindPhone Kind = "phone"
	KindID    Kind = "id"
)

// Finding is a stretch of text, in bytes, that tells who somebody is.
type Finding struct {
	Kind       Kind
	Start, End int
	Number     string // as it would be stored, unmasked
}

// MaskText hides the phone and ID numbers in a text of words, and the names that
// are given, because the names of the people in a story are known to the caller
// and to nobody else. It is for output: stories, exports, screens for all to see.
func MaskText(text string, names ...string) string {
	var b strings.Builder
	end := 0
	for _, f := range Find(text) {
		b.WriteString(text[end:f.Start])
		b.WriteString(f.masked())
		end = f.End
	}
	b.WriteString(text[end:])
	return maskNames(b.String(), names)
}

func (f Finding) masked() string {
	if f.Kind == KindID {
		return MaskID(f.Number)
	}
	return MaskPhone(f.Number)
}

// maskNames hides whole names; a name of one character would hit ordinary words.
func maskNames(text string, names []string) string {
	var pairs []string
	for _, name := range names {
		if utf8.RuneCountInString(name) > 1 {
			pairs = append(pairs, name, MaskName(name))
		}
	}
	return strings.NewReplacer(pairs...).Replace(text)
}

// Find lists the phone and ID numbers in a text, in order, however they are
// spelled: with spaces, dashes or dots between the digits, with a country code,
// in full-width digits or in Chinese numerals.
func Find(text string) []Finding {
	var found []Finding
	groups := digitGroups(text)
	for len(groups) > 0 {
		f, used := findFirst(groups)
		if used == 0 {
			groups = groups[1:]
			continue
		}
		found = append(found, f)
		groups = groups[used:]
	}
	return found
}

// digitGroup is a run of digits without anything between them.
type digitGroup struct {
	start, end int
	digits     []byte
	numerals   bool // Chinese ones
	joined     bool // only a separator or two stand between it and the one before
	x          int  // where an X that follows directly ends; 0 without one
}

// findFirst finds the longest number that starts with the first group, and how
// many groups it took; 0 when there is none.
func findFirst(groups []digitGroup) (f Finding, used int) {
	digits := ""
	for i, g := range groups {
		if i > 0 && !g.joined || len(digits)+len(g.digits) > 18 {
			break
		}
		digits += string(g.digits)
		switch {
		case g.x > 0 && len(digits) == 17 && isPersonal(digits+"X"):
			f, used = Finding{KindID, groups[0].start, g.x, digits + "X"}, i+1
		case isPersonal(digits):
			f, used = Finding{KindID, groups[0].start, g.end, digits}, i+1
		case isMobile(withoutCountry(digits)):
			f, used = Finding{KindPhone, groups[0].start, g.end, withoutCountry(digits)}, i+1
		case landline.MatchString(digits):
			parts := landline.FindStringSubmatch(digits)
			f, used = Finding{KindPhone, groups[0].start, g.end, parts[1] + "-" + parts[2]}, i+1
		}
	}
	return f, used
}

// isPersonal says that digits read as an ID number of 18 or of the old 15 places.
// The birthday decides and not the check digit: a number with a slip in it tells
// nearly as much.
func isPersonal(digits string) bool {
	switch len(digits) {
	case 18:
		return idBirth(digits).Valid() && digits[6:8] >= "18" && digits[6:8] <= "21"
	case 15:
		return idBirth(digits[:6] + "19" + digits[6:]).Valid()
	}
	return false
}

// digitGroups splits a text into its runs of digits.
func digitGroups(text string) []digitGroup {
	var groups []digitGroup
	gap := longGap // separators since the last group
	for at, r := range text {
		end := at + utf8.RuneLen(r)
		digit, numeral := digitOf(r)
		switch {
		case digit >= 0 && (gap > 0 || groups[len(groups)-1].numerals != numeral):
			groups = append(groups, digitGroup{start: at, end: end, digits: []byte{byte(digit)}, numerals: numeral, joined: gap < longGap})
			gap = 0
		case digit >= 0:
			last := &groups[len(groups)-1]
			last.digits = append(last.digits, byte(digit))
			last.end = end
		case gap == 0 && isX(r):
			groups[len(groups)-1].x = end
			gap = longGap
		case isSeparator(r):
			gap++
		default:
			gap = longGap
		}
	}
	return groups
}

// longGap is the number of separators that no longer join two groups.
const longGap = 4

// digitOf is the ASCII digit that r stands for, or -1.
func digitOf(r rune) (digit rune, numeral bool) {
	if i := strings.IndexRune("零一二三四五六七八九〇幺", r); i >= 0 {
		return rune("012345678901"[i/len("零")]), true
	}
	switch {
	case r >= '0' && r <= '9':
		return r, false
	case r >= '０' && r <= '９':
		return r - '０' + '0', false
	}
	return -1, false
}

func isX(r rune) bool { return strings.ContainsRune("XxＸｘ×", r) }

func isSeparator(r rune) bool {
	return unicode.IsSpace(r) && r != '\n' || unicode.In(r, unicode.Pd, unicode.Cf) || strings.ContainsRune("._·()（）．", r)
}
