package plan

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"linli/internal/core/calendar"
)

// narrow writes the full-width digits, letters and signs of times and numbers as usual:
// ８：００－１２：００. Chinese punctuation stays.
func narrow(text string) string {
	return strings.Map(func(c rune) rune {
		if c >= '０' && c <= '９' || c >= 'Ａ' && c <= 'Ｚ' || c >= 'ａ' && c <= 'ｚ' || strings.ContainsRune("：－．／＋", c) {
			return c - 'Ａ' + 'A'
		}
		return c
	}, text)
}

// What of a time can be wrong. A sentence is understood leniently; a clock that shows 25:00
// would pass for the whole day.
var (
	clockTime = regexp.MustCompile(`(\d+)[:：](\d+)`)
	hourOnly  = regexp.MustCompile(`(\d+)[点时]`)
	hourWords = regexp.MustCompile(`(二十[五六七八九]|[三四五六七八九]十[一二三四五六七八九]?)点`)
	clockSpan = regexp.MustCompile(`(\d+)[:：](\d+)\s*[-–—~～到至]\s*(\d+)[:：](\d+)`)
	fullDay   = regexp.MustCompile(`(\d{4})年(\d+)月(\d+)日`)
	shortDay  = regexp.MustCompile(`(\d+)月(\d+)[日号]`)
	weekday   = regexp.MustCompile(`(?:^|[^每])((?:周|星期|礼拜)[八九十089])`)
)

// leapYear has all days.
const leapYear = "2028"

// impossible finds what no clock or calendar shows in the words for a time; empty when all
// of it may be. Days are written as 2026年3月5日.
func impossible(when string) string {
	for _, m := range clockTime.FindAllStringSubmatch(when, -1) {
		if hour, minute := number(m[1]), number(m[2]); hour > 24 || minute > 59 || hour == 24 && minute > 0 {
			return m[0]
		}
	}
	for _, m := range clockSpan.FindAllStringSubmatch(when, -1) {
		if 60*number(m[1])+number(m[2]) >= 60*number(m[3])+number(m[4]) {
			return m[0]
		}
	}
	for _, m := range hourOnly.FindAllStringSubmatch(when, -1) {
		if number(m[1]) > 24 {
			return m[0]
		}
	}
	for _, m := range fullDay.FindAllStringSubmatch(when, -1) {
		if !isDay(m[1], m[2], m[3]) {
			return m[0]
		}
	}
	for _, m := range shortDay.FindAllStringSubmatch(when, -1) {
		if !isDay(leapYear, m[1], m[2]) {
			return m[0]
		}
	}
	if m := weekday.FindStringSubmatch(when); m != nil {
		return m[1]
	}
	return hourWords.FindString(when)
}

// number is a number of digits; one that is too long is the largest.
func number(digits string) int {
	n, _ := strconv.Atoi(digits) // it has only digits
	return n
}

func isDay(year, month, day string) bool {
	_, err := calendar.ParseDay("", fmt.Sprintf("%s-%s-%s", year, month, day))
	return err == nil
}
