package calendar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"linli/internal/kit/fault"
)

// beijing has had no summer time since 1991, so a fixed offset is the whole rule
// and the binary needs no zone files.
var beijing = time.FixedZone("Asia/Shanghai", 8*60*60)

// Zone is Beijing time. All days of Linli are days of this zone.
func Zone() *time.Location { return beijing }

// Day is a day of the civil calendar, without time and zone. The zero Day means
// that the day is not known; Days compare with ==.
type Day struct {
	Year  int
	Month time.Month
	Day   int
}

// DayOf is the day in Beijing that t falls on.
func DayOf(t time.Time) Day {
	y, m, d := t.In(beijing).Date()
	return Day{y, m, d}
}

// IsZero says that the day is not known.
func (d Day) IsZero() bool { return d == Day{} }

// Valid says that the calendar has this day, in the years 1 to 9999.
func (d Day) Valid() bool {
	return d.Year >= 1 && d.Year <= 9999 && dayUTC(d.utc()) == d
}

// Start is the first moment of the day, 00:00.
func (d Day) Start() time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, beijing)
}

// End is the moment at which the day is over, 24:00. It belongs to the next day.
func (d Day) End() time.Time { return d.Add(1).Start() }

// Add is the day n days later, or earlier when n is negative.
func (d Day) Add(n int) Day { return dayUTC(d.utc().AddDate(0, 0, n)) }

// Sub is the number of days from o to d, negative when d comes first.
func (d Day) Sub(o Day) int { return int(d.utc().Sub(o.utc()) / (24 * time.Hour)) }

// Before says that d comes before o.
func (d Day) Before(o Day) bool { return d.utc().Before(o.utc()) }

// Weekday is the day of the week.
func (d Day) Weekday() time.Weekday { return d.utc().Weekday() }

// WeekStart is the Monday of the day's week.
func (d Day) WeekStart() Day { return d.Add(-((int(d.Weekday()) + 6) % 7)) }

// YearsAt is how many full years have passed from d to the given day: the age at
// that day of a person born on d. A person born on 29 February is a year older
// on 1 March of a common year.
func (d Day) YearsAt(at Day) int {
	years := at.Year - d.Year
	if at.Month < d.Month || at.Month == d.Month && at.Day < d.Day {
		years--
	}
	return years
}

// String is the ISO form 2025-03-01; an unknown day is the empty string.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, int(d.Month), d.Day)
}

// MarshalText writes the ISO form.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO form and nothing else; an empty text is the
// unknown day. People's own spellings are for ParseDay.
func (d *Day) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Day{}
		return nil
	}
	t, err := time.Parse(time.DateOnly, string(text))
	if err != nil {
		return fmt.Errorf("not a day: %w", err)
	}
	*d = dayUTC(t)
	return nil
}

// spelling is what people write: four digits of the year, then month and day
// with one and the same kind of separator, or eight digits.
var spelling = regexp.MustCompile(`^(\d{4})(?:(\d\d)(\d\d)|-(\d{1,2})-(\d{1,2})|/(\d{1,2})/(\d{1,2})|\.(\d{1,2})\.(\d{1,2})|年(\d{1,2})月(\d{1,2})[日号]?)$`)

// midnight is the time of day that other programs put behind a date.
var midnight = regexp.MustCompile(`[ T]0{1,2}:00(:00)?$`)

// ParseDay reads a day as people write it: 2025-03-01, 2025/3/1, 2025.3.1,
// 2025年3月1日 or 20250301, full-width digits and spaces included. Spellings
// whose order of day and month would be a guess are refused. An empty text is an
// error: whether a day may be unknown is for the caller to say.
func ParseDay(field, text string) (Day, error) {
	plain := midnight.ReplaceAllString(strings.TrimSpace(width.Narrow.String(text)), "")
	parts := spelling.FindStringSubmatch(strings.Join(strings.Fields(plain), ""))
	if parts == nil {
		return Day{}, fault.Invalid(field, "日期请写成 2025-03-01 这样。")
	}
	var d Day
	d.Year, _ = strconv.Atoi(parts[1])
	month, day := firstPair(parts[2:])
	d.Month, d.Day = time.Month(month), day
	if !d.Valid() {
		return Day{}, fault.Invalid(field, "没有 %d年%d月%d日 这一天。", d.Year, month, day)
	}
	return d, nil
}

// firstPair reads the two groups of the alternative that matched.
func firstPair(groups []string) (month, day int) {
	for i := 0; i < len(groups); i += 2 {
		if groups[i] != "" {
			month, _ = strconv.Atoi(groups[i])
			day, _ = strconv.Atoi(groups[i+1])
			return month, day
		}
	}
	return 0, 0
}

// utc stands for the day in arithmetic, where every day has 24 hours.
func (d Day) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func dayUTC(t time.Time) Day {
	y, m, d := t.Date()
	return Day{y, m, d}
}
