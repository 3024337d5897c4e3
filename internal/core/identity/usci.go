package identity

import (
	"strings"
	"unicode/utf8"

	"linli/internal/kit/fault"
)

// USCI is a unified social credit identifier (统一社会信用代码, GB 32100): 18
// characters. Community organisations that are only filed have none.
type USCI string

// usciAlphabet leaves out I, O, S, V and Z; the place of a character is its value.
const usciAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// ParseUSCI checks length and characters. A wrong check character is no error,
// because a few early codes fail it and are lawful: ask with Doubtful and warn.
func ParseUSCI(field, text string) (USCI, error) {
	code := compact(text)
	if n := utf8.RuneCountInString(code); n != 18 {
		return "", fault.Invalid(field, "统一社会信用代码是 18 位，现在是 %d 位。", n)
	}
	if strings.Trim(code, usciAlphabet) != "" {
		return "", fault.Invalid(field, "统一社会信用代码只有数字和大写字母，没有 I、O、S、V、Z。")
	}
	return USCI(code), nil
}

// Doubtful says that the check character does not fit: most often a slip, so a
// person should look again, but not a reason to refuse.
func (c USCI) Doubtful() bool {
	sum, weight := 0, 1
	for _, r := range c[:17] {
		sum += strings.IndexRune(usciAlphabet, r) * weight
		weight = weight * 3 % 31
	}
	return usciAlphabet[(31-sum%31)%31] != c[17]
}

// Kind is what civil affairs registered the body as; empty for bodies that other
// departments registered.
func (c USCI) Kind() string {
	switch c[:2] {
	case "51":
		return "社会团体"
	case "52":
		return "民办非企业单位"
	case "53":
		return "基金会"
	case "59":
		return "其他"
	}
	return ""
}
