package identity

import (
	"strings"
	"time"

	"linli/internal/core/calendar"
	"linli/internal/kit/fault"
)

// Sex as GB/T 2261.1 words it on pages and in sheets; empty when not known.
type Sex string

const (
	Male   Sex = "男"
	Female Sex = "女"
)

// IDNumber is a checked citizen number of GB 11643: 18 characters, the area of
// the first registration (6), the day of birth (8), a serial number (3) and the
// check character. The same form is on residence permits of people from Hong
// Kong, Macao and Taiwan and on the newer permanent residence cards.
type IDNumber string

// ParseID checks a number as people type it, with spaces, dashes, full-width
// digits or a small x.
func ParseID(field, text string) (IDNumber, error) {
	id := compact(text)
	if err := idForm(field, id); err != nil {
		return "", err
	}
	if !idBirth(id).Valid() || id[6:8] < "18" {
		return "", fault.Invalid(field, "身份证号第 7 到 14 位应该是出生日期，现在是 %s，请核对。", id[6:14])
	}
	if idCheck(id) != id[17] {
		return "", fault.Invalid(field, "身份证号有一位不对（最后一位对不上），请照着证件再核对一遍。")
	}
	return IDNumber(id), nil
}

// idForm checks length and characters.
func idForm(field, id string) error {
	switch {
	case id == "":
		return fault.Invalid(field, "请填身份证号。")
	case wasRounded(id):
		return fault.Invalid(field, "身份证号被表格当成数字改掉了。请把这一列设成“文本”，再填一遍。")
	case len(id) == 15 && isDigits(id):
		return fault.Invalid(field, "这是 15 位的老身份证号，请填 18 位的新号。")
	case !isDigits(strings.TrimSuffix(id, "X")):
		return fault.Invalid(field, "身份证号只有数字，最后一位也可能是 X。")
	case len(id) != 18:
		return fault.Invalid(field, "身份证号是 18 位，现在是 %d 位。", len(id))
	}
	return nil
}

// Area is the 6-digit code of the county that first registered the person; that
// county may no longer exist.
func (id IDNumber) Area() string { return string(id[:6]) }

// Birth is the day of birth.
func (id IDNumber) Birth() calendar.Day { return idBirth(string(id)) }

// Sex is told by the serial number: odd for men.
func (id IDNumber) Sex() Sex {
	if (id[16]-'0')%2 == 1 {
		return Male
	}
	return Female
}

// idBirth reads the eight digits of the birthday, which may be no day at all.
func idBirth(id string) calendar.Day {
	number := func(digits string) (n int) {
		for _, digit := range digits {
			n = n*10 + int(digit-'0')
		}
		return n
	}
	return calendar.Day{Year: number(id[6:10]), Month: time.Month(number(id[10:12])), Day: number(id[12:14])}
}

// idCheck is the check character of the first 17 digits (ISO 7064, MOD 11-2):
// the weight of a digit is 2 to the power of its distance from the end.
func idCheck(id string) byte {
	sum := 0
	for _, digit := range id[:17] {
		sum = (sum + int(digit-'0')) * 2 % 11
	}
	return "10X98765432"[sum]
}

// oldest is the age above which a day of birth is taken for a slip.
const oldest = 130

// CheckBirth refuses a day of birth that lies after today or too long ago.
func CheckBirth(field string, birth, today calendar.Day) error {
	if today.Before(birth) {
		return fault.Invalid(field, "出生日期 %s 还没到，请核对。", birth)
	}
	if birth.YearsAt(today) > oldest {
		return fault.Invalid(field, "出生日期 %s 太早了，请核对。", birth)
	}
	return nil
}
