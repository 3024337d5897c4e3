package ui

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"linli/internal/kit/i18n"
)

// zone is the one of the place, Asia/Shanghai when the shell names none. China
// has had no summer time since 1991, so a fixed offset is the zone.
func zone(ctx context.Context) *time.Location {
	if z := ShellOf(ctx).Zone; z != nil {
		return z
	}
	return time.FixedZone("Asia/Shanghai", 8*3600)
}

// layout says a moment in the reader's language and the place's zone.
func layout(ctx context.Context, t time.Time, chinese, english string) string {
	t = t.In(zone(ctx))
	if PrefsOf(ctx).Lang == i18n.En {
		return t.Format(english)
	}
	return t.Format(chinese)
}

func weekday(t time.Time) string {
	return "周" + string([]rune("日一二三四五六")[t.Weekday()])
}

// FullDate is a date of any year: 2025年9月26日.
func FullDate(ctx context.Context, t time.Time) string {
	return layout(ctx, t, "2006年1月2日", "2 January 2006")
}

// Written is a day or a month that stands as in data, 2025-09-26 or 2025-09, as the
// reader writes it: 2025年9月26日, 2025年9月. Anything else stays as it is.
func Written(ctx context.Context, text string) string {
	if t, err := time.ParseInLocation("2006-01-02", text, zone(ctx)); err == nil {
		return FullDate(ctx, t)
	}
	if t, err := time.ParseInLocation("2006-01", text, zone(ctx)); err == nil {
		return layout(ctx, t, "2006年1月", "January 2006")
	}
	return text
}

// WrittenNear is a day of this year that stands as in data, 2025-09-26, as Date writes it.
func WrittenNear(ctx context.Context, text string) string {
	if t, err := time.ParseInLocation("2006-01-02", text, zone(ctx)); err == nil {
		return Date(ctx, t)
	}
	return text
}

// Day is a day that is near: 26日.
func Day(ctx context.Context, t time.Time) string {
	return layout(ctx, t, "2日", "2 Jan")
}

// Clock is a time of day: 9:00.
func Clock(ctx context.Context, t time.Time) string {
	t = t.In(zone(ctx))
	return fmt.Sprintf("%d:%02d", t.Hour(), t.Minute())
}

// Date is a date of this year: 9月26日 周五.
func Date(ctx context.Context, t time.Time) string {
	day := layout(ctx, t, "1月2日", "Mon 2 Jan")
	if PrefsOf(ctx).Lang == i18n.En {
		return day
	}
	return day + " " + weekday(t.In(zone(ctx)))
}

// Moment is a near day and the time: 26日 9:50.
func Moment(ctx context.Context, t time.Time) string {
	return Day(ctx, t) + " " + Clock(ctx, t)
}

// When is a date and the time: 9月26日 周五 9:00.
func When(ctx context.Context, t time.Time) string {
	return Date(ctx, t) + " " + Clock(ctx, t)
}

// Duration says minutes: 48 分钟, 3 小时, 1 小时 20 分钟. A line breaks between hours and
// minutes, not between a number and its unit.
func Duration(ctx context.Context, minutes int64) string {
	count := func(unit string, n int64) string { return strings.ReplaceAll(T(ctx, unit, n), " ", "\u00a0") }
	hours, rest := minutes/60, minutes%60
	switch {
	case hours == 0:
		return count("%d 分钟", rest)
	case rest == 0:
		return count("%d 小时", hours)
	}
	return count("%d 小时", hours) + " " + count("%d 分钟", rest)
}

// Number groups the digits: 5,967.
func Number(n int64) string {
	digits := strconv.FormatInt(n, 10)
	sign := ""
	if n < 0 {
		sign, digits = "-", digits[1:]
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return sign + digits
}

// Percent is a share in whole percent, rounded half up; "—" of nothing.
func Percent(n, of int64) string {
	if of == 0 {
		return "—"
	}
	return strconv.FormatInt((200*n+of)/(2*of), 10) + "%"
}
