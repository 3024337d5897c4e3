package identity

import (
	"strings"

	"linli/internal/kit/fault"
)

// DocumentKind is the kind of paper a person shows (证件类型, domain.md 1.16).
type DocumentKind string

const (
	IDCard   DocumentKind = "身份证"
	HMTCard  DocumentKind = "港澳台身份证"
	Passport DocumentKind = "护照"
)

// ParseDocumentKind reads the kinds as rosters spell them; nothing said means the
// ID card.
func ParseDocumentKind(field, text string) (DocumentKind, error) {
	switch compact(text) {
	case "", "身份证", "居民身份证", "二代身份证", "居民户口簿":
		return IDCard, nil
	case "港澳台身份证", "港澳台居民居住证", "港澳居民来往内地通行证", "台湾居民来往大陆通行证", "港澳通行证", "台胞证":
		return HMTCard, nil
	case "护照", "PASSPORT", "外国护照", "中国护照":
		return Passport, nil
	}
	return "", fault.Invalid(field, "证件类型请填身份证、港澳台身份证或护照。")
}

// ParseDocument checks a number of the given kind and gives it in the form that
// is stored and compared. Only the ID card has a check character.
func ParseDocument(field string, kind DocumentKind, text string) (string, error) {
	if kind == IDCard {
		id, err := ParseID(field, text)
		return string(id), err
	}
	number := compact(text)
	isOther := func(r rune) bool { return (r < '0' || r > '9') && (r < 'A' || r > 'Z') }
	switch {
	case number == "":
		return "", fault.Invalid(field, "请填证件号码。")
	case strings.ContainsFunc(number, isOther):
		return "", fault.Invalid(field, "证件号码只有字母和数字。")
	case len(number) < 5 || len(number) > 20:
		return "", fault.Invalid(field, "证件号码是 5 到 20 位，现在是 %d 位。", len(number))
	}
	return number, nil
}
