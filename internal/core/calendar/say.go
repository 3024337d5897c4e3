package calendar

import (
	"fmt"
	"strconv"
	"time"

	"linli/internal/kit/i18n"
)

// Clock is the time of day as a page says it: 9:00, never seconds.
func Clock(t time.Time) string {
	hour, minute, _ := t.In(beijing).Clock()
	return fmt.Sprintf("%d:%02d", hour, minute)
}

// DateText is the full date of a page: 9月26日 周五, with the year when it is not
// that of today. In English Fri 26 Sep.
func DateText(lang i18n.Lang, d, today Day) string {
	if lang == i18n.En {
		return weekdayText(lang, d) + " " + monthDay(lang, d, today)
	}
	return monthDay(lang, d, today) + " " + weekdayText(lang, d)
}

// DayText is the day as one would say it today: 昨天, 今天, 明天, then 周五 up to
// six days ahead, and 9月26日 for all others.
func DayText(lang i18n.Lang, d, today Day) string {
	if word, ok := nearDay(lang, d.Sub(today)); ok {
		return word
	}
	if ahead := d.Sub(today); ahead > 0 && ahead < 7 {
		return weekdayText(lang, d)
	}
	return monthDay(lang, d, today)
}

// WhenText is a moment as one would say it now: 今天 9:00, 周五 9 点, 周五 9:30,
// 9月26日 9:00. In English Today 9:00, Fri 9:00, 26 Sep 9:00.
func WhenText(lang i18n.Lang, t, now time.Time) string {
	d, today := DayOf(t), DayOf(now)
	day, local := DayText(lang, d, today), t.In(beijing)
	if ahead := d.Sub(today); lang != i18n.En && local.Minute() == 0 && ahead > 1 && ahead < 7 {
		return day + " " + strconv.Itoa(local.Hour()) + " 点"
	}
	return day + " " + Clock(t)
}

// SpanText is a window of time: 周五 9:00 到 11:00, or with both days when it
// ends on another day.
func SpanText(lang i18n.Lang, from, to, now time.Time) string {
	joint := " 到 "
	if lang == i18n.En {
		joint = " to "
	}
	first, last, today := DayOf(from), DayOf(to), DayOf(now)
	end := Clock(to)
	if last != first {
		end = DayText(lang, last, today) + " " + end
	}
	return DayText(lang, first, today) + " " + Clock(from) + joint + end
}

func nearDay(lang i18n.Lang, ahead int) (string, bool) {
	if ahead < -1 || ahead > 1 {
		return "", false
	}
	if lang == i18n.En {
		return [...]string{"Yesterday", "Today", "Tomorrow"}[ahead+1], true
	}
	return [...]string{"昨天", "今天", "明天"}[ahead+1], true
}

func weekdayText(lang i18n.Lang, d Day) string {
	if lang == i18n.En {
		return d.Weekday().String()[:3]
	}
	return [...]string{"周日", "周一", "周二", "周三", "周四", "周五", "周六"}[d.Weekday()]
}

func monthDay(lang i18n.Lang, d, today Day) string {
	sameYear := d.Year == today.Year
	switch {
	case lang == i18n.En && sameYear:
		return fmt.Sprintf("%d %s", d.Day, d.Month.String()[:3])
	case lang == i18n.En:
		return fmt.Sprintf("%d %s %d", d.Day, d.Month.String()[:3], d.Year)
	case sameYear:
		return fmt.Sprintf("%d月%d日", d.Month, d.Day)
	default:
		return fmt.Sprintf("%d年%d月%d日", d.Year, d.Month, d.Day)
	}
}
