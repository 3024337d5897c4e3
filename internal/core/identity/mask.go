package identity

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// MaskName hides all but the surname: 张**, 欧阳**, J**. The stars do not tell how
// long the name is.
func MaskName(name string) string {
	if name == "" {
		return ""
	}
	return Surname(name) + "**"
}

// MaskPhone shows the first three and the last four: 138****8000; of a landline
// the area code and the last four: 0311****4321. Service numbers are nobody's own
// and stay; what is too short to be a number is hidden whole.
func MaskPhone(phone string) string {
	area, number, dashed := strings.Cut(phone, "-")
	switch {
	case dashed && serviceLine.MatchString(strings.ReplaceAll(phone, "-", "")):
		return phone
	case dashed:
		number, _, _ = strings.Cut(number, "-") // the extension is left out
		return area + hide(number, 0, 4, 4)
	}
	return hide(phone, 3, 4, 4)
}

// MaskID shows the first and the last character of a document number.
func MaskID(number string) string {
	return hide(number, 1, 1, utf8.RuneCountInString(number)-2)
}

// hide keeps head and tail characters and puts stars between them. Of a text that
// has not half as many again nothing is kept.
func hide(s string, head, tail, stars int) string {
	r := []rune(s)
	if len(r) < (head+tail)*3/2 {
		return strings.Repeat("*", len(r))
	}
	return string(r[:head]) + strings.Repeat("*", stars) + string(r[len(r)-tail:])
}

// MaskAddress shows an address down to the building, for a person who need not
// know the door yet. An unusual spelling hides too much rather than too little.
func MaskAddress(address string) string {
	if mark := building.FindStringIndex(address); mark != nil {
		return address[:mark[1]]
	}
	mark := door.FindStringSubmatchIndex(address)
	switch {
	case mark == nil:
		return address
	case mark[2] >= 0: // a room stands there
		return strings.TrimSpace(address[:mark[0]])
	default: // a house, or a number that may be one
		return address[:mark[1]]
	}
}

var (
	// building is 3 号楼, 12栋, 十五幢, A座 or 5#.
	building = regexp.MustCompile(`[0-9０-９A-Za-z一二三四五六七八九十百甲乙丙丁]+\s*(?:号楼|栋|幢|座|#)`)

	// door is the first number of an address without a building: group 1 when it
	// is that of an entrance, a floor or a room.
	door = regexp.MustCompile(`([0-9０-９一二三四五六七八九十百]+\s*(?:单元|层|楼|室|房|户))|[0-9０-９一二三四五六七八九十百]+\s*号院?|[0-9０-９]+`)
)
