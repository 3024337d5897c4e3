package identity

import (
	"strings"

	"linli/internal/kit/fault"
)

// Division is a statistical division code of 12 digits: province 2, city 2,
// county 2, street or town 3, community or village 3, with zeros for what is
// further down (GB/T 2260, GB/T 10114).
//
// Three cities have no counties (东莞, 中山, 儋州): the code of a street there has
// 00 in the place of the county, and its parent is the city.
type Division string

// Level is how far down a division stands.
type Level int

const (
	Province Level = iota + 1
	City
	County
	Street
	Community
)

// levelEnds are the places after which a code of each level has zeros only.
var levelEnds = [...]int{Province: 2, City: 4, County: 6, Street: 9, Community: 12}

// ParseDivision takes the full 12 digits, or the 2, 4, 6 or 9 that stand for a
// division of that level.
func ParseDivision(field, text string) (Division, error) {
	code := compact(text)
	if !isDigits(code) {
		return "", fault.Invalid(field, "区划代码只有数字。")
	}
	switch len(code) {
	case 2, 4, 6, 9, 12:
	default:
		return "", fault.Invalid(field, "区划代码是 12 位，现在是 %d 位。", len(code))
	}
	d := Division(code + strings.Repeat("0", 12-len(code)))
	if !d.Valid() {
		return "", fault.Invalid(field, "没有 %s 这样的区划代码，请核对。", code)
	}
	return d, nil
}

// Valid says that the digits are those of a code: a level is empty only when all
// below it are, but for the county of a city without counties.
func (d Division) Valid() bool {
	if len(d) != 12 || !isDigits(string(d)) || d[0] == '0' {
		return false
	}
	ends := levelEnds[d.Level()]
	for level := City; levelEnds[level] < ends; level++ {
		if d.empty(level) && level != County {
			return false
		}
	}
	return true
}

// Level is the lowest level that is not all zeros.
func (d Division) Level() Level {
	level := Community
	for level > Province && d.empty(level) {
		level--
	}
	return level
}

func (d Division) empty(level Level) bool {
	return strings.Trim(string(d[levelEnds[level-1]:levelEnds[level]]), "0") == ""
}

// Parent is the division that this one lies in; a province has none.
func (d Division) Parent() (Division, bool) {
	level := d.Level()
	if level == Province {
		return "", false
	}
	return Division(d[:levelEnds[level-1]]) + Division("000000000000"[levelEnds[level-1]:]), true
}

// Contains says that o is d or lies in it.
func (d Division) Contains(o Division) bool {
	return strings.HasPrefix(string(o), string(d[:levelEnds[d.Level()]]))
}

// District is the 6-digit county code under which everything of the division is
// stored; of a city without counties it is the city's.
func (d Division) District() string { return string(d[:6]) }
