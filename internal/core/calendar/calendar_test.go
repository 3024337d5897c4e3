package calendar

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/kit/fault"
	"linli/internal/kit/i18n"
)

// at reads "2025-09-26 9:05" as Beijing time.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	moment, err := time.ParseInLocation("2006-01-02 15:04", text, Zone())
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

func day(t *testing.T, text string) Day {
	t.Helper()
	var d Day
	if err := d.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestWorkdays(t *testing.T) {
	tests := []struct {
		day     string
		works   bool
		holiday string
	}{
		{"2022-12-31", false, "元旦"}, // a Saturday, but announced with 2023
		{"2023-01-02", false, "元旦"},
		{"2023-01-28", true, ""}, // make-up Saturday after Spring Festival
		{"2023-06-23", false, "端午节"},
		{"2023-06-25", true, ""},
		{"2023-10-08", true, ""},
		{"2023-10-14", false, ""}, // a plain Saturday
		{"2024-02-04", true, ""},
		{"2024-02-18", true, ""},
		{"2024-09-14", true, ""},
		{"2024-09-17", false, "中秋节"},
		{"2024-12-31", true, ""},
		{"2025-01-26", true, ""},
		{"2025-01-28", false, "春节"},
		{"2025-10-08", false, "国庆节、中秋节"},
		{"2025-10-09", true, ""},
		{"2025-10-11", true, ""},
		{"2026-01-04", true, ""},
		{"2026-02-14", true, ""},
		{"2026-09-20", true, ""},
		{"2026-09-25", false, "中秋节"},
		{"2027-01-01", true, ""}, // not announced: an ordinary Friday
		{"2027-01-02", false, ""},
	}
	for _, tt := range tests {
		d := day(t, tt.day)
		if got := IsWorkday(d); got != tt.works {
			t.Errorf("IsWorkday(%s) = %v", tt.day, got)
		}
		if got := Holiday(d); got != tt.holiday {
			t.Errorf("Holiday(%s) = %q, want %q", tt.day, got, tt.holiday)
		}
	}
}

// The number of working days of a whole year is fixed by its announcement.
func TestWorkdaysOfYears(t *testing.T) {
	for year, want := range map[int]int{2023: 249, 2024: 251, 2025: 248, 2026: 248} {
		if got := WorkdaysBetween(Day{year - 1, 12, 31}, Day{year, 12, 31}); got != want {
			t.Errorf("%d has %d working days, want %d", year, got, want)
		}
		if !Known(year) {
			t.Errorf("%d is not known", year)
		}
	}
	if Known(2022) || Known(2027) {
		t.Error("2022 and 2027 are not in the data")
	}
}

func TestAddWorkdays(t *testing.T) {
	tests := []struct {
		from string
		n    int
		last string // the day whose 24:00 is the limit
	}{
		{"2025-09-26 9:00", 1, "2025-09-28"},   // Friday before a make-up Sunday
		{"2025-09-30 17:59", 1, "2025-10-09"},  // eight days off between
		{"2025-09-30 23:59", 5, "2025-10-14"},  // 9 10 11(make-up) 13 14
		{"2025-10-04 12:00", 1, "2025-10-09"},  // asked on a day off
		{"2024-02-09 08:00", 1, "2024-02-18"},  // eve of Spring Festival 2024
		{"2023-09-28 08:00", 10, "2023-10-18"}, // 7 and 8 October are worked, 14 and 15 are not
		{"2026-02-13 10:00", 2, "2026-02-24"},  // 14th is worked, then nine days off
		{"2026-12-31 10:00", 1, "2027-01-01"},  // year not announced
		{"2025-03-03 10:00", 0, "2025-03-03"},
		{"2025-03-03 10:00", -4, "2025-03-03"},
	}
	for _, tt := range tests {
		want := day(t, tt.last).End()
		if got := AddWorkdays(at(t, tt.from), tt.n); !got.Equal(want) {
			t.Errorf("AddWorkdays(%s, %d) = %v, want %v", tt.from, tt.n, got, want)
		}
	}
}

func TestWorkdaysBetweenCountsOverdueDays(t *testing.T) {
	limit, today := day(t, "2025-09-30"), day(t, "2025-10-11")
	if got := WorkdaysBetween(limit, today); got != 3 {
		t.Errorf("days overdue = %d, want 3", got)
	}
	if got := WorkdaysBetween(today, limit); got != -3 {
		t.Errorf("days left = %d, want -3", got)
	}
}

func anyMoment(t *rapid.T) time.Time {
	from := time.Date(2022, 6, 1, 0, 0, 0, 0, time.UTC).Unix()
	to := time.Date(2028, 6, 1, 0, 0, 0, 0, time.UTC).Unix()
	return time.Unix(rapid.Int64Range(from, to).Draw(t, "moment"), 0)
}

func TestAddAndCountAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, n := anyMoment(t), rapid.IntRange(1, 60).Draw(t, "n")
		last := DayOf(AddWorkdays(from, n).Add(-time.Nanosecond))
		if !IsWorkday(last) {
			t.Fatalf("the limit ends on %s, a day off", last)
		}
		if got := WorkdaysBetween(DayOf(from), last); got != n {
			t.Fatalf("counted %d working days, want %d", got, n)
		}
	})
}

func TestDayArithmetic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, n := DayOf(anyMoment(t)), rapid.IntRange(-3000, 3000).Draw(t, "n")
		if later := d.Add(n); later.Sub(d) != n || !later.Valid() || later.Before(d) != (n < 0) {
			t.Fatalf("%s + %d = %s", d, n, later)
		}
		monday := d.WeekStart()
		if monday.Weekday() != time.Monday || d.Sub(monday) < 0 || d.Sub(monday) > 6 {
			t.Fatalf("the week of %s starts on %s", d, monday)
		}
		if d.End().Sub(d.Start()) != 24*time.Hour || DayOf(d.Start()) != d {
			t.Fatalf("%s does not last a day", d)
		}
	})
}

func TestDayOfIsBeijing(t *testing.T) {
	evening := time.Date(2025, 12, 31, 16, 30, 0, 0, time.UTC)
	if got := DayOf(evening); got != (Day{2026, 1, 1}) {
		t.Errorf("16:30 UTC is on %s", got)
	}
	if got := DayOf(evening).Start().UTC().Hour(); got != 16 {
		t.Errorf("the day starts at %d UTC", got)
	}
}

func TestYearsAt(t *testing.T) {
	tests := []struct {
		born, at string
		want     int
	}{
		{"2007-09-26", "2025-09-25", 17},
		{"2007-09-26", "2025-09-26", 18},
		{"2008-02-29", "2026-02-28", 17},
		{"2008-02-29", "2026-03-01", 18},
		{"2025-01-01", "2025-01-01", 0},
	}
	for _, tt := range tests {
		if got := day(t, tt.born).YearsAt(day(t, tt.at)); got != tt.want {
			t.Errorf("born %s, at %s: %d, want %d", tt.born, tt.at, got, tt.want)
		}
	}
}

func TestParseDay(t *testing.T) {
	want := Day{2025, 3, 1}
	for _, text := range []string{
		"2025-03-01", "2025-3-1", "2025/3/1", "2025.03.01", "2025年3月1日", "2025年03月01号", "20250301",
		"　２０２５年３月１日 ", "2025 年 3 月 1 日", "2025-03-01 00:00:00", "2025-03-01T00:00:00", "2025/3/1 0:00",
	} {
		if got, err := ParseDay("born", text); err != nil || got != want {
			t.Errorf("ParseDay(%q) = %s, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", "3/1/2025", "25-03-01", "2025-3", "2025-03/01", "2025-02-29", "2025年13月1日", "2025-00-10", "20250230",
		"0000-01-01", "2025-03-011", "明天", "45717", "2025-03-01 12:30", "2025-03-01; DROP TABLE",
	} {
		_, err := ParseDay("born", text)
		var e *fault.Error
		if !errors.As(err, &e) || e.Kind != fault.KindInvalid || e.Field != "born" {
			t.Errorf("ParseDay(%q): %v", text, err)
		}
	}
}

func TestDayText(t *testing.T) {
	type card struct{ Born, Died Day }
	text, err := json.Marshal(card{Born: Day{1949, 12, 31}})
	if err != nil || string(text) != `{"Born":"1949-12-31","Died":""}` {
		t.Fatalf("%s, %v", text, err)
	}
	var back card
	if err := json.Unmarshal(text, &back); err != nil || back.Born != (Day{1949, 12, 31}) || !back.Died.IsZero() {
		t.Errorf("%+v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"Born":"1949-02-30"}`), &back); err == nil {
		t.Error("30 February was read")
	}
}

func TestSay(t *testing.T) {
	now := at(t, "2025-09-24 16:20") // a Wednesday
	tests := []struct{ when, zh, en string }{
		{"2025-09-24 09:00", "今天 9:00", "Today 9:00"},
		{"2025-09-25 15:05", "明天 15:05", "Tomorrow 15:05"},
		{"2025-09-23 00:00", "昨天 0:00", "Yesterday 0:00"},
		{"2025-09-26 09:00", "周五 9 点", "Fri 9:00"},
		{"2025-09-26 09:30", "周五 9:30", "Fri 9:30"},
		{"2025-09-30 08:00", "周二 8 点", "Tue 8:00"},
		{"2025-10-01 08:00", "10月1日 8:00", "1 Oct 8:00"},
		{"2025-09-22 08:00", "9月22日 8:00", "22 Sep 8:00"},
		{"2026-01-01 08:00", "2026年1月1日 8:00", "1 Jan 2026 8:00"},
	}
	for _, tt := range tests {
		moment := at(t, tt.when).UTC()
		if got := WhenText(i18n.Zh, moment, now.UTC()); got != tt.zh {
			t.Errorf("%s: %q, want %q", tt.when, got, tt.zh)
		}
		if got := WhenText(i18n.En, moment, now.UTC()); got != tt.en {
			t.Errorf("%s: %q, want %q", tt.when, got, tt.en)
		}
	}
}

func TestSayDatesAndSpans(t *testing.T) {
	now := at(t, "2025-09-24 16:20")
	friday, today := at(t, "2025-09-26 09:00"), DayOf(now)
	tests := []struct{ got, want string }{
		{DateText(i18n.Zh, DayOf(friday), today), "9月26日 周五"},
		{DateText(i18n.En, DayOf(friday), today), "Fri 26 Sep"},
		{DateText(i18n.Zh, Day{2024, 9, 26}, today), "2024年9月26日 周四"},
		{DayText(i18n.Zh, today, today), "今天"},
		{SpanText(i18n.Zh, friday, friday.Add(90*time.Minute), now), "周五 9:00 到 10:30"},
		{SpanText(i18n.En, friday, friday.Add(90*time.Minute), now), "Fri 9:00 to 10:30"},
		{SpanText(i18n.Zh, now, friday, now), "今天 16:20 到 周五 9:00"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestBrokenAnnouncementsAreRefused(t *testing.T) {
	for _, text := range []string{"2025", "abc 元旦 2025-01-01", "2025 元旦 2025-13-01", "2025 元旦 2025-01-01..x"} {
		if _, err := readAnnouncements(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}
