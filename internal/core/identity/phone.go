package identity

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"linli/internal/kit/fault"
)

// Mobile checks a mobile number of the mainland and gives its 11 digits. Spaces,
// dashes, full-width digits and a leading +86 are taken off.
func Mobile(field, text string) (string, error) {
	phone := withoutCountry(compact(text))
	switch {
	case phone == "":
		return "", fault.Invalid(field, "请填手机号。")
	case wasRounded(phone):
		return "", fault.Invalid(field, "手机号被表格当成数字改掉了。请把这一列设成“文本”，再填一遍。")
	case !isDigits(phone):
		return "", fault.Invalid(field, "手机号只有数字。")
	case len(phone) < 11:
		return "", fault.Invalid(field, "手机号是 11 位，现在只有 %d 位。", len(phone))
	case len(phone) > 11:
		return "", fault.Invalid(field, "手机号是 11 位，现在有 %d 位。", len(phone))
	case !isMobile(phone):
		return "", fault.Invalid(field, "手机号是 13 到 19 开头的，现在是 %s 开头。", phone[:2])
	}
	return phone, nil
}

// Phone checks a number that somebody answers: a mobile, a landline with its area
// code, or a 400 or 800 service number. The landline comes back as 0311-87654321,
// with an extension as 0311-87654321-802.
func Phone(field, text string) (string, error) {
	if parts := landline.FindStringSubmatch(dialled(text)); parts != nil {
		return strings.TrimSuffix(strings.Join(parts[1:], "-"), "-"), nil
	}
	phone := withoutCountry(compact(text))
	switch {
	case serviceLine.MatchString(phone):
		return phone[:3] + "-" + phone[3:6] + "-" + phone[6:], nil
	case isDigits(phone) && (len(phone) == 7 || len(phone) == 8):
		return "", fault.Invalid(field, "座机前面要加区号，比如 0311-87654321。")
	case strings.HasPrefix(phone, "0"):
		return "", fault.Invalid(field, "座机是区号加 7 到 8 位号码，比如 0311-87654321。")
	}
	return Mobile(field, text)
}

var (
	// landline is area code, number, and an extension behind a dash, 转 or 分机.
	landline    = regexp.MustCompile(`^(?:\+86|0086)?-?(0(?:10|2\d|[3-9]\d\d))-?([1-9]\d{6,7})(?:(?:-|转|分机)-?(\d{1,5}))?$`)
	serviceLine = regexp.MustCompile(`^[48]00\d{7}$`)
)

// dialled is compact with the dashes kept, brackets and colons counting as such:
// they part area code, number and extension.
func dialled(text string) string {
	dashed := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Pd, r) || strings.ContainsRune("():", r) {
			return '|'
		}
		return r
	}, width.Narrow.String(text))
	return strings.Trim(strings.ReplaceAll(compact(dashed), "|", "-"), "-")
}

// withoutCountry takes +86 or 0086 off, and a bare 86 before a mobile number.
func withoutCountry(phone string) string {
	for _, prefix := range []string{"+86", "0086", "86"} {
		rest, found := strings.CutPrefix(phone, prefix)
		if found && (prefix != "86" || isMobile(rest)) {
			return rest
		}
	}
	return phone
}

func isMobile(phone string) bool {
	return len(phone) == 11 && isDigits(phone) && phone[0] == '1' && phone[1] >= '3'
}
